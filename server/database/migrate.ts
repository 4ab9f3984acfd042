import { Client } from 'pg';
import { ExitError, exitCodes } from '../platform/exit';
import { advisoryLocks } from './advisory-locks';
import { createDataSource } from './data-source';

/**
 * Brings the tables to what this program expects. Safe when several servers start at once: one migrates, the others
 * wait and then find nothing to do. The lock hangs on a connection of its own, so a killed process lets go of it.
 *
 * @param url connection string of the owner of the tables
 * @returns the names of the migrations this call applied
 * @throws ExitError when the database was migrated by a newer program
 */
export async function migrate(url: string, migrations: Function[]): Promise<string[]> {
  const guard = new Client({ connectionString: url, application_name: 'chartseal migrations' });
  guard.on('error', () => undefined);
  await guard.connect();
  try {
    await guard.query('SELECT pg_advisory_lock($1)', [advisoryLocks.migrating]);
    const done = await migrated(guard);
    refuseNewer(done, migrations);
    return migrations.every(({ name }) => done.includes(name)) ? [] : await apply(url, migrations);
  } finally {
    await guard.end();
  }
}

async function apply(url: string, migrations: Function[]): Promise<string[]> {
  const dataSource = createDataSource({ url, poolSize: 1, entities: [], subscribers: [], migrations });
  await dataSource.initialize();
  try {
    await dataSource.query('SET statement_timeout = 0'); // a large hospital's tables take longer than a request may
    return (await dataSource.runMigrations()).map(({ name }) => name);
  } finally {
    await dataSource.destroy();
  }
}

/** Names of the migrations this database has had; none when it is empty. */
async function migrated(guard: Client): Promise<string[]> {
  const { rowCount: begun } = await guard.query("SELECT WHERE to_regclass('schema_migration') IS NOT NULL");
  if (begun === 0) return [];
  const { rows } = await guard.query<{ name: string }>('SELECT name FROM schema_migration ORDER BY name');
  return rows.map(({ name }) => name);
}

/** An older program must not write into tables whose meaning it does not know. */
function refuseNewer(done: string[], migrations: Function[]): void {
  const unknown = done.filter((name) => !migrations.some((migration) => migration.name === name));
  if (unknown.length === 0) return;
  const names = unknown.join(', ');
  throw new ExitError(`The database was migrated by a newer Chartseal (${names}). Start that one.`, exitCodes.database);
}
