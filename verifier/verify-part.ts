import {
  demandGoesOn,
  entriesOf,
  Fault,
  HASH_BYTES,
  KnownCheckpoints,
  LogWalk,
  notesInFile,
  openCheckpoint,
  rootOfHashes,
  TILE_WIDTH,
  tilesOfLevel,
  toBuffer,
  toDigest,
  type Checkpoint,
  type FoundNote,
  type ReadTile,
  type TileName,
} from '../server/ledger';
import type { KeyObject } from 'node:crypto';
import { files, type ExportDirectory } from './export-directory';

/** One shard of an export: a tlog-tiles directory of its own. */
export interface Part {
  number: number;
  /** Index of its first entry. */
  first: number;
  directory: ExportDirectory;
  /** Its newest checkpoint, the final one when another shard follows. */
  note: string;
  checkpoint: Checkpoint;
}

/** Reads the newest checkpoint of a directory. Throws Fault when it is missing, or not signed by one of the keys. */
export async function openPart(
  directory: ExportDirectory,
  { number, first }: Pick<Part, 'number' | 'first'>,
  keys: readonly KeyObject[],
): Promise<Part> {
  const note = await directory.text(files.checkpoint);
  if (note === null) throw new Fault('INCOMPLETE', null, 'the directory has no checkpoint');
  const checkpoint = openCheckpoint(note, keys);
  if (checkpoint) return { number, first, directory, note, checkpoint };
  throw new Fault('TAMPERED', null, 'the newest checkpoint does not carry the signature of this log');
}

/** Bytes of the part's first entry. Throws Fault when they are not there. */
export async function firstEntryOf({ directory, checkpoint }: Part): Promise<Buffer> {
  const [tile] = tilesOfLevel(0, checkpoint.size);
  const bundle = tile ? await directory.bundle(tile) : Buffer.alloc(0);
  const [place] = entriesOf(bundle) ?? [];
  if (place) return bundle.subarray(place.start, place.end);
  throw new Fault('TAMPERED', 0, 'the bundle of the first entries cannot be read');
}

/**
 * Verifies a part from where the walk stands: every entry, leaf, link, tile and the root, and every checkpoint that lies
 * beside them. Memory does not grow. Faults count entries from the first of the part.
 */
export async function verifyPart(
  walk: LogWalk,
  { directory, note, checkpoint }: Part,
  keys: readonly KeyObject[],
  onProgress: (done: number) => void,
): Promise<void> {
  const { size, origin } = checkpoint;
  const from = walk.tree.size;
  if (size < from)
    throw new Fault('TRUNCATED', size, `${from} entries had verified before, the checkpoint names ${size}`);
  const others = notesInFile((await directory.text(files.checkpoints)) ?? '');
  const notes: FoundNote[] = [note, ...others].map((text) => ({ where: 'exported', text }));
  const checkpoints = new KnownCheckpoints(notes, keys, origin, from);
  if (from > 0) await demandGoesOn({ size: from, root: walk.tree.root() }, checkpoint, tilesAt(directory, size));
  try {
    checkpoints.check(walk.tree);
    await walkTiles(walk, directory, size, checkpoints, onProgress);
  } catch (error) {
    throw checkpoints.earliest(error);
  }
  checkpoints.demandAllMet(size);
  await checkChain(walk, directory);
}

async function walkTiles(
  walk: LogWalk,
  directory: ExportDirectory,
  size: number,
  checkpoints: KnownCheckpoints,
  onProgress: (done: number) => void,
): Promise<void> {
  const upper = new UpperTiles(tilesAt(directory, size));
  const first = Math.floor(walk.tree.size / TILE_WIDTH);
  for (const tile of tilesOfLevel(0, size)) {
    if (tile.index < first || (tile.index === first && walk.tree.size >= size)) continue;
    const [bundle, hashes] = await Promise.all([directory.bundle(tile), directory.tile(tile)]);
    takeBundle(walk, tile, bundle, hashes, checkpoints);
    if (tile.width === TILE_WIDTH) await upper.demand(1, tile.index, hashes);
    onProgress(walk.tree.size);
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
