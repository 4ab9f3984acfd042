import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

/** What tokens are made of; each has a key of its own, so equal values in two fields do not show. */
export type TokenField = 'mrn' | 'identifier' | 'demographics' | 'staff-email' | 'idempotency';

const TOKEN_BYTES = 16;
const ROOT_BYTES = 32;

/** Keyed search tokens, and every other secret derived from the one derivation root. */
export class TokenKeys {
  private readonly root: KeyObject;
  private readonly fields = new Map<TokenField, KeyObject>();

  /**
   * @param indexRoot the derivation root, 32 bytes
   * @throws RangeError for any other length
   */
  constructor(indexRoot: Buffer) {
    if (indexRoot.length !== ROOT_BYTES) throw new RangeError('The derivation root must be 32 bytes.');
    this.root = createSecretKey(indexRoot);
  }

  /** Token of an already normalised value: HMAC-SHA-256 under the field's key, first 16 bytes. */
  token(field: TokenField, normalised: string): Buffer {
    const key = this.fields.get(field) ?? this.fieldKey(field);
    return createHmac('sha256', key).update(normalised, 'utf8').digest().subarray(0, TOKEN_BYTES);
  }

  /** Secret bytes for one purpose (cursors, JWT, throttling): HKDF-SHA-256 (RFC 5869), 32 bytes unless said otherwise. */
  derive(purpose: string, length = 32): Buffer {
    return this.expand(`chartseal/derive/v1/${purpose}`, length);
  }

  private fieldKey(field: TokenField): KeyObject {
    const key = createSecretKey(this.expand(`chartseal/token/v1/${field}`, 32));
    this.fields.set(field, key);
    return key;
  }

  private expand(info: string, length: number): Buffer {
    return Buffer.from(hkdfSync('sha256', this.root, '', info, length));
  }
}
