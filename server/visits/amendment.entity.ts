import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Audited } from '../audit';
import { json, text } from '../crypto/codec';
import { SealedColumn, SealedRow } from '../database/sealed-column';
import { DateTime } from '../graphql/scalars';
import { VisitVersion, type StoredVersion } from './visit-version';

/** What a closed visit was before it was amended, who amended it, when and why. Appended, never overwritten. */
@Entity('visit_amendment')
@SealedRow<VisitAmendment>('visit_amendment', { property: 'patientId' })
@Audited<VisitAmendment>({ type: 'visitAmendment', patient: (amendment) => amendment.patientId })
@ObjectType({
  description: 'What a closed visit was before it was amended, and who amended it when; never overwritten.',
})
export class VisitAmendment {
  @Field(() => ID, { description: 'Unique among amendments.' })
  @PrimaryColumn('uuid')
  id!: string;

  /** Under whose data key it is sealed: whose visit it was at the time. It is found by its visit. */
  @Column({ name: 'patient_id', type: 'uuid' })
  patientId!: string;

  @Column({ name: 'visit_id', type: 'uuid' })
  visitId!: string;

  @Column({ name: 'author_id', type: 'uuid', nullable: true })
  authorId!: string | null;

  @Field(() => Int, { description: 'Version of the visit that was replaced.' })
  @Column({ type: 'integer' })
  version!: number;

  @Field(() => DateTime, { description: 'When it was amended.' })
  @Column({ type: 'timestamptz' })
  at!: Date;

  @Field(() => String, { nullable: true, description: 'Why; null when an import brought what its source says now.' })
  @SealedColumn(text, { group: 'amendments', meaning: 'Reason of the amendment', nullable: true })
  reason!: string | null;

  @SealedColumn(json<StoredVersion>(), { group: 'amendments', column: 'before', meaning: 'The visit before it' })
  stored!: StoredVersion;

  @Field(() => VisitVersion, { description: 'The visit as it was until then.' })
  get before(): VisitVersion {
    return VisitVersion.read(this.stored);
  }
}
