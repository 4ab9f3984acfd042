import { createPublicKey, type KeyObject } from 'node:crypto';
import type { Algorithm } from 'jsonwebtoken';

/** The members of a public key as RFC 7517 writes it; nothing else of what was given is kept. */
export interface PublicJwk {
  kty: 'RSA' | 'EC';
  n?: string;
  e?: string;
  crv?: string;
  x?: string;
  y?: string;
}

/** Shortest RSA key taken, in bits: with 128 bits of security, as all else here (NIST SP 800-57, table 2). */
const SHORTEST_RSA = 3072;

const curves: Readonly<Record<string, Algorithm>> = { 'P-256': 'ES256', 'P-384': 'ES384', 'P-521': 'ES512' };

/**
 * Reads a public key to register: RSA of at least 3072 bits, or EC on P-256, P-384 or P-521. Null for anything else, and for
 * a private key, which nobody but its owner may have.
 */
export function readPublicJwk(text: string): PublicJwk | null {
  try {
    const { kty, n, e, crv, x, y, d } = JSON.parse(text) as PublicJwk & { d?: unknown };
    if (d !== undefined) return null;
    const jwk: PublicJwk = kty === 'RSA' ? { kty, n, e } : { kty, crv, x, y };
    const key = keyOf(jwk);
    if (kty === 'RSA') return (key.asymmetricKeyDetails?.modulusLength ?? 0) >= SHORTEST_RSA ? jwk : null;
    return kty === 'EC' && curves[crv ?? ''] ? jwk : null;
  } catch {
    return null; // no JSON, or no key
  }
}

export function keyOf(jwk: PublicJwk): KeyObject {
  return createPublicKey({ key: { ...jwk }, format: 'jwk' });
}

/** The only algorithms an assertion under this key may name: the key decides, never the assertion. */
export function algorithmsOf({ kty, crv }: PublicJwk): Algorithm[] {
  return kty === 'RSA' ? ['RS256', 'PS256'] : [curves[crv ?? '']!];
}
