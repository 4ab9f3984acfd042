import { IsEmail, IsEnum, IsOptional, Length, MaxLength, ValidateNested } from 'class-validator';
import { ArgsType, Field, InputType } from 'type-graphql';
import { ExpectedVersion, Id, IdempotencyKey } from '../graphql/input-fields';
import { Address } from '../graphql/address';
import type { Role } from '../graphql/context';
import { PageArgs } from '../graphql/pagination';
import { RoleEnum } from '../graphql/role';

/** Longest e-mail address (RFC 5321, 4.5.3.1.3). */
const LONGEST_EMAIL = 254;
const LONGEST_NAME = 200;
/** Generous: the rules count characters, this only bounds the work. */
const LONGEST_PASSWORD_TEXT = 1000;
/** The ledger keeps it in clear, for administration of staff only. */
const LONGEST_REASON = 200;

@InputType({ description: 'E-mail and password.' })
export class SignInInput {
  @Field(() => String, { description: 'Address of the account, in any case.' })
  @MaxLength(LONGEST_EMAIL)
  email!: string;

  @Field(() => String, { description: 'The password.' })
  @MaxLength(LONGEST_PASSWORD_TEXT)
  password!: string;
}

@InputType({ description: 'The old password and the new one.' })
export class ChangePasswordInput {
  @Field(() => String, { description: 'The password that holds now.' })
  @MaxLength(LONGEST_PASSWORD_TEXT)
  currentPassword!: string;

  @Field(() => String, { description: 'The password from now on: 8 to 128 characters.' })
  @MaxLength(LONGEST_PASSWORD_TEXT)
  newPassword!: string;
}

@InputType({ description: 'Which session to end.' })
export class EndSessionInput {
  @Id('Which session.')
  id!: string;
}

@InputType({
  description: 'Accepts a one-time set-up or reset link. The first admin’s link also asks for e-mail and name.',
})
export class AcceptInviteInput {
  @Field(() => String, { description: 'The part of the link after #.' })
  @MaxLength(100)
  token!: string;

  @Field(() => String, { description: 'The password from now on: 8 to 128 characters.' })
  @MaxLength(LONGEST_PASSWORD_TEXT)
  password!: string;

  @Field(() => String, { nullable: true, description: 'Address to sign in with; for the first admin’s link only.' })
  @IsOptional()
  @IsEmail()
  @MaxLength(LONGEST_EMAIL)
  email?: string | null;

  @Field(() => String, { nullable: true, description: 'Name as shown to colleagues; for the first admin’s link only.' })
  @IsOptional()
  @Length(1, LONGEST_NAME)
  name?: string | null;
}

@InputType({ description: 'A new account. Its owner sets the password through the link that comes back.' })
export class CreateUserInput {
  @Field(() => String, { description: 'Address to sign in with; no two accounts share one.' })
  @IsEmail()
  @MaxLength(LONGEST_EMAIL)
  email!: string;

  @Field(() => String, { description: 'Name as shown to colleagues.' })
  @Length(1, LONGEST_NAME)
  name!: string;

  @Field(() => RoleEnum, { description: 'What the person is in the hospital.' })
  @IsEnum(RoleEnum)
  role!: Role;

  @Field(() => Address, {
    nullable: true,
    description: 'Home address, so that looking at people at home there shows; kept sealed.',
  })
  @IsOptional()
  @ValidateNested()
  address?: Address | null;

  @IdempotencyKey()
  idempotencyKey?: string | null;
}

@InputType({ description: 'Changes to an account. Fields left out stay as they are.' })
export class UpdateUserInput {
  @Id('Which account.')
  id!: string;

  @ExpectedVersion()
  expectedVersion!: number;

  @Field(() => String, { nullable: true, description: 'Name as shown to colleagues.' })
  @IsOptional()
  @Length(1, LONGEST_NAME)
  name?: string | null;

  @Field(() => Address, {
    nullable: true,
    description: 'Home address, so that looking at people at home there shows; kept sealed.',
  })
  @IsOptional()
  @ValidateNested()
  address?: Address | null;

  @Field(() => RoleEnum, {
    nullable: true,
    description: 'Another role; ends the person’s sessions and wants a reason.',
  })
  @IsOptional()
  @IsEnum(RoleEnum)
  role?: Role | null;

  @Field(() => String, { nullable: true, description: 'Why the role changes; kept in the audit log. Name no patient.' })
  @IsOptional()
  @Length(3, LONGEST_REASON)
  reason?: string | null;
}

@InputType({ description: 'Which account to deactivate, and why.' })
export class DeactivateUserInput {
  @Id('Which account.')
  id!: string;

  @ExpectedVersion()
  expectedVersion!: number;

  @Field(() => String, { description: 'Why; kept in the audit log. Name no patient.' })
  @Length(3, LONGEST_REASON)
  reason!: string;
}

@InputType({ description: 'Which account to open again, and why.' })
export class ReactivateUserInput extends DeactivateUserInput {}

@InputType({ description: 'Whose password to reset.' })
export class ResetPasswordInput {
  @Id('Which account.')
  id!: string;
}

@InputType({ description: 'Narrows a list of accounts.' })
export class UserFilter {
  @Field(() => RoleEnum, { nullable: true, description: 'Only this role.' })
  @IsOptional()
  @IsEnum(RoleEnum)
  role?: Role | null;

  @Field(() => Boolean, { nullable: true, description: 'Only active, or only deactivated accounts.' })
  active?: boolean | null;
}

@ArgsType()
export class UsersArgs extends PageArgs {
  @Field(() => UserFilter, { nullable: true, description: 'Narrows the list.' })
  @IsOptional()
  @ValidateNested()
  filter?: UserFilter | null;
}
