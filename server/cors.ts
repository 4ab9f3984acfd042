import type { FastifyReply, FastifyRequest } from 'fastify';

/** What pages of other systems may ask; everything else is for our own pages. */
const OPEN_PATHS = ['/graphql', '/oauth/token', '/.well-known/oauth-authorization-server'];
const METHODS = 'GET, POST';
/** Without X-Chartseal-Csrf: what acts by cookie stays out of reach. */
const HEADERS = 'authorization, content-type, apollo-require-preflight';
const TOLD = 'x-request-id, retry-after, www-authenticate';
/** How long a browser may keep the answer to a preflight, in seconds: the longest that Chromium keeps any. */
const PREFLIGHT_SECONDS = 7200;
const NO_CONTENT = 204;

/**
 * Lets pages of listed origins read our answers (Fetch standard, CORS protocol). They bring an access token of their own;
 * credentials are never allowed, so no cookie travels. Origins are compared whole: no pattern, no suffix, no `null`.
 */
export function cors(origins: ReadonlySet<string>) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    if (origins.size === 0 || !OPEN_PATHS.includes(pathOf(request))) return;
    reply.header('vary', 'Origin'); // of a refusal too: caches must not hand one origin's answer to another
    const { origin, 'access-control-request-method': asked } = request.headers;
    if (origin === undefined || !origins.has(origin)) return;
    reply.header('access-control-allow-origin', origin);
    if (request.method !== 'OPTIONS' || asked === undefined) {
      reply.header('access-control-expose-headers', TOLD);
      return;
    }
    return reply
      .code(NO_CONTENT)
      .header('access-control-allow-methods', METHODS)
      .header('access-control-allow-headers', HEADERS)
      .header('access-control-max-age', PREFLIGHT_SECONDS)
      .send();
  };
}

function pathOf({ url }: FastifyRequest): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}
