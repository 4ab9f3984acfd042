import { registerEnumType } from 'type-graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Audited } from '../audit';
import { text } from '../crypto/codec';
import { SealedColumn, SealedRow } from '../database/sealed-column';

/** As what somebody is on a care team. */
export enum CareRole {
  ATTENDING = 'ATTENDING',
  CONSULTING = 'CONSULTING',
  NURSING = 'NURSING',
  COVERING = 'COVERING',
  OTHER = 'OTHER',
}
registerEnumType(CareRole, {
  name: 'CareRole',
  description: 'As what somebody is on a care team; what they may do hangs on their role in the hospital.',
  valuesConfig: {
    ATTENDING: { description: 'Bears the responsibility.' },
    CONSULTING: { description: 'Was asked for advice.' },
    NURSING: { description: 'Nurses.' },
    COVERING: { description: 'Stands in for a colleague.' },
    OTHER: { description: 'Anything else.' },
  },
});

/**
 * A person's place on a patient's care team, from a moment to another or open. A place that is over stays as history; who
 * is on a team now says the view `care_team_now`.
 */
@Entity('care_team_member')
@SealedRow<CareTeamPlace>('care_team_member', { property: 'patientId' })
@Audited<CareTeamPlace>({ type: 'careTeam', patient: (place) => place.patientId })
export class CareTeamPlace {
  @PrimaryColumn('uuid')
  id!: string;

  @Column({ name: 'patient_id', type: 'uuid' })
  patientId!: string;

  @Column({ name: 'user_id', type: 'uuid' })
  userId!: string;

  @Column({ type: 'timestamptz' })
  since!: Date;

  /** When the place ends, or ended; null: open. */
  @Column({ type: 'timestamptz', nullable: true })
  until!: Date | null;

  @Column({ name: 'care_role', type: 'text', nullable: true })
  careRole!: CareRole | null;

  @Column({ name: 'added_by', type: 'uuid', nullable: true })
  addedBy!: string | null;

  /** Who ended it before its time. */
  @Column({ name: 'closed_by', type: 'uuid', nullable: true })
  closedBy!: string | null;

  @SealedColumn(text, { group: 'careTeam', meaning: 'Reason of a place on the care team', nullable: true })
  reason!: string | null;
}
