import type { DataSource } from 'typeorm';

/** How many wrapped data keys one epoch of the key-encryption key protects. */
export interface EpochReport {
  epoch: number;
  createdAt: Date;
  dataKeys: number;
}

/** What one sealed column holds. */
export interface ColumnReport {
  table: string;
  column: string;
  envelopes: number;
  /** Envelopes that no key is left for, though none was destroyed by an erasure: they are lost, or planted. */
  withoutKey: number;
  /** Envelopes under keys that were replaced. */
  underRetiredKeys: number;
}

export type OnCounted = (done: number, total: number) => void;

/** Rows looked at in one statement: some tens of milliseconds, far from the statement time-out. */
const PAGE = 5_000;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** Data keys by the epoch of the key-encryption key that wraps them. */
export async function reportEpochs(dataSource: DataSource): Promise<EpochReport[]> {
  const rows = await dataSource.query<{ epoch: number; created_at: Date; data_keys: string }[]>(`
    SELECT e.epoch, e.created_at, count(k.id)::text AS data_keys
    FROM key_epoch e LEFT JOIN data_key k ON k.kek_epoch = e.epoch
    GROUP BY e.epoch, e.created_at ORDER BY e.epoch`);
  return rows.map((row) => ({ epoch: row.epoch, createdAt: row.created_at, dataKeys: Number(row.data_keys) }));
}

/** SQL for the data-key id of an envelope: its bytes 2 to 9. A forged id above 2^63 comes out negative, which no key is. */
export function keyIdIn(cell: string): string {
  return `('x' || encode(substring(${cell}::bytea FROM 3 FOR 8), 'hex'))::bit(64)::bigint`;
}

/** Columns of the domain `sealed` by table, as the database's own catalogue knows them. Every such table has an `id`. */
export async function sealedColumnsInDatabase(dataSource: DataSource): Promise<Map<string, string[]>> {
  const found = await dataSource.query<{ table: string; column: string }[]>(`
    SELECT c.table_name AS "table", c.column_name AS "column"
    FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
    WHERE c.domain_name = 'sealed' AND c.table_schema = current_schema() AND t.table_type = 'BASE TABLE'
    ORDER BY c.table_name, c.ordinal_position`);
  const tables = new Map<string, string[]>();
  for (const { table, column } of found) tables.set(table, [...(tables.get(table) ?? []), column]);
  return tables;
}

/**
 * Counts the envelopes in every column of the domain `sealed`, found in the catalogue, so that none can be forgotten. Goes
 * page by page, so it neither holds up anybody nor runs into the statement time-out.
 */
export async function countColumns(dataSource: DataSource, onCounted: OnCounted): Promise<ColumnReport[]> {
  const tables = await sealedColumnsInDatabase(dataSource);
  let total = 0;
  for (const table of tables.keys()) total += await rowsIn(dataSource, table);
  let done = 0;
  const reports: ColumnReport[] = [];
  for (const [table, columns] of tables) {
    const counted = columns.map((column) => ({ table, column, envelopes: 0, withoutKey: 0, underRetiredKeys: 0 }));
    for (let after = FIRST_ID; ;) {
      const { last, rows } = await pageAfter(dataSource, table, after);
      if (last === null) break;
      await countPage(dataSource, table, counted, after, last);
      onCounted((done += rows), Math.max(total, done));
      after = last;
    }
    reports.push(...counted);
  }
  return reports;
}

async function rowsIn(dataSource: DataSource, table: string): Promise<number> {
  const [row] = await dataSource.query<{ n: string }[]>(`SELECT count(*) AS n FROM ${quoted(table)}`);
  return Number(row!.n);
}

async function pageAfter(dataSource: DataSource, table: string, after: string) {
  const [row] = await dataSource.query<{ last: string | null; rows: number }[]>(
    `SELECT (array_agg(id ORDER BY id DESC))[1] AS last, count(*)::integer AS rows
     FROM (SELECT id FROM ${quoted(table)} WHERE id > $1 ORDER BY id LIMIT $2) page`,
    [after, PAGE],
  );
  return row!;
}

async function countPage(
  dataSource: DataSource,
  table: string,
  counted: ColumnReport[],
  after: string,
  last: string,
): Promise<void> {
  const cells = counted.map(({ column }, place) => `(${place}, t.${quoted(column)}::bytea)`).join(', ');
  const rows = await dataSource.query<{ place: number; envelopes: number; without: number; retired: number }[]>(
    `SELECT cell.place, count(*)::integer AS envelopes,
       count(*) FILTER (WHERE k.id IS NULL AND d.id IS NULL)::integer AS without,
       count(*) FILTER (WHERE k.retired_at IS NOT NULL)::integer AS retired
     FROM ${quoted(table)} t CROSS JOIN LATERAL (VALUES ${cells}) AS cell (place, bytes)
     LEFT JOIN data_key k ON k.id = ${keyIdIn('cell.bytes')}
     LEFT JOIN destroyed_key d ON d.id = ${keyIdIn('cell.bytes')}
     WHERE t.id > $1 AND t.id <= $2 AND cell.bytes IS NOT NULL GROUP BY cell.place`,
    [after, last],
  );
  for (const { place, envelopes, without, retired } of rows) {
    const report = counted[place]!;
    report.envelopes += envelopes;
    report.withoutKey += without;
    report.underRetiredKeys += retired;
  }
}

/** A name out of the catalogue as SQL takes it. */
function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
