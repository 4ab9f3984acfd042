import type { DataSource, EntityManager } from 'typeorm';
import type { EpochStore } from '../crypto/epoch-keys';
import type { KeyEpochRow } from '../crypto/kek';
import type { DataKeyRow, DataKeyStore, MintedKey } from '../crypto/data-key';
import type { Keyring } from '../crypto/keyring';
import { poolOf, type Joined } from './reader';
import { send } from './transaction-runner';

/** A row of `DATA_KEY_COLUMNS`. */
export interface RawDataKey {
  id: string;
  owner: string;
  purpose: string;
  kek_epoch: number;
  wrapped: Buffer;
  kcv: Buffer;
}

/** What `toDataKey` reads. Here `id` is text: to sort by the number, say `data_key.id`. */
export const DATA_KEY_COLUMNS = 'id::text, owner, purpose, kek_epoch, wrapped, kcv';

/** Prepared: a page of a large hospital shows patients whose keys no process remembers, and waits for them. */
const BY_IDS = {
  name: 'data keys by id',
  text: `SELECT ${DATA_KEY_COLUMNS} FROM data_key WHERE id = ANY($1::bigint[])`,
};

/** A damaged envelope may name a greater id; there is no such key, and PostgreSQL need not be asked. */
const LARGEST_ID = 2n ** 63n - 1n;

/** How often a minted key is wrapped anew because its epoch was rotated away between minting and inserting it. */
const MOST_RENEWALS = 4;

/** Wrapped keys in PostgreSQL. */
export class PostgresKeyStore implements DataKeyStore, EpochStore {
  constructor(private readonly dataSource: DataSource) {}

  async byIds(ids: bigint[]): Promise<DataKeyRow[]> {
    const possible = ids.filter((id) => id <= LARGEST_ID);
    const { rows } = await poolOf(this.dataSource).query<RawDataKey>({ ...BY_IDS, values: [possible.map(String)] });
    return rows.map(toDataKey);
  }

  /** In a table of its own and by INSERT alone, so that counting never waits for whoever has locked the key. */
  async reserve(id: bigint, messages: number): Promise<void> {
    await this.dataSource.query('INSERT INTO key_use (key_id, messages) VALUES ($1, $2)', [id.toString(), messages]);
  }

  epochs(): Promise<KeyEpochRow[]> {
    return this.dataSource.query<KeyEpochRow[]>('SELECT epoch, wrapped, kcv FROM key_epoch ORDER BY epoch');
  }
}

/** A data key from a row of `DATA_KEY_COLUMNS`. */
export function toDataKey(row: RawDataKey): DataKeyRow {
  const { id, owner, purpose, wrapped, kcv } = row;
  return { id: BigInt(id), owner, purpose, kekEpoch: row.kek_epoch, wrapped, kcv };
}

const CURRENT_KEYS = {
  name: 'current-data-keys',
  text: `SELECT ${DATA_KEY_COLUMNS} FROM data_key
    WHERE owner = ANY($1::uuid[]) AND retired_at IS NULL ORDER BY created_at FOR SHARE`,
};

/**
 * Before a transaction seals values of owners that exist already: locks their current data keys (shared, until it commits)
 * and lets the scope seal with them. Owners without a key are passed over; sealing for them throws KeyUnavailableError.
 *
 * Re-sealing and erasing lock the same rows FOR UPDATE, so neither can miss a value being written. They lock nothing of the
 * owner before that, and neither may a writer: **first the key, then the rows**, or the two wait for each other.
 */
export async function holdForSealing(
  manager: EntityManager,
  keyring: Keyring,
  owners: readonly string[],
): Promise<void> {
  await keyring.useForSealing(async () => {
    const read = async (of: readonly string[]) => {
      const { rows } = await send<RawDataKey>(manager, CURRENT_KEYS, [of]);
      return rows.map(toDataKey);
    };
    const keys = await read(owners);
    const without = owners.filter((owner) => !keys.some((key) => key.owner === owner));
    // Whoever waited here for a re-sealing sees the old key gone and, in the same statement, not yet the new one.
    return without.length > 0 ? [...keys, ...(await read(without))] : keys;
  });
}

