import type { DataSource, EntityManager } from 'typeorm';
import { keyStoreTables, writeKeyStore, type KeyStoreRow, type KeyStoreTable } from './key-store-file';

const PAGE = 2_000;

/**
 * Writes all wrapped keys, and which patients were erased, as of one moment. Nothing in the file opens anything without
 * the root key. Answers how many rows it holds.
 */
export function exportKeyStore(
  dataSource: DataSource,
  path: string,
  note: (manager: EntityManager) => void,
): Promise<number> {
  return dataSource.transaction('REPEATABLE READ', async (manager) => {
    const rows = await writeKeyStore(path, allRows(manager));
    note(manager);
    return rows;
  });
}

async function* allRows(manager: EntityManager): AsyncGenerator<KeyStoreRow> {
  for (const table of Object.keys(keyStoreTables) as KeyStoreTable[]) yield* rowsOf(manager, table);
}

async function* rowsOf(manager: EntityManager, table: KeyStoreTable): AsyncGenerator<KeyStoreRow> {
  const { from, key } = keyStoreTables[table];
  for (let after: string | null = null; ;) {
    const beyond: string = after === null ? '' : `WHERE ${key} > $2`;
    const rows: { json: string; key: string }[] = await manager.query(
      `SELECT to_json(${table})::text AS json, ${key}::text AS key FROM ${from} ${beyond} ORDER BY ${key} LIMIT $1`,
      after === null ? [PAGE] : [PAGE, after],
    );
    for (const { json } of rows) yield { table, json };
    if (rows.length < PAGE) return;
    after = rows.at(-1)!.key;
  }
}
