import type { Foundation } from '../../access/foundation';
import { noteAct } from '../../audit';
import type { RequestContext } from '../../graphql/context';
import { badInput, demandVersion, forbidden } from '../../graphql/errors';
import type { Accounts } from '../accounts';
import type { Invites } from '../invites';
import type { User } from '../user.entity';
import type { UserRepository } from '../user.repository';
import type { RemovePasswordInput } from './oidc.inputs';

/** Passwords of accounts that the hospital's own sign-in service lets in. */
export class LinkedPasswords {
  /** @param standing false while no sign-in service is set up: then nobody else would let them in */
  constructor(
    private readonly base: Foundation,
    private readonly tools: { users: UserRepository; accounts: Accounts; invites: Invites },
    private readonly standing: boolean,
  ) {}

  /**
   * Makes an account's password useless, ends its sessions and withdraws links to set another. Throws MFA_REQUIRED without a
   * fresh proof, FORBIDDEN for one's own account, BAD_USER_INPUT for an account that could not sign in any more, CONFLICT when somebody else was first.
   */
  async remove(context: RequestContext, { id, expectedVersion }: RemovePasswordInput): Promise<User> {
    const { policy, dataSource } = this.base;
    const { users, accounts, invites } = this.tools;
    policy.demand(context.actor, 'USER_MANAGE');
    policy.demandStepUp(context);
    return dataSource.transaction(async (manager) => {
      const user = await users.lock(manager, id);
      if (user.id === context.actor.id) throw forbidden('Nobody removes their own password.');
      demandVersion(user, expectedVersion);
      const links = await manager.query<unknown[]>('SELECT 1 FROM oidc_link WHERE user_id = $1', [user.id]);
      if (!this.standing || links.length === 0) throw badInput('id', 'This account would have no way in any more.');
      if (user.passwordHash === null) return user;
      await accounts.setPassword(context, manager, user, null, 'PASSWORD');
      await invites.withdraw(manager, user.id);
      noteAct(manager, { action: 'remove-password', target: { type: 'user', id: user.id } });
      return user;
    });
  }
}
