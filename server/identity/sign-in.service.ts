import type { Foundation } from '../access/foundation';
import { normaliseEmail } from '../crypto/normalise';
import { privately } from '../database/sealed-column';
import type { RequestContext } from '../graphql/context';
import { badInput, ChartsealError, unauthenticated } from '../graphql/errors';
import type { AcceptInviteInput, ChangePasswordInput, SignInInput } from './identity.inputs';
import type { Invite, Invites } from './invites';
import { demandGoodPassword } from './password-rules';
import type { Passwords } from './passwords';
import type { SessionService, SignedIn } from './session.service';
import type { Attempt, SignInThrottle } from './sign-in-throttle';
import type { User } from './user.entity';
import type { UserRepository } from './user.repository';
import type { UserService } from './user.service';

export interface SignInTools {
  passwords: Passwords;
  throttle: SignInThrottle;
  invites: Invites;
}

/** Proving who one is: by password, or once by a link. */
export class SignInService {
  constructor(
    private readonly base: Foundation,
    private readonly users: UserRepository,
    private readonly accounts: UserService,
    private readonly sessions: SessionService,
    private readonly tools: SignInTools,
  ) {}

  /**
   * Signs in by e-mail and password. An unknown address, a wrong password, an account without one and a deactivated account
   * get the same UNAUTHENTICATED after the same work; LOCKED and RATE_LIMITED come for all of them alike.
   */
  async signIn(context: RequestContext, input: SignInInput): Promise<SignedIn> {
    const email = normaliseEmail(input.email);
    const attempt = await this.tools.throttle.begin(this.users.emailToken(email), context.ip);
    const user = await this.users.findByEmail(email);
    if (!(await this.proves(user, input.password)) || !user) return this.failed(user, attempt);
    await this.tools.throttle.succeeded(attempt);
    return this.sessions.begin(context, user);
  }

  /** Changes one's own password; all one's other sessions end. Guessing the current one is throttled like signing in. */
  async changePassword(context: RequestContext, input: ChangePasswordInput): Promise<boolean> {
    const { id, sessionId } = context.actor;
    if (!id) throw unauthenticated();
    const user = await this.users.get(id);
    const email = privately(() => user.email);
    demandGoodPassword(input.newPassword, email, 'newPassword');
    await this.proveAgain(context, user, {
      password: input.currentPassword,
      path: 'currentPassword',
      action: 'change-password',
    });
    const hash = await this.tools.passwords.hash(input.newPassword);
    await this.base.dataSource.transaction(async (manager) => {
      const locked = await this.users.lock(manager, id);
      if (locked.version !== user.version) throw new ChartsealError('CONFLICT');
      await this.accounts.setPassword(context, manager, locked, hash, 'PASSWORD', sessionId);
    });
    await this.base.audit.record({ action: 'change-password', target: { type: 'user', id } });
    return true;
  }

  /**
   * Somebody signed in proves the password once more; guessing is throttled like signing in, a failure entered as that of
   * `action`. Throws BAD_USER_INPUT on `path` for a wrong one.
   */
  async proveAgain(
    context: RequestContext,
    user: User,
    { password, path, action }: { password: string; path: string; action: string },
  ): Promise<void> {
    const attempt = await this.tools.throttle.begin(user.emailToken, context.ip);
    if (!(await this.proves(user, password))) {
      await this.noteFailure(action, user, attempt);
      throw badInput(path, 'This is not the current password.');
    }
    await this.tools.throttle.succeeded(attempt);
  }

  /** Sets the password a link allows to set (making the first administrator, if it is that link) and signs in. */
  async acceptInvite(context: RequestContext, input: AcceptInviteInput): Promise<SignedIn> {
    const invite = await this.tools.invites.get(input.token);
    const user = invite.userId
      ? await this.openInvited(context, invite, input)
      : await this.makeAdmin(context, invite, input);
    await this.base.audit.record({ action: 'accept-invite', target: { type: 'user', id: user.id } });
    return this.sessions.begin(context, user);
  }

  private async openInvited(context: RequestContext, invite: Invite, input: AcceptInviteInput): Promise<User> {
    const id = invite.userId!;
    const email = await this.users.get(id).then((user) => privately(() => user.email));
    demandGoodPassword(input.password, email, 'password');
    const hash = await this.tools.passwords.hash(input.password);
    return this.base.dataSource.transaction(async (manager) => {
      const user = await this.users.lock(manager, id);
      await this.tools.invites.use(manager, invite);
      await this.accounts.setPassword(context, manager, user, hash, 'PASSWORD');
      return user;
    });
  }

  private async makeAdmin(context: RequestContext, invite: Invite, input: AcceptInviteInput): Promise<User> {
    const { email, name } = input;
    if (!email) throw badInput('email', 'The first administrator’s account needs an address.');
    if (!name) throw badInput('name', 'The first administrator’s account needs a name.');
    demandGoodPassword(input.password, email, 'password');
    const passwordHash = await this.tools.passwords.hash(input.password);
    return this.base.dataSource.transaction(async (manager) => {
      await this.tools.invites.use(manager, invite);
      await this.tools.invites.withdraw(manager, null); // printed by earlier starts; nobody needs them any more
      return this.accounts.insert(context, manager, { email, name, role: 'ADMIN', passwordHash });
    });
  }

  /** Works as long for somebody unknown or shut out as for anybody else. */
  private async proves(user: User | null, password: string): Promise<boolean> {
    return this.tools.passwords.verify(password, user?.active ? user.passwordHash : null);
  }

  private async failed(user: User | null, attempt: Attempt): Promise<never> {
    await this.noteFailure('sign-in', user, attempt);
    throw new ChartsealError('UNAUTHENTICATED', 'E-mail or password is wrong.');
  }

  /** The entry names the account if there is one, never the address that was tried. */
  private async noteFailure(action: string, user: User | null, attempt: Attempt): Promise<void> {
    const target = { type: 'user', id: user?.id ?? null };
    const entries = [this.base.audit.record({ action, outcome: 'failed', target })];
    if (attempt.pauses) entries.push(this.base.audit.record({ action: 'lockout', outcome: 'refused', target }));
    await Promise.all(entries);
  }
}
