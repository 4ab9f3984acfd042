import { mutationText, type Hospital, type Patient, type Visit } from './hospital';

const NOBODY = '01890000-0000-7000-8000-000000000000';

/** What is tried on: a patient with a visit and a treatment, all made by Dr Okonkwo. */
export interface Subject {
  patient: Patient;
  visit: Visit;
  treatment: { id: string };
}

export interface Attempt {
  query: string;
  variables?: Record<string, unknown>;
  /** Answered by a look-up of something that is not there, after the permission was found. */
  allowedCode?: string;
}

let serial = 0;

const lookUp = (query: string): Attempt => ({ query });
const change = (mutation: Parameters<typeof mutationText>[0], input: Record<string, unknown>): Attempt => ({
  query: mutationText(mutation, '{ id }'),
  variables: { input },
});
/** Of an open visit it is refused for that, after the permission was found. */
const amend = ({ id, version }: Visit, changes: Record<string, unknown>): Attempt => ({
  ...change('amendVisit', { id, expectedVersion: version, changes, reason: 'Wrong side' }),
  allowedCode: 'BAD_USER_INPUT',
});
const registration = { name: { family: 'Marchetti', given: ['Gaia'] }, gender: 'FEMALE' };
const edit = (input: Record<string, unknown>) => ({ patient }: Subject) =>
  change('updatePatient', { id: patient.id, expectedVersion: patient.version, ...input }); // prettier-ignore

