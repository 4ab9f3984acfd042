import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  bundled,
  bundlePath,
  Fault,
  frontierByTiles,
  HASH_BYTES,
  levelsOf,
  rootOfHashes,
  TILE_WIDTH,
  tilePath,
  tilesOfLevel,
  type Frontier,
  type ReadTile,
  type TileName,
} from '../ledger';

/** Files written before the disk is asked to keep them: one by one, most of an export would be waiting for it. */
const FILES_AT_ONCE = 256;
/** Files the disk is asked for at the same time. */
const HANDS = 16;

/**
 * Writes the tiles of a log into a directory as C2SP tlog-tiles lays them out. It goes on from a directory that has fewer
 * entries: full tiles are never written again, the partial ones at its edge grow.
 */
export class TileWriter {
  private readonly rows: Buffer[][] = [];
  private bundle: Buffer[] = [];
  private written: string[] = [];

  private constructor(
    private readonly path: string,
    readonly from: number,
    private size: number,
  ) {}

  /** Goes on from the tiles of this size. Throws Fault when they are not all there. */
  static async open(path: string, size: number): Promise<{ writer: TileWriter; frontier: Frontier }> {
    const writer = new TileWriter(path, size, size);
    for (let level = 0; level < levelsOf(size); level += 1) writer.rows[level] = await writer.edgeOf(level);
    const width = size % TILE_WIDTH;
    if (width > 0)
      writer.bundle = [await writer.read(bundlePath({ index: Math.floor(size / TILE_WIDTH), width }), size)];
    return { writer, frontier: await frontierByTiles(size, writer.tile) };
  }

  /** Takes the next entry. Throws Fault when a full tile lies there already and is another one. */
  async append(entry: Buffer, leaf: Buffer): Promise<void> {
    this.bundle.push(bundled(entry));
    await this.push(0, leaf, this.size);
    this.size += 1;
  }

  /** Writes the partial tiles at the edge and waits until the disk has everything. */
  async finish(): Promise<void> {
    for (let level = 0; level < levelsOf(this.size); level += 1) {
      const tile = [...tilesOfLevel(level, this.size)].at(-1)!;
      if (tile.width < TILE_WIDTH) await this.write(tilePath(tile), Buffer.concat(this.rows[level] ?? []));
    }
    const width = this.size % TILE_WIDTH;
    const index = Math.floor(this.size / TILE_WIDTH);
    if (width > 0) await this.write(bundlePath({ index, width }), Buffer.concat(this.bundle));
    await this.keep();
  }

  /** Takes the partial tiles of the earlier size away, once the checkpoint no longer needs them. */
  async removeOutgrown(): Promise<void> {
    for (let level = 0; level < levelsOf(this.from); level += 1) {
      const edge = [...tilesOfLevel(level, this.from)].at(-1)!;
      const now = Math.floor(this.size / TILE_WIDTH ** level);
      const same = Math.floor(now / TILE_WIDTH) === edge.index && now % TILE_WIDTH === edge.width;
      if (edge.width === TILE_WIDTH || same) continue;
      await rm(join(this.path, tilePath(edge)), { force: true });
      if (level === 0) await rm(join(this.path, bundlePath(edge)), { force: true });
    }
  }

  private readonly tile: ReadTile = async (tile) => {
    const hashes = await this.read(tilePath(this.asWritten(tile)), tile.index * TILE_WIDTH ** (tile.level + 1));
    return hashes.subarray(0, tile.width * HASH_BYTES);
  };

  private asWritten({ level, index }: TileName): TileName {
    const width = Math.min(TILE_WIDTH, Math.floor(this.from / TILE_WIDTH ** level) - index * TILE_WIDTH);
    return { level, index, width };
  }

  private async edgeOf(level: number): Promise<Buffer[]> {
    const edge = [...tilesOfLevel(level, this.size)].at(-1)!;
    if (edge.width === TILE_WIDTH) return [];
    const hashes = await this.tile(edge);
    return Array.from({ length: edge.width }, (_, at) => hashes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES));
  }

  private async push(level: number, hash: Buffer, index: number): Promise<void> {
    const row = (this.rows[level] ??= []);
    row.push(hash);
    if (row.length < TILE_WIDTH) return;
    const tile = { level, index: Math.floor(index / TILE_WIDTH), width: TILE_WIDTH };
    const hashes = Buffer.concat(row);
    this.rows[level] = [];
    if (level === 0) {
      await this.write(bundlePath(tile), Buffer.concat(this.bundle));
      this.bundle = [];
    }
    await this.write(tilePath(tile), hashes);
    await this.push(level + 1, rootOfHashes(hashes), tile.index);
  }

  private async write(name: string, bytes: Buffer): Promise<void> {
    const path = join(this.path, name);
    await mkdir(dirname(path), { recursive: true });
    await writeOnce(path, bytes);
    this.written.push(path);
    if (this.written.length >= FILES_AT_ONCE) await this.keep();
  }

  private async keep(): Promise<void> {
    const paths = [...this.written, ...new Set(this.written.map((path) => dirname(path)))];
    this.written = [];
    for (let at = 0; at < paths.length; at += HANDS) await Promise.all(paths.slice(at, at + HANDS).map(sync));
  }

  private async read(name: string, at: number): Promise<Buffer> {
    return readFile(join(this.path, name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      throw new Fault('INCOMPLETE', at, `${name} is missing in ${this.path}; export into an empty directory`);
    });
  }
}

/** A tile, once written, stays. One that an interrupted export left must be the same. */
async function writeOnce(path: string, bytes: Buffer): Promise<void> {
  const draft = `${path}.draft`;
  const file = await open(draft, 'w', 0o600);
  await file.writeFile(bytes);
  await file.close();
  await link(draft, path).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
    if (!(await readFile(path)).equals(bytes))
      throw new Fault('TAMPERED', null, `${path} was written before and is another one`);
  });
  await rm(draft);
}

async function sync(path: string): Promise<void> {
  const file = await open(path, 'r');
  await file.sync().catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPERM' && error.code !== 'EISDIR') throw error; // some systems keep folders by themselves
  });
  await file.close();
}
