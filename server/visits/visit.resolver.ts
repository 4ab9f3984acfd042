import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { demandId, inputIs } from '../graphql/arguments';
import type { RequestContext } from '../graphql/context';
import { connectionTypes, PageArgs } from '../graphql/pagination';
import { StaffDirectory, StaffMember } from '../identity';
import { Patient, PatientRepository } from '../patients';
import { Visit } from './visit.entity';
import { CreateVisitInput, DeleteVisitInput, RecordVitalsInput, UpdateVisitInput, VisitsArgs } from './visit.inputs';
import { VisitRepository } from './visit.repository';
import { VisitService } from './visit.service';

const { ConnectionType: VisitConnection } = connectionTypes(Visit, 'Visit', 'visits');

@Resolver(() => Visit)
export class VisitResolver {
  constructor(
    private readonly repository: VisitRepository,
    private readonly service: VisitService,
    private readonly patients: PatientRepository,
    private readonly staff: StaffDirectory,
  ) {}

  @Query(() => Visit, { nullable: true, description: 'One visit.' })
  visit(@Ctx() context: RequestContext, @Arg('id', () => ID, { description: 'Which visit.' }) id: string) {
    return this.repository.get(context, demandId(id));
  }

  @Query(() => VisitConnection, { description: 'Visits of the patients this person may read, newest first.' })
  visits(@Ctx() context: RequestContext, @Args(() => VisitsArgs) args: VisitsArgs) {
    return this.repository.list(context, args);
  }

  @Mutation(() => Visit, { description: 'Writes a visit.' })
  async createVisit(
    @Ctx() context: RequestContext,
    @Arg('input', () => CreateVisitInput, inputIs) input: CreateVisitInput,
  ) {
    return this.repository.shown(context, await this.service.create(context, input));
  }

  @Mutation(() => Visit, { description: 'Changes an open visit.' })
  async updateVisit(
    @Ctx() context: RequestContext,
    @Arg('input', () => UpdateVisitInput, inputIs) input: UpdateVisitInput,
  ) {
    return this.repository.shown(context, await this.service.update(context, input));
  }

  @Mutation(() => Visit, { description: 'Deletes one’s own open visit; answers what it was.' })
  async deleteVisit(
    @Ctx() context: RequestContext,
    @Arg('input', () => DeleteVisitInput, inputIs) input: DeleteVisitInput,
  ) {
    return this.repository.shown(context, await this.service.remove(context, input));
  }

  @Mutation(() => Visit, { description: 'Adds measurements to an open visit.' })
  async recordVitals(
    @Ctx() context: RequestContext,
    @Arg('input', () => RecordVitalsInput, inputIs) input: RecordVitalsInput,
  ) {
    return this.repository.shown(context, await this.service.recordVitals(context, input));
  }

  @FieldResolver(() => Patient, { description: 'Whose visit it is.' })
  patient(@Ctx() context: RequestContext, @Root() visit: Visit) {
    return this.patients.get(context, visit.patientId);
  }

  @FieldResolver(() => StaffMember, { nullable: true, description: 'Who attends.' })
  attending(@Ctx() context: RequestContext, @Root() visit: Visit) {
    return this.staff.find(context, visit.attendingId);
  }
}

@Resolver(() => Patient)
export class PatientVisitsResolver {
  constructor(private readonly repository: VisitRepository) {}

  @FieldResolver(() => VisitConnection, { description: 'Visits, newest first.' })
  visits(@Ctx() context: RequestContext, @Root() patient: Patient, @Args(() => PageArgs) args: PageArgs) {
    return this.repository.ofPatient(context, patient.id, args);
  }
}
