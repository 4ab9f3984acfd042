import { Hospital, type Patient, type Person } from './hospital';
import type { Answer } from './front-desk';

export const STEP_UP = 'mutation ($password: String!) { stepUp(input: { password: $password }) }';
export const ERASE =
  'mutation ($input: ErasePatientInput!) { erasePatient(input: $input) { patientId erasedAt json } }';

/** Admin Park in a session of their own, the password proved again. */
export async function provenPark(hospital: Hospital): Promise<Person> {
  const person = hospital.visitor();
  await person.signIn(hospital.account('park'));
  await person.get(STEP_UP, { password: hospital.account('park').password });
  return person;
}

/** Asks for the erasure of a patient, by default with the right record number. */
export function askToErase(person: Person, { id, mrn }: Patient, input: Record<string, unknown> = {}): Promise<Answer> {
  return person.ask(ERASE, { input: { id, confirmMrn: mrn, reason: 'Asked for it in writing', ...input } });
}

/** Erases a patient as Admin Park; answers the certificate. Fails the test when it is refused. */
export async function erased(hospital: Hospital, patient: Patient): Promise<string> {
  const { data, body } = await askToErase(await provenPark(hospital), patient);
  if (!data) throw new Error(body);
  return (data.erasePatient as { json: string }).json;
}
