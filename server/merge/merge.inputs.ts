import { ArrayMaxSize, IsEnum, Length, Min } from 'class-validator';
import { Field, InputType, Int, registerEnumType } from 'type-graphql';
import { ExpectedVersion, Id } from '../graphql/input-fields';

/** Fields of which a patient has one value, so that a merge must choose. Lists are united, the record number stays. */
export enum PatientField {
  NAME = 'name',
  BIRTH_DATE = 'birthDate',
  GENDER = 'gender',
  PHONE = 'phone',
  EMAIL = 'email',
  ADDRESS = 'address',
  EMERGENCY_CONTACT = 'emergencyContact',
  DIAGNOSIS = 'diagnosis',
  MEDICAL_HISTORY = 'medicalHistory',
  DECEASED_AT = 'deceased',
}
registerEnumType(PatientField, {
  name: 'PatientField',
  description: 'A field of which a patient has one value, so that a merge must choose.',
  valuesConfig: {
    NAME: { description: 'Legal name.' },
    BIRTH_DATE: { description: 'Date of birth.' },
    GENDER: { description: 'Administrative gender.' },
    PHONE: { description: 'Phone number.' },
    EMAIL: { description: 'E-mail address.' },
    ADDRESS: { description: 'Home address.' },
    EMERGENCY_CONTACT: { description: 'Whom to call.' },
    DIAGNOSIS: { description: 'Main diagnosis.' },
    MEDICAL_HISTORY: { description: 'History before this hospital.' },
    DECEASED_AT: { description: 'Time of death.' },
  },
});

export const patientFields = Object.values(PatientField);

@InputType({ description: 'Which of two records of one patient to keep, and what of the other goes into it.' })
export class MergePatientsInput {
  @Id('The record to keep.')
  keepId!: string;

  @Id('The duplicate, which is hidden.')
  mergeId!: string;

  @Field(() => Int, {
    description: 'Version of the record to keep that was read; CONFLICT when it is no longer the current one.',
  })
  @Min(1)
  keepVersion!: number;

  @Field(() => Int, {
    description: 'Version of the duplicate that was read; CONFLICT when it is no longer the current one.',
  })
  @Min(1)
  mergeVersion!: number;

  @Field(() => [PatientField], {
    description: 'Fields whose value comes from the duplicate; all others stay. Lists are united whatever is chosen.',
  })
  @ArrayMaxSize(20)
  @IsEnum(PatientField, { each: true })
  take!: PatientField[];

  @Field({ description: 'Why these are one person; kept sealed with the record.' })
  @Length(3, 1000)
  reason!: string;
}

@InputType({ description: 'Which merge to undo, and why.' })
export class UnmergePatientsInput {
  @Id('Which merge; the newest of its patient.')
  mergeId!: string;

  @ExpectedVersion()
  expectedVersion!: number;

  @Field({ description: 'Why these are two people after all; kept sealed with the record.' })
  @Length(3, 1000)
  reason!: string;
}
