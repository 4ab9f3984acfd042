import { normaliseIdentifier, normaliseName } from '../../crypto/normalise';
import type { CreatePatientInput, HumanName, Identifier } from '../../patients';
import { mergeIdentifiers } from './lists';
import type { PatientRecord } from './patient-record';
import type { Report } from './report';

export const NUMBER_GIVEN_TWICE = 'an identifier belongs to a patient of another name and birth date here';

/**
 * Copies of a patient, brought into one record: what a later copy tells holds, what it does not tell stays. So the sources
 * are taken as a whole, and importing them again finds nothing to change. Records that share an identifier but are plainly
 * of two people are kept apart: the later one is reported.
 */
export function combineCopies(records: readonly PatientRecord[], report: Report): PatientRecord[] {
  const combined: PatientRecord[] = [];
  for (const record of records) {
    const position = combined.findIndex(({ patient }) =>
      shareIdentifier(patient.identifiers, record.patient.identifiers),
    );
    const earlier = combined[position];
    if (!earlier) combined.push(record);
    else if (isSomebodyElse(earlier.patient, record.patient)) report.fault(record.location, NUMBER_GIVEN_TWICE);
    else combined[position] = combine(earlier, record);
  }
  return combined;
}

function combine(one: PatientRecord, other: PatientRecord): PatientRecord {
  const told = Object.entries(other.patient).filter(([, value]) => value !== undefined);
  return {
    location: other.location,
    patient: {
      ...one.patient,
      ...(Object.fromEntries(told) as Partial<CreatePatientInput>),
      mrn: one.patient.mrn ?? other.patient.mrn,
      identifiers: mergeIdentifiers(one.patient.identifiers ?? [], other.patient.identifiers ?? []),
    },
    visits: [...one.visits, ...other.visits],
    problems: [...one.problems, ...other.problems],
    allergies: [...one.allergies, ...other.allergies],
    medications: [...one.medications, ...other.medications],
  };
}

export function shareIdentifier(
  one: readonly Identifier[] | null | undefined,
  other: readonly Identifier[] | null | undefined,
): boolean {
  const keyOf = ({ system, value }: Identifier) => normaliseIdentifier(system, value);
  const keys = new Set((one ?? []).map(keyOf));
  return (other ?? []).some((identifier) => keys.has(keyOf(identifier)));
}

interface Somebody {
  name: HumanName;
  birthDate?: string | null;
}

/** Family names and birth dates change, but hardly ever both at once: then a number was given twice. */
export function isSomebodyElse(one: Somebody, other: Somebody): boolean {
  const sameBirth = !one.birthDate || !other.birthDate || one.birthDate === other.birthDate;
  return !sameBirth && normaliseName(one.name.family).join(' ') !== normaliseName(other.name.family).join(' ');
}
