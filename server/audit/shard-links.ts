import type { KeyObject } from 'node:crypto';
import type { Pool } from 'pg';
import {
  demandFollows,
  droppedTold,
  Fault,
  lossTold,
  noteHashOf,
  openEnd,
  readDropped,
  type LostEntries,
  type ShardsDropped,
} from '../ledger';
import type { ClosedShard, OpenShard, Shards } from './shards';

/** What holds the shards together, and what of it must be told although nothing is wrong. */
export interface Links {
  lost: readonly LostEntries[];
  told: readonly string[];
}

/**
 * Demands that every closed shard ends as its final checkpoint says, that the next begins by naming it, and that dropped ones
 * are a prefix whose dropping the log itself tells of.
 *
 * @param at called with the shard that is looked at: a Fault counts entries from its first
 * @throws Fault TAMPERED or TRUNCATED
 */
export async function demandLinked(
  pool: Pick<Pool, 'query'>,
  { closed, open }: Shards,
  keys: readonly KeyObject[],
  at: (shard: ClosedShard | OpenShard) => void,
): Promise<Links> {
  const shards = [...closed, ...(open ? [open] : [])];
  const lost: LostEntries[] = [];
  const told: string[] = [];
  for (const [place, shard] of shards.entries()) {
    const before = closed[place - 1];
    at(shard);
    demandPlace(shard, place + 1, before);
    if ('note' in shard) demandEnd(shard, keys);
    if (!before || isDropped(shard)) continue;
    const { lost: gone } = demandFollows(await firstEntry(pool, shard), shard.origin, openEnd(before.note, keys), keys);
    lost.push(...gone);
    for (const one of gone)
      told.push(
        lossTold(
          one,
          shards.find(({ origin }) => origin === one.origin),
          shard.first,
        ),
      );
  }
  const dropped = closed.filter(isDropped);
  const droppedLines = dropped.map(({ number, first, size }) => droppedTold(number, first, size));
  const last = dropped.at(-1);
  if (!last) return { lost, told };
  at(last);
  const earlier = (await demandDropTold(pool, last, keys)).lost.filter(
    (one) => !lost.some((other) => sameLoss(one, other)),
  );
  for (const one of earlier) told.push(lossTold(one, findShard(shards, one), null));
  return { lost: [...lost, ...earlier], told: [...droppedLines, ...told] };
}

function findShard(shards: readonly (ClosedShard | OpenShard)[], { origin }: LostEntries) {
  return shards.find((shard) => shard.origin === origin);
}

function sameLoss(one: LostEntries, other: LostEntries): boolean {
  return one.origin === other.origin && one.size === other.size && one.from === other.from;
}

/** The newest statement of the log about dropped shards; null when there is none. It may still wait to be sealed. */
export async function newestDrop(pool: Pick<Pool, 'query'>, keys: readonly KeyObject[]): Promise<ShardsDropped | null> {
  const { rows } = await pool.query<{ entry: Buffer }>(
    `SELECT entry FROM (
       SELECT entry, 1 AS waiting, id AS place FROM audit_pending WHERE action = 'drop-shard'
       UNION ALL SELECT entry, 0, index FROM audit_entry WHERE action = 'drop-shard'
     ) AS told ORDER BY waiting DESC, place DESC`,
  );
  for (const { entry } of rows) {
    const told = readDropped(entry, keys);
    if (told) return told;
  }
  return null;
}

function demandPlace(shard: ClosedShard | OpenShard, number: number, before: ClosedShard | undefined): void {
  const first = before ? before.first + before.size : 0;
  if (shard.number !== number || shard.first !== first)
    throw new Fault('TAMPERED', 0, `shard ${shard.number} does not begin where the one before it ends`);
  if (isDropped(shard) && before && !before.dropped)
    throw new Fault('TAMPERED', 0, `shard ${number} is gone, but not the one before it`);
}

function demandEnd({ note, origin, size, root }: ClosedShard, keys: readonly KeyObject[]): void {
  const { checkpoint } = openEnd(note, keys);
  if (checkpoint.origin !== origin || checkpoint.size !== size || !checkpoint.root.equals(root))
    throw new Fault('TAMPERED', null, 'the shard is not kept as its final checkpoint says');
}

async function firstEntry(pool: Pick<Pool, 'query'>, { first }: ClosedShard | OpenShard): Promise<Buffer> {
  const { rows } = await pool.query<{ entry: Buffer }>('SELECT entry FROM audit_entry WHERE index = $1', [first]);
  if (rows[0]) return rows[0].entry;
  throw new Fault('TRUNCATED', 0, 'the first entry of the shard is gone');
}

/** The statement that this shard and all before it were dropped. Throws Fault when the newest one is about another. */
async function demandDropTold(
  pool: Pick<Pool, 'query'>,
  last: ClosedShard,
  keys: readonly KeyObject[],
): Promise<ShardsDropped> {
  const told = await newestDrop(pool, keys);
  if (told?.dropped.origin === last.origin && told.noteHash === noteHashOf(last.note)) return told;
  throw new Fault('TRUNCATED', 0, `the entries of shard ${last.number} are gone, and the log tells of no dropping`);
}

function isDropped(shard: ClosedShard | OpenShard): boolean {
  return 'dropped' in shard && shard.dropped;
}
