import { createHash } from 'node:crypto';

/** A sealed cell as stored; null when the column is empty. */
export interface StoredCell {
  column: string;
  bytes: Buffer | null;
}

const EMPTY_CELL = 0xffffffff;

/**
 * Hash that anchors a written row in the log, so that a cell put back to an older, validly sealed value is found:
 * SHA-256("row1" ‖ u8 length ‖ table ‖ row id as 16 bytes ‖ for each sealed column in name order:
 * u8 length ‖ name ‖ u32 length ‖ bytes), an empty cell having the length FFFFFFFF.
 */
export function rowHash(table: string, rowId: string, cells: readonly StoredCell[]): Buffer {
  const hash = createHash('sha256').update('row1');
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
