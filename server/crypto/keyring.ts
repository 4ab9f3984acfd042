import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { currentScope, findScope } from './access-scope';
import { keyIdOf } from './envelope';
import { KeyUnavailableError } from './errors';
import { KEY_BYTES, keyCheckValue, unwrapDataKey, wrapDataKey } from './wrap';

/** Owner of what is sealed but belongs to no patient, such as staff e-mail. */
export const SYSTEM_OWNER = '00000000-0000-8000-8000-000000000001';

/** A data key as it is stored. */
export interface DataKeyRow {
  /** Random, 1 to 2^63-1: known before the row is inserted and fits PostgreSQL's bigint. */
  id: bigint;
  owner: string;
  purpose: string;
  kekEpoch: number;
  wrapped: Buffer;
  kcv: Buffer;
}

/** Where wrapped data keys are kept. */
export interface DataKeyStore {
  /** The rows there are of these ids, in any order. */
  byIds(ids: bigint[]): Promise<DataKeyRow[]>;
  /** The current key of each owner that has one, in any order. */
  byOwners(owners: string[]): Promise<DataKeyRow[]>;
}

/** Unwrapped keys remembered between requests: some 200 bytes each, so 2 MB for a busy hospital's day. */
const CACHE_SIZE = 10_000;

/** How long a key is remembered: the time after which a key erased by another server is forgotten by this one too. */
const CACHE_MS = 5 * 60 * 1000;

/**
 * The data keys. `hold` and `holdOwners` bring them into memory, since opening and sealing happen where nothing can be
 * awaited; `keyFor` and `currentFor` hand them out.
 */
export class Keyring {
  private readonly keys: LRUCache<bigint, { key: KeyObject; owner: string }>;
  private readonly current: LRUCache<string, bigint>;

  /**
   * @param keks key-encryption keys by epoch, as custody unwrapped them at start
   * @param currentEpoch the epoch new data keys are wrapped under
   * @throws KeyUnavailableError when the current epoch has no key
   */
  constructor(
    private readonly keks: Map<number, KeyObject>,
    private readonly currentEpoch: number,
    private readonly store: DataKeyStore,
    options: { cacheSize?: number } = {},
  ) {
    const bounds = { max: options.cacheSize ?? CACHE_SIZE, ttl: CACHE_MS, ttlResolution: 1000 };
    this.keys = new LRUCache(bounds);
    this.current = new LRUCache(bounds);
    this.kek(currentEpoch);
  }

  /**
   * Makes a random data key for an owner and lets the current scope seal with it. The caller inserts the row in the
   * transaction of what is sealed. The key enters the cache only when it is read back: a transaction rolled back must not
   * leave a key behind that seals later values and exists nowhere else.
   *
   * @throws OutsideScopeError without a scope
   */
  mint(owner: string, purpose: string): DataKeyRow {
    const scope = currentScope();
    const identity = { id: randomKeyId(), owner, purpose, kekEpoch: this.currentEpoch };
    const raw = randomBytes(KEY_BYTES);
    const key = createSecretKey(raw);
    const row = {
      ...identity,
      wrapped: wrapDataKey(raw, this.kek(this.currentEpoch), identity),
      kcv: keyCheckValue(key),
    };
    raw.fill(0);
    scope.keys.set(row.id, key);
    scope.currentKeys.set(owner, row.id);
    return row;
  }

  /**
   * Makes every key these envelopes name available here, asking the store once for those missing. A key that no longer
   * exists is passed over: opening what it sealed then throws KeyUnavailableError.
   *
   * @throws IntegrityError when something is no envelope, or a stored key was tampered with
   */
  async hold(envelopes: Iterable<Buffer | null>): Promise<void> {
    const scope = findScope();
    const missing = new Set<bigint>();
    for (const envelope of envelopes) {
      if (envelope === null) continue;
      const id = keyIdOf(envelope);
      if (scope?.keys.has(id)) continue;
      const key = this.keys.get(id)?.key;
      if (!key) missing.add(id);
      else scope?.keys.set(id, key);
    }
    if (missing.size === 0) return;
    for (const row of await this.store.byIds([...missing])) this.remember(row);
  }

  /** Makes the current key of each owner available for sealing, asking the store once; owners without a key are passed over. */
  async holdOwners(owners: string[]): Promise<void> {
    const scope = findScope();
    const missing = owners.filter((owner) => {
      const id = scope?.currentKeys.get(owner) ?? this.current.get(owner);
      const key = id === undefined ? undefined : (scope?.keys.get(id) ?? this.keys.get(id)?.key);
      if (id === undefined || !key) return true;
      scope?.keys.set(id, key);
      scope?.currentKeys.set(owner, id);
      return false;
    });
    if (missing.length === 0) return;
    for (const row of await this.store.byOwners([...new Set(missing)])) {
      this.remember(row);
      this.current.set(row.owner, row.id);
      scope?.currentKeys.set(row.owner, row.id);
    }
  }

  /** A data key that is held. Throws KeyUnavailableError otherwise. */
  keyFor(id: bigint): KeyObject {
    const key = findScope()?.keys.get(id) ?? this.keys.get(id)?.key;
    if (!key) throw new KeyUnavailableError('The data key is erased or was not loaded.');
    return key;
  }

  /** The key to seal an owner's values with. Throws KeyUnavailableError when it is not held. */
  currentFor(owner: string): { id: bigint; key: KeyObject } {
    const id = findScope()?.currentKeys.get(owner) ?? this.current.get(owner);
    if (id === undefined) throw new KeyUnavailableError('The owner has no data key, or it was not loaded.');
    return { id, key: this.keyFor(id) };
  }

  /** Forgets all keys of an owner here, and in the running scope, after they were destroyed in the store. */
  forget(owner: string): void {
    const scope = findScope();
    const minted = scope?.currentKeys.get(owner);
    const cached = [...this.keys].filter(([, held]) => held.owner === owner).map(([id]) => id);
    for (const id of minted === undefined ? cached : [...cached, minted]) {
      this.keys.delete(id);
      scope?.keys.delete(id);
    }
    this.current.delete(owner);
    scope?.currentKeys.delete(owner);
  }

  private remember(row: DataKeyRow): void {
    const key = unwrapDataKey(row, this.kek(row.kekEpoch));
    this.keys.set(row.id, { key, owner: row.owner });
    findScope()?.keys.set(row.id, key);
  }

  private kek(epoch: number): KeyObject {
    const kek = this.keks.get(epoch);
    if (!kek) throw new KeyUnavailableError(`There is no key-encryption key of epoch ${epoch}.`);
    return kek;
  }
}

/** Random rather than counted, so that an id says nothing about how many patients there are. */
function randomKeyId(): bigint {
  return (randomBytes(8).readBigUInt64BE() >> 1n) | 1n;
}

let active: Keyring | null = null;

/** Sets the keyring of this process: column transformers are static, so no keyring can be handed to them. */
export function useKeyring(keyring: Keyring): void {
  active = keyring;
}

/** The keyring of this process. Throws KeyUnavailableError before `useKeyring`. */
export function activeKeyring(): Keyring {
  if (!active) throw new KeyUnavailableError('No keyring is in use yet.');
  return active;
}
