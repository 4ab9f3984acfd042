import type { Actor, Role } from '../graphql/context';

/**
 * How far a permission reaches. `all`: every row. `careTeam`: patients whose care team the person is on, or on whom they have
 * broken the glass. `ownTeam`: the care team alone. `own`: what the person did or wrote. `ownPatients`: own actions and
 * accesses to own patients. `scope`: what another system was allowed when it was registered; nobody else has anything of it.
 */
export type Reach = 'all' | 'careTeam' | 'ownTeam' | 'own' | 'ownPatients' | 'scope';

type Grants = Partial<Record<Role, Reach>>;

const treating: Grants = { DOCTOR: 'careTeam', CLINICIAN: 'careTeam' };
const bedside: Grants = { ...treating, NURSE: 'careTeam' };

/**
 * Who may do what: the only table of it. What is not written here is denied. A new role is one more key in these rows.
 * docs/permissions.md is generated from it, and a test executes every role against every operation.
 */
export const permissionTable = {
  PATIENT_READ: { ADMIN: 'all', ...bedside, INTEGRATION: 'scope' },
  PATIENT_WRITE: { ADMIN: 'all', ...treating, INTEGRATION: 'scope' },
  CLINICAL_WRITE: treating,
  PATIENT_DELETE: { ADMIN: 'all', DOCTOR: 'ownTeam' },
  PATIENT_ERASE: { ADMIN: 'all' },
  PATIENT_MERGE: { ADMIN: 'all' },
  PATIENT_CONFIDENTIAL: { ADMIN: 'all' },
  VISIT_WRITE: { ...treating, INTEGRATION: 'scope' },
  VISIT_AMEND: { ...bedside, INTEGRATION: 'scope' },
  VISIT_DELETE: { DOCTOR: 'own', CLINICIAN: 'own' },
  VITALS_WRITE: { ...bedside, INTEGRATION: 'scope' },
  TREATMENT_WRITE: bedside,
  CARE_TEAM_WRITE: { ADMIN: 'all', DOCTOR: 'ownTeam', CLINICIAN: 'ownTeam' },
  BREAK_GLASS: { DOCTOR: 'all', CLINICIAN: 'all', NURSE: 'all' },
  BREAK_GLASS_READ: { ADMIN: 'all', DOCTOR: 'own', CLINICIAN: 'own', NURSE: 'own', AUDITOR: 'all' },
  BREAK_GLASS_REVIEW: { ADMIN: 'all', AUDITOR: 'all' },
  SNOOPING_REVIEW: { ADMIN: 'all', AUDITOR: 'all' },
  RECORD_AS_STORED: { ADMIN: 'all' },
  USER_MANAGE: { ADMIN: 'all' },
  STAFF_LIST: { ADMIN: 'all', DOCTOR: 'all', CLINICIAN: 'all', NURSE: 'all' },
  API_CLIENT_MANAGE: { ADMIN: 'all' },
  KEYS_MANAGE: { ADMIN: 'all' },
  AUDIT_READ: { ADMIN: 'all', DOCTOR: 'ownPatients', CLINICIAN: 'ownPatients', NURSE: 'own', AUDITOR: 'all' },
  AUDIT_VERIFY: { ADMIN: 'all', AUDITOR: 'all' },
  AUDIT_ACKNOWLEDGE: { ADMIN: 'all' },
  DEMOGRAPHICS_READ: { ADMIN: 'all', DOCTOR: 'all', CLINICIAN: 'all', NURSE: 'all' },
} as const satisfies Record<string, Grants>;

export type Permission = keyof typeof permissionTable;

export const permissions = Object.keys(permissionTable) as Permission[];

/** How far this role's permission reaches, or null when the role lacks it. */
export function reachOf(role: Role | null, permission: Permission): Reach | null {
  if (!role) return null;
  const grants: Grants = permissionTable[permission];
  return grants[role] ?? null;
}

/** The same for whoever acts: what reaches as far as a scope is nothing without one that grants it. */
export function reachFor({ role, scope }: Pick<Actor, 'role' | 'scope'>, permission: Permission): Reach | null {
  const reach = reachOf(role, permission);
  return reach === 'scope' && !scope?.grants(permission) ? null : reach;
}

/** Everything a person of this role may do in some reach, for `me.permissions`. */
export function permissionsOf(role: Role): Permission[] {
  return permissions.filter((permission) => reachFor({ role }, permission) !== null);
}

