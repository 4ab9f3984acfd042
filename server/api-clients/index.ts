import type { FastifyPluginAsync } from 'fastify';
import type { IncomingHttpHeaders } from 'node:http';
import type { Foundation } from '../access/foundation';
import type { Actor } from '../graphql/context';
import type { Identity } from '../identity';
import { ApiClientRepository } from './api-client.repository';
import { ApiClientResolver } from './api-client.resolver';
import { ApiClientService } from './api-client.service';
import { ClientAssertions } from './client-assertion';
import { ClientAuthenticator } from './client-authenticator';
import { ClientTokens } from './client-tokens';
import { oauthRoutes } from './oauth-routes';
import { TokenService } from './token.service';

export { ApiClient } from './api-client.entity';
export { ApiClientCredential } from './credential.entity';

/** Everything about other systems that may ask. */
export interface ApiClients {
  readonly resolvers: readonly object[];
  /** `/oauth/token` and the document that describes it. */
  routes(publicUrl: string | null, ownUrl: string): FastifyPluginAsync;
  /** The API client that sends a request with these headers; null when they do not speak for one. */
  authenticate(headers: IncomingHttpHeaders): Promise<Actor | null>;
  /** What people call a client; null for what is none. */
  nameOf(id: string): Promise<string | null>;
}

export function createApiClients(base: Foundation, { throttle }: Identity): ApiClients {
  const { dataSource, tokens, clock } = base;
  const clients = new ApiClientRepository(base);
  const clientTokens = new ClientTokens(tokens.derive('client access token'), clock);
  const assertions = new ClientAssertions(dataSource, clock);
  const tokenService = new TokenService(base, clients, clientTokens, assertions, throttle);
  const authenticator = new ClientAuthenticator(clients, clientTokens);
  return {
    resolvers: [new ApiClientResolver(clients, new ApiClientService(base, clients))],
    routes: (publicUrl, ownUrl) => oauthRoutes(tokenService, publicUrl, ownUrl),
    authenticate: (headers) => authenticator.authenticate(headers),
    nameOf: async (id) => (await clients.find(id))?.name ?? null,
  };
}
