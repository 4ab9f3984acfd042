import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openKeyFile } from '../../../server/crypto/custody/key-file';
import { custodyFromSecret } from '../../../server/crypto/custody/secret';
import { WrongRootKeyError } from '../../../server/crypto/errors';
import { newEpoch, newIndexRoot, unwrapEpoch, unwrapIndexRoot } from '../../../server/crypto/kek';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custody-'));
  file = join(folder, 'root.key');
});
afterEach(() => rm(folder, { recursive: true }));

describe('A key file', () => {
  test('is made once, for its owner only, and kept', async () => {
    const epoch = await newEpoch(await openKeyFile(file, { create: true }), 1);
    const written = await readFile(file);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(written.toString()).toMatch(/^[0-9a-f]{64}\n$/);
    const again = await openKeyFile(file, { create: true });
    expect(await readFile(file)).toEqual(written);
    expect((await unwrapEpoch(again, epoch)).symmetricKeySize).toBe(32);
    expect(await readdir(folder)).toEqual(['root.key']);
  });

  test('made by several processes at once is one key', async () => {
    const custodies = await Promise.all(Array.from({ length: 8 }, () => openKeyFile(file, { create: true })));
    const epoch = await newEpoch(custodies[0]!, 1);
    for (const custody of custodies) await expect(unwrapEpoch(custody, epoch)).resolves.toBeDefined();
    expect(await readdir(folder)).toEqual(['root.key']);
  });

  test('that is missing is said to be, never replaced', async () => {
    await expect(openKeyFile(file, { create: false })).rejects.toThrow(WrongRootKeyError);
    expect(await readdir(folder)).toEqual([]);
  });

  test.each([0o644, 0o640, 0o604, 0o660])('of mode %o is refused', async (mode) => {
    await openKeyFile(file, { create: true });
    await chmod(file, mode);
    await expect(openKeyFile(file, { create: false })).rejects.toThrow('chmod 600');
  });

  test('that is malformed is refused without being quoted', async () => {
    await writeFile(file, `${'ab'.repeat(31)}zz\n`, { mode: 0o600 });
    const refusal = openKeyFile(file, { create: false });
    await expect(refusal).rejects.toThrow(WrongRootKeyError);
    await expect(refusal).rejects.not.toThrow(/abab/);
  });

  test('in a git work tree is warned about, unless ignored', async () => {
    execFileSync('git', ['init', '-q', folder]);
    const warn = jest.fn();
    await openKeyFile(file, { create: true, warn });
    expect(warn).toHaveBeenCalledTimes(1);
    await mkdir(join(folder, 'var'));
    await writeFile(join(folder, '.gitignore'), 'var/\n');
    await openKeyFile(join(folder, 'var', 'root.key'), { create: true, warn });
    expect(warn).toHaveBeenCalledTimes(1);
  });

  test('outside a work tree is not warned about', async () => {
    const warn = jest.fn();
    await openKeyFile(file, { create: true, warn });
    expect(warn).not.toHaveBeenCalled();
  });
});

describe('A secret', () => {
  const root = randomBytes(32);

  test('in hex, base64 or base64url is the same key', async () => {
    const epoch = await newEpoch(custodyFromSecret(root.toString('hex')), 3);
    for (const written of [
      `${root.toString('base64')}\n`,
      root.toString('base64url'),
      root.toString('hex').toUpperCase(),
    ]) {
      await expect(unwrapEpoch(custodyFromSecret(written), epoch)).resolves.toBeDefined();
    }
  });

  test.each(['', 'password', 'ab'.repeat(31), 'ab'.repeat(33), randomBytes(16).toString('base64')])(
    'of another shape is refused: %j',
    (written) => {
      expect(() => custodyFromSecret(written)).toThrow(WrongRootKeyError);
    },
  );
});

describe('The wrong root key', () => {
  const right = custodyFromSecret(randomBytes(32).toString('hex'));
  const wrong = custodyFromSecret(randomBytes(32).toString('hex'));

  test('opens neither key-encryption keys nor the derivation root', async () => {
    await expect(unwrapEpoch(wrong, await newEpoch(right, 1))).rejects.toThrow(WrongRootKeyError);
    await expect(unwrapIndexRoot(wrong, await newIndexRoot(right))).rejects.toThrow(WrongRootKeyError);
  });

  test('the right one does, and gives the same root every time', async () => {
    const row = await newIndexRoot(right);
    const root = await unwrapIndexRoot(right, row);
    expect(root.length).toBe(32);
    expect(await unwrapIndexRoot(right, row)).toEqual(root);
  });

  test('a wrapped key in another role, epoch or version is refused', async () => {
    const epoch = await newEpoch(right, 1);
    const root = await newIndexRoot(right);
    await expect(unwrapEpoch(right, { ...epoch, epoch: 2 })).rejects.toThrow(WrongRootKeyError);
    await expect(unwrapEpoch(right, { ...root, epoch: 1 })).rejects.toThrow(WrongRootKeyError);
    await expect(unwrapIndexRoot(right, { ...root, version: 2 })).rejects.toThrow(WrongRootKeyError);
  });

  test('a check value that differs is refused even when the key unwraps', async () => {
    const epoch = await newEpoch(right, 1);
    await expect(unwrapEpoch(right, { ...epoch, kcv: Buffer.alloc(8) })).rejects.toThrow('check value');
  });
});
