import type { RequestContext } from '../graphql/context';
import type { Alarm, LogAlarms } from './alarms';
import type { AcknowledgeLogAlarmInput, LogAlarm } from './alarms.types';
import { AuditActorKind } from './audit.types';

/** Alarms as people see them, with the names of those who took note. */
export class AlarmsService {
  constructor(
    private readonly alarms: LogAlarms,
    /** Names of accounts, for those there are. */
    private readonly namesOf: (context: RequestContext, ids: readonly string[]) => Promise<Map<string, string>>,
  ) {}

  async unanswered(context: RequestContext): Promise<LogAlarm[]> {
    return this.named(context, await this.alarms.unanswered());
  }

  async latest(context: RequestContext): Promise<LogAlarm[]> {
    return this.named(context, await this.alarms.latest());
  }

  /** Throws NOT_FOUND, and BAD_USER_INPUT when somebody has acknowledged it already. */
  async acknowledge(context: RequestContext, { id, note }: AcknowledgeLogAlarmInput): Promise<LogAlarm> {
    const [alarm] = await this.named(context, [await this.alarms.acknowledge(context, id, note)]);
    return alarm!;
  }

  private async named(context: RequestContext, alarms: readonly Alarm[]): Promise<LogAlarm[]> {
    const ids = [...new Set(alarms.flatMap(({ acknowledgedBy }) => acknowledgedBy ?? []))];
    const names = ids.length > 0 ? await this.namesOf(context, ids) : new Map<string, string>();
    return alarms.map(({ acknowledgedBy: id, ...alarm }) => ({
      ...alarm,
      acknowledgedBy: id === null ? null : { kind: AuditActorKind.USER, id, role: null, name: names.get(id) ?? null },
    }));
  }
}
