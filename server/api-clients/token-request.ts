import { ASSERTION_TYPE, issuerOfAssertion } from './client-assertion';

/** Errors of RFC 6749, section 5.2, that this endpoint answers. */
export type OAuthFault = 'invalid_request' | 'invalid_client' | 'unsupported_grant_type' | 'invalid_scope';

/** An error for the client's developer; it never says which part of a proof was wrong. */
export class OAuthError extends Error {
  constructor(
    readonly fault: OAuthFault,
    message: string,
  ) {
    super(message);
    this.name = 'OAuthError';
  }
}

export interface TokenRequest {
  clientId: string;
  proof: { secret: string } | { assertion: string };
  /** What it asks for; null: all it may. */
  scopes: readonly string[] | null;
}

const BASIC = /^Basic ([A-Za-z0-9+/=]+)$/i;

/**
 * Reads a token request (RFC 6749, 4.4.2): exactly one way of proving oneself, no parameter twice.
 *
 * @throws OAuthError
 */
export function readTokenRequest(authorization: string | undefined, form: URLSearchParams): TokenRequest {
  for (const name of new Set(form.keys())) {
    if (form.getAll(name).length > 1) throw new OAuthError('invalid_request', `${printable(name)} is given twice.`);
  }
  if (form.get('grant_type') !== 'client_credentials') {
    throw new OAuthError(form.has('grant_type') ? 'unsupported_grant_type' : 'invalid_request', 'grant_type must be client_credentials.'); // prettier-ignore
  }
  const scopes = form.get('scope')?.split(' ').filter(Boolean) ?? null;
  return { ...proofOf(authorization, form), scopes: scopes && scopes.length > 0 ? scopes : null };
}

function proofOf(authorization: string | undefined, form: URLSearchParams): Omit<TokenRequest, 'scopes'> {
  const basic = authorization === undefined ? null : readBasic(authorization);
  const secret = form.get('client_secret');
  const assertion = form.get('client_assertion');
  if ([basic, secret, assertion].filter((given) => given !== null).length !== 1) {
    throw new OAuthError(
      'invalid_client',
      'Prove the client by exactly one of: Basic, client_secret, client_assertion.',
    );
  }
  const clientId = form.get('client_id');
  if (basic) {
    if (clientId !== null && clientId !== basic.clientId)
      throw new OAuthError('invalid_client', 'Two clients are named.');
    return { clientId: basic.clientId, proof: { secret: basic.secret } };
  }
  if (secret !== null) return { clientId: clientId ?? '', proof: { secret } };
  if (form.get('client_assertion_type') !== ASSERTION_TYPE) {
    throw new OAuthError('invalid_request', `client_assertion_type must be ${ASSERTION_TYPE}.`);
  }
  const issuer = issuerOfAssertion(assertion!) ?? '';
  if (clientId !== null && clientId !== issuer) throw new OAuthError('invalid_client', 'Two clients are named.');
  return { clientId: issuer, proof: { assertion: assertion! } };
}

/** Both parts are form-encoded within Basic (RFC 6749, 2.3.1). */
function readBasic(authorization: string): { clientId: string; secret: string } {
  const text = Buffer.from(BASIC.exec(authorization)?.[1] ?? '', 'base64').toString();
  const colon = text.indexOf(':');
  const decode = (part: string) => decodeURIComponent(part.replaceAll('+', ' '));
  try {
    if (colon > 0) return { clientId: decode(text.slice(0, colon)), secret: decode(text.slice(colon + 1)) };
  } catch {
    // a stray percent sign: no credentials
  }
  throw new OAuthError('invalid_client', 'The Authorization header holds no client credentials.');
}

function printable(name: string): string {
  return name.replace(/[^\w.-]/g, '?').slice(0, 50);
}
