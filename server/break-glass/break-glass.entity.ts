import { Field, ID, ObjectType } from 'type-graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Audited } from '../audit';
import { text } from '../crypto/codec';
import { SealedColumn, SealedRow } from '../database/sealed-column';
import { DateTime } from '../graphql/scalars';
import { BreakGlassReason, ReviewVerdict } from './break-glass.values';

/** What the log calls being told of a broken glass. */
export const GROUP = 'breakGlass';

/** That somebody outside the care team took access to a patient, for how long and why, and what reviewers made of it. */
@Entity('break_glass_grant')
@SealedRow<BreakGlassGrant>('break_glass_grant', { property: 'patientId' })
@Audited<BreakGlassGrant>({ type: 'breakGlass', patient: (grant) => grant.patientId })
@ObjectType({ description: 'Access somebody took in an emergency to a patient outside their care, for a while.' })
export class BreakGlassGrant {
  @Field(() => ID, { description: 'Names the grant; entries of accesses under it give it as their reason.' })
  @PrimaryColumn('uuid')
  id!: string;

  @Field(() => ID, { description: 'Whose record.' })
  @Column({ name: 'patient_id', type: 'uuid' })
  patientId!: string;

  @Column({ name: 'user_id', type: 'uuid' })
  userId!: string;

  @Field(() => BreakGlassReason, { description: 'Why, in one word.' })
  @Column({ type: 'text' })
  reason!: BreakGlassReason;

  @SealedColumn(text, { group: GROUP, meaning: 'Why the glass was broken' })
  text!: string;

  @Field(() => DateTime, { description: 'Since when.' })
  @Column({ name: 'started_at', type: 'timestamptz' })
  startedAt!: Date;

  @Field(() => DateTime, { description: 'When it ends by itself.' })
  @Column({ name: 'expires_at', type: 'timestamptz' })
  expiresAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it was ended before its time; null otherwise.' })
  @Column({ name: 'ended_at', type: 'timestamptz', nullable: true })
  endedAt!: Date | null;

  @Column({ type: 'text', nullable: true })
  verdict!: ReviewVerdict | null;

  @Column({ name: 'reviewed_by', type: 'uuid', nullable: true })
  reviewedBy!: string | null;

  @Column({ name: 'reviewed_at', type: 'timestamptz', nullable: true })
  reviewedAt!: Date | null;

  @SealedColumn(text, { group: GROUP, meaning: 'Note of a break-glass review', nullable: true })
  note!: string | null;

  /** True when the patient was erased: what was written of them opens no more. Not a column. */
  erased = false;
}
