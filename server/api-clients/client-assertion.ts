import { createHash } from 'node:crypto';
import { decode, verify } from 'jsonwebtoken';
import type { DataSource } from 'typeorm';
import type { Clock } from '../platform/clock';
import { algorithmsOf, keyOf, type PublicJwk } from './public-jwk';

export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** How far ahead an assertion may expire: made for one request, not for a drawer. */
const LONGEST_LIFE_SECONDS = 300;
const LONGEST_ASSERTION = 8192;
const LONGEST_JTI = 200;

/** The client an assertion says it is of, unproven; null when it is none. */
export function issuerOfAssertion(assertion: string): string | null {
  if (assertion.length > LONGEST_ASSERTION) return null;
  try {
    const claims = decode(assertion);
    const issuer: unknown = typeof claims === 'object' ? claims?.iss : null; // unproven: whatever JSON can be
    return typeof issuer === 'string' ? issuer : null;
  } catch {
    return null;
  }
}

/** Proof by a signed assertion (private_key_jwt): RFC 7523, section 3, each assertion good for one use. */
export class ClientAssertions {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /**
   * True when the assertion is this client's, signed with this key, for one of these audiences, not expired and not seen
   * before.
   */
  async holds(assertion: string, clientId: string, jwk: PublicJwk, audiences: [string, ...string[]]): Promise<boolean> {
    const now = Math.floor(this.clock.now().getTime() / 1000);
    try {
      const claims = verify(assertion, keyOf(jwk), {
        algorithms: algorithmsOf(jwk),
        issuer: clientId,
        subject: clientId,
        audience: audiences,
        clockTimestamp: now,
      });
      if (typeof claims === 'string') return false;
      const { exp, jti } = claims;
      if (exp === undefined || exp - now > LONGEST_LIFE_SECONDS) return false;
      if (typeof jti !== 'string' || jti === '' || jti.length > LONGEST_JTI) return false;
      return await this.spend(clientId, jti, new Date(exp * 1000));
    } catch (error) {
      if (error instanceof Error && 'code' in error) throw error; // of the database, not of the assertion
      return false;
    }
  }

  /** False when this client has used this jti already; remembered for all servers until the assertion expires. */
  private async spend(clientId: string, jti: string, expiresAt: Date): Promise<boolean> {
    const hash = createHash('sha256').update(`client assertion|${clientId}|${jti}`).digest();
    const [row] = await this.dataSource.query<unknown[]>(
      'INSERT INTO spent_proof (hash, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING 1',
      [hash, expiresAt],
    );
    return row !== undefined;
  }
}
