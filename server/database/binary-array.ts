import { writeUuid } from '../crypto/uuid';

/** What an element may be; the array's type says which. A moment is a Date or RFC 3339 text. */
export type Element = string | number | bigint | boolean | Date | Buffer | null;

interface ElementFormat {
  /** PostgreSQL's own number of the type, the same in every installation (pg_type.dat). */
  oid: number;
  size: (value: never) => number;
  write: (value: never, target: Buffer, at: number) => void;
}

/** PostgreSQL counts microseconds from here. */
const EPOCH = Date.UTC(2000, 0, 1);

const formats = {
  boolean: { oid: 16, size: () => 1, write: (value: boolean, target, at) => void target.writeUInt8(value ? 1 : 0, at) },
  bytea: {
    oid: 17,
    size: (value: Buffer) => value.length,
    write: (value: Buffer, target, at) => void value.copy(target, at),
  },
  bigint: {
    oid: 20,
    size: () => 8,
    write: (value: number | string | bigint, target, at) => void target.writeBigInt64BE(BigInt(value), at),
  },
  integer: { oid: 23, size: () => 4, write: (value: number, target, at) => void target.writeInt32BE(value, at) },
  text: {
    oid: 25,
    size: (value: string) => Buffer.byteLength(value),
    write: (value: string, target, at) => void target.write(value, at),
  },
  timestamptz: {
    oid: 1184,
    size: () => 8,
    write: (value: Date | string, target, at) =>
      void target.writeBigInt64BE(BigInt((new Date(value).getTime() - EPOCH) * 1000), at),
  },
  uuid: { oid: 2950, size: () => 16, write: (value: string, target, at) => writeUuid(value, target, at) },
} satisfies Record<string, ElementFormat>;

/** Types whose arrays can be written here. */
export type ElementType = keyof typeof formats;

/** True for a type whose arrays can be written here. */
export function isElementType(type: unknown): type is ElementType {
  return typeof type === 'string' && Object.hasOwn(formats, type);
}

const ELEMENT_HEADER = 4;
const NULL_LENGTH = -1;

/**
 * An array as PostgreSQL takes it in binary (array_recv): pg sends a Buffer as a binary parameter, so bytes travel as they
 * are. As text they would be hex, twice as long, escaped here and read letter by letter there, which costs more than
 * sealing them. The statement must name the type: `$1::bytea[]`.
 */
export function binaryArray(type: ElementType, values: readonly Element[]): Buffer {
  const { oid, size, write } = formats[type] as ElementFormat;
  const sizes = values.map((value) => (value === null ? NULL_LENGTH : size(value as never)));
  const dimensions = values.length > 0 ? 1 : 0;
  const header = 12 + 8 * dimensions;
  const array = Buffer.allocUnsafe(sizes.reduce((sum, length) => sum + ELEMENT_HEADER + Math.max(0, length), header));
  array.writeInt32BE(dimensions, 0);
  array.writeInt32BE(sizes.includes(NULL_LENGTH) ? 1 : 0, 4);
  array.writeInt32BE(oid, 8);
  if (dimensions > 0) {
    array.writeInt32BE(values.length, 12);
    array.writeInt32BE(1, 16); // lower bound
  }
  let at = header;
  for (const [place, value] of values.entries()) {
    const length = sizes[place]!;
    array.writeInt32BE(length, at);
    at += ELEMENT_HEADER;
    if (value === null) continue;
    write(value as never, array, at);
    at += length;
  }
  return array;
}
