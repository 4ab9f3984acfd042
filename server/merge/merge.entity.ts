import { Field, ID, ObjectType } from 'type-graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Audited } from '../audit';
import { json, text } from '../crypto/codec';
import { SealedColumn, SealedRow } from '../database/sealed-column';
import { DateTime } from '../graphql/scalars';
import type { Undo } from './merge.undo';

/** What the log calls being told that records were merged. */
export const GROUP = 'merge';

/** That one patient's record was merged into another's, sealed in the record that was kept; what it takes to undo it. */
@Entity('patient_merge')
@SealedRow<PatientMerge>('patient_merge', { property: 'keptId' })
@Audited<PatientMerge>({ type: 'patientMerge', patient: (merge) => merge.keptId })
@ObjectType({ description: 'That a duplicate record was merged into this patient’s.' })
export class PatientMerge {
  @Field(() => ID, { description: 'Names the merge; `unmergePatients` takes it.' })
  @PrimaryColumn('uuid')
  id!: string;

  @Column({ name: 'kept_id', type: 'uuid' })
  keptId!: string;

  @Field(() => ID, { description: 'The record that was merged; hidden until it is unmerged.' })
  @Column({ name: 'merged_id', type: 'uuid' })
  mergedId!: string;

  @Field(() => String, { description: 'Record number of the merged record; it finds the kept one now.' })
  @SealedColumn(text, { group: GROUP, meaning: 'Record number of a merged record' })
  mrn!: string;

  @Field(() => String, { description: 'Why.' })
  @SealedColumn(text, { group: GROUP, meaning: 'Reason of a merge' })
  reason!: string;

  @SealedColumn(json<Undo>(), { group: GROUP, meaning: 'What it takes to undo a merge' })
  undo!: Undo;

  @Field(() => DateTime, { description: 'When.' })
  @Column({ name: 'merged_at', type: 'timestamptz' })
  mergedAt!: Date;

  @Column({ name: 'merged_by', type: 'uuid', nullable: true })
  mergedBy!: string | null;

  @SealedColumn(text, { group: GROUP, meaning: 'Reason of undoing a merge', nullable: true })
  unmergeReason!: string | null;

  /** Null while the merge stands. */
  @Column({ name: 'unmerged_at', type: 'timestamptz', nullable: true })
  unmergedAt!: Date | null;

  @Column({ name: 'unmerged_by', type: 'uuid', nullable: true })
  unmergedBy!: string | null;
}
