import type { IncomingHttpHeaders } from 'node:http';
import { ClientScope } from '../access/client-scope';
import { anonymous, type Actor } from '../graphql/context';
import { actorOf, type ApiClientRepository } from './api-client.repository';
import type { ClientTokens } from './client-tokens';

const BEARER = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i;

/**
 * Says which API client sends a request. The token is only a claim: credential and client are looked up each time, so that
 * revoking counts from the very next request on, in every server process.
 */
export class ClientAuthenticator {
  constructor(
    private readonly clients: ApiClientRepository,
    private readonly tokens: ClientTokens,
  ) {}

  /** The client; anonymous when its credential was revoked. Null for a token that is none of an API client. */
  async authenticate({ authorization }: IncomingHttpHeaders): Promise<Actor | null> {
    const token = BEARER.exec(authorization ?? '')?.[1];
    const claims = token ? this.tokens.read(token) : null;
    if (!claims) return null;
    const client = await this.clients.findStanding(claims.credentialId);
    if (!client) return anonymous;
    const asked = ClientScope.parse(claims.scopes, null);
    return asked ? actorOf(client, asked) : anonymous;
  }
}
