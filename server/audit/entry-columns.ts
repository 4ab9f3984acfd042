import { EntryValues, hexDigits, NOTHING, values, type EntryFacts, type Value } from '../ledger';
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

/**
 * Compares the columns of a row, as binary COPY sends them, with the values of its entry where they lie. One object stands for
 * each row in turn.
 */
export class ColumnComparison {
  private row: Buffer = Buffer.alloc(0);
  private entry = new EntryValues();
  private at = 0;

  /**
   * Whether the columns that begin at this place say what the entry says, and the patients after them are those it names. False
   * also where it takes more than comparing bytes to tell: then `columnTexts` and `expectedTexts` are to be compared.
   *
   * @param time of the entry, milliseconds since 1970
   */
  isSame(row: Buffer, at: number, entry: EntryValues, time: number): boolean {
    this.row = row;
    this.entry = entry;
    this.at = at;
    return (
      this.time(time) &&
      this.uuid(values.actorId) &&
      this.text(values.action, NULL) &&
      this.text(values.outcome, NULL) &&
      this.text(values.targetType, NULL) &&
      this.uuid(values.targetId) &&
      this.text(values.requestId, NULL) &&
      this.text(values.role, 0) &&
      this.text(values.operation, 0) &&
      this.text(values.purpose, 0) &&
      this.text(values.ip, 0) &&
      this.fields() &&
      this.patients()
    );
  }

  /** Length of the column that comes next. */
  private length(): number {
    const length = this.row.readInt32BE(this.at);
    this.at += 4;
    return length;
  }

  private time(time: number): boolean {
    if (this.length() !== 8) return false;
    const microseconds = this.row.readInt32BE(this.at) * WORD + this.row.readUInt32BE(this.at + 4);
    this.at += 8;
    return microseconds === (time - EPOCH_MS) * 1_000;
  }

  /** @param ofNothing length of the column where the entry has nothing */
  private text(value: Value, ofNothing: number): boolean {
    const { row, entry } = this;
    const length = this.length();
    const start = entry.starts[value]!;
    if (start === NOTHING) return length === ofNothing;
    if (length !== entry.ends[value]! - start) return false;
    const { bytes } = entry;
    const { at } = this;
    for (let place = 0; place < length; place += 1) if (row[at + place] !== bytes[start + place]) return false;
    this.at = at + length;
    return true;
  }

  private uuid(value: Value): boolean {
    const length = this.length();
    const start = this.entry.starts[value]!;
    if (start === NOTHING) return length === NULL;
    return length === UUID_BYTES && this.entry.ends[value]! - start === UUID_LENGTH && this.uuidAt(start);
  }

  /** Two digits for a byte, with dashes after the 4th, 6th, 8th and 10th. */
  private uuidAt(start: number): boolean {
    const { row, at } = this;
    const { bytes } = this.entry;
    let digit = start;
    for (let place = 0; place < UUID_BYTES; place += 1) {
      if (place === 4 || place === 6 || place === 8 || place === 10) if (bytes[digit++] !== DASH) return false;
      if (row[at + place] !== hexDigits[bytes[digit]!]! * 16 + hexDigits[bytes[digit + 1]!]!) return false;
      digit += 2;
    }
    this.at = at + UUID_BYTES;
    return true;
  }

  /** With commas between, and without the quotes that the entry has around each. */
  private fields(): boolean {
    const { row } = this;
    const { starts, ends, bytes } = this.entry;
    const length = this.length();
    if (starts[values.fields] === NOTHING) return length === 0;
    const end = this.at + length;
    for (let place = starts[values.fields]!; place < ends[values.fields]!; place += 1) {
      const byte = bytes[place];
      if (byte === QUOTE) continue;
      if (this.at === end || row[this.at] !== byte) return false;
      this.at += 1;
    }
    return this.at === end;
  }

  private patients(): boolean {
    const { row, at } = this;
    const start = this.entry.starts[values.patients]!;
    const length = this.length();
    if (start === NOTHING) return length === NULL;
    const one = this.entry.ends[values.patients]! - start === UUID_LENGTH + 2;
    if (one) return length === UUID_BYTES && this.uuidAt(start + 1);
    const named = this.entry.textOf(values.patients)!.slice(1, -1).replaceAll('-', '').split('","');
    return [...new Set(named)].sort().join('') === row.toString('hex', at + 4, at + 4 + Math.max(0, length));
  }
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
