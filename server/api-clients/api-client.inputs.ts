import { ArrayMaxSize, ArrayMinSize, IsOptional, IsUUID, Length, Max, MaxLength, Min } from 'class-validator';
import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';
import { ExpectedVersion, Id, OptionalId } from '../graphql/input-fields';
import { PageArgs } from '../graphql/pagination';

const LONGEST_NAME = 100;
const LONGEST_SCOPE = 300;
const MOST_SCOPES = 20;
/** Patients of a list; it is read at every request of the client. */
const MOST_PATIENTS = 1_000;
/** A public key of RSA 4096 as JSON has some 800 characters. */
const LONGEST_KEY = 4_000;
const MOST_REQUESTS = 60_000;
const MOST_COST = 10_000_000;

/** What may be given for a client, new or changed. */
@InputType()
abstract class AllowanceFields {
  @Field(() => [ID], {
    nullable: true,
    description: 'The only patients it may touch, confidential ones too; null: all who are not confidential.',
  })
  @IsOptional()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_PATIENTS)
  @IsUUID(undefined, { each: true })
  patientIds?: string[] | null;

  @Field(() => Int, { nullable: true, description: 'Requests in a minute, 1 to 60,000 (at first 600).' })
  @IsOptional()
  @Min(1)
  @Max(MOST_REQUESTS)
  requestsPerMinute?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Cost of documents in a minute, 1 to 10,000,000 (at first 200,000).',
  })
  @IsOptional()
  @Min(1)
  @Max(MOST_COST)
  costPerMinute?: number | null;
}

const scopesAre =
  'What it may do: scopes of `apiScopes`, each whole or narrowed, such as `patient.read:name,birthDate`.';

@InputType({ description: 'Another system that shall be able to ask, and how much.' })
export class CreateApiClientInput extends AllowanceFields {
  @Field(() => String, { description: 'What people call it.' })
  @Length(1, LONGEST_NAME)
  name!: string;

  @Field(() => [String], { description: scopesAre })
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_SCOPES)
  @MaxLength(LONGEST_SCOPE, { each: true })
  scopes!: string[];

  @Field(() => String, {
    nullable: true,
    description: 'Public key (JWK as JSON, RFC 7517) it signs with (private_key_jwt); left out: it gets a secret.',
  })
  @IsOptional()
  @MaxLength(LONGEST_KEY)
  publicKey?: string | null;
}

@InputType({ description: 'Changes to an API client. Fields left out stay as they are.' })
export class UpdateApiClientInput extends AllowanceFields {
  @Id('Which API client.')
  id!: string;

  @ExpectedVersion()
  expectedVersion!: number;

  @Field(() => String, { nullable: true, description: 'What people call it.' })
  @IsOptional()
  @Length(1, LONGEST_NAME)
  name?: string | null;

  @Field(() => [String], { nullable: true, description: scopesAre })
  @IsOptional()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_SCOPES)
  @MaxLength(LONGEST_SCOPE, { each: true })
  scopes?: string[] | null;
}

@InputType({
  description: 'Which API client gets a further secret or key; the one before stays good until it is revoked.',
})
export class RotateApiClientSecretInput {
  @Id('Which API client.')
  id!: string;

  @Field(() => String, { nullable: true, description: 'A further public key (JWK as JSON) instead of a secret.' })
  @IsOptional()
  @MaxLength(LONGEST_KEY)
  publicKey?: string | null;
}

@InputType({ description: 'Which API client, or which of its secrets alone, is to be worth nothing from now on.' })
export class RevokeApiClientInput {
  @Id('Which API client.')
  id!: string;

  @OptionalId('Only this secret or key of it; left out: the client with all of them.')
  credentialId?: string | null;
}

@ArgsType()
export class ApiClientsArgs extends PageArgs {}
