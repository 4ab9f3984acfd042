import type { Logger } from 'pino';
import type { Foundation } from '../access/foundation';
import { countColumns, sealedColumnsInDatabase, type ColumnReport, type OnCounted } from '../database/key-report';
import { sealedEntities } from '../database/sealed-column';

/** A counted column, as the last census left it. */
export interface CountedColumn extends ColumnReport {
  meaning: string;
}

/** Counts every sealed column and keeps the figures; what is wrong with them goes to the server's log as an alarm. */
export async function takeCensus(
  { dataSource }: Foundation,
  logger: Logger,
  onCounted: OnCounted = () => undefined,
): Promise<ColumnReport[]> {
  const reports = await countColumns(dataSource, onCounted);
  await dataSource.transaction(async (manager) => {
    await manager.query('DELETE FROM key_census');
    await manager.query(
      `INSERT INTO key_census (table_name, column_name, envelopes, without_key, under_retired, counted_at)
       SELECT n.*, now() FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[]) AS n`,
      [
        reports.map(({ table }) => table),
        reports.map(({ column }) => column),
        reports.map(({ envelopes }) => envelopes),
        reports.map(({ withoutKey }) => withoutKey),
        reports.map(({ underRetiredKeys }) => underRetiredKeys),
      ],
    );
  });
  for (const { table, column, withoutKey } of reports) {
    if (withoutKey > 0)
      logger.error({ column: `${table}.${column}`, values: withoutKey }, 'SEALED VALUES WITHOUT A KEY');
  }
  return reports;
}

/** The last census, with what each column means; `countedAt` is null before the first. */
export async function lastCensus({
  dataSource,
}: Foundation): Promise<{ columns: CountedColumn[]; countedAt: Date | null }> {
  const rows = await dataSource.query<(ColumnReport & { countedAt: Date })[]>(
    `SELECT table_name AS "table", column_name AS "column", envelopes::float8, without_key::float8 AS "withoutKey",
       under_retired::float8 AS "underRetiredKeys", counted_at AS "countedAt"
     FROM key_census ORDER BY table_name, column_name`,
  );
  const columns = rows.map(({ countedAt: _, ...row }) => ({ ...row, meaning: meaningOf(row.table, row.column) }));
  return { columns, countedAt: rows[0]?.countedAt ?? null };
}

/**
 * Where the sealed columns of the database and those the program declares part ways: a column nobody re-seals, counts by
 * meaning or erases, or one that would take plaintext. One clear line each.
 */
export async function catalogueFaults({ dataSource }: Foundation): Promise<string[]> {
  const inDatabase = await sealedColumnsInDatabase(dataSource);
  const declared = sealedEntities();
  const faults: string[] = [];
  for (const [table, columns] of inDatabase) {
    const known = declared.find((sealed) => sealed.table === table)?.columns ?? [];
    for (const column of columns) {
      if (!known.some((info) => info.column === column))
        faults.push(`${table}.${column} is sealed, but no entity declares it`);
    }
  }
  for (const { table, columns } of declared) {
    for (const { column } of columns) {
      if (!inDatabase.get(table)?.includes(column))
        faults.push(`${table}.${column} is not of the domain sealed: it would take plaintext`);
    }
  }
  return faults;
}

function meaningOf(table: string, column: string): string {
  const columns = sealedEntities().find((sealed) => sealed.table === table)?.columns;
  return columns?.find((info) => info.column === column)?.meaning ?? 'Declared by no entity';
}
