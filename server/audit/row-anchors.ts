import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import type { LedgerEntry } from '../ledger';
import { entryJson } from './entry-sql';

/** What the newest entry about a row says of it. */
export type LastWritten = Pick<LedgerEntry, 'a' | 'rh' | 't'>;

/** Actions whose entries carry a row hash, or say that the row is gone. */
export const WRITING = "('create', 'update', 'delete', 'restore', 'remove', 'reseal', 'erase')";

type Queryable = Pick<Pool, 'query'>;

interface AnchorRow {
  target_type: string;
  target_id: string;
  action: string;
  at: Date;
  row_hash: string | null;
}

const PAGE = 5_000;

/**
 * Keeps, of every row of these types that was written last in the entries below this index, what was written: those entries
 * are about to be dropped. Rows written again since, and rows that are gone, need none.
 */
export async function keepAnchors(client: Queryable, types: readonly string[], below: number): Promise<void> {
  await client.query(
    `INSERT INTO audit_row_anchor (target_type, target_id, action, at, row_hash)
     SELECT DISTINCT ON (target_type, target_id) target_type, target_id, action, at, ${entryJson('entry')} ->> 'rh'
     FROM audit_entry
     WHERE index < $1 AND target_type = ANY ($2) AND target_id IS NOT NULL AND action IN ${WRITING}
     ORDER BY target_type, target_id, index DESC
     ON CONFLICT (target_type, target_id)
       DO UPDATE SET action = excluded.action, at = excluded.at, row_hash = excluded.row_hash`,
    [below, types],
  );
  await client.query(
    `DELETE FROM audit_row_anchor a WHERE a.action = 'remove' OR EXISTS (
       SELECT FROM audit_entry e WHERE e.index >= $1 AND e.target_id = a.target_id AND e.target_type = a.target_type
         AND e.action IN ${WRITING})`,
    [below],
  );
}

/** How many rows are kept, and the hash over them: SHA-256 over a line for each, tab between its columns, by type and id. */
export async function hashOfAnchors(client: Queryable): Promise<{ count: number; hash: string }> {
  const hash = createHash('sha256');
  let count = 0;
  for (let after: readonly [string, string] = ['', '00000000-0000-0000-0000-000000000000']; ;) {
    const { rows } = await client.query<AnchorRow>(
      `SELECT target_type, target_id, action, at, row_hash FROM audit_row_anchor
       WHERE (target_type, target_id) > ($1, $2::uuid) ORDER BY target_type, target_id LIMIT ${PAGE}`,
      [...after],
    );
    for (const { target_type: type, target_id: id, action, at, row_hash: rowHash } of rows)
      hash.update(`${type}\t${id}\t${action}\t${at.toISOString()}\t${rowHash ?? ''}\n`);
    count += rows.length;
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return { count, hash: hash.digest('hex') };
    after = [last.target_type, last.target_id];
  }
}

/** What dropped entries said last of these rows. */
export async function anchorsOf(
  pool: Queryable,
  type: string,
  ids: readonly string[],
): Promise<Map<string, LastWritten>> {
  const { rows } = await pool.query<AnchorRow>(
    'SELECT target_id, action, at, row_hash FROM audit_row_anchor WHERE target_type = $2 AND target_id = ANY ($1::uuid[])',
    [ids, type],
  );
  return new Map(rows.map((row) => [row.target_id, { a: row.action, t: row.at.toISOString(), rh: row.row_hash }]));
}
