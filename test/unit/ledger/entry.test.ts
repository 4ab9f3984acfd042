import {
  canonicalJson,
  decodeEntry,
  encodeEntry,
  factsOf,
  MAX_ENTRY_BYTES,
  parsedFacts,
  rowHash,
  type LedgerEntry,
} from '../../../server/ledger';
import { madeUpEntry, seeded } from '../../support/made-up-entries';

const patient = '0190a1b2-0000-7000-8000-000000000001';
const entry: LedgerEntry = {
  a: 'update',
  by: { k: 'user', u: '0190a1b2-0000-7000-8000-0000000000aa', r: 'DOCTOR', s: '0190a1b2-0000-7000-8000-0000000000bb' },
  d: null,
  f: ['name', 'phone'],
  id: '0190a1b2-0000-7000-8000-0000000000cc',
  ip: '192.0.2.1',
  k: 'ok',
  n: 1,
  o: { t: 'patient', i: patient },
  op: 'PatientPage',
  p: [patient],
  q: 'request',
  rh: null,
  t: '2026-01-02T03:04:05.678Z',
  v: 1,
  w: 'treatment',
  why: null,
};

test('the bytes of an entry are fixed: whoever verifies in ten years needs exactly these', () => {
  expect(encodeEntry(entry).toString()).toBe(
    '{"a":"update","by":{"k":"user","r":"DOCTOR","s":"0190a1b2-0000-7000-8000-0000000000bb",' +
      '"u":"0190a1b2-0000-7000-8000-0000000000aa"},"d":null,"f":["name","phone"],' +
      '"id":"0190a1b2-0000-7000-8000-0000000000cc","ip":"192.0.2.1","k":"ok","n":1,' +
      `"o":{"i":"${patient}","t":"patient"},"op":"PatientPage","p":["${patient}"],"q":"request","rh":null,` +
      '"t":"2026-01-02T03:04:05.678Z","v":1,"w":"treatment","why":null}',
  );
  expect(decodeEntry(encodeEntry(entry))).toEqual(entry);
});

test('the encoder made for entries says what RFC 8785 says, whatever the texts', () => {
  const texts = [
    '',
    'plain',
    'quo"te',
    'back\\slash',
    'é€\ud83d\ude00',
    'line\nfeed\u0000\u001f\u007f\u2028',
    '</script>',
  ];
  for (const one of texts) {
    for (const other of [null, ...texts]) {
      const made: LedgerEntry = {
        ...entry,
        a: one,
        by: { k: one, r: other, s: other, u: other },
        d: other,
        f: texts,
        ip: other,
        n: 3,
        o: other === null ? null : { i: other, t: one },
        op: other,
        p: other === null ? [] : [one, other],
        rh: other,
        w: one,
        why: other,
      };
      expect(encodeEntry(made).toString()).toBe(canonicalJson({ ...made }));
    }
  }
  expect(() => encodeEntry({ ...entry, op: 'lone \ud800' })).toThrow(TypeError);
  expect(() => encodeEntry({ ...entry, n: 0.5 })).toThrow(TypeError);
});

describe('facts read by the pattern are those of the parsed entry', () => {
  const ids = [patient, '0190a1b2-0000-7000-8000-000000000002'];
  test.each<[string, Partial<LedgerEntry>]>([
    ['plain', {}],
    ['nothing but nulls', { by: { k: 'anonymous', r: null, s: null, u: null }, o: null, op: null, p: [], ip: null }],
    ['several patients, one twice', { p: [...ids, patient], n: 3 }],
    ['a target without id', { o: { i: null, t: 'users' } }],
    ['letters beyond ASCII', { op: 'Überblick', why: 'naïve ☂' }],
    ['escapes', { op: 'a"b\\c', why: 'line\nfeed' }],
    ['an action beyond ASCII', { a: 'lésen' }],
    ['text that looks like the next member', { why: '"},"k":"ok","t":"x"' }],
  ])('%s', (_, changes) => {
    const bytes = encodeEntry({ ...entry, ...changes });
    expect(factsOf(bytes)).toEqual(parsedFacts(bytes));
  });

  test.each(['', '{}', 'null', '{"v":1,"a":"x","by":{},"p":["x"]}', '{"v":1,"a":"x","by":{},"t":"never","p":[]}'])(
    '%j is no entry to either',
    (text) => {
      expect(() => factsOf(Buffer.from(text))).toThrow();
      expect(() => parsedFacts(Buffer.from(text))).toThrow();
    },
  );
});

/** What a reader makes of bytes; undefined when they are no entry to it. */
function readBy(read: typeof factsOf, bytes: Buffer) {
  try {
    return read(bytes);
  } catch {
    return undefined;
  }
}

test('whatever the entry, and whatever becomes of its bytes, both readers say the same', () => {
  const random = seeded(20260102);
  const spoiling = Buffer.from('"\\,[]{}:0 \u0000é');
  for (let round = 0; round < 300; round += 1) {
    const bytes = encodeEntry(madeUpEntry(random));
    expect(factsOf(bytes)).toEqual(parsedFacts(bytes));
    for (let times = 0; times < 20; times += 1) {
      const spoilt = Buffer.from(bytes);
      spoilt[random(bytes.length)] = spoiling[random(spoiling.length)]!;
      const shortened = bytes.subarray(0, random(bytes.length));
      for (const one of [spoilt, shortened]) expect(readBy(factsOf, one)).toEqual(readBy(parsedFacts, one));
    }
  }
});

test('65 535 bytes hold 1,000 patients and refuse what is larger', () => {
  expect(encodeEntry({ ...entry, p: Array<string>(1_000).fill(patient) }).length).toBeLessThan(MAX_ENTRY_BYTES);
  expect(() => encodeEntry({ ...entry, p: Array<string>(2_000).fill(patient) })).toThrow(RangeError);
});

test.each(['', '{', 'null', '7', '[]', '{"v":2,"a":"x","p":[]}', '{"v":1,"a":"x"}'])('%j is no entry', (text) => {
  expect(() => decodeEntry(Buffer.from(text))).toThrow();
});

describe('row hash', () => {
  const cells = [
    { column: 'name', bytes: Buffer.from('sealed name') },
    { column: 'phone', bytes: null },
  ];
  const hash = rowHash('patient', patient, cells).toString('hex');

  test('is fixed, whatever order the columns come in', () => {
    expect(rowHash('patient', patient, [...cells].reverse()).toString('hex')).toBe(hash);
    expect(hash).toMatch(/^[\da-f]{64}$/);
  });

  test.each([
    ['another table', 'visit', patient, cells],
    ['another row', 'patient', patient.replace(/1$/, '2'), cells],
    ['another value', 'patient', patient, [{ column: 'name', bytes: Buffer.from('sealed namf') }, cells[1]!]],
    ['an empty value for none', 'patient', patient, [cells[0]!, { column: 'phone', bytes: Buffer.alloc(0) }]],
    [
      'a value in the other column',
      'patient',
      patient,
      [
        { column: 'name', bytes: null },
        { column: 'phone', bytes: cells[0]!.bytes },
      ],
    ],
  ])('differs for %s', (_, table, row, changed) => {
    expect(rowHash(table, row, changed).toString('hex')).not.toBe(hash);
  });
});
