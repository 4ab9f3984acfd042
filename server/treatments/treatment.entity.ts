import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Audited } from '../audit';
import { text } from '../crypto/codec';
import { SealedColumn, SealedRow } from '../database/sealed-column';
import { Node } from '../graphql/node';
import { DateTime } from '../graphql/scalars';

export enum TreatmentStatus {
  PLANNED = 'PLANNED',
  ONGOING = 'ONGOING',
  COMPLETED = 'COMPLETED',
  STOPPED = 'STOPPED',
}
registerEnumType(TreatmentStatus, { name: 'TreatmentStatus', description: 'Where the treatment stands.' });

/** What is being done for a patient, as of a moment. Appended, never overwritten. */
@Entity('treatment_update')
@SealedRow<TreatmentUpdate>('treatment_update', { property: 'patientId' })
@Audited<TreatmentUpdate>({ type: 'treatment', patient: (update) => update.patientId })
@ObjectType({ implements: Node, description: 'What is being done for a patient, as of a moment; never overwritten.' })
export class TreatmentUpdate extends Node {
  @PrimaryColumn('uuid')
  override id!: string;

  @Column({ name: 'patient_id', type: 'uuid' })
  patientId!: string;

  @Column({ name: 'visit_id', type: 'uuid', nullable: true })
  visitId!: string | null;

  @Column({ name: 'author_id', type: 'uuid', nullable: true })
  authorId!: string | null;

  @Field(() => String, { description: 'The treatment in words.' })
  @SealedColumn(text, { group: 'treatment', meaning: 'Treatment' })
  text!: string;

  @Field(() => TreatmentStatus, { description: 'Where it stands.' })
  @SealedColumn(text, { group: 'treatment', meaning: 'Treatment status' })
  status!: TreatmentStatus;

  @Field(() => DateTime, { description: 'When it was written.' })
  @Column({ type: 'timestamptz' })
  at!: Date;
}
