import { createSecretKey, randomBytes, randomUUID, type KeyObject } from 'node:crypto';
import { AccessScope, runIn } from '../../../server/crypto/access-scope';
import { Keyring, useKeyring, type DataKeyRow, type DataKeyStore } from '../../../server/crypto/keyring';

/** Wrapped keys in memory, counting how often it was asked. */
export class MemoryStore implements DataKeyStore {
  readonly rows: DataKeyRow[] = [];
  queries = 0;

  async byIds(ids: bigint[]): Promise<DataKeyRow[]> {
    this.queries++;
    return this.rows.filter((row) => ids.includes(row.id));
  }

  async byOwners(owners: string[]): Promise<DataKeyRow[]> {
    this.queries++;
    return this.rows.filter((row) => owners.includes(row.owner));
  }
}

export interface Hospital {
  store: MemoryStore;
  keks: Map<number, KeyObject>;
  keyring: Keyring;
  /** A new patient with a stored data key; the id. */
  patient(): string;
}

/** A keyring over an empty store, in use by this process. */
export function hospital(options?: { cacheSize?: number }): Hospital {
  const store = new MemoryStore();
  const keks = new Map([[1, createSecretKey(randomBytes(32))]]);
  const keyring = new Keyring(keks, 1, store, options);
  useKeyring(keyring);
  const patient = () => {
    const owner = randomUUID();
    store.rows.push(runIn(new AccessScope(), () => keyring.mint(owner, 'patient')));
    return owner;
  };
  return { store, keks, keyring, patient };
}
