import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';

/**
 * The key checkpoints are signed with: Ed25519, PKCS#8 PEM, mode 0600, apart from the database. Made when missing; a log
 * signed by an earlier key then no longer verifies, which is what a lost key means.
 *
 * @throws Error when the file is open to group or others, or holds another kind of key
 */
export async function openSigningKey(path: string): Promise<KeyObject> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  await writeFile(path, pem, { flag: 'wx', mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  if (process.platform !== 'win32' && ((await stat(path)).mode & 0o077) !== 0) {
    throw new Error(`The log signing key ${path} is open to others: chmod 600 it.`);
  }
  const key = createPrivateKey(await readFile(path, 'utf8'));
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`The log signing key ${path} is not an Ed25519 key.`);
  return key;
}
