import { Field, Float, Int, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { IsInt, IsNumber, IsOptional, Max, Min } from 'class-validator';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Audited } from '../audit';
import { json, text } from '../crypto/codec';
import { SealedColumn, SealedRow } from '../database/sealed-column';
import { Node } from '../graphql/node';
import { DateTime } from '../graphql/scalars';

export enum VisitType {
  AMBULATORY = 'AMBULATORY',
  INPATIENT = 'INPATIENT',
  EMERGENCY = 'EMERGENCY',
  HOME = 'HOME',
  VIRTUAL = 'VIRTUAL',
}

export enum VisitStatus {
  PLANNED = 'PLANNED',
  IN_PROGRESS = 'IN_PROGRESS',
  FINISHED = 'FINISHED',
  CANCELLED = 'CANCELLED',
  ENTERED_IN_ERROR = 'ENTERED_IN_ERROR',
}

registerEnumType(VisitType, { name: 'VisitType', description: 'Where and how the visit takes place.' });
registerEnumType(VisitStatus, { name: 'VisitStatus', description: 'How far the visit has come.' });

const range = (low: number, high: number, unit: string) => ({
  message: `$property must be ${low} to ${high} ${unit}`.trim(),
});

/** Measurements of one visit. The limits are those of a slip of the pen, not of health. */
@ObjectType({ description: 'Vital signs of one visit; null is: not measured.' })
@InputType('VitalsInput', { description: 'Vital signs; left out is: not measured.' })
export class Vitals {
  @Field(() => Float, { nullable: true, description: 'Body temperature, °C.' })
  @IsOptional()
  @IsNumber()
  @Min(20, range(20, 46, '°C'))
  @Max(46, range(20, 46, '°C')) // prettier-ignore
  temperature?: number | null;

  @Field(() => Int, { nullable: true, description: 'Heart rate, beats per minute.' })
  @IsOptional()
  @IsInt()
  @Min(0, range(0, 350, '/min'))
  @Max(350, range(0, 350, '/min')) // prettier-ignore
  heartRate?: number | null;

  @Field(() => Int, { nullable: true, description: 'Respiratory rate, breaths per minute.' })
  @IsOptional()
  @IsInt()
  @Min(0, range(0, 150, '/min'))
  @Max(150, range(0, 150, '/min')) // prettier-ignore
  respiratoryRate?: number | null;

  @Field(() => Int, { nullable: true, description: 'Systolic blood pressure, mmHg.' })
  @IsOptional()
  @IsInt()
  @Min(0, range(0, 350, 'mmHg'))
  @Max(350, range(0, 350, 'mmHg')) // prettier-ignore
  systolic?: number | null;

  @Field(() => Int, { nullable: true, description: 'Diastolic blood pressure, mmHg.' })
  @IsOptional()
  @IsInt()
  @Min(0, range(0, 250, 'mmHg'))
  @Max(250, range(0, 250, 'mmHg')) // prettier-ignore
  diastolic?: number | null;

  @Field(() => Float, { nullable: true, description: 'Oxygen saturation, %.' })
  @IsOptional()
  @IsNumber()
  @Min(0, range(0, 100, '%'))
  @Max(100, range(0, 100, '%')) // prettier-ignore
  oxygenSaturation?: number | null;

  @Field(() => Float, { nullable: true, description: 'Body weight, kg.' })
  @IsOptional()
  @IsNumber()
  @Min(0.2, range(0.2, 700, 'kg'))
  @Max(700, range(0.2, 700, 'kg')) // prettier-ignore
  weight?: number | null;

  @Field(() => Float, { nullable: true, description: 'Body height, cm.' })
  @IsOptional()
  @IsNumber()
  @Min(20, range(20, 280, 'cm'))
  @Max(280, range(20, 280, 'cm')) // prettier-ignore
  height?: number | null;

  @Field(() => Int, { nullable: true, description: 'Pain as the patient rates it, 0 to 10.' })
  @IsOptional()
  @IsInt()
  @Min(0, range(0, 10, ''))
  @Max(10, range(0, 10, '')) // prettier-ignore
  painScore?: number | null;
}

/** One encounter of a patient with the hospital (FHIR Encounter). */
@Entity('visit')
@SealedRow<Visit>('visit', { property: 'patientId' })
@Audited<Visit>({ type: 'visit', patient: (visit) => visit.patientId })
@ObjectType({ implements: Node, description: 'One encounter of a patient with the hospital.' })
export class Visit extends Node {
  @PrimaryColumn('uuid')
  override id!: string;

  @Column({ name: 'patient_id', type: 'uuid' })
  patientId!: string;

  /** Token of the identifier an import knows this visit by. */
  @Column({ name: 'source_token', type: 'bytea', nullable: true })
  sourceToken!: Buffer | null;

  @Field(() => VisitType, { description: 'Where and how.' })
  @Column({ type: 'text' })
  type!: VisitType;

  @Field(() => VisitStatus, { description: 'How far it has come.' })
  @Column({ type: 'text' })
  status!: VisitStatus;

  @Field(() => DateTime, { description: 'When it began or is planned to begin.' })
  @Column({ name: 'started_at', type: 'timestamptz' })
  startedAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it ended.' })
  @Column({ name: 'ended_at', type: 'timestamptz', nullable: true })
  endedAt!: Date | null;

  @Column({ name: 'attending_id', type: 'uuid', nullable: true })
  attendingId!: string | null;

  @Column({ name: 'created_by', type: 'uuid', nullable: true })
  createdBy!: string | null;

  @Field(() => String, { nullable: true, description: 'Why the patient came.' })
  @SealedColumn(text, { group: 'reason', meaning: 'Reason of the visit', nullable: true })
  reason!: string | null;

  @Field(() => String, { nullable: true, description: 'Notes of the visit.' })
  @SealedColumn(text, { group: 'notes', meaning: 'Notes', nullable: true })
  notes!: string | null;

  @Field(() => String, { nullable: true, description: 'Diagnosis made at the visit.' })
  @SealedColumn(text, { group: 'visitDiagnosis', meaning: 'Diagnosis at the visit', nullable: true })
  diagnosis!: string | null;

  @Field(() => Vitals, { nullable: true, description: 'Vital signs.' })
  @SealedColumn(json<Vitals>(), { group: 'vitals', meaning: 'Vital signs', nullable: true })
  vitals!: Vitals | null;

  @Field(() => Int, { description: 'Grows with each change; edits name the version they saw.' })
  @Column({ type: 'integer' })
  version!: number;

  @Field(() => DateTime, { description: 'When the visit was written.' })
  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Field(() => DateTime, { description: 'When it was last changed.' })
  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt!: Date;

  @Column({ name: 'updated_by', type: 'uuid', nullable: true })
  updatedBy!: string | null;
}
