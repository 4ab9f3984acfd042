import { IsEnum, IsOptional, Length, ArrayMaxSize, Matches, MaxLength } from 'class-validator';
import { Field, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { LocalDate } from '../graphql/scalars';
import { IsPastDate, PHONE } from './patient.rules';

export { Address } from '../graphql/address';

export enum Gender {
  MALE = 'MALE',
  FEMALE = 'FEMALE',
  OTHER = 'OTHER',
  UNKNOWN = 'UNKNOWN',
}

export enum AllergySeverity {
  MILD = 'MILD',
  MODERATE = 'MODERATE',
  SEVERE = 'SEVERE',
  UNKNOWN = 'UNKNOWN',
}

export enum ProblemStatus {
  ACTIVE = 'ACTIVE',
  INACTIVE = 'INACTIVE',
  RESOLVED = 'RESOLVED',
}

export enum MedicationStatus {
  ACTIVE = 'ACTIVE',
  ON_HOLD = 'ON_HOLD',
  STOPPED = 'STOPPED',
  COMPLETED = 'COMPLETED',
  UNKNOWN = 'UNKNOWN',
}

registerEnumType(Gender, { name: 'Gender', description: 'Administrative gender (FHIR R4).' });
registerEnumType(AllergySeverity, { name: 'AllergySeverity', description: 'How badly the patient reacts.' });
registerEnumType(ProblemStatus, { name: 'ProblemStatus', description: 'Whether the problem is present.' });
registerEnumType(MedicationStatus, { name: 'MedicationStatus', description: 'Whether the medication is taken.' });

/** The parts of a name (FHIR HumanName). */
@ObjectType()
@InputType()
abstract class NameParts {
  @Field({ description: 'Family name.' })
  @Length(1, 200)
  family!: string;

  @Field(() => [String], { description: 'Given names in order; may be empty when unknown.' })
  @ArrayMaxSize(10)
  @Length(1, 100, { each: true })
  given!: string[];

  @Field(() => String, { nullable: true, description: 'Title, such as Dr or Mrs.' })
  @IsOptional()
  @Length(1, 50)
  prefix?: string | null;
}

@ObjectType({ description: 'A name, in its parts and in one line.' })
export class HumanName extends NameParts {}

@InputType({ description: 'A name, in its parts.' })
export class HumanNameInput extends NameParts {}

@ObjectType({ description: 'Whom to call.' })
@InputType('EmergencyContactInput', { description: 'Whom to call.' })
export class EmergencyContact {
  @Field({ description: 'Full name.' })
  @Length(1, 200)
  name!: string;

  @Field(() => String, { nullable: true, description: 'Relationship to the patient.' })
  @IsOptional()
  @MaxLength(100)
  relationship?: string | null;

  @Field(() => String, { nullable: true, description: 'Phone number as dialled.' })
  @IsOptional()
  @Matches(PHONE, { message: 'phone must be a phone number' })
  phone?: string | null;
}

@ObjectType({ description: 'A number some system knows the patient by.' })
@InputType('IdentifierInput', { description: 'A number some system knows the patient by.' })
export class Identifier {
  @Field({ description: 'URI of the system that issued it (FHIR Identifier.system).' })
  @Length(1, 300)
  system!: string;

  @Field({ description: 'The identifier within that system.' })
  @Length(1, 200)
  value!: string;
}

@ObjectType({ description: 'An allergy or intolerance.' })
@InputType('AllergyInput', { description: 'An allergy or intolerance.' })
export class Allergy {
  @Field({ description: 'What the patient reacts to.' })
  @Length(1, 300)
  substance!: string;

  @Field(() => String, { nullable: true, description: 'How the reaction shows.' })
  @IsOptional()
  @MaxLength(500)
  reaction?: string | null;

  @Field(() => AllergySeverity, { description: 'How severe it is.' })
  @IsEnum(AllergySeverity)
  severity!: AllergySeverity;
}

@ObjectType({ description: 'A problem on the problem list (FHIR Condition).' })
@InputType('ProblemInput', { description: 'A problem on the problem list (FHIR Condition).' })
export class Problem {
  @Field(() => String, { nullable: true, description: 'Code within `system`.' })
  @IsOptional()
  @MaxLength(100)
  code?: string | null;

  @Field(() => String, { nullable: true, description: 'URI of the code system, such as SNOMED CT.' })
  @IsOptional()
  @MaxLength(300)
  system?: string | null;

  @Field({ description: 'The problem in words.' })
  @Length(1, 500)
  text!: string;

  @Field(() => LocalDate, { nullable: true, description: 'When it began.' })
  @IsOptional()
  @IsPastDate()
  onset?: string | null;

  @Field(() => ProblemStatus, { description: 'Whether it is present.' })
  @IsEnum(ProblemStatus)
  status!: ProblemStatus;
}

@ObjectType({ description: 'A medication the patient takes or took.' })
@InputType('MedicationInput', { description: 'A medication the patient takes or took.' })
export class Medication {
  @Field({ description: 'Name, strength and form.' })
  @Length(1, 300)
  text!: string;

  @Field(() => String, { nullable: true, description: 'Dose and frequency.' })
  @IsOptional()
  @MaxLength(300)
  dose?: string | null;

  @Field(() => MedicationStatus, { description: 'Whether it is taken.' })
  @IsEnum(MedicationStatus)
  status!: MedicationStatus;
}
