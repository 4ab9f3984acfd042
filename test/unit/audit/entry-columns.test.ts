import { areSame, columnTexts, expectedTexts } from '../../../server/audit/entry-columns';
import { encodeEntry, EntryValues, parsedFacts, type EntryFacts, type LedgerEntry } from '../../../server/ledger';
import { madeUpEntry, seeded } from '../../support/made-up-entries';

/** A column as binary COPY sends it. */
function column(bytes: Buffer | null): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(bytes?.length ?? -1);
  return bytes ? Buffer.concat([length, bytes]) : length;
}

const text = (value: string | null) => column(value === null ? null : Buffer.from(value));
const uuid = (value: string | null) => column(value === null ? null : Buffer.from(value.replaceAll('-', ''), 'hex'));

function timestamp(at: string): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(Date.parse(at) - Date.UTC(2000, 0, 1)) * 1_000n);
  return column(bytes);
}

/** The columns of a row as they are when they say what the entry says. */
function columnsOf(facts: EntryFacts): Buffer {
  const { at, actorId, action, outcome, targetType, targetId, requestId, role, operation, purpose, ip, fields } = facts;
  const patients = [...facts.patients].sort().map((patient) => Buffer.from(patient.replaceAll('-', ''), 'hex'));
  return Buffer.concat([
    ...[timestamp(at), uuid(actorId), text(action), text(outcome), text(targetType), uuid(targetId), text(requestId)],
    ...[role, operation, purpose, ip, fields].map(text),
    column(patients.length > 0 ? Buffer.concat(patients) : null),
  ]);
}

/** What the comparison of bytes says, and what the comparison of texts says. */
function compared(entry: Buffer, columns: Buffer) {
  const values = new EntryValues();
  const facts = parsedFacts(entry);
  const time = Date.parse(facts.at);
  const told = columnTexts(columns, 0);
  return {
    usual: values.find(entry, 0, entry.length),
    byBytes: areSame(columns, 0, values, time),
    byTexts:
      JSON.stringify(told.columns) === JSON.stringify(expectedTexts(facts, time)) &&
      JSON.stringify([...told.patients].sort()) === JSON.stringify([...facts.patients].sort()),
  };
}

const PLAIN = ['', 'read', 'a,b', 'Überblick ☂', 'treatment'];

test('columns that say what the entry says are the same, byte by byte and as texts', () => {
  const random = seeded(7);
  for (let round = 0; round < 300; round += 1) {
    const entry = encodeEntry(madeUpEntry(random, PLAIN));
    const columns = columnsOf(parsedFacts(entry));
    expect(compared(entry, columns)).toEqual({ usual: true, byBytes: true, byTexts: true });
  }
});

test('no byte of a column can be another', () => {
  const random = seeded(11);
  for (let round = 0; round < 30; round += 1) {
    const entry = encodeEntry(madeUpEntry(random, PLAIN));
    const columns = columnsOf(parsedFacts(entry));
    const values = new EntryValues();
    expect(values.find(entry, 0, entry.length)).toBe(true);
    const time = Date.parse(parsedFacts(entry).at);
    for (let at = 0; at < columns.length; at += 1) {
      const spoilt = Buffer.from(columns);
      spoilt[at] = (spoilt[at]! + 1 + random(255)) % 256;
      expect(areSame(spoilt, 0, values, time)).toBe(false);
    }
  }
});

test('columns of another entry are only the same to the bytes where they are to the texts', () => {
  const random = seeded(13);
  const small = ['', 'x', ',', 'x,x'];
  const made = (entry: LedgerEntry, changes: Partial<LedgerEntry>) => encodeEntry({ ...entry, ...changes });
  for (let round = 0; round < 500; round += 1) {
    const entry = madeUpEntry(random, small);
    const other = madeUpEntry(random, small);
    const kept = Object.entries(other).filter(() => random(12) === 0);
    const columns = columnsOf(parsedFacts(made(entry, Object.fromEntries(kept))));
    const { byBytes, byTexts } = compared(made(entry, {}), columns);
    expect(byBytes).toBe(byTexts);
  }
});

test('escapes are left to the texts', () => {
  const entry = encodeEntry({ ...madeUpEntry(seeded(17), PLAIN), a: 'quo"te' });
  expect(compared(entry, columnsOf(parsedFacts(entry)))).toMatchObject({ usual: false, byTexts: true });
});
