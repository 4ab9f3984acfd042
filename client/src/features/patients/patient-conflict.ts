import type { TFunction } from 'i18next';
import type { ConflictRow } from '../../ui/ConflictDialog';
import { formatDate } from '../../ui/format';
import type { PatientValues } from './patient-values';

/** The two versions of a patient, field by field, in words. */
export function conflictRows(mine: PatientValues, theirs: PatientValues, t: TFunction): ConflictRow[] {
  const fields: [string, (values: PatientValues) => string][] = [
    [t('patient.name'), ({ name }) => [name.prefix, name.given, name.family].filter(Boolean).join(' ')],
    [t('patientForm.birthDate'), (values) => formatDate(values.birthDate)],
    [t('patient.gender'), (values) => t(`gender.${values.gender}`)],
    [t('patient.mrn'), (values) => values.mrn],
    [t('patientForm.phone'), (values) => values.phone],
    [t('patientForm.email'), (values) => values.email],
    [t('patient.address'), (values) => Object.values(values.address).filter(Boolean).join('\n')],
    [t('patientForm.emergency'), (values) => Object.values(values.emergencyContact).filter(Boolean).join(', ')],
    [t('patient.identifiers'), (values) => values.identifiers.map((one) => `${one.system} ${one.value}`).join('\n')],
    [
      t('patient.allergies'),
      (values) => values.allergies.map((one) => `${one.substance} (${t(`severity.${one.severity}`)})`).join('\n'),
    ],
    [
      t('patient.problems'),
      (values) => values.problems.map((one) => `${one.text} (${t(`problemStatus.${one.status}`)})`).join('\n'),
    ],
    [
      t('patient.medications'),
      (values) =>
        values.medications.map((one) => `${one.text} ${one.dose} (${t(`medicationStatus.${one.status}`)})`).join('\n'),
    ],
    [t('patient.diagnosis'), (values) => values.diagnosis],
    [t('patient.history'), (values) => values.medicalHistory],
    [t('patientForm.deceasedAt'), (values) => (values.deceased ? values.deceasedAt.replace('T', ' ') : '')],
  ];
  return fields.map(([label, read]) => ({ label, mine: read(mine), theirs: read(theirs) }));
}
