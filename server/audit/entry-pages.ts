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
  leafEnd: number;
  chainEnd: number;
  columnsEnd: number;
}

/** Names of the columns people filter by, in the order in which `columnsText` writes them. */
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

/** Between columns, and for one that is null: no entry has these characters in what is derived from it. */
export const BETWEEN = '\x1f';
export const NULL = '\x1e';

const LENGTHS_BYTES = 8 + 4 * 4;
/** Room for a page of entries as most are. */
const FIRST_BYTES = 512 * 1024;
/** A row in binary COPY: count of fields, length of the one field. */
const ROW_HEADER_BYTES = 6;
/** Signature, flags and length of the extension area, before the first row. */
const COPY_HEADER_BYTES = 19;

const COLUMNS = `concat_ws('${BETWEEN}', trim_scale(extract(epoch FROM at) * 1000),
  coalesce(actor_id::text, '${NULL}'), action, outcome, coalesce(target_type, '${NULL}'), coalesce(target_id::text, '${NULL}'),
  coalesce(request_id, '${NULL}'), role, operation, purpose, ip, fields)`;

/**
 * Reads entries by COPY, as bytes. Rows of a SELECT come as text: hexadecimal, twice as long, and a value at a time; with a
 * million entries to verify that is most of the work.
 */
export async function readEntryPage(client: PoolClient, from: number, to: number): Promise<EntryPage> {
  const rows = await copyOut(
    client,
    `COPY (SELECT int8send(index) || int4send(octet_length(entry)) || int4send(octet_length(leaf)) || int4send(octet_length(chain))
        || int4send(octet_length(columns)) || entry || leaf || chain || columns
      FROM (SELECT index, entry, leaf, chain, convert_to(${COLUMNS}, 'UTF8') AS columns FROM audit_entry
        WHERE index >= ${whole(from)} AND index < ${whole(to)} ORDER BY audit_entry.index) AS e) TO STDOUT (FORMAT binary)`,
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
  for (let at = COPY_HEADER_BYTES; at + ROW_HEADER_BYTES <= bytes.length && bytes.readInt16BE(at) === 1;) {
    const lengths = at + ROW_HEADER_BYTES;
    const start = lengths + LENGTHS_BYTES;
    const end = start + bytes.readInt32BE(lengths + 8);
    const leafEnd = end + bytes.readInt32BE(lengths + 12);
    const chainEnd = leafEnd + bytes.readInt32BE(lengths + 16);
    const columnsEnd = chainEnd + bytes.readInt32BE(lengths + 20);
    // high word apart: an index is below 2^53, and BigInts would be made for nothing
    const index = bytes.readInt32BE(lengths) * 2 ** 32 + bytes.readUInt32BE(lengths + 4);
    places.push({ index, start, end, leafEnd, chainEnd, columnsEnd });
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
