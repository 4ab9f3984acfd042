import { createPublicKey } from 'node:crypto';
import { access, chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogKeys } from '../../../server/audit/signing-key';
import { openCheckpoint, signCheckpoint } from '../../../server/ledger';

const checkpoint = { origin: 'chartseal/ward', size: 7, root: Buffer.alloc(32, 7) };
let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chartseal-log-keys-'));
  path = join(folder, 'log-signing.key');
});

afterEach(() => rm(folder, { recursive: true }));

test('one key follows another: both sign for a while, and what the old one signed verifies for ever', async () => {
  const keys = await LogKeys.open(path);
  const [first] = await keys.signers();
  const old = signCheckpoint(checkpoint, await keys.signers());

  const running = await LogKeys.open(path); // a server beside the command
  await running.signers();
  await keys.rotate();
  expect(await running.signers()).toHaveLength(2);
  const both = signCheckpoint({ ...checkpoint, size: 8 }, await running.signers());
  const [second] = await running.signers();
  expect(second!.equals(first!)).toBe(false);
  for (const key of [first!, second!]) expect(openCheckpoint(both, createPublicKey(key))).not.toBeNull();
  await expect(keys.rotate()).rejects.toThrow(/not finished/);

  expect(await keys.finishRotation()).toBe(true);
  expect(await keys.finishRotation()).toBe(false);
  const after = signCheckpoint({ ...checkpoint, size: 9 }, await running.signers());
  expect(openCheckpoint(after, createPublicKey(first!))).toBeNull();
  const known = await (await LogKeys.open(path)).verifiers();
  expect(known).toHaveLength(2);
  for (const note of [old, both, after]) expect(openCheckpoint(note, known)).not.toBeNull();
  await expect(access(`${path}.previous`)).rejects.toThrow();
});

test('keys are for their owner alone', async () => {
  const keys = await LogKeys.open(path);
  await keys.rotate();
  for (const name of [path, `${path}.previous`]) expect((await stat(name)).mode & 0o077).toBe(0);
  await chmod(path, 0o644);
  await expect(LogKeys.open(path)).rejects.toThrow(/open to others/);
});

test('a file that is no key is said so', async () => {
  await writeFile(path, 'nonsense', { mode: 0o600 });
  await expect(LogKeys.open(path)).rejects.toThrow();
});
