import type { EntityManager } from 'typeorm';
import type { Foundation } from '../access/foundation';
import { claimOnce } from '../database/idempotency';
import { holdsSame } from '../database/sealed-column';
import type { RequestContext } from '../graphql/context';
import { badInput, demandVersion, forbidden } from '../graphql/errors';
import { newId } from '../platform/ids';
import type { Accounts } from './accounts';
import type {
  CreateUserInput,
  DeactivateUserInput,
  ReactivateUserInput,
  ResetPasswordInput,
  UpdateUserInput,
} from './identity.inputs';
import type { Invites, IssuedInvite } from './invites';
import type { SessionRepository } from './session.repository';
import type { User } from './user.entity';
import type { UserRepository } from './user.repository';

/** Accounts of staff: made, changed and closed by administrators, never their own and never the last one's. */
export class UserService {
  constructor(
    private readonly base: Foundation,
    private readonly users: UserRepository,
    private readonly accounts: Accounts,
    private readonly sessions: SessionRepository,
    private readonly invites: Invites,
  ) {}

  /**
   * Makes an account without a password, and the link to set one. Throws MFA_REQUIRED without a fresh proof: whoever finds a
   * screen left open would have a key of their own. BAD_USER_INPUT for a taken address, CONFLICT for an idempotency key of
   * another request.
   */
  async create(context: RequestContext, input: CreateUserInput): Promise<{ user: User; invite: IssuedInvite }> {
    this.base.policy.demand(context.actor, 'USER_MANAGE');
    this.base.policy.demandStepUp(context);
    const { idempotencyKey: key, ...rest } = input;
    const request = { caller: context.actor.id, operation: 'createUser', key, input: rest, resultId: newId() };
    const token = key ? this.invites.tokenFor(context.actor.id, key) : undefined;
    return this.base.dataSource.transaction(async (manager) => {
      const earlier = await claimOnce(manager, this.base.tokens, request);
      if (earlier && token) {
        return { user: await this.users.get(earlier), invite: await this.invites.issued(manager, token) };
      }
      const user = await this.accounts.insert(context, manager, { ...rest, passwordHash: null }, request.resultId);
      return { user, invite: await this.inviteBy(context, manager, user, 'setUp', token) };
    });
  }

  /**
   * Changes name, home address or role. A new role wants a reason, ends the person's sessions, and is refused for oneself (FORBIDDEN) and
   * for the last administrator; MFA_REQUIRED without a fresh proof. Throws CONFLICT when somebody else was first.
   */
  async update(context: RequestContext, input: UpdateUserInput): Promise<User> {
    const { user, roleChanged } = await this.change(context, input, async (manager, user) => {
      const { name, role } = input;
      const nameChanged = !!name && !holdsSame(user, 'name', name);
      const roleChanged = !!role && role !== user.role;
      if (roleChanged) {
        demandOther(context, user.id, 'Nobody changes their own role.');
        if (!input.reason) throw badInput('reason', 'A change of role wants a reason.');
        await this.demandOtherAdmin(manager, user);
        this.base.policy.demandStepUp(context);
        await this.sessions.endAll(manager, user.id, 'ROLE');
        user.role = role;
      }
      const addressChanged = input.address !== undefined && !holdsSame(user, 'address', input.address);
      if (nameChanged) user.name = name;
      if (addressChanged) user.address = input.address ?? null;
      if (nameChanged || addressChanged || roleChanged) await this.accounts.save(context, manager, user);
      return { user, roleChanged };
    });
    if (roleChanged) await this.note('change-role', user, input.reason);
    return user;
  }

  /** Closes an account: no sign-in, all sessions ended at once. Refused for oneself and for the last administrator. */
  async deactivate(context: RequestContext, input: DeactivateUserInput): Promise<User> {
    const { user, closed } = await this.change(context, input, async (manager, user) => {
      demandOther(context, user.id, 'Nobody deactivates themselves.');
      if (!user.active) return { user, closed: false };
      await this.demandOtherAdmin(manager, user);
      user.active = false;
      await this.accounts.save(context, manager, user);
      await this.sessions.endAll(manager, user.id, 'DEACTIVATED');
      await this.invites.withdraw(manager, user.id);
      return { user, closed: true };
    });
    if (closed) await this.note('deactivate', user, input.reason);
    return user;
  }

  /**
   * Opens a closed account again: role, password, second factor and places on care teams are as they were. MFA_REQUIRED without
   * a fresh proof; closing needs none, since that must not wait.
   */
  async reactivate(context: RequestContext, input: ReactivateUserInput): Promise<User> {
    this.base.policy.demand(context.actor, 'USER_MANAGE');
    this.base.policy.demandStepUp(context);
    const { user, opened } = await this.change(context, input, async (manager, user) => {
      if (user.active) return { user, opened: false };
      user.active = true;
      await this.accounts.save(context, manager, user);
      return { user, opened: true };
    });
    if (opened) await this.note('reactivate', user, input.reason);
    return user;
  }

  /** Makes the password useless, ends all sessions, and issues a link to set another. MFA_REQUIRED without a fresh proof. */
  async resetPassword(
    context: RequestContext,
    input: ResetPasswordInput,
  ): Promise<{ user: User; invite: IssuedInvite }> {
    this.base.policy.demand(context.actor, 'USER_MANAGE');
    demandOther(context, input.id, 'To change your own password, use changePassword.');
    const done = await this.base.dataSource.transaction(async (manager) => {
      const user = await this.users.lock(manager, input.id);
      if (!user.active) throw badInput('id', 'This account is deactivated.');
      this.base.policy.demandStepUp(context);
      await this.accounts.setPassword(context, manager, user, null, 'RESET');
      return { user, invite: await this.inviteBy(context, manager, user, 'reset') };
    });
    await this.note('reset-password', done.user);
    return done;
  }

  private async change<T>(
    context: RequestContext,
    wanted: { id: string; expectedVersion: number },
    apply: (manager: EntityManager, user: User) => Promise<T>,
  ): Promise<T> {
    this.base.policy.demand(context.actor, 'USER_MANAGE');
    return this.base.dataSource.transaction(async (manager) => {
      await this.users.holdStaffKey(manager);
      await this.accounts.lockAdmins(manager);
      const user = await this.users.lock(manager, wanted.id);
      demandVersion(user, wanted.expectedVersion);
      return apply(manager, user);
    });
  }

  private async demandOtherAdmin(manager: EntityManager, user: User): Promise<void> {
    if (await this.accounts.isLastAdmin(manager, user)) throw forbidden('The last administrator has to stay.');
  }

  private inviteBy(
    context: RequestContext,
    manager: EntityManager,
    user: User,
    purpose: 'setUp' | 'reset',
    token?: string,
  ) {
    return this.invites.issue(manager, { userId: user.id, purpose, by: context.actor.id, token });
  }

  /** The change of the row is in the ledger already, from its own transaction; this adds the word for it and the reason. */
  private note(action: string, user: User, reason?: string | null): Promise<void> {
    return this.base.audit.record({ action, target: { type: 'user', id: user.id }, reason: reason ?? undefined });
  }
}

function demandOther(context: RequestContext, userId: string, message: string): void {
  if (userId === context.actor.id) throw forbidden(message);
}
