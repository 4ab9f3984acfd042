import type { DataSource } from 'typeorm';

/** How many wrapped data keys one epoch of the key-encryption key protects. */
export interface EpochReport {
  epoch: number;
  createdAt: Date;
  dataKeys: number;
}

/** How many envelopes one sealed column holds, and how many of them no key is left for. */
export interface ColumnReport {
  column: string;
  envelopes: number;
  withoutKey: number;
}

/** Data keys by the epoch of the key-encryption key that wraps them. */
export async function reportEpochs(dataSource: DataSource): Promise<EpochReport[]> {
  const rows = await dataSource.query<{ epoch: number; created_at: Date; data_keys: string }[]>(`
    SELECT e.epoch, e.created_at, count(k.id)::text AS data_keys
    FROM key_epoch e LEFT JOIN data_key k ON k.kek_epoch = e.epoch
    GROUP BY e.epoch, e.created_at ORDER BY e.epoch`);
  return rows.map((row) => ({ epoch: row.epoch, createdAt: row.created_at, dataKeys: Number(row.data_keys) }));
}

/** Envelopes in every column of the domain `sealed`, found in the catalogue, so that none can be forgotten. */
export async function reportColumns(
  dataSource: DataSource,
  onProgress: (done: number, total: number) => void,
): Promise<ColumnReport[]> {
  const columns = await dataSource.query<{ table: string; column: string }[]>(`
    SELECT quote_ident(table_schema) || '.' || quote_ident(table_name) AS "table", quote_ident(column_name) AS "column"
    FROM information_schema.columns WHERE domain_name = 'sealed' ORDER BY table_name, column_name`);
  const reports: ColumnReport[] = [];
  for (const { table, column } of columns) {
    // bytes 2 to 9 of an envelope are the id of its data key
    const [row] = await dataSource.query<{ envelopes: string; without_key: string }[]>(`
      SELECT count(*)::text AS envelopes, count(*) FILTER (WHERE k.id IS NULL)::text AS without_key
      FROM (SELECT ('x' || encode(substring(${column}::bytea FROM 3 FOR 8), 'hex'))::bit(64)::bigint AS id
            FROM ${table} WHERE ${column} IS NOT NULL) sealed_value
      LEFT JOIN data_key k USING (id)`);
    reports.push({
      column: `${table.replace(/^public\./, '')}.${column}`,
      envelopes: Number(row?.envelopes ?? 0),
      withoutKey: Number(row?.without_key ?? 0),
    });
    onProgress(reports.length, columns.length);
  }
  return reports;
}
