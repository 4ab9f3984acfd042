import type { TFunction } from 'i18next';
import type { LogAlarmKind, LogAlarmPartsFragment } from '../../gql/graphql';
import { formatNumber } from '../../ui/format';

/** The log may be wrong; of the other kinds it is only late. */
export const grave: Record<LogAlarmKind, boolean> = {
  BROKEN: true,
  CLOCK: true,
  VANISHED: true,
  STALE: false,
  BACKLOG: false,
};

/** An alarm in one line. */
export function alarmTitle(
  { kind, entryIndex }: Pick<LogAlarmPartsFragment, 'kind' | 'entryIndex'>,
  t: TFunction,
): string {
  return entryIndex === null
    ? t(`alarm.kind.${kind}`)
    : t(`alarm.kindAt.${kind as 'BROKEN'}`, { at: formatNumber(entryIndex), defaultValue: t(`alarm.kind.${kind}`) });
}
