import { createCipheriv, createDecipheriv, createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { IntegrityError } from './errors';
import { NONCE_BYTES, writeNonce } from './nonces';
import { writeUuid } from './uuid';

export const KEY_BYTES = 32;
export const TAG_BYTES = 16;
const KCV_BYTES = 8;
const CIPHER = 'aes-256-gcm';
const options = Object.freeze({ authTagLength: TAG_BYTES });

/** What a wrapped data key is for. All of it is authenticated, so one wrapped key cannot stand in for another. */
export interface DataKeyIdentity {
  id: bigint;
  owner: string;
  purpose: string;
  kekEpoch: number;
}

/** Key check value: tells at once whether an unwrapped key is the right one. First 8 bytes of HMAC-SHA-256(key, "kcv"). */
export function keyCheckValue(key: KeyObject | Buffer): Buffer {
  return createHmac('sha256', key).update('kcv').digest().subarray(0, KCV_BYTES);
}

/** Encrypts 32 key bytes (AES-256-GCM): nonce ‖ ciphertext ‖ tag, 60 bytes, with `context` authenticated. */
export function wrapBytes(key: Buffer, under: KeyObject, context: Buffer): Buffer {
  const nonce = Buffer.alloc(NONCE_BYTES);
  writeNonce(nonce, 0);
  const cipher = createCipheriv(CIPHER, under, nonce, options).setAAD(context);
  return Buffer.concat([nonce, cipher.update(key), cipher.final(), cipher.getAuthTag()]);
}

/** The inverse of `wrapBytes`. Throws IntegrityError when key, context or bytes differ. */
export function unwrapBytes(wrapped: Buffer, under: KeyObject, context: Buffer): Buffer {
  if (wrapped.length !== NONCE_BYTES + KEY_BYTES + TAG_BYTES)
    throw new IntegrityError('A wrapped key has a wrong length.');
  const decipher = createDecipheriv(CIPHER, under, wrapped.subarray(0, NONCE_BYTES), options)
    .setAAD(context)
    .setAuthTag(wrapped.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(wrapped.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch {
    throw new IntegrityError('A wrapped key does not open: it was changed, moved, or wrapped under another key.');
  }
}

/** Wraps a data key under the key-encryption key of its epoch. */
export function wrapDataKey(key: Buffer, kek: KeyObject, identity: DataKeyIdentity): Buffer {
  return wrapBytes(key, kek, dataKeyContext(identity));
}

/** Unwraps and checks a data key. Throws IntegrityError when the row was changed or swapped with another. */
export function unwrapDataKey(row: DataKeyIdentity & { wrapped: Buffer; kcv: Buffer }, kek: KeyObject): KeyObject {
  const raw = unwrapBytes(row.wrapped, kek, dataKeyContext(row));
  const key = createSecretKey(raw);
  raw.fill(0);
  if (!keyCheckValue(key).equals(row.kcv)) throw new IntegrityError('A data key differs from its check value.');
  return key;
}

/** The same data key wrapped by the key-encryption key of another epoch; id, owner, purpose and check value stay. */
export function rewrapDataKey<R extends DataKeyIdentity>(row: R, key: KeyObject, kek: KeyObject, epoch: number): R {
  const identity = { id: row.id, owner: row.owner, purpose: row.purpose, kekEpoch: epoch };
  const raw = key.export();
  const wrapped = wrapDataKey(raw, kek, identity);
  raw.fill(0);
  return { ...row, kekEpoch: epoch, wrapped };
}

/** "data key v1" ‖ id u64 ‖ owner uuid16 ‖ epoch u32 ‖ purpose. */
function dataKeyContext({ id, owner, purpose, kekEpoch }: DataKeyIdentity): Buffer {
  const label = Buffer.from('data key v1');
  const fixed = Buffer.alloc(8 + 16 + 4);
  fixed.writeBigUInt64BE(id, 0);
  writeUuid(owner, fixed, 8);
  fixed.writeUInt32BE(kekEpoch, 24);
  return Buffer.concat([label, fixed, Buffer.from(purpose)]);
}
