import { sign, verify } from 'jsonwebtoken';
import { createSecretKey, type KeyObject } from 'node:crypto';
import type {} from '@fastify/cookie';
import type { Http } from '../../graphql/context';
import type { Clock } from '../../platform/clock';
import { ownOrigin } from '../same-origin';
import type { Attempt } from './provider';

const NAME = 'chartseal_oidc';

/** How long somebody may take to sign in at the provider, in seconds. */
const LIFE_SECONDS = 600;

/**
 * What ties the way back from the provider to the browser that set out: signed, so that nobody can plant one, HttpOnly, with
 * the `__Host-` prefix under TLS, and SameSite=Lax, since the way back comes from another site.
 */
export class AttemptCookie {
  private readonly key: KeyObject;

  /**
   * @param secret 32 bytes, derived for this purpose alone
   * @param publicUrl where browsers find us; null: the address each request was sent to
   */
  constructor(
    secret: Buffer,
    private readonly publicUrl: string | null,
    private readonly clock: Clock,
  ) {
    this.key = createSecretKey(secret);
  }

  set(http: Http, attempt: Attempt): void {
    const iat = this.seconds();
    const text = sign({ ...attempt, iat, exp: iat + LIFE_SECONDS }, this.key, { algorithm: 'HS256' });
    http.reply.setCookie(this.name(http), text, { ...this.attributes(http), maxAge: LIFE_SECONDS });
  }

  /** The attempt this browser set out with, taken away from it; null without one. */
  take(http: Http): Attempt | null {
    const text = http.request.cookies[this.name(http)];
    http.reply.clearCookie(this.name(http), this.attributes(http));
    try {
      const options = { algorithms: ['HS256' as const], clockTimestamp: this.seconds() };
      const { state, nonce, verifier } = verify(text ?? '', this.key, options) as Partial<Attempt>;
      return state && nonce && verifier ? { state, nonce, verifier } : null;
    } catch {
      return null; // none, forged or too old
    }
  }

  private attributes(http: Http) {
    return { path: '/', httpOnly: true, sameSite: 'lax', secure: this.underTls(http) } as const;
  }

  private name(http: Http): string {
    return this.underTls(http) ? `__Host-${NAME}` : NAME;
  }

  private underTls({ request }: Http): boolean {
    return ownOrigin(request, this.publicUrl).startsWith('https:');
  }

  private seconds(): number {
    return Math.floor(this.clock.now().getTime() / 1000);
  }
}
