import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Pool } from 'pg';
import { useEmbeddedPostgres } from '../server/database/embedded';

/** Connections of the tables' owner: what the bench lays beside the hospital is no business of the application's role. */
export async function withOwner<T>(dataDir: string, work: (pool: Pool) => Promise<T>): Promise<T> {
  const postgres = await useEmbeddedPostgres(dataDir, () => undefined);
  const pool = new Pool({ connectionString: postgres.urls.owner });
  try {
    return await work(pool);
  } finally {
    await pool.end();
    await postgres.release();
  }
}

/** The same database for its superuser, whom neither grants nor triggers stop. */
export async function superuserUrl(ownerUrl: string, dataDir: string): Promise<URL> {
  const url = new URL(ownerUrl);
  url.username = 'postgres';
  url.password = (await readFile(join(dataDir, 'postgresql.password'), 'utf8')).trim();
  return url;
}
