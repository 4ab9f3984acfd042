import { Field, Int, ObjectType } from 'type-graphql';
import { PasskeyView } from './passkey.entity';

@ObjectType({ description: 'One’s own second factors.' })
export class SecondFactor {
  @Field(() => Boolean, { description: 'An authenticator app is set up.' })
  totp!: boolean;

  @Field(() => [PasskeyView], { description: 'One’s passkeys, oldest first.' })
  passkeys!: PasskeyView[];

  @Field(() => Int, { description: 'Recovery codes that are not used yet.' })
  recoveryCodesLeft!: number;

  @Field(() => Boolean, {
    description: 'One’s role wants a second factor: without one, the account may do nothing but set one up.',
  })
  required!: boolean;
}

@ObjectType({ description: 'A begun enrolment of an authenticator app; shown once, good for a quarter of an hour.' })
export class TotpEnrolment {
  @Field(() => String, { description: 'The secret in base32, for typing in.' })
  secret!: string;

  @Field(() => String, { description: 'The otpauth address, for the QR code.' })
  uri!: string;
}

@ObjectType({ description: 'One-time codes for whoever has lost the second factor; shown once.' })
export class RecoveryCodesPayload {
  @Field(() => [String], { description: 'Ten codes. They cannot be shown again.' })
  recoveryCodes!: string[];
}

@ObjectType({ description: 'A passkey that was registered.' })
export class RegisterPasskeyPayload {
  @Field(() => PasskeyView, { description: 'The passkey.' })
  passkey!: PasskeyView;

  @Field(() => [String], {
    nullable: true,
    description: 'Ten recovery codes, shown once; null when the account had some already.',
  })
  recoveryCodes!: string[] | null;
}
