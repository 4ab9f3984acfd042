import type { KeyObject } from 'node:crypto';
import type { Pool } from 'pg';
import { Fault, rootByTiles, type Checkpoint, type LostEntries } from '../ledger';
import { ExitError } from '../platform/exit';
import type { Notary } from './notary';
import type { Head } from './seal-entries';
import { demandLinked } from './shard-links';
import { readShards, type Shards } from './shards';
import { extendSubtrees, tilesIn } from './subtrees';

/** The database is older than what its log has signed: a backup was restored. */
export class OlderThanSigned extends ExitError {}

/**
 * Looks at the checkpoints outside the database before the first entry is sealed. A log that was signed with more entries
 * than there are came out of a backup; to seal and sign on top of that would be to sign a second history.
 *
 * @throws OlderThanSigned then; `audit restore-shard` goes on from there
 */
export async function demandNotOlder(client: Pick<Pool, 'query'>, notary: Notary): Promise<void> {
  const signed = largest(await notary.signedLast());
  const shards = await readShards(client);
  if (!shards.open || shards.open.first + shards.open.size === 0) return;
  const beyond = signed.filter((one) => one.size > sizeOf(shards, one.origin));
  if (beyond.length === 0) return;
  const told = await lostBefore(client, shards, await notary.verifiers());
  const [first] = beyond.filter((one) => !isTold(one, told));
  if (!first) return;
  throw new OlderThanSigned(
    `The checkpoint file names ${first.size} entries of ${first.origin}, the database has ${sizeOf(shards, first.origin)}: ` +
      'it was restored from a backup. Entries wait until audit restore-shard was run (docs/operations/backup.md).',
  );
}

/**
 * What is gone, by checkpoints of this log kept elsewhere: entries beyond the open shard's, or that are not those signed, and
 * whole shards that were begun after the backup.
 *
 * @param head which nobody moves meanwhile
 * @throws ExitError when the log has all that these checkpoints name
 */
export async function lostEntries(
  pool: Pool,
  head: Head,
  known: readonly Checkpoint[],
  keys: readonly KeyObject[],
): Promise<LostEntries[]> {
  const shards = await readShards(pool);
  const told = await lostBefore(pool, shards, keys);
  const own = known.filter(({ origin }) => origin === head.origin).sort((one, other) => one.size - other.size);
  const agreed = await agreeingSize(pool, head, own);
  const newest = own.at(-1);
  const lost = newest && newest.size > agreed ? [{ ...newest, from: agreed }] : [];
  const others = largest(known).filter((one) => one.origin !== head.origin && sizeOf(shards, one.origin) === 0);
  const gone = others.filter((one) => !isTold(one, told)).map((one) => ({ ...one, from: 0 }));
  if (lost.length + gone.length > 0) return [...lost, ...gone];
  throw new ExitError('Nothing is lost: the log has every entry that these checkpoints name.');
}

/** All that is there, when every checkpoint within it agrees; else the size of the newest one that does. */
async function agreeingSize(pool: Pool, head: Head, own: readonly Checkpoint[]): Promise<number> {
  const { size } = head.tree;
  const within = own.filter((one) => one.size <= size);
  await extendSubtrees(pool, head, size);
  const read = tilesIn(pool, head);
  const agrees = async ({ size: signed, root }: Checkpoint) => (await rootByTiles(signed, read)).equals(root);
  let [low, high] = [0, within.length]; // those below `low` agree; one that does not is followed by none that does
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (await agrees(within[middle]!)) low = middle + 1;
    else high = middle;
  }
  if (low === within.length) return size;
  return within[low - 1]?.size ?? 0;
}

/** What earlier restores have told of; of a log that is broken, nothing. */
async function lostBefore(
  client: Pick<Pool, 'query'>,
  shards: Shards,
  keys: readonly KeyObject[],
): Promise<readonly LostEntries[]> {
  try {
    return (await demandLinked(client, shards, keys, () => undefined)).lost;
  } catch (error) {
    if (error instanceof Fault) return [];
    throw error;
  }
}

function isTold({ origin, size }: Checkpoint, told: readonly LostEntries[]): boolean {
  return told.some((one) => one.origin === origin && size <= one.size);
}

/** Entries there are of the log of this origin, as far as its shard says. */
function sizeOf({ closed, open }: Shards, origin: string): number {
  return [...closed, ...(open ? [open] : [])].find((one) => one.origin === origin)?.size ?? 0;
}

/** The checkpoint of most entries of each log. */
function largest(known: readonly Checkpoint[]): Checkpoint[] {
  const newest = new Map<string, Checkpoint>();
  for (const one of known) if ((newest.get(one.origin)?.size ?? -1) < one.size) newest.set(one.origin, one);
  return [...newest.values()];
}
