import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const SECRET_BYTES = 32;
/** By it a secret is recognised where it should not be, such as in a repository. */
const PREFIX = 'chartseal_secret_';

/** A new secret: 256 random bits. */
export function newSecret(): string {
  return PREFIX + randomBytes(SECRET_BYTES).toString('base64url');
}

/**
 * SHA-256 of a secret, hex. A slow hash such as bcrypt makes dear to guess what people choose; among 2^256 equally likely
 * secrets there is nothing to guess, and what is fast cannot be used to keep the server busy.
 */
export function hashOfSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Its last four characters: enough to tell two apart, far too little to guess the other 232 bits. */
export function hintOfSecret(secret: string): string {
  return secret.slice(-4);
}

/** True when the secret has this hash; takes as long either way. */
export function isSecretOf(secret: string, hash: string): boolean {
  return timingSafeEqual(Buffer.from(hashOfSecret(secret), 'hex'), Buffer.from(hash, 'hex'));
}
