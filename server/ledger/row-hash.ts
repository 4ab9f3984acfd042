import { createHash } from 'node:crypto';

/** A cell as stored; null when the column is empty. */
export interface StoredCell {
  column: string;
  bytes: Buffer | null;
}

const EMPTY_CELL = 0xffffffff;

/**
 * Hash that anchors a written row in the log, so that a row edited, or put back to an older state whose envelopes are all
 * valid, is found: SHA-256("row2" ‖ u8 length ‖ table ‖ row id as 16 bytes ‖ for each column in name order:
 * u8 length ‖ name ‖ u32 length ‖ bytes), an empty cell having the length FFFFFFFF.
 */
export function rowHash(table: string, rowId: string, cells: readonly StoredCell[]): Buffer {
  const hash = createHash('sha256').update('row2');
  const named = (name: string) => hash.update(Buffer.of(Buffer.byteLength(name))).update(name);
  named(table).update(rowId.replaceAll('-', ''), 'hex');
  const length = Buffer.alloc(4);
  for (const { column, bytes } of [...cells].sort((one, other) => (one.column < other.column ? -1 : 1))) {
    length.writeUInt32BE(bytes ? bytes.length : EMPTY_CELL);
    named(column).update(length);
    if (bytes) hash.update(bytes);
  }
  return hash.digest();
}

/**
 * The bytes of a cell for `rowHash`: a sealed or binary one as stored, a moment as RFC 3339 UTC with milliseconds, anything
 * else as its text. Null stays null.
 */
export function cellBytes(value: unknown): Buffer | null {
  if (value === null || value === undefined) return null;
  if (Buffer.isBuffer(value)) return value;
  return Buffer.from(value instanceof Date ? value.toISOString() : String(value));
}
