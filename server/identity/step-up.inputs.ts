import { MaxLength } from 'class-validator';
import { Field, InputType } from 'type-graphql';

/** Generous: it only bounds the work. */
const LONGEST_PASSWORD_TEXT = 1000;

@InputType({ description: 'The password, once more.' })
export class StepUpInput {
  @Field(() => String, { description: 'The password that holds now.' })
  @MaxLength(LONGEST_PASSWORD_TEXT)
  password!: string;
}
