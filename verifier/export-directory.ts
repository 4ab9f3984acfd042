import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  Fault,
  HASH_BYTES,
  bundlePath,
  shardFolder,
  TILE_WIDTH,
  tilePath,
  type ReadTile,
  type TileName,
} from '../server/ledger';

/** Names of files in an export besides its tiles. */
export const files = {
  checkpoint: 'checkpoint',
  checkpoints: 'checkpoints',
  chain: 'chain',
  policy: 'policy',
  dropped: 'dropped',
} as const;

/** An exported log: a directory of C2SP tlog-tiles and what lies beside them. */
export class ExportDirectory {
  constructor(readonly path: string) {}

  /** Where the shard of this number lies; the first lies in the directory itself. */
  shard(number: number): ExportDirectory {
    return new ExportDirectory(join(this.path, shardFolder(number)));
  }

  /** Numbers of shards that lie here, checkpoint and all, above this one. */
  async shardsBeyond(number: number): Promise<number[]> {
    const names = await readdir(this.path).catch(() => []);
    const numbers = names.flatMap((name) => Number(/^shard-([1-9]\d{0,5})$/.exec(name)?.[1] ?? 0) || []);
    const beyond = numbers.filter((other) => other > number).sort((one, other) => one - other);
    const whole = await Promise.all(beyond.map((other) => this.shard(other).text(files.checkpoint)));
    return beyond.filter((_, place) => whole[place] !== null);
  }

  /** A file's text; null when it is not there. */
  async text(name: string): Promise<string | null> {
    return (await this.bytes(name))?.toString('utf8') ?? null;
  }

  /** Entries of a bundle. Throws Fault when the file is not there. */
  async bundle(tile: TileName): Promise<Buffer> {
    return this.demand(tile, bundlePath);
  }

  /** Hashes of a tile, exactly as many as named. Throws Fault when the file is not there, or has another length. */
  readonly tile: ReadTile = async (tile) => {
    const found = await this.demand(tile, tilePath);
    const length = tile.width * HASH_BYTES;
    if (found.length < length || found.length % HASH_BYTES !== 0)
      throw new Fault('INCOMPLETE', firstEntry(tile), `${tilePath(tile)} does not have ${tile.width} hashes`);
    return found.subarray(0, length);
  };

  /** A partial tile may have been replaced by the full one since. */
  private async demand(tile: TileName, pathOf: (tile: TileName) => string): Promise<Buffer> {
    const found = (await this.bytes(pathOf(tile))) ?? (await this.bytes(pathOf({ ...tile, width: TILE_WIDTH })));
    if (!found) throw new Fault('INCOMPLETE', firstEntry(tile), `${pathOf(tile)} is missing`);
    return found;
  }

  private async bytes(name: string): Promise<Buffer | null> {
    return readFile(join(this.path, name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
      throw error;
    });
  }
}

function firstEntry({ level, index }: TileName): number {
  return index * TILE_WIDTH ** (level + 1);
}
