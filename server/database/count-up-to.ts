import type { DataSource } from 'typeorm';

/** More rows than this are not counted: counting costs as much as reading them, and nobody pages that far. */
export const COUNTED_AT_MOST = 10_000;

/**
 * How many rows `FROM …` has; undefined when there are more than `COUNTED_AT_MOST`. So what a count costs has a bound, however
 * many records there are.
 *
 * @param from fixed text; values travel as parameters
 */
export async function countUpTo(
  dataSource: DataSource,
  from: string,
  values: readonly unknown[],
): Promise<number | undefined> {
  const [row] = await dataSource.query<{ n: number }[]>(
    `SELECT count(*)::int AS n FROM (SELECT FROM ${from} LIMIT ${COUNTED_AT_MOST + 1}) AS counted`,
    [...values],
  );
  const { n } = row!;
  return n > COUNTED_AT_MOST ? undefined : n;
}
