import { Field, ObjectType } from 'type-graphql';
import { DateTime } from '../graphql/scalars';
import { StaffMember } from '../identity';
import { SnoopingVerdict } from './snooping.values';

@ObjectType({ description: 'What a reviewer made of a finding.' })
export class SnoopingReview {
  @Field(() => SnoopingVerdict, { description: 'The verdict.' })
  verdict!: SnoopingVerdict;

  @Field(() => StaffMember, { description: 'Who reviewed it.' })
  by!: StaffMember;

  @Field(() => DateTime, { description: 'When.' })
  at!: Date;

  @Field(() => String, { nullable: true, description: 'What the reviewer noted; null once the patient was erased.' })
  note!: string | null;
}
