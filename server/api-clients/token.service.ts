import { createHash } from 'node:crypto';
import type { Foundation } from '../access/foundation';
import { ClientScope } from '../access/client-scope';
import type { RequestContext } from '../graphql/context';
import { isId } from '../platform/ids';
import type { SignInThrottle } from '../identity';
import type { ApiClient } from './api-client.entity';
import { actorOf, scopeOf, type ApiClientRepository } from './api-client.repository';
import type { ClientAssertions } from './client-assertion';
import { isSecretOf } from './client-secret';
import { TOKEN_SECONDS, type ClientTokens } from './client-tokens';
import type { ApiClientCredential } from './credential.entity';
import { OAuthError, type TokenRequest } from './token-request';

/** What a proven client gets (RFC 6749, 5.1). */
export interface IssuedToken {
  access_token: string;
  token_type: 'Bearer';
  expires_in: number;
  scope: string;
}

/** Access tokens for clients that prove themselves. */
export class TokenService {
  constructor(
    private readonly base: Foundation,
    private readonly clients: ApiClientRepository,
    private readonly tokens: ClientTokens,
    private readonly assertions: ClientAssertions,
    private readonly throttle: SignInThrottle,
  ) {}

  /**
   * Issues a token. An unknown client, a revoked one and a wrong proof get the same answer. Failures are counted by client
   * and address together, so that nobody elsewhere can keep a client out.
   *
   * @param audiences what an assertion may be addressed to
   * @throws OAuthError, RATE_LIMITED or LOCKED while guessing is paused
   */
  async issue(context: RequestContext, request: TokenRequest, audiences: [string, ...string[]]): Promise<IssuedToken> {
    const counted = createHash('sha256').update(`client|${context.ip}|${request.clientId}`).digest();
    const attempt = await this.throttle.begin(counted, context.ip);
    const client = isId(request.clientId) ? await this.clients.find(request.clientId) : null;
    const credential = client && (await this.proven(client, request, audiences));
    const target = { type: 'apiClient', id: client?.id ?? null };
    if (!client || !credential) {
      await this.base.audit.record({ action: 'issue-token', outcome: 'failed', target });
      throw new OAuthError('invalid_client', 'The client is unknown, revoked, or did not prove itself.');
    }
    await this.throttle.succeeded(attempt);
    const scope = scopeAsked(client, request.scopes);
    context.actor = actorOf(client, credential.id, scope);
    await this.base.audit.record({ action: 'issue-token', target });
    await this.clients.noteUse(credential.id);
    const token = this.tokens.issue(client.id, credential.id, scope.toString());
    return { access_token: token, token_type: 'Bearer', expires_in: TOKEN_SECONDS, scope: scope.toString() };
  }

  private async proven(
    client: ApiClient,
    { proof }: TokenRequest,
    audiences: [string, ...string[]],
  ): Promise<ApiClientCredential | null> {
    if (client.revokedAt) return null;
    for (const credential of await this.clients.credentialsOf([client.id])) {
      const stored = credential.opened;
      if (credential.revokedAt || stored.clientId !== client.id) continue;
      if ('hash' in stored && 'secret' in proof && isSecretOf(proof.secret, stored.hash)) return credential;
      if ('jwk' in stored && 'assertion' in proof) {
        if (await this.assertions.holds(proof.assertion, client.id, stored.jwk, audiences)) return credential;
      }
    }
    return null;
  }
}

/** What was asked for, if the client has it; all it has when nothing was said. */
function scopeAsked(client: ApiClient, scopes: readonly string[] | null): ClientScope {
  const own = scopeOf(client);
  if (!scopes) return own;
  const asked = ClientScope.parse(scopes, own.patients);
  if (!asked || !own.includes(asked))
    throw new OAuthError('invalid_scope', 'The client may not have all of this scope.');
  return asked;
}
