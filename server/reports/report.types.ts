import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { EntryProofs } from '../audit';
import { AuditEntry } from '../audit';
import { connectionTypes } from '../graphql/pagination';
import { DateTime } from '../graphql/scalars';

@ObjectType({ description: 'That an entry is in the log that a checkpoint speaks of (RFC 9162, inclusion proof).' })
export class ReportProof {
  @Field({ description: 'Which log: the first line of its checkpoint.' })
  origin!: string;

  @Field(() => Int, { description: 'Place of the entry in the tree of that log, from 0.' })
  place!: number;

  @Field(() => Int, { description: 'Entries in that tree.' })
  size!: number;

  @Field(() => [String], { description: 'Hashes from the leaf upwards, hex.' })
  path!: string[];
}

@ObjectType({ description: 'One access to, or change of, a patient’s record.' })
export class AccessReportRow {
  @Field(() => AuditEntry, { description: 'Who, when, what and why, as the log has it.' })
  entry!: AuditEntry;

  @Field({ description: 'True for an access in an emergency, by somebody who is not on the care team.' })
  emergency!: boolean;

  @Field(() => ReportProof, { nullable: true, description: 'Its proof; null for an entry of a part that was dropped.' })
  proof!: ReportProof | null;
}

@ObjectType({ description: 'One disclosure to somebody outside (45 CFR 164.528).' })
export class DisclosureRow {
  @Field(() => DateTime, { description: 'When.' })
  at!: Date;

  @Field({ description: 'To whom: a system by name; of paper, who printed it.' })
  recipient!: string;

  @Field(() => String, { nullable: true, description: 'Where that is, as far as the log knows: a network address.' })
  recipientAddress!: string | null;

  @Field(() => [String], { description: 'What was disclosed: column groups, by name.' })
  disclosed!: string[];

  @Field({ description: 'Purpose.' })
  purpose!: string;

  @Field(() => AuditEntry, { description: 'The entry that says so.' })
  entry!: AuditEntry;

  @Field(() => ReportProof, { nullable: true, description: 'Its proof; null for an entry of a part that was dropped.' })
  proof!: ReportProof | null;
}

/** What both reports say of themselves. */
@ObjectType()
export abstract class Report {
  @Field(() => ID, { description: 'Whose record it is about.' })
  patientId!: string;

  @Field(() => DateTime, { description: 'From when on.' })
  from!: Date;

  @Field(() => DateTime, { description: 'Until when, this moment not included.' })
  to!: Date;

  @Field(() => DateTime, { description: 'When it was made.' })
  madeAt!: Date;

  @Field({ description: 'By whom.' })
  madeBy!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The signed checkpoint it was made under (C2SP tlog-checkpoint); what came after is not in it.',
  })
  checkpoint!: string | null;

  /** All ids under which the log speaks of the patient. */
  patients!: readonly string[];
  /** False for whoever sees own patients only: then entries name nobody else. */
  whole!: boolean;
  /** What can be proven of it. */
  proofs!: EntryProofs;
}

@ObjectType({
  description: 'Who opened or changed a patient’s record, when, what of it, and why. Making it is an entry.',
})
export class AccessReport extends Report {}

@ObjectType({
  description:
    'Disclosures of a patient’s record to the outside, to be accounted for (45 CFR 164.528). Making it is an entry.',
})
export class DisclosureReport extends Report {}

export const { ConnectionType: AccessReportRowConnection } = connectionTypes(
  AccessReportRow,
  'AccessReportRow',
  'accesses',
);
export const { ConnectionType: DisclosureRowConnection } = connectionTypes(
  DisclosureRow,
  'DisclosureRow',
  'disclosures',
);
