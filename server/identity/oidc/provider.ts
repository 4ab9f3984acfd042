import type { Configuration } from 'openid-client';

/** What is needed to reach the provider, and what of its claims counts. */
export interface ProviderSettings {
  issuer: string;
  clientId: string;
  clientSecret: string | null;
  roleClaim: string | null;
}

/** What the browser keeps between going to the provider and coming back. */
export interface Attempt {
  state: string;
  nonce: string;
  verifier: string;
}

/** Who came back, as the provider says. */
export interface Identified {
  issuer: string;
  subject: string;
  /** Null unless the provider says it has verified the address. */
  email: string | null;
  name: string | null;
  /** Values of the role claim. */
  roles: readonly string[];
}

const LONGEST_SUBJECT = 255;
const LONGEST_NAME = 200;

/**
 * OpenID Connect's code flow (Core 1.0, 3.1) with PKCE (RFC 7636), state, nonce, and the issuer of the answer compared where
 * the provider tells it (RFC 9207). Loaded and discovered when first needed, so that a provider that is away keeps nobody from
 * signing in here.
 */
export class Provider {
  private discovered: Promise<Configuration> | null = null;

  constructor(private readonly settings: ProviderSettings) {}

  /** Where to send the browser, and what it has to bring back. */
  async begin(redirectUri: string): Promise<{ url: URL; attempt: Attempt }> {
    const client = await import('openid-client');
    const attempt = {
      state: client.randomState(),
      nonce: client.randomNonce(),
      verifier: client.randomPKCECodeVerifier(),
    };
    const url = client.buildAuthorizationUrl(await this.configuration(), {
      redirect_uri: redirectUri,
      scope: 'openid email profile',
      state: attempt.state,
      nonce: attempt.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(attempt.verifier),
      code_challenge_method: 'S256',
    });
    return { url, attempt };
  }

  /** Who came back with this address. Throws whatever is wrong with it; an answer is good once, which the provider sees to. */
  async finish(returned: URL, { state, nonce, verifier }: Attempt): Promise<Identified> {
    const client = await import('openid-client');
    const configuration = await this.configuration();
    const tokens = await client.authorizationCodeGrant(configuration, returned, {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: verifier,
      idTokenExpected: true,
    });
    const proven = tokens.claims()!;
    const wantsMore = proven.email === undefined && configuration.serverMetadata().userinfo_endpoint !== undefined;
    const told = wantsMore ? await client.fetchUserInfo(configuration, tokens.access_token, proven.sub) : {};
    const claims: Record<string, unknown> = { ...told, ...proven };
    if (proven.sub.length > LONGEST_SUBJECT) throw new Error('The subject is too long.');
    const { email, email_verified: verified, name } = claims;
    const role = this.settings.roleClaim ? claims[this.settings.roleClaim] : [];
    return {
      issuer: proven.iss,
      subject: proven.sub,
      email: typeof email === 'string' && verified === true ? email : null,
      name: typeof name === 'string' && name.trim() !== '' ? name.slice(0, LONGEST_NAME) : null,
      roles: [role].flat().filter((value): value is string => typeof value === 'string'),
    };
  }

  /** One that failed is tried again next time. */
  private configuration(): Promise<Configuration> {
    this.discovered ??= this.discover().catch((error: unknown) => {
      this.discovered = null;
      throw error;
    });
    return this.discovered;
  }

  private async discover(): Promise<Configuration> {
    const client = await import('openid-client');
    const { issuer, clientId, clientSecret } = this.settings;
    const authentication = clientSecret ? client.ClientSecretBasic(clientSecret) : client.None();
    // signatures are checked although the token comes straight from the provider: a proxy in between may end TLS
    const execute = [client.enableNonRepudiationChecks];
    if (issuer.startsWith('http:')) execute.push(client.allowInsecureRequests); // this machine itself, say the settings
    return client.discovery(new URL(issuer), clientId, {}, authentication, { execute, timeout: 10 });
  }
}
