import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Parts an array of tokens is looked up in: GIN compares every token of one part with each row it finds. */
const PARTS = 64;

/**
 * All rows of a search generation that have one of some tokens, and one of some others unless there are none. The index
 * intersects the two and no other row is looked at: a row is made so dear that PostgreSQL, which takes each token for that of many
 * more rows, plans for the fewest. There is room for places of 100,000 rows.
 */
export class SearchSwept1767225600027 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION search_swept(version integer, these bytea[], others bytea[])
      RETURNS TABLE (patient_id uuid, tags bytea)
      LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 100
      SET search_path = public, pg_temp
      SET cpu_tuple_cost = 100 SET max_parallel_workers_per_gather = 0
      SET plan_cache_mode = force_generic_plan SET work_mem = '32MB' AS $$
      DECLARE
        these_size integer := cardinality(these) / ${PARTS} + 1;
        others_size integer := cardinality(others) / ${PARTS} + 1;
      BEGIN
        IF cardinality(others) = 0 THEN
          RETURN QUERY SELECT s.patient_id, s.tags FROM patient_search s
            WHERE s.generation = version AND (${anyOf('these')});
        ELSE
          RETURN QUERY SELECT s.patient_id, s.tags FROM patient_search s
            WHERE s.generation = version AND (${anyOf('these')}) AND (${anyOf('others')});
        END IF;
      END $$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION search_swept');
  }
}

function anyOf(tokens: string): string {
  const parts = Array.from(
    { length: PARTS },
    (_, part) => `${part} * ${tokens}_size + 1 : ${part + 1} * ${tokens}_size`,
  );
  return parts.map((part) => `s.tokens && ${tokens}[${part}]`).join(' OR ');
}
