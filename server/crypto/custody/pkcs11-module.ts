import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { CustodyError } from '../errors';

/** A slot, a session or an object of the token: opaque bytes of the module's own. */
export type Handle = Buffer;

export interface Attribute {
  type: number;
  value?: number | boolean | string | Buffer;
}

export interface Mechanism {
  mechanism: number;
  parameter?: { type: number; iv: Buffer; ivBits: number; aad: Buffer; tagBits: number };
}

/**
 * What we use of a PKCS#11 module, under the standard's own names (OASIS PKCS #11 v2.40, section 5). Calls are synchronous
 * and throw an error whose message begins with the return value's name, such as CKR_PIN_INCORRECT.
 */
export interface Cryptoki {
  load(path: string): void;
  C_Initialize(options: { flags: number }): void;
  C_Finalize(): void;
  C_GetSlotList(tokenPresent: boolean): Handle[];
  C_GetTokenInfo(slot: Handle): { label: string; flags: number };
  C_GetMechanismList(slot: Handle): number[];
  C_OpenSession(slot: Handle, flags: number): Handle;
  C_CloseSession(session: Handle): void;
  C_Login(session: Handle, user: number, pin: string): void;
  C_FindObjectsInit(session: Handle, template: Attribute[]): void;
  C_FindObjects(session: Handle, most: number): Handle[];
  C_FindObjectsFinal(session: Handle): void;
  C_GenerateKey(session: Handle, mechanism: Mechanism, template: Attribute[]): Handle;
  C_GetAttributeValue(session: Handle, object: Handle, template: Attribute[]): { value: Buffer }[];
  C_EncryptInit(session: Handle, mechanism: Mechanism, key: Handle): void;
  C_Encrypt(session: Handle, input: Buffer, output: Buffer): Buffer;
  C_DecryptInit(session: Handle, mechanism: Mechanism, key: Handle): void;
  C_Decrypt(session: Handle, input: Buffer, output: Buffer): Buffer;
}

/** Numbers of the standard (PKCS #11 v2.40, pkcs11t.h) and, last, of pkcs11js: its parameters for AES-GCM. */
export const ck = Object.freeze({
  CKF_OS_LOCKING_OK: 0x02,
  CKF_RW_SESSION: 0x02,
  CKF_SERIAL_SESSION: 0x04,
  CKF_USER_PIN_FINAL_TRY: 0x20000,
  CKU_USER: 1,
  CKO_SECRET_KEY: 4,
  CKK_AES: 0x1f,
  CKM_AES_KEY_GEN: 0x1080,
  CKM_AES_GCM: 0x1087,
  CKA_CLASS: 0x00,
  CKA_TOKEN: 0x01,
  CKA_PRIVATE: 0x02,
  CKA_LABEL: 0x03,
  CKA_KEY_TYPE: 0x100,
  CKA_SENSITIVE: 0x103,
  CKA_ENCRYPT: 0x104,
  CKA_DECRYPT: 0x105,
  CKA_WRAP: 0x106,
  CKA_UNWRAP: 0x107,
  CKA_SIGN: 0x108,
  CKA_VERIFY: 0x10a,
  CKA_DERIVE: 0x10c,
  CKA_VALUE_LEN: 0x161,
  CKA_EXTRACTABLE: 0x162,
  CK_PARAMS_AES_GCM_v240: 7,
});

/** Optional, since it is compiled at installation; so the compiler of these sources knows nothing of it either. */
const PACKAGE = 'pkcs11js';
const ALREADY_INITIALIZED = 'CKR_CRYPTOKI_ALREADY_INITIALIZED';

/** A module may be loaded and initialised once per process only, so all that use it share one. */
const loaded = new Map<string, { cryptoki: Cryptoki; initialised: boolean }>();

/** A PKCS#11 module as custody uses it. */
export interface TokenModule {
  /** Ready for use. Throws CustodyError when it cannot be loaded or does not start. */
  use(): Cryptoki;
  /** Stops it after a fault; the next use starts it anew, since only then many see that a device is back. */
  stop(): void;
}

/** The module at a path, loaded when first used. */
export function moduleAt(path: string): TokenModule {
  return {
    use() {
      const module = loaded.get(path) ?? { cryptoki: load(path), initialised: false };
      loaded.set(path, module);
      if (!module.initialised) initialise(module.cryptoki, path);
      module.initialised = true;
      return module.cryptoki;
    },
    stop() {
      const module = loaded.get(path);
      if (!module?.initialised) return;
      module.initialised = false;
      try {
        module.cryptoki.C_Finalize();
      } catch {
        // it had stopped by itself
      }
    },
  };
}

/** @throws CustodyError when pkcs11js is not installed, the file is missing, or is no module */
function load(path: string): Cryptoki {
  const cryptoki = new (bindings().PKCS11)();
  if (!existsSync(path)) throw new CustodyError(`There is no PKCS#11 module at ${path}.`);
  try {
    cryptoki.load(path);
  } catch {
    throw new CustodyError(`The file ${path} is no PKCS#11 module that can be loaded here.`);
  }
  return cryptoki;
}

function initialise(cryptoki: Cryptoki, path: string): void {
  try {
    cryptoki.C_Initialize({ flags: ck.CKF_OS_LOCKING_OK });
  } catch (error) {
    const code = returnValueOf(error);
    if (code !== ALREADY_INITIALIZED) throw new CustodyError(`The PKCS#11 module ${path} does not start (${code}).`);
  }
}

/** The name of a module's return value; of any other fault only that it is one, since its words may quote anything. */
export function returnValueOf(error: unknown): string {
  const name = error instanceof Error ? /^CKR_[A-Z0-9_]+/.exec(error.message)?.[0] : undefined;
  return name ?? 'unknown fault';
}

function bindings(): { PKCS11: new () => Cryptoki } {
  try {
    return createRequire(__filename)(PACKAGE) as { PKCS11: new () => Cryptoki };
  } catch {
    throw new CustodyError(
      `A root key in a PKCS#11 token needs the package ${PACKAGE}, which is not installed or not compiled here: ` +
        'install a C++ compiler, make and Python, then run npm ci.',
    );
  }
}
