import { Arg, Args, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { inputIs } from '../graphql/arguments';
import type { RequestContext } from '../graphql/context';
import { connectionTypes } from '../graphql/pagination';
import { StaffDirectory, StaffMember } from '../identity';
import { Patient, PatientRepository } from '../patients';
import { BreakGlassGrant } from './break-glass.entity';
import { BreakGlassArgs, BreakGlassInput, EndBreakGlassInput, ReviewBreakGlassInput } from './break-glass.inputs';
import { BreakGlassRepository } from './break-glass.repository';
import { BreakGlassReview } from './break-glass.review';
import { BreakGlassService } from './break-glass.service';

const { ConnectionType } = connectionTypes(BreakGlassGrant, 'BreakGlassGrant', 'grants');

@Resolver(() => BreakGlassGrant)
export class BreakGlassResolver {
  constructor(
    private readonly grants: BreakGlassRepository,
    private readonly service: BreakGlassService,
    private readonly patients: PatientRepository,
    private readonly staff: StaffDirectory,
  ) {}

  @Query(() => ConnectionType, {
    description: 'Access taken in emergencies, newest first: reviewers see all, others their own.',
  })
  breakGlassGrants(@Ctx() context: RequestContext, @Args(() => BreakGlassArgs) args: BreakGlassArgs) {
    return this.grants.list(context, args);
  }

  @Mutation(() => BreakGlassGrant, {
    description:
      'Takes access to a record outside one’s care for some minutes. Wants `stepUp`; every access under it is marked, and it is reviewed.',
  })
  async breakGlass(
    @Ctx() context: RequestContext,
    @Arg('input', () => BreakGlassInput, inputIs) input: BreakGlassInput,
  ) {
    return this.grants.shown(context, await this.service.breakGlass(context, input));
  }

  @Mutation(() => BreakGlassGrant, { description: 'Ends one’s own grant now.' })
  async endBreakGlass(
    @Ctx() context: RequestContext,
    @Arg('input', () => EndBreakGlassInput, inputIs) { id }: EndBreakGlassInput,
  ) {
    return this.grants.shown(context, await this.service.end(context, id));
  }

  @Mutation(() => BreakGlassGrant, { description: 'Writes a verdict on somebody else’s grant that is over.' })
  async reviewBreakGlass(
    @Ctx() context: RequestContext,
    @Arg('input', () => ReviewBreakGlassInput, inputIs) input: ReviewBreakGlassInput,
  ) {
    return this.grants.shown(context, await this.service.review(context, input));
  }

  @FieldResolver(() => String, { nullable: true, description: 'Why, in words; null once the patient was erased.' })
  text(@Root() grant: BreakGlassGrant) {
    return grant.erased ? null : grant.text;
  }

  @FieldResolver(() => Int, { description: 'Seconds it still holds by the server’s clock; 0 when it is over.' })
  secondsLeft(@Root() grant: BreakGlassGrant) {
    return this.grants.secondsLeft(grant);
  }

  @FieldResolver(() => StaffMember, { description: 'Who took it.' })
  user(@Ctx() context: RequestContext, @Root() grant: BreakGlassGrant) {
    return this.staff.find(context, grant.userId);
  }

  @FieldResolver(() => Patient, { nullable: true, description: 'The patient, for who may read the record now.' })
  patient(@Ctx() context: RequestContext, @Root() grant: BreakGlassGrant) {
    return this.patients.find(context, grant.patientId);
  }

  @FieldResolver(() => Int, { description: 'Entries of accesses under it that are sealed into the log.' })
  accesses(@Ctx() context: RequestContext, @Root() grant: BreakGlassGrant) {
    return this.grants.accesses(context, grant.id);
  }

  @FieldResolver(() => BreakGlassReview, { nullable: true, description: 'The review; null while there is none.' })
  async review(@Ctx() context: RequestContext, @Root() grant: BreakGlassGrant): Promise<BreakGlassReview | null> {
    const { verdict, reviewedBy, reviewedAt: at } = grant;
    if (!verdict || !at) return null;
    const by = await this.staff.find(context, reviewedBy);
    return { verdict, by: by!, at, note: grant.erased ? null : grant.note };
  }
}

@Resolver(() => Patient)
export class PatientGrantResolver {
  constructor(private readonly grants: BreakGlassRepository) {}

  @FieldResolver(() => BreakGlassGrant, {
    nullable: true,
    description: 'The grant under which this person sees the record; null for the care team.',
  })
  async openGrant(@Ctx() context: RequestContext, @Root() patient: Patient) {
    const id = context.actor.grants?.get(patient.id);
    return id ? this.grants.shown(context, await this.grants.get(context, id)) : null;
  }
}
