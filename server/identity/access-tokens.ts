import { sign, verify } from 'jsonwebtoken';
import { createSecretKey, type KeyObject } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Role } from '../graphql/context';
import type { Clock } from '../platform/clock';
import { isId } from '../platform/ids';
import { ACCESS_TOKEN_MS } from './session-limits';

const ISSUER = 'chartseal';
/** Longer ones are not ours and not worth parsing. */
const LONGEST_TOKEN = 1024;
/** Tokens remembered as genuine: more than a hospital has people signed in. */
const REMEMBERED = 5_000;

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
  /** A token's signature is as good at its second use; until when it counts is asked each time. */
  private readonly genuine = new LRUCache<string, AccessClaims & { exp: number }>({ max: REMEMBERED });

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
    const known = this.genuine.get(token) ?? this.verified(token);
    if (!known || known.exp <= this.seconds()) return null;
    return { userId: known.userId, sessionId: known.sessionId };
  }

  private verified(token: string): (AccessClaims & { exp: number }) | null {
    try {
      const claims = verify(token, this.key, {
        algorithms: ['HS256'],
        issuer: ISSUER,
        clockTimestamp: this.seconds(),
      });
      if (typeof claims === 'string' || claims.exp === undefined) return null;
      const { sub, sid, exp } = claims as { sub?: unknown; sid?: unknown; exp: number };
      if (typeof sub !== 'string' || typeof sid !== 'string' || !isId(sub) || !isId(sid)) return null;
      const known = { userId: sub, sessionId: sid, exp };
      this.genuine.set(token, known);
      return known;
    } catch {
      return null; // says nothing about why
    }
  }

  private seconds(): number {
    return Math.floor(this.clock.now().getTime() / 1000);
  }
}
