import type { FastifyPluginAsync } from 'fastify';
import type { Foundation } from '../../access/foundation';
import { roles, type Role } from '../../graphql/context';
import { ExitError, exitCodes } from '../../platform/exit';
import type { Accounts } from '../accounts';
import type { Invites } from '../invites';
import type { SecondStepService } from '../second-factor/second-step.service';
import type { SessionRepository } from '../session.repository';
import type { UserRepository } from '../user.repository';
import { AttemptCookie } from './attempt-cookie';
import { OidcAccounts } from './oidc-accounts';
import { LinkedPasswords } from './linked-passwords';
import { OidcResolver } from './oidc.resolver';
import { oidcRoutes } from './oidc.routes';
import { Provider, type ProviderSettings } from './provider';

export { OidcLink } from './oidc-link.entity';

/** The hospital's own sign-in service, and what of it counts here. */
export interface OidcOptions extends ProviderSettings {
  name: string;
  roles: ReadonlyMap<string, string>;
  create: boolean;
  localPasswords: boolean;
}

export interface OidcTools {
  users: UserRepository;
  accounts: Accounts;
  sessions: SessionRepository;
  invites: Invites;
  secondStep: SecondStepService;
  publicUrl: string | null;
}

/** Sign-in by the hospital's own provider, if there is one. Throws ExitError for a role that is none. */
export function createOidc(base: Foundation, options: OidcOptions | null, tools: OidcTools) {
  const { secondStep, publicUrl, ...accountTools } = tools;
  const none: FastifyPluginAsync = async () => undefined;
  const passwords = new LinkedPasswords(base, tools, options !== null);
  return { resolver: new OidcResolver(options?.name ?? null, passwords), routes: options ? routesOf(options) : none };

  function routesOf({
    roleClaim,
    roles: mapping,
    create,
    localPasswords,
    ...settings
  }: OidcOptions): FastifyPluginAsync {
    const known = roleClaim ? new Map([...mapping].map(([value, role]) => [value, roleNamed(role)])) : null;
    const secret = base.tokens.derive('oidc subjects');
    const accounts = new OidcAccounts(base, { ...accountTools, secret }, { roles: known, create, localPasswords });
    const cookie = new AttemptCookie(base.tokens.derive('oidc attempt'), publicUrl, base.clock);
    const provider = new Provider({ ...settings, roleClaim });
    return oidcRoutes(base, { provider, accounts, cookie, secondStep, publicUrl });
  }
}

/** People only: another system is no member of staff. */
function roleNamed(name: string): Role {
  const role = roles.find((known) => known === name && known !== 'INTEGRATION');
  if (role) return role;
  throw new ExitError(`OIDC_ROLES: ${name} is no role that people have.`, exitCodes.settings);
}
