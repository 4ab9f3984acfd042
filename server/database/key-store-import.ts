import type { KeyObject } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import type { KeyCustody } from '../crypto/custody/custody';
import { IntegrityError, WrongRootKeyError } from '../crypto/errors';
import { unwrapEpoch, unwrapIndexRoot, type IndexRootRow, type KeyEpochRow } from '../crypto/kek';
import { unwrapDataKey } from '../crypto/wrap';
import { ExitError } from '../platform/exit';
import { firstKeysAlone } from './key-bootstrap';
import { announce } from './key-news';
import { demandWholeKeyStore, keyStoreTables, readKeyStore, type KeyStoreTable } from './key-store-file';
import { DATA_KEY_COLUMNS, toDataKey } from './key-store';

/** What an import did. */
export interface KeyStoreImport {
  /** Data keys the file brought. */
  dataKeys: number;
  /** Data keys of this database that the file does not have: made after it, or re-sealed away before it. */
  kept: number;
  /** Keys of this database that were replaced by re-sealing since it was backed up; its values are still under them. */
  replaced: number;
  /** Patients the file says were erased and this database did not know of. */
  erasures: number;
}

const PAGE = 1_000;
/** Nobody mints, rotates or re-seals meanwhile. */
const ALONE = 'LOCK TABLE key_epoch, index_key, data_key, destroyed_key, erasure IN SHARE ROW EXCLUSIVE MODE';

/**
 * Brings the keys of a restored database to what a key store says, in one transaction. Keys only this database has stay:
 * values written after the export need them, and so do values that were re-sealed before it but restored as they were.
 * Erasures of the file are noted, to be done at the next opening (`EraseAgain`).
 *
 * @throws ExitError with one clear line, and nothing is changed: no key store, another hospital's, another root key's, or
 *   keys of this database would be lost
 */
export async function importKeyStore(
  dataSource: DataSource,
  custody: KeyCustody,
  path: string,
  note: (manager: EntityManager) => void,
): Promise<KeyStoreImport> {
  await demandWholeKeyStore(path);
  return firstKeysAlone(dataSource, async (manager) => {
    await manager.query(ALONE);
    await manager.query('SET LOCAL statement_timeout = 0');
    await load(manager, path);
    await demandSameHospital(manager);
    const keks = await unwrapEpochs(manager, custody);
    await demandGenuineKeys(manager, keks);
    await demandNoKeyLost(manager, custody, keks);
    const told = await merge(manager);
    await announce(manager, 'epochs');
    note(manager);
    return told;
  });
}

/** The file's rows in tables of their own. */
async function load(manager: EntityManager, path: string): Promise<void> {
  for (const table of Object.keys(keyStoreTables))
    await manager.query(`CREATE TEMP TABLE brought_${table} (LIKE ${table}) ON COMMIT DROP`);
  const waiting = new Map<KeyStoreTable, string[]>();
  const flush = async (table: KeyStoreTable) => {
    await manager.query(
      `INSERT INTO brought_${table} SELECT r.* FROM unnest($1::text[]) AS line, jsonb_populate_record(NULL::${table}, line::jsonb) AS r`,
      [waiting.get(table)],
    );
    waiting.delete(table);
  };
  for await (const { table, json } of readKeyStore(path)) {
    const rows = waiting.get(table) ?? [];
    waiting.set(table, rows);
    if (rows.push(json) >= PAGE) await flush(table);
  }
  for (const table of waiting.keys()) await flush(table);
}

/** The same name with another key under it cannot come from this hospital. */
async function demandSameHospital(manager: EntityManager): Promise<void> {
  const [row] = await manager.query<{ foreign: boolean }[]>(`SELECT
      EXISTS (SELECT 1 FROM brought_key_epoch b JOIN key_epoch k USING (epoch) WHERE b.kcv <> k.kcv)
      OR EXISTS (SELECT 1 FROM brought_index_key b JOIN index_key k USING (version) WHERE b.kcv <> k.kcv)
      OR EXISTS (SELECT 1 FROM brought_data_key b JOIN data_key k USING (id) WHERE (b.kcv, b.owner) <> (k.kcv, k.owner))
    AS "foreign"`);
  if (row!.foreign) throw new ExitError('This key store is of another hospital; nothing was changed.');
}

async function unwrapEpochs(manager: EntityManager, custody: KeyCustody): Promise<Map<number, KeyObject>> {
  const keks = new Map<number, KeyObject>();
  try {
    for (const row of await manager.query<KeyEpochRow[]>('SELECT epoch, wrapped, kcv FROM brought_key_epoch'))
      keks.set(row.epoch, await unwrapEpoch(custody, row));
    for (const row of await manager.query<IndexRootRow[]>('SELECT version, wrapped, kcv FROM brought_index_key'))
      (await unwrapIndexRoot(custody, row)).fill(0);
  } catch (error) {
    if (!(error instanceof WrongRootKeyError)) throw error;
    throw new ExitError('This key store was written under another root key; nothing was changed.', undefined, { cause: error }); // prettier-ignore
  }
  if (keks.size === 0) throw new ExitError('This key store holds no key epoch; nothing was changed.');
  return keks;
}

