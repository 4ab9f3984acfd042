import type { Pool } from 'pg';
import { sealedEntityOf } from '../database/sealed-column';
import { decodeEntry, rowHash } from '../ledger';

/** A row that is not what the log says was last written. */
export interface RowFinding {
  table: string;
  rowId: string;
  /** Time of the last entry about the row, when it was true; null when the log does not know the row. */
  lastTrue: string | null;
}

/** Tables with sealed columns and how the ledger calls their rows. */
const watched = [
  { table: 'patient', type: 'patient' },
  { table: 'visit', type: 'visit' },
  { table: 'treatment_update', type: 'treatment' },
  { table: 'app_user', type: 'user' },
];

const PAGE = 500;

/**
 * Compares every sealed row with the row hash of its newest entry: finds a row edited or put back to an older state behind
 * the application. Rows written while this runs are looked at again before they are reported.
 */
export async function verifyRows(
  pool: Pool,
  onProgress: (done: number) => void = () => undefined,
): Promise<RowFinding[]> {
  const findings: RowFinding[] = [];
  let done = 0;
  for (const { table, type } of watched) {
    for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
      const { rows } = await pool.query<Row>(`SELECT * FROM ${table} WHERE id > $1 ORDER BY id LIMIT $2`, [
        after,
        PAGE,
      ]);
      findings.push(...(await compare(pool, table, type, rows)));
      onProgress((done += rows.length));
      if (rows.length < PAGE) break;
      after = rows.at(-1)!.id;
    }
  }
  return findings;
}

interface Row {
  id: string;
  [column: string]: unknown;
}

async function compare(pool: Pool, table: string, type: string, rows: Row[]): Promise<RowFinding[]> {
  const suspects = await mismatches(pool, table, type, rows);
  if (suspects.length === 0) return [];
  const ids = suspects.map(({ rowId }) => rowId);
  const { rows: again } = await pool.query<Row>(`SELECT * FROM ${table} WHERE id = ANY($1::uuid[])`, [ids]);
  return mismatches(pool, table, type, again);
}

async function mismatches(pool: Pool, table: string, type: string, rows: Row[]): Promise<RowFinding[]> {
  const { rows: entries } = await pool.query<{ target_id: string; entry: Buffer }>(
    `SELECT DISTINCT ON (target_id) target_id, entry FROM (
       SELECT target_id, entry, index FROM audit_entry
       WHERE target_id = ANY($1::uuid[]) AND target_type = $2 AND action IN ('create', 'update', 'delete', 'restore')
       UNION ALL
       SELECT target_id, entry, id + 9000000000000000 FROM audit_pending
       WHERE target_id = ANY($1::uuid[]) AND target_type = $2 AND action IN ('create', 'update', 'delete', 'restore')
     ) AS written ORDER BY target_id, index DESC`,
    [rows.map(({ id }) => id), type],
  );
  const newest = new Map(entries.map(({ target_id: id, entry }) => [id, decodeEntry(entry)]));
  const { columns } = sealedEntityOf(table);
  return rows.flatMap((row) => {
    const cells = columns.map(({ column }) => ({ column, bytes: Buffer.isBuffer(row[column]) ? row[column] : null }));
    const entry = newest.get(row.id);
    if (entry?.rh === rowHash(table, row.id, cells).toString('hex')) return [];
    return { table, rowId: row.id, lastTrue: entry?.t ?? null };
  });
}
