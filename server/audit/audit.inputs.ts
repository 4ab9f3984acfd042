import { ArrayMaxSize, IsDate, IsEnum, IsOptional, IsUUID, MaxLength, Min, ValidateNested } from 'class-validator';
import { ArgsType, Field, ID, InputType, Int, registerEnumType } from 'type-graphql';
import { RoleEnum } from '../graphql/role';
import { DateTime } from '../graphql/scalars';
import type { Role } from '../graphql/context';
import { PageArgs } from '../graphql/pagination';
import { AuditOutcome } from './audit.types';

/** By what the log can be sorted; entries alike in it follow by their place in the log. */
export enum AuditOrderField {
  INDEX = 'INDEX',
  AT = 'AT',
  ACTOR = 'ACTOR',
  ROLE = 'ROLE',
  ACTION = 'ACTION',
  OUTCOME = 'OUTCOME',
  OPERATION = 'OPERATION',
  TARGET_TYPE = 'TARGET_TYPE',
  PURPOSE = 'PURPOSE',
  IP = 'IP',
  REQUEST = 'REQUEST',
}

export enum OrderDirection {
  ASC = 'ASC',
  DESC = 'DESC',
}

registerEnumType(AuditOrderField, {
  name: 'AuditOrderField',
  description:
    'By what the audit log is sorted. INDEX is its own order; ACTOR keeps the entries of one account together.',
});
registerEnumType(OrderDirection, { name: 'OrderDirection', description: 'Smallest or largest first.' });

@InputType({ description: 'How the audit log is sorted.' })
export class AuditOrder {
  @Field(() => AuditOrderField, { description: 'By what.' })
  @IsEnum(AuditOrderField)
  field!: AuditOrderField;

  @Field(() => OrderDirection, {
    description: 'Which way. Ascending shows the newest first among entries alike, descending is the exact reverse.',
  })
  @IsEnum(OrderDirection)
  direction!: OrderDirection;
}

/** An element an entry must have, as text. */
function Element(description: string): PropertyDecorator {
  return (prototype, property) => {
    Field(() => String, { nullable: true, description })(prototype, property);
    IsOptional()(prototype, property);
    MaxLength(100)(prototype, property);
  };
}

/** A place in the log. */
function Place(description: string): PropertyDecorator {
  return (prototype, property) => {
    Field(() => Int, { nullable: true, description })(prototype, property);
    IsOptional()(prototype, property);
    Min(0)(prototype, property);
  };
}

/** Actions asked for at once at most. */
const MOST_ACTIONS = 20;

@InputType({ description: 'Narrows the audit log; what is given must all hold.' })
export class AuditFilter {
  @Field(() => ID, { nullable: true, description: 'Only what this person did.' })
  @IsOptional()
  @IsUUID()
  actorId?: string | null;

  @Field(() => RoleEnum, { nullable: true, description: 'Only what somebody in this role did, as it was then.' })
  role?: Role | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Only what concerns this patient, also under records merged into this one.',
  })
  @IsOptional()
  @IsUUID()
  patientId?: string | null;

  @Element('Only this action.')
  action?: string | null;

  @Field(() => [String], { nullable: true, description: 'Only these actions, 1 to 20.' })
  @IsOptional()
  @ArrayMaxSize(MOST_ACTIONS)
  @MaxLength(100, { each: true })
  actions?: string[] | null;

  @Field(() => AuditOutcome, { nullable: true, description: 'Only this outcome.' })
  outcome?: AuditOutcome | null;

  @Element('Only this GraphQL operation or command, by name.')
  operation?: string | null;

  @Element('Only what was done to this kind of thing: patient, visit, treatment, careTeam, user, session.')
  targetType?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only what was done to this thing.' })
  @IsOptional()
  @IsUUID()
  targetId?: string | null;

  @Element('Only where this column was changed or this column group opened.')
  field?: string | null;

  @Element('Only this purpose of use: treatment, oversight, emergency, operations.')
  purpose?: string | null;

  @Element('Only this request, by the id that errors carry.')
  requestId?: string | null;

  @Element('Only requests from this address.')
  ip?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'At or after.' })
  @IsOptional()
  @IsDate()
  from?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'Before.' })
  @IsOptional()
  @IsDate()
  to?: Date | null;

  @Place('At or after this place in the log.')
  fromIndex?: number | null;

  @Place('Before this place in the log.')
  toIndex?: number | null;
}

@ArgsType()
export class AuditEntriesArgs extends PageArgs {
  @Field(() => AuditFilter, { nullable: true, description: 'Narrows the log.' })
  @IsOptional()
  @ValidateNested()
  filter?: AuditFilter | null;

  @Field(() => AuditOrder, { nullable: true, description: 'Newest first when nothing is said.' })
  @IsOptional()
  @ValidateNested()
  orderBy?: AuditOrder | null;
}
