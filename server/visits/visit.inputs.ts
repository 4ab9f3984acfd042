import { IsDate, IsEnum, IsOptional, Length, ValidateNested } from 'class-validator';
import { ArgsType, Field, InputType } from 'type-graphql';
import { ExpectedVersion, Id, IdempotencyKey, OptionalId, OptionalText } from '../graphql/input-fields';
import { PageArgs } from '../graphql/pagination';
import { DateTime } from '../graphql/scalars';
import { VisitStatus, VisitType, Vitals } from './visit.entity';

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

  @OptionalId('Who attends; active staff.')
  attendingId?: string | null;

  @OptionalText('Why the patient came.', 2_000)
  reason?: string | null;

  @OptionalText('Notes of the visit.')
  notes?: string | null;

  @OptionalText('Diagnosis made at the visit.')
  diagnosis?: string | null;

  @Field(() => Vitals, { nullable: true, description: 'Vital signs.' })
  @IsOptional()
  @ValidateNested()
  vitals?: Vitals | null;
}

@InputType({ description: 'A new visit. In progress when no status is given.' })
export class CreateVisitInput extends VisitFields {
  @Id('Whose visit.')
  patientId!: string;

  @Field(() => VisitType, { description: 'Where and how.' })
  @IsEnum(VisitType)
  type!: VisitType;

  @Field(() => DateTime, { description: 'When it began or is planned to begin.' })
  @IsDate()
  startedAt!: Date;

  @IdempotencyKey()
  idempotencyKey?: string | null;
}

/** What may be changed of a visit that there is. */
@InputType()
abstract class VisitEdits extends VisitFields {
  @Field(() => VisitType, { nullable: true, description: 'Where and how; cannot be cleared.' })
  @IsOptional()
  @IsEnum(VisitType)
  type?: VisitType | null;

  @Field(() => DateTime, { nullable: true, description: 'When it began; cannot be cleared.' })
  @IsOptional()
  @IsDate()
  startedAt?: Date | null;
}

@InputType({ description: 'Changes to an open visit. Fields left out stay as they are; null clears.' })
export class UpdateVisitInput extends VisitEdits {
  @Id('Which visit.')
  id!: string;

  @ExpectedVersion()
  expectedVersion!: number;
}

@InputType({ description: 'What is to be different. Fields left out stay as they are; null clears.' })
export class VisitChangesInput extends VisitEdits {}

@InputType({ description: 'An amendment of a closed visit: what was written stays readable beside it.' })
export class AmendVisitInput {
  @Id('Which visit.')
  id!: string;

  @ExpectedVersion()
  expectedVersion!: number;

  @Field(() => VisitChangesInput, { description: 'What is to be different; nurses amend vital signs only.' })
  @ValidateNested()
  changes!: VisitChangesInput;

  @Field(() => String, { description: 'Why, for whoever reads the visit later; kept sealed with the record.' })
  @Length(3, 1000)
  reason!: string;
}

@InputType({ description: 'Which visit to delete.' })
export class DeleteVisitInput {
  @Id('Which visit.')
  id!: string;

  @ExpectedVersion()
  expectedVersion!: number;
}

@InputType({ description: 'Vital signs measured at a visit.' })
export class RecordVitalsInput {
  @Id('Which visit.')
  visitId!: string;

  @ExpectedVersion()
  expectedVersion!: number;

  @Field(() => Vitals, { description: 'What was measured; left out stays as it was, null takes it away.' })
  @ValidateNested()
  vitals!: Vitals;
}

@ArgsType()
export class VisitsArgs extends PageArgs {
  @OptionalId('Only this patient’s.')
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
