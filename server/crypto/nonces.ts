import { randomFillSync } from 'node:crypto';

export const NONCE_BYTES = 12;

/** Nonces drawn at a time: the call into the random generator costs more than the bytes. */
const POOL_NONCES = 512;

const pool = Buffer.alloc(POOL_NONCES * NONCE_BYTES);
let next = pool.length;

/**
 * Writes a fresh 96-bit random nonce at `offset`. Every nonce of the pool is handed out once: NIST SP 800-38D §8.2.2, whose
 * bound of 2^32 messages per key a patient's key never comes near.
 */
export function writeNonce(target: Buffer, offset: number): void {
  if (next === pool.length) {
    randomFillSync(pool);
    next = 0;
  }
  const start = next;
  next += NONCE_BYTES;
  for (let at = 0; at < NONCE_BYTES; at++) target[offset + at] = pool[start + at] as number;
}
