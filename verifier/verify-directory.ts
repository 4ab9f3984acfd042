import {
  checkpointTime,
  demandGoesOn,
  entriesOf,
  Fault,
  HASH_BYTES,
  KnownCheckpoints,
  LogWalk,
  notesInFile,
  openCheckpoint,
  quorumAt,
  readNote,
  readPolicy,
  rootOfHashes,
  TILE_WIDTH,
  tilesOfLevel,
  toBuffer,
  toDigest,
  type Checkpoint,
  type FoundNote,
  type Policy,
  type ReadTile,
  type TileName,
  type Verdict,
  type WalkState,
} from '../server/ledger';
import { ExportDirectory, files } from './export-directory';

/** Where an earlier verification of the same log ended. */
export interface Reached extends WalkState {
  /** Number and origin of the shard. */
  shard: number;
  origin: string;
}

export interface DirectoryOptions {
  /** Whom to trust; without one, the policy that lies in the directory, which whoever made it has chosen. */
  policy?: Policy;
  since?: Reached;
  /** How old the newest signature may be, in milliseconds. */
  maxAge?: number;
  now?: Date;
  onProgress?: (done: number, total: number) => void;
}

/** What a verification found, and where the next may go on; `signedAt` and `cosignedAt` are of the newest checkpoint. */
export interface DirectoryReport {
  verdict: Verdict;
  reached: Reached | null;
  signedAt: Date | null;
  cosignedAt: Date | null;
}

interface Walking extends DirectoryReport {
  walk: LogWalk;
}

/**
 * Verifies an exported log with nothing but its files: the newest checkpoint's signature, every entry, leaf, link, tile and
 * the root, every other checkpoint, the times, and, when the policy asks for it, the witnesses. Memory does not grow.
 */
export async function verifyDirectory(path: string, options: DirectoryOptions = {}): Promise<DirectoryReport> {
  const directory = new ExportDirectory(path);
  const walk = options.since ? LogWalk.from(options.since) : LogWalk.fromStart('');
  const state: Walking = {
    walk,
    reached: null,
    signedAt: null,
    cosignedAt: null,
    verdict: verdictOf(walk, null),
  };
  try {
    await verifyInto(state, directory, options);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { ...state, verdict: verdictOf(state.walk, error), reached: null };
  }
  return { ...state, verdict: verdictOf(state.walk, null) };
}

function verdictOf({ tree }: LogWalk, fault: Fault | null): Verdict {
  const size = Math.min(tree.size, fault?.at ?? tree.size);
  return { word: fault?.word ?? 'OK', size, root: tree.root(), at: fault?.at ?? null, finding: fault?.message ?? null };
}

async function verifyInto(state: Walking, directory: ExportDirectory, options: DirectoryOptions): Promise<void> {
  const { since } = options;
  const policy = options.policy ?? (await policyOf(directory));
  const note = await directory.text(files.checkpoint);
  if (note === null) throw new Fault('INCOMPLETE', null, 'the directory has no checkpoint');
  const keys = policy.logs.map(({ key }) => key);
  const newest = openCheckpoint(note, keys);
  if (!newest) throw new Fault('TAMPERED', null, 'the newest checkpoint does not carry the signature of this log');
  if (!policy.logs.some(({ name }) => name === newest.origin) || (since && since.origin !== newest.origin))
    throw new Fault('FORKED', 0, `the directory is of another log, ${newest.origin}`);
  if (!since) state.walk = LogWalk.fromStart(newest.origin);
  const from = since?.tree.size ?? 0;
  if (newest.size < from)
    throw new Fault(
      'TRUNCATED',
      newest.size,
      `${from} entries had verified before, the checkpoint names ${newest.size}`,
    );
  const others = notesInFile((await directory.text(files.checkpoints)) ?? '');
  const notes: FoundNote[] = [note, ...others].map((text) => ({ where: 'exported', text }));
  const checkpoints = new KnownCheckpoints(notes, keys, newest.origin, from);
  if (since) await demandGoesOn({ size: from, root: since.tree.root() }, newest, tilesAt(directory, newest.size));
  try {
    checkpoints.check(state.walk.tree);
    await walkTiles(state, directory, newest.size, checkpoints, options);
  } catch (error) {
    throw checkpoints.earliest(error);
  }
  checkpoints.demandAllMet(newest.size);
  await checkChain(state.walk, directory);
  state.reached = { ...state.walk.state, shard: 1, origin: newest.origin };
  checkAge(state, note, newest, policy, options);
}

async function policyOf(directory: ExportDirectory): Promise<Policy> {
  const text = await directory.text(files.policy);
  if (text === null)
    throw new Fault('INCOMPLETE', null, 'the directory has no policy, so it is not known whose log it is');
  try {
    return readPolicy(text);
  } catch (error) {
    throw new Fault('INCOMPLETE', null, error instanceof Error ? error.message : String(error));
  }
}

