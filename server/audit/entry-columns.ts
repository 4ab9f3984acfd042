import { hexDigits, NOTHING, values, type EntryFacts, type EntryValues, type Value } from '../ledger';
import { derivedColumns } from './entry-pages';

/** PostgreSQL counts microseconds from here. */
const EPOCH_MS = Date.UTC(2000, 0, 1);
const WORD = 2 ** 32;
const UUID_BYTES = 16;
const UUID_LENGTH = 36;
const DASH = 0x2d;
const QUOTE = 0x22;
const UUIDS: ReadonlySet<string> = new Set(['actor_id', 'target_id']);
/** Length of a column that is null. */
const NULL = -1;
/** And of one that is an empty text. */
const EMPTY = 0;
/** Columns between the time and the fields: the value each has, and its length where the entry has nothing. */
const COLUMNS: readonly (readonly [value: Value, ofNothing: number])[] = [
  [values.actorId, NULL],
  [values.action, NULL],
  [values.outcome, NULL],
  [values.targetType, NULL],
  [values.targetId, NULL],
  [values.requestId, NULL],
  [values.role, EMPTY],
  [values.operation, EMPTY],
  [values.purpose, EMPTY],
  [values.ip, EMPTY],
];
// The same in arrays of numbers, which a loop goes through faster than through objects.
const valueOf = Uint8Array.from(COLUMNS, ([value]) => value);
const lengthOfNothing = Int8Array.from(COLUMNS, ([, ofNothing]) => ofNothing);

/**
 * Compares the columns of a row, as binary COPY sends them, with the values of its entry where they lie: whether those that begin
 * at this place say what the entry says, and the patients after them are those it names. False also where it takes more than
 * comparing bytes to tell: then `columnTexts` and `expectedTexts` are to be compared.
 *
 * @param time of the entry, milliseconds since 1970
 */
export function areSame(row: Buffer, start: number, entry: EntryValues, time: number): boolean {
  const { starts, ends, bytes } = entry;
  const microseconds = wordAt(row, start + 4) * WORD + (wordAt(row, start + 8) >>> 0);
  if (wordAt(row, start) !== 8 || microseconds !== (time - EPOCH_MS) * 1_000) return false;
  let at = start + 12;
  for (let column = 0; column < valueOf.length; column += 1) {
    const length = wordAt(row, at);
    const value = valueOf[column]!;
    const from = starts[value]!;
    at += 4;
    if (from === NOTHING) {
      if (length !== lengthOfNothing[column]) return false;
      continue;
    }
    const same =
      value === values.actorId || value === values.targetId
        ? length === UUID_BYTES && ends[value]! - from === UUID_LENGTH && isUuidOf(row, at, bytes, from)
        : length === ends[value]! - from && isTextOf(row, at, bytes, from, length);
    if (!same) return false;
    at += length;
  }
  const length = wordAt(row, at);
  return isListOf(row, at + 4, length, entry) && arePatients(row, at + 4 + length, entry);
}

function wordAt(row: Buffer, at: number): number {
  return (row[at]! << 24) | (row[at + 1]! << 16) | (row[at + 2]! << 8) | row[at + 3]!;
}

function isTextOf(row: Buffer, at: number, bytes: Buffer, start: number, length: number): boolean {
  for (let place = 0; place < length; place += 1) if (row[at + place] !== bytes[start + place]) return false;
  return true;
}

/** Two digits for a byte, with dashes after the 4th, 6th, 8th and 10th. */
function isUuidOf(row: Buffer, at: number, bytes: Buffer, start: number): boolean {
  let digit = start;
  for (let place = 0; place < UUID_BYTES; place += 1) {
    if ((place === 4 || place === 6 || place === 8 || place === 10) && bytes[digit++] !== DASH) return false;
    if (row[at + place] !== hexDigits[bytes[digit]!]! * 16 + hexDigits[bytes[digit + 1]!]!) return false;
    digit += 2;
  }
  return true;
}

/** The fields with commas between, and without the quotes that the entry has around each. */
function isListOf(row: Buffer, start: number, length: number, { starts, ends, bytes }: EntryValues): boolean {
  if (starts[values.fields] === NOTHING) return length === 0;
  let at = start;
  for (let place = starts[values.fields]!; place < ends[values.fields]!; place += 1) {
    const byte = bytes[place]!;
    if (byte !== QUOTE && row[at++] !== byte) return false;
  }
  return at === start + length;
}

function arePatients(row: Buffer, at: number, entry: EntryValues): boolean {
  const length = wordAt(row, at);
  const start = entry.starts[values.patients]!;
  if (start === NOTHING) return length === NULL;
  const one = entry.ends[values.patients]! - start === UUID_LENGTH + 2;
  if (one) return length === UUID_BYTES && isUuidOf(row, at + 4, entry.bytes, start + 1);
  const named = new Set(entry.textOf(values.patients)!.slice(1, -1).replaceAll('-', '').split('","'));
  if (length !== named.size * UUID_BYTES) return false;
  return [...named].sort().join('') === row.toString('hex', at + 4, at + 4 + length);
}

/** What the columns that begin at this place say, for people; null for one that is null. The time is in milliseconds since 1970. */
export function columnTexts(row: Buffer, start: number): { columns: (string | null)[]; patients: string[] } {
  let at = start;
  const next = () => {
    const length = row.readInt32BE(at);
    at += 4 + Math.max(0, length);
    return length < 0 ? null : row.subarray(at - length, at);
  };
  const columns = derivedColumns.map((name) => {
    const bytes = next();
    if (bytes === null) return null;
    if (name === 'at') return String(Number(bytes.readBigInt64BE()) / 1_000 + EPOCH_MS);
    return UUIDS.has(name) ? uuidText(bytes) : bytes.toString('utf8');
  });
  const patients = next() ?? Buffer.alloc(0);
  return { columns, patients: uuidsIn(patients) };
}

/** What the same columns say when they are what the entry says. */
export function expectedTexts(facts: EntryFacts, time: number): (string | null)[] {
  const { actorId, action, outcome, targetType, targetId, requestId, role, operation, purpose, ip, fields } = facts;
  return [
    String(time),
    actorId,
    action,
    outcome,
    targetType,
    targetId,
    requestId,
    role,
    operation,
    purpose,
    ip,
    fields,
  ];
}

function uuidsIn(bytes: Buffer): string[] {
  return Array.from({ length: bytes.length / UUID_BYTES }, (_, place) =>
    uuidText(bytes.subarray(place * UUID_BYTES, (place + 1) * UUID_BYTES)),
  );
}

function uuidText(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
