import { Arg, Args, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { DateTime } from '../graphql/scalars';
import type { RequestContext } from '../graphql/context';
import { demandId, inputIs } from '../graphql/arguments';
import { Patient } from './patient.entity';
import {
  CreatePatientInput,
  DeletePatientInput,
  PatientsArgs,
  RestorePatientInput,
  SetConfidentialInput,
  UpdatePatientInput,
} from './patient.inputs';
import { PatientConnection } from './patient.connection';
import { PatientList } from './patient.list';
import { PatientRepository } from './patient.repository';
import { ageOn } from './patient.rules';
import { PatientService } from './patient.service';
import { Allergy, HumanName, Identifier, Medication, Problem } from './patient.values';
import { StoredField, StoredRecord } from './stored-record';

@Resolver(() => Patient)
export class PatientResolver {
  constructor(
    private readonly patients: PatientRepository,
    private readonly finder: PatientList,
    private readonly service: PatientService,
    private readonly stored: StoredRecord,
  ) {}

  @Query(() => Patient, { nullable: true, description: 'One patient’s record.' })
  patient(@Ctx() context: RequestContext, @Arg('id', () => ID, { description: 'Which patient.' }) id: string) {
    return this.patients.get(context, demandId(id));
  }

  @Query(() => PatientConnection, {
    name: 'patients',
    complexity: 20,
    description: 'Patients this person may read, found by search and filter.',
  })
  list(@Ctx() context: RequestContext, @Args(() => PatientsArgs) args: PatientsArgs) {
    return this.finder.list(context, args);
  }

  @Query(() => [StoredField], { complexity: 50, description: 'A patient’s record as it lies in the database.' })
  encryptedRecord(
    @Ctx() context: RequestContext,
    @Arg('patientId', () => ID, { description: 'Which patient.' }) patientId: string,
  ) {
    return this.stored.of(context, demandId(patientId));
  }

  @Mutation(() => Patient, { description: 'Registers a patient; whoever registers joins the care team.' })
  createPatient(
    @Ctx() context: RequestContext,
    @Arg('input', () => CreatePatientInput, inputIs) input: CreatePatientInput,
  ) {
    return this.service.create(context, input);
  }

  @Mutation(() => Patient, { description: 'Changes a patient’s record.' })
  updatePatient(
    @Ctx() context: RequestContext,
    @Arg('input', () => UpdatePatientInput, inputIs) input: UpdatePatientInput,
  ) {
    return this.service.update(context, input);
  }

  @Mutation(() => Patient, { description: 'Hides a patient from lists and look-ups; can be restored.' })
  deletePatient(
    @Ctx() context: RequestContext,
    @Arg('input', () => DeletePatientInput, inputIs) input: DeletePatientInput,
  ) {
    return this.service.remove(context, input);
  }

  @Mutation(() => Patient, { description: 'Brings a deleted patient back.' })
  restorePatient(
    @Ctx() context: RequestContext,
    @Arg('input', () => RestorePatientInput, inputIs) input: RestorePatientInput,
  ) {
    return this.service.restore(context, input);
  }

  @Mutation(() => Patient, { description: 'Makes a patient unknown outside the care team, or known again.' })
  setConfidential(
    @Ctx() context: RequestContext,
    @Arg('input', () => SetConfidentialInput, inputIs) input: SetConfidentialInput,
  ) {
    return this.service.setConfidential(context, input);
  }

  @FieldResolver(() => Int, { nullable: true, description: 'Age in whole years, today or at death.' })
  age(@Root() patient: Patient) {
    const until = patient.deceased ?? new Date().toISOString();
    return patient.birthDate ? ageOn(patient.birthDate, until.slice(0, 10)) : null;
  }

  @FieldResolver(() => DateTime, { nullable: true, description: 'Time of death.' })
  deceasedAt(@Root() patient: Patient) {
    return patient.deceased ? new Date(patient.deceased) : null;
  }

  @FieldResolver(() => [Identifier], { description: 'Numbers other systems know the patient by.' })
  identifiers(@Root() patient: Patient) {
    return patient.identifiers ?? [];
  }

  @FieldResolver(() => [Allergy], { description: 'Allergies and intolerances.' })
  allergies(@Root() patient: Patient) {
    return patient.allergies ?? [];
  }

  @FieldResolver(() => [Problem], { description: 'Problem list.' })
  problems(@Root() patient: Patient) {
    return patient.problems ?? [];
  }

  @FieldResolver(() => [Medication], { description: 'Medications.' })
  medications(@Root() patient: Patient) {
    return patient.medications ?? [];
  }
}

@Resolver(() => HumanName)
export class HumanNameResolver {
  @FieldResolver(() => String, { description: 'The name in one line: FAMILY, Given.' })
  display(@Root() name: HumanName) {
    return [name.family.toUpperCase(), name.given.join(' ')].filter(Boolean).join(', ');
  }
}
