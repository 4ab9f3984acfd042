import type { KeyObject } from 'node:crypto';
import type { Pool } from 'pg';
import { cellBytes, decodeEntry, factsOf, rowHash } from '../ledger';
import { anchorsOf, hashOfAnchors, WRITING, type LastWritten } from './row-anchors';
import { newestDrop } from './shard-links';

/** A row that is not what the log says was last written. */
export interface RowFinding {
  table: string;
  rowId: string;
  /** What is wrong: changed behind the application, gone, or never written by it. */
  fault: 'changed' | 'missing' | 'unknown';
  /** Time of the last entry about the row, when it was true; null when the log does not know the row. */
  lastTrue: string | null;
}

/** Audited tables and how the ledger calls their rows; a test compares them with the database's triggers. */
export const watchedTables = [
  { table: 'patient', type: 'patient' },
  { table: 'visit', type: 'visit' },
  { table: 'visit_amendment', type: 'visitAmendment' },
  { table: 'treatment_update', type: 'treatment' },
  { table: 'care_team_member', type: 'careTeam' },
  { table: 'break_glass_grant', type: 'breakGlass' },
  { table: 'snooping_finding', type: 'snooping' },
  { table: 'patient_merge', type: 'patientMerge' },
  { table: 'app_user', type: 'user' },
  { table: 'totp_secret', type: 'totp' },
  { table: 'passkey', type: 'passkey' },
  { table: 'oidc_link', type: 'oidcLink' },
  { table: 'api_client', type: 'apiClient' },
  { table: 'api_client_credential', type: 'apiClientCredential' },
] as const;

type Watched = (typeof watchedTables)[number];

const PAGE = 500;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/**
 * Compares every audited row with the row hash of its newest entry, and every row the log knows with the table: finds rows
 * edited, put back to an older state, planted or deleted behind the application. Suspects are looked at again before they
 * are reported, since people go on working. Of rows written last in dropped entries, what was kept of those counts, after
 * it was compared with what the log says of the dropping.
 */
export async function verifyRows(
  pool: Pool,
  keys: readonly KeyObject[],
  onProgress: (done: number) => void = () => undefined,
): Promise<RowFinding[]> {
  const findings = await faultsOfAnchors(pool, keys);
  let done = 0;
  for (const watched of watchedTables) {
    for (const idsAfter of [idsInTable, idsInLog]) {
      for (let after = FIRST_ID; ;) {
        const ids = await idsAfter(pool, watched, after);
        const suspects = await faultsAmong(pool, watched, ids);
        const again = suspects.map(({ rowId }) => rowId);
        if (again.length > 0) findings.push(...(await faultsAmong(pool, watched, again)));
        if (idsAfter === idsInTable) onProgress((done += ids.length));
        if (ids.length < PAGE) break;
        after = ids.at(-1)!;
      }
    }
  }
  const key = ({ table, rowId }: RowFinding) => `${table} ${rowId}`;
  return [...new Map(findings.map((finding) => [key(finding), finding])).values()];
}

interface Row {
  id: string;
  [column: string]: unknown;
}

/** What is kept of dropped entries must be what their dropping, signed, says. */
async function faultsOfAnchors(pool: Pool, keys: readonly KeyObject[]): Promise<RowFinding[]> {
  for (let look = 0; look < 2; look += 1) {
    const { count, hash } = await hashOfAnchors(pool);
    const told = (await newestDrop(pool, keys))?.rows;
    if (told ? told.hash === hash : count === 0) return [];
  } // twice: entries may just be being dropped
  return [{ table: 'audit_row_anchor', rowId: 'all rows', fault: 'changed', lastTrue: null }];
}

async function idsInTable(pool: Pool, { table }: Watched, after: string): Promise<string[]> {
  const { rows } = await pool.query<Row>(`SELECT id FROM ${table} WHERE id > $1 ORDER BY id LIMIT $2`, [after, PAGE]);
  return rows.map(({ id }) => id);
}

async function idsInLog(pool: Pool, { type }: Watched, after: string): Promise<string[]> {
  const { rows } = await pool.query<Row>(
    `(SELECT DISTINCT target_id AS id FROM audit_entry
       WHERE target_id > $1 AND target_type = $2 AND action IN ${WRITING} ORDER BY target_id LIMIT $3)
     UNION (SELECT target_id FROM audit_row_anchor WHERE target_id > $1 AND target_type = $2 ORDER BY target_id LIMIT $3)
     ORDER BY id LIMIT $3`,
    [after, type, PAGE],
  );
  return rows.map(({ id }) => id);
}

async function faultsAmong(pool: Pool, { table, type }: Watched, ids: string[]): Promise<RowFinding[]> {
  const newest = await newestEntries(pool, type, ids);
  const { rows } = await pool.query<Row>(`SELECT * FROM ${table} WHERE id = ANY($1::uuid[])`, [ids]);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((rowId) => {
    const fault = faultOf(table, byId.get(rowId), newest.get(rowId));
    return fault ? { table, rowId, fault, lastTrue: newest.get(rowId)?.t ?? null } : [];
  });
}

function faultOf(table: string, row: Row | undefined, entry: LastWritten | undefined): RowFinding['fault'] | null {
  if (!row) return entry && entry.a !== 'remove' ? 'missing' : null;
  if (!entry || entry.a === 'remove') return 'unknown';
  const cells = Object.entries(row).map(([column, value]) => ({ column, bytes: cellBytes(value) }));
  return entry.rh === rowHash(table, row.id, cells).toString('hex') ? null : 'changed';
}

/**
 * The newest entry about each row; one still pending is newer than any sealed one. That it is about the row its own bytes must
 * say: the columns beside what is pending are anybody's who may write there, and what is no entry may wait for ever.
 */
async function newestEntries(pool: Pool, type: string, ids: string[]): Promise<Map<string, LastWritten>> {
  const { rows } = await pool.query<{ target_id: string; entry: Buffer }>(
    `SELECT DISTINCT ON (target_id, pending) target_id, entry FROM (
       SELECT target_id, entry, false AS pending, index AS place FROM audit_entry
       WHERE target_id = ANY($1::uuid[]) AND target_type = $2 AND action IN ${WRITING}
       UNION ALL
       SELECT target_id, entry, true, id FROM audit_pending
       WHERE target_id = ANY($1::uuid[]) AND target_type = $2 AND action IN ${WRITING}
     ) AS written ORDER BY target_id, pending DESC, place DESC`,
    [ids, type],
  );
  const found = await anchorsOf(pool, type, ids);
  const about = rows.filter(({ target_id: id, entry }) => isAbout(entry, { type, id })).reverse(); // what is pending last
  for (const { target_id: id, entry } of about) found.set(id, decodeEntry(entry));
  return found;
}

function isAbout(entry: Buffer, { type, id }: { type: string; id: string }): boolean {
  try {
    const { targetType, targetId } = factsOf(entry);
    return targetType === type && targetId === id;
  } catch {
    return false; // no entry
  }
}
