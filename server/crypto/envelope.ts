import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import { BindingError, IntegrityError } from './errors';
import { NONCE_BYTES, writeNonce } from './nonces';
import { writeUuid } from './uuid';

/** The one place a sealed value may stand: table, column, row and the owner whose key seals it (UUIDs as text). */
export interface Binding {
  table: string;
  column: string;
  row: string;
  owner: string;
}

const MAGIC = 0xe1;
const SUITE_AES_256_GCM = 0x01;
const CIPHER = 'aes-256-gcm';

const NONCE_AT = 10;
const BODY_AT = NONCE_AT + NONCE_BYTES;
const TAG_BYTES = 16;
/** Plaintext is padded to a multiple of this, so that enum values and short names share one length. */
const BLOCK = 32;
const SHORTEST = BODY_AT + BLOCK + TAG_BYTES;
const PAD_MARK = 0x80;

/** Without it Node accepts tags of 4 bytes, which a forger guesses. */
const options = Object.freeze({ authTagLength: TAG_BYTES });

/** Padded plaintext of common size is put together here: the cipher reads it before anything else can run. */
const scratch = Buffer.alloc(8192);

/**
 * Seals one value (type byte ‖ value) into an envelope v1, bound to its place; README.md of this folder is the format.
 *
 * @param keyId id of `key`, 1 to 2^63-1
 * @throws BindingError when row or owner is not a UUID, or a name is empty or longer than 255 bytes
 */
export function sealEnvelope(value: Buffer, key: KeyObject, keyId: bigint, binding: Binding): Buffer {
  const bodyLength = (Math.floor(value.length / BLOCK) + 1) * BLOCK;
  const envelope = Buffer.allocUnsafe(BODY_AT + bodyLength + TAG_BYTES);
  envelope[0] = MAGIC;
  envelope[1] = SUITE_AES_256_GCM;
  envelope.writeBigUInt64BE(keyId, 2);
  writeNonce(envelope, NONCE_AT);

  const body = bodyLength <= scratch.length ? scratch.subarray(0, bodyLength) : Buffer.allocUnsafe(bodyLength);
  value.copy(body);
  body[value.length] = PAD_MARK;
  body.fill(0, value.length + 1);

  const cipher = createCipheriv(CIPHER, key, envelope.subarray(NONCE_AT, BODY_AT), options);
  cipher.setAAD(associatedData(envelope, binding));
  cipher.update(body).copy(envelope, BODY_AT);
  cipher.final();
  cipher.getAuthTag().copy(envelope, BODY_AT + bodyLength);
  body.fill(0);
  return envelope;
}

/**
 * Opens an envelope at its place and returns type byte ‖ value.
 *
 * @throws IntegrityError when it is no envelope v1, or was sealed under another key, for another place, or changed since
 */
export function openEnvelope(envelope: Buffer, key: KeyObject, binding: Binding): Buffer {
  requireShape(envelope);
  const tagAt = envelope.length - TAG_BYTES;
  const decipher = createDecipheriv(CIPHER, key, envelope.subarray(NONCE_AT, BODY_AT), options);
  decipher.setAAD(associatedData(envelope, binding));
  decipher.setAuthTag(envelope.subarray(tagAt));
  const body = decipher.update(envelope.subarray(BODY_AT, tagAt));
  try {
    decipher.final();
  } catch {
    throw new IntegrityError(`What is stored in ${binding.table}.${binding.column} was not sealed for this place.`);
  }
  return body.subarray(0, unpaddedLength(body));
}

/** Id of the data key an envelope was sealed under. Throws IntegrityError when the bytes are no envelope v1. */
export function keyIdOf(envelope: Buffer): bigint {
  requireShape(envelope);
  return envelope.readBigUInt64BE(2);
}

/** An envelope's parts, for the page that shows a record as it is stored. Opens nothing. */
export function dissect(envelope: Buffer): {
  suite: string;
  keyId: bigint;
  nonce: Buffer;
  ciphertext: Buffer;
  tag: Buffer;
} {
  return {
    keyId: keyIdOf(envelope),
    suite: 'AES-256-GCM',
    nonce: envelope.subarray(NONCE_AT, BODY_AT),
    ciphertext: envelope.subarray(BODY_AT, -TAG_BYTES),
    tag: envelope.subarray(-TAG_BYTES),
  };
}

function requireShape(envelope: Buffer): void {
  const { length } = envelope;
  const shaped = length >= SHORTEST && (length - BODY_AT - TAG_BYTES) % BLOCK === 0;
  if (!shaped || envelope[0] !== MAGIC || envelope[1] !== SUITE_AES_256_GCM) {
    throw new IntegrityError('What is stored is not an envelope v1.');
  }
}

function unpaddedLength(body: Buffer): number {
  let end = body.length - 1;
  while (end > 0 && body[end] === 0) end--;
  if (body[end] !== PAD_MARK) throw new IntegrityError('An envelope opened, but its padding is malformed.');
  return end;
}

/** Per table and column: the associated data with gaps for header, row and owner, which every use fills anew. */
const templates = new Map<string, Map<string, Buffer>>();

function associatedData(envelope: Buffer, binding: Binding): Buffer {
  const data = templates.get(binding.table)?.get(binding.column) ?? makeTemplate(binding.table, binding.column);
  for (let at = 0; at < NONCE_AT; at++) data[at] = envelope[at] as number;
  writeUuid(binding.row, data, data.length - 32);
  writeUuid(binding.owner, data, data.length - 16);
  return data;
}

function makeTemplate(table: string, column: string): Buffer {
  const names = [table, column].map((name) => {
    const bytes = Buffer.from(name);
    if (bytes.length < 1 || bytes.length > 255) throw new BindingError('A table or column name is not 1 to 255 bytes.');
    return Buffer.concat([Buffer.of(bytes.length), bytes]);
  });
  const template = Buffer.concat([Buffer.alloc(NONCE_AT), ...names, Buffer.alloc(32)]);
  const columns = templates.get(table) ?? new Map<string, Buffer>();
  templates.set(table, columns.set(column, template));
  return template;
}
