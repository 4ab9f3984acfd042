import type { EntityManager } from 'typeorm';
import type { Foundation } from '../../access/foundation';
import type { RequestContext, Role } from '../../graphql/context';
import { badInput, forbidden } from '../../graphql/errors';
import type { SessionRepository } from '../session.repository';
import type { User } from '../user.entity';
import type { UserRepository } from '../user.repository';
import { Passkey } from './passkey.entity';
import type { RecoveryCodes } from './recovery-codes';
import { TotpSecret } from './totp-secret.entity';

/** What an account can prove itself by besides the password. */
export interface FactorState {
  totp: boolean;
  passkeys: number;
}

/** Which second factors accounts have, which roles must have one, and what every change of them brings about. */
export class Factors {
  /** @param requiredRoles roles whose accounts may do nothing until they have a factor */
  constructor(
    private readonly base: Foundation,
    private readonly users: UserRepository,
    private readonly sessions: SessionRepository,
    private readonly codes: RecoveryCodes,
    private readonly requiredRoles: readonly Role[],
  ) {}

  isRequired(role: Role): boolean {
    return this.requiredRoles.includes(role);
  }

  async of(userId: string, manager = this.base.dataSource.manager): Promise<FactorState> {
    const [row] = await manager.query<FactorState[]>(
      `SELECT EXISTS (SELECT FROM totp_secret WHERE user_id = $1 AND confirmed_at IS NOT NULL) AS totp,
         (SELECT count(*)::integer FROM passkey WHERE user_id = $1) AS passkeys`,
      [userId],
    );
    return row!;
  }

  async any(userId: string, manager?: EntityManager): Promise<boolean> {
    const { totp, passkeys } = await this.of(userId, manager);
    return totp || passkeys > 0;
  }

  recoveryCodesLeft(userId: string): Promise<number> {
    return this.codes.left(userId);
  }

  /** Locks the account for a change of its factors that ends no session. */
  lock(manager: EntityManager, userId: string): Promise<User> {
    return this.users.lock(manager, userId);
  }

  /**
   * Changes the factors of an account in one transaction: the row of the account is locked, and all its other sessions end,
   * so that whoever came in by the old state is out.
   */
  async change<T>(
    userId: string,
    except: string | null,
    apply: (manager: EntityManager, user: User) => Promise<T>,
  ): Promise<T> {
    return this.base.dataSource.transaction(async (manager) => {
      const user = await this.users.lock(manager, userId);
      const done = await apply(manager, user);
      await this.sessions.endAll(manager, userId, 'FACTOR', except);
      return done;
    });
  }

  /** After a removal: recovery codes go with the last factor, which a role that wants one has to keep. Throws FORBIDDEN. */
  async afterRemoval(manager: EntityManager, user: User): Promise<void> {
    if (await this.any(user.id, manager)) return;
    if (this.isRequired(user.role)) throw forbidden('Your role wants a second factor; set up another one first.');
    await this.codes.forget(manager, user.id);
  }

  /** Ten new recovery codes; the earlier ones stop working. Throws MFA_REQUIRED without a fresh proof. */
  async renewCodes(context: RequestContext): Promise<string[]> {
    const { policy, audit, dataSource } = this.base;
    policy.demandStepUp(context);
    const userId = context.actor.id!;
    if (!(await this.any(userId))) throw badInput('', 'Set up a second factor first.');
    const codes = await dataSource.transaction((manager) => this.codes.renew(manager, userId));
    await audit.record({ action: 'renew-recovery-codes', target: { type: 'user', id: userId } });
    return codes;
  }

  /**
   * An administrator takes away every factor of somebody who has lost them; all that person's sessions end. Throws FORBIDDEN
   * for oneself, MFA_REQUIRED without a fresh proof.
   */
  async reset(context: RequestContext, userId: string): Promise<User> {
    const { policy, audit } = this.base;
    policy.demand(context.actor, 'USER_MANAGE');
    const user = await this.users.get(userId);
    if (userId === context.actor.id) throw forbidden('One’s own second factor is changed in one’s profile.');
    policy.demandStepUp(context);
    await this.change(userId, null, async (manager) => {
      await manager.remove(await manager.find(TotpSecret, { where: { userId } }));
      await manager.remove(await manager.find(Passkey, { where: { userId } }));
      await this.codes.forget(manager, userId);
    });
    await audit.record({ action: 'reset-second-factor', target: { type: 'user', id: userId } });
    return user;
  }
}
