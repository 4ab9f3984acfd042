import { CustodyError, WrongRootKeyError } from '../errors';
import { NONCE_BYTES, writeNonce } from '../nonces';
import { KEY_BYTES, TAG_BYTES } from '../wrap';
import type { KeyCustody } from './custody';
import {
  ck,
  moduleAt,
  returnValueOf,
  type Attribute,
  type Cryptoki,
  type Handle,
  type Mechanism,
  type TokenModule,
} from './pkcs11-module';
import { Token, type TokenPlace } from './pkcs11-token';

export interface TokenOptions {
  /** Make the key when the token has none. Only for a database that holds nothing yet. */
  create: boolean;
  /** Told, once, when the key is one that could be taken out of its token. */
  warn?: (message: string) => void;
}

const WRAPPED_BYTES = NONCE_BYTES + KEY_BYTES + TAG_BYTES;
/** Faults of the device, not of the bytes it was given. */
const OF_THE_DEVICE = /^CKR_(?:DEVICE|TOKEN|SESSION|SLOT|CRYPTOKI|HOST|USER|FUNCTION|KEY|OPERATION|ARGUMENTS)_/;

/**
 * Custody of a root key that stays in a PKCS#11 token (an HSM, a smart card, SoftHSM): AES-256-GCM done by the token, in the
 * same format as LocalCustody. Each operation has a session of its own. The calls block, which start and rotation can bear.
 */
export class Pkcs11Custody implements KeyCustody {
  readonly kind = 'PKCS#11 token';
  private readonly token: Token;

  constructor(
    private readonly place: TokenPlace,
    private readonly module: TokenModule = moduleAt(place.module),
  ) {
    this.token = new Token(module, place);
  }

  /**
   * Makes sure that the key is there and can do its work.
   * @throws WrongRootKeyError when it is missing and may not be made, CustodyError when the token does not do its part
   */
  async demandKey({ create, warn }: TokenOptions): Promise<void> {
    const { label, token } = this.place;
    await this.token.inSession((session, slot) => {
      if (!this.cryptoki().C_GetMechanismList(slot).includes(ck.CKM_AES_GCM)) {
        throw new CustodyError(`The token "${token}" cannot do AES-GCM (CKM_AES_GCM), which wraps the keys.`);
      }
      const key = this.find(session) ?? (create ? this.generate(session) : null);
      if (key === null) throw this.keyMissing();
      if (this.read(session, key, ck.CKA_VALUE_LEN).readUInt8(0) !== KEY_BYTES) {
        throw new CustodyError(`The key "${label}" in the token "${token}" is not an AES key of 256 bits.`);
      }
      if (this.read(session, key, ck.CKA_EXTRACTABLE).readUInt8(0) !== 0) {
        warn?.(`The key "${label}" may be taken out of its token "${token}" (CKA_EXTRACTABLE); it was not made here.`);
      }
    });
  }

  async wrap(key: Buffer, context: string): Promise<Buffer> {
    const nonce = Buffer.alloc(NONCE_BYTES);
    writeNonce(nonce, 0);
    return this.withKey((session, root) => {
      this.cryptoki().C_EncryptInit(session, gcm(nonce, context), root);
      const sealed = this.cryptoki().C_Encrypt(session, key, Buffer.alloc(WRAPPED_BYTES));
      if (sealed.length !== KEY_BYTES + TAG_BYTES)
        throw new CustodyError(`The token "${this.place.token}" cut the key.`);
      return Buffer.concat([nonce, sealed]);
    });
  }

  async unwrap(wrapped: Buffer, context: string): Promise<Buffer> {
    if (wrapped.length !== WRAPPED_BYTES) throw this.wrongKey();
    return this.withKey((session, root) => {
      this.cryptoki().C_DecryptInit(session, gcm(wrapped.subarray(0, NONCE_BYTES), context), root);
      try {
        return this.cryptoki().C_Decrypt(session, wrapped.subarray(NONCE_BYTES), Buffer.alloc(WRAPPED_BYTES));
      } catch (error) {
        // SoftHSM says CKR_GENERAL_ERROR of a tag that does not match, others CKR_ENCRYPTED_DATA_INVALID
        throw OF_THE_DEVICE.test(returnValueOf(error)) ? error : this.wrongKey();
      }
    });
  }

  private cryptoki(): Cryptoki {
    return this.module.use();
  }

  private withKey<T>(work: (session: Handle, key: Handle) => T): Promise<T> {
    return this.token.inSession((session) => {
      const key = this.find(session);
      if (key === null) throw this.keyMissing();
      return work(session, key);
    });
  }

  private find(session: Handle): Handle | null {
    this.cryptoki().C_FindObjectsInit(session, named(this.place.label));
    const keys = this.cryptoki().C_FindObjects(session, 2);
    this.cryptoki().C_FindObjectsFinal(session);
    if (keys.length < 2) return keys[0] ?? null;
    throw new CustodyError(
      `The token "${this.place.token}" holds several keys labelled "${this.place.label}"; the root key's label must be its own.`,
    );
  }

  private generate(session: Handle): Handle {
    const yes = [ck.CKA_TOKEN, ck.CKA_PRIVATE, ck.CKA_SENSITIVE, ck.CKA_ENCRYPT, ck.CKA_DECRYPT];
    const no = [ck.CKA_EXTRACTABLE, ck.CKA_WRAP, ck.CKA_UNWRAP, ck.CKA_SIGN, ck.CKA_VERIFY, ck.CKA_DERIVE];
    return this.cryptoki().C_GenerateKey(session, { mechanism: ck.CKM_AES_KEY_GEN }, [
      ...named(this.place.label),
      { type: ck.CKA_VALUE_LEN, value: KEY_BYTES },
      ...yes.map((type) => ({ type, value: true })),
      ...no.map((type) => ({ type, value: false })),
    ]);
  }

  private read(session: Handle, key: Handle, type: number): Buffer {
    return this.cryptoki().C_GetAttributeValue(session, key, [{ type }])[0]!.value;
  }

  private keyMissing(): WrongRootKeyError {
    return new WrongRootKeyError(`The token "${this.place.token}" holds no key labelled "${this.place.label}".`);
  }

  private wrongKey(): WrongRootKeyError {
    return new WrongRootKeyError(`This root key (${this.kind}) is not the one the database was sealed under.`);
  }
}

/**
 * Opens custody in a token, making the key there when that is allowed and there is none.
 *
 * @throws CustodyError with what to do when module, token, PIN or mechanism fail; WrongRootKeyError when the key is missing
 */
export async function openPkcs11(place: TokenPlace, options: TokenOptions): Promise<KeyCustody> {
  const custody = new Pkcs11Custody(place);
  await custody.demandKey(options);
  return custody;
}

/** An AES key of this label, as it is looked for and as it is made. */
function named(label: string): Attribute[] {
  return [
    { type: ck.CKA_CLASS, value: ck.CKO_SECRET_KEY },
    { type: ck.CKA_KEY_TYPE, value: ck.CKK_AES },
    { type: ck.CKA_LABEL, value: label },
  ];
}

/** AES-GCM with a nonce of 96 bits, the context authenticated and a tag of 128 bits (NIST SP 800-38D). */
function gcm(iv: Buffer, context: string): Mechanism {
  const parameter = { type: ck.CK_PARAMS_AES_GCM_v240, iv, ivBits: iv.length * 8, aad: Buffer.from(context) };
  return { mechanism: ck.CKM_AES_GCM, parameter: { ...parameter, tagBits: TAG_BYTES * 8 } };
}
