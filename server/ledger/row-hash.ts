import { hash } from 'node:crypto';

/** A cell as stored; null when the column is empty. */
export interface StoredCell {
  column: string;
  bytes: Buffer | null;
}

const LABEL = Buffer.from('row2');
const EMPTY_CELL = 0xffffffff;

/**
 * Columns that came to a table after rows of it had been hashed. Empty, they are left out: a row that was written before
 * them keeps its hash. With a value they count like any other.
 */
const laterColumns: Readonly<Record<string, readonly string[]>> = {
  app_user: ['address'],
  care_team_member: ['added_by', 'care_role', 'closed_by', 'reason', 'until'],
  patient: ['confidential_reason'],
};

const names = new Map<string, Buffer>();

/**
 * Hash that anchors a written row in the log, so that a row edited, or put back to an older state whose envelopes are all
 * valid, is found: SHA-256("row2" ‖ u8 length ‖ table ‖ row id as 16 bytes ‖ for each column in name order:
 * u8 length ‖ name ‖ u32 length ‖ bytes), an empty cell having the length FFFFFFFF, or being left out in a later column.
 */
export function rowHash(table: string, rowId: string, cells: readonly StoredCell[]): Buffer {
  const parts: Uint8Array[] = [LABEL, named(table), Buffer.from(rowId.replaceAll('-', ''), 'hex')];
  const later = laterColumns[table];
  for (const { column, bytes } of [...cells].sort((one, other) => (one.column < other.column ? -1 : 1))) {
    if (bytes === null && later?.includes(column)) continue;
    const length = Buffer.allocUnsafe(4);
    length.writeUInt32BE(bytes ? bytes.length : EMPTY_CELL);
    parts.push(named(column), length);
    if (bytes) parts.push(bytes);
  }
  return hash('sha256', Buffer.concat(parts), 'buffer'); // in one call: a hash object's making costs more than a row
}

/** u8 length ‖ name; remembered, since there are only as many as tables and columns. */
function named(name: string): Buffer {
  let bytes = names.get(name);
  if (!bytes) {
    bytes = Buffer.concat([Buffer.of(Buffer.byteLength(name)), Buffer.from(name)]);
    names.set(name, bytes);
  }
  return bytes;
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
