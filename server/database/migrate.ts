import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { ExitError, exitCodes } from '../platform/exit';

/** Advisory lock under which one process at a time migrates; a constant of its own, unlike any other lock's. */
const MIGRATING = 0x43534d31;

/**
 * Brings the tables to what this program expects. Safe when several servers start at once: one migrates, the others
 * wait and then find nothing to do. The lock hangs on a connection of its own, so a killed process lets go of it.
 * @returns the names of the migrations this call applied
 * @throws ExitError when the database was migrated by a newer program
 */
export async function migrate(dataSource: DataSource): Promise<string[]> {
  const { options } = dataSource;
  if (options.type !== 'postgres' || options.url === undefined) throw new Error('Migrations need a PostgreSQL URL.');
  const guard = new Client({ connectionString: options.url, application_name: 'chartseal migrations' });
  guard.on('error', () => undefined);
  await guard.connect();
  try {
    await guard.query('SELECT pg_advisory_lock($1)', [MIGRATING]);
    await refuseNewer(dataSource, guard);
    const applied = await dataSource.runMigrations();
    return applied.map(({ name }) => name);
  } finally {
    await guard.end();
  }
}

/** An older program must not write into tables whose meaning it does not know. */
async function refuseNewer(dataSource: DataSource, guard: Client): Promise<void> {
  const { rowCount: migrated } = await guard.query("SELECT WHERE to_regclass('schema_migration') IS NOT NULL");
  if (migrated === 0) return;
  const known = dataSource.migrations.map((migration) => migration.name ?? migration.constructor.name);
  const { rows } = await guard.query<{ name: string }>(
    'SELECT name FROM schema_migration WHERE name <> ALL($1::text[]) ORDER BY name',
    [known],
  );
  if (rows.length === 0) return;
  const names = rows.map(({ name }) => name).join(', ');
  throw new ExitError(`The database was migrated by a newer Chartseal (${names}). Start that one.`, exitCodes.database);
}
