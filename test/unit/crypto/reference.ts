import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto';
import type { Binding } from '../../../server/crypto/envelope';

/**
 * Envelope v1 and search tokens once more, written from server/crypto/README.md alone, plainly and slowly. It shares no
 * code with the server, so that both being wrong in the same way takes two mistakes.
 */
const uuid = (text: string) => Buffer.from(text.replaceAll('-', ''), 'hex');

function header(keyId: bigint): Buffer {
  return Buffer.from(`e101${keyId.toString(16).padStart(16, '0')}`, 'hex');
}

function associated(head: Buffer, { table, column, row, owner }: Binding): Buffer {
  const names = [table, column].flatMap((name) => [Buffer.from([Buffer.byteLength(name)]), Buffer.from(name)]);
  return Buffer.concat([head, ...names, uuid(row), uuid(owner)]);
}

export function referenceSeal(value: Buffer, key: Buffer, keyId: bigint, nonce: Buffer, binding: Binding): Buffer {
  const head = header(keyId);
  let padded = Buffer.concat([value, Buffer.from([0x80])]);
  while (padded.length % 32 !== 0) padded = Buffer.concat([padded, Buffer.from([0])]);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(associated(head, binding));
  const ciphertext = Buffer.concat([cipher.update(padded), cipher.final()]);
  return Buffer.concat([head, nonce, ciphertext, cipher.getAuthTag()]);
}

export function referenceOpen(envelope: Buffer, key: Buffer, binding: Binding): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, envelope.subarray(10, 22), { authTagLength: 16 });
  decipher.setAAD(associated(envelope.subarray(0, 10), binding));
  decipher.setAuthTag(envelope.subarray(envelope.length - 16));
  const padded = Buffer.concat([decipher.update(envelope.subarray(22, envelope.length - 16)), decipher.final()]);
  return padded.subarray(0, padded.lastIndexOf(0x80));
}

export function referenceToken(root: Buffer, field: string, normalised: string): Buffer {
  const key = Buffer.from(hkdfSync('sha256', root, Buffer.alloc(0), Buffer.from(`chartseal/token/v1/${field}`), 32));
  return createHmac('sha256', key).update(Buffer.from(normalised)).digest().subarray(0, 16);
}

/** A key wrapped under another: nonce ‖ ciphertext ‖ tag, the context as associated data. */
export function referenceWrap(key: Buffer, under: Buffer, nonce: Buffer, context: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-gcm', under, nonce);
  cipher.setAAD(context);
  return Buffer.concat([nonce, cipher.update(key), cipher.final(), cipher.getAuthTag()]);
}

/** The context of a wrapped data key: `data key v1` ‖ id u64 ‖ owner uuid16 ‖ epoch u32 ‖ purpose. */
export function referenceDataKeyContext(id: bigint, owner: string, epoch: number, purpose: string): Buffer {
  const [id64, epoch32] = [id.toString(16).padStart(16, '0'), epoch.toString(16).padStart(8, '0')];
  return Buffer.concat([
    Buffer.from('data key v1'),
    Buffer.from(id64, 'hex'),
    uuid(owner),
    Buffer.from(epoch32, 'hex'),
    Buffer.from(purpose),
  ]);
}

export function referenceCheckValue(key: Buffer): Buffer {
  return createHmac('sha256', key).update('kcv').digest().subarray(0, 8);
}

export function referenceSecret(root: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', root, Buffer.alloc(0), Buffer.from(`chartseal/derive/v1/${purpose}`), 32));
}
