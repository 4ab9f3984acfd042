import type { Answer } from './front-desk';
import type { Hospital, Patient, Person } from './hospital';

export const MERGE = `mutation ($input: MergePatientsInput!) { mergePatients(input: $input) {
  patient { id version mrn } merge { id mrn mergedId reason mergedBy { name } } } }`;
export const UNMERGE = `mutation ($input: UnmergePatientsInput!) { unmergePatients(input: $input) {
  kept { id version } restored { id version mrn } fieldsStayed visitsStayed treatmentUpdatesStayed } }`;

export interface Unmerged {
  kept: Patient;
  restored: Patient;
  fieldsStayed: string[];
  visitsStayed: number;
  treatmentUpdatesStayed: number;
}

/** Asks for a merge at the versions that are known. */
export function askToMerge(
  person: Person,
  keep: Patient,
  merge: Patient,
  input: Record<string, unknown> = {},
): Promise<Answer> {
  return person.ask(MERGE, { input: { ...mergeInput(keep, merge), ...input } });
}

export function mergeInput(keep: Patient, merge: Patient): Record<string, unknown> {
  const pair = { keepId: keep.id, mergeId: merge.id, keepVersion: keep.version, mergeVersion: merge.version };
  return { ...pair, take: [], reason: 'Registered twice on one day' };
}

export function askToUnmerge(
  person: Person,
  mergeId: string,
  expectedVersion: number,
  reason = 'They are twins, not one person',
): Promise<Answer> {
  return person.ask(UNMERGE, { input: { mergeId, expectedVersion, reason } });
}

/** Merges two patients; answers the merge and the version the kept one has now. Fails the test when it is refused. */
export async function merged(
  person: Person,
  keep: Patient,
  merge: Patient,
  take: string[] = [],
): Promise<{ mergeId: string; kept: Patient }> {
  const { data, body } = await askToMerge(person, keep, merge, { take });
  const payload = data?.mergePatients as { patient: Patient; merge: { id: string } } | undefined;
  if (!payload) throw new Error(body);
  return { mergeId: payload.merge.id, kept: payload.patient };
}

export async function unmerged(person: Person, mergeId: string, version: number): Promise<Unmerged> {
  const { data, body } = await askToUnmerge(person, mergeId, version);
  if (!data?.unmergePatients) throw new Error(body);
  return data.unmergePatients as Unmerged;
}

/** The patient at the version it has now. */
export async function asOfNow(hospital: Hospital, { id }: Patient): Promise<Patient> {
  return (await hospital.as('park').get<{ patient: Patient }>(`{ patient(id: "${id}") { id version mrn } }`)).patient;
}
