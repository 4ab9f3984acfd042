import { createContext, useContext } from 'react';
import type { PatientRecordQuery } from '../../gql/graphql';

export type PatientOfRecord = NonNullable<PatientRecordQuery['patient']>;

/** The record that is open, for the tabs below the banner. */
export const PatientContext = createContext<PatientOfRecord | null>(null);

export function usePatient(): PatientOfRecord {
  const patient = useContext(PatientContext);
  if (!patient) throw new Error('usePatient outside a patient record');
  return patient;
}
