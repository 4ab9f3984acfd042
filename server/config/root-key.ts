import { resolve } from 'node:path';
import type { Fault } from './secrets';

/** Where the root key is; server/custody.ts turns it into something that wraps and unwraps. */
export type RootKeySource =
  | { kind: 'file'; path: string }
  | { kind: 'value'; hex: string }
  | { kind: 'pkcs11'; module: string; token: string; label: string; pin: string };

/** The settings that say where the root key is. */
export interface RootKeySettings {
  ROOT_KEY?: string | undefined;
  ROOT_KEY_FILE?: string | undefined;
  ROOT_KEY_PKCS11_MODULE?: string | undefined;
  ROOT_KEY_PKCS11_TOKEN?: string | undefined;
  ROOT_KEY_PKCS11_LABEL?: string | undefined;
  ROOT_KEY_PKCS11_PIN?: string | undefined;
}

/** What a key in a token is called unless the settings say otherwise. */
export const DEFAULT_LABEL = 'chartseal-root';

/** What does not go together: two places of one key, or a token half described. */
export function rootKeyFaults(given: Readonly<Record<string, string | undefined>>): Fault[] {
  const ofToken = ['ROOT_KEY_PKCS11_TOKEN', 'ROOT_KEY_PKCS11_PIN'];
  if (!given.ROOT_KEY_PKCS11_MODULE) {
    return [...ofToken, 'ROOT_KEY_PKCS11_LABEL']
      .filter((name) => given[name])
      .map((name) => ({ name, message: 'says nothing without ROOT_KEY_PKCS11_MODULE' }));
  }
  const elsewhere = ['ROOT_KEY', 'ROOT_KEY_FILE']
    .filter((name) => given[name])
    .map((name) => ({
      name,
      message: 'cannot be set together with ROOT_KEY_PKCS11_MODULE: the root key has one place',
    }));
  const missing = ofToken
    .filter((name) => !given[name])
    .map((name) => ({ name, message: 'is needed with ROOT_KEY_PKCS11_MODULE' }));
  return [...elsewhere, ...missing];
}

/** The one place that settings without faults name; without any, a file in DATA_DIR. */
export function rootKeySource(given: RootKeySettings, dataDir: string): RootKeySource {
  if (given.ROOT_KEY_PKCS11_MODULE) {
    return {
      kind: 'pkcs11',
      module: resolve(given.ROOT_KEY_PKCS11_MODULE),
      token: given.ROOT_KEY_PKCS11_TOKEN ?? '',
      label: given.ROOT_KEY_PKCS11_LABEL ?? DEFAULT_LABEL,
      pin: given.ROOT_KEY_PKCS11_PIN ?? '',
    };
  }
  if (given.ROOT_KEY) return { kind: 'value', hex: given.ROOT_KEY };
  return { kind: 'file', path: resolve(given.ROOT_KEY_FILE ?? `${dataDir}/root.key`) };
}

/** Where the root key is, in words; never the key or a PIN. */
export function describeRootKey(source: RootKeySource): string {
  if (source.kind === 'file') return `key file ${source.path}`;
  if (source.kind === 'value') return 'given by ROOT_KEY';
  return `key "${source.label}" in the PKCS#11 token "${source.token}"`;
}
