import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client, DatabaseError } from 'pg';
import { locateBinaries } from '../../server/database/embedded-binaries';
import { migrate } from '../../server/database/migrate';
import { migrations } from '../../server/database/migrations';

/**
 * A real PostgreSQL for tests: one throw-away cluster per Jest worker, found again by the worker's later test files.
 * It is bound to the worker's life by a pipe: when the worker ends, however it ends, the cluster stops and its folder
 * goes.
 */
export interface TestPostgres {
  /** Connection string of the cluster's own database, as superuser. */
  url: string;
  /** Nothing to do for the caller: the cluster ends with the worker. Kept so that suites read symmetrically. */
  stop(): Promise<void>;
}

const noteOf = (pid: number): string => join(tmpdir(), `chartseal-test-postgres-${pid}.url`);
let cluster: Promise<string> | undefined;
let template: Promise<string> | undefined;

/** Starts this worker's cluster, or finds it already running. */
export async function startTestPostgres(): Promise<TestPostgres> {
  cluster ??= runningCluster().then((url) => url ?? startCluster());
  return { url: await cluster, stop: async () => undefined };
}

/** Creates a database with all tables and nothing in them, as migrations leave it; gives its connection string. */
export async function freshDatabase(): Promise<string> {
  template ??= migratedTemplate();
  return createDatabase(await template);
}

/** Creates a database without tables, for tests of first starts and of migrations; gives its connection string. */
export function emptyDatabase(): Promise<string> {
  return createDatabase('template1');
}

async function createDatabase(from: string): Promise<string> {
  const { url } = await startTestPostgres();
  const name = `t_${randomUUID().replaceAll('-', '')}`;
  await query(url, `CREATE DATABASE ${name} TEMPLATE ${from} STRATEGY FILE_COPY`);
  return databaseUrl(url, name);
}

/** Migrating takes a second; copying what was migrated once, a tenth of that. */
async function migratedTemplate(): Promise<string> {
  const { url } = await startTestPostgres();
  const name = 'migrated';
  await query(url, `CREATE DATABASE ${name} STRATEGY FILE_COPY`).catch((error: unknown) => {
    if (!(error instanceof DatabaseError && error.code === ALREADY_THERE)) throw error;
  });
  await migrate(databaseUrl(url, name), migrations);
  return name;
}

/** SQLSTATE duplicate_database: an earlier test file of this worker made it. */
const ALREADY_THERE = '42P04';

function databaseUrl(url: string, name: string): string {
  const database = new URL(url);
  database.pathname = `/${name}`;
  return database.toString();
}

async function runningCluster(): Promise<string | null> {
  try {
    const url = await readFile(noteOf(process.pid), 'utf8');
    await query(url, 'SELECT 1');
    return url;
  } catch {
    return null;
  }
}

/** Runs PostgreSQL until standard input closes, then stops it and removes its folder. */
const KEEPER = `
folder="$1"; note="$2"; shift 2
"$@" </dev/null & server=$!
read -r _ || true
kill -QUIT $server 2>/dev/null; wait $server
rm -rf "$folder" "$note"
`;

async function startCluster(): Promise<string> {
  const { initdb, postgres, user } = await locateBinaries();
  const folder = await mkdtemp(join(tmpdir(), 'chartseal-test-'));
  if (user !== null) await chown(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const password = randomUUID();
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (user !== null) await chown(passwordFile, user.uid, user.gid);
  await promisify(execFile)(
    initdb,
    ['-D', data, '-U', 'postgres', '-A', 'password', '--pwfile', passwordFile, '-E', 'UTF8', '--locale=C.UTF-8', '-N'],
    { ...user, cwd: folder },
  ).catch(async (error: unknown) => {
    await rm(folder, { recursive: true, force: true });
    throw error;
  });

  const port = await freePort();
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    max_connections: 200,
    shared_buffers: '64MB',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const note = noteOf(process.pid);
  const keeper = spawn('/bin/sh', ['-c', KEEPER, 'sh', folder, note, postgres, '-D', data, ...flags], {
    cwd: folder,
    uid: user?.uid,
    gid: user?.gid,
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  keeper.unref();
  if (keeper.stdin !== null && 'unref' in keeper.stdin && typeof keeper.stdin.unref === 'function')
    keeper.stdin.unref();
  const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
  await answering(url);
  await writeFile(note, url, { mode: 0o600 });
  if (user !== null) await chown(note, user.uid, user.gid);
  return url;
}

async function answering(url: string): Promise<void> {
  const giveUp = Date.now() + 30_000;
  for (;;) {
    try {
      return await query(url, 'SELECT 1');
    } catch (error) {
      if (Date.now() > giveUp) throw error;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}

async function query(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
