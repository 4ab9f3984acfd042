import { createHash, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { mkdtemp, rm, truncate, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CheckpointFile } from '../../../server/audit/checkpoint-file';
import {
  checkpointTime,
  openCheckpoint,
  readNote,
  readVerifierKey,
  signatureTypes,
  signCheckpoint,
  signedBy,
  writeVerifierKey,
} from '../../../server/ledger';

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
  const line = `— witness.example ${Buffer.alloc(76).toString('base64')}\n`;
  expect(openCheckpoint(note + line, publicKey)).toEqual(checkpoint);
  expect(openCheckpoint(`${note}— nobody ?\n`, publicKey)).toBeNull();
});

describe('two keys, while one follows the other', () => {
  const next = generateKeyPairSync('ed25519');
  const both = signCheckpoint(checkpoint, [next.privateKey, privateKey], new Date('2026-01-02T03:04:05.678Z'));

  test('readers of either key can check it, strangers of neither', () => {
    expect(openCheckpoint(both, publicKey)).toEqual(checkpoint);
    expect(openCheckpoint(both, next.publicKey)).toEqual(checkpoint);
    expect(openCheckpoint(both, [generateKeyPairSync('ed25519').publicKey])).toBeNull();
    expect(openCheckpoint(both, [])).toBeNull();
  });

  test('the first key says when, to the second; no other key can have said it', () => {
    expect(checkpointTime(both, next.publicKey)).toEqual(new Date('2026-01-02T03:04:05Z'));
    expect(checkpointTime(both, publicKey)).toBeNull();
    expect(checkpointTime(note, publicKey)).toBeNull();
    const lines = both.split('\n');
    const timed = lines.at(-2)!;
    const bytes = Buffer.from(timed.split(' ')[2]!, 'base64');
    bytes[11]! += 1; // a second later
    const moved = [...lines.slice(0, -2), `— chartseal/ward ${bytes.toString('base64')}`, ''].join('\n');
    expect(openCheckpoint(moved, next.publicKey)).toEqual(checkpoint);
    expect(checkpointTime(moved, next.publicKey)).toBeNull();
  });

  test('what was signed with the time is what C2SP tlog-cosignature writes', () => {
    const bytes = Buffer.from(both.trimEnd().split('\n').at(-1)!.split(' ')[2]!, 'base64');
    const message = `cosignature/v1\ntime 1767323045\n${both.split('\n\n')[0]!}\n`;
    expect(bytes.readBigUInt64BE(4)).toBe(1_767_323_045n);
    expect(verify(null, Buffer.from(message), next.publicKey, bytes.subarray(12))).toBe(true);
  });
});

describe('keys as one line', () => {
  // C2SP signed-note names this key in its example; golang.org/x/mod/sumdb/note reads it
  const PETER = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';

  test('the example of the specification, there and back', () => {
    const key = readVerifierKey(PETER)!;
    expect(key.name).toBe('PeterNeumann');
    expect(writeVerifierKey(key)).toBe(PETER);
  });

  test('the example note of the specification carries its signature', () => {
    const text =
      'If you think cryptography is the answer to your problem,\nthen you don’t know what your problem is.\n';
    const signed = readNote(
      `${text.replace('’', "'")}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`,
    )!;
    expect(signedBy(signed, readVerifierKey(PETER)!)).toBe(true);
    expect(signedBy({ ...signed, text: `${signed.text}\n` }, readVerifierKey(PETER)!)).toBe(false);
  });

  test('a witness’s key has a type of its own, and so another hint', () => {
    const line = writeVerifierKey({ name: 'witness.example', key: publicKey }, signatureTypes.cosignature);
    expect(line).not.toBe(writeVerifierKey({ name: 'witness.example', key: publicKey }));
    expect(readVerifierKey(line)?.key.equals(publicKey)).toBe(true);
  });

  test.each(['', 'x', PETER.replace('c74f', 'c74e'), PETER.replace('+ARpc', '+CRpc'), `${PETER}A`])(
    '%j is none',
    (line) => {
      expect(readVerifierKey(line)).toBeNull();
    },
  );
});

test.each([
  ['another size', note.replace('48211', '48210')],
  ['another origin', note.replaceAll('ward', 'wart')],
  ['another root', note.replace(checkpoint.root.toString('base64'), Buffer.alloc(32).toString('base64'))],
  ['a further line', note.replace('\n\n', '\nmore\n\n')],
  ['no signature', note.slice(0, note.indexOf('\n\n') + 2)],
  ['a size with a leading zero', note.replace('48211', '048211')],
  ['a root of another length', note.replace(checkpoint.root.toString('base64'), Buffer.alloc(31).toString('base64'))],
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
