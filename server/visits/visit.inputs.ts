import { IsDate, IsEnum, IsOptional, IsUUID, Length, MaxLength, Min, ValidateNested } from 'class-validator';
import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';
import { PageArgs } from '../graphql/pagination';
import { DateTime } from '../graphql/scalars';
import { VisitStatus, VisitType, Vitals } from './visit.entity';

const LONG_TEXT = 20_000;

/** What may be given for a visit, new or changed. */
@InputType()
abstract class VisitFields {
  @Field(() => VisitStatus, { nullable: true, description: 'How far it has come.' })
  @IsOptional()
  @IsEnum(VisitStatus)
  status?: VisitStatus | null;

  @Field(() => DateTime, { nullable: true, description: 'When it ended; not before it began.' })
  @IsOptional()
  @IsDate()
  endedAt?: Date | null;

  @Field(() => ID, { nullable: true, description: 'Who attends; active staff.' })
  @IsOptional()
  @IsUUID()
  attendingId?: string | null;

  @Field(() => String, { nullable: true, description: 'Why the patient came.' })
  @IsOptional()
  @MaxLength(2_000)
  reason?: string | null;

  @Field(() => String, { nullable: true, description: 'Notes of the visit.' })
  @IsOptional()
  @MaxLength(LONG_TEXT)
  notes?: string | null;

  @Field(() => String, { nullable: true, description: 'Diagnosis made at the visit.' })
  @IsOptional()
  @MaxLength(LONG_TEXT)
  diagnosis?: string | null;

  @Field(() => Vitals, { nullable: true, description: 'Vital signs.' })
  @IsOptional()
  @ValidateNested()
  vitals?: Vitals | null;
}

@InputType({ description: 'A new visit. In progress when no status is given.' })
export class CreateVisitInput extends VisitFields {
  @Field(() => ID, { description: 'Whose visit.' })
  @IsUUID()
  patientId!: string;

  @Field(() => VisitType, { description: 'Where and how.' })
  @IsEnum(VisitType)
  type!: VisitType;

  @Field(() => DateTime, { description: 'When it began or is planned to begin.' })
  @IsDate()
  startedAt!: Date;

  @Field(() => String, {
    nullable: true,
    description: 'Same key, same caller: the first answer again, nothing written twice.',
  })
  @IsOptional()
  @Length(8, 200)
  idempotencyKey?: string | null;
}

@InputType({ description: 'Changes to an open visit. Fields left out stay as they are; null clears.' })
export class UpdateVisitInput extends VisitFields {
  @Field(() => ID, { description: 'Which visit.' })
  @IsUUID()
  id!: string;

  @Field(() => Int, { description: 'The version that was read.' })
  @Min(1)
  expectedVersion!: number;

  @Field(() => VisitType, { nullable: true, description: 'Where and how; cannot be cleared.' })
  @IsOptional()
  @IsEnum(VisitType)
  type?: VisitType | null;

  @Field(() => DateTime, { nullable: true, description: 'When it began; cannot be cleared.' })
  @IsOptional()
  @IsDate()
  startedAt?: Date | null;
}

@InputType({ description: 'Which visit to delete.' })
export class DeleteVisitInput {
  @Field(() => ID, { description: 'Which visit.' })
  @IsUUID()
  id!: string;

  @Field(() => Int, { description: 'The version that was read.' })
  @Min(1)
  expectedVersion!: number;
}

@InputType({ description: 'Vital signs measured at a visit.' })
export class RecordVitalsInput {
  @Field(() => ID, { description: 'Which visit.' })
  @IsUUID()
  visitId!: string;

  @Field(() => Int, { description: 'The version that was read.' })
  @Min(1)
  expectedVersion!: number;

  @Field(() => Vitals, { description: 'What was measured; left out stays as it was.' })
  @ValidateNested()
  vitals!: Vitals;
}

@ArgsType()
export class VisitsArgs extends PageArgs {
  @Field(() => ID, { nullable: true, description: 'Only this patient’s.' })
  @IsOptional()
  @IsUUID()
  patientId?: string | null;

  @Field(() => VisitStatus, { nullable: true, description: 'Only these.' })
  @IsOptional()
  @IsEnum(VisitStatus)
  status?: VisitStatus | null;

  @Field(() => DateTime, { nullable: true, description: 'Begun at or after.' })
  @IsOptional()
  @IsDate()
  from?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'Begun before.' })
  @IsOptional()
  @IsDate()
  to?: Date | null;

  @Field(() => Boolean, { nullable: true, description: 'Only those I attend.' })
  mine?: boolean | null;
}
