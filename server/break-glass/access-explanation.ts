import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime } from '../graphql/scalars';
import { StaffMember } from '../identity';

/** Why somebody may or may not open a record. */
export enum AccessReasonKind {
  ROLE = 'ROLE',
  CARE_TEAM = 'CARE_TEAM',
  BREAK_GLASS = 'BREAK_GLASS',
  NOT_CONFIDENTIAL = 'NOT_CONFIDENTIAL',
  ROLE_LACKS_RECORDS = 'ROLE_LACKS_RECORDS',
  NOT_ON_CARE_TEAM = 'NOT_ON_CARE_TEAM',
}
registerEnumType(AccessReasonKind, {
  name: 'AccessReasonKind',
  description: 'Why somebody may or may not open a record.',
  valuesConfig: {
    ROLE: { description: 'May: the role reaches every record.' },
    CARE_TEAM: { description: 'May: on the care team.' },
    BREAK_GLASS: { description: 'May: the glass is broken.' },
    NOT_CONFIDENTIAL: {
      description: 'May: this clinic has no care-team condition, and the patient is not confidential.',
    },
    ROLE_LACKS_RECORDS: { description: 'May not: the role opens no records.' },
    NOT_ON_CARE_TEAM: { description: 'May not: the patient is in the care of others.' },
  },
});

@ObjectType({ description: 'One reason for or against, and for how long it holds.' })
export class AccessReason {
  @Field(() => AccessReasonKind, { description: 'Which.' })
  kind!: AccessReasonKind;

  @Field(() => DateTime, { nullable: true, description: 'Since when; null where it has no beginning.' })
  since!: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'Until when; null where it is open.' })
  until!: Date | null;
}

@ObjectType({ description: 'Whether one may open a patient’s record, why, and what would help.' })
export class AccessExplanation {
  @Field(() => ID, { description: 'Whose record.' })
  patientId!: string;

  @Field(() => Boolean, { description: 'Whether one may open it now.' })
  allowed!: boolean;

  @Field(() => [AccessReason], { description: 'Why, or why not.' })
  because!: AccessReason[];

  @Field(() => Boolean, { description: 'Whether `breakGlass` would open it.' })
  mayBreakGlass!: boolean;

  @Field(() => [StaffMember], {
    description: 'Who can put one on the care team: members of it and administrators; empty for who needs nobody.',
  })
  grantedBy!: StaffMember[];
}