/** Fields of a patient that are clinical and need CLINICAL_WRITE as well; all others are demographics. */
export const clinicalFields = [
  'allergies',
  'problems',
  'medications',
  'diagnosis',
  'treatment',
  'medicalHistory',
] as const;

/**
 * What an operation demands: nothing at all, any signed-in person, or a permission. `ownAccount` is for looking after one's
 * own account: also for whoever has yet to set up the second factor that the role wants, and may do nothing else.
 */
export type Demand = 'public' | 'ownAccount' | 'signedIn' | Permission;

/** Every root field and what it demands; a test fails when the schema has one that is missing here. */
export const operationTable: Record<'Query' | 'Mutation' | 'Subscription', Record<string, Demand>> = {
  Query: {
    me: 'public',
    patient: 'PATIENT_READ',
    patients: 'PATIENT_READ',
    similarPatients: 'PATIENT_WRITE',
    mergePreview: 'PATIENT_MERGE',
    visit: 'PATIENT_READ',
    visits: 'PATIENT_READ',
    treatmentUpdates: 'PATIENT_READ',
    auditEntries: 'AUDIT_READ',
    auditLog: 'AUDIT_READ',
    auditProof: 'AUDIT_READ',
    auditConsistency: 'AUDIT_READ',
    accessReport: 'AUDIT_READ',
    accountingOfDisclosures: 'AUDIT_READ',
    logAlarms: 'AUDIT_VERIFY',
    demographics: 'DEMOGRAPHICS_READ',
    encryptedRecord: 'RECORD_AS_STORED',
    users: 'USER_MANAGE',
    apiClients: 'API_CLIENT_MANAGE',
    signInProvider: 'public',
    apiScopes: 'API_CLIENT_MANAGE',
    staff: 'STAFF_LIST',
    keyring: 'KEYS_MANAGE',
    node: 'signedIn',
    breakGlassGrants: 'BREAK_GLASS_READ',
    snoopingFindings: 'SNOOPING_REVIEW',
    explainAccess: 'signedIn',
  },
  Mutation: {
    signIn: 'public',
    refreshSession: 'public',
    signOut: 'public',
    acceptInvite: 'public',
    changePassword: 'ownAccount',
    endSession: 'ownAccount',
    endOtherSessions: 'ownAccount',
    stepUp: 'ownAccount',
    verifyTotp: 'public',
    enrolTotp: 'ownAccount',
    confirmTotp: 'ownAccount',
    removeTotp: 'ownAccount',
    renewRecoveryCodes: 'ownAccount',
    beginPasskey: 'ownAccount',
    registerPasskey: 'ownAccount',
    renamePasskey: 'ownAccount',
    removePasskey: 'ownAccount',
    passkeyProof: 'ownAccount',
    passkeySignIn: 'public',
    signInWithPasskey: 'public',
    resetSecondFactor: 'USER_MANAGE',
    createPatient: 'PATIENT_WRITE',
    updatePatient: 'PATIENT_WRITE',
    deletePatient: 'PATIENT_DELETE',
    restorePatient: 'PATIENT_DELETE',
    erasePatient: 'PATIENT_ERASE',
    mergePatients: 'PATIENT_MERGE',
    unmergePatients: 'PATIENT_MERGE',
    setConfidential: 'PATIENT_CONFIDENTIAL',
    breakGlass: 'BREAK_GLASS',
    endBreakGlass: 'BREAK_GLASS',
    reviewBreakGlass: 'BREAK_GLASS_REVIEW',
    reviewSnooping: 'SNOOPING_REVIEW',
    printRecord: 'PATIENT_READ',
    createVisit: 'VISIT_WRITE',
    updateVisit: 'VISIT_WRITE',
    amendVisit: 'VISIT_AMEND',
    deleteVisit: 'VISIT_DELETE',
    recordVitals: 'VITALS_WRITE',
    recordTreatment: 'TREATMENT_WRITE',
    addCareTeamMember: 'CARE_TEAM_WRITE',
    removeCareTeamMember: 'CARE_TEAM_WRITE',
    createUser: 'USER_MANAGE',
    updateUser: 'USER_MANAGE',
    deactivateUser: 'USER_MANAGE',
    reactivateUser: 'USER_MANAGE',
    resetPassword: 'USER_MANAGE',
    removePassword: 'USER_MANAGE',
    createApiClient: 'API_CLIENT_MANAGE',
    updateApiClient: 'API_CLIENT_MANAGE',
    rotateApiClientSecret: 'API_CLIENT_MANAGE',
    revokeApiClient: 'API_CLIENT_MANAGE',
    verifyAuditLog: 'AUDIT_VERIFY',
    acknowledgeLogAlarm: 'AUDIT_ACKNOWLEDGE',
    rotateKeys: 'KEYS_MANAGE',
    resealRecords: 'KEYS_MANAGE',
    rotateIndexKey: 'KEYS_MANAGE',
  },
  Subscription: {
    auditEntryAdded: 'AUDIT_READ',
    patientChanged: 'PATIENT_READ',
  },
};

