import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionTypes } from '../graphql/pagination';
import { RoleEnum } from '../graphql/role';
import { DateTime } from '../graphql/scalars';
import type { Role } from '../graphql/context';

export enum AuditOutcome {
  OK = 'ok',
  REFUSED = 'refused',
  FAILED = 'failed',
}

export enum AuditActorKind {
  USER = 'user',
  CLIENT = 'client',
  SYSTEM = 'system',
  ANONYMOUS = 'anonymous',
}

enum State {
  VERIFIED = 'VERIFIED',
  CHECKING = 'CHECKING',
  BROKEN = 'BROKEN',
  UNVERIFIED = 'UNVERIFIED',
}

registerEnumType(AuditOutcome, { name: 'AuditOutcome', description: 'Whether it was done, refused, or failed.' });
registerEnumType(AuditActorKind, {
  name: 'AuditActorKind',
  description: 'A person, another system (API client), this system itself, or nobody known.',
});
registerEnumType(State, {
  name: 'LogState',
  description: 'What is known of the log: verified, being checked, broken, never checked.',
});

@ObjectType({ description: 'Who did it.' })
export class AuditActor {
  @Field(() => AuditActorKind, { description: 'A person, another system, this system, or nobody known.' })
  kind!: AuditActorKind;

  @Field(() => ID, { nullable: true, description: 'Account of a person, or the API client.' })
  id!: string | null;

  @Field(() => RoleEnum, { nullable: true, description: 'Role at that moment.' })
  role!: Role | null;

  @Field(() => String, { nullable: true, description: 'Name of the account or API client today.' })
  name!: string | null;
}

@ObjectType({ description: 'What it was done to.' })
export class AuditTarget {
  @Field({ description: 'Kind of thing: patient, visit, treatment, careTeam, user, session.' })
  type!: string;

  @Field(() => ID, { nullable: true, description: 'Which one.' })
  id!: string | null;
}

@ObjectType({
  description: 'One entry of the audit log: an access, a change, a refusal. It holds no patient data values.',
})
export class AuditEntry {
  @Field(() => Int, { description: 'Place in the log, from 0, without gaps.' })
  index!: number;

  @Field(() => DateTime, { description: 'When it happened.' })
  at!: Date;

  @Field(() => AuditActor, { description: 'Who did it.' })
  actor!: AuditActor;

  @Field({ description: 'What was done: read, create, update, sign-in, …' })
  action!: string;

  @Field(() => AuditOutcome, { description: 'Whether it was done.' })
  outcome!: AuditOutcome;

  @Field(() => String, { nullable: true, description: 'Name of the GraphQL operation or command.' })
  operation!: string | null;

  @Field(() => [ID], {
    description: 'Patients concerned; of what others did, to whoever sees own patients only, just those.',
  })
  patients!: string[];

  @Field(() => AuditTarget, { nullable: true, description: 'What it was done to.' })
  target!: AuditTarget | null;

  @Field(() => [String], { description: 'Columns changed or column groups opened, by name.' })
  fields!: string[];

  @Field(() => String, { nullable: true, description: 'Purpose of use.' })
  purpose!: string | null;

  @Field(() => String, { nullable: true, description: 'Reason given, for acts of staff administration.' })
  reason!: string | null;

  @Field(() => String, { nullable: true, description: 'Request it belongs to; errors carry the same id.' })
  requestId!: string | null;

  @Field(() => String, { nullable: true, description: 'Address the request came from.' })
  ip!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The exact bytes that were hashed: canonical JSON (RFC 8785). Null where they name patients whom this person may not see.',
  })
  canonical!: string | null;

  @Field({ description: 'SHA-256(00 ‖ bytes), hex.' })
  leafHash!: string;

  @Field({ description: 'SHA-256(02 ‖ previous chain hash ‖ leaf hash), hex.' })
  chainHash!: string;
}

@ObjectType({ description: 'The state of the audit log.' })
export class AuditLogStatus {
  @Field(() => Int, { description: 'Sealed entries.' })
  size!: number;

  @Field({ description: 'Root of the Merkle tree over them, hex.' })
  root!: string;

  @Field(() => String, { nullable: true, description: 'Newest signed checkpoint (C2SP tlog-checkpoint).' })
  checkpoint!: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was signed; a log at rest is signed again.' })
  checkpointAt!: Date | null;

  @Field(() => Int, { nullable: true, description: 'Entries in the newest checkpoint that witnesses have signed too.' })
  cosignedSize!: number | null;

  @Field(() => DateTime, { nullable: true, description: 'When they had signed it.' })
  cosignedAt!: Date | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Entries in the newest checkpoint an authority has time-stamped (RFC 3161).',
  })
  timeStampedSize!: number | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was stamped, by the authority’s clock.' })
  timeStampedAt!: Date | null;

  @Field(() => Int, { description: 'Entries committed but not sealed yet.' })
  pending!: number;

  @Field(() => Int, { description: 'Entries that verified, counted from the first.' })
  verifiedTo!: number;

  @Field(() => DateTime, { nullable: true, description: 'When the last verification ended.' })
  verifiedAt!: Date | null;

  @Field(() => State, { description: 'What is known of the log.' })
  state!: string;

  @Field(() => Int, { nullable: true, description: 'Index of the first entry that does not verify, when broken.' })
  brokenAt!: number | null;

  @Field(() => String, { nullable: true, description: 'What was expected and what was found there, in words.' })
  finding!: string | null;
}

@ObjectType({ description: 'That an entry is in the log a signed checkpoint speaks of (RFC 9162, inclusion proof).' })
export class AuditProof {
  @Field(() => Int, { description: 'Place of the entry.' })
  index!: number;

  @Field(() => Int, {
    description:
      'Place of its leaf in the tree, from 0: entries are numbered through, each shard of the log has a tree of its own.',
  })
  leafIndex!: number;

  @Field({ description: 'SHA-256(00 ‖ bytes of the entry), hex.' })
  leafHash!: string;

  @Field(() => Int, { description: 'Entries in the tree of the checkpoint.' })
  size!: number;

  @Field({ description: 'Root of that tree, hex.' })
  root!: string;

  @Field(() => [String], { description: 'Hashes from the leaf upwards, hex.' })
  path!: string[];

  @Field({ description: 'The signed checkpoint (C2SP tlog-checkpoint).' })
  checkpoint!: string;
}

@ObjectType({ description: 'That the log of one size goes on from that of another (RFC 9162, consistency proof).' })
export class AuditConsistency {
  @Field(() => Int, { description: 'Entries of the earlier log.' })
  from!: number;

  @Field({ description: 'Root of the earlier log, hex.' })
  fromRoot!: string;

  @Field(() => Int, { description: 'Entries of the later log.' })
  to!: number;

  @Field({ description: 'Root of the later log, hex.' })
  toRoot!: string;

  @Field(() => [String], { description: 'Hashes of the proof, hex.' })
  path!: string[];
}

export const { ConnectionType: AuditEntryConnection } = connectionTypes(AuditEntry, 'AuditEntry', 'audit entries');
