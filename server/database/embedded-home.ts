import { createHash, randomBytes } from 'node:crypto';
import { chmod, chown, link, lstat, mkdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ExitError, exitCodes, type Say } from '../platform/exit';
import { prepareDataDir } from './data-dir';
import { locateBinaries, reachableBy, SHARED_HOME, systemUser, type PostgresBinaries } from './embedded-binaries';

/** Where the embedded PostgreSQL of one DATA_DIR lives and how it is run. */
export interface EmbeddedHome {
  /** Folder of the cluster and its log; 0700, owned by the user PostgreSQL runs under. */
  folder: string;
  data: string;
  log: string;
  /** Password of its roles, kept in DATA_DIR. */
  password: string;
  binaries: PostgresBinaries;
}

/**
 * Finds or prepares the home of the embedded PostgreSQL. It lies in `DATA_DIR/postgresql`. Only a root install whose
 * DATA_DIR the system user `postgres` cannot enter keeps it under /var/lib/chartseal, with a note in DATA_DIR.
 */
export async function embeddedHome(givenDir: string, say: Say): Promise<EmbeddedHome> {
  const dataDir = resolve(givenDir);
  await prepareDataDir(dataDir, { embedded: true });
  const inside = join(dataDir, 'postgresql');
  const owner = await ownerOf(inside);
  const binaries = await locateBinaries(owner);
  const folder =
    owner !== null || binaries.user === null || (await reachableBy(binaries.user, inside))
      ? inside
      : await outside(dataDir, say);
  await ownFolder(folder, binaries.user);
  const password = await keptPassword(join(dataDir, 'postgresql.password'));
  return { folder, data: join(folder, 'data'), log: join(folder, 'postgresql.log'), password, binaries };
}

/** As root: the ordinary user whose cluster already lies there, so that it stays theirs. */
async function ownerOf(folder: string): Promise<{ uid: number; gid: number } | null> {
  if (process.getuid?.() !== 0) return null;
  const found = await lstat(join(folder, 'data')).catch(() => null);
  return found === null || found.uid === 0 ? null : systemUser(found);
}

async function outside(dataDir: string, say: Say): Promise<string> {
  const name = createHash('sha256')
    .update(await realpath(dataDir))
    .digest('hex')
    .slice(0, 16);
  const folder = join(SHARED_HOME, name);
  const note = join(dataDir, 'postgresql.where');
  await mkdir(SHARED_HOME, { recursive: true, mode: 0o755 });
  if ((await exists(folder)) && !(await exists(note))) {
    const aside = `${folder}.${Date.now()}`;
    await rename(folder, aside);
    say(`An older database of a DATA_DIR that is gone was moved aside: ${aside}`);
  }
  await writeFile(note, `${folder}\nPostgreSQL's system user cannot enter this folder, so the database lies there.\n`);
  return folder;
}

async function ownFolder(folder: string, user: PostgresBinaries['user']): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    if (user !== null) await chown(folder, user.uid, user.gid);
    await chmod(folder, 0o700);
  } catch (error) {
    throw new ExitError(
      `The database folder ${folder} belongs to somebody else: ${codeOf(error)}.`,
      exitCodes.database,
    );
  }
}

/** Reads the password, or makes one; of several processes starting at once one wins, and all read the winner's. */
async function keptPassword(path: string): Promise<string> {
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    if (!(await exists(path))) {
      await writeFile(draft, randomBytes(24).toString('base64url'), { mode: 0o600 });
      await link(draft, path).catch((error: unknown) => {
        if (codeOf(error) !== 'EEXIST') throw error;
      });
      await rm(draft);
    }
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    throw new ExitError(`The database password ${path} cannot be read: ${codeOf(error)}.`, exitCodes.database);
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
