import { IsEnum, IsOptional, IsUUID, Length } from 'class-validator';
import { Field, ID, InputType } from 'type-graphql';
import { TreatmentStatus } from './treatment.entity';

@InputType({ description: 'What is being done for a patient from now on.' })
export class RecordTreatmentInput {
  @Field(() => ID, { description: 'Which patient.' })
  @IsUUID()
  patientId!: string;

  @Field(() => ID, { nullable: true, description: 'The visit it belongs to.' })
  @IsOptional()
  @IsUUID()
  visitId?: string | null;

  @Field({ description: 'The treatment in words.' })
  @Length(1, 20_000)
  text!: string;

  @Field(() => TreatmentStatus, { description: 'Where it stands.' })
  @IsEnum(TreatmentStatus)
  status!: TreatmentStatus;

  @Field(() => String, {
    nullable: true,
    description: 'Same key, same caller: the first answer again, nothing written twice.',
  })
  @IsOptional()
  @Length(8, 200)
  idempotencyKey?: string | null;
}
