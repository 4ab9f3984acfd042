import type { Foundation } from '../access/foundation';
import type { RequestContext } from '../graphql/context';
import { badInput, unauthenticated } from '../graphql/errors';
import type { Factors } from './second-factor/factors';
import type { SecondStepService } from './second-factor/second-step.service';
import type { StepUpInput } from './step-up.inputs';
import type { SignInService } from './sign-in.service';
import type { User } from './user.entity';
import type { UserRepository } from './user.repository';

/**
 * Proving oneself again before a grave act, so that a screen left open is not enough for one: by the second factor where
 * there is one, else by the password. The proof is kept with
 * the session, in the database: it holds at every server, for this session alone, and ends with it.
 */
export class StepUpService {
  constructor(
    private readonly base: Foundation,
    private readonly users: UserRepository,
    private readonly signIns: SignInService,
    private readonly factors: Factors,
    private readonly secondStep: SecondStepService,
  ) {}

  /**
   * Marks this session as proven for five minutes. Throws BAD_USER_INPUT for a wrong proof, and for the password of an
   * account with a second factor; LOCKED or RATE_LIMITED while guessing is paused; UNAUTHENTICATED when the session ended
   * meanwhile.
   */
  async stepUp(context: RequestContext, input: StepUpInput): Promise<true> {
    const { actor } = context;
    if (!actor.id || !actor.sessionId) throw unauthenticated();
    const user = await this.users.get(actor.id);
    await this.prove(context, user, input);
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

  private async prove(context: RequestContext, user: User, { password, ...factor }: StepUpInput): Promise<void> {
    if (!(await this.factors.any(user.id))) {
      if (!password) throw badInput('password', 'This account proves its password.');
      const proof = { password, path: 'password', action: 'step-up' };
      return this.signIns.proveAgain(context, user, proof);
    }
    if (password) throw badInput('password', 'This account proves its second factor.');
    if (await this.secondStep.proves(context, user, factor, 'step-up')) return;
    const path = factor.code ? 'code' : factor.recoveryCode ? 'recoveryCode' : 'passkey';
    throw badInput(path, 'This proof is wrong or was used.');
  }
}
