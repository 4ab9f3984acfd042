import type { Pool } from 'pg';
import {
  Fault,
  HASH_BYTES,
  levelsOf,
  rootOfHashes,
  TILE_HEIGHT,
  TILE_WIDTH,
  toDigest,
  type Digest,
  type LogWalk,
  type ReadTile,
} from '../ledger';
import { readLeaves } from './entry-pages';
import type { ShardPlace } from './shards';

/** Runs of 256 whose roots are written in one statement. */
const RUNS = 64;

/**
 * Writes the roots of full runs that are not written yet. Several processes may do it at once: a root, once true, stays so.
 * Called before tiles are read, and by the background verifier, so that no proof has much to catch up with.
 *
 * @param size of the shard up to which entries are sealed
 */
export async function extendSubtrees(pool: Pool, shard: ShardPlace, size: number): Promise<void> {
  for (let level = 1; level < levelsOf(size); level += 1) {
    const wanted = Math.floor(size / TILE_WIDTH ** level);
    for (let from = await countOf(pool, shard, level); from < wanted; from += RUNS) {
      const to = Math.min(from + RUNS, wanted);
      const below = await hashes(pool, shard, level - 1, from * TILE_WIDTH, to * TILE_WIDTH);
      const roots = runsOf(below).map(rootOfHashes);
      await pool.query(
        `INSERT INTO audit_subtree (shard, level, index, root) SELECT $4, $1, $2 + place - 1, root
         FROM unnest($3::bytea[]) WITH ORDINALITY AS roots (root, place) ON CONFLICT DO NOTHING`,
        [level, from, roots, shard.number],
      );
    }
  }
}

/** Reads tiles of a shard. Throws Fault when entries or roots are missing. */
export function tilesIn(pool: Pool, shard: ShardPlace): ReadTile {
  return async ({ level, index, width }) => {
    const first = index * TILE_WIDTH;
    const found = await hashes(pool, shard, level, first, first + width);
    if (found.length !== width * HASH_BYTES)
      throw new Fault('INCOMPLETE', first * TILE_WIDTH ** level, `tile ${level}/${index} has gaps`);
    return found;
  };
}

/** Roots that wait to be compared, at most about. */
const COMPARED_AT_ONCE = 4_096;

/** Compares the written roots of a shard with those a walk through its entries comes to. */
export class SubtreeComparison {
  private waiting = new Map<number, Map<number, Digest>>();
  private count = 0;

  constructor(
    private readonly pool: Pool,
    private readonly shard: ShardPlace,
    walk: LogWalk,
  ) {
    walk.completed = (height, root) => {
      if (height % TILE_HEIGHT === 0) this.note(height / TILE_HEIGHT, (walk.tree.size + 1) / 2 ** height - 1, root);
    };
  }

  /** Compares what the walk has come to, once it is enough. Throws Fault when a written root is another. */
  async compareSome(): Promise<void> {
    if (this.count >= COMPARED_AT_ONCE) await this.compare();
  }

  /** Compares the rest. Throws Fault when a written root is another. */
  async compare(): Promise<void> {
    const { waiting } = this;
    this.waiting = new Map();
    this.count = 0;
    for (const [level, roots] of waiting) {
      const places = [...roots.keys()];
      const { rows } = await this.pool.query<{ index: string; root: Buffer }>(
        `SELECT index::text, root FROM audit_subtree
         WHERE shard = $4 AND level = $1 AND index >= $2 AND index <= $3 ORDER BY index`,
        [level, places[0], places.at(-1), this.shard.number],
      );
      const other = rows.find(({ index, root }) => toDigest(root) !== roots.get(Number(index)));
      if (other) throw notTheirs(level, Number(other.index));
    }
  }

  private note(level: number, index: number, root: Digest): void {
    let roots = this.waiting.get(level);
    if (!roots) this.waiting.set(level, (roots = new Map()));
    roots.set(index, root);
    this.count += 1;
  }
}

function notTheirs(level: number, index: number): Fault {
  const span = TILE_WIDTH ** level;
  const entries = `entries ${index * span} to ${(index + 1) * span - 1}`;
  return new Fault('TAMPERED', index * span, `the root kept for ${entries} is not theirs`);
}

async function countOf(pool: Pool, { number }: ShardPlace, level: number): Promise<number> {
  const { rows } = await pool.query<{ n: string }>(
    'SELECT coalesce(max(index) + 1, 0)::text AS n FROM audit_subtree WHERE shard = $2 AND level = $1',
    [level, number],
  );
  return Number(rows[0]?.n);
}

/** Hashes of a level, one after the other. */
async function hashes(
  pool: Pool,
  { number, first }: ShardPlace,
  level: number,
  from: number,
  to: number,
): Promise<Buffer> {
  if (level === 0) return readLeaves(pool, first + from, first + to);
  const { rows } = await pool.query<{ roots: Buffer | null }>(
    `SELECT string_agg(root, ''::bytea ORDER BY index) AS roots FROM audit_subtree
     WHERE shard = $4 AND level = $1 AND index >= $2 AND index < $3`,
    [level, from, to, number],
  );
  return rows[0]?.roots ?? Buffer.alloc(0);
}

function runsOf(bytes: Buffer): Buffer[] {
  const span = TILE_WIDTH * HASH_BYTES;
  return Array.from({ length: Math.floor(bytes.length / span) }, (_, run) =>
    bytes.subarray(run * span, (run + 1) * span),
  );
}
