import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import type { EpochKeys } from './epoch-keys';
import { KEY_BYTES, keyCheckValue, rewrapDataKey, wrapDataKey } from './wrap';

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

/** A data key just made, not stored yet. */
export interface MintedKey extends DataKeyRow {
  /** The same key under the newest epoch: for whoever finds, inserting it, that its epoch was rotated away meanwhile. */
  renew(): Promise<MintedKey>;
}

/** Where wrapped data keys are kept. */
export interface DataKeyStore {
  /** The rows there are of these ids, in any order; retired keys too, since old envelopes still name them. */
  byIds(ids: bigint[]): Promise<DataKeyRow[]>;
  /** Notes that this many more messages may be sealed under a key. */
  reserve(id: bigint, messages: number): Promise<void>;
}

/** Makes a random data key, wrapped under the newest epoch. */
export function mintDataKey(epochs: EpochKeys, owner: string, purpose: string): { row: MintedKey; key: KeyObject } {
  const { epoch, kek } = epochs.newest();
  const identity = { id: randomKeyId(), owner, purpose, kekEpoch: epoch };
  const raw = randomBytes(KEY_BYTES);
  const key = createSecretKey(raw);
  const row = { ...identity, wrapped: wrapDataKey(raw, kek, identity), kcv: keyCheckValue(key) };
  raw.fill(0);
  return { row: renewable(epochs, row, key), key };
}

function renewable(epochs: EpochKeys, row: DataKeyRow, key: KeyObject): MintedKey {
  const renew = async () => {
    await epochs.refresh();
    const { epoch, kek } = epochs.newest();
    return renewable(epochs, rewrapDataKey(row, key, kek, epoch), key);
  };
  return Object.defineProperty({ ...row, renew }, 'renew', { enumerable: false });
}

/** Random rather than counted, so that an id says nothing about how many patients there are. */
function randomKeyId(): bigint {
  return (randomBytes(8).readBigUInt64BE() >> 1n) | 1n;
}
