import type { Client, Pool } from 'pg';
import { systemContext } from '../graphql/context';
import { droppedFields, noteHashOf, openCheckpoint, type Verdict } from '../ledger';
import type { Clock } from '../platform/clock';
import { ExitError } from '../platform/exit';
import { finish, INSERT_PENDING, pendingValues } from './entry-draft';
import { hashOfAnchors, keepAnchors } from './row-anchors';
import { demandLinked } from './shard-links';
import { readShards, type ClosedShard } from './shards';
import type { LogKeys } from './signing-key';
import { watchedTables } from './verify-rows';
import { pendingWritten } from './wake';

/** What the verifier found in an export: its verdict, and the newest checkpoint of each shard that lies there. */
export interface ExportVerified {
  verdict: Verdict;
  notes: readonly string[];
}

export interface DropDeps {
  pool: Pool;
  keys: LogKeys;
  clock: Clock;
  exported: ExportVerified;
}

/** A shard whose entries are gone from the database. */
export interface Dropped {
  shard: ClosedShard;
  /** How many rows were written last in dropped entries, all drops together. */
  rows: number;
}

/** Entries deleted in one transaction. */
const BATCH = 20_000;

/**
 * Deletes the entries of a closed shard, as owner of the tables. First, in one transaction: what they say last of rows is
 * kept, the shard is marked, and the log says so in an entry. A deletion that was interrupted is gone on with.
 */
export async function dropShard(client: Client, number: number, deps: DropDeps): Promise<Dropped> {
  const shard = await demandDroppable(client, number, deps.exported);
  if (!shard.dropped) await markDropped(client, shard, deps);
  await deleteEntries(client, shard);
  const { count: rows } = await hashOfAnchors(client);
  return { shard, rows };
}

/** The closed shard of this number. Throws ExitError when it may not be dropped. */
export async function demandDroppable(
  client: Pick<Pool, 'query'>,
  number: number,
  { verdict, notes }: ExportVerified,
): Promise<ClosedShard> {
  const { closed } = await readShards(client);
  const shard = closed.find((one) => one.number === number);
  if (!shard) throw new ExitError(`There is no closed shard ${number}.`);
  const before = closed.find((one) => one.number < number && !one.dropped);
  if (before) throw new ExitError(`Shard ${before.number} comes first: only what nothing stands before is dropped.`);
  if (verdict.word !== 'OK')
    throw new ExitError(`The export does not verify: ${verdict.word}, ${verdict.finding ?? ''}.`);
  if (!notes.includes(shard.note))
    throw new ExitError(`The export does not have shard ${number} to its final checkpoint.`);
  return shard;
}

async function markDropped(client: Client, shard: ClosedShard, { pool, keys, clock }: DropDeps): Promise<void> {
  const dropped = openCheckpoint(shard.note, await keys.verifiers());
  if (!dropped) throw new ExitError(`The final checkpoint of shard ${shard.number} is not signed by this log.`);
  const { lost } = await demandLinked(client, await readShards(client), await keys.verifiers(), () => undefined);
  await client.query('BEGIN');
  try {
    const { rowCount } = await client.query(
      'UPDATE audit_shard SET dropped_at = $2 WHERE number = $1 AND dropped_at IS NULL',
      [shard.number, clock.now()],
    );
    if (rowCount !== 1) throw new ExitError(`Shard ${shard.number} is being dropped by somebody else.`);
    await keepAnchors(client, watchedTables.map(({ type }) => type), shard.first + shard.size); // prettier-ignore
    const rows = await hashOfAnchors(client);
    const key = (await keys.signers())[0]!;
    const fields = droppedFields({ dropped, noteHash: noteHashOf(shard.note), rows, lost }, key);
    const draft = { action: 'drop-shard', target: { type: 'shard', id: null }, fields };
    const entry = finish(draft, systemContext('audit drop-shard', 'oversight'), clock);
    await client.query(INSERT_PENDING, pendingValues([entry]));
    await client.query('COMMIT');
    pendingWritten(pool, [entry]);
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function deleteEntries(client: Client, { number, first, size }: ClosedShard): Promise<void> {
  const end = first + size;
  await client.query('DELETE FROM audit_entry_patient WHERE index >= $1 AND index < $2', [first, end]);
  for (let from = first; from < end; from += BATCH)
    await client.query('DELETE FROM audit_entry WHERE index >= $1 AND index < $2', [from, Math.min(from + BATCH, end)]);
  await client.query('DELETE FROM audit_subtree WHERE shard = $1', [number]);
  await client.query('DELETE FROM audit_checkpoint WHERE shard = $1', [number]);
}