/**
 * Object types and what seeing any field of them demands, on top of the operation that led there. `withParent` is for
 * values that have no door of their own: whoever may see the parent may see them.
 */
export const typeTable: Record<string, 'withParent' | Permission> = {
  PageInfo: 'withParent',
  HumanName: 'withParent',
  Address: 'withParent',
  EmergencyContact: 'withParent',
  Identifier: 'withParent',
  Allergy: 'withParent',
  Problem: 'withParent',
  Medication: 'withParent',
  StaffMember: 'withParent',
  CareTeamMember: 'withParent',
  BreakGlassGrant: 'BREAK_GLASS_READ',
  BreakGlassGrantEdge: 'withParent',
  BreakGlassGrantConnection: 'withParent',
  BreakGlassReview: 'withParent',
  SnoopingFinding: 'SNOOPING_REVIEW',
  SnoopingFindingEdge: 'withParent',
  SnoopingFindingConnection: 'withParent',
  SnoopingReview: 'withParent',
  AccessExplanation: 'withParent',
  AccessReason: 'withParent',
  Patient: 'PATIENT_READ',
  PatientEdge: 'withParent',
  PatientConnection: 'withParent',
  SimilarPatient: 'withParent',
  PatientMerge: 'withParent',
  MergePreview: 'PATIENT_MERGE',
  RecordHoldings: 'withParent',
  MergePatientsPayload: 'PATIENT_MERGE',
  UnmergePatientsPayload: 'PATIENT_MERGE',
  Vitals: 'withParent',
  Visit: 'PATIENT_READ',
  VisitAmendment: 'withParent',
  VisitVersion: 'withParent',
  VisitEdge: 'withParent',
  VisitConnection: 'withParent',
  TreatmentUpdate: 'PATIENT_READ',
  TreatmentUpdateEdge: 'withParent',
  TreatmentUpdateConnection: 'withParent',
  User: 'USER_MANAGE',
  UserEdge: 'withParent',
  UserConnection: 'withParent',
  Session: 'withParent',
  Me: 'withParent',
  SignInPayload: 'withParent',
  SecondFactor: 'withParent',
  Passkey: 'withParent',
  TotpEnrolment: 'withParent',
  RecoveryCodesPayload: 'withParent',
  RegisterPasskeyPayload: 'withParent',
  UserInvitePayload: 'USER_MANAGE',
  ApiClient: 'API_CLIENT_MANAGE',
  ApiClientEdge: 'withParent',
  ApiClientConnection: 'withParent',
  ApiClientCredential: 'withParent',
  ApiClientSecretPayload: 'API_CLIENT_MANAGE',
  ApiScope: 'withParent',
  AuditActor: 'withParent',
  AuditTarget: 'withParent',
  AuditEntry: 'AUDIT_READ',
  AuditEntryEdge: 'withParent',
  AuditEntryConnection: 'withParent',
  AuditLogStatus: 'AUDIT_READ',
  AuditProof: 'AUDIT_READ',
  AuditConsistency: 'AUDIT_READ',
  AccessReport: 'AUDIT_READ',
  AccessReportRow: 'withParent',
  AccessReportRowEdge: 'withParent',
  AccessReportRowConnection: 'withParent',
  DisclosureReport: 'AUDIT_READ',
  DisclosureRow: 'withParent',
  DisclosureRowEdge: 'withParent',
  DisclosureRowConnection: 'withParent',
  ReportProof: 'withParent',
  LogAlarm: 'AUDIT_VERIFY',
  DemographicCell: 'withParent',
  Demographics: 'withParent',
  PrintNote: 'PATIENT_READ',
  StoredField: 'RECORD_AS_STORED',
  Keyring: 'KEYS_MANAGE',
  KeyEpoch: 'withParent',
  SealedColumnCount: 'withParent',
  DataKeyCounts: 'withParent',
  DataKey: 'withParent',
  DataKeyEdge: 'withParent',
  DataKeyConnection: 'withParent',
  SearchGeneration: 'withParent',
  KeyJob: 'KEYS_MANAGE',
  ErasureCertificate: 'PATIENT_ERASE',
};
