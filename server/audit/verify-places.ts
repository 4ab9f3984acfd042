import type { Pool } from 'pg';
import { binaryArray } from '../database/binary-array';
import { Fault } from '../ledger';

/** That an entry is found under a patient it names. */
export type Place = readonly [patient: string, index: number];

/** Index of the first entry that is not found under a patient it names; null when all are. */
export async function firstMissingPlace(pool: Pool, places: readonly Place[]): Promise<number | null> {
  const { rows } = await pool.query<{ index: string | null }>({
    name: 'verify-places',
    text: `SELECT min(named.index)::text AS index FROM unnest($1::uuid[], $2::bigint[]) AS named (patient_id, index)
      WHERE NOT EXISTS (SELECT 1 FROM audit_entry_patient p WHERE p.patient_id = named.patient_id AND p.index = named.index)`,
    values: [
      binaryArray('uuid', places.map(([patient]) => patient)),
      binaryArray('bigint', places.map(([, index]) => index)),
    ], // prettier-ignore
  });
  const index = rows[0]?.index ?? null;
  return index === null ? null : Number(index);
}

/**
 * A place nobody wrote would make an entry speak of a patient it does not name. Throws Fault when there is one among the
 * entries of this shard, which begins with the entry `first`.
 */
export async function checkPlaces(pool: Pool, first: number, size: number, places: number): Promise<void> {
  const { rows } = await pool.query<{ n: string }>(
    'SELECT count(*) AS n FROM audit_entry_patient WHERE index >= $1 AND index < $2',
    [first, first + size],
  );
  if (Number(rows[0]?.n) === places) return;
  const { rows: planted } = await pool.query<{ index: string }>(
    `SELECT min(p.index)::text AS index FROM audit_entry_patient p LEFT JOIN audit_entry e USING (index)
     WHERE p.index >= $1 AND p.index < $2 AND NOT coalesce(convert_from(e.entry, 'UTF8')::jsonb -> 'p' ? p.patient_id::text, false)`,
    [first, first + size],
  );
  const at = Number(planted[0]?.index ?? first);
  throw new Fault('TAMPERED', at - first, `entry ${at} is found under a patient it does not name`);
}
