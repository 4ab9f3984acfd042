import type { Foundation } from '../access/foundation';
import type { RequestContext } from '../graphql/context';
import { unauthenticated } from '../graphql/errors';
import type { StepUpInput } from './step-up.inputs';
import type { SignInService } from './sign-in.service';
import type { UserRepository } from './user.repository';

/**
 * Proving the password again before a grave act, so that a screen left open is not enough for one. The proof is kept with
 * the session, in the database: it holds at every server, for this session alone, and ends with it.
 */
export class StepUpService {
  constructor(
    private readonly base: Foundation,
    private readonly users: UserRepository,
    private readonly signIns: SignInService,
  ) {}

  /**
   * Marks this session as proven for five minutes. Throws BAD_USER_INPUT for a wrong password, LOCKED or RATE_LIMITED while
   * guessing is paused, UNAUTHENTICATED when the session ended meanwhile.
   */
  async stepUp(context: RequestContext, { password }: StepUpInput): Promise<true> {
    const { actor } = context;
    if (!actor.id || !actor.sessionId) throw unauthenticated();
    const user = await this.users.get(actor.id);
    await this.signIns.proveAgain(context, user, { password, path: 'password', action: 'step-up' });
    await this.base.audit.record({ action: 'step-up', target: { type: 'user', id: user.id } });
    const steppedUpAt = this.base.clock.now();
    const [, marked] = await this.base.dataSource.query<[unknown, number]>(
      'UPDATE session SET stepped_up_at = $2 WHERE id = $1 AND ended_at IS NULL',
      [actor.sessionId, steppedUpAt],
    );
    if (marked === 0) throw unauthenticated();
    context.actor = Object.freeze({ ...actor, steppedUpAt });
    return true;
  }
}
