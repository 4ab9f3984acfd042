import type { KeyObject } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { currentScope, findScope } from './access-scope';
import { mintDataKey, type DataKeyRow, type DataKeyStore, type MintedKey } from './data-key';
import { keyIdOf } from './envelope';
import type { EpochKeys } from './epoch-keys';
import { KeyUnavailableError } from './errors';
import { MessageCount } from './message-count';
import { rewrapDataKey, unwrapDataKey } from './wrap';

/** Owner of what is sealed but belongs to no patient, such as staff e-mail. */
export const SYSTEM_OWNER = '00000000-0000-8000-8000-000000000001';

/** Owner of the keys of search generations: a new generation is the way to renew one, so they are never re-sealed. */
export const SEARCH_OWNER = '00000000-0000-8000-8000-000000000002';

/** Unwrapped keys remembered between requests: some 200 bytes each, so 2 MB for a busy hospital's day. */
const CACHE_SIZE = 10_000;

/** How long a key is remembered at most, should the news that it was destroyed never arrive. */
const CACHE_MS = 5 * 60 * 1000;

/** How often a row is read again whose epoch is rotated away between reading the row and unwrapping it. */
const MOST_READS = 4;

/**
 * The data keys. `hold` and `useForSealing` bring them into memory, since opening and sealing happen where nothing can be
 * awaited; `keyFor` and `currentFor` hand them out. Which key is an owner's current one is never remembered between
 * requests: the database says so, under a lock, before each writing transaction (`holdForSealing`).
 */
export class Keyring {
  private readonly keys: LRUCache<bigint, { key: KeyObject; owner: string }>;
  /** How often something was forgotten: what was read before may not be remembered after. */
  private forgettings = 0;
  private remembering = true;
  private readonly messages: MessageCount;

  constructor(
    private readonly epochs: EpochKeys,
    private readonly store: DataKeyStore,
    options: { cacheSize?: number } = {},
  ) {
    this.keys = new LRUCache({ max: options.cacheSize ?? CACHE_SIZE, ttl: CACHE_MS, ttlResolution: 1000 });
    this.messages = new MessageCount(store);
  }

  /**
   * Makes a random data key for an owner and lets the current scope seal with it. The caller inserts the row in the
   * transaction of what is sealed. The key enters the cache only when it is read back: a transaction rolled back must not
   * leave a key behind that seals later values and exists nowhere else.
   *
   * @throws OutsideScopeError without a scope
   */
  mint(owner: string, purpose: string): MintedKey {
    const scope = currentScope();
    const { row, key } = mintDataKey(this.epochs, owner, purpose);
    scope.keys.set(row.id, key);
    scope.currentKeys.set(owner, row.id);
    return row;
  }

  /**
   * Makes every key these envelopes name available here, asking the store once for those missing. A key that no longer
   * exists is passed over: opening what it sealed then throws KeyUnavailableError.
   *
   * @throws IntegrityError when something is no envelope, or a stored key was tampered with
   * @throws EpochUnavailableError when a key stands under a new epoch that custody cannot unwrap now
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
    await this.unwrapAll(() => this.store.byIds([...missing]));
  }

  /**
   * Lets this scope seal with these keys, one an owner. Only for rows the caller has locked in its transaction:
   * `holdForSealing` in database/key-store.ts does both.
   *
   * @param read reads the rows; asked again when an epoch was rotated away meanwhile
   * @throws as `hold`
   */
  async useForSealing(read: () => Promise<DataKeyRow[]>): Promise<void> {
    const scope = currentScope();
    for (const { id, owner } of await this.unwrapAll(read)) {
      scope.currentKeys.set(owner, id);
      if (owner === SYSTEM_OWNER) await this.messages.reserve(id);
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
    const id = findScope()?.currentKeys.get(owner);
    if (id === undefined) throw new KeyUnavailableError('The owner has no data key, or it was not loaded.');
    this.messages.count(id);
    return { id, key: this.keyFor(id) };
  }

  /**
   * A stored data key wrapped anew under the newest epoch. Throws as `hold`.
   */
  async rewrap(row: DataKeyRow): Promise<DataKeyRow> {
    const key = unwrapDataKey(row, await this.kekOf(row.kekEpoch));
    const { epoch, kek } = this.epochs.newest();
    return rewrapDataKey(row, key, kek, epoch);
  }

  /** Unwraps a stored data key and checks it against its check value, remembering nothing. Throws as `hold`. */
  async check(row: DataKeyRow): Promise<void> {
    unwrapDataKey(row, await this.kekOf(row.kekEpoch));
  }

  /** Learns which epochs there are now, and forgets those that are gone. Throws EpochUnavailableError. */
  refreshEpochs(): Promise<void> {
    return this.epochs.refresh();
  }

  /** Forgets all keys of an owner here, and in the running scope, after they were destroyed in the store. */
  forget(owner: string): void {
    this.forgettings += 1;
    const scope = findScope();
    const minted = scope?.currentKeys.get(owner);
    const cached = [...this.keys].filter(([, held]) => held.owner === owner).map(([id]) => id);
    for (const id of minted === undefined ? cached : [...cached, minted]) {
      this.keys.delete(id);
      scope?.keys.delete(id);
    }
    scope?.currentKeys.delete(owner);
  }

  /** Forgets every data key; running scopes keep what they hold until they end. */
  clear(): void {
    this.forgettings += 1;
    this.keys.clear();
  }

  /** False stops keys from outliving their request, while the news of destroyed ones would not arrive. */
  remember(remembering: boolean): void {
    this.remembering = remembering;
    this.clear();
  }

  /** True when this process holds a key of this owner between requests. */
  remembers(owner: string): boolean {
    return [...this.keys.values()].some((held) => held.owner === owner);
  }

  private async unwrapAll(read: () => Promise<DataKeyRow[]>): Promise<DataKeyRow[]> {
    for (let reads = 1; ; reads += 1) {
      const since = this.forgettings;
      const rows = await read();
      const keks = new Map<number, KeyObject | null>();
      for (const { kekEpoch } of rows) if (!keks.has(kekEpoch)) keks.set(kekEpoch, await this.epochs.find(kekEpoch));
      const gone = [...keks].find(([, kek]) => kek === null);
      if (gone && reads < MOST_READS) continue;
      if (gone) throw noEpoch(gone[0]);
      const remembered = this.remembering && since === this.forgettings;
      for (const row of rows) this.unwrap(row, keks.get(row.kekEpoch) as KeyObject, remembered);
      return rows;
    }
  }

  private unwrap(row: DataKeyRow, kek: KeyObject, remembered: boolean): void {
    const key = this.keys.get(row.id)?.key ?? unwrapDataKey(row, kek);
    if (remembered) this.keys.set(row.id, { key, owner: row.owner });
    findScope()?.keys.set(row.id, key);
  }

  private async kekOf(epoch: number): Promise<KeyObject> {
    const kek = await this.epochs.find(epoch);
    if (!kek) throw noEpoch(epoch);
    return kek;
  }
}

function noEpoch(epoch: number): KeyUnavailableError {
  return new KeyUnavailableError(`There is no key-encryption key of epoch ${epoch}.`);
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
