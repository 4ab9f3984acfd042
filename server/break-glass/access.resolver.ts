import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import { demandId } from '../graphql/arguments';
import type { RequestContext } from '../graphql/context';
import { AccessExplanation } from './access-explanation';
import { AccessService } from './access.service';

@Resolver()
export class AccessResolver {
  constructor(private readonly access: AccessService) {}

  @Query(() => AccessExplanation, {
    complexity: 20,
    description: 'Why one may or may not open a patient’s record, what would help, and who can grant it.',
  })
  explainAccess(
    @Ctx() context: RequestContext,
    @Arg('patientId', () => ID, { description: 'Which patient.' }) patientId: string,
  ) {
    return this.access.explain(context, demandId(patientId, 'patientId'));
  }
}
