import type { DataSource, EntityManager } from 'typeorm';
import type { KeyCustody } from '../crypto/custody/custody';
import { runIn, AccessScope } from '../crypto/access-scope';
import { EpochKeys } from '../crypto/epoch-keys';
import { newEpoch, newIndexRoot, unwrapIndexRoot, type IndexRootRow } from '../crypto/kek';
import { Keyring, SYSTEM_OWNER, useKeyring } from '../crypto/keyring';
import { TokenKeys } from '../crypto/tokens';
import { advisoryLocks } from './advisory-locks';
import { insertDataKeys, PostgresKeyStore } from './key-store';

export interface OpenedKeys {
  keyring: Keyring;
  tokens: TokenKeys;
  /** Asked again only when keys are rotated. */
  custody: KeyCustody;
}

/** True while the database holds no keys yet, and so nothing sealed: only then may a new root key be made for it. */
export async function holdsNoKeys(dataSource: DataSource): Promise<boolean> {
  const [row] = await dataSource.query<{ some: boolean }[]>('SELECT EXISTS (SELECT 1 FROM key_epoch) AS some');
  return !row!.some;
}

/** Held to the end of a transaction that makes the first keys, or changes what the root key wraps. */
export async function lockFirstKeys(manager: EntityManager): Promise<void> {
  await manager.query('SELECT pg_advisory_xact_lock($1)', [advisoryLocks.firstKeys]);
}

/** Does work that only one process may do at a time, while nobody else makes the first keys of this database. */
export function firstKeysAlone<T>(dataSource: DataSource, work: (manager: EntityManager) => Promise<T>): Promise<T> {
  return dataSource.transaction(async (manager) => {
    await lockFirstKeys(manager);
    return work(manager);
  });
}

/**
 * Opens the keys of this database with the root key in custody; a database without any gets its first ones.
 *
 * @throws WrongRootKeyError when the root key is not the one this database was sealed under
 */
export async function openKeys(dataSource: DataSource, custody: KeyCustody): Promise<OpenedKeys> {
  await firstKeysAlone(dataSource, async (manager) => {
    if (await holdsNoKeys(dataSource)) await makeFirstKeys(manager, custody);
  });
  const [root] = await dataSource.query<IndexRootRow[]>(
    'SELECT version, wrapped, kcv FROM index_key ORDER BY version DESC LIMIT 1',
  );
  const store = new PostgresKeyStore(dataSource);
  const epochs = new EpochKeys(custody, store);
  await epochs.refresh();
  const keyring = new Keyring(epochs, store);
  await makeSystemKey(dataSource, keyring);
  useKeyring(keyring);
  return { keyring, custody, tokens: new TokenKeys(await unwrapIndexRoot(custody, root!)) };
}

async function makeFirstKeys(manager: EntityManager, custody: KeyCustody): Promise<void> {
  const epoch = await newEpoch(custody, 1);
  await manager.query('INSERT INTO key_epoch (epoch, wrapped, kcv) VALUES ($1, $2, $3)', [
    epoch.epoch,
    epoch.wrapped,
    epoch.kcv,
  ]);
  const root = await newIndexRoot(custody);
  await manager.query('INSERT INTO index_key (version, wrapped, kcv) VALUES ($1, $2, $3)', [
    root.version,
    root.wrapped,
    root.kcv,
  ]);
}

/** Staff data is sealed under one key of the system's own. */
async function makeSystemKey(dataSource: DataSource, keyring: Keyring): Promise<void> {
  await firstKeysAlone(dataSource, async (manager) => {
    const known = await manager.query<unknown[]>('SELECT 1 FROM data_key WHERE owner = $1 LIMIT 1', [SYSTEM_OWNER]);
    if (known.length > 0) return;
    await runIn(new AccessScope(), () => insertDataKeys(manager, [keyring.mint(SYSTEM_OWNER, 'staff')]));
  });
}
