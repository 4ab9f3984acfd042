import { sign, verify } from 'jsonwebtoken';
import { createSecretKey, type KeyObject } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../platform/clock';
import { isId } from '../platform/ids';

/** How every one of ours begins: a person's token is told apart without computing anything. */
const HEADER = { alg: 'HS256', typ: 'at+jwt' } as const;
const BEGINNING = `${Buffer.from(JSON.stringify(HEADER)).toString('base64url')}.`;
const ISSUER = 'chartseal';
const AUDIENCE = 'chartseal api';
/** Life of an access token in seconds; revoking takes effect at once all the same, since each request asks for it. */
export const TOKEN_SECONDS = 600;
/** Longer ones are not ours and not worth parsing. */
const LONGEST_TOKEN = 8192;
const REMEMBERED = 1_000;

export interface ClientClaims {
  /** The credential the token was got by: revoked with it. */
  credentialId: string;
  /** What was asked for, never more than the client has. */
  scopes: readonly string[];
}

type Genuine = ClientClaims & { exp: number };

/** Access tokens of API clients: JWT (RFC 7519, 9068), HS256, under a key that signs nothing else. */
export class ClientTokens {
  private readonly key: KeyObject;
  /** A token's signature is as good at its second use; until when it counts is asked each time. */
  private readonly genuine = new LRUCache<string, Genuine>({ max: REMEMBERED });

  /** @param secret 32 bytes, derived for this purpose alone */
  constructor(
    secret: Buffer,
    private readonly clock: Clock,
  ) {
    this.key = createSecretKey(secret);
  }

  issue(clientId: string, credentialId: string, scope: string): string {
    const iat = this.seconds();
    const claims = {
      iss: ISSUER,
      aud: AUDIENCE,
      sub: clientId,
      cid: credentialId,
      scope,
      iat,
      exp: iat + TOKEN_SECONDS,
    };
    return sign(claims, this.key, { algorithm: 'HS256', header: HEADER });
  }

  /** What a token says; null when it is forged, expired or none of ours. */
  read(token: string): ClientClaims | null {
    if (token.length > LONGEST_TOKEN || !token.startsWith(BEGINNING)) return null;
    const known = this.genuine.get(token) ?? this.verified(token);
    return known && known.exp > this.seconds() ? known : null;
  }

  private verified(token: string): Genuine | null {
    try {
      const claims: unknown = verify(token, this.key, {
        algorithms: ['HS256'],
        issuer: ISSUER,
        audience: AUDIENCE,
        clockTimestamp: this.seconds(),
      });
      const { cid, scope, exp } = claims as { cid?: unknown; scope?: unknown; exp?: unknown };
      if (typeof cid !== 'string' || !isId(cid) || typeof scope !== 'string' || typeof exp !== 'number') return null;
      const known = { credentialId: cid, scopes: scope.split(' ').filter(Boolean), exp };
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
