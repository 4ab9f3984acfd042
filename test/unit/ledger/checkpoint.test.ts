import { createHash, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { mkdtemp, rm, truncate, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CheckpointFile } from '../../../server/audit/checkpoint-file';
import { openCheckpoint, signCheckpoint } from '../../../server/ledger';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const checkpoint = { origin: 'chartseal/ward', size: 48_211, root: createHash('sha256').update('root').digest() };
const note = signCheckpoint(checkpoint, privateKey);

test('a checkpoint is a signed note as C2SP writes it, and a stranger can check it with the public key alone', () => {
  const [text, signature] = note.split('\n\n') as [string, string];
  expect(text).toBe(`chartseal/ward\n48211\n${checkpoint.root.toString('base64')}`);
  const [, encoded] = /^— chartseal\/ward (\S+)\n$/.exec(signature)!;
  const bytes = Buffer.from(encoded!, 'base64');
  const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
  const hint = createHash('sha256').update('chartseal/ward\n').update(Buffer.of(1)).update(raw).digest().subarray(0, 4);
  expect(bytes.subarray(0, 4)).toEqual(hint);
  expect(verify(null, Buffer.from(`${text}\n`), publicKey, bytes.subarray(4))).toBe(true);
  expect(openCheckpoint(note, createPublicKey(privateKey))).toEqual(checkpoint);
});

test('a witness’s signature line does not disturb', () => {
  expect(openCheckpoint(`${note}— witness.example AAAA\n`, publicKey)).toEqual(checkpoint);
});

test.each([
  ['another size', note.replace('48211', '48210')],
  ['another origin', note.replaceAll('ward', 'wart')],
  ['another root', note.replace(checkpoint.root.toString('base64'), Buffer.alloc(32).toString('base64'))],
  ['a further line', note.replace('\n\n', '\nmore\n\n')],
  ['no signature', note.slice(0, note.indexOf('\n\n') + 2)],
  ['a size with a leading zero', note.replace('48211', '048211')],
  ['nothing', ''],
])('%s: not a checkpoint of this log', (_, changed) => {
  expect(openCheckpoint(changed, publicKey)).toBeNull();
});

test('another key’s signature is refused', () => {
  expect(openCheckpoint(note, generateKeyPairSync('ed25519').publicKey)).toBeNull();
});

test('the file outside the database gives back every note, and one cut by a crash spoils only itself', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'chartseal-checkpoints-'));
  try {
    const file = new CheckpointFile(join(folder, 'checkpoints'));
    expect(await file.notes()).toEqual([]);
    const notes = [1, 2, 3].map((size) => signCheckpoint({ ...checkpoint, size }, privateKey));
    await file.append(notes[0]!);
    await file.append(notes[1]!);
    expect(await file.notes()).toEqual(notes.slice(0, 2));
    const { size } = await stat(file.path);
    for (const cut of [12, 60, 110]) {
      await truncate(file.path, size - cut);
      await file.append(notes[2]!);
      expect(await file.notes()).toEqual([notes[0], notes[2]]);
      await rm(file.path);
      await file.append(notes[0]!);
      await file.append(notes[1]!);
    }
    expect((await stat(file.path)).mode & 0o077).toBe(0);
  } finally {
    await rm(folder, { recursive: true });
  }
});
