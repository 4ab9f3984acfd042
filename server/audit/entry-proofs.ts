import { LRUCache } from 'lru-cache';
import type { Pool } from 'pg';
import { ChartsealError } from '../graphql/errors';
import {
  Fault,
  inclusionProof,
  readCheckpoint,
  rootByInclusion,
  type Checkpoint,
  type KnownRoots,
  type ReadTile,
} from '../ledger';
import type { LogProofs } from './proofs';
import { readShards, shardOf, type ClosedShard, type OpenShard, type Shards } from './shards';
import { extendSubtrees, tilesIn } from './subtrees';

/** That an entry is under one of a report's checkpoints (RFC 9162, inclusion proof). */
export interface EntryProof {
  origin: string;
  /** The entry's place in the tree of that origin, from 0. */
  place: number;
  size: number;
  path: Buffer[];
}

/** Tiles kept at hand: 256 hashes each. Rows of a report come in order, so few are read twice. */
const TILES = 256;
/** Roots of subtrees kept at hand, 32 bytes each: what rows next to each other share of their paths. */
const ROOTS = 4_096;

/** What is known of a shard's tree. */
interface Known {
  read: Promise<ReadTile>;
  roots: KnownRoots;
}

/** Proves many entries against the checkpoints of one moment, without reading a tile for each. */
export class EntryProofs {
  private readonly trees = new Map<string, Known>();

  private constructor(
    private readonly pool: Pool,
    private readonly shards: Shards,
    private readonly newest: string | null,
  ) {}

  /** As the log is signed now. */
  static async open(pool: Pool, proofs: LogProofs): Promise<EntryProofs> {
    const newest = await proofs.newestNote(); // before the shards, which then are at least as large
    return new EntryProofs(pool, await readShards(pool), newest);
  }

  /** Entries before this index can be proven; what came since is signed within a second or so. */
  get below(): number {
    const { open } = this.shards;
    const checkpoint = this.newest ? readCheckpoint(this.newest) : null;
    if (open && checkpoint?.origin === open.origin) return open.first + checkpoint.size;
    return open?.first ?? 0;
  }

  /** The signed notes, oldest shard first: of each shard that these entries are in and that still has its entries. */
  notesOf(indexes: readonly number[]): string[] {
    const shards = new Set(indexes.map((index) => shardOf(this.shards, index)));
    const notes = [...shards].map((shard) => (shard ? this.noteOf(shard) : null));
    return [...new Set([...notes, this.newest])].filter((note) => note !== null);
  }

  /**
   * Null for an entry of a dropped shard, or one that is not under a checkpoint yet.
   *
   * Throws INTEGRITY_VIOLATION when what is stored contradicts what was signed: the verifier will say where.
   */
  async prove(index: number, leaf: Buffer): Promise<EntryProof | null> {
    const shard = shardOf(this.shards, index);
    const note = shard && this.noteOf(shard);
    const checkpoint = note ? readCheckpoint(note) : null;
    if (!shard || !checkpoint || checkpoint.origin !== shard.origin) return null;
    const place = index - shard.first;
    const { size, root, origin } = checkpoint;
    if (place >= size) return null;
    const path = await this.path(place, shard, checkpoint);
    if (!path || !rootByInclusion(leaf, place, size, path)?.equals(root))
      throw new ChartsealError('INTEGRITY_VIOLATION', `Entry ${index} of the audit log cannot be proven.`);
    return { origin, place, size, path };
  }

  /** Null where tiles have gaps. */
  private async path(place: number, shard: ClosedShard | OpenShard, checkpoint: Checkpoint): Promise<Buffer[] | null> {
    const { read, roots } = this.treeOf(shard, checkpoint);
    try {
      return await inclusionProof(place, checkpoint.size, await read, roots);
    } catch (error) {
      if (error instanceof Fault) return null;
      throw error;
    }
  }

  private noteOf(shard: ClosedShard | OpenShard): string | null {
    if (!('note' in shard)) return this.newest;
    return shard.dropped ? null : shard.note;
  }

  private treeOf(shard: ClosedShard | OpenShard, { size }: Checkpoint): Known {
    let tree = this.trees.get(shard.origin);
    if (!tree) {
      const read = extendSubtrees(this.pool, shard, size).then(() => keeping(tilesIn(this.pool, shard)));
      tree = { read, roots: new LRUCache<string, Promise<Buffer>>({ max: ROOTS }) };
      this.trees.set(shard.origin, tree);
    }
    return tree;
  }
}

function keeping(read: ReadTile): ReadTile {
  const kept = new LRUCache<string, Promise<Buffer>>({ max: TILES });
  return (tile) => {
    const key = `${tile.level}/${tile.index}/${tile.width}`;
    const known = kept.get(key) ?? read(tile);
    kept.set(key, known);
    return known;
  };
}
