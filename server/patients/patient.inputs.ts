import {
  ArrayMaxSize,
  IsDate,
  IsEmail,
  IsEnum,
  IsOptional,
  Length,
  Matches,
  MaxDate,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { ArgsType, Field, InputType, registerEnumType } from 'type-graphql';
import { ExpectedVersion, Id, IdempotencyKey, LONG_TEXT, OptionalText } from '../graphql/input-fields';
import { PageArgs } from '../graphql/pagination';
import { DateTime, LocalDate } from '../graphql/scalars';
import { IsPastDate, MRN, PHONE } from './patient.rules';
import {
  Address,
  Allergy,
  EmergencyContact,
  Gender,
  HumanNameInput,
  Identifier,
  Medication,
  Problem,
} from './patient.values';

const LONGEST_LIST = 500;

/** What may be given for a patient; creating and editing say which of it is required. */
@InputType()
abstract class PatientFields {
  @Field(() => LocalDate, { nullable: true, description: 'Date of birth; null when unknown.' })
  @IsOptional()
  @IsPastDate()
  birthDate?: string | null;

  @Field(() => String, { nullable: true, description: 'Phone number as dialled.' })
  @IsOptional()
  @Matches(PHONE, { message: 'phone must be a phone number' })
  phone?: string | null;

  @Field(() => String, { nullable: true, description: 'E-mail address.' })
  @IsOptional()
  @IsEmail()
  email?: string | null;

  @Field(() => Address, { nullable: true, description: 'Home address.' })
  @IsOptional()
  @ValidateNested()
  address?: Address | null;

  @Field(() => EmergencyContact, { nullable: true, description: 'Whom to call.' })
  @IsOptional()
  @ValidateNested()
  emergencyContact?: EmergencyContact | null;

  @Field(() => [Identifier], { nullable: true, description: 'All identifiers; replaces the list.' })
  @IsOptional()
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  identifiers?: Identifier[] | null;

  @Field(() => [Allergy], { nullable: true, description: 'All allergies; replaces the list.' })
  @IsOptional()
  @ArrayMaxSize(LONGEST_LIST)
  @ValidateNested({ each: true })
  allergies?: Allergy[] | null;

  @Field(() => [Problem], { nullable: true, description: 'The whole problem list; replaces it.' })
  @IsOptional()
  @ArrayMaxSize(LONGEST_LIST)
  @ValidateNested({ each: true })
  problems?: Problem[] | null;

  @Field(() => [Medication], { nullable: true, description: 'All medications; replaces the list.' })
  @IsOptional()
  @ArrayMaxSize(LONGEST_LIST)
  @ValidateNested({ each: true })
  medications?: Medication[] | null;

  @OptionalText('Main diagnosis.')
  diagnosis?: string | null;

  @OptionalText('History before this hospital.')
  medicalHistory?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'Time of death; not in the future.' })
  @IsOptional()
  @IsDate()
  @MaxDate(() => new Date(), { message: 'deceasedAt must not be in the future' })
  deceasedAt?: Date | null;
}

@InputType({ description: 'A new patient. Without an MRN the hospital’s next number is given.' })
export class CreatePatientInput extends PatientFields {
  @Field(() => String, { nullable: true, description: 'Medical record number: 3 to 32 letters, digits, hyphens.' })
  @IsOptional()
  @Matches(MRN, { message: 'mrn must be 3 to 32 letters, digits or hyphens' })
  mrn?: string | null;

  @Field(() => HumanNameInput, { description: 'Legal name.' })
  @ValidateNested()
  name!: HumanNameInput;

  @Field(() => Gender, { description: 'Administrative gender.' })
  @IsEnum(Gender)
  gender!: Gender;

  @Field(() => String, { nullable: true, description: 'First treatment in words; becomes the first treatment update.' })
  @IsOptional()
  @Length(1, LONG_TEXT)
  treatment?: string | null;

  @IdempotencyKey()
  idempotencyKey?: string | null;
}

@InputType({ description: 'Changes to a patient. Fields left out stay as they are; null clears.' })
export class UpdatePatientInput extends PatientFields {
  @Id('Which patient.')
  id!: string;

  @ExpectedVersion()
  expectedVersion!: number;

  @Field(() => String, { nullable: true, description: 'Medical record number; cannot be cleared.' })
  @IsOptional()
  @Matches(MRN, { message: 'mrn must be 3 to 32 letters, digits or hyphens' })
  mrn?: string | null;

  @Field(() => HumanNameInput, { nullable: true, description: 'Legal name; cannot be cleared.' })
  @IsOptional()
  @ValidateNested()
  name?: HumanNameInput | null;

  @Field(() => Gender, { nullable: true, description: 'Administrative gender; cannot be cleared.' })
  @IsOptional()
  @IsEnum(Gender)
  gender?: Gender | null;
}

@InputType({ description: 'Which patient to hide, and why.' })
export class DeletePatientInput {
  @Id('Which patient.')
  id!: string;

  @ExpectedVersion()
  expectedVersion!: number;

  @Field({ description: 'Why; kept sealed with the record.' })
  @Length(3, 1000)
  reason!: string;
}

@InputType({ description: 'Which deleted patient to bring back.' })
export class RestorePatientInput {
  @Id('Which patient.')
  id!: string;

  @ExpectedVersion()
  expectedVersion!: number;
}

@InputType({ description: 'Whether a patient is confidential, and why.' })
export class SetConfidentialInput {
  @Id('Which patient.')
  id!: string;

  @ExpectedVersion()
  expectedVersion!: number;

  @Field(() => Boolean, { description: 'True: unknown to everybody outside the care team.' })
  confidential!: boolean;

  @Field({ description: 'Why; kept sealed with the record.' })
  @Length(3, 1000)
  reason!: string;
}

export enum PatientOrder {
  REGISTERED_ASC = 'REGISTERED_ASC',
  REGISTERED_DESC = 'REGISTERED_DESC',
}
registerEnumType(PatientOrder, { name: 'PatientOrder', description: 'Oldest or newest registration first.' });

@InputType({ description: 'Narrows a list of patients.' })
export class PatientFilter {
  @Field(() => Gender, { nullable: true, description: 'Only this gender.' })
  @IsOptional()
  @IsEnum(Gender)
  gender?: Gender | null;

  @Field(() => Boolean, { nullable: true, description: 'Only the deceased, or only the living.' })
  deceased?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Only patients whose care team I am on.' })
  mine?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'The deleted ones instead; for those who may restore all.' })
  deleted?: boolean | null;
}

@ArgsType()
export class PatientsArgs extends PageArgs {
  @Field(() => String, {
    nullable: true,
    description:
      'Parts of the name (in any order, from their beginning, also as they sound), MRN, an identifier, phone, e-mail, birth date or year; all must match. Hits come best first: whole words, beginnings, sounds.',
  })
  @IsOptional()
  @MaxLength(200)
  search?: string | null;

  @Field(() => PatientFilter, { nullable: true, description: 'Narrows the list.' })
  @IsOptional()
  @ValidateNested()
  filter?: PatientFilter | null;

  @Field(() => PatientOrder, {
    nullable: true,
    description: 'Without a search; newest registration first when nothing is said.',
  })
  orderBy?: PatientOrder | null;
}
