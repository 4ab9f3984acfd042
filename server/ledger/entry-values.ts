/** Values of an entry that the log is searched by, and its time. */
export const values = {
  action: 0,
  role: 1,
  actorId: 2,
  /** The items of a list, from the first quote to the last; nothing when it is empty. */
  fields: 3,
  ip: 4,
  outcome: 5,
  targetId: 6,
  targetType: 7,
  operation: 8,
  patients: 9,
  requestId: 10,
  at: 11,
  purpose: 12,
} as const;
export type Value = (typeof values)[keyof typeof values];

/** Where values go that nobody searches by. */
const UNUSED = 13;
/** Instead of a place: the value is null, or the list is empty. */
export const NOTHING = -1;

const QUOTE = 0x22;
const COMMA = 0x2c;
const DASH = 0x2d;
const ZERO = 0x30;
const BRACKET = 0x5d;
const BRACE = 0x7b;
const UUID_LENGTH = 36;

/** 1 for bytes that stand for themselves in a JSON string; bytes of letters beyond ASCII do. */
const plain = new Uint8Array(256).fill(1, 0x20);
plain[QUOTE] = 0;
plain[0x5c] = 0;

/** The value of a hexadecimal digit, lower case as `encodeEntry` has it; 16 for anything else. */
export const hexDigits = new Uint8Array(256).fill(16);
for (let digit = 0; digit < 16; digit += 1) hexDigits[digit.toString(16).charCodeAt(0)] = digit;

const TEXT = 0;
const TEXT_OR_NULL = 1;
const LIST = 2;
const NUMBER = 3;
/** An object, of which the next members are, or null. */
const TARGET = 4;
const NO_VALUE = 5;

/** An entry as `encodeEntry` writes it: what stands before each value, what the value is, and where it is noted. */
const FORM: readonly (readonly [before: string, kind: number, value: number])[] = [
  ['{"a":', TEXT, values.action],
  [',"by":{"k":', TEXT, UNUSED],
  [',"r":', TEXT_OR_NULL, values.role],
  [',"s":', TEXT_OR_NULL, UNUSED],
  [',"u":', TEXT_OR_NULL, values.actorId],
  ['},"d":', TEXT_OR_NULL, UNUSED],
  [',"f":[', LIST, values.fields],
  [',"id":', TEXT, UNUSED],
  [',"ip":', TEXT_OR_NULL, values.ip],
  [',"k":', TEXT, values.outcome],
  [',"n":', NUMBER, UNUSED],
  [',"o":', TARGET, values.targetType],
  ['{"i":', TEXT_OR_NULL, values.targetId],
  [',"t":', TEXT, values.targetType],
  ['}', NO_VALUE, UNUSED],
  [',"op":', TEXT_OR_NULL, values.operation],
  [',"p":[', LIST, values.patients],
  [',"q":', TEXT, values.requestId],
  [',"rh":', TEXT_OR_NULL, UNUSED],
  [',"t":', TEXT, values.at],
  [',"v":1,"w":', TEXT, values.purpose],
  [',"why":', TEXT_OR_NULL, UNUSED],
  ['}', NO_VALUE, UNUSED],
];
/** How many of them a target has that is not null. */
const OF_TARGET = 3;

// The same in arrays of numbers, which a loop goes through faster than through objects.
const literals = Uint8Array.from(Buffer.from(FORM.map(([before]) => before).join(''), 'latin1'));
const kinds = Uint8Array.from(FORM, ([, kind]) => kind);
const noted = Uint8Array.from(FORM, ([, , value]) => value);
const literalEnds = Uint8Array.from(
  FORM,
  (_, step) =>
    FORM.slice(0, step + 1)
      .map(([before]) => before)
      .join('').length,
);

/**
 * Finds where the values of an entry lie in its bytes, so that they can be compared where they are: making strings of them
 * takes several times as long as hashing the entry. Reads the one form in which `encodeEntry` writes, escapes in strings apart.
 */
