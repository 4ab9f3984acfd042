import { IsEnum, IsOptional, Length, Matches, Max, MaxLength, Min } from 'class-validator';
import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';
import { Id, IdempotencyKey, OptionalId } from '../graphql/input-fields';
import { PageArgs } from '../graphql/pagination';
import { MRN } from '../patients';
import { BreakGlassReason, ReviewVerdict } from './break-glass.values';

/** Minutes of access: enough to act, and not a shift. */
export const minutes = { least: 5, usual: 30, most: 60 } as const;

@InputType({ description: 'Whose record to open in an emergency, by id or by record number, why, and for how long.' })
export class BreakGlassInput {
  @OptionalId('Which patient; or say the record number instead.')
  patientId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Exact medical record number instead of the id; the only way to a confidential patient.',
  })
  @IsOptional()
  @Matches(MRN, { message: 'mrn must be 3 to 32 letters, digits or hyphens' })
  mrn?: string | null;

  @Field(() => BreakGlassReason, { description: 'Why, in one word.' })
  @IsEnum(BreakGlassReason)
  reason!: BreakGlassReason;

  @Field(() => String, { description: 'Why, in 10 to 500 characters; kept sealed with the record and reviewed.' })
  @Length(10, 500)
  text!: string;

  @Field(() => Int, { nullable: true, description: 'For how many minutes: 5 to 60, 30 when nothing is said.' })
  @IsOptional()
  @Min(minutes.least)
  @Max(minutes.most)
  minutes?: number | null;

  @IdempotencyKey()
  idempotencyKey?: string | null;
}

@InputType({ description: 'Which of one’s own grants to end.' })
export class EndBreakGlassInput {
  @Id('Which grant.')
  id!: string;
}

@InputType({ description: 'What a reviewer makes of a grant that is over.' })
export class ReviewBreakGlassInput {
  @Id('Which grant; not one’s own.')
  id!: string;

  @Field(() => ReviewVerdict, { description: 'The verdict.' })
  @IsEnum(ReviewVerdict)
  verdict!: ReviewVerdict;

  @Field(() => String, { nullable: true, description: 'Why; needed to question. Kept sealed with the record.' })
  @IsOptional()
  @MaxLength(2000)
  note?: string | null;
}

@InputType({ description: 'Narrows a list of grants.' })
export class BreakGlassFilter {
  @Field(() => Boolean, { nullable: true, description: 'Only those reviewed, or only those over and not reviewed.' })
  reviewed?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Only those open now, or only those that are over.' })
  open?: boolean | null;

  @Field(() => ID, { nullable: true, description: 'Only grants on this patient.' })
  patientId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only grants of this person.' })
  userId?: string | null;
}

@ArgsType()
export class BreakGlassArgs extends PageArgs {
  @Field(() => BreakGlassFilter, { nullable: true, description: 'Narrows the list.' })
  filter?: BreakGlassFilter | null;
}
