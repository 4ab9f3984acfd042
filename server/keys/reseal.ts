import type { EntityManager } from 'typeorm';
import type { Foundation } from '../access/foundation';
import { runIn } from '../crypto/access-scope';
import { DATA_KEY_COLUMNS, insertDataKey, toDataKey, type RawDataKey } from '../database/key-store';
import { sealedEntities } from '../database/sealed-column';
import { systemContext } from '../graphql/context';
import { inParallel } from '../platform/in-parallel';
import { jobActions, type JobRun, type KeyWork } from './key-jobs';
import { KeyWorkError } from './key-work-error';
import { ownedBy, resealRows } from './reseal-rows';

/** Rows re-sealed in one transaction: all of most patients; the staff's sessions take several. */
const ROWS = 500;
/** Owners looked up at a time; also how often an entry says how far the job is. */
const OWNERS = 100;
/** Owners re-sealed at a time: one waits for the disk while another is sealed, and most connections stay with the requests. */
const AT_A_TIME = 3;

/**
 * Keys of search generations are left to `keys reindex`: nothing is sealed under them but the generation's own plan, and
 * tokens made by one key cannot be made by another.
 */
const DUE = `retired_at IS NULL AND purpose <> 'search'
  AND created_at < (SELECT started_at FROM key_job WHERE id = $1) AND ($2::uuid IS NULL OR owner = $2)
  AND owner <> ALL ($3::uuid[])`;

/**
 * Re-sealing: each owner gets a new data key, and every value of theirs is sealed anew under it. An owner is due as long as
 * they have a standing key older than the job, so a job that was killed goes on where it was.
 */
export function resealing(base: Foundation): KeyWork {
  return async (run) => {
    const { detail: patient } = run.job;
    const unopened: string[] = [];
    let done = run.job.done;
    const due = async () => {
      const sql = `SELECT count(DISTINCT owner)::integer AS n FROM data_key WHERE ${DUE}`;
      return (await base.dataSource.query<{ n: number }[]>(sql, [run.job.id, patient, unopened]))[0]!.n;
    };
    const total = done + (await due());
    for (;;) {
      const owners = await base.dataSource.query<{ owner: string }[]>(
        `SELECT DISTINCT owner FROM (SELECT owner FROM data_key WHERE ${DUE} ORDER BY created_at LIMIT $4) oldest`,
        [run.job.id, patient, unopened, OWNERS],
      );
      if (owners.length === 0) break;
      await inParallel(AT_A_TIME, owners, async ({ owner }) => {
        if (!(await resealOwner(base, run, owner))) unopened.push(owner);
        await run.progress((done += 1), Math.max(done, total));
      });
      await base.audit.record({ ...entry(run), fields: [`${owners.length} owners`] });
    }
    if (unopened.length > 0) throw new KeyWorkError(whatIsLeft(unopened));
  };
}

/** False when a value of this owner does not open; then the owner keeps the old key and nothing was written. */
async function resealOwner(base: Foundation, run: JobRun, owner: string): Promise<boolean> {
  try {
    // A context for each owner: what it holds and opens is let go with it.
    while (!(await runIn(systemContext(jobActions.RESEAL), () => resealSome(base, run, owner))));
    return true;
  } catch (error) {
    if (error instanceof Error && ['IntegrityError', 'KeyUnavailableError'].includes(error.name)) return false;
    throw error;
  }
}

/** One transaction of an owner's re-sealing; true when nothing is left under an older key. */
async function resealSome(base: Foundation, { job }: JobRun, owner: string): Promise<boolean> {
  const { dataSource, keyring } = base;
  return dataSource.transaction(async (manager) => {
    const keys = await lockKeys(manager, job.id, owner);
    if (!keys.some(({ due }) => due)) return true; // erased or re-sealed by somebody else in between
    await keyring.useForSealing(async () => keys.map(toDataKey));
    if (!keys.some(({ fresh }) => fresh)) await mintSuccessor(base, manager, job.id, keys);
    let left = ROWS;
    for (const table of sealedEntities().filter((sealed) => ownedBy(sealed, owner))) {
      if (left > 0) left -= await resealRows({ manager, keyring, table, owner, limit: left });
    }
    if (left <= 0) return false;
    await manager.query(
      `UPDATE data_key SET retired_at = clock_timestamp()
       WHERE owner = $1 AND retired_at IS NULL AND created_at < (SELECT started_at FROM key_job WHERE id = $2)`,
      [owner, job.id],
    );
    return true;
  });
}

interface LockedKey extends RawDataKey {
  /** Standing, and older than the job. */
  due: boolean;
  /** Standing, and made by this job. */
  fresh: boolean;
  /** Made later than now, by a clock that was put back since. */
  ahead: boolean;
}

/** All keys of an owner, the newest standing one last. Whoever writes for the owner has them locked, or waits here. */
function lockKeys(manager: EntityManager, jobId: string, owner: string): Promise<LockedKey[]> {
  return manager.query<LockedKey[]>(
    `SELECT ${DATA_KEY_COLUMNS}, retired_at IS NULL AND created_at < j.started_at AS due,
       retired_at IS NULL AND created_at >= j.started_at AS fresh, greatest(created_at, j.started_at) >= now() AS ahead
     FROM data_key, (SELECT started_at FROM key_job WHERE id = $2) j
     WHERE owner = $1 ORDER BY retired_at IS NULL, created_at FOR UPDATE OF data_key`,
    [owner, jobId],
  );
}

/** The key that replaces them: later than each of them and than the job's beginning, also when a clock was put back. */
async function mintSuccessor(
  base: Foundation,
  manager: EntityManager,
  jobId: string,
  keys: LockedKey[],
): Promise<void> {
  const { owner, purpose } = keys[0]!;
  const key = base.keyring.mint(owner, purpose);
  await insertDataKey(manager, key);
  if (!keys.some(({ ahead }) => ahead)) return;
  await manager.query(
    `UPDATE data_key SET created_at = greatest(created_at, j.started_at, o.newest + interval '1 microsecond')
     FROM (SELECT started_at FROM key_job WHERE id = $3) j,
       (SELECT max(created_at) AS newest FROM data_key WHERE owner = $1 AND id <> $2) o
     WHERE id = $2`,
    [owner, key.id.toString(), jobId],
  );
}

function entry({ job }: JobRun) {
  return { action: jobActions.RESEAL, target: { type: 'keyJob', id: job.id } };
}

function whatIsLeft(owners: string[]): string {
  const shown = owners.slice(0, 5).join(', ');
  return `${owners.length} owners hold values that do not open and kept their old keys: ${shown}. See keys verify --open.`;
}
