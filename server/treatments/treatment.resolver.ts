import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { demandId, inputIs } from '../graphql/arguments';
import type { RequestContext } from '../graphql/context';
import { connectionTypes, PageArgs } from '../graphql/pagination';
import { StaffDirectory, StaffMember } from '../identity';
import { Patient, PatientRepository } from '../patients';
import { Visit, VisitRepository } from '../visits';
import { TreatmentUpdate } from './treatment.entity';
import { RecordTreatmentInput } from './treatment.inputs';
import { TreatmentService } from './treatment.service';

const { ConnectionType } = connectionTypes(TreatmentUpdate, 'TreatmentUpdate', 'treatment updates');

@Resolver(() => TreatmentUpdate)
export class TreatmentResolver {
  constructor(
    private readonly treatments: TreatmentService,
    private readonly patients: PatientRepository,
    private readonly visits: VisitRepository,
    private readonly staff: StaffDirectory,
  ) {}

  @Query(() => ConnectionType, { description: 'A patient’s treatment updates, newest first.' })
  treatmentUpdates(
    @Ctx() context: RequestContext,
    @Arg('patientId', () => ID, { description: 'Which patient.' }) patientId: string,
    @Args(() => PageArgs) args: PageArgs,
  ) {
    return this.treatments.list(context, demandId(patientId, 'patientId'), args);
  }

  @Mutation(() => TreatmentUpdate, {
    description: 'Appends a treatment update; it becomes the patient’s current treatment.',
  })
  recordTreatment(
    @Ctx() context: RequestContext,
    @Arg('input', () => RecordTreatmentInput, inputIs) input: RecordTreatmentInput,
  ) {
    return this.treatments.record(context, input);
  }

  @FieldResolver(() => Patient, { description: 'Whose treatment.' })
  patient(@Ctx() context: RequestContext, @Root() update: TreatmentUpdate) {
    return this.patients.get(context, update.patientId);
  }

  @FieldResolver(() => Visit, { nullable: true, description: 'The visit it was written at.' })
  async visit(@Ctx() context: RequestContext, @Root() update: TreatmentUpdate) {
    const visit = update.visitId ? await this.visits.find(context, update.visitId) : null;
    return visit && this.visits.shown(context, visit);
  }

  @FieldResolver(() => StaffMember, { nullable: true, description: 'Who wrote it; null when imported.' })
  author(@Ctx() context: RequestContext, @Root() update: TreatmentUpdate) {
    return this.staff.find(context, update.authorId);
  }
}

@Resolver(() => Patient)
export class PatientTreatmentsResolver {
  constructor(private readonly treatments: TreatmentService) {}

  @FieldResolver(() => String, { nullable: true, description: 'The current treatment: the newest update.' })
  treatment(@Ctx() context: RequestContext, @Root() patient: Patient) {
    return this.treatments.current(context, patient.id);
  }

  @FieldResolver(() => ConnectionType, { description: 'Treatment updates, newest first.' })
  treatmentUpdates(@Ctx() context: RequestContext, @Root() patient: Patient, @Args(() => PageArgs) args: PageArgs) {
    return this.treatments.ofPatient(context, patient.id, args);
  }
}
