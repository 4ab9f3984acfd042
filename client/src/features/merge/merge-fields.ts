import type { TFunction } from 'i18next';
import type { PatientField } from '../../gql/graphql';
import { formatDate } from '../../ui/format';
import type { PatientValues } from '../patients/patient-values';

type Reader = (values: PatientValues, t: TFunction) => string;

/** How each field to choose is called and written. */
const fields: Record<PatientField, { label: (t: TFunction) => string; read: Reader }> = {
  NAME: {
    label: (t) => t('patient.name'),
    read: ({ name }) => [name.prefix, name.given, name.family].filter(Boolean).join(' '),
  },
  BIRTH_DATE: {
    label: (t) => t('patientForm.birthDate'),
    read: ({ birthDate }) => (birthDate ? formatDate(birthDate) : ''),
  },
  GENDER: { label: (t) => t('patient.gender'), read: ({ gender }, t) => t(`gender.${gender}`) },
  PHONE: { label: (t) => t('patientForm.phone'), read: ({ phone }) => phone },
  EMAIL: { label: (t) => t('patientForm.email'), read: ({ email }) => email },
  ADDRESS: {
    label: (t) => t('patient.address'),
    read: ({ address }) => Object.values(address).filter(Boolean).join('\n'),
  },
  EMERGENCY_CONTACT: {
    label: (t) => t('patientForm.emergency'),
    read: ({ emergencyContact }) => Object.values(emergencyContact).filter(Boolean).join(', '),
  },
  DIAGNOSIS: { label: (t) => t('patient.diagnosis'), read: ({ diagnosis }) => diagnosis },
  MEDICAL_HISTORY: { label: (t) => t('patient.history'), read: ({ medicalHistory }) => medicalHistory },
  DECEASED_AT: {
    label: (t) => t('patientForm.deceasedAt'),
    read: ({ deceased, deceasedAt }) => (deceased ? deceasedAt.replace('T', ' ') : ''),
  },
};

export const fieldLabel = (field: PatientField, t: TFunction): string => fields[field].label(t);

export const fieldText = (field: PatientField, values: PatientValues, t: TFunction): string =>
  fields[field].read(values, t);

/** What is taken from the duplicate unless somebody says otherwise: what the kept record does not have. */
export function takenAtFirst(
  differing: readonly PatientField[],
  kept: PatientValues,
  duplicate: PatientValues,
  t: TFunction,
): PatientField[] {
  return differing.filter((field) => !fieldText(field, kept, t) && fieldText(field, duplicate, t));
}
