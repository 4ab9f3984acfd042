import { IsEnum, IsOptional, IsUUID, MaxLength, Min, ValidateNested } from 'class-validator';
import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';
import { Id } from '../graphql/input-fields';
import { PageArgs } from '../graphql/pagination';
import { SnoopingRule, SnoopingStatus, SnoopingVerdict } from './snooping.values';

@InputType({ description: 'Narrows the findings; what is given must all hold.' })
export class SnoopingFilter {
  @Field(() => SnoopingStatus, { nullable: true, description: 'Only where they stand so.' })
  status?: SnoopingStatus | null;

  @Field(() => SnoopingRule, { nullable: true, description: 'Only of this rule.' })
  rule?: SnoopingRule | null;

  @Field(() => ID, { nullable: true, description: 'Only about what this person did.' })
  @IsOptional()
  @IsUUID()
  personId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only about this patient’s record.' })
  @IsOptional()
  @IsUUID()
  patientId?: string | null;
}

@ArgsType()
export class SnoopingArgs extends PageArgs {
  @Field(() => SnoopingFilter, { nullable: true, description: 'Narrows the list.' })
  @IsOptional()
  @ValidateNested()
  filter?: SnoopingFilter | null;
}

@InputType({ description: 'What a reviewer makes of a finding.' })
export class ReviewSnoopingInput {
  @Id('Which finding; not one about oneself.')
  id!: string;

  @Field(() => Int, {
    description: 'The version that was looked at: a finding that has grown since is looked at again.',
  })
  @Min(1)
  expectedVersion!: number;

  @Field(() => SnoopingVerdict, { description: 'The verdict.' })
  @IsEnum(SnoopingVerdict)
  verdict!: SnoopingVerdict;

  @Field(() => String, {
    nullable: true,
    description:
      'Why; needed for MISUSE. Kept sealed with the record, or with staff data where no one patient is meant.',
  })
  @IsOptional()
  @MaxLength(2000)
  note?: string | null;
}
