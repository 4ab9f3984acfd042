import type { DataSource, EntityManager } from 'typeorm';

export type KeyJobKind = 'ROTATE' | 'RESEAL' | 'REINDEX';
export type KeyJobState = 'RUNNING' | 'DONE' | 'FAILED';

/** A job as it is stored. */
export interface KeyJobRow {
  id: string;
  kind: KeyJobKind;
  state: KeyJobState;
  done: number;
  total: number;
  /** RESEAL: the one patient it is for. ROTATE: the new epoch, once it is made. */
  detail: string | null;
  error: string | null;
  startedAt: Date;
  finishedAt: Date | null;
}

const COLUMNS = `id, kind, state, done::float8, total::float8, detail, error,
  started_at AS "startedAt", finished_at AS "finishedAt"`;

export async function insertJob(manager: EntityManager, job: Pick<KeyJobRow, 'id' | 'kind' | 'detail'>): Promise<void> {
  await manager.query("INSERT INTO key_job (id, kind, state, detail) VALUES ($1, $2, 'RUNNING', $3)", [
    job.id,
    job.kind,
    job.detail,
  ]);
}

export async function findJob(dataSource: DataSource, id: string): Promise<KeyJobRow | null> {
  const [job] = await dataSource.query<KeyJobRow[]>(`SELECT ${COLUMNS} FROM key_job WHERE id = $1`, [id]);
  return job ?? null;
}

export async function findRunning(dataSource: DataSource): Promise<KeyJobRow | null> {
  const [job] = await dataSource.query<KeyJobRow[]>(`SELECT ${COLUMNS} FROM key_job WHERE state = 'RUNNING'`);
  return job ?? null;
}

/** The newest job, running or ended. */
export async function findNewest(dataSource: DataSource): Promise<KeyJobRow | null> {
  const sql = `SELECT ${COLUMNS} FROM key_job ORDER BY started_at DESC LIMIT 1`;
  return (await dataSource.query<KeyJobRow[]>(sql))[0] ?? null;
}

export async function saveProgress(dataSource: DataSource, id: string, done: number, total: number): Promise<void> {
  await dataSource.query('UPDATE key_job SET done = $2, total = $3 WHERE id = $1', [id, done, total]);
}

/** Ends a job; with a reason it has failed. */
export async function saveEnd(dataSource: DataSource, id: string, error: string | null): Promise<void> {
  await dataSource.query(
    `UPDATE key_job SET state = CASE WHEN $2::text IS NULL THEN 'DONE' ELSE 'FAILED' END, error = $2, finished_at = now()
     WHERE id = $1`,
    [id, error],
  );
}
