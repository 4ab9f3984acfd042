import type { IncomingHttpHeaders } from 'node:http';
import { ClientScope } from '../access/client-scope';
import { runIn } from '../crypto/access-scope';
import { anonymous, systemContext, type Actor } from '../graphql/context';
import { actorOf, type ApiClientRepository } from './api-client.repository';
import type { ClientClaims, ClientTokens } from './client-tokens';

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
    return runIn(systemContext('authenticate'), () => this.actorOf(claims)); // a socket has no context between its events
  }

  private async actorOf({ credentialId, scopes }: ClientClaims): Promise<Actor> {
    const client = await this.clients.findStanding(credentialId);
    const asked = ClientScope.parse(scopes, null);
    return client && asked ? actorOf(client, credentialId, asked) : anonymous;
  }
}
