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
const UUID_LENGTH = 36;

/** 1 for bytes that stand for themselves in a JSON string; bytes of letters beyond ASCII do. */
const plain = new Uint8Array(256).fill(1, 0x20);
plain[QUOTE] = 0;
plain[0x5c] = 0;

/** The value of a hexadecimal digit, lower case as `encodeEntry` has it; 16 for anything else. */
export const hexDigits = new Uint8Array(256).fill(16);
for (let digit = 0; digit < 16; digit += 1) hexDigits[digit.toString(16).charCodeAt(0)] = digit;

const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));
const NULL = bytesOf('null');
/** What stands before each value, in the order of canonical JSON. */
const before = {
  a: bytesOf('{"a":'),
  kind: bytesOf(',"by":{"k":'),
  role: bytesOf(',"r":'),
  session: bytesOf(',"s":'),
  actor: bytesOf(',"u":'),
  d: bytesOf('},"d":'),
  f: bytesOf(',"f":['),
  id: bytesOf(',"id":'),
  ip: bytesOf(',"ip":'),
  k: bytesOf(',"k":'),
  n: bytesOf(',"n":'),
  o: bytesOf(',"o":'),
  targetId: bytesOf('{"i":'),
  targetType: bytesOf(',"t":'),
  afterTarget: bytesOf('}'),
  op: bytesOf(',"op":'),
  p: bytesOf(',"p":['),
  q: bytesOf(',"q":'),
  rh: bytesOf(',"rh":'),
  t: bytesOf(',"t":'),
  v: bytesOf(',"v":1'),
  w: bytesOf(',"w":'),
  why: bytesOf(',"why":'),
  end: bytesOf('}'),
};

/**
 * Finds where the values of an entry lie in its bytes, so that they can be compared where they are: making strings of them
 * takes several times as long as hashing the entry. Reads the one form in which `encodeEntry` writes, escapes in strings apart.
 */
export class EntryValues {
  /** Places of the first byte of each value, and of the one after its last, quotes left out. */
  readonly starts = new Int32Array(UNUSED + 1);
  readonly ends = new Int32Array(UNUSED + 1);
  bytes: Buffer = Buffer.alloc(0);
  private at = 0;

  /** False when the bytes between these places are of another form: then it is for `parsedFacts` to say what they are. */
  find(bytes: Buffer, start: number, end: number): boolean {
    this.bytes = bytes;
    this.at = start;
    return (
      this.text(before.a, values.action) &&
      this.text(before.kind, UNUSED) &&
      this.textOrNull(before.role, values.role) &&
      this.textOrNull(before.session, UNUSED) &&
      this.textOrNull(before.actor, values.actorId) &&
      this.textOrNull(before.d, UNUSED) &&
      this.list(before.f, values.fields) &&
      this.text(before.id, UNUSED) &&
      this.textOrNull(before.ip, values.ip) &&
      this.text(before.k, values.outcome) &&
      this.number(before.n) &&
      this.target() &&
      this.textOrNull(before.op, values.operation) &&
      this.list(before.p, values.patients) &&
      this.areUuids(values.patients) &&
      this.text(before.q, values.requestId) &&
      this.textOrNull(before.rh, UNUSED) &&
      this.text(before.t, values.at) &&
      this.literal(before.v) &&
      this.text(before.w, values.purpose) &&
      this.textOrNull(before.why, UNUSED) &&
      this.literal(before.end) &&
      this.at === end
    );
  }

  /** A value as text; null when there is nothing. */
  textOf(value: Value): string | null {
    const start = this.starts[value]!;
    return start === NOTHING ? null : this.bytes.toString('utf8', start, this.ends[value]);
  }

  private literal(expected: Uint8Array): boolean {
    const { bytes, at } = this;
    for (let place = 0; place < expected.length; place += 1) if (bytes[at + place] !== expected[place]) return false;
    this.at = at + expected.length;
    return true;
  }

  private text(name: Uint8Array, value: number): boolean {
    return this.literal(name) && this.string(value);
  }

  private textOrNull(name: Uint8Array, value: number): boolean {
    return this.literal(name) && (this.bytes[this.at] === QUOTE ? this.string(value) : this.nothing(value));
  }

  private string(value: number): boolean {
    const { bytes } = this;
    if (bytes[this.at] !== QUOTE) return false;
    const start = this.at + 1;
    let end = start;
    while (plain[bytes[end]!] === 1) end += 1;
    this.starts[value] = start;
    this.ends[value] = end;
    this.at = end + 1;
    return bytes[end] === QUOTE;
  }

  private nothing(value: number): boolean {
    this.starts[value] = NOTHING;
    return this.literal(NULL);
  }

  private list(name: Uint8Array, value: number): boolean {
    if (!this.literal(name)) return false;
    const start = this.at;
    if (this.bytes[start] === BRACKET) {
      this.starts[value] = NOTHING;
      this.at = start + 1;
      return true;
    }
    do {
      if (!this.string(UNUSED)) return false;
      this.at += 1;
    } while (this.bytes[this.at - 1] === COMMA);
    this.starts[value] = start;
    this.ends[value] = this.at - 1;
    return this.bytes[this.at - 1] === BRACKET;
  }

  /** A number without sign, point or leading zeros. */
  private number(name: Uint8Array): boolean {
    if (!this.literal(name)) return false;
    const start = this.at;
    while (hexDigits[this.bytes[this.at]!]! < 10) this.at += 1;
    const length = this.at - start;
    return length === 1 || (length > 1 && this.bytes[start] !== ZERO);
  }

  private target(): boolean {
    if (!this.literal(before.o)) return false;
    if (this.literal(before.targetId))
      return (
        (this.bytes[this.at] === QUOTE ? this.string(values.targetId) : this.nothing(values.targetId)) &&
        this.text(before.targetType, values.targetType) &&
        this.literal(before.afterTarget)
      );
    this.starts[values.targetId] = NOTHING;
    return this.nothing(values.targetType);
  }

  private areUuids(list: Value): boolean {
    const start = this.starts[list]!;
    if (start === NOTHING) return true;
    const end = this.ends[list]!;
    for (let at = start; at < end; at += UUID_LENGTH + 3) if (!isUuid(this.bytes, at + 1)) return false;
    return true;
  }
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
