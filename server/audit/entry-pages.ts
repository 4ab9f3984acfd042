import { Query, type Pool, type PoolClient } from 'pg';
import { HASH_BYTES } from '../ledger';

/** The columns people filter by, in the order in which a row has them after the chain. */
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

/** Signature, flags and length of the extension area, before the first row of a binary COPY. */
const COPY_HEADER_BYTES = 19;
/** Index, entry, leaf and chain come first, the patients last. */
const FIELDS = 4 + derivedColumns.length + 1;

/** An entry as it is stored. One object stands for each in turn: it is worth nothing once the next is read. */
export class StoredEntry {
  /** What PostgreSQL sent; written over by what comes next. */
  row: Buffer = Buffer.alloc(0);
  index = 0;
  /** Where the entry, its hashes and the first of its columns lie in the row. */
  start = 0;
  end = 0;
  leafStart = 0;
  leafEnd = 0;
  chainStart = 0;
  chainEnd = 0;

  /** False when there is no row here: the end of a COPY. */
  read(row: Buffer, at: number): boolean {
    if (at + 2 > row.length || row.readInt16BE(at) !== FIELDS) return false;
    this.row = row;
    // high word apart: an index is below 2^53, and BigInts would be made for nothing
    this.index = row.readInt32BE(at + 6) * 2 ** 32 + row.readUInt32BE(at + 10);
    this.start = at + 18;
    this.end = this.start + row.readInt32BE(at + 14);
    this.leafStart = this.end + 4;
    this.leafEnd = this.leafStart + row.readInt32BE(this.end);
    this.chainStart = this.leafEnd + 4;
    this.chainEnd = this.chainStart + row.readInt32BE(this.leafEnd);
    return true;
  }
}

/**
 * Reads entries by COPY, each with the patients under whom it is found, and hands over one after the other as they come: rows of
 * a SELECT would be text, hexadecimal, twice as long, and a value at a time; and a page kept until it is whole would be copied.
 * What comes between two of them is other work of this process, so a server serves beside it. Answers how many there were.
 *
 * @throws what `take` throws, once the rest has come and was passed over
 */
export function readEntries(
  client: PoolClient,
  from: number,
  to: number,
  take: (entry: StoredEntry) => void,
): Promise<number> {
  const range = `index >= ${whole(from)} AND index < ${whole(to)}`;
  const text = `COPY (SELECT index, entry, leaf, chain, ${derivedColumns.join()}, patients
    FROM (SELECT * FROM audit_entry WHERE ${range}) e LEFT JOIN (
      SELECT index, string_agg(uuid_send(patient_id), ''::bytea) AS patients FROM audit_entry_patient WHERE ${range} GROUP BY index
    ) p USING (index) ORDER BY index) TO STDOUT (FORMAT binary)`;
  return new Promise((resolve, reject) => {
    const query: CopyOut = new CopyOut({ text }, undefined, (error) => {
      const failed: unknown = error ?? query.failed;
      if (failed) reject(failed);
      else resolve(query.count);
    });
    query.take = take;
    client.query(query);
  });
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

/** A statement whose answer is a stream of bytes (COPY … TO STDOUT), which node-postgres by itself throws away. */
class CopyOut extends Query {
  count = 0;
  failed: unknown = null;
  take: (entry: StoredEntry) => void = () => undefined;
  private readonly entry = new StoredEntry();
  private at = COPY_HEADER_BYTES;

  /** PostgreSQL sends a message for each row, the first with the header before it, the last with nothing but an end. */
  handleCopyData({ chunk }: { chunk: Buffer }): void {
    const { at } = this;
    this.at = 0;
    if (this.failed !== null) return;
    try {
      if (!this.entry.read(chunk, at)) return;
      this.take(this.entry);
      this.count += 1;
    } catch (error) {
      this.failed = error;
    }
  }
}

/** COPY takes no parameters, so a number goes into the text, and nothing but a number. */
function whole(figure: number): string {
  if (!Number.isSafeInteger(figure)) throw new TypeError('Places in the log are whole numbers.');
  return String(figure);
}
