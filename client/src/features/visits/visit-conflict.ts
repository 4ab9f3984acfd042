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
  ];
  return [
    ...fields.map(([label, read]) => ({ label, mine: read(mine), theirs: read(theirs) })),
    ...vitalsConflictRows(mine, theirs, t),
  ];
}

/** The same of the vital signs alone, for those who write nothing else of a visit. */
export function vitalsConflictRows(mine: VisitValues, theirs: VisitValues, t: TFunction): ConflictRow[] {
  return vitalSigns.map(({ key, unit }) => {
    const read = ({ vitals }: VisitValues) => (vitals[key] === '' ? '' : `${vitals[key]} ${unit}`);
    return { label: t(`vitals.${key}`), mine: read(mine), theirs: read(theirs) };
  });
}
