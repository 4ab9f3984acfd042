import { Field, ID, ObjectType } from 'type-graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Audited } from '../audit';
import { text } from '../crypto/codec';
import { SealedColumn, SealedRow } from '../database/sealed-column';
import { DateTime } from '../graphql/scalars';
import { SnoopingRule, type SnoopingVerdict } from './snooping.values';

/** What the log calls being told of a finding. */
export const GROUP = 'snooping';

/** That the log shows accesses of one person in one day that a rule asks about, and what a reviewer made of it. */
@Entity('snooping_finding')
@SealedRow<SnoopingFinding>('snooping_finding', { property: 'ownerId' })
@Audited<SnoopingFinding>({ type: 'snooping', patient: (finding) => finding.patientId })
@ObjectType({ description: 'Accesses of one person in one day that a rule over the audit log asks about.' })
export class SnoopingFinding {
  @Field(() => ID, { description: 'Names the finding.' })
  @PrimaryColumn('uuid')
  id!: string;

  @Field(() => SnoopingRule, { description: 'What it is about.' })
  @Column({ type: 'text' })
  rule!: SnoopingRule;

  @Column({ name: 'user_id', type: 'uuid' })
  userId!: string;

  @Field(() => ID, { nullable: true, description: 'Whose record; null for a rule about many patients.' })
  @Column({ name: 'patient_id', type: 'uuid', nullable: true })
  patientId!: string | null;

  /** Whose data key seals the note: the patient's; staff's where there is no patient. */
  @Column({ name: 'owner_id', type: 'uuid' })
  ownerId!: string;

  @Field(() => String, {
    description: 'The day in the hospital’s time zone, as 2026-03-01; a night counts to the day it began.',
  })
  @Column({ type: 'text' })
  day!: string;

  @Field(() => DateTime, { description: 'When the rules found it.' })
  @Column({ name: 'found_at', type: 'timestamptz' })
  foundAt!: Date;

  @Column({ type: 'text', nullable: true })
  verdict!: SnoopingVerdict | null;

  @Column({ name: 'reviewed_by', type: 'uuid', nullable: true })
  reviewedBy!: string | null;

  @Column({ name: 'reviewed_at', type: 'timestamptz', nullable: true })
  reviewedAt!: Date | null;

  @SealedColumn(text, { group: GROUP, meaning: 'Note of a snooping review', nullable: true })
  note!: string | null;

  /** What its hits come to; not columns. */
  hits: Hits = { count: 0, severity: 1, firstAt: null, lastAt: null, newest: [] };

  /** True when the patient was erased: what was noted opens no more. Not a column. */
  erased = false;
}

/** The entries a finding is made of, as far as a page shows them. */
export interface Hits {
  count: number;
  /** 1 to 3, the highest of them. */
  severity: number;
  firstAt: Date | null;
  lastAt: Date | null;
  /** Places in the log of the newest ones, newest first. */
  newest: number[];
}
