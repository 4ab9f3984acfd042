import { setTimeout as pause } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import type { Foundation } from '../access/foundation';
import { noteAct } from '../audit';
import { newEpoch } from '../crypto/kek';
import { announce } from '../database/key-news';
import { DATA_KEY_COLUMNS, toDataKey, type RawDataKey } from '../database/key-store';
import { foreignKeyViolation } from '../database/postgres-errors';
import { demandOwnRootKey } from '../database/root-key-move';
import { jobActions, type JobRun, type KeyWork } from './key-jobs';
import { KeyWorkError } from './key-work-error';

/** Data keys wrapped anew in one transaction: some ten milliseconds, in which their owners' writers wait. */
const BATCH = 500;
/** Wait for writers that hold the last keys under the old epoch. */
const HELD_MS = 20;

/**
 * Rotation: a new key-encryption key, and every data key wrapped by it anew. No sealed value changes. Runs beside servers
 * that read and write: keys that a writer holds at the moment are left for the next round, and keys that other processes
 * mint under the old epoch meanwhile are swept up by the same loop, until the old epoch has none and goes.
 */
export function rotation(base: Foundation): KeyWork {
  return async (run) => {
    const epoch = Number(run.job.detail ?? (await makeEpoch(base, run)));
    await base.keyring.refreshEpochs();
    let done = run.job.done;
    for (;;) {
      const moved = await rewrapBatch(base, run, epoch);
      done += moved;
      const left = await keysUnderOlder(base, epoch);
      await run.progress(done, done + left);
      if (left === 0 && (await dropOlder(base, run, epoch))) return;
      if (moved === 0) await pause(HELD_MS);
    }
  };
}

/** The new epoch and the note that this job has made it commit together: killed in between, there is no second one. */
async function makeEpoch({ dataSource, custody }: Foundation, { job }: JobRun): Promise<number> {
  const [newest] = await dataSource.query<{ epoch: number }[]>('SELECT max(epoch) AS epoch FROM key_epoch');
  const row = await newEpoch(custody, newest!.epoch + 1);
  await dataSource.transaction(async (manager) => {
    await demandOwnRootKey(manager, custody);
    const values = [row.epoch, row.wrapped, row.kcv];
    await manager.query('INSERT INTO key_epoch (epoch, wrapped, kcv) VALUES ($1, $2, $3)', values);
    await manager.query('UPDATE key_job SET detail = $2 WHERE id = $1', [job.id, String(row.epoch)]);
    await announce(manager, 'epochs');
    noteStep(manager, job.id, `epoch ${row.epoch}`);
  });
  return row.epoch;
}

async function rewrapBatch({ dataSource, keyring }: Foundation, { job }: JobRun, epoch: number): Promise<number> {
  return dataSource.transaction(async (manager) => {
    const rows = await manager.query<RawDataKey[]>(
      `SELECT ${DATA_KEY_COLUMNS} FROM data_key WHERE kek_epoch < $1 ORDER BY kek_epoch LIMIT $2
       FOR NO KEY UPDATE SKIP LOCKED`,
      [epoch, BATCH],
    );
    if (rows.length === 0) return 0;
    const keys = await Promise.all(rows.map((row) => keyring.rewrap(toDataKey(row)).catch(unopened(row))));
    await manager.query(
      `UPDATE data_key k SET kek_epoch = n.epoch, wrapped = n.wrapped
       FROM unnest($1::bigint[], $2::integer[], $3::bytea[]) AS n (id, epoch, wrapped) WHERE k.id = n.id`,
      [keys.map(({ id }) => id.toString()), keys.map(({ kekEpoch }) => kekEpoch), keys.map(({ wrapped }) => wrapped)],
    );
    noteStep(manager, job.id, `${keys.length} keys`);
    return keys.length;
  });
}

async function keysUnderOlder({ dataSource }: Foundation, epoch: number): Promise<number> {
  const sql = 'SELECT count(*)::integer AS n FROM data_key WHERE kek_epoch < $1';
  return (await dataSource.query<{ n: number }[]>(sql, [epoch]))[0]!.n;
}

/** False when a key was stored under an older epoch in this moment; the next round takes it along. */
async function dropOlder({ dataSource }: Foundation, { job }: JobRun, epoch: number): Promise<boolean> {
  try {
    await dataSource.transaction(async (manager) => {
      await manager.query('DELETE FROM key_epoch WHERE epoch < $1', [epoch]);
      await announce(manager, 'epochs');
      noteStep(manager, job.id, 'older epochs destroyed');
    });
    return true;
  } catch (error) {
    if (foreignKeyViolation(error)) return false;
    throw error;
  }
}

function noteStep(manager: EntityManager, jobId: string, step: string): void {
  noteAct(manager, { action: jobActions.ROTATE, target: { type: 'keyJob', id: jobId }, fields: [step] });
}

function unopened({ id }: RawDataKey): (error: unknown) => never {
  return (error) => {
    if (error instanceof Error && error.name === 'EpochUnavailableError') throw error;
    throw new KeyWorkError(`Data key ${id} does not unwrap, so it cannot be wrapped anew: see keys verify.`, {
      cause: error,
    });
  };
}
