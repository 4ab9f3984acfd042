import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { scopeCatalogue } from '../access/client-scope';
import { runIn } from '../crypto/access-scope';
import { anonymous, RequestContext } from '../graphql/context';
import { ChartsealError } from '../graphql/errors';
import { ownOrigin } from '../identity';
import { OAuthError, readTokenRequest } from './token-request';
import type { TokenService } from './token.service';

const TOKEN_PATH = '/oauth/token';

/** A token request is a few hundred bytes; an assertion two thousand. */
const LARGEST_FORM = 16_384;

const methods = ['client_secret_basic', 'client_secret_post', 'private_key_jwt'];
const algorithms = ['RS256', 'PS256', 'ES256', 'ES384', 'ES512'];

/**
 * The token endpoint (RFC 6749, 4.4) and the document that describes it (RFC 8414).
 *
 * @param publicUrl where others find us; null: the address each request was sent to
 * @param ownUrl where others find us as the settings alone say, and no header of a request: what an assertion is addressed to
 */
export function oauthRoutes(tokens: TokenService, publicUrl: string | null, ownUrl: string): FastifyPluginAsync {
  return async (fastify: FastifyInstance) => {
    const formOnly = { parseAs: 'string', bodyLimit: LARGEST_FORM } as const;
    fastify.addContentTypeParser('application/x-www-form-urlencoded', formOnly, (_request, body, done) =>
      done(null, new URLSearchParams(String(body))),
    );
    fastify.get('/.well-known/oauth-authorization-server', async (request) => describe(ownOrigin(request, publicUrl)));
    fastify.post(TOKEN_PATH, async (request, reply) => {
      const context = new RequestContext({
        actor: anonymous,
        requestId: request.id,
        ip: request.ip,
        operation: 'oauth token',
        purpose: 'operations',
        http: { request, reply },
      });
      reply.header('cache-control', 'no-store').header('pragma', 'no-cache').header('x-request-id', request.id);
      return runIn(context, () => answer(tokens, context, request, reply, ownUrl));
    });
  };
}

async function answer(
  tokens: TokenService,
  context: RequestContext,
  { body, headers }: FastifyRequest,
  reply: FastifyReply,
  issuer: string,
): Promise<unknown> {
  try {
    if (!(body instanceof URLSearchParams))
      throw new OAuthError('invalid_request', 'Send a form (x-www-form-urlencoded).');
    const request = readTokenRequest(headers.authorization, body);
    return await tokens.issue(context, request, [issuer, issuer + TOKEN_PATH]);
  } catch (error) {
    return refuse(error, reply, headers.authorization !== undefined);
  }
}

/** RFC 6749, 5.2; a pause is 429 with Retry-After, for which it has no word of its own. */
function refuse(error: unknown, reply: FastifyReply, byHeader: boolean): unknown {
  if (error instanceof OAuthError) {
    const unproven = error.fault === 'invalid_client';
    if (unproven && byHeader) reply.header('www-authenticate', 'Basic realm="chartseal", charset="UTF-8"');
    reply.code(unproven ? 401 : 400);
    return { error: error.fault, error_description: error.message };
  }
  const seconds = error instanceof ChartsealError ? error.extensions.retryAfterSeconds : undefined;
  if (typeof seconds !== 'number') throw error;
  reply.code(429).header('retry-after', String(seconds));
  return { error: 'temporarily_unavailable', error_description: 'Too many attempts; see Retry-After.' };
}

function describe(issuer: string) {
  return {
    issuer,
    token_endpoint: issuer + TOKEN_PATH,
    grant_types_supported: ['client_credentials'],
    response_types_supported: [],
    scopes_supported: Object.keys(scopeCatalogue),
    token_endpoint_auth_methods_supported: methods,
    token_endpoint_auth_signing_alg_values_supported: algorithms,
  };
}
