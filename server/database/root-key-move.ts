import type { DataSource, EntityManager } from 'typeorm';
import type { KeyCustody } from '../crypto/custody/custody';
import { WrongRootKeyError } from '../crypto/errors';
import {
  moveEpoch,
  moveIndexRoot,
  unwrapEpoch,
  unwrapIndexRoot,
  type IndexRootRow,
  type KeyEpochRow,
} from '../crypto/kek';
import { firstKeysAlone, lockFirstKeys } from './key-bootstrap';

/** How much was wrapped again. */
export interface RootKeyMove {
  epochs: number;
  derivationRoots: number;
  /** True when the new custody holds a copy of the same key: a move of place only. */
  sameKey: boolean;
}

/** No epoch and no derivation root is added by anybody until the move is done; reading goes on. */
const ALONE = 'LOCK TABLE key_epoch, index_key IN SHARE ROW EXCLUSIVE MODE';
const EPOCHS = 'SELECT epoch, wrapped, kcv FROM key_epoch ORDER BY epoch';
const ROOTS = 'SELECT version, wrapped, kcv FROM index_key ORDER BY version';

/**
 * Wraps everything the root key wraps under the root key of another custody, in one transaction: before its commit the old
 * root key opens the database, after it the new one, whatever happens in between. What was written is read back and opened
 * with the new custody before the commit.
 *
 * @param note writes the entry of the audit log, in the same transaction
 * @throws WrongRootKeyError when either custody does not give back what it wrapped; nothing is changed then
 */
export function moveRootKey(
  dataSource: DataSource,
  from: KeyCustody,
  to: KeyCustody,
  note: (manager: EntityManager) => void,
): Promise<RootKeyMove> {
  return firstKeysAlone(dataSource, async (manager) => {
    await manager.query(ALONE);
    const epochs = await manager.query<KeyEpochRow[]>(EPOCHS);
    const roots = await manager.query<IndexRootRow[]>(ROOTS);
    const sameKey = await opens(to, epochs[0]!);
    for (const row of epochs) {
      const { epoch, wrapped } = await moveEpoch(row, from, to);
      await manager.query('UPDATE key_epoch SET wrapped = $2 WHERE epoch = $1', [epoch, wrapped]);
    }
    for (const row of roots) {
      const { version, wrapped } = await moveIndexRoot(row, from, to);
      await manager.query('UPDATE index_key SET wrapped = $2 WHERE version = $1', [version, wrapped]);
    }
    for (const row of await manager.query<KeyEpochRow[]>(EPOCHS)) await unwrapEpoch(to, row);
    for (const row of await manager.query<IndexRootRow[]>(ROOTS)) (await unwrapIndexRoot(to, row)).fill(0);
    note(manager);
    return { epochs: epochs.length, derivationRoots: roots.length, sameKey };
  });
}

/**
 * Before a transaction stores something wrapped by the root key: makes sure that it is still the one this database is under,
 * and holds off a move until the transaction ends. A server that was started before a move still has the old one.
 *
 * @throws WrongRootKeyError when the root key was moved, CustodyError when a token is gone
 */
export async function demandOwnRootKey(manager: EntityManager, custody: KeyCustody): Promise<void> {
  await lockFirstKeys(manager);
  const rows = await manager.query<KeyEpochRow[]>(`${EPOCHS} DESC LIMIT 1`);
  await unwrapEpoch(custody, rows[0]!);
}

async function opens(custody: KeyCustody, row: KeyEpochRow): Promise<boolean> {
  try {
    await unwrapEpoch(custody, row);
    return true;
  } catch (error) {
    if (error instanceof WrongRootKeyError) return false;
    throw error;
  }
}
