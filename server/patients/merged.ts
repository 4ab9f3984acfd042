import type { EntityManager } from 'typeorm';

/** SQL condition, true for a patient (id in `column`) whose record was not merged into another. */
export function notMerged(column: string): string {
  return `NOT EXISTS (SELECT 1 FROM patient_merge g WHERE g.merged_id = ${column} AND g.unmerged_at IS NULL)`;
}

/**
 * SQL condition, true for a deleted patient (id in `column`) who may come back: neither erased nor merged into another.
 * Whoever sees deleted patients must carry it.
 */
export function canReturn(column: string): string {
  return `(NOT EXISTS (SELECT 1 FROM erasure e WHERE e.id = ${column}) AND ${notMerged(column)})`;
}

/** SQL: the id of the patient that this one (an id, as SQL) goes by today: itself, unless it was merged into another. */
export function keptFor(id: string): string {
  return `(WITH RECURSIVE way (id) AS (
      SELECT ${id} UNION
      SELECT g.kept_id FROM way JOIN patient_merge g ON g.merged_id = way.id AND g.unmerged_at IS NULL)
    SELECT way.id FROM way WHERE ${notMerged('way.id')})`;
}

/** Ids of the records merged into these patients, also those that had been merged into one of them before. */
export async function mergedInto(
  manager: Pick<EntityManager, 'query'>,
  patientIds: readonly string[],
): Promise<string[]> {
  const rows = await manager.query<{ id: string }[]>(
    `WITH RECURSIVE within (id) AS (
       SELECT merged_id FROM patient_merge WHERE kept_id = ANY($1::uuid[]) AND unmerged_at IS NULL UNION
       SELECT g.merged_id FROM within JOIN patient_merge g ON g.kept_id = within.id AND g.unmerged_at IS NULL)
     SELECT id FROM within ORDER BY id`,
    [patientIds],
  );
  return rows.map(({ id }) => id);
}
