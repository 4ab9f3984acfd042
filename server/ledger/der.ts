/** DER (X.690), as much of it as time stamps need: strict, definite lengths, tags of one byte. */

/** One element: its tag, all its bytes, and its content. */
export interface Der {
  readonly tag: number;
  readonly whole: Buffer;
  readonly content: Buffer;
}

export const tags = {
  boolean: 0x01,
  integer: 0x02,
  octets: 0x04,
  oid: 0x06,
  time: 0x18,
  sequence: 0x30,
  set: 0x31,
  /** Constructed, context-specific. */
  context: (n: number) => 0xa0 | n,
} as const;

/** The elements that lie one after the other in these bytes. Throws RangeError when they do not fill them exactly. */
function readAll(bytes: Buffer): Der[] {
  const found: Der[] = [];
  for (let at = 0; at < bytes.length;) {
    const element = readAt(bytes, at);
    found.push(element);
    at += element.whole.length;
  }
  return found;
}

/** The one element these bytes are. Throws RangeError when they are not. */
export function readOne(bytes: Buffer, tag?: number): Der {
  const [element, ...more] = readAll(bytes);
  if (!element || more.length > 0) throw new RangeError('not one DER element');
  return demandTag(element, tag);
}

/** The elements of a constructed one. Throws RangeError when it is of another kind, or malformed. */
export function membersOf(element: Der | undefined, tag?: number): Der[] {
  return readAll(demandTag(element, tag).content);
}

/** Throws RangeError when the element is missing or of another kind. */
export function demandTag(element: Der | undefined, tag?: number): Der {
  if (!element || (tag !== undefined && element.tag !== tag)) throw new RangeError('another DER element was expected');
  return element;
}

/** An object identifier in dotted decimals. */
export function oidOf(element: Der | undefined): string {
  const numbers: number[] = [];
  let number = 0;
  for (const byte of demandTag(element, tags.oid).content) {
    number = number * 128 + (byte & 0x7f);
    if (number > Number.MAX_SAFE_INTEGER) throw new RangeError('too large an object identifier');
    if (byte & 0x80) continue;
    numbers.push(number);
    number = 0;
  }
  const [head = 0, ...rest] = numbers;
  const first = Math.min(2, Math.floor(head / 40));
  return [first, head - 40 * first, ...rest].join('.');
}

/** A GeneralizedTime in UTC, as DER has it: YYYYMMDDhhmmss[.f…]Z. */
export function timeOf(element: Der | undefined): Date {
  const text = demandTag(element, tags.time).content.toString('latin1');
  const [, year, month, day, hours, minutes, seconds, fraction = ''] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d{1,9})?Z$/.exec(text) ?? [];
  const time = new Date(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}${fraction.slice(0, 4)}Z`);
  if (Number.isNaN(time.valueOf())) throw new RangeError('not a time in UTC');
  return time;
}

/** Writes one element around contents that lie one after the other. */
export function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const head = length < 0x80 ? [tag, length] : length < 0x100 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 0xff]; // prettier-ignore
  if (length > 0xffff) throw new RangeError('too long to be written here');
  return Buffer.concat([Buffer.from(head), content]);
}

const LONGEST_LENGTH = 4;

function readAt(bytes: Buffer, at: number): Der {
  const [tag, short] = [bytes[at], bytes[at + 1]];
  if (tag === undefined || short === undefined || (tag & 0x1f) === 0x1f) throw new RangeError('not DER');
  let length = short;
  let start = at + 2;
  if (short >= 0x80) {
    const digits = short & 0x7f;
    if (digits === 0 || digits > LONGEST_LENGTH || start + digits > bytes.length) throw new RangeError('not DER');
    length = bytes.readUIntBE(start, digits);
    if (length < 0x80 || (digits > 1 && bytes[start] === 0)) throw new RangeError('a length that is not the shortest');
    start += digits;
  }
  const end = start + length;
  if (end > bytes.length) throw new RangeError('cut short');
  return { tag, whole: bytes.subarray(at, end), content: bytes.subarray(start, end) };
}
