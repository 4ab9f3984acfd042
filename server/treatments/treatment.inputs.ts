import { IsEnum, Length } from 'class-validator';
import { Field, InputType } from 'type-graphql';
import { Id, IdempotencyKey, LONG_TEXT, OptionalId } from '../graphql/input-fields';
import { TreatmentStatus } from './treatment.entity';

@InputType({ description: 'What is being done for a patient from now on.' })
export class RecordTreatmentInput {
  @Id('Which patient.')
  patientId!: string;

  @OptionalId('The visit it belongs to.')
  visitId?: string | null;

  @Field({ description: 'The treatment in words.' })
  @Length(1, LONG_TEXT)
  text!: string;

  @Field(() => TreatmentStatus, { description: 'Where it stands.' })
  @IsEnum(TreatmentStatus)
  status!: TreatmentStatus;

  @IdempotencyKey()
  idempotencyKey?: string | null;
}
