import { Query, type Pool, type PoolClient } from 'pg';
import { HASH_BYTES } from '../ledger';

/** Entries as they are stored, one after the other in one Buffer, and what their columns say. */
export interface EntryPage {
  bytes: Buffer;
  entries: readonly StoredEntry[];
}

/** Where an entry, its hashes and its columns lie in the page. */
export interface StoredEntry {
  index: number;
  start: number;
  end: number;
  leafStart: number;
  leafEnd: number;
  chainStart: number;
  chainEnd: number;
  columnsEnd: number;
}

/** The columns people filter by, in the order in which a page has them after the chain. */
export const derivedColumns = [
  'at',
  'actor_id',
  'action',
  'outcome',
  'target_type',
  'target_id',
  'request_id',
  'role',
  'operation',
  'purpose',
  'ip',
  'fields',
] as const;

/** Room for a page of entries as most are. */
const FIRST_BYTES = 1024 * 1024;
/** Signature, flags and length of the extension area, before the first row of a binary COPY. */
const COPY_HEADER_BYTES = 19;
/** Index, entry, leaf and chain come first. */
const FIELDS = 4 + derivedColumns.length;

/** As they are sent, nothing is computed or put together: PostgreSQL has to do as much for an entry as the verifier. */
const COLUMNS = derivedColumns.map((name) => (name.endsWith('_id') ? `${name}::text` : name)).join();

/**
 * Reads entries by COPY, as bytes. Rows of a SELECT come as text: hexadecimal, twice as long, and a value at a time; with a
 * million entries to verify that is most of the work.
 */
export async function readEntryPage(client: PoolClient, from: number, to: number): Promise<EntryPage> {
  const rows = await copyOut(
    client,
    `COPY (SELECT index, entry, leaf, chain, ${COLUMNS} FROM audit_entry
      WHERE index >= ${whole(from)} AND index < ${whole(to)} ORDER BY index) TO STDOUT (FORMAT binary)`,
  );
  return { bytes: rows, entries: placesIn(rows) };
}

/** Leaf hashes of entries, one after the other; fewer when there are not as many. */
export async function readLeaves(pool: Pool, from: number, to: number): Promise<Buffer> {
  const { rows } = await pool.query<{ leaves: Buffer | null }>(
    `SELECT string_agg(leaf, ''::bytea ORDER BY index) AS leaves FROM audit_entry
     WHERE index >= $1 AND index < $2 AND octet_length(leaf) = ${HASH_BYTES}`,
    [from, to],
  );
  return rows[0]?.leaves ?? Buffer.alloc(0);
}

function placesIn(bytes: Buffer): StoredEntry[] {
  const places: StoredEntry[] = [];
  for (let at = COPY_HEADER_BYTES; at + 2 <= bytes.length && bytes.readInt16BE(at) === FIELDS;) {
    // high word apart: an index is below 2^53, and BigInts would be made for nothing
    const index = bytes.readInt32BE(at + 6) * 2 ** 32 + bytes.readUInt32BE(at + 10);
    const start = at + 18;
    const end = start + bytes.readInt32BE(at + 14);
    const leafStart = end + 4;
    const leafEnd = leafStart + bytes.readInt32BE(end);
    const chainStart = leafEnd + 4;
    const chainEnd = chainStart + bytes.readInt32BE(leafEnd);
    let columnsEnd = chainEnd;
    for (let column = 0; column < derivedColumns.length; column += 1)
      columnsEnd += 4 + Math.max(0, bytes.readInt32BE(columnsEnd)); // a length of -1: null
    places.push({ index, start, end, leafStart, leafEnd, chainStart, chainEnd, columnsEnd });
    at = columnsEnd;
  }
  return places;
}

/** A statement whose answer is a stream of bytes (COPY … TO STDOUT), which node-postgres by itself throws away. */
class CopyOut extends Query {
  private bytes = Buffer.allocUnsafe(FIRST_BYTES);
  private length = 0;

  /** Copies at once: the chunk is a view of the connection's buffer, which is written over by what comes next. */
  handleCopyData({ chunk }: { chunk: Buffer }): void {
    const length = this.length + chunk.length;
    if (length > this.bytes.length) this.bytes = Buffer.concat([this.bytes], 2 * length);
    chunk.copy(this.bytes, this.length);
    this.length = length;
  }

  get answer(): Buffer {
    return this.bytes.subarray(0, this.length);
  }
}

function copyOut(client: PoolClient, text: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const query: CopyOut = new CopyOut({ text }, undefined, (error) => (error ? reject(error) : resolve(query.answer)));
    client.query(query);
  });
}

/** COPY takes no parameters, so a number goes into the text, and nothing but a number. */
function whole(figure: number): string {
  if (!Number.isSafeInteger(figure)) throw new TypeError('Places in the log are whole numbers.');
  return String(figure);
}
