import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, open, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ExitError, exitCodes } from '../platform/exit';
import type { EmbeddedHome } from './embedded-home';

/** The server's own role and database; the role is no superuser. */
export const ROLE = 'chartseal';
const LOG_LIMIT_BYTES = 8 * 1024 * 1024;

/** A PostgreSQL server process and the loopback port it listens on. */
export interface Postmaster {
  pid: number;
  port: number;
}

/**
 * Creates the cluster when there is none. It is built aside and renamed into place, so an interrupted one is never
 * used; of two processes doing so at once, one wins and both go on with the winner's.
 * @returns true when this call created it
 */
export async function ensureCluster(home: EmbeddedHome): Promise<boolean> {
  const version = await readFile(join(home.data, 'PG_VERSION'), 'utf8').catch(() => null);
  if (version !== null) {
    if (version.trim() === home.binaries.major) return false;
    throw new ExitError(
      `The database in ${home.data} was made by PostgreSQL ${version.trim()}; this Chartseal brings ` +
        `${home.binaries.major}. Move it with pg_dump and restore, see docs/operations/backup.md.`,
      exitCodes.database,
    );
  }
  const draft = join(home.folder, `new-${randomBytes(6).toString('hex')}`);
  await initialise(home, draft);
  try {
    await rename(draft, home.data);
    return true;
  } catch {
    await rm(draft, { recursive: true, force: true });
    return false;
  }
}

async function initialise(home: EmbeddedHome, data: string): Promise<void> {
  const { user, initdb } = home.binaries;
  const passwordFile = `${data}.password`;
  await writeFile(passwordFile, home.password, { mode: 0o600 });
  if (user !== null) await chown(passwordFile, user.uid, user.gid);
  const options = ['-D', data, '-U', 'postgres', '-A', 'scram-sha-256', '--pwfile', passwordFile, '-E', 'UTF8'];
  const locale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
  try {
    await promisify(execFile)(initdb, [...options, ...locale], { ...user, cwd: home.folder, env: PLAIN_LANGUAGE });
  } catch (error) {
    await rm(data, { recursive: true, force: true });
    const said = error instanceof Error && 'stderr' in error ? lastLine(String(error.stderr)) : String(error);
    throw new ExitError(`The embedded PostgreSQL could not be initialised: ${said}`, exitCodes.database);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

const PLAIN_LANGUAGE = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/**
 * Messages keep values of rows out of the log: no DETAIL, no statements. Keyed tokens go to random places of their indexes, so
 * after each checkpoint nearly every page is logged whole once more: checkpoints are rare. Compressing those pages would gain
 * nothing, ciphertext does not compress. Statements are short; compiling them (jit) would cost more than it saves, and so would
 * handing their reads to other processes (io_method): most find their page in the operating system's cache. Durability is
 * PostgreSQL's own: fsync, full_page_writes and synchronous_commit stay on.
 */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: sharedBuffers(),
  max_wal_size: '4GB',
  checkpoint_timeout: '15min',
  io_method: 'sync',
  jit: 'off',
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
  log_timezone: 'UTC',
  timezone: 'UTC',
};

/**
 * A quarter of the memory, or of what a container may take; a million patients and their search index fit into 4 GB.
 *
 * @param memory of the machine, in bytes
 * @param limit of a container, in bytes; 0 or undefined where there is none
 */
export function sharedBuffers(memory = totalmem(), limit: number | undefined = process.constrainedMemory()): string {
  const quarter = Math.min(memory, limit || Infinity) / 4 / 2 ** 20;
  return `${Math.round(Math.min(4096, Math.max(128, quarter)))}MB`;
}

/**
 * Starts PostgreSQL in a process group of its own, so that Ctrl-C in a terminal reaches the server only.
 * @returns a live note of whether it has ended again
 */
export async function launch(home: EmbeddedHome, port: number): Promise<{ ended: boolean }> {
  const { user, postgres } = home.binaries;
  await mkdir(home.folder, { recursive: true, mode: 0o700 });
  if ((await stat(home.log).catch(() => ({ size: 0 }))).size > LOG_LIMIT_BYTES) await truncate(home.log);
  const log = await open(home.log, 'a', 0o600);
  try {
    const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const child = spawn(postgres, ['-D', home.data, '-p', String(port), ...settings], {
      ...user,
      cwd: home.folder,
      env: PLAIN_LANGUAGE,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    child.unref();
    const fate = { ended: false };
    for (const end of ['exit', 'error']) child.once(end, () => (fate.ended = true));
    return fate;
  } finally {
    await log.close();
  }
}

/** The server running on this cluster, if any. A pid file left by a dead server is ignored, one of a stranger removed. */
export async function findPostmaster(home: EmbeddedHome): Promise<Postmaster | null> {
  const file = join(home.data, 'postmaster.pid');
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n');
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  if (!(pid > 0) || !isAlive(pid)) return null;
  if (await isPostmasterOf(home, pid)) return port > 0 ? { pid, port } : null;
  await rm(file, { force: true });
  return null;
}

/** Fast shutdown: open transactions are rolled back, everything committed is on disk. Resolves when the process ended. */
export async function stopPostmaster({ pid }: Postmaster, patienceMs = 30_000): Promise<void> {
  if (isAlive(pid)) process.kill(pid, 'SIGINT');
  for (const giveUp = Date.now() + patienceMs; isAlive(pid); await pause(20)) {
    if (Date.now() > giveUp) throw new ExitError(`The embedded PostgreSQL (process ${pid}) does not stop.`);
  }
}

/** The newest complaint in the log, for the one line that tells why the start failed. */
export async function lastComplaint(home: EmbeddedHome): Promise<string> {
  const lines = (await readFile(home.log, 'utf8').catch(() => '')).split('\n');
  return lastLine(lines.filter((line) => /FATAL|PANIC|could not/.test(line)).join('\n')) || `see ${home.log}`;
}

/** Process ids are reused, in containers at once: the process must be PostgreSQL on this very folder. */
async function isPostmasterOf(home: EmbeddedHome, pid: number): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() =>
    promisify(execFile)('ps', ['-p', String(pid), '-o', 'command=']).then(
      ({ stdout }) => stdout,
      () => '',
    ),
  );
  return command.includes('postgres') && command.includes(home.data);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** A TCP port of the loopback that nobody uses at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.trim() ?? '';
}
