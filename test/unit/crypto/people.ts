import { createSecretKey, randomBytes, randomUUID, type KeyObject } from 'node:crypto';
import { AccessScope, runIn } from '../../../server/crypto/access-scope';
import { EpochKeys } from '../../../server/crypto/epoch-keys';
import type { KeyEpochRow } from '../../../server/crypto/kek';
import { LocalCustody } from '../../../server/crypto/custody/custody';
import type { DataKeyRow, DataKeyStore } from '../../../server/crypto/data-key';
import { Keyring, useKeyring } from '../../../server/crypto/keyring';

/** Wrapped keys in memory, counting how often it was asked. */
export class MemoryStore implements DataKeyStore {
  readonly rows: DataKeyRow[] = [];
  readonly epochRows: KeyEpochRow[] = [];
  /** Messages reserved, by key. */
  readonly reserved = new Map<bigint, number>();
  queries = 0;

  async byIds(ids: bigint[]): Promise<DataKeyRow[]> {
    this.queries++;
    return this.rows.filter((row) => ids.includes(row.id));
  }

  /** The newest keys of these owners, as a locking read finds them. */
  async byOwners(owners: string[]): Promise<DataKeyRow[]> {
    return this.rows.filter((row) => owners.includes(row.owner));
  }

  async reserve(id: bigint, messages: number): Promise<void> {
    this.reserved.set(id, (this.reserved.get(id) ?? 0) + messages);
  }

  async epochs(): Promise<KeyEpochRow[]> {
    return this.epochRows;
  }
}

export interface Hospital {
  store: MemoryStore;
  keks: Map<number, KeyObject>;
  keyring: Keyring;
  /** Lets the running scope seal for these owners. */
  sealFor(...owners: string[]): Promise<void>;
  /** A new patient with a stored data key; the id. */
  patient(): string;
}

/** A keyring over an empty store, in use by this process. */
export function hospital(options?: { cacheSize?: number }): Hospital {
  const store = new MemoryStore();
  const keks = new Map([[1, createSecretKey(randomBytes(32))]]);
  const keyring = keyringOver(store, keks, options);
  useKeyring(keyring);
  const patient = () => {
    const owner = randomUUID();
    store.rows.push(runIn(new AccessScope(), () => keyring.mint(owner, 'patient')));
    return owner;
  };
  const sealFor = (...owners: string[]) => keyring.useForSealing(() => store.byOwners(owners));
  return { store, keks, keyring, patient, sealFor };
}

/** The keys as a server process sees them that has just started with these key-encryption keys. */
export function keyringOver(
  store: MemoryStore,
  keks: Map<number, KeyObject>,
  options?: { cacheSize?: number },
): Keyring {
  const custody = new LocalCustody('test', randomBytes(32));
  return new Keyring(new EpochKeys(custody, store, new Map(keks)), store, options);
}
