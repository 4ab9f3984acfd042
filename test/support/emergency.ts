import type { Hospital, Patient, Person } from './hospital';

/** Makes a patient confidential, as Admin Park; answers the patient at its new version. */
export async function hide(hospital: Hospital, { id, version }: Patient): Promise<Patient> {
  const data = await hospital
    .as('park')
    .get<{ setConfidential: Patient }>(
      'mutation ($input: SetConfidentialInput!) { setConfidential(input: $input) { id version mrn } }',
      { input: { id, expectedVersion: version, confidential: true, reason: 'A colleague of ours' } },
    );
  return data.setConfidential;
}

/** Breaks the glass as somebody who has proved their password; answers the grant. */
export async function breakGlass(
  person: Person,
  { id: patientId }: Pick<Patient, 'id'>,
  text = 'Nobody of the care team is in',
): Promise<{ id: string }> {
  const data = await person.get<{ breakGlass: { id: string } }>(
    'mutation ($input: BreakGlassInput!) { breakGlass(input: $input) { id } }',
    { input: { patientId, reason: 'EMERGENCY', text } },
  );
  return data.breakGlass;
}
