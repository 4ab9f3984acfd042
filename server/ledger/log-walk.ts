import { parsedFacts } from './entry-facts';
import { timeAt } from './entry-time';
import { EntryValues, values } from './entry-values';
import { chainDigest, chainStart, leafDigest, toBuffer, toDigest, type Digest } from './hashing';
import { Frontier } from './merkle';
import { ClockFault, Fault } from './verdict';

/** Where a verification stands; another may go on from there. */
export interface WalkState {
  chain: Buffer;
  tree: Frontier;
  /** Newest time of an entry so far, milliseconds since 1970. */
  lastTime: number;
}

/** Clocks of several servers differ a little; an entry this much older than one before it is flagged. */
const CLOCK_TOLERANCE_MS = 60_000;

/** The action of a shard's first entry that tells what a restored backup has lost. */
const RESTORED = 'restore-log';

/** Goes through a log from entry to entry and recomputes it: leaf, link, tree, time. Whoever has the bytes can do it. */
export class LogWalk {
  /** Where the values of the entry taken last lie, if it was of the usual form. */
  readonly values = new EntryValues();
  /** Leaf hash of the entry taken last, and the link after it. */
  leaf: Digest = '';
  chain: Digest;
  readonly tree: Frontier;
  /**
   * The first entry that is older than one before it. The walk goes on: a clock set back once must not keep anybody from looking
   * at what comes after.
   */
  clockFault: ClockFault | null = null;
  /** Told the root of each complete subtree of 2^height leaves when the entry that ends it was taken; see `Frontier`. */
  completed?: (height: number, root: Digest) => void;
  /** Time of the entry taken last, milliseconds since 1970. */
  time = 0;
  private lastTime: number;

  private constructor({ chain, tree, lastTime }: WalkState) {
    this.chain = toDigest(chain);
    this.tree = tree.copy();
    this.lastTime = lastTime;
  }

  /** From before the first entry of the log of this name. */
  static fromStart(origin: string): LogWalk {
    return new LogWalk({ chain: chainStart(origin), tree: Frontier.empty(), lastTime: 0 });
  }

  static from(state: WalkState): LogWalk {
    return new LogWalk(state);
  }

  get state(): WalkState {
    return { chain: toBuffer(this.chain), tree: this.tree.copy(), lastTime: this.lastTime };
  }

  /**
   * Takes the next entry, whose bytes lie between these places. Answers whether `values` says where its values are; an entry
   * with escapes in its strings is for `parsedFacts` to read.
   *
   * @param demand compares leaf and link with what is stored; called before the entry counts as taken
   * @throws Fault when it is no entry
   */
  take(
    bytes: Buffer,
    start: number,
    end: number,
    demand: (index: number, leaf: Digest, chain: Digest) => void = () => undefined,
  ): boolean {
    const index = this.tree.size;
    const leaf = leafDigest(bytes, start, end);
    const chain = chainDigest(this.chain, leaf);
    demand(index, leaf, chain);
    const found = this.values.find(bytes, start, end);
    this.time = found
      ? timeAt(bytes, this.values.starts[values.at]!, this.values.ends[values.at]!)
      : parsedTime(bytes.subarray(start, end), index);
    if (Number.isNaN(this.time)) throw notAnEntry(index);
    if (index > 0 || !tellsOfRestore(bytes.subarray(start, end))) this.noteTime(index);
    this.leaf = leaf;
    this.chain = chain;
    this.tree.appendDigest(leaf, this.completed);
    return found;
  }

  private noteTime(index: number): void {
    const { time } = this;
    if (time < this.lastTime - CLOCK_TOLERANCE_MS) this.clockFault ??= new ClockFault(index, time, this.lastTime);
    this.lastTime = Math.max(this.lastTime, time);
  }
}

/**
 * What opens a shard after a backup was restored. Nothing was sealed until somebody told of the loss, so this is younger than the
 * entries that waited for it and come after it.
 */
function tellsOfRestore(entry: Buffer): boolean {
  return parsedFacts(entry).action === RESTORED;
}

function parsedTime(bytes: Buffer, index: number): number {
  try {
    return Date.parse(parsedFacts(bytes).at);
  } catch {
    throw notAnEntry(index);
  }
}

function notAnEntry(index: number): Fault {
  return new Fault('TAMPERED', index, 'the bytes are no entry');
}
