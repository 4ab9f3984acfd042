import { Arg, Args, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { inputIs } from '../graphql/arguments';
import type { RequestContext } from '../graphql/context';
import { connectionTypes } from '../graphql/pagination';
import { DateTime } from '../graphql/scalars';
import { StaffDirectory, StaffMember } from '../identity';
import { Patient, PatientRepository } from '../patients';
import { SnoopingFinding } from './finding.entity';
import { FindingsRepository } from './findings.repository';
import { ReviewService, versionOf } from './review.service';
import { ReviewSnoopingInput, SnoopingArgs } from './snooping.inputs';
import { SnoopingReview } from './snooping.review';
import { severities, SnoopingSeverity, SnoopingStatus } from './snooping.values';

const { ConnectionType } = connectionTypes(SnoopingFinding, 'SnoopingFinding', 'findings');

@Resolver(() => SnoopingFinding)
export class SnoopingResolver {
  constructor(
    private readonly findings: FindingsRepository,
    private readonly service: ReviewService,
    private readonly patients: PatientRepository,
    private readonly staff: StaffDirectory,
  ) {}

  @Query(() => ConnectionType, { description: 'What the rules over the audit log found, newest first.' })
  snoopingFindings(@Ctx() context: RequestContext, @Args(() => SnoopingArgs) args: SnoopingArgs) {
    return this.findings.list(context, args);
  }

  @Mutation(() => SnoopingFinding, { description: 'Writes a verdict on a finding about somebody else.' })
  async reviewSnooping(
    @Ctx() context: RequestContext,
    @Arg('input', () => ReviewSnoopingInput, inputIs) input: ReviewSnoopingInput,
  ) {
    return this.findings.shown(context, await this.service.review(context, input));
  }

  @FieldResolver(() => SnoopingSeverity, { description: 'How much it stands out: as its gravest access does.' })
  severity(@Root() { hits }: SnoopingFinding) {
    return severities[hits.severity - 1];
  }

  @FieldResolver(() => SnoopingStatus, { description: 'Where it stands.' })
  status(@Root() { verdict }: SnoopingFinding) {
    return verdict ?? SnoopingStatus.OPEN;
  }

  @FieldResolver(() => StaffMember, { description: 'Who did it.' })
  person(@Ctx() context: RequestContext, @Root() finding: SnoopingFinding) {
    return this.staff.find(context, finding.userId);
  }

  @FieldResolver(() => Patient, { nullable: true, description: 'The patient, for who may read the record.' })
  patient(@Ctx() context: RequestContext, @Root() { patientId }: SnoopingFinding) {
    return patientId ? this.patients.find(context, patientId) : null;
  }

  @FieldResolver(() => Int, { description: 'Entries of the log it is made of.' })
  count(@Root() { hits }: SnoopingFinding) {
    return hits.count;
  }

  @FieldResolver(() => [Int], { description: 'Places of these entries in the log, newest first, at most 100.' })
  entries(@Root() { hits }: SnoopingFinding) {
    return hits.newest;
  }

  @FieldResolver(() => DateTime, { nullable: true, description: 'Time of the first of them.' })
  firstAt(@Root() { hits }: SnoopingFinding) {
    return hits.firstAt;
  }

  @FieldResolver(() => DateTime, { nullable: true, description: 'Time of the last of them.' })
  lastAt(@Root() { hits }: SnoopingFinding) {
    return hits.lastAt;
  }

  @FieldResolver(() => Int, {
    description: 'Grows with each entry and with the verdict; a review names the version it is about.',
  })
  version(@Root() finding: SnoopingFinding) {
    return versionOf(finding);
  }

  @FieldResolver(() => SnoopingReview, { nullable: true, description: 'The review; null while there is none.' })
  async review(@Ctx() context: RequestContext, @Root() finding: SnoopingFinding): Promise<SnoopingReview | null> {
    const { verdict, reviewedBy, reviewedAt: at } = finding;
    if (!verdict || !at) return null;
    const by = await this.staff.find(context, reviewedBy);
    return { verdict, by: by!, at, note: finding.erased ? null : finding.note };
  }
}
