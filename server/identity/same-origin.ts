import type { FastifyRequest } from 'fastify';
import { badInput, forbidden } from '../graphql/errors';

/** A header no form and no image can send: a foreign page would need a preflight, which is never granted. */
const CSRF_HEADER = 'x-chartseal-csrf';

type OriginatingRequest = Pick<FastifyRequest, 'headers' | 'protocol' | 'host'>;

/**
 * Demands that a request which acts by cookie comes from our own pages: the header that forces a preflight, an Origin that
 * is ours, and no word of the browser to the contrary. Throws FORBIDDEN.
 *
 * @param publicUrl where browsers find us; null: the address the request itself was sent to
 */
export function demandSameOrigin(request: OriginatingRequest, publicUrl: string | null): void {
  const { origin, [CSRF_HEADER]: header, 'sec-fetch-site': site } = request.headers;
  const own = ownOrigin(request, publicUrl);
  if (header !== '1' || origin !== own || (site !== undefined && site !== 'same-origin')) {
    throw forbidden('This must be asked from the application’s own pages.');
  }
}

/**
 * Origin of our own pages, as a browser writes it (RFC 6454). Throws BAD_USER_INPUT, 400 outside GraphQL, for a request that was
 * sent to a host that is none: the sender's fault, and none of ours for the log.
 */
export function ownOrigin(request: Pick<FastifyRequest, 'protocol' | 'host'>, publicUrl: string | null): string {
  const address = publicUrl ?? `${request.protocol}://${request.host}`;
  if (!URL.canParse(address)) throw Object.assign(badInput('host', 'There is no such host.'), { statusCode: 400 });
  return new URL(address).origin;
}
