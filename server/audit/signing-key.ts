import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { appendFile, readFile, rm, stat } from 'node:fs/promises';
import { publicKeyOf, rawKey } from '../ledger';
import { createWholeFile, writeWholeFile } from '../platform/whole-file';

/**
 * The keys checkpoints are signed with: Ed25519, PKCS#8 PEM, mode 0600, apart from the database. Beside the key lie
 * `NAME.previous`, while one key follows another and both sign, and `NAME.known`: every public key there ever was, so that
 * checkpoints signed by a key long gone still verify.
 */
export class LogKeys {
  private read: { stamp: string; signers: KeyObject[] } | null = null;

  private constructor(readonly path: string) {}

  /**
   * Makes the key when it is missing; a log signed by an earlier key then no longer verifies, which is what a lost key means.
   *
   * @throws Error when a file is open to group or others, or holds another kind of key
   */
  static async open(path: string): Promise<LogKeys> {
    const keys = new LogKeys(path);
    await createWholeFile(path, newKey());
    for (const key of await keys.signers()) await keys.remember(key);
    return keys;
  }

  /** Private keys that sign now, the current one first. Looks at the files each time, so that a rotation needs no restart. */
  async signers(): Promise<readonly KeyObject[]> {
    const stamp = `${await stampOf(this.path)} ${await stampOf(this.previous)}`;
    if (this.read?.stamp === stamp) return this.read.signers;
    const signers = [await readKey(this.path)];
    if (await exists(this.previous)) signers.push(await readKey(this.previous));
    this.read = {
      stamp,
      signers: signers.filter((key, place) => signers.findIndex((other) => other.equals(key)) === place),
    };
    return this.read.signers;
  }

  /** Public keys whose signatures count: those that sign now and every earlier one. */
  async verifiers(): Promise<readonly KeyObject[]> {
    const signing = (await this.signers()).map((key) => createPublicKey(key));
    const earlier = (await this.known()).filter((key) => !signing.some((other) => other.equals(key)));
    return [...signing, ...earlier];
  }

  /**
   * Begins a new key. From the next checkpoint on both sign, so that whoever knows the old one is led over to the new one.
   *
   * @throws Error while an earlier rotation is not finished
   */
  async rotate(): Promise<void> {
    if (await exists(this.previous))
      throw new Error('The previous rotation is not finished: audit rotate-key --finish.');
    const pem = newKey();
    await this.remember(createPrivateKey(pem));
    await createWholeFile(this.previous, await readFile(this.path));
    await writeWholeFile(this.path, [pem]); // a server beside this signs with one key or with the other
  }

  /** Ends the overlap: the old private key is destroyed, its public half stays known. Answers false when there was none. */
  async finishRotation(): Promise<boolean> {
    if (!(await exists(this.previous))) return false;
    await rm(this.previous);
    return true;
  }

  private get previous(): string {
    return `${this.path}.previous`;
  }

  private async known(): Promise<KeyObject[]> {
    const text = await readFile(`${this.path}.known`, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    });
    return [...text.matchAll(/^ed25519 ([A-Za-z\d+/]{43}=)$/gm)].map(([, key]) =>
      publicKeyOf(Buffer.from(key!, 'base64')),
    );
  }

  private async remember(key: KeyObject): Promise<void> {
    const known = createPublicKey(key);
    if ((await this.known()).some((other) => other.equals(known))) return;
    await appendFile(`${this.path}.known`, `ed25519 ${rawKey(known).toString('base64')}\n`, { mode: 0o600 });
  }
}

function newKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

async function readKey(path: string): Promise<KeyObject> {
  if (process.platform !== 'win32' && ((await stat(path)).mode & 0o077) !== 0) {
    throw new Error(`The log signing key ${path} is open to others: chmod 600 it.`);
  }
  const key = createPrivateKey(await readFile(path, 'utf8'));
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`The log signing key ${path} is not an Ed25519 key.`);
  return key;
}

async function exists(path: string): Promise<boolean> {
  return (await stampOf(path)) !== '-';
}

/** Changes when the file does; '-' when there is none. */
async function stampOf(path: string): Promise<string> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  return found ? `${found.ino}.${found.mtimeMs}` : '-';
}
