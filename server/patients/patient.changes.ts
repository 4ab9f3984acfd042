import { holdsSame } from '../database/sealed-column';
import { badInput } from '../graphql/errors';
import type { Patient } from './patient.entity';
import type { CreatePatientInput, UpdatePatientInput } from './patient.inputs';
import type { PatientIndex } from './patient-index';

/** What may be set on a patient, new or known; left out stays as it is. */
export type PatientChanges = Partial<Omit<CreatePatientInput, keyof UpdatePatientInput>> & Partial<UpdatePatientInput>;

/** What the demographic counts know of a patient. */
export interface PatientFacts {
  birthDate: string | null;
  gender: string;
}

/** A patient before and after a change; null where there is nobody to count: not registered yet, deceased, deleted. */
export interface CountedChange {
  before: PatientFacts | null;
  after: PatientFacts | null;
}

const editable = [
  'mrn', 'name', 'birthDate', 'gender', 'phone', 'email', 'address', 'emergencyContact',
  'identifiers', 'allergies', 'problems', 'medications', 'diagnosis', 'medicalHistory',
] as const; // prettier-ignore

const required: readonly string[] = ['mrn', 'name', 'gender'];

/** Sets what differs; true when anything did. Throws BAD_USER_INPUT for clearing what every patient must have. */
export function assignChanges(patient: Patient, input: PatientChanges, index: PatientIndex): boolean {
  let changed = false;
  for (const field of editable) {
    const value = input[field];
    if (value === undefined) continue;
    if (value === null && required.includes(field)) throw badInput(field, 'This cannot be cleared.');
    const wanted = Array.isArray(value) && value.length === 0 ? null : value;
    if (holdsSame(patient, field, wanted)) continue;
    Object.assign(patient, { [field]: wanted });
    if (field === 'mrn') patient.mrnToken = index.mrnToken(value as string);
    changed = true;
  }
  if (input.deceasedAt !== undefined) {
    const deceased = input.deceasedAt?.toISOString() ?? null;
    if (!holdsSame(patient, 'deceased', deceased)) {
      patient.deceased = deceased;
      changed = true;
    }
  }
  return changed;
}

/** The living count, the deceased do not. Opens birth date, gender and time of death. */
export function countedFacts(patient: Patient): PatientFacts | null {
  return patient.deceased === null ? { birthDate: patient.birthDate, gender: patient.gender } : null;
}