async function walkTiles(
  { walk }: Walking,
  directory: ExportDirectory,
  size: number,
  checkpoints: KnownCheckpoints,
  { onProgress }: DirectoryOptions,
): Promise<void> {
  const upper = new UpperTiles(tilesAt(directory, size));
  const first = Math.floor(walk.tree.size / TILE_WIDTH);
  for (const tile of tilesOfLevel(0, size)) {
    if (tile.index < first || (tile.index === first && walk.tree.size >= size)) continue;
    const [bundle, hashes] = await Promise.all([directory.bundle(tile), directory.tile(tile)]);
    takeBundle(walk, tile, bundle, hashes, checkpoints);
    if (tile.width === TILE_WIDTH) await upper.demand(1, tile.index, hashes);
    onProgress?.(walk.tree.size, size);
  }
}

/** Takes the entries of a bundle that were not taken yet; each must be the one the tile has the hash of. */
function takeBundle(
  walk: LogWalk,
  { index, width }: TileName,
  bundle: Buffer,
  hashes: Buffer,
  checkpoints: KnownCheckpoints,
): void {
  const start = index * TILE_WIDTH;
  const places = entriesOf(bundle);
  if (!places || places.length < width)
    throw new Fault(
      'TAMPERED',
      Math.max(start, walk.tree.size),
      `the bundle of entries ${start} and after cannot be read`,
    );
  for (let at = walk.tree.size - start; at < width; at += 1) {
    const place = places[at]!;
    walk.take(bundle, place.start, place.end, (entry, leaf) => {
      const found = toDigest(hashes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES));
      if (leaf === found) return;
      const [expected, told] = [leaf, found].map((digest) => toBuffer(digest).toString('hex'));
      throw new Fault('TAMPERED', entry, `leaf hash: expected ${expected}, found ${told}`);
    });
    checkpoints.check(walk.tree);
  }
}

/** Tiles as they are named in a directory of this size, whatever smaller size they are wanted for. */
function tilesAt(directory: ExportDirectory, size: number): ReadTile {
  return ({ level, index }) => {
    const width = Math.min(TILE_WIDTH, Math.floor(size / TILE_WIDTH ** level) - index * TILE_WIDTH);
    return directory.tile({ level, index, width });
  };
}

/** Tiles above level 0: each hash must be the root of the tile below it. */
class UpperTiles {
  private readonly latest = new Map<number, { index: number; hashes: Buffer }>();

  constructor(private readonly tiles: ReadTile) {}

  /** Demands that the index-th hash of this level is the root over these hashes, and goes on upwards when its tile is full. */
  async demand(level: number, index: number, below: Buffer): Promise<void> {
    const tile = Math.floor(index / TILE_WIDTH);
    const hashes = await this.read(level, tile);
    const at = (index % TILE_WIDTH) * HASH_BYTES;
    if (!rootOfHashes(below).equals(hashes.subarray(at, at + HASH_BYTES)))
      throw new Fault(
        'TAMPERED',
        index * TILE_WIDTH ** level,
        `tile ${level}/${tile} is not the roots of the tiles below it`,
      );
    if (hashes.length === TILE_WIDTH * HASH_BYTES && index % TILE_WIDTH === TILE_WIDTH - 1)
      await this.demand(level + 1, tile, hashes);
  }

  private async read(level: number, index: number): Promise<Buffer> {
    const known = this.latest.get(level);
    if (known?.index === index) return known.hashes;
    const hashes = await this.tiles({ level, index, width: TILE_WIDTH });
    this.latest.set(level, { index, hashes });
    return hashes;
  }
}

/** The last link, which the tiles do not have: a line for each size there was a checkpoint of lately. */
async function checkChain(walk: LogWalk, directory: ExportDirectory): Promise<void> {
  const lines = ((await directory.text(files.chain)) ?? '').split('\n');
  const found = lines.find((line) => line.startsWith(`${walk.tree.size} `))?.split(' ')[1];
  if (found === undefined) throw new Fault('INCOMPLETE', null, 'the directory has no last link');
  const expected = toBuffer(walk.chain).toString('hex');
  if (found !== expected)
    throw new Fault('TAMPERED', walk.tree.size, `last link: expected ${expected}, found ${found}`);
}

function checkAge(state: Walking, note: string, newest: Checkpoint, policy: Policy, options: DirectoryOptions): void {
  const { maxAge, now = new Date() } = options;
  state.signedAt = checkpointTime(note, policy.logs.map(({ key }) => key)); // prettier-ignore
  state.cosignedAt = quorumAt(readNote(note)!, policy);
  if (policy.quorum !== null && !state.cosignedAt)
    throw new Fault(
      'INCOMPLETE',
      null,
      `the checkpoint of ${newest.size} entries lacks signatures of witnesses the policy asks for`,
    );
  const time = policy.quorum === null ? state.signedAt : state.cosignedAt;
  if (maxAge === undefined || (time && now.valueOf() - time.valueOf() <= maxAge)) return;
  const told = time ? `was signed at ${time.toISOString()}` : 'does not say when it was signed';
  throw new Fault('STALE', null, `the newest checkpoint, of ${newest.size} entries, ${told}`);
}
