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
