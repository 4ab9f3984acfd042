import { IsOptional, MaxLength } from 'class-validator';
import { Field, InputType } from 'type-graphql';

/** Generous: these only bound the work. */
const LONGEST_PASSWORD_TEXT = 1000;
const LONGEST_CODE = 100;
export const LONGEST_ANSWER = 20_000;

@InputType({ description: 'One more proof: the second factor of an account that has one, else the password.' })
export class StepUpInput {
  @Field(() => String, { nullable: true, description: 'The password, for an account without a second factor.' })
  @IsOptional()
  @MaxLength(LONGEST_PASSWORD_TEXT)
  password?: string | null;

  @Field(() => String, { nullable: true, description: 'A code of the authenticator app.' })
  @IsOptional()
  @MaxLength(LONGEST_CODE)
  code?: string | null;

  @Field(() => String, { nullable: true, description: 'A recovery code; used up.' })
  @IsOptional()
  @MaxLength(LONGEST_CODE)
  recoveryCode?: string | null;

  @Field(() => String, { nullable: true, description: 'The browser’s answer to `passkeyProof`, as JSON.' })
  @IsOptional()
  @MaxLength(LONGEST_ANSWER)
  passkey?: string | null;
}
