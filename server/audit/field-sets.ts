import type { Pool } from 'pg';
import { FIELD_SET } from './log-conditions';

/** Sets of column groups there may be in the log before nobody goes through them any more, and lists merged at most. */
const MOST_SETS = 300;
const MOST_MERGED = 32;

/** Steps from one set to the next through their index: as many look-ups as there are sets, however long the log is. */
const SETS = `WITH RECURSIVE sets AS (
  (SELECT ${FIELD_SET} AS hash, e.fields FROM audit_entry e ORDER BY ${FIELD_SET}, -e.index LIMIT 1)
  UNION ALL
  SELECT next.* FROM sets CROSS JOIN LATERAL (SELECT ${FIELD_SET} AS hash, e.fields FROM audit_entry e
    WHERE ${FIELD_SET} > sets.hash ORDER BY ${FIELD_SET}, -e.index LIMIT 1) next)
  SELECT fields FROM sets LIMIT ${MOST_SETS + 1}`;

/**
 * The sets of column groups, as entries name them, that this one is in: entries of one set lie together, those of a group do not.
 * Null when they are too many to be merged.
 */
export async function fieldSets(pool: Pick<Pool, 'query'>, field: string): Promise<string[] | null> {
  const { rows } = await pool.query<{ fields: string }>(SETS);
  const having = rows.map(({ fields }) => fields).filter((fields) => fields.split(',').includes(field));
  return rows.length > MOST_SETS || having.length > MOST_MERGED ? null : having;
}
