import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver } from 'type-graphql';
import { inputIs } from '../graphql/arguments';
import type { RequestContext } from '../graphql/context';
import { AlarmsService } from './alarms.service';
import { AcknowledgeLogAlarmInput, LogAlarm } from './alarms.types';
import { AuditLogStatus } from './audit.types';

@Resolver(() => AuditLogStatus)
export class AlarmsResolver {
  constructor(private readonly service: AlarmsService) {}

  @FieldResolver(() => [LogAlarm], {
    description: 'At most 50 alarms: those nobody has acknowledged first, then the newest.',
  })
  alarms(@Ctx() context: RequestContext) {
    return this.service.latest(context);
  }

  @Query(() => [LogAlarm], { description: 'Alarms of the log that nobody has acknowledged yet, newest first.' })
  logAlarms(@Ctx() context: RequestContext) {
    return this.service.unanswered(context);
  }

  @Mutation(() => LogAlarm, {
    description: 'Takes note of an alarm. It mends nothing: a broken log stays broken until the whole of it verifies.',
  })
  acknowledgeLogAlarm(
    @Ctx() context: RequestContext,
    @Arg('input', () => AcknowledgeLogAlarmInput, inputIs) input: AcknowledgeLogAlarmInput,
  ) {
    return this.service.acknowledge(context, input);
  }
}