async function demandGenuineKeys(manager: EntityManager, keks: ReadonlyMap<number, KeyObject>): Promise<void> {
  for (let after = '0'; ;) {
    const rows = await manager.query<Parameters<typeof toDataKey>[0][]>(
      `SELECT ${DATA_KEY_COLUMNS} FROM brought_data_key b WHERE b.id > $1 ORDER BY b.id LIMIT $2`,
      [after, PAGE],
    );
    for (const row of rows) {
      const kek = keks.get(row.kek_epoch);
      if (!kek || !isGenuine(row, kek)) throw new ExitError(`Data key ${row.id} of this key store does not unwrap; nothing was changed.`); // prettier-ignore
    }
    if (rows.length < PAGE) return;
    after = rows.at(-1)!.id;
  }
}

function isGenuine(row: Parameters<typeof toDataKey>[0], kek: KeyObject): boolean {
  try {
    unwrapDataKey(toDataKey(row), kek);
    return true;
  } catch (error) {
    if (error instanceof IntegrityError) return false;
    throw error;
  }
}

/** Keys that stay must go on opening: their epoch is the file's, or this root key unwraps it. */
async function demandNoKeyLost(manager: EntityManager, custody: KeyCustody, keks: ReadonlyMap<number, KeyObject>): Promise<void> {
  const needed = await manager.query<KeyEpochRow[]>(
    `SELECT epoch, wrapped, kcv FROM key_epoch e WHERE EXISTS (
       SELECT 1 FROM data_key k WHERE k.kek_epoch = e.epoch AND NOT EXISTS (SELECT 1 FROM brought_data_key b WHERE b.id = k.id))`,
  );
  for (const row of needed.filter(({ epoch }) => !keks.has(epoch))) {
    await unwrapEpoch(custody, row).catch((error: unknown) => {
      if (!(error instanceof WrongRootKeyError)) throw error;
      throw new ExitError(`Keys of this database that the file does not have are under another root key (epoch ${row.epoch}); nothing was changed.`); // prettier-ignore
    });
  }
} // prettier-ignore

async function merge(manager: EntityManager): Promise<KeyStoreImport> {
  await manager.query(
    'CREATE TEMP TABLE was_current ON COMMIT DROP AS SELECT id FROM data_key WHERE retired_at IS NULL',
  );
  await manager.query(`
    INSERT INTO key_epoch SELECT * FROM brought_key_epoch ON CONFLICT (epoch) DO UPDATE SET wrapped = excluded.wrapped`);
  await manager.query(`
    INSERT INTO index_key SELECT * FROM brought_index_key ON CONFLICT (version) DO UPDATE SET wrapped = excluded.wrapped`);
  await manager.query('INSERT INTO destroyed_key SELECT * FROM brought_destroyed_key ON CONFLICT (id) DO NOTHING');
  const erasures = await manager.query<unknown[]>(`
    INSERT INTO erasure (id, erased_at, erased_by, reason, certificate, applied)
    SELECT id, erased_at, erased_by, reason, certificate, false FROM brought_erasure ON CONFLICT (id) DO NOTHING RETURNING id`);
  const [kept] = await manager.query<{ n: string }[]>(
    'SELECT count(*) AS n FROM data_key k WHERE NOT EXISTS (SELECT 1 FROM brought_data_key b WHERE b.id = k.id)',
  );
  const brought = await manager.query<unknown[]>(BRING_KEYS);
  await manager.query(ONE_CURRENT_KEY);
  await manager.query(COUNT_ON);
  const [replaced] = await manager.query<{ n: string }[]>(
    'SELECT count(*) AS n FROM was_current JOIN data_key USING (id) WHERE retired_at IS NOT NULL',
  );
  return {
    dataKeys: brought.length,
    kept: Number(kept!.n),
    replaced: Number(replaced!.n),
    erasures: erasures.length,
  };
}

/** What was destroyed stays so. A key wrapped under a later epoch, or retired, stays that: either side may be the newer one. */
const BRING_KEYS = `
  INSERT INTO data_key AS k SELECT * FROM brought_data_key b WHERE NOT EXISTS (SELECT 1 FROM destroyed_key d WHERE d.id = b.id)
  ON CONFLICT (id) DO UPDATE SET
    retired_at = coalesce(k.retired_at, excluded.retired_at),
    wrapped = CASE WHEN excluded.kek_epoch >= k.kek_epoch THEN excluded.wrapped ELSE k.wrapped END,
    kek_epoch = greatest(excluded.kek_epoch, k.kek_epoch)
  RETURNING 1 AS one`;

/** An owner who was re-sealed between backup and export has the old key from one side, the new one from the other. */
const ONE_CURRENT_KEY = `
  UPDATE data_key k SET retired_at = now() WHERE k.retired_at IS NULL AND k.purpose <> 'search' AND EXISTS (
    SELECT 1 FROM data_key n WHERE n.owner = k.owner AND n.purpose = k.purpose AND n.retired_at IS NULL
      AND (n.created_at, n.id) > (k.created_at, k.id))`;

/** How often a key has sealed is never less than either side knows. */
const COUNT_ON = `
  INSERT INTO key_use (key_id, messages)
  SELECT b.key_id, b.messages - coalesce(u.messages, 0) FROM brought_key_use b
  LEFT JOIN (SELECT key_id, sum(messages) AS messages FROM key_use GROUP BY key_id) u USING (key_id)
  WHERE b.messages > coalesce(u.messages, 0)`;