/** Every operation as somebody tries it, by its name; after a space or colon, another way of asking it. */
export const attempts: Record<string, (subject: Subject, hospital: Hospital) => Attempt> = {
  'patient': ({ patient }) => lookUp(`{ patient(id: "${patient.id}") { id name { family } } }`),
  'printRecord': ({ patient }) =>
    lookUp(`mutation { printRecord(input: { patientId: "${patient.id}" }) { at } }`),
  'patients': () => lookUp('{ patients(first: 100) { edges { node { id } } } }'),
  'similarPatients': ({ patient: { mrn } }) =>
    lookUp(`{ similarPatients(input: { identifiers: [{ system: "urn:roles", value: "${mrn}" }] }) { patient { id } } }`),
  'visit': ({ visit }) => lookUp(`{ visit(id: "${visit.id}") { id patient { id } } }`),
  'visits': () => lookUp('{ visits(first: 100) { edges { node { patient { id } } } } }'),
  'visits of the patient': ({ patient }) =>
    lookUp(`{ visits(patientId: "${patient.id}") { edges { node { patient { id } } } } }`),
  'treatmentUpdates': ({ patient }) =>
    lookUp(`{ treatmentUpdates(patientId: "${patient.id}") { edges { node { text patient { id } } } } }`),
  'node': ({ patient }) => lookUp(`{ node(id: "${patient.id}") { id ... on Patient { name { family } } } }`),
  'node of a visit': ({ visit }) => lookUp(`{ node(id: "${visit.id}") { id ... on Visit { patient { id } } } }`),
  'node of a treatment': ({ treatment }) =>
    lookUp(`{ node(id: "${treatment.id}") { id ... on TreatmentUpdate { patient { id } } } }`),
  'encryptedRecord': ({ patient }) => lookUp(`{ encryptedRecord(patientId: "${patient.id}") { rowId } }`),
  'auditEntries': ({ patient }) =>
    lookUp(`{ auditEntries(filter: { patientId: "${patient.id}", action: "create" }) { edges { node { patients } } } }`),
  'auditLog': () => lookUp('{ auditLog { size } }'),
  'auditProof': () => lookUp('{ auditProof(index: 0) { leafHash } }'),
  'auditConsistency': () => lookUp('{ auditConsistency(from: 1, to: 1) { path } }'),
  'logAlarms': () => lookUp('{ logAlarms { id } }'),
  'accessReport': ({ patient }) =>
    lookUp(`{ accessReport(patientId: "${patient.id}", from: "2020-01-01T00:00:00Z", to: "2999-01-01T00:00:00Z") { madeBy } }`),
  'accountingOfDisclosures': ({ patient }) =>
    lookUp(`{ accountingOfDisclosures(patientId: "${patient.id}") { madeBy } }`),
  'demographics': () => lookUp('{ demographics { total } }'),
  'users': () => lookUp('{ users(first: 1) { edges { node { id } } } }'),
  'staff': () => lookUp('{ staff { id } }'),
  'createPatient': () => change('createPatient', registration),
  'createPatient with a diagnosis': () => change('createPatient', { ...registration, diagnosis: 'Asthma' }),
  'createPatient with a treatment': () => change('createPatient', { ...registration, treatment: 'Salbutamol' }),
  'updatePatient': edit({ phone: '+46 8 123 456' }),
  'updatePatient: diagnosis': edit({ diagnosis: 'Asthma' }),
  'updatePatient: allergies': edit({ allergies: [] }),
  'updatePatient: problems': edit({ problems: [] }),
  'updatePatient: medications': edit({ medications: null }),
  'updatePatient: medicalHistory': edit({ medicalHistory: 'None' }),
  'deletePatient': ({ patient }) =>
    change('deletePatient', { id: patient.id, expectedVersion: patient.version, reason: 'Registered twice' }),
  'restorePatient': ({ patient }) => change('restorePatient', { id: patient.id, expectedVersion: patient.version }),
  'erasePatient': ({ patient }) => ({
    query: 'mutation ($input: ErasePatientInput!) { erasePatient(input: $input) { patientId } }',
    variables: { input: { id: patient.id, confirmMrn: patient.mrn, reason: 'Asked for in writing' } },
    allowedCode: 'MFA_REQUIRED', // the permission was found; the password is wanted again
  }),
  'mergePreview': ({ patient }) => ({
    ...lookUp(`{ mergePreview(keepId: "${patient.id}", mergeId: "${NOBODY}") { differing } }`),
    allowedCode: 'NOT_FOUND',
  }),
  'mergePatients': ({ patient }) => ({
    query: 'mutation ($input: MergePatientsInput!) { mergePatients(input: $input) { patient { id } } }',
    variables: { input: { keepId: patient.id, mergeId: NOBODY, keepVersion: 1, mergeVersion: 1, take: [], reason: 'Twice' } },
    allowedCode: 'MFA_REQUIRED',
  }),
  'unmergePatients': () => ({
    ...lookUp(`mutation { unmergePatients(input: { mergeId: "${NOBODY}", expectedVersion: 1, reason: "Two" }) { kept { id } } }`),
    allowedCode: 'MFA_REQUIRED',
  }),
  'createVisit': ({ patient }) =>
    change('createVisit', { patientId: patient.id, type: 'HOME', startedAt: '2026-03-01T09:00:00Z' }),
  'updateVisit': ({ visit }) => change('updateVisit', { id: visit.id, expectedVersion: visit.version, reason: 'Cough' }),
  'amendVisit': ({ visit }) => amend(visit, { vitals: { heartRate: 72 } }),
  'amendVisit: notes': ({ visit }) => amend(visit, { notes: 'Left knee' }),
  'deleteVisit': ({ visit }) => change('deleteVisit', { id: visit.id, expectedVersion: visit.version }),
  'recordVitals': ({ visit }) =>
    change('recordVitals', { visitId: visit.id, expectedVersion: visit.version, vitals: { heartRate: 72 } }),
  'recordTreatment': ({ patient }) =>
    change('recordTreatment', { patientId: patient.id, text: 'Rest', status: 'ONGOING' }),
  'addCareTeamMember': ({ patient }, hospital) =>
    change('addCareTeamMember', { patientId: patient.id, userId: hospital.idOf('lindqvist') }),
  'removeCareTeamMember': ({ patient }, hospital) =>
    change('removeCareTeamMember', { patientId: patient.id, userId: hospital.idOf('okonkwo') }),
  'setConfidential': ({ patient }) => ({
    query: 'mutation ($input: SetConfidentialInput!) { setConfidential(input: $input) { id } }',
    variables: { input: { id: patient.id, expectedVersion: patient.version, confidential: true, reason: 'Asked for it' } },
  }),
  'breakGlass': ({ patient }) => ({
    ...lookUp(`mutation { breakGlass(input: { patientId: "${patient.id}", reason: CONSULT, text: "Asked for advice" }) { id } }`),
    allowedCode: 'MFA_REQUIRED',
  }),
  'endBreakGlass': () => ({ ...lookUp(`mutation { endBreakGlass(input: { id: "${NOBODY}" }) { id } }`), allowedCode: 'NOT_FOUND' }),
  'reviewBreakGlass': () => ({ ...lookUp(`mutation { reviewBreakGlass(input: { id: "${NOBODY}", verdict: APPROPRIATE }) { id } }`), allowedCode: 'NOT_FOUND' }),
  'breakGlassGrants': () => lookUp('{ breakGlassGrants(first: 1) { totalCount } }'),
  'snoopingFindings': () => lookUp('{ snoopingFindings(first: 1) { totalCount } }'),
  'reviewSnooping': () => ({ ...lookUp(`mutation { reviewSnooping(input: { id: "${NOBODY}", expectedVersion: 1, verdict: EXPLAINED }) { id } }`), allowedCode: 'NOT_FOUND' }),
  'explainAccess': ({ patient }) => lookUp(`{ explainAccess(patientId: "${patient.id}") { allowed } }`),
  'createUser': () => ({
    ...lookUp(`mutation { createUser(input: { email: "new${(serial += 1)}@ward.example", name: "New", role: NURSE }) { expiresAt } }`),
    allowedCode: 'MFA_REQUIRED',
  }),
  'updateUser': () => ({ ...lookUp(`mutation { updateUser(input: { id: "${NOBODY}", expectedVersion: 1, name: "X" }) { id } }`), allowedCode: 'NOT_FOUND' }),
  'deactivateUser': () => ({ ...lookUp(`mutation { deactivateUser(input: { id: "${NOBODY}", expectedVersion: 1, reason: "Gone" }) { id } }`), allowedCode: 'NOT_FOUND' }),
  'reactivateUser': () => ({ ...lookUp(`mutation { reactivateUser(input: { id: "${NOBODY}", expectedVersion: 1, reason: "Back" }) { id } }`), allowedCode: 'MFA_REQUIRED' }),
  'removePassword': () => ({ ...lookUp(`mutation { removePassword(input: { id: "${NOBODY}", expectedVersion: 1 }) { id } }`), allowedCode: 'MFA_REQUIRED' }),
  'resetPassword': () => ({ ...lookUp(`mutation { resetPassword(input: { id: "${NOBODY}" }) { expiresAt } }`), allowedCode: 'NOT_FOUND' }),
  'verifyAuditLog': () => lookUp('mutation { verifyAuditLog { state } }'),
  'acknowledgeLogAlarm': () => ({ ...lookUp(`mutation { acknowledgeLogAlarm(input: { id: "${NOBODY}", note: "Seen" }) { id } }`), allowedCode: 'NOT_FOUND' }),
  'keyring': () => lookUp('{ keyring { custody keys(first: 1) { edges { node { id } } } job { id } } }'),
  'rotateKeys': () => ({ ...lookUp('mutation { rotateKeys { id } }'), allowedCode: 'MFA_REQUIRED' }),
  'resealRecords': () => ({ ...lookUp('mutation { resealRecords(input: {}) { id } }'), allowedCode: 'MFA_REQUIRED' }),
  'rotateIndexKey': () => ({ ...lookUp('mutation { rotateIndexKey { id } }'), allowedCode: 'MFA_REQUIRED' }),
  'changePassword': () => ({ ...lookUp('mutation { changePassword(input: { currentPassword: "not it", newPassword: "a long new password" }) }'), allowedCode: 'BAD_USER_INPUT' }),
  'endSession': () => ({ ...lookUp(`mutation { endSession(input: { id: "${NOBODY}" }) }`), allowedCode: 'NOT_FOUND' }),
  'stepUp': () => ({ ...lookUp('mutation { stepUp(input: { recoveryCode: "none", code: "too many" }) }'), allowedCode: 'BAD_USER_INPUT' }),
  'endOtherSessions': () => lookUp('mutation { endOtherSessions }'),
  'enrolTotp': () => ({ ...lookUp(`mutation { enrolTotp(input: { password: "${'too long '.repeat(200)}" }) { uri } }`), allowedCode: 'BAD_USER_INPUT' }),
  'confirmTotp': () => ({ ...lookUp('mutation { confirmTotp(input: { code: "000000" }) { recoveryCodes } }'), allowedCode: 'BAD_USER_INPUT' }),
  'removeTotp': () => ({ ...lookUp('mutation { removeTotp }'), allowedCode: 'MFA_REQUIRED' }),
  'renewRecoveryCodes': () => ({ ...lookUp('mutation { renewRecoveryCodes { recoveryCodes } }'), allowedCode: 'MFA_REQUIRED' }),
  'beginPasskey': () => ({ ...lookUp('mutation { beginPasskey }'), allowedCode: 'MFA_REQUIRED' }),
  'registerPasskey': () => ({ ...lookUp('mutation { registerPasskey(input: { name: "Key", response: "{}" }) { passkey { id } } }'), allowedCode: 'MFA_REQUIRED' }),
  'renamePasskey': () => ({ ...lookUp(`mutation { renamePasskey(input: { id: "${NOBODY}", name: "Key" }) { id } }`), allowedCode: 'NOT_FOUND' }),
  'removePasskey': () => ({ ...lookUp(`mutation { removePasskey(input: { id: "${NOBODY}" }) }`), allowedCode: 'MFA_REQUIRED' }),
  'passkeyProof': () => lookUp('mutation { passkeyProof }'),
  'resetSecondFactor': () => ({ ...lookUp(`mutation { resetSecondFactor(input: { id: "${NOBODY}" }) { id } }`), allowedCode: 'NOT_FOUND' }),
  'apiClients': () => lookUp('{ apiClients(first: 1) { edges { node { id } } } }'),
  'apiScopes': () => lookUp('{ apiScopes { name } }'),
  'createApiClient': () => ({ ...lookUp('mutation { createApiClient(input: { name: "Feed", scopes: ["visit.read"] }) { secret } }'), allowedCode: 'MFA_REQUIRED' }),
  'updateApiClient': () => ({ ...lookUp(`mutation { updateApiClient(input: { id: "${NOBODY}", expectedVersion: 1, name: "X" }) { id } }`), allowedCode: 'MFA_REQUIRED' }),
  'rotateApiClientSecret': () => ({ ...lookUp(`mutation { rotateApiClientSecret(input: { id: "${NOBODY}" }) { secret } }`), allowedCode: 'MFA_REQUIRED' }),
  'revokeApiClient': () => ({ ...lookUp(`mutation { revokeApiClient(input: { id: "${NOBODY}" }) { id } }`), allowedCode: 'NOT_FOUND' }),
}; // prettier-ignore
