import { Field, ObjectType } from 'type-graphql';
import { privately } from '../database/sealed-column';
import { DateTime } from '../graphql/scalars';
import { VisitStatus, VisitType, Vitals, type Visit } from './visit.entity';

/** What an amendment may replace, and who had written it when: times as RFC 3339. */
export interface StoredVersion {
  type: VisitType;
  status: VisitStatus;
  startedAt: string;
  endedAt: string | null;
  attendingId: string | null;
  reason: string | null;
  notes: string | null;
  diagnosis: string | null;
  vitals: Vitals | null;
  writtenAt: string;
  writtenBy: string | null;
}

/** The visit as it stands, to be kept. Nobody is shown it, so the log does not list it as opened. */
export function versionOf(visit: Visit): StoredVersion {
  return privately(() => ({
    type: visit.type,
    status: visit.status,
    startedAt: visit.startedAt.toISOString(),
    endedAt: visit.endedAt?.toISOString() ?? null,
    attendingId: visit.attendingId,
    reason: visit.reason,
    notes: visit.notes,
    diagnosis: visit.diagnosis,
    vitals: visit.vitals,
    writtenAt: visit.updatedAt.toISOString(),
    writtenBy: visit.updatedBy,
  }));
}

@ObjectType({ description: 'A visit as it was until it was amended.' })
export class VisitVersion {
  @Field(() => VisitType, { description: 'Where and how.' })
  type!: VisitType;

  @Field(() => VisitStatus, { description: 'How far it had come.' })
  status!: VisitStatus;

  @Field(() => DateTime, { description: 'When it began.' })
  startedAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it ended.' })
  endedAt!: Date | null;

  attendingId!: string | null;

  @Field(() => String, { nullable: true, description: 'Why the patient came.' })
  reason!: string | null;

  @Field(() => String, { nullable: true, description: 'Notes of the visit.' })
  notes!: string | null;

  @Field(() => String, { nullable: true, description: 'Diagnosis made at the visit.' })
  diagnosis!: string | null;

  @Field(() => Vitals, { nullable: true, description: 'Vital signs.' })
  vitals!: Vitals | null;

  @Field(() => DateTime, { description: 'When it was written so.' })
  writtenAt!: Date;

  writtenById!: string | null;

  static read({ startedAt, endedAt, writtenAt, writtenBy, ...rest }: StoredVersion): VisitVersion {
    return Object.assign(new VisitVersion(), rest, {
      startedAt: new Date(startedAt),
      endedAt: endedAt === null ? null : new Date(endedAt),
      writtenAt: new Date(writtenAt),
      writtenById: writtenBy,
    });
  }
}
