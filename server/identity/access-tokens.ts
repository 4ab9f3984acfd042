import { sign, verify } from 'jsonwebtoken';
import { createSecretKey, type KeyObject } from 'node:crypto';
import type { Role } from '../graphql/context';
import type { Clock } from '../platform/clock';
import { isId } from '../platform/ids';
import { ACCESS_TOKEN_MS } from './session-limits';

const ISSUER = 'chartseal';
/** Longer ones are not ours and not worth parsing. */
const LONGEST_TOKEN = 1024;

export interface AccessToken {
  token: string;
  expiresAt: Date;
}

export interface AccessClaims {
  userId: string;
  sessionId: string;
}

/** Access tokens: JWT (RFC 7519), HS256, 15 minutes. They name a session; whether it still stands is asked elsewhere. */
export class AccessTokens {
  // A KeyObject: jsonwebtoken would try to parse a string secret as a public key at every check.
  private readonly key: KeyObject;

  /** @param secret 32 bytes, derived for this purpose alone */
  constructor(
    secret: Buffer,
    private readonly clock: Clock,
  ) {
    this.key = createSecretKey(secret);
  }

  issue(user: { id: string; role: Role }, sessionId: string): AccessToken {
    const iat = this.seconds();
    const exp = iat + ACCESS_TOKEN_MS / 1000;
    const claims = { iss: ISSUER, sub: user.id, sid: sessionId, role: user.role, iat, exp };
    return { token: sign(claims, this.key, { algorithm: 'HS256' }), expiresAt: new Date(exp * 1000) };
  }

  /** Whom and which session a token names; null when it is forged, expired or nothing of ours. */
  read(token: string): AccessClaims | null {
    if (token.length > LONGEST_TOKEN) return null;
    try {
      const claims = verify(token, this.key, {
        algorithms: ['HS256'],
        issuer: ISSUER,
        clockTimestamp: this.seconds(),
      });
      if (typeof claims === 'string' || claims.exp === undefined) return null;
      const { sub, sid } = claims as { sub?: unknown; sid?: unknown };
      return typeof sub === 'string' && typeof sid === 'string' && isId(sub) && isId(sid)
        ? { userId: sub, sessionId: sid }
        : null;
    } catch {
      return null; // says nothing about why
    }
  }

  private seconds(): number {
    return Math.floor(this.clock.now().getTime() / 1000);
  }
}
