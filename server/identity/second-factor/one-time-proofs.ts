import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { Clock } from '../../platform/clock';

/** What a proof is good for; one made for another purpose is worth nothing. */
export type ProofPurpose = 'ticket' | 'registration' | 'passkey sign-in' | 'passkey step-up';

const RANDOM_BYTES = 16;
const TIME_BYTES = 6;
const TAG_BYTES = 16;
const PROOF_BYTES = RANDOM_BYTES + TIME_BYTES + TAG_BYTES;
const PROOF_CHARACTERS = Math.ceil((PROOF_BYTES * 4) / 3);

/**
 * Tickets and challenges: random bytes ‖ expiry ‖ tag, base64url. The tag (HMAC-SHA-256 under a derived key) binds them to
 * their purpose and to a session or account. Nothing is stored until one is spent, so nobody fills a table by asking for
 * them; what is spent is remembered until it expires, for all servers.
 */
export class OneTimeProofs {
  /** @param secret 32 bytes, derived for this purpose alone */
  constructor(
    private readonly secret: Buffer,
    private readonly clock: Clock,
  ) {}

  /** @param subject whom it is bound to: a session, an account, or nobody */
  issue(purpose: ProofPurpose, subject: string, lifeMs: number): { proof: string; expiresAt: Date } {
    const expires = this.clock.now().getTime() + lifeMs;
    const time = Buffer.alloc(TIME_BYTES);
    time.writeUIntBE(expires, 0, TIME_BYTES);
    const body = Buffer.concat([randomBytes(RANDOM_BYTES), time]);
    const proof = Buffer.concat([body, this.tag(purpose, subject, body)]).toString('base64url');
    return { proof, expiresAt: new Date(expires) };
  }

  /** True for a proof of ours for this purpose and subject that has not expired; whether it was spent, `spend` says. */
  holds(purpose: ProofPurpose, subject: string, proof: string): boolean {
    const bytes = bytesOf(proof);
    if (!bytes) return false;
    const body = bytes.subarray(0, -TAG_BYTES);
    if (!timingSafeEqual(this.tag(purpose, subject, body), bytes.subarray(-TAG_BYTES))) return false;
    return expiryOf(bytes) > this.clock.now().getTime();
  }

  /** Spends a proof that holds, in the transaction of what it allows; false when somebody was faster. */
  async spend(manager: EntityManager, proof: string): Promise<boolean> {
    const bytes = bytesOf(proof);
    if (!bytes) return false;
    const [row] = await manager.query<unknown[]>(
      'INSERT INTO spent_proof (hash, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING 1',
      [createHash('sha256').update(bytes).digest(), new Date(expiryOf(bytes))],
    );
    return row !== undefined;
  }

  private tag(purpose: ProofPurpose, subject: string, body: Buffer): Buffer {
    const mac = createHmac('sha256', this.secret).update(`${purpose}|${subject}|`);
    return mac.update(body).digest().subarray(0, TAG_BYTES);
  }
}

/** Of exactly its length: what a decoder passes over would make one proof look like two. */
function bytesOf(proof: string): Buffer | null {
  const bytes = proof.length === PROOF_CHARACTERS ? Buffer.from(proof, 'base64url') : null;
  return bytes?.length === PROOF_BYTES ? bytes : null;
}

function expiryOf(bytes: Buffer): number {
  return bytes.readUIntBE(RANDOM_BYTES, TIME_BYTES);
}
