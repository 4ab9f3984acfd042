import { Field, ObjectType } from 'type-graphql';
import { DateTime } from '../graphql/scalars';
import { StaffMember } from '../identity';
import { ReviewVerdict } from './break-glass.values';

@ObjectType({ description: 'What a reviewer made of access taken in an emergency.' })
export class BreakGlassReview {
  @Field(() => ReviewVerdict, { description: 'The verdict.' })
  verdict!: ReviewVerdict;

  @Field(() => StaffMember, { description: 'Who reviewed it.' })
  by!: StaffMember;

  @Field(() => DateTime, { description: 'When.' })
  at!: Date;

  @Field(() => String, { nullable: true, description: 'What the reviewer noted.' })
  note!: string | null;
}
