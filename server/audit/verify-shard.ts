import type { Pool } from 'pg';
import { onConnection } from '../database/on-connection';
import { demandGoesOn, Fault, type KnownCheckpoints, type LogWalk } from '../ledger';
import { readEntries, type StoredEntry } from './entry-pages';
import type { ClosedShard, OpenShard } from './shards';
import { extendSubtrees, SubtreeComparison, tilesIn } from './subtrees';
import { EntryVerifier } from './verify-entry';

/** How fast a verification goes. */
export interface Pace {
  /** Entries read in one statement. */
  atOnce: number;
  /** Waited for between two of them. What it throws ends the verification. */
  between: () => Promise<void>;
}

/** As fast as can be: enough at once that asking for them costs nothing, few enough that no snapshot is kept for long. */
export const FULL_SPEED: Pace = { atOnce: 8_192, between: () => Promise.resolve() };

export interface ShardToVerify {
  shard: ClosedShard | OpenShard;
  /** The shard's own, in and outside the database. */
  checkpoints: KnownCheckpoints;
  pace: Pace;
  onProgress?: (done: number, total: number) => void;
}

/**
 * Recomputes one shard from where the walk stands: every leaf, link and the root; against its head, its checkpoints, the
 * columns derived from the bytes, and the times. Faults count entries from the first of the shard.
 */
export async function verifyShard(pool: Pool, walk: LogWalk, { shard, ...options }: ShardToVerify): Promise<void> {
  const { checkpoints } = options;
  const from = walk.tree.size;
  if (from > 0 && shard.size >= from) {
    await extendSubtrees(pool, shard, shard.size);
    const before = { size: from, root: walk.tree.root() };
    await demandGoesOn(before, checkpoints.newest(shard.size), tilesIn(pool, shard));
  }
  const subtrees = new SubtreeComparison(pool, shard, walk);
  try {
    checkpoints.check(walk.tree);
    await verifyRanges(pool, walk, { shard, ...options }, subtrees);
  } catch (error) {
    throw checkpoints.earliest(error);
  }
  checkpoints.demandAllMet(shard.size);
  checkHead(walk, shard);
  await subtrees.compare();
  await extendSubtrees(pool, shard, walk.tree.size); // so that no proof has much to catch up with
}

async function verifyRanges(
  pool: Pool,
  walk: LogWalk,
  { shard: { first, size }, checkpoints, pace, onProgress }: ShardToVerify,
  subtrees: SubtreeComparison,
): Promise<void> {
  const { tree } = walk;
  const verifier = new EntryVerifier(walk, first);
  const take = (entry: StoredEntry) => {
    verifier.take(entry);
    checkpoints.check(tree);
  };
  while (tree.size < size) {
    const to = Math.min(tree.size + pace.atOnce, size);
    // lent for this range only: what rests needs none
    const taken = await onConnection(pool, (client) => readEntries(client, first + tree.size, first + to, take));
    if (taken === 0)
      throw new Fault('TRUNCATED', tree.size, `the head names ${size} entries, the log has ${tree.size}`);
    await subtrees.compareSome();
    onProgress?.(first + tree.size, first + size);
    if (tree.size < size) await pace.between();
  }
}

function checkHead({ tree, state }: LogWalk, shard: ClosedShard | OpenShard): void {
  const { first, size, root, chain } = shard;
  if (size < tree.size)
    throw new Fault('TRUNCATED', size, `${tree.size} entries had verified before, the head names ${size}`);
  if ('last' in shard && shard.last !== null && shard.last >= first + tree.size)
    throw new Fault('TAMPERED', tree.size, 'there are entries beyond the head');
  const sameFrontier =
    !('frontier' in shard) || Buffer.concat([...shard.frontier]).equals(Buffer.concat([...tree.nodes]));
  if (root.equals(tree.root()) && chain.equals(state.chain) && sameFrontier) return;
  throw new Fault('TAMPERED', tree.size, 'the head is not the root of these entries');
}
