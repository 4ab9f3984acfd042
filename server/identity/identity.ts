import type { FastifyPluginAsync } from 'fastify';
import type { IncomingHttpHeaders } from 'node:http';
import type { Foundation } from '../access/foundation';
import { poolOf } from '../database/reader';
import { roles, type Actor, type Role } from '../graphql/context';
import { ExitError, exitCodes } from '../platform/exit';
import { Accounts } from './accounts';
import { AccessTokens } from './access-tokens';
import { Authenticator } from './authenticator';
import { GuardedAttempts } from './guarded-attempts';
import { InviteLinks } from './invite-links';
import { Invites } from './invites';
import { costInUse } from './password-cost';
import { createOidc, type OidcOptions } from './oidc';
import { Passwords } from './passwords';
import { RefreshCookie } from './refresh-cookie';
import { RefreshTokens } from './refresh-tokens';
import { createSecondFactor } from './second-factor';
import { SessionRepository } from './session.repository';
import { SessionService } from './session.service';
import { SessionResolver, SignInResolver } from './sign-in.resolver';
import { SignInService } from './sign-in.service';
import { SignInThrottle } from './sign-in-throttle';
import { StaffDirectory } from './staff-directory';
import { StepUpResolver } from './step-up.resolver';
import { StepUpService } from './step-up.service';
import { IdentityUpkeep } from './upkeep';
import { UserRepository } from './user.repository';
import { UserResolver } from './user.resolver';
import { UserService } from './user.service';

export interface IdentitySettings {
  /** Where browsers find us, for links, cookies and origins; null: the address each request was sent to. */
  publicUrl: string | null;
  /** bcrypt's cost; null: the one in use, or on the first start one at which a check takes about 200 ms. */
  bcryptCost: number | null;
  /** Roles whose accounts may do nothing until they have a second factor. */
  mfaRequiredRoles: readonly string[];
  /** The hospital's own sign-in service; null: there is none. */
  oidc: OidcOptions | null;
}

/** Everything about who somebody is, put together. */
export interface Identity {
  readonly users: UserRepository;
  readonly accounts: Accounts;
  readonly sessions: SessionService;
  readonly invites: Invites;
  readonly staff: StaffDirectory;
  readonly passwords: Passwords;
  readonly upkeep: IdentityUpkeep;
  /** Slows down guessing, also at what API clients prove. */
  readonly throttle: SignInThrottle;
  /** Each resolver with the services it speaks for, for the schema's container. */
  readonly resolvers: readonly object[];
  /** The way to the hospital's own sign-in service and back; nothing without one. */
  readonly routes: FastifyPluginAsync;
  /** Who sends a request with these headers; anonymous when they speak for nobody, or for a session that has ended. */
  authenticate(headers: IncomingHttpHeaders): Promise<Actor>;
  /** The same, without counting as use of the session. */
  watch(headers: IncomingHttpHeaders): Promise<Actor>;
}

/** Puts the parts together. Each secret is derived for its one purpose. */
export async function createIdentity(base: Foundation, settings: IdentitySettings): Promise<Identity> {
  const { dataSource, tokens, clock } = base;
  const { publicUrl } = settings;
  const mfaRequiredRoles = settings.mfaRequiredRoles.map(roleNamed);
  const accessTokens = new AccessTokens(tokens.derive('access token'), clock);
  const refreshTokens = new RefreshTokens(tokens.derive('refresh token'));
  const cost = settings.bcryptCost ?? (await costInUse(dataSource));
  const passwords = new Passwords(tokens.derive('password pepper'), cost);
  const throttle = new SignInThrottle(dataSource, tokens.derive('sign-in throttle'), clock);
  const attempts = new GuardedAttempts(base.audit, throttle);
  const authenticator = new Authenticator(poolOf(dataSource), accessTokens, clock, mfaRequiredRoles);
  const users = new UserRepository(base);
  const invites = new Invites(dataSource, clock, tokens.derive('invite links'));
  const cookie = new RefreshCookie(publicUrl);
  const sessions = new SessionRepository(base);
  const sessionService = new SessionService(base, users, sessions, {
    accessTokens,
    refreshTokens,
    cookie,
    publicUrl,
    mfaRequiredRoles,
  });
  const accounts = new Accounts(base, users, sessions);
  const factors = createSecondFactor(base, {
    users,
    sessions,
    sessionService,
    attempts,
    publicUrl,
    mfaRequiredRoles,
  });
  const { secondStep } = factors;
  const signIns = new SignInService(base, users, accounts, { passwords, attempts, secondStep, invites });
  const staff = new StaffDirectory(base, users);
  const oidc = createOidc(base, settings.oidc, { users, accounts, sessions, invites, secondStep, publicUrl });
  return {
    users,
    accounts,
    sessions: sessionService,
    invites,
    staff,
    passwords,
    upkeep: new IdentityUpkeep(base),
    throttle,
    resolvers: [
      new SignInResolver(users, signIns, sessionService, sessions),
      new SessionResolver(),
      new StepUpResolver(new StepUpService(base, users, signIns, factors.factors, secondStep)),
      ...factors.resolvers(signIns),
      new UserResolver(
        users,
        new UserService(base, users, accounts, sessions, invites),
        staff,
        new InviteLinks(publicUrl),
      ),
      oidc.resolver,
    ],
    routes: oidc.routes,
    authenticate: (headers) => authenticator.authenticate(headers),
    watch: (headers) => authenticator.watch(headers),
  };
}

/** Throws ExitError for a name that no role has. */
function roleNamed(name: string): Role {
  const role = roles.find((known) => known === name);
  if (role) return role;
  throw new ExitError(`MFA_REQUIRED_ROLES: must be none, or some of ${roles.join(', ')}.`, exitCodes.settings);
}
