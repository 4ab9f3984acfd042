import { IntegrityError } from './errors';

/** Turns values of one kind into bytes and back. The first byte names the kind, so a value never opens as another one. */
export interface Codec<T> {
  readonly type: number;
  /** Type byte ‖ value. */
  encode(value: T): Buffer;
  /** Throws IntegrityError when the type byte is another one. */
  decode(bytes: Buffer): T;
}

const TEXT = 0x01;
const JSON_VALUE = 0x02;
const BYTES = 0x03;

/** Text in UTF-8. */
export const text: Codec<string> = {
  type: TEXT,
  encode: (value) => prefixed(TEXT, value),
  decode: (bytes) => unprefixed(TEXT, bytes),
};

/** Raw bytes, such as a secret. */
export const bytes: Codec<Buffer> = {
  type: BYTES,
  encode: (value) => Buffer.concat([Buffer.of(BYTES), value]),
  decode: (stored) => {
    requireType(BYTES, stored);
    return stored.subarray(1);
  },
};

const anyJson: Codec<unknown> = {
  type: JSON_VALUE,
  encode: (value) => {
    const written: string | undefined = JSON.stringify(value);
    if (written === undefined) throw new TypeError('This value has no JSON form.');
    return prefixed(JSON_VALUE, written);
  },
  decode: (stored) => freeze(JSON.parse(unprefixed(JSON_VALUE, stored))),
};

/**
 * A value with a JSON form (RFC 8259): what is read together is sealed together. What it decodes is frozen, since a change
 * made inside an opened value would be lost: set a new value instead.
 */
export function json<T>(): Codec<T> {
  return anyJson as Codec<T>;
}

/** Below 0x80 the type is one UTF-8 byte, so one encoding pass writes both. */
function prefixed(type: number, value: string): Buffer {
  return Buffer.from(String.fromCharCode(type) + value, 'utf8');
}

function unprefixed(type: number, stored: Buffer): string {
  requireType(type, stored);
  return stored.toString('utf8', 1);
}

function requireType(type: number, stored: Buffer): void {
  if (stored[0] !== type) throw new IntegrityError('A sealed value opened, but it is of another type.');
}

function freeze(value: unknown): unknown {
  if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) freeze(part);
    Object.freeze(value);
  }
  return value;
}
