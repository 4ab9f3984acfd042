import type { KeyObject } from 'node:crypto';
import { openCheckpoint, readCheckpoint, type Checkpoint } from './checkpoint';
import type { Frontier } from './merkle';
import { Fault } from './verdict';

/** A checkpoint and where it was found, in a word for the finding: stored, kept, … */
export interface FoundNote {
  where: string;
  text: string;
}

/** A signed root that is not that of the entries: after how many good ones, and at which size. */
interface Contradiction {
  good: number;
  size: number;
  signed: Buffer;
}

/**
 * The log's checkpoints by size; each is opened and compared when the tree has just that size, so that checking many
 * signatures never holds up other work for long.
 *
 * A contradiction does not end the walk: whether the log's key signed these entries as well, later on, tells a log that was
 * tampered with from one that was forked.
 */
export class KnownCheckpoints {
  private readonly bySize = new Map<number, FoundNote[]>();
  private good: number;
  private contradiction: Contradiction | null = null;

  /** Notes of sizes below `from` are left out: an earlier verification has met them. Throws Fault when one cannot be read. */
  constructor(
    notes: readonly FoundNote[],
    private readonly keys: readonly KeyObject[],
    private readonly origin: string | null,
    from: number,
  ) {
    this.good = from;
    for (const note of notes) {
      const size = Number(note.text.split('\n', 2)[1]);
      if (!Number.isSafeInteger(size)) throw new Fault('TAMPERED', from, `a ${note.where} checkpoint cannot be read`);
      if (size < from) continue;
      const others = this.bySize.get(size);
      if (!others) this.bySize.set(size, [note]);
      else if (others.every(({ text }) => text !== note.text)) others.push(note);
    }
  }

  get any(): boolean {
    return this.bySize.size > 0;
  }

  /** The signed checkpoint of most entries, of those that name no more than these; null when there is none. */
  newest(size: number): Checkpoint | null {
    const sizes = [...this.bySize.keys()].filter((named) => named <= size);
    const note = this.bySize.get(Math.max(...sizes))?.[0];
    return note ? openCheckpoint(note.text, this.keys) : null;
  }

  /** Compares the checkpoints of this size. Throws Fault when the key signed this history and another one. */
  check(tree: Frontier): void {
    const here = this.bySize.get(tree.size);
    if (!here) return;
    const root = tree.root();
    const signed = here.map((note) => this.open(note));
    const other = signed.find((one) => !one.equals(root));
    const agrees = signed.some((one) => one.equals(root));
    if (other) this.contradiction ??= { good: this.good, size: tree.size, signed: other };
    if (this.contradiction && agrees) throw this.forked(this.contradiction);
    if (!this.contradiction) this.good = tree.size;
  }

  /** Throws the contradiction met on the way, then for checkpoints that name more entries than there are. */
  demandAllMet(size: number): void {
    if (this.contradiction) throw this.tampered(this.contradiction);
    for (const [named, notes] of this.bySize) {
      if (named <= size) continue;
      for (const note of notes) this.open(note);
      throw new Fault('TRUNCATED', size, `a signed checkpoint names ${named} entries, the log has ${size}`);
    }
  }

  /** The fault to tell when the walk ends early with another one: a contradiction met before explains more. */
  earliest(fault: unknown): unknown {
    return this.contradiction && !(fault instanceof Fault && fault.word === 'FORKED')
      ? this.tampered(this.contradiction)
      : fault;
  }

  private open({ where, text }: FoundNote): Buffer {
    const checkpoint = openCheckpoint(text, this.keys);
    if (!checkpoint) {
      const named = readCheckpoint(text)?.size ?? this.good;
      throw new Fault(
        'TAMPERED',
        this.good,
        `a ${where} checkpoint of ${named} entries does not carry this log's signature`,
      );
    }
    if (checkpoint.origin !== this.origin)
      throw new Fault('FORKED', this.good, `a ${where} checkpoint is of another log`);
    return checkpoint.root;
  }

  private tampered({ good, size, signed }: Contradiction): Fault {
    const root = signed.toString('base64');
    return new Fault('TAMPERED', good, `entries ${good} to ${size - 1} are not those signed: expected root ${root}`);
  }

  private forked({ good, size, signed }: Contradiction): Fault {
    const root = signed.toString('base64');
    const finding = `this log's key signed two histories: entries ${good} to ${size - 1} had the root ${root} once`;
    return new Fault('FORKED', good, finding);
  }
}
