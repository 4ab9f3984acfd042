import { ArrayMaxSize, IsOptional, Length, ValidateNested } from 'class-validator';
import { Field, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { LocalDate } from '../../graphql/scalars';
import { Patient } from '../patient.entity';
import { IsPastDate } from '../patient.rules';
import { HumanNameInput, Identifier } from '../patient.values';

export enum Likeness {
  NAME_AND_BIRTH_DATE = 'NAME_AND_BIRTH_DATE',
  IDENTIFIER = 'IDENTIFIER',
  PHONE = 'PHONE',
}
registerEnumType(Likeness, { name: 'Likeness', description: 'Why two patients may be the same person.' });

@InputType({ description: 'A patient about to be registered, as far as it is filled in.' })
export class SimilarPatientsInput {
  @Field(() => HumanNameInput, { nullable: true, description: 'Legal name.' })
  @IsOptional()
  @ValidateNested()
  name?: HumanNameInput | null;

  @Field(() => LocalDate, { nullable: true, description: 'Date of birth.' })
  @IsOptional()
  @IsPastDate()
  birthDate?: string | null;

  @Field(() => String, { nullable: true, description: 'Phone number, however it is written.' })
  @IsOptional()
  @Length(1, 40)
  phone?: string | null;

  @Field(() => [Identifier], { nullable: true, description: 'Numbers other systems know the patient by.' })
  @IsOptional()
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  identifiers?: Identifier[] | null;
}

@ObjectType({ description: 'A patient who may be the one about to be registered.' })
export class SimilarPatient {
  @Field(() => Patient, { description: 'Who is there already.' })
  patient!: Patient;

  @Field(() => [Likeness], { description: 'What they have in common.' })
  because!: Likeness[];
}
