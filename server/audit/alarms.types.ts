import { IsUUID, Length } from 'class-validator';
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime } from '../graphql/scalars';
import type { AlarmKind } from './alarms';
import { AuditActor } from './audit.types';

enum Kind {
  BROKEN = 'BROKEN',
  CLOCK = 'CLOCK',
  VANISHED = 'VANISHED',
  STALE = 'STALE',
  BACKLOG = 'BACKLOG',
}

registerEnumType(Kind, {
  name: 'LogAlarmKind',
  description:
    'What is wrong with the log: it does not verify; a clock was set back; an entry vanished before it was sealed; ' +
    'nothing newer is signed; entries wait too long to be sealed.',
});

@ObjectType({ description: 'An alarm of the audit log. It holds no patient data.' })
export class LogAlarm {
  @Field(() => ID, { description: 'Which one.' })
  id!: string;

  @Field(() => Kind, { description: 'What is wrong.' })
  kind!: AlarmKind;

  @Field({ description: 'What was found, in words.' })
  finding!: string;

  @Field(() => Int, { nullable: true, description: 'Entry it is about.' })
  entryIndex!: number | null;

  @Field(() => String, { nullable: true, description: 'Request it is about.' })
  requestId!: string | null;

  @Field(() => DateTime, { description: 'When it was raised.' })
  raisedAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'Since when it holds no more, acknowledged or not.' })
  endedAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When somebody took note of it.' })
  acknowledgedAt!: Date | null;

  @Field(() => AuditActor, { nullable: true, description: 'Who took note of it.' })
  acknowledgedBy!: AuditActor | null;

  @Field(() => String, { nullable: true, description: 'What they noted.' })
  note!: string | null;
}

@InputType({ description: 'Takes note of an alarm.' })
export class AcknowledgeLogAlarmInput {
  @Field(() => ID, { description: 'Which one.' })
  @IsUUID()
  id!: string;

  @Field({ description: 'What is done about it, 3 to 200 characters. It is kept in the log; no details of patients.' })
  @Length(3, 200)
  note!: string;
}