export class EntryValues {
  /** Places of the first byte of each value, and of the one after its last, quotes left out; of a list with its items' quotes. */
  readonly starts = new Int32Array(UNUSED + 1);
  readonly ends = new Int32Array(UNUSED + 1);
  bytes: Buffer = Buffer.alloc(0);

  /** False when the bytes between these places are of another form: then it is for `parsedFacts` to say what they are. */
  find(bytes: Buffer, start: number, end: number): boolean {
    const { starts, ends } = this;
    this.bytes = bytes;
    let at = start;
    let place = 0;
    for (let step = 0; step < kinds.length; step += 1) {
      for (const literalEnd = literalEnds[step]!; place < literalEnd; place += 1)
        if (bytes[at++] !== literals[place]) return false;
      const kind = kinds[step]!;
      const value = noted[step]!;
      const quoted = bytes[at] === QUOTE;
      if (kind === NO_VALUE || (kind === TARGET && bytes[at] === BRACE)) continue;
      starts[value] = at + 1;
      if (kind === LIST) {
        starts[value] = bytes[at] === BRACKET ? NOTHING : at;
        at = endOfList(bytes, at);
      } else if (kind === NUMBER) at = endOfNumber(bytes, at);
      else if (quoted && kind !== TARGET) at = endOfString(bytes, at);
      else {
        if (kind === TEXT || !isNull(bytes, at)) return false;
        at += 4;
        starts[value] = NOTHING;
        if (kind === TARGET) {
          starts[values.targetId] = NOTHING;
          step += OF_TARGET;
          place = literalEnds[step]!;
        }
      }
      if (at < 0) return false;
      ends[value] = at - 1;
    }
    return at === end && this.areUuids(values.patients);
  }

  /** A value as text, a list without its brackets; null when there is nothing. */
  textOf(value: Value): string | null {
    const start = this.starts[value]!;
    return start === NOTHING ? null : this.bytes.toString('utf8', start, this.ends[value]);
  }

  private areUuids(list: Value): boolean {
    const start = this.starts[list]!;
    if (start === NOTHING) return true;
    const end = this.ends[list]!;
    for (let at = start; at < end; at += UUID_LENGTH + 3) if (!isUuid(this.bytes, at + 1)) return false;
    return true;
  }
}

// Each answers the place after the value that begins at this one; -1 when there is no such value.

function endOfString(bytes: Buffer, start: number): number {
  let at = start + 1;
  while (plain[bytes[at]!] === 1) at += 1;
  return bytes[at] === QUOTE ? at + 1 : -1;
}

/** Of a list whose bracket has been passed. */
function endOfList(bytes: Buffer, start: number): number {
  if (bytes[start] === BRACKET) return start + 1;
  for (let at = start; bytes[at] === QUOTE; at += 1) {
    at = endOfString(bytes, at);
    if (bytes[at] === BRACKET) return at + 1;
    if (bytes[at] !== COMMA) return -1;
  }
  return -1;
}

/** A whole number as JSON has it, without a sign. */
function endOfNumber(bytes: Buffer, start: number): number {
  let at = start;
  while (hexDigits[bytes[at]!]! < 10) at += 1;
  return at === start || (at > start + 1 && bytes[start] === ZERO) ? -1 : at;
}

function isNull(bytes: Buffer, at: number): boolean {
  return bytes[at] === 0x6e && bytes[at + 1] === 0x75 && bytes[at + 2] === 0x6c && bytes[at + 3] === 0x6c;
}

/** Whether a UUID and a quote lie here. */
function isUuid(bytes: Buffer, start: number): boolean {
  for (let place = 0; place < UUID_LENGTH; place += 1) {
    const byte = bytes[start + place]!;
    const dash = place === 8 || place === 13 || place === 18 || place === 23;
    if (dash ? byte !== DASH : !(hexDigits[byte]! < 16)) return false;
  }
  return bytes[start + UUID_LENGTH] === QUOTE;
}
