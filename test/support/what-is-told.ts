import type { GraphQLSchema } from 'graphql';

/** An entry as far as an answer tells what must be in it. */
export interface Expected {
  action: string;
  outcome: 'ok' | 'refused';
  purpose: string;
  /** Column groups, sorted. */
  fields: string[];
  /** Patients, sorted. */
  patients: string[];
}

/** What an answer says: worked out from the answer and its document alone, knowing nothing of how the server keeps count. */
export interface Disclosure {
  entries: Expected[];
  /** True when something that was asked for came to nothing because a part of it failed; the log may then name more. */
  torn: boolean;
}

/** What the test knows beside the answer. */
export interface Known {
  schema: GraphQLSchema;
  /** Patient of a visit, a treatment update, or the patient itself. */
  patientOf: ReadonlyMap<string, string>;
}

/** Who asked, as far as the log makes a difference of it. */
export interface Viewer {
  /** Looks through grants for oversight. */
  reviews: boolean;
  /** Patients on whom this person has broken the glass: each is told of in entries apart. */
  glassBrokenOn: ReadonlySet<string>;
}

/**
 * Which column groups of a patient are told by a field that has a value, or that says there is none. An empty list tells
 * nothing about the person; a type or field missing here fails the test, so that new ones are thought about.
 */
export const told: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  SimilarPatient: { ...nothing(['patient', 'because']) }, // told by being there at all
  Patient: {
    ...own(['mrn', 'name', 'birthDate', 'gender', 'phone', 'email', 'address', 'emergencyContact', 'identifiers']),
    ...own(['allergies', 'problems', 'medications', 'diagnosis', 'medicalHistory', 'deceasedAt', 'treatment']),
    ...own(['visits', 'careTeam']),
    careTeamHistory: ['careTeam'],
    merges: ['merge'],
    age: ['birthDate', 'deceasedAt'],
    treatmentUpdates: ['treatment'],
    ...nothing(['id', 'version', 'confidential', 'createdAt', 'updatedAt', 'deletedAt']),
    ...nothing(['openGrant']), // null tells of the viewer alone; a grant has its own line
  },
  BreakGlassGrant: {
    ...nothing(['id', 'patientId', 'patient', 'user', 'reason', 'text', 'startedAt', 'expiresAt', 'endedAt']),
    ...nothing(['secondsLeft', 'accesses', 'review']), // all of it is told by the grant being there at all
  },
  SnoopingFinding: {
    ...nothing([
      'id',
      'patientId',
      'patient',
      'person',
      'rule',
      'severity',
      'status',
      'day',
      'foundAt',
      'firstAt',
      'lastAt',
    ]),
    ...nothing(['count', 'entries', 'version', 'review']), // as with a grant
  },
  AccessExplanation: nothing(['patientId', 'allowed', 'because', 'mayBreakGlass', 'grantedBy']), // see `reasons`
  Visit: {
    ...own(['reason', 'notes', 'vitals']),
    diagnosis: ['visitDiagnosis'],
    ...own(['amendments']), // what is in them is told as a whole
    ...nothing(['id', 'version', 'createdAt', 'updatedAt', 'patient']),
    ...nothing(['type', 'status', 'startedAt', 'endedAt', 'attending']), // told by the visit being there at all
  },
  TreatmentUpdate: { ...own([]), ...nothing(['id', 'at', 'author', 'patient', 'text', 'status', 'visit']) },
};

/** What being shown such an object tells of its patient, whatever is asked of it. */
export const shown: Readonly<Record<string, readonly string[]>> = {
  Visit: ['visits'],
  TreatmentUpdate: ['treatment'],
  SimilarPatient: ['search'],
  BreakGlassGrant: ['breakGlass'],
  SnoopingFinding: ['snooping'],
};

/** What each reason of an explanation tells of the patient: whose care somebody is in, or is not, is told either way. */
export const reasons: Readonly<Record<string, readonly string[]>> = {
  ROLE_LACKS_RECORDS: [],
  ROLE: ['careTeam'],
  CARE_TEAM: ['careTeam'],
  BREAK_GLASS: ['careTeam', 'breakGlass'],
  NOT_CONFIDENTIAL: ['careTeam'],
  NOT_ON_CARE_TEAM: ['careTeam'],
};

/** Fields that prove something of the log to who may see all of it. */
export const proofs: ReadonlySet<string> = new Set(['auditProof', 'auditConsistency']);

/** Reports about who saw a patient, and the word under which the log has each. */
export const reports: Readonly<Record<string, string>> = {
  accessReport: 'accesses',
  accountingOfDisclosures: 'disclosures',
};

/** Said of a record number that another patient has, which tells as much as finding somebody by it. */
export const TAKEN = /^Another patient has/;

/** Fields through which one gets from a list to what stands in it. */
export const inList: ReadonlySet<string> = new Set(['edges', 'node']);

function own(fields: readonly string[]): Record<string, readonly string[]> {
  return Object.fromEntries(fields.map((field) => [field, [field]]));
}

function nothing(fields: readonly string[]): Record<string, readonly string[]> {
  return Object.fromEntries(fields.map((field) => [field, []]));
}

/**
 * Types whose fields tell nothing by themselves: parts of a value that was told as a whole, lists, and what is about no
 * patient. What they lead to has its own line above.
 */
// prettier-ignore
export const tellsNothing: readonly string[] = [
  'Address', 'Allergy', 'CareTeamMember', 'EmergencyContact', 'HumanName', 'Identifier', 'Medication',
  'PatientConnection', 'PatientEdge', 'Problem', 'TreatmentUpdateConnection', 'TreatmentUpdateEdge',
  'VisitAmendment', 'VisitConnection', 'VisitEdge', 'VisitVersion', 'Vitals', 'AccessReason', 'BreakGlassGrantConnection', 'BreakGlassGrantEdge', 'BreakGlassReview',
  'SnoopingFindingConnection', 'SnoopingFindingEdge', 'SnoopingReview',
  'AccessReport', 'AccessReportRow', 'AccessReportRowConnection', 'AccessReportRowEdge', 'DisclosureReport', 'DisclosureRow',
  'DisclosureRowConnection', 'DisclosureRowEdge', 'ReportProof',
  'ApiClient', 'ApiClientConnection', 'ApiClientCredential', 'ApiClientEdge', 'ApiClientSecretPayload', 'ApiScope',
  'MergePatientsPayload', 'MergePreview', 'PatientMerge', 'RecordHoldings', 'UnmergePatientsPayload',
  'Passkey', 'RecoveryCodesPayload', 'RegisterPasskeyPayload', 'SecondFactor', 'TotpEnrolment',
  'AuditActor', 'AuditConsistency', 'AuditEntry', 'AuditEntryConnection', 'AuditEntryEdge', 'AuditLogStatus',
  'AuditProof', 'AuditTarget', 'LogAlarm', 'DataKey', 'DataKeyConnection', 'DataKeyCounts', 'DataKeyEdge', 'DemographicCell',
  'Demographics', 'ErasureCertificate', 'KeyEpoch', 'KeyJob', 'Keyring', 'Me', 'PageInfo', 'PrintNote',
  'SealedColumnCount', 'SearchGeneration', 'Session', 'SignInPayload', 'StaffMember', 'StoredField', 'User',
  'UserConnection', 'UserEdge', 'UserInvitePayload',
];
