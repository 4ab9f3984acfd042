import type { Pool, PoolClient } from 'pg';
import { demandGoesOn, Fault, type KnownCheckpoints, type LogWalk } from '../ledger';
import { readEntryPage, type EntryPage } from './entry-pages';
import type { ClosedShard, OpenShard } from './shards';
import { extendSubtrees, SubtreeComparison, tilesIn } from './subtrees';
import { verifyEntry } from './verify-entry';
import { checkPlaces, firstMissingPlace, type Place } from './verify-places';

/** How far a verification has come in one shard. */
export interface Walking {
  walk: LogWalk;
  /** How many patients the shard's entries name, each entry counted by itself. */
  places: number;
}

export interface ShardToVerify {
  shard: ClosedShard | OpenShard;
  /** The shard's own, in and outside the database. */
  checkpoints: KnownCheckpoints;
  onProgress?: (done: number, total: number) => void;
}

/** Entries read at a time: a page is verified in some milliseconds, so a server verifies beside its other work. */
const PAGE = 1_000;

/**
 * Recomputes one shard from where the walk stands: every leaf, link and the root; against its head, its checkpoints, the
 * columns derived from the bytes, and the times. Faults count entries from the first of the shard.
 */
export async function verifyShard(pool: Pool, state: Walking, { shard, ...options }: ShardToVerify): Promise<void> {
  const { walk } = state;
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
    await verifyPages(pool, state, { shard, ...options }, subtrees);
  } catch (error) {
    throw checkpoints.earliest(error);
  }
  checkpoints.demandAllMet(shard.size);
  checkHead(walk, shard);
  await subtrees.compare();
  await extendSubtrees(pool, shard, walk.tree.size); // so that no proof has much to catch up with
  if (from === 0) await checkPlaces(pool, shard.first, walk.tree.size, state.places);
}

/** While a page is verified, the next is already on its way, and the one before it is looked for under its patients. */
async function verifyPages(
  pool: Pool,
  state: Walking,
  { shard, checkpoints, onProgress }: ShardToVerify,
  subtrees: SubtreeComparison,
): Promise<void> {
  const { tree } = state.walk;
  const { first, size } = shard;
  const client = await pool.connect();
  const read = (from: number) =>
    from < size ? quiet(readEntryPage(client, first + from, first + Math.min(from + PAGE, size))) : null;
  let next = read(tree.size);
  let found: Promise<void> = Promise.resolve();
  try {
    while (next) {
      const page: EntryPage = await next;
      if (page.entries.length === 0)
        throw new Fault('TRUNCATED', tree.size, `the head names ${size} entries, the log has ${tree.size}`);
      next = read(tree.size + page.entries.length);
      const { places, fault } = verifyPage(page, state, checkpoints, first);
      await found;
      found = quiet(demandPlaces(pool, places, first));
      if (fault) throw fault;
      await subtrees.compareSome();
      onProgress?.(first + tree.size, first + size);
    }
  } finally {
    await release(client, next);
    await found; // an entry not found under its patients is told before what is wrong after it
  }
}

async function release(client: PoolClient, reading: Promise<EntryPage> | null): Promise<void> {
  await reading?.catch(() => undefined);
  client.release();
}

/** A promise nobody may wait for in the end is no unhandled rejection. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

/** Verifies a page as far as it is sound, and answers under which patients its entries must be found. */
function verifyPage(
  page: EntryPage,
  state: Walking,
  checkpoints: KnownCheckpoints,
  first: number,
): { places: Place[]; fault: unknown } {
  const places: Place[] = [];
  let fault: unknown = null;
  try {
    for (const entry of page.entries) {
      const index = first + state.walk.tree.size;
      for (const patient of verifyEntry(page.bytes, entry, state.walk, first)) places.push([patient, index]);
      checkpoints.check(state.walk.tree);
    }
  } catch (error) {
    fault = error;
  }
  state.places += places.length;
  return { places, fault };
}

async function demandPlaces(pool: Pool, places: readonly Place[], first: number): Promise<void> {
  const missing = places.length > 0 ? await firstMissingPlace(pool, places) : null;
  if (missing !== null)
    throw new Fault('TAMPERED', missing - first, `entry ${missing} is not found under a patient it names`);
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
