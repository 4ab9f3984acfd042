import type { EntryFacts } from '../ledger';

/** PostgreSQL counts microseconds from here. */
const EPOCH_MS = Date.UTC(2000, 0, 1);
const WORD = 2 ** 32;

/** Lengths as binary COPY writes them, of texts as short as most are. */
const lengths = Array.from({ length: 256 }, (_, length) => word(length));
const NULL = word(-1);
const EIGHT_BYTES = word(8);

/**
 * The columns people filter by as binary COPY sends them when they say what the entry does, a character for each byte: the time as
 * timestamptz, all others as text. For ASCII only; `inUtf8` makes it so.
 *
 * @param time of the entry, milliseconds since 1970
 */
export function expectedColumns(facts: EntryFacts, time: number): string {
  const { actorId, action, outcome, targetType, targetId, requestId, role, operation, purpose, ip, fields } = facts;
  const microseconds = (time - EPOCH_MS) * 1_000;
  const high = Math.floor(microseconds / WORD);
  return (
    EIGHT_BYTES + word(high) + word(microseconds - high * WORD) + text(actorId) + text(action) + text(outcome) +
    text(targetType) + text(targetId) + text(requestId) + text(role) + text(operation) + text(purpose) + text(ip) + text(fields)
  ); // prettier-ignore
}

/** The same facts with a character for each byte of UTF-8. */
export function inUtf8(facts: EntryFacts): EntryFacts {
  const bytes = <T extends string | null>(value: T) =>
    (typeof value === 'string' ? Buffer.from(value, 'utf8').toString('latin1') : value) as T;
  return {
    ...facts,
    actorId: bytes(facts.actorId),
    action: bytes(facts.action),
    outcome: bytes(facts.outcome),
    targetType: bytes(facts.targetType),
    targetId: bytes(facts.targetId),
    requestId: bytes(facts.requestId),
    role: bytes(facts.role),
    operation: bytes(facts.operation),
    purpose: bytes(facts.purpose),
    ip: bytes(facts.ip),
    fields: bytes(facts.fields),
  };
}

/** What these bytes say, for people; null for a column that is null. The first is the time, in milliseconds since 1970. */
export function columnTexts(columns: string): (string | null)[] {
  const bytes = Buffer.from(columns, 'latin1');
  const texts: (string | null)[] = [];
  for (let at = 0; at + 4 <= bytes.length;) {
    const length = bytes.readInt32BE(at);
    const end = at + 4 + Math.max(0, length);
    if (texts.length === 0 && length === 8) texts.push(String(Number(bytes.readBigInt64BE(4)) / 1_000 + EPOCH_MS));
    else texts.push(length < 0 ? null : bytes.toString('utf8', at + 4, end));
    at = end;
  }
  return texts;
}

function text(value: string | null): string {
  if (value === null) return NULL;
  return (lengths[value.length] ?? word(value.length)) + value;
}

/** Four bytes, the highest first. */
function word(figure: number): string {
  return String.fromCharCode((figure >>> 24) & 0xff, (figure >>> 16) & 0xff, (figure >>> 8) & 0xff, figure & 0xff);
}
