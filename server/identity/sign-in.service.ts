import type { Foundation } from '../access/foundation';
import { normaliseEmail } from '../crypto/normalise';
import { privately } from '../database/sealed-column';
import type { RequestContext } from '../graphql/context';
import { badInput, ChartsealError, unauthenticated } from '../graphql/errors';
import type { Accounts } from './accounts';
import type { GuardedAttempts, Proof } from './guarded-attempts';
import type { AcceptInviteInput, ChangePasswordInput, SignInInput } from './identity.inputs';
import type { Invite, Invites } from './invites';
import { demandGoodPassword } from './password-rules';
import type { Passwords } from './passwords';
import type { SecondStepService } from './second-factor/second-step.service';
import type { SignedIn } from './session.service';
import type { User } from './user.entity';
import type { UserRepository } from './user.repository';

export interface SignInTools {
  passwords: Passwords;
  attempts: GuardedAttempts;
  secondStep: SecondStepService;
  invites: Invites;
}

/** Proving who one is: by password, or once by a link. */
export class SignInService {
  constructor(
    private readonly base: Foundation,
    private readonly users: UserRepository,
    private readonly accounts: Accounts,
    private readonly tools: SignInTools,
  ) {}

  /**
   * Signs in by e-mail and password. An unknown address, a wrong password, an account without one and a deactivated account
   * get the same UNAUTHENTICATED after the same work; LOCKED and RATE_LIMITED come for all of them alike. Whoever has a second
   * factor gets MFA_REQUIRED and a ticket for it.
   */
  async signIn(context: RequestContext, input: SignInInput): Promise<SignedIn> {
    const email = normaliseEmail(input.email);
    const account = this.users.emailToken(email);
    const about = { kind: 'password', account, action: 'sign-in' } as const;
    const { user, proven } = await this.tools.attempts.prove(context, about, async () =>
      this.proof(await this.users.findByEmail(email), input.password),
    );
    if (!user || !proven) throw new ChartsealError('UNAUTHENTICATED', 'E-mail or password is wrong.');
    return this.tools.secondStep.goOn(context, user);
  }

  /** Changes one's own password; all one's other sessions end. Guessing the current one is throttled like signing in. */
  async changePassword(context: RequestContext, input: ChangePasswordInput): Promise<boolean> {
    const { id, sessionId } = context.actor;
    if (!id) throw unauthenticated();
    const user = await this.users.get(id);
    const email = privately(() => user.email);
    await demandGoodPassword(input.newPassword, email, 'newPassword');
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
    const about = { kind: 'password', account: user.emailToken, action } as const;
    const { proven } = await this.tools.attempts.prove(context, about, () => this.proof(user, password));
    if (!proven) throw badInput(path, 'This is not the current password.');
  }

  /**
   * Sets the password a link allows to set (making the first administrator, if it is that link) and signs in; a link is no
   * second factor, so MFA_REQUIRED for who has one. FORBIDDEN in a request of somebody else's.
   */
  async acceptInvite(context: RequestContext, input: AcceptInviteInput): Promise<SignedIn> {
    const invite = await this.tools.invites.get(input.token);
    this.base.policy.demandSelf(context.actor, invite.userId);
    const user = invite.userId
      ? await this.openInvited(context, invite, input)
      : await this.makeAdmin(context, invite, input);
    await this.base.audit.record({ action: 'accept-invite', target: { type: 'user', id: user.id } });
    return this.tools.secondStep.goOn(context, user);
  }

  private async openInvited(context: RequestContext, invite: Invite, input: AcceptInviteInput): Promise<User> {
    const id = invite.userId!;
    const email = await this.users.get(id).then((user) => privately(() => user.email));
    await demandGoodPassword(input.password, email, 'password');
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
    await demandGoodPassword(input.password, email, 'password');
    const passwordHash = await this.tools.passwords.hash(input.password);
    return this.base.dataSource.transaction(async (manager) => {
      await this.tools.invites.use(manager, invite);
      await this.tools.invites.withdraw(manager, null); // printed by earlier starts; nobody needs them any more
      return this.accounts.insert(context, manager, { email, name, role: 'ADMIN', passwordHash });
    });
  }

  /** Works as long for somebody unknown or shut out as for anybody else. */
  private async proof(user: User | null, password: string): Promise<Proof> {
    return { user, proven: await this.tools.passwords.verify(password, user?.active ? user.passwordHash : null) };
  }
}
