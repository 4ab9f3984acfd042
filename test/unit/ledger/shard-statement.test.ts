import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  decodeEntry,
  demandFollows,
  droppedFields,
  encodeEntry,
  Fault,
  keyHint,
  noteHashOf,
  openingFields,
  readCheckpoint,
  readDropped,
  readOpening,
  signCheckpoint,
  withoutLost,
  type LedgerEntry,
  type ShardOpening,
} from '../../../server/ledger';

interface Vector {
  privateKey: string;
  /** The final note of the closed shard. */
  note: string;
  origin: string;
  /** Entries as they are stored. */
  shard: string;
  restore: string;
  drop: string;
  /** What is signed in each. */
  signed: { shard: string; restore: string; drop: string };
}

const vector = JSON.parse(readFileSync(join(__dirname, '../../vectors/shards-v1.json'), 'utf8')) as Vector;
const key = createPrivateKey(vector.privateKey);
const publicKey = createPublicKey(key);
const closed = readCheckpoint(vector.note)!;
const lost = [{ ...closed, size: closed.size + 178, root: Buffer.alloc(32, 7), from: closed.size }];
const bytes = (name: 'shard' | 'restore' | 'drop') => Buffer.from(vector[name], 'utf8');
const noteHash = noteHashOf(vector.note);

const opening = (action: ShardOpening['action']): ShardOpening => ({
  action,
  origin: vector.origin,
  closed,
  noteHash,
  lost: action === 'shard' ? [] : lost,
});
const dropped = { dropped: closed, noteHash, rows: { count: 2, hash: 'ab'.repeat(32) }, lost: [] };

test('the entries are what the worked example says, byte for byte', () => {
  expect(decodeEntry(bytes('shard')).f).toEqual(openingFields(opening('shard'), key));
  expect(decodeEntry(bytes('restore')).f).toEqual(openingFields(opening('restore-log'), key));
  expect(decodeEntry(bytes('drop')).f).toEqual(droppedFields(dropped, key));
  for (const name of ['shard', 'restore', 'drop'] as const)
    expect(encodeEntry(decodeEntry(bytes(name)))).toEqual(bytes(name));
});

test('and say what happened, to who has the public key', () => {
  expect(readOpening(bytes('shard'), [publicKey])).toEqual(opening('shard'));
  expect(readOpening(bytes('restore'), [publicKey])).toEqual(opening('restore-log'));
  expect(readDropped(bytes('drop'), [publicKey])).toEqual(dropped);
  expect(readOpening(bytes('drop'), [publicKey])).toBeNull();
  expect(readDropped(bytes('shard'), [publicKey])).toBeNull();
  expect(readOpening(bytes('shard'), [generateKeyPairSync('ed25519').publicKey])).toBeNull();
});

test('a stranger checks the signature with Ed25519 and SHA-256 alone; no checkpoint is signed by it', () => {
  for (const name of ['shard', 'restore', 'drop'] as const) {
    const { f } = decodeEntry(bytes(name));
    const [, keyName, encoded] = /^— (\S+) (\S+)$/.exec(f.at(-1)!)!;
    const line = Buffer.from(encoded!, 'base64');
    expect(line.subarray(0, 4)).toEqual(keyHint(keyName!, publicKey));
    expect(verify(null, Buffer.from(vector.signed[name]), publicKey, line.subarray(4))).toBe(true);
    expect(vector.signed[name].split('\n').slice(1, -1)).toEqual(f.slice(0, -1));
    expect(readCheckpoint(`${vector.signed[name]}\n${f.at(-1)!}\n`)).toBeNull();
  }
  expect(noteHash).toBe(createHash('sha256').update(vector.note).digest('hex'));
});

describe('what is changed is no opening', () => {
  const changed = (fields: (f: string[]) => string[], more: Partial<LedgerEntry> = {}) => {
    const entry = decodeEntry(bytes('restore'));
    return encodeEntry({ ...entry, ...more, f: fields([...entry.f]) });
  };
  test.each<[string, Buffer]>([
    ['another origin', changed(([, ...rest]) => ['origin chartseal/other', ...rest])],
    ['a smaller loss', changed((f) => f.map((line) => line.replace(/^lost (.*) \d+$/, 'lost $1 4900')))],
    ['no loss', changed((f) => f.filter((line) => !line.startsWith('lost')))],
    ['another note', changed((f) => f.map((line) => line.replace(/^note ../, 'note ff')))],
    ['no signature', changed((f) => f.slice(0, -1))],
    ['nothing', changed(() => [])],
    ['another act', changed((f) => f, { a: 'shard' })],
  ])('%s', (_what, entry) => expect(readOpening(entry, [publicKey])).toBeNull());

  test('when it happened, and by whom, is the entry’s and not the statement’s', () => {
    const { t } = decodeEntry(bytes('restore'));
    expect(
      readOpening(
        changed((f) => f, { t: t.replace('2026', '2027') }),
        [publicKey],
      ),
    ).not.toBeNull();
  });
});

describe('a shard follows the one before it', () => {
  const end = { checkpoint: closed, note: vector.note };
  const at = (work: () => unknown) => {
    try {
      work();
    } catch (error) {
      return error instanceof Fault ? `${error.word} ${error.at}` : String(error);
    }
    return 'OK';
  };
  const { privateKey: stolen } = generateKeyPairSync('ed25519');
  const cosignedLater = `${vector.note}— witness.example AAAAAAAA\n`;

  test.each<[string, string, () => unknown]>([
    ['OK', 'itself', () => demandFollows(bytes('shard'), vector.origin, end, [publicKey])],
    ['TAMPERED 0', 'under another origin', () => demandFollows(bytes('shard'), 'chartseal/x', end, [publicKey])],
    ['TAMPERED 0', 'after another end', () =>
      demandFollows(bytes('shard'), vector.origin, { ...end, checkpoint: { ...closed, size: 4811 } }, [publicKey])],
    ['TAMPERED 0', 'after another root', () =>
      demandFollows(bytes('shard'), vector.origin, { ...end, checkpoint: { ...closed, root: Buffer.alloc(32) } }, [publicKey])],
    ['TAMPERED 0', 'after another note', () =>
      demandFollows(bytes('shard'), vector.origin, { ...end, note: cosignedLater }, [publicKey])],
    ['TAMPERED 0', 'an entry that is none', () => demandFollows(Buffer.from('{'), vector.origin, end, [publicKey])],
    ['TAMPERED 0', 'another entry', () => demandFollows(bytes('drop'), vector.origin, end, [publicKey])],
    ['TAMPERED 0', 'by another key', () => demandFollows(bytes('shard'), vector.origin, end, [createPublicKey(stolen)])],
  ])('%s: %s', (told, _what, work) => expect(at(work)).toBe(told)); // prettier-ignore

  test('what was told as lost is set aside, and nothing else', () => {
    const [gone] = lost;
    const note = (size: number, root = Buffer.alloc(32, 7)) => ({ where: 'kept', text: signCheckpoint({ ...closed, size, root }, key) }); // prettier-ignore
    expect(withoutLost([note(100), note(4_900), note(4_990)], gone, 4_812)).toEqual([note(100)]);
    expect(withoutLost([note(100)], undefined)).toEqual([note(100)]);
    expect(at(() => withoutLost([note(4_991)], gone, 4_812))).toBe('TRUNCATED 4812');
    expect(at(() => withoutLost([note(4_990, Buffer.alloc(32, 8))], gone, 4_812))).toBe('FORKED 4812');
    expect(withoutLost([note(4_995)], gone, 5_000)).toEqual([note(4_995)]);
  });
});
