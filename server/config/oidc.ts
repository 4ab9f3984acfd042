import { isIP } from 'node:net';
import type { Fault } from './secrets';

/** The hospital's own sign-in service (OpenID Connect), and what of it counts here. */
export interface OidcSettings {
  issuer: string;
  clientId: string;
  /** Null: a public client, proven by PKCE alone. */
  clientSecret: string | null;
  /** What the button calls it. */
  name: string;
  /** Claim that says what somebody is there; null: roles are given here alone. */
  roleClaim: string | null;
  /** Values of that claim and the roles they mean here; the first that somebody has counts. */
  roles: ReadonlyMap<string, string>;
  /** Whoever has no account here gets one. */
  create: boolean;
  /** False: an account that has signed in there loses its password here. */
  localPasswords: boolean;
}

/** The settings as read. */
export interface OidcGiven {
  OIDC_ISSUER?: string | undefined;
  OIDC_CLIENT_ID?: string | undefined;
  OIDC_CLIENT_SECRET?: string | undefined;
  OIDC_NAME?: string | undefined;
  OIDC_ROLE_CLAIM?: string | undefined;
  OIDC_ROLES?: string | undefined;
  OIDC_CREATE?: boolean | undefined;
  OIDC_LOCAL_PASSWORDS?: boolean | undefined;
}

const dependent = ['OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET', 'OIDC_NAME', 'OIDC_ROLE_CLAIM', 'OIDC_ROLES', 'OIDC_CREATE', 'OIDC_LOCAL_PASSWORDS'] as const; // prettier-ignore

/** What does not go together. */
export function oidcFaults(given: Readonly<Record<string, string | undefined>>): Fault[] {
  const issuer = given.OIDC_ISSUER;
  if (!issuer) {
    return dependent
      .filter((name) => given[name])
      .map((name) => ({ name, message: 'says nothing without OIDC_ISSUER' }));
  }
  const faults: Fault[] = [];
  const fault = (name: string, message: string) => void faults.push({ name, message });
  if (!isIssuer(issuer)) fault('OIDC_ISSUER', 'must be the https address of the provider, without ? and #');
  if (!given.OIDC_CLIENT_ID) fault('OIDC_CLIENT_ID', 'goes with OIDC_ISSUER');
  if (!given.OIDC_ROLE_CLAIM !== !given.OIDC_ROLES) fault('OIDC_ROLES', 'and OIDC_ROLE_CLAIM go together');
  if (given.OIDC_ROLES && !rolesOf(given.OIDC_ROLES)) {
    fault('OIDC_ROLES', 'must be JSON such as {"doctors":"DOCTOR","it-admins":"ADMIN"}');
  }
  const creates = /^(on|true|1|yes)$/i.test(given.OIDC_CREATE ?? '');
  if (creates && !given.OIDC_ROLES) fault('OIDC_CREATE', 'needs OIDC_ROLES: a new account has to get a role');
  return faults;
}

/** Null without a provider; to be asked only of settings without faults. */
export function oidcSettings(given: OidcGiven): OidcSettings | null {
  if (!given.OIDC_ISSUER || !given.OIDC_CLIENT_ID) return null;
  return {
    issuer: given.OIDC_ISSUER,
    clientId: given.OIDC_CLIENT_ID,
    clientSecret: given.OIDC_CLIENT_SECRET ?? null,
    name: given.OIDC_NAME ?? new URL(given.OIDC_ISSUER).hostname,
    roleClaim: given.OIDC_ROLE_CLAIM ?? null,
    roles: rolesOf(given.OIDC_ROLES ?? '{}') ?? new Map(),
    create: given.OIDC_CREATE ?? false,
    localPasswords: given.OIDC_LOCAL_PASSWORDS ?? true,
  };
}

/** https, or this machine itself, to try things out. */
function isIssuer(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, search, hash } = new URL(text);
  const own = hostname === 'localhost' || hostname === '[::1]' || (isIP(hostname) === 4 && hostname.startsWith('127.'));
  return search === '' && hash === '' && (protocol === 'https:' || (own && protocol === 'http:'));
}

function rolesOf(text: string): Map<string, string> | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
    const pairs = Object.entries(value).map(([name, role]) => [name, role as unknown] as const);
    return pairs.every(([, role]) => typeof role === 'string') ? new Map(pairs as [string, string][]) : null;
  } catch {
    return null;
  }
}
