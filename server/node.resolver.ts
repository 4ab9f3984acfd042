import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import { AccessPolicy } from './access/policy';
import { demandId } from './graphql/arguments';
import type { RequestContext } from './graphql/context';
import { ChartsealError } from './graphql/errors';
import { Node } from './graphql/node';
import { UserRepository } from './identity';
import { PatientRepository } from './patients';
import { TreatmentService } from './treatments';
import { VisitRepository } from './visits';

/** Fetches anything by its id, under the same rules as its own query. */
@Resolver()
export class NodeResolver {
  constructor(
    private readonly patients: PatientRepository,
    private readonly visits: VisitRepository,
    private readonly treatments: TreatmentService,
    private readonly users: UserRepository,
    private readonly policy: AccessPolicy,
  ) {}

  @Query(() => Node, {
    nullable: true,
    description: 'Anything by its id; null when there is none this person may know of.',
  })
  async node(
    @Ctx() context: RequestContext,
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
  ): Promise<Node | null> {
    const wanted = demandId(id);
    if (this.policy.may(context.actor, 'PATIENT_READ')) {
      const sources: { get(context: RequestContext, id: string): Promise<Node> }[] = [
        this.patients,
        this.visits,
        this.treatments,
      ];
      for (const source of sources) {
        const node = await nullWhenMissing(source.get(context, wanted));
        if (node) return node;
      }
    }
    return this.policy.may(context.actor, 'USER_MANAGE') ? nullWhenMissing(this.users.get(wanted)) : null;
  }
}

async function nullWhenMissing<T>(load: Promise<T>): Promise<T | null> {
  try {
    return await load;
  } catch (error) {
    if (error instanceof ChartsealError && error.code === 'NOT_FOUND') return null;
    throw error;
  }
}
