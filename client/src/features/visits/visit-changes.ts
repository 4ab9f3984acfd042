import type { TFunction } from 'i18next';
import type { VisitHistoryQuery } from '../../gql/graphql';
import { formatDateTime, formatNumber } from '../../ui/format';
import { vitalSigns } from './vitals';

/** What a visit said at some time. */
export type Version = Omit<
  NonNullable<VisitHistoryQuery['visit']>['amendments'][number]['before'],
  '__typename' | 'writtenAt' | 'writtenBy'
>;

export interface Change {
  label: string;
  was: string;
  became: string;
}

/** What differs between two versions of a visit, field by field, in words. */
export function changedBetween(before: Version, after: Version, t: TFunction): Change[] {
  const fields: [string, (version: Version) => string | null | undefined][] = [
    [t('visit.type'), ({ type }) => t(`visitType.${type}`)],
    [t('visit.status'), ({ status }) => t(`visitStatus.${status}`)],
    [t('visit.attending'), ({ attending }) => attending?.name],
    [t('visit.startedAt'), ({ startedAt }) => formatDateTime(startedAt)],
    [t('visit.endedAt'), ({ endedAt }) => (endedAt ? formatDateTime(endedAt) : '')],
    [t('visit.reason'), ({ reason }) => reason],
    [t('visit.notes'), ({ notes }) => notes],
    [t('patient.diagnosis'), ({ diagnosis }) => diagnosis],
    ...vitalSigns.map((sign): [string, (version: Version) => string] => [
      t(`vitals.${sign.key}`),
      ({ vitals }) => {
        const value = vitals?.[sign.key];
        return typeof value === 'number' ? `${formatNumber(value, sign.decimals)} ${sign.unit}` : '';
      },
    ]),
  ];
  return fields
    .map(([label, read]) => ({ label, was: read(before) ?? '', became: read(after) ?? '' }))
    .filter(({ was, became }) => was !== became);
}
