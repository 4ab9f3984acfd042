import { Client } from 'pg';
import { openDatabase } from '../../server/database/open';
import { reportAndExit } from '../../server/platform/report';

/**
 * A process that uses the embedded PostgreSQL of a DATA_DIR, for tests that kill it: opens it, adds a row, tells
 * `{how, rows, port}` in one line, and lets go when its standard input closes.
 */
async function main(): Promise<void> {
  const said: string[] = [];
  const database = await openDatabase(
    { databaseUrl: null, ownerDatabaseUrl: null, sealerDatabaseUrl: null, dataDir: process.argv[2] ?? '' },
    (line) => said.push(line),
  );
  const client = new Client({ connectionString: database.urls.owner });
  client.on('error', () => undefined);
  await client.connect();
  // IF NOT EXISTS alone does not bear several at once
  await client.query('SELECT pg_advisory_lock(1)');
  await client.query('CREATE TABLE IF NOT EXISTS start (at timestamptz DEFAULT now())');
  await client.query('SELECT pg_advisory_unlock(1)');
  await client.query('INSERT INTO start DEFAULT VALUES');
  const { rows } = await client.query<{ rows: number }>('SELECT count(*)::int AS rows FROM start');
  const port = Number(new URL(database.urls.owner).port);
  process.stdout.write(`${JSON.stringify({ how: said.join('; '), rows: rows[0]?.rows, port })}\n`);
  for await (const _ of process.stdin);
  await client.end().catch(() => undefined);
  await database.close();
}

main().catch((error: unknown) => reportAndExit(error));
