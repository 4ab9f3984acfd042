import { WrongRootKeyError } from '../errors';
import { LocalCustody, type KeyCustody } from './custody';

const HEX = /^[0-9a-f]{64}$/i;
const BASE64 = /^[0-9a-z+/_-]{43}=?$/i;

/** Reads 32 key bytes from hex or base64 (also base64url) text. Throws WrongRootKeyError, never quoting the text. */
export function parseRootKey(secret: string): Buffer {
  const written = secret.trim();
  if (HEX.test(written)) return Buffer.from(written, 'hex');
  if (BASE64.test(written)) return Buffer.from(written, 'base64');
  throw new WrongRootKeyError(
    'The root key must be 32 bytes written as hex (64 characters) or base64 (44 characters).',
  );
}

/** Custody of a root key from the environment or a mounted secret. Throws WrongRootKeyError when it is malformed. */
export function custodyFromSecret(secret: string): KeyCustody {
  return new LocalCustody('secret', parseRootKey(secret));
}
