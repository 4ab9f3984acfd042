import type { EntityManager } from 'typeorm';
import type { Foundation } from '../access/foundation';
import { uniqueViolation } from '../database/postgres-errors';
import type { Address } from '../graphql/address';
import type { RequestContext, Role } from '../graphql/context';
import { badInput } from '../graphql/errors';
import { newId } from '../platform/ids';
import type { EndReason } from './session.entity';
import type { SessionRepository } from './session.repository';
import { User } from './user.entity';
import type { UserRepository } from './user.repository';

export interface NewAccount {
  email: string;
  name: string;
  role: Role;
  address?: Address | null;
  passwordHash: string | null;
}

/** What others keep in step with an account, in the same transaction. */
export type AccountObserver = (manager: EntityManager, user: User) => Promise<void>;

/**
 * Writes the rows of accounts, whoever asks: an administrator, somebody with a link, the hospital's own sign-in service.
 * Permission, and the lock on a row that is changed, are the callers' matter.
 */
export class Accounts {
  private observer: AccountObserver = () => Promise.resolve();

  constructor(
    private readonly base: Foundation,
    private readonly users: UserRepository,
    private readonly sessions: SessionRepository,
  ) {}

  /** Told of each account written, before the transaction ends. */
  observe(observer: AccountObserver): void {
    this.observer = observer;
  }

  /** Makes an account. Throws BAD_USER_INPUT for a taken address. */
  async insert(context: RequestContext, manager: EntityManager, wanted: NewAccount, id = newId()): Promise<User> {
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

  /** Writes what was set on an account, as its next version. */
  async save(context: RequestContext, manager: EntityManager, user: User): Promise<void> {
    user.version += 1;
    user.updatedAt = this.base.clock.now();
    user.updatedBy = context.actor.id;
    await manager.save(user, { reload: false });
    await this.observer(manager, user);
  }

  /** Sets (or, with null, removes) a password and ends the sessions, but for `except`. */
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

  /** One change of administrators at a time: two who remove each other must not both succeed. */
  async lockAdmins(manager: EntityManager): Promise<void> {
    await manager.query("SELECT id FROM app_user WHERE role = 'ADMIN' AND active ORDER BY id FOR UPDATE");
  }

  /** Whether nobody could administer the hospital without this account. Ask with the administrators locked. */
  async isLastAdmin(manager: EntityManager, user: User): Promise<boolean> {
    if (user.role !== 'ADMIN' || !user.active) return false;
    const sql = "SELECT 1 FROM app_user WHERE role = 'ADMIN' AND active AND id <> $1 LIMIT 1";
    return (await manager.query<unknown[]>(sql, [user.id])).length === 0;
  }
}
