import type { EntityManager } from 'typeorm';
import type { Foundation } from '../access/foundation';
import { claimOnce } from '../database/idempotency';
import { uniqueViolation } from '../database/postgres-errors';
import { holdsSame } from '../database/sealed-column';
import type { Address } from '../graphql/address';
import type { RequestContext, Role } from '../graphql/context';
import { badInput, conflict, forbidden } from '../graphql/errors';
import { readPage, toConnection, type Connection } from '../graphql/pagination';
import { newId } from '../platform/ids';
import type {
  CreateUserInput,
  DeactivateUserInput,
  ReactivateUserInput,
  ResetPasswordInput,
  UpdateUserInput,
  UsersArgs,
} from './identity.inputs';
import type { Invites, IssuedInvite } from './invites';
import type { EndReason } from './session.entity';
import type { SessionService } from './session.service';
import { User } from './user.entity';
import type { UserRepository } from './user.repository';

const LIST = 'users';

export interface NewUser {
  email: string;
  name: string;
  role: Role;
  address?: Address | null;
  passwordHash: string | null;
}

/** What others keep in step with an account, in the same transaction. */
export type UserObserver = (manager: EntityManager, user: User) => Promise<void>;

/** Accounts of staff: made, changed and closed by administrators, never their own and never the last one's. */
export class UserService {
  private observer: UserObserver = () => Promise.resolve();

  constructor(
    private readonly base: Foundation,
    private readonly users: UserRepository,
    private readonly sessions: SessionService,
    private readonly invites: Invites,
  ) {}

  /** Told of each account written, before the transaction ends. */
  observe(observer: UserObserver): void {
    this.observer = observer;
  }

  /** Accounts, oldest first. */
  async list(args: UsersArgs): Promise<Connection<User>> {
    const { cursors, dataSource } = this.base;
    const page = readPage(args, LIST, cursors);
    const filter = [args.filter?.role ?? null, args.filter?.active ?? null];
    const condition = '($1::text IS NULL OR t.role = $1) AND ($2::boolean IS NULL OR t.active = $2)';
    const walk = page.backward ? 't.id < $3) ORDER BY t.id DESC' : 't.id > $3) ORDER BY t.id';
    const rows = await this.users.select(`WHERE ${condition} AND ($3::uuid IS NULL OR ${walk} LIMIT $4`, [
      ...filter,
      page.from?.[0] ?? null,
      page.size + 1,
    ]);
    const count = async () => {
      const sql = `SELECT count(*)::integer AS count FROM app_user t WHERE ${condition}`;
      const [row] = await dataSource.query<{ count: number }[]>(sql, filter);
      return row!.count;
    };
    return toConnection(rows, page, { name: LIST, cursors, keyOf: ({ id }) => [id], count });
  }

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
      const user = await this.insert(context, manager, { ...rest, passwordHash: null }, request.resultId);
      return { user, invite: await this.inviteBy(context, manager, user, 'setUp', token) };
    });
  }

  /** Writes the row of a new account; permission is the caller's matter. Throws BAD_USER_INPUT for a taken address. */
  async insert(context: RequestContext, manager: EntityManager, wanted: NewUser, id = newId()): Promise<User> {
    const now = this.base.clock.now();
    await this.users.holdStaffKey(manager);
    const user = Object.assign(new User(), { id });
    Object.assign(user, wanted, {
      email: wanted.email.trim(),
      emailToken: this.users.emailToken(wanted.email),
      active: true,
      version: 1,
      createdAt: now,
      updatedAt: now,
      updatedBy: context.actor.id,
    });
    try {
      await manager.insert(User, user);
    } catch (error) {
      if (uniqueViolation(error) === 'app_user_email_unique')
        throw badInput('email', 'Another account has this address.');
      throw error;
    }
    await this.observer(manager, user);
    return user;
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
      if (nameChanged || addressChanged || roleChanged) await this.save(context, manager, user);
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
      await this.save(context, manager, user);
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
      await this.save(context, manager, user);
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
      await this.setPassword(context, manager, user, null, 'RESET');
      return { user, invite: await this.inviteBy(context, manager, user, 'reset') };
    });
    await this.note('reset-password', done.user);
    return done;
  }

  /** Sets (or, with null, removes) a password and ends the sessions, but for `except`. The row is locked by the caller. */
  async setPassword(
    context: RequestContext,
    manager: EntityManager,
    user: User,
    passwordHash: string | null,
    reason: EndReason,
    except: string | null = null,
  ): Promise<void> {
    user.passwordHash = passwordHash;
    await this.save(context, manager, user);
    await this.sessions.endAll(manager, user.id, reason, except);
  }

  private async change<T>(
    context: RequestContext,
    wanted: { id: string; expectedVersion: number },
    apply: (manager: EntityManager, user: User) => Promise<T>,
  ): Promise<T> {
    this.base.policy.demand(context.actor, 'USER_MANAGE');
    return this.base.dataSource.transaction(async (manager) => {
      await this.users.holdStaffKey(manager);
      await this.lockAdmins(manager);
      const user = await this.users.lock(manager, wanted.id);
      if (user.version !== wanted.expectedVersion) {
        throw conflict({ version: user.version, changedBy: user.updatedBy, changedAt: user.updatedAt.toISOString() });
      }
      return apply(manager, user);
    });
  }

  /** One change of accounts at a time: two administrators who remove each other must not both succeed. */
  private async lockAdmins(manager: EntityManager): Promise<void> {
    await manager.query("SELECT id FROM app_user WHERE role = 'ADMIN' AND active ORDER BY id FOR UPDATE");
  }

  private async demandOtherAdmin(manager: EntityManager, user: User): Promise<void> {
    if (user.role !== 'ADMIN' || !user.active) return;
    const sql = "SELECT 1 FROM app_user WHERE role = 'ADMIN' AND active AND id <> $1 LIMIT 1";
    const others = await manager.query<unknown[]>(sql, [user.id]);
    if (others.length === 0) throw forbidden('The last administrator has to stay.');
  }

  private async save(context: RequestContext, manager: EntityManager, user: User): Promise<void> {
    user.version += 1;
    user.updatedAt = this.base.clock.now();
    user.updatedBy = context.actor.id;
    await manager.save(user, { reload: false });
    await this.observer(manager, user);
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
