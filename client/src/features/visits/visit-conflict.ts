import type { TFunction } from 'i18next';
import type { ConflictRow } from '../../ui/ConflictDialog';
import { vitalSigns } from './vitals';
import type { VisitValues } from './visit-values';

/** The two versions of a visit, field by field, in words. */
export function visitConflictRows(mine: VisitValues, theirs: VisitValues, t: TFunction): ConflictRow[] {
  const fields: [string, (values: VisitValues) => string][] = [
    [t('visit.type'), (values) => t(`visitType.${values.type}`)],
    [t('visit.status'), (values) => t(`visitStatus.${values.status}`)],
    [t('visit.startedAt'), (values) => values.startedAt.replace('T', ' ')],
    [t('visit.endedAt'), (values) => values.endedAt.replace('T', ' ')],
    [t('visit.reason'), (values) => values.reason],
    [t('visit.notes'), (values) => values.notes],
    [t('patient.diagnosis'), (values) => values.diagnosis],
    ...vitalSigns.map((sign): [string, (values: VisitValues) => string] => [
      t(`vitals.${sign.key}`),
      ({ vitals }) => (vitals[sign.key] === '' ? '' : `${vitals[sign.key]} ${sign.unit}`),
    ]),
  ];
  return fields.map(([label, read]) => ({ label, mine: read(mine), theirs: read(theirs) }));
}
