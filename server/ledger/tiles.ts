import { HASH_BYTES, nodeOf } from './hashing';
import { Frontier } from './merkle';
import { consistencyRanges, inclusionRanges, type Range } from './proofs';

/** Levels of the tree in a tile (C2SP tlog-tiles). */
export const TILE_HEIGHT = 8;

/** Hashes in a full tile. */
export const TILE_WIDTH = 2 ** TILE_HEIGHT;

/** A tile and how many hashes, or entries, it has. */
export interface TileName {
  level: number;
  index: number;
  width: number;
}

/** Answers at least the first `width` hashes of a tile, one after the other. */
export type ReadTile = (tile: TileName) => Promise<Buffer>;

/** Roots of complete subtrees, by height and index. They stay the same however large the tree gets. */
export interface KnownRoots {
  get(subtree: string): Promise<Buffer> | undefined;
  set(subtree: string, root: Promise<Buffer>): unknown;
}

/** Path of a hash tile: `tile/1/x001/234`, and `….p/5` while it has only 5 hashes. */
export function tilePath({ level, index, width }: TileName): string {
  return `tile/${level}/${numbered(index, width)}`;
}

/** Path of the bundle of entries whose leaf hashes are the level 0 tile of this index. */
export function bundlePath({ index, width }: Omit<TileName, 'level'>): string {
  return `tile/entries/${numbered(index, width)}`;
}

/** Folder of an export that has the shard of this number, which is not the first: that lies in the export itself. */
export function shardFolder(number: number): string {
  return `shard-${number}`;
}

/** Every tile of one level in a tree of this size, the partial one last. */
export function* tilesOfLevel(level: number, size: number): Generator<TileName> {
  const hashes = Math.floor(size / TILE_WIDTH ** level);
  const full = Math.floor(hashes / TILE_WIDTH);
  for (let index = 0; index < full; index += 1) yield { level, index, width: TILE_WIDTH };
  if (hashes % TILE_WIDTH > 0) yield { level, index: full, width: hashes % TILE_WIDTH };
}

/** How many levels of tiles a tree of this size has. */
export function levelsOf(size: number): number {
  let levels = 0;
  while (Math.floor(size / TILE_WIDTH ** levels) > 0) levels += 1;
  return levels;
}

/** Root over hashes that lie one after the other, at most a tile of them. Throws RangeError when there is none. */
export function rootOfHashes(hashes: Buffer): Buffer {
  let row: Buffer[] = [];
  for (let at = 0; at + HASH_BYTES <= hashes.length; at += HASH_BYTES) row.push(hashes.subarray(at, at + HASH_BYTES));
  if (row.length === 0) throw new RangeError('No hashes have no root.');
  while (row.length > 1) {
    const above: Buffer[] = [];
    for (let at = 0; at < row.length; at += 2) above.push(row[at + 1] ? nodeOf(row[at]!, row[at + 1]!) : row[at]!);
    row = above;
  }
  return row[0]!;
}

/**
 * Inclusion proof of a leaf (RFC 9162 section 2.1.3), by reading a few tiles. Throws RangeError when there is no such leaf.
 *
 * @param known of this tree, and noted for the next proof: leaves side by side share most of their paths
 */
export function inclusionProof(index: number, size: number, read: ReadTile, known?: KnownRoots): Promise<Buffer[]> {
  return rootsOf(inclusionRanges(index, size), { size, read, known });
}

/** Consistency proof between two sizes (RFC 9162 section 2.1.4). Throws RangeError when the first is the larger. */
export function consistencyProof(from: number, to: number, read: ReadTile): Promise<Buffer[]> {
  return rootsOf(consistencyRanges(from, to), { size: to, read });
}

/** Root of the tree of this size, which is at least 1, by reading a few tiles. */
export async function rootByTiles(size: number, read: ReadTile): Promise<Buffer> {
  const [root] = await rootsOf([{ start: 0, end: size }], { size, read });
  return root!;
}

/** The right edge of the tree of this size, by reading a few tiles: whoever has it can append. */
export async function frontierByTiles(size: number, read: ReadTile): Promise<Frontier> {
  return Frontier.of(size, await Promise.all(subtreesOf({ start: 0, end: size }, { size, read })));
}

interface Tree {
  size: number;
  read: ReadTile;
  known?: KnownRoots;
}

async function rootsOf(ranges: readonly Range[], tree: Tree): Promise<Buffer[]> {
  const known = new Map<string, Promise<Buffer>>();
  const read: ReadTile = (tile) => {
    const name = `${tile.level} ${tile.index}`;
    const reading = known.get(name) ?? tree.read(tile);
    known.set(name, reading);
    return reading;
  };
  return Promise.all(ranges.map((range) => rootOfRange(range, { ...tree, read })));
}

async function rootOfRange(range: Range, tree: Tree): Promise<Buffer> {
  return (await Promise.all(subtreesOf(range, tree))).reduceRight((right, left) => nodeOf(left, right));
}

/** Such a range is complete subtrees side by side, each half as large as the one before or smaller. */
function subtreesOf({ start, end }: Range, { size, read, known }: Tree): Promise<Buffer>[] {
  const subtrees: Promise<Buffer>[] = [];
  for (let at = start; at < end;) {
    let [count, height] = [1, 0];
    while (at % (count * 2) === 0 && at + count * 2 <= end) [count, height] = [count * 2, height + 1];
    const name = `${height} ${at / count}`;
    const root = known?.get(name) ?? subtree(at / count, height, size, read);
    known?.set(name, root);
    subtrees.push(root);
    at += count;
  }
  return subtrees;
}

/** Root of the complete subtree of 2^height leaves that is the index-th of its kind. */
async function subtree(index: number, height: number, size: number, read: ReadTile): Promise<Buffer> {
  const level = Math.floor(height / TILE_HEIGHT);
  const count = 2 ** (height % TILE_HEIGHT);
  const first = index * count;
  const tile = Math.floor(first / TILE_WIDTH);
  const width = Math.min(TILE_WIDTH, Math.floor(size / TILE_WIDTH ** level) - tile * TILE_WIDTH);
  const hashes = await read({ level, index: tile, width });
  const from = (first % TILE_WIDTH) * HASH_BYTES;
  return rootOfHashes(hashes.subarray(from, from + count * HASH_BYTES));
}

/** 1234067 is x001/x234/067, so that no folder has more than a thousand names. */
function numbered(index: number, width: number): string {
  const groups: string[] = [];
  for (let rest = index; rest > 0 || groups.length === 0; rest = Math.floor(rest / 1000)) {
    groups.unshift(`${groups.length === 0 ? '' : 'x'}${String(rest % 1000).padStart(3, '0')}`);
  }
  return `${groups.join('/')}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}
