import { IsOptional, Length, MaxLength } from 'class-validator';
import { Field, InputType } from 'type-graphql';
import { Id } from '../../graphql/input-fields';
import { LONGEST_ANSWER } from '../step-up.inputs';

/** Generous: these only bound the work. */
const LONGEST_PASSWORD_TEXT = 1000;
const LONGEST_TICKET = 200;
const LONGEST_CODE = 100;
const LONGEST_NAME = 60;

@InputType({ description: 'The second step of a sign-in: the ticket, and a code or a recovery code.' })
export class VerifyTotpInput {
  @Field(() => String, { description: 'What `signIn` answered in `extensions.ticket`.' })
  @MaxLength(LONGEST_TICKET)
  ticket!: string;

  @Field(() => String, { nullable: true, description: 'Six digits of the authenticator app.' })
  @IsOptional()
  @MaxLength(LONGEST_CODE)
  code?: string | null;

  @Field(() => String, { nullable: true, description: 'One of the recovery codes; used up.' })
  @IsOptional()
  @MaxLength(LONGEST_CODE)
  recoveryCode?: string | null;
}

@InputType({ description: 'Begins an enrolment.' })
export class EnrolTotpInput {
  @Field(() => String, { description: 'The password, again.' })
  @MaxLength(LONGEST_PASSWORD_TEXT)
  password!: string;
}

@InputType({ description: 'Ends an enrolment.' })
export class ConfirmTotpInput {
  @Field(() => String, { description: 'The first code of the authenticator app.' })
  @MaxLength(LONGEST_CODE)
  code!: string;
}

@InputType({ description: 'A passkey the browser has made.' })
export class RegisterPasskeyInput {
  @Field(() => String, { description: 'Name to tell it by, such as the device it lives on.' })
  @Length(1, LONGEST_NAME)
  name!: string;

  @Field(() => String, { description: 'The browser’s answer to `beginPasskey`, as JSON (WebAuthn Level 3, 5.1).' })
  @MaxLength(LONGEST_ANSWER)
  response!: string;
}

@InputType({ description: 'Another name for a passkey.' })
export class RenamePasskeyInput {
  @Id('Which passkey.')
  id!: string;

  @Field(() => String, { description: 'Name to tell it by.' })
  @Length(1, LONGEST_NAME)
  name!: string;
}

@InputType({ description: 'Which passkey to remove.' })
export class RemovePasskeyInput {
  @Id('Which passkey.')
  id!: string;
}

@InputType({ description: 'The proof of a passkey.' })
export class PasskeySignInInput {
  @Field(() => String, { description: 'The browser’s answer to `passkeySignIn`, as JSON (WebAuthn Level 3, 5.1).' })
  @MaxLength(LONGEST_ANSWER)
  response!: string;
}

@InputType({ description: 'Whose second factor to take away.' })
export class ResetSecondFactorInput {
  @Id('Which account.')
  id!: string;
}
