import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { link, open, readFile, stat, unlink } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { WrongRootKeyError } from '../errors';
import { KEY_BYTES } from '../wrap';
import { LocalCustody, type KeyCustody } from './custody';
import { parseRootKey } from './secret';

/** Permission bits of group and others; a key file has none of them. */
const OTHERS = 0o077;
const NOT_IGNORED = 1;

export interface KeyFileOptions {
  /** Make the file when it is missing. Only for a database that holds nothing yet: a new key never opens old data. */
  create: boolean;
  /** Told, once, when the file lies where `git add` would pick it up. */
  warn?: (message: string) => void;
}

/**
 * Custody of a root key in a file of its own: 64 hex digits, mode 0600.
 *
 * @throws WrongRootKeyError when it is missing (and may not be created), malformed, or open to group or others
 */
export async function openKeyFile(path: string, options: KeyFileOptions): Promise<KeyCustody> {
  const file = resolve(path);
  if (options.create) await createKeyFile(file);
  const root = await readKeyFile(file);
  if (options.warn && (await wouldBeCommitted(file))) {
    options.warn(`The root key file ${file} lies in a git work tree and is not ignored: it must never be committed.`);
  }
  return new LocalCustody('key file', root);
}

/** The key in a file, 32 bytes. Throws WrongRootKeyError when it is missing, malformed, or open to group or others. */
export async function readKeyFile(path: string): Promise<Buffer> {
  const file = resolve(path);
  const found = await stat(file).catch(() => null);
  if (!found) throw new WrongRootKeyError(`There is no root key file at ${file}.`);
  if (process.platform !== 'win32' && (found.mode & OTHERS) !== 0) {
    throw new WrongRootKeyError(`The root key file ${file} is open to others: chmod 600 it.`);
  }
  return parseRootKey(await readFile(file, 'utf8'));
}

/** Makes the file whole or not at all, and leaves one that is there alone: written aside, flushed, then linked into place. */
async function createKeyFile(file: string): Promise<void> {
  const aside = `${file}.${randomBytes(6).toString('hex')}`;
  const handle = await open(aside, 'wx', 0o600);
  try {
    await handle.writeFile(`${randomBytes(KEY_BYTES).toString('hex')}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await link(aside, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await unlink(aside);
  }
  const directory = await open(dirname(file), 'r');
  await directory.sync().finally(() => directory.close());
}

/** True when git says so; without git or a work tree there is nothing to be committed to. */
function wouldBeCommitted(file: string): Promise<boolean> {
  return new Promise((answer) => {
    execFile('git', ['-C', dirname(file), 'check-ignore', '-q', basename(file)], (error) =>
      answer(error?.code === NOT_IGNORED),
    );
  });
}
