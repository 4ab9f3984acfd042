import type {} from '@fastify/cookie';
import type { Http } from '../graphql/context';
import { ownOrigin } from './same-origin';

const NAME = 'chartseal_refresh';

/**
 * The cookie the refresh token travels in: HttpOnly, SameSite=Strict, and under TLS with the `__Host-` prefix (RFC 6265bis),
 * which no sibling domain can plant.
 */
export class RefreshCookie {
  /** @param publicUrl where browsers find us; null: the address each request was sent to */
  constructor(private readonly publicUrl: string | null) {}

  read(http: Http): string | null {
    return http.request.cookies[this.name(http)] ?? null;
  }

  set(http: Http, token: string, expires: Date): void {
    http.reply.setCookie(this.name(http), token, { ...this.attributes(http), expires });
  }

  clear(http: Http): void {
    http.reply.clearCookie(this.name(http), this.attributes(http));
  }

  private attributes(http: Http) {
    return { path: '/', httpOnly: true, sameSite: 'strict', secure: this.underTls(http) } as const;
  }

  private name(http: Http): string {
    return this.underTls(http) ? `__Host-${NAME}` : NAME;
  }

  private underTls({ request }: Http): boolean {
    return ownOrigin(request, this.publicUrl).startsWith('https:');
  }
}
