import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { inputIs } from '../graphql/arguments';
import type { RequestContext } from '../graphql/context';
import { StaffDirectory, StaffMember } from '../identity';
import { VisitAmendment } from './amendment.entity';
import { AmendVisitInput } from './visit.inputs';
import type { Amendments } from './amendments';
import { VisitVersion } from './visit-version';
import { Visit } from './visit.entity';
import type { VisitRepository } from './visit.repository';
import type { VisitService } from './visit.service';

@Resolver(() => Visit)
export class VisitAmendmentsResolver {
  constructor(
    private readonly kept: Amendments,
    private readonly visits: VisitRepository,
    private readonly service: VisitService,
  ) {}

  @Mutation(() => Visit, { description: 'Amends a closed visit; what it was before stays readable in `amendments`.' })
  async amendVisit(
    @Ctx() context: RequestContext,
    @Arg('input', () => AmendVisitInput, inputIs) input: AmendVisitInput,
  ) {
    return this.visits.shown(context, await this.service.amend(context, input));
  }

  @FieldResolver(() => [VisitAmendment], {
    complexity: 5,
    description: 'What it was before each amendment, newest first; empty for one that was never amended.',
  })
  amendments(@Ctx() context: RequestContext, @Root() visit: Visit) {
    return this.kept.ofVisit(context, visit);
  }
}

@Resolver(() => VisitAmendment)
export class VisitAmendmentResolver {
  constructor(private readonly staff: StaffDirectory) {}

  @FieldResolver(() => StaffMember, { nullable: true, description: 'Who amended it; null for an import or a system.' })
  author(@Ctx() context: RequestContext, @Root() amendment: VisitAmendment) {
    return this.staff.find(context, amendment.authorId);
  }
}

@Resolver(() => VisitVersion)
export class VisitVersionResolver {
  constructor(private readonly staff: StaffDirectory) {}

  @FieldResolver(() => StaffMember, { nullable: true, description: 'Who attended.' })
  attending(@Ctx() context: RequestContext, @Root() version: VisitVersion) {
    return this.staff.find(context, version.attendingId);
  }

  @FieldResolver(() => StaffMember, { nullable: true, description: 'Who wrote it so; null for an import or a system.' })
  writtenBy(@Ctx() context: RequestContext, @Root() version: VisitVersion) {
    return this.staff.find(context, version.writtenById);
  }
}