/**
 * A statement that locks an owner's current data keys as `holdForSealing` does and then, where there is one, a row of table
 * `t`: a row comes out of the join only after a key came in, so the order of locks is the same. For `Reader.joined`.
 *
 * @param owner parameter that holds the owner
 * @param condition without which the keys are not touched
 * @param rest what follows `FROM table t`: which row, and its lock
 */
export function withCurrentKey(owner: string, condition: string, rest: string): Joined {
  return {
    before: `WITH key AS MATERIALIZED (SELECT ${DATA_KEY_COLUMNS} FROM data_key
      WHERE owner = ${owner} AND retired_at IS NULL AND ${condition} ORDER BY created_at FOR SHARE)`,
    more: 'key.*',
    rest: `CROSS JOIN key ${rest}`,
  };
}

/**
 * Lets the scope seal with the keys that a statement of `withCurrentKey` locked.
 *
 * @param read runs it and answers what it names of keys
 */
export async function lockWithKey(keyring: Keyring, read: () => Promise<unknown[][]>): Promise<void> {
  await keyring.useForSealing(async () => {
    const rows = await read();
    // nobody, or a re-sealing that was waited for: then the new key is there now, and nothing is locked yet
    return (rows.length > 0 ? rows : await read()).map(([id, owner, purpose, epoch, wrapped, kcv]) =>
      toDataKey({ id, owner, purpose, kek_epoch: epoch, wrapped, kcv } as RawDataKey),
    );
  });
}

/** Stores a freshly minted data key, in the transaction of the row it will seal. */
export function insertDataKey(manager: EntityManager, key: MintedKey): Promise<void> {
  return insertDataKeys(manager, [key]);
}

/** Stores freshly minted data keys in one statement. Throws EpochUnavailableError when their epoch is gone and custody too. */
export async function insertDataKeys(manager: EntityManager, keys: readonly MintedKey[]): Promise<void> {
  let waiting = [...keys];
  for (let renewals = 0; waiting.length > 0; renewals += 1) {
    if (renewals === MOST_RENEWALS) throw new Error('Key epochs go faster than a key can be stored.');
    if (renewals > 0) waiting = await Promise.all(waiting.map((key) => key.renew()));
    const { rows: stored } = await send<{ id: string }>(manager, INSERT_KEYS, [
      waiting.map(({ id }) => id.toString()),
      waiting.map(({ owner }) => owner),
      waiting.map(({ purpose }) => purpose),
      waiting.map(({ kekEpoch }) => kekEpoch),
      waiting.map(({ wrapped }) => wrapped),
      waiting.map(({ kcv }) => kcv),
    ]);
    const known = new Set(stored.map(({ id }) => id));
    waiting = waiting.filter(({ id }) => !known.has(id.toString()));
  }
}

/** Locks the epochs, so that a rotation cannot take one away before the keys under it are committed. */
const INSERT_KEYS = {
  name: 'insert-data-keys',
  text: `WITH standing AS MATERIALIZED (
    SELECT epoch FROM key_epoch WHERE epoch = ANY($4::integer[]) FOR KEY SHARE
  )
  INSERT INTO data_key (id, owner, purpose, kek_epoch, wrapped, kcv)
  SELECT k.id, k.owner, k.purpose, k.kek_epoch, k.wrapped, k.kcv
  FROM unnest($1::bigint[], $2::uuid[], $3::text[], $4::integer[], $5::bytea[], $6::bytea[])
    AS k (id, owner, purpose, kek_epoch, wrapped, kcv) JOIN standing ON standing.epoch = k.kek_epoch
  RETURNING id::text`,
};
