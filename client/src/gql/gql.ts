/* eslint-disable */
import * as types from './graphql';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  fragment ApiClientParts on ApiClient {\n    id\n    version\n    name\n    scopes\n    listedPatients\n    requestsPerMinute\n    costPerMinute\n    createdAt\n    revokedAt\n    lastUsedAt\n    credentials {\n      id\n      kind\n      hint\n      createdAt\n      revokedAt\n      lastUsedAt\n    }\n  }\n": typeof types.ApiClientPartsFragmentDoc,
    "\n  query ApiClientsList($first: Int, $after: String, $last: Int, $before: String) {\n    apiClients(first: $first, after: $after, last: $last, before: $before) {\n      edges {\n        node {\n          ...ApiClientParts @unmask\n        }\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n": typeof types.ApiClientsListDocument,
    "\n  query ApiScopes {\n    apiScopes {\n      name\n      groups\n    }\n  }\n": typeof types.ApiScopesDocument,
    "\n  mutation CreateApiClient($input: CreateApiClientInput!) {\n    createApiClient(input: $input) {\n      secret\n      client {\n        ...ApiClientParts @unmask\n      }\n    }\n  }\n": typeof types.CreateApiClientDocument,
    "\n  mutation ChangeApiClient($input: UpdateApiClientInput!) {\n    updateApiClient(input: $input) {\n      ...ApiClientParts @unmask\n    }\n  }\n": typeof types.ChangeApiClientDocument,
    "\n  mutation RotateApiClientSecret($input: RotateApiClientSecretInput!) {\n    rotateApiClientSecret(input: $input) {\n      secret\n      client {\n        ...ApiClientParts @unmask\n      }\n    }\n  }\n": typeof types.RotateApiClientSecretDocument,
    "\n  mutation RevokeApiClient($input: RevokeApiClientInput!) {\n    revokeApiClient(input: $input) {\n      ...ApiClientParts @unmask\n    }\n  }\n": typeof types.RevokeApiClientDocument,
    "\n  subscription EntriesAdded($filter: AuditFilter, $after: Int) {\n    auditEntryAdded(filter: $filter, after: $after) {\n      index\n      action\n      actor {\n        id\n      }\n    }\n  }\n": typeof types.EntriesAddedDocument,
    "\n  fragment LogStatusParts on AuditLogStatus {\n    size\n    root\n    checkpoint\n    checkpointAt\n    cosignedSize\n    cosignedAt\n    timeStampedSize\n    timeStampedAt\n    pending\n    verifiedTo\n    verifiedAt\n    state\n    brokenAt\n    finding\n  }\n": typeof types.LogStatusPartsFragmentDoc,
    "\n  query LogStatus {\n    auditLog {\n      ...LogStatusParts @unmask\n    }\n  }\n": typeof types.LogStatusDocument,
    "\n  fragment LogAlarmParts on LogAlarm {\n    id\n    kind\n    finding\n    entryIndex\n    requestId\n    raisedAt\n    endedAt\n    acknowledgedAt\n    acknowledgedBy {\n      id\n      name\n    }\n    note\n  }\n": typeof types.LogAlarmPartsFragmentDoc,
    "\n  query LogAlarms {\n    logAlarms {\n      ...LogAlarmParts @unmask\n    }\n  }\n": typeof types.LogAlarmsDocument,
    "\n  query AlarmHistory {\n    auditLog {\n      alarms {\n        ...LogAlarmParts @unmask\n      }\n    }\n  }\n": typeof types.AlarmHistoryDocument,
    "\n  mutation AcknowledgeLogAlarm($input: AcknowledgeLogAlarmInput!) {\n    acknowledgeLogAlarm(input: $input) {\n      ...LogAlarmParts @unmask\n    }\n  }\n": typeof types.AcknowledgeLogAlarmDocument,
    "\n  mutation VerifyLog {\n    verifyAuditLog {\n      ...LogStatusParts @unmask\n    }\n  }\n": typeof types.VerifyLogDocument,
    "\n  query AuditLogPage(\n    $filter: AuditFilter\n    $orderBy: AuditOrder\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n  ) {\n    auditEntries(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {\n      edges {\n        node {\n          index\n          at\n          actor {\n            kind\n            id\n            role\n            name\n          }\n          action\n          outcome\n          operation\n          patients\n          target {\n            type\n            id\n          }\n          fields\n          purpose\n          reason\n          requestId\n          ip\n          canonical\n          leafHash\n          chainHash\n        }\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n": typeof types.AuditLogPageDocument,
    "\n  query EntryProof($index: Int!) {\n    auditProof(index: $index) {\n      index\n      leafIndex\n      leafHash\n      size\n      root\n      path\n      checkpoint\n    }\n  }\n": typeof types.EntryProofDocument,
    "\n  query AccessReportPage(\n    $patientId: ID!\n    $from: DateTime!\n    $to: DateTime!\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n  ) {\n    accessReport(patientId: $patientId, from: $from, to: $to) {\n      madeAt\n      rows(first: $first, after: $after, last: $last, before: $before) {\n        edges {\n          node {\n            emergency\n            entry {\n              index\n              at\n              actor {\n                kind\n                id\n                role\n                name\n              }\n              action\n              target {\n                type\n              }\n              outcome\n              fields\n              purpose\n              reason\n            }\n          }\n        }\n        pageInfo {\n          hasNextPage\n          hasPreviousPage\n          startCursor\n          endCursor\n        }\n      }\n    }\n  }\n": typeof types.AccessReportPageDocument,
    "\n  query DisclosureReportPage(\n    $patientId: ID!\n    $from: DateTime\n    $to: DateTime\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n  ) {\n    accountingOfDisclosures(patientId: $patientId, from: $from, to: $to) {\n      madeAt\n      rows(first: $first, after: $after, last: $last, before: $before) {\n        edges {\n          node {\n            at\n            recipient\n            recipientAddress\n            disclosed\n            purpose\n            entry {\n              index\n            }\n          }\n        }\n        pageInfo {\n          hasNextPage\n          hasPreviousPage\n          startCursor\n          endCursor\n        }\n      }\n    }\n  }\n": typeof types.DisclosureReportPageDocument,
    "\n  query AccessReportFile($patientId: ID!, $from: DateTime!, $to: DateTime!, $csv: Boolean!) {\n    accessReport(patientId: $patientId, from: $from, to: $to) {\n      csv @include(if: $csv)\n      pdf @skip(if: $csv)\n    }\n  }\n": typeof types.AccessReportFileDocument,
    "\n  query DisclosureReportFile($patientId: ID!, $from: DateTime!, $to: DateTime!, $csv: Boolean!) {\n    accountingOfDisclosures(patientId: $patientId, from: $from, to: $to) {\n      csv @include(if: $csv)\n      pdf @skip(if: $csv)\n    }\n  }\n": typeof types.DisclosureReportFileDocument,
    "\n  query ExplainAccess($patientId: ID!) {\n    explainAccess(patientId: $patientId) {\n      patientId\n      allowed\n      mayBreakGlass\n      because {\n        kind\n        since\n        until\n      }\n      grantedBy {\n        id\n        name\n        role\n      }\n    }\n  }\n": typeof types.ExplainAccessDocument,
    "\n  mutation BreakGlass($input: BreakGlassInput!) {\n    breakGlass(input: $input) {\n      id\n      patientId\n      secondsLeft\n    }\n  }\n": typeof types.BreakGlassDocument,
    "\n  mutation EndBreakGlass($input: EndBreakGlassInput!) {\n    endBreakGlass(input: $input) {\n      id\n      secondsLeft\n    }\n  }\n": typeof types.EndBreakGlassDocument,
    "\n  fragment GrantStripParts on Patient {\n    id\n    openGrant {\n      id\n      secondsLeft\n    }\n  }\n": typeof types.GrantStripPartsFragmentDoc,
    "\n  query GrantsWaiting {\n    waiting: breakGlassGrants(first: 1, filter: { reviewed: false }) {\n      totalCount\n    }\n    open: breakGlassGrants(first: 1, filter: { open: true }) {\n      totalCount\n    }\n  }\n": typeof types.GrantsWaitingDocument,
    "\n  query ReviewQueue(\n    $filter: BreakGlassFilter\n    $named: Boolean!\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n  ) {\n    breakGlassGrants(filter: $filter, first: $first, after: $after, last: $last, before: $before) {\n      edges {\n        node {\n          id\n          patientId\n          reason\n          text\n          startedAt\n          expiresAt\n          endedAt\n          secondsLeft\n          accesses\n          user {\n            id\n            name\n            role\n          }\n          patient @include(if: $named) {\n            id\n            mrn\n            name {\n              family\n              given\n            }\n            confidential\n          }\n          review {\n            verdict\n            at\n            note\n            by {\n              id\n              name\n            }\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n": typeof types.ReviewQueueDocument,
    "\n  mutation ReviewBreakGlass($input: ReviewBreakGlassInput!) {\n    reviewBreakGlass(input: $input) {\n      id\n      review {\n        verdict\n        at\n        note\n        by {\n          id\n          name\n        }\n      }\n    }\n  }\n": typeof types.ReviewBreakGlassDocument,
    "\n  query HospitalCharts {\n    demographics {\n      total\n      ageBands {\n        label\n        gender\n        count\n      }\n      decades {\n        label\n        gender\n        count\n      }\n      genders {\n        label\n        gender\n        count\n      }\n    }\n  }\n": typeof types.HospitalChartsDocument,
    "\n  query DashboardPatients($filter: PatientFilter) {\n    patients(filter: $filter, first: 8, orderBy: REGISTERED_DESC) {\n      edges {\n        node {\n          id\n          mrn\n          name {\n            family\n            given\n          }\n          birthDate\n          gender\n          confidential\n          diagnosis\n        }\n      }\n    }\n  }\n": typeof types.DashboardPatientsDocument,
    "\n  query VisitsOfToday($from: DateTime!, $to: DateTime!) {\n    visits(from: $from, to: $to, first: 20) {\n      edges {\n        node {\n          id\n          type\n          status\n          startedAt\n          reason\n          patient {\n            id\n            name {\n              family\n              given\n            }\n            confidential\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n      }\n    }\n  }\n": typeof types.VisitsOfTodayDocument,
    "\n  fragment KeyJobParts on KeyJob {\n    id\n    kind\n    state\n    done\n    total\n    startedAt\n    finishedAt\n  }\n": typeof types.KeyJobPartsFragmentDoc,
    "\n  query KeyringState {\n    keyring {\n      custody\n      countedAt\n      epochs {\n        epoch\n        createdAt\n        current\n        dataKeys\n      }\n      columns {\n        table\n        column\n        meaning\n        envelopes\n        withoutKey\n        underRetiredKeys\n      }\n      dataKeys {\n        inUse\n        retired\n        due\n        oldest\n      }\n      generations {\n        version\n        state\n        createdAt\n        patients\n      }\n      job {\n        ...KeyJobParts @unmask\n      }\n    }\n  }\n": typeof types.KeyringStateDocument,
    "\n  query KeysDue($first: Int, $after: String) {\n    keyring {\n      keys(first: $first, after: $after, due: true) {\n        edges {\n          node {\n            id\n            owner\n            purpose\n            epoch\n            createdAt\n            envelopes\n          }\n        }\n        pageInfo {\n          hasNextPage\n          hasPreviousPage\n          startCursor\n          endCursor\n        }\n      }\n    }\n  }\n": typeof types.KeysDueDocument,
    "\n  mutation RotateKeys {\n    rotateKeys {\n      ...KeyJobParts @unmask\n    }\n  }\n": typeof types.RotateKeysDocument,
    "\n  mutation ResealRecords($input: ResealInput!) {\n    resealRecords(input: $input) {\n      ...KeyJobParts @unmask\n    }\n  }\n": typeof types.ResealRecordsDocument,
    "\n  mutation RotateIndexKey {\n    rotateIndexKey {\n      ...KeyJobParts @unmask\n    }\n  }\n": typeof types.RotateIndexKeyDocument,
    "\n  fragment MergeParts on Patient {\n    id\n    version\n    merges {\n      id\n      mrn\n      reason\n      mergedAt\n      mergedBy {\n        id\n        name\n      }\n    }\n  }\n": typeof types.MergePartsFragmentDoc,
    "\n  query MergePreview($keepId: ID!, $mergeId: ID!) {\n    mergePreview(keepId: $keepId, mergeId: $mergeId) {\n      differing\n      keep {\n        createdAt\n        confidential\n        ...EditParts @unmask\n      }\n      merge {\n        createdAt\n        confidential\n        ...EditParts @unmask\n      }\n      keepHolds {\n        visits\n        treatmentUpdates\n        careTeam\n      }\n      mergeHolds {\n        visits\n        treatmentUpdates\n        careTeam\n      }\n    }\n  }\n": typeof types.MergePreviewDocument,
    "\n  mutation MergePatients($input: MergePatientsInput!) {\n    mergePatients(input: $input) {\n      patient {\n        id\n        ...MergeParts\n      }\n    }\n  }\n": typeof types.MergePatientsDocument,
    "\n  mutation UnmergePatients($input: UnmergePatientsInput!) {\n    unmergePatients(input: $input) {\n      kept {\n        id\n        ...MergeParts\n      }\n      restored {\n        id\n        mrn\n      }\n      fieldsStayed\n      visitsStayed\n      treatmentUpdatesStayed\n    }\n  }\n": typeof types.UnmergePatientsDocument,
    "\n  query LikelyDuplicates($input: SimilarPatientsInput!) {\n    similarPatients(input: $input) {\n      because\n      patient {\n        ...DuplicateParts @unmask\n      }\n    }\n  }\n": typeof types.LikelyDuplicatesDocument,
    "\n  query FoundDuplicates($search: String!) {\n    patients(search: $search, first: 10) {\n      edges {\n        node {\n          ...DuplicateParts @unmask\n        }\n      }\n    }\n  }\n": typeof types.FoundDuplicatesDocument,
    "\n  fragment DuplicateParts on Patient {\n    id\n    mrn\n    name {\n      family\n      given\n    }\n    birthDate\n    gender\n    confidential\n  }\n": typeof types.DuplicatePartsFragmentDoc,
    "\n  query StaffForCareTeam {\n    staff {\n      id\n      name\n      role\n    }\n  }\n": typeof types.StaffForCareTeamDocument,
    "\n  mutation AddToCareTeam($input: CareTeamInput!) {\n    addCareTeamMember(input: $input) {\n      ...CareTeamParts\n    }\n  }\n": typeof types.AddToCareTeamDocument,
    "\n  mutation RemoveFromCareTeam($input: CareTeamInput!) {\n    removeCareTeamMember(input: $input) {\n      ...CareTeamParts\n    }\n  }\n": typeof types.RemoveFromCareTeamDocument,
    "\n  subscription RecordChanged($patientId: ID!) {\n    patientChanged(patientId: $patientId, byOthers: true) {\n      id\n    }\n  }\n": typeof types.RecordChangedDocument,
    "\n  mutation SetConfidential($input: SetConfidentialInput!) {\n    setConfidential(input: $input) {\n      id\n      version\n      confidential\n    }\n  }\n": typeof types.SetConfidentialDocument,
    "\n  mutation SavePatient($input: UpdatePatientInput!) {\n    updatePatient(input: $input) {\n      id\n      version\n      updatedAt\n      ...PatientBannerParts\n      ...ClinicalParts\n      ...DetailsParts\n    }\n  }\n": typeof types.SavePatientDocument,
    "\n  query PatientForEdit($id: ID!) {\n    patient(id: $id) {\n      ...EditParts @unmask\n    }\n  }\n": typeof types.PatientForEditDocument,
    "\n  mutation ErasePatient($input: ErasePatientInput!) {\n    erasePatient(input: $input) {\n      patientId\n      erasedAt\n      json\n    }\n  }\n": typeof types.ErasePatientDocument,
    "\n  mutation DeletePatient($input: DeletePatientInput!) {\n    deletePatient(input: $input) {\n      id\n      version\n      deletedAt\n    }\n  }\n": typeof types.DeletePatientDocument,
    "\n  mutation RestorePatient($input: RestorePatientInput!) {\n    restorePatient(input: $input) {\n      id\n      version\n      deletedAt\n    }\n  }\n": typeof types.RestorePatientDocument,
    "\n  query PatientsList(\n    $search: String\n    $filter: PatientFilter\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n  ) {\n    patients(search: $search, filter: $filter, first: $first, after: $after, last: $last, before: $before) {\n      edges {\n        match\n        node {\n          id\n          ...PatientRowParts\n        }\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n      totalCount\n    }\n  }\n": typeof types.PatientsListDocument,
    "\n  mutation NotePrinting($input: PrintRecordInput!) {\n    printRecord(input: $input) {\n      at\n    }\n  }\n": typeof types.NotePrintingDocument,
    "\n  query QuickPatients($search: String!) {\n    patients(search: $search, first: 7) {\n      edges {\n        match\n        node {\n          id\n          mrn\n          name {\n            family\n            given\n          }\n          birthDate\n          gender\n          confidential\n        }\n      }\n    }\n  }\n": typeof types.QuickPatientsDocument,
    "\n  mutation RegisterPatient($input: CreatePatientInput!) {\n    createPatient(input: $input) {\n      id\n    }\n  }\n": typeof types.RegisterPatientDocument,
    "\n  query SimilarPatients($input: SimilarPatientsInput!) {\n    similarPatients(input: $input) {\n      because\n      patient {\n        id\n        mrn\n        name {\n          family\n          given\n        }\n        birthDate\n        gender\n        confidential\n      }\n    }\n  }\n": typeof types.SimilarPatientsDocument,
    "\n  query RecordAsStored($patientId: ID!) {\n    encryptedRecord(patientId: $patientId) {\n      table\n      rowId\n      column\n      meaning\n      suite\n      keyId\n      nonce\n      ciphertext\n      tag\n      bytes\n    }\n  }\n": typeof types.RecordAsStoredDocument,
    "\n  fragment PatientBannerParts on Patient {\n    id\n    mrn\n    name {\n      family\n      given\n      prefix\n    }\n    birthDate\n    age\n    gender\n    allergies {\n      substance\n      reaction\n      severity\n    }\n    deceasedAt\n    confidential\n    deletedAt\n  }\n": typeof types.PatientBannerPartsFragmentDoc,
    "\n  fragment PatientRowParts on Patient {\n    id\n    mrn\n    name {\n      family\n      given\n    }\n    birthDate\n    age\n    gender\n    deceasedAt\n    confidential\n    deletedAt\n  }\n": typeof types.PatientRowPartsFragmentDoc,
    "\n  fragment ClinicalParts on Patient {\n    id\n    diagnosis\n    treatment\n    medicalHistory\n    allergies {\n      substance\n      reaction\n      severity\n    }\n    problems {\n      text\n      code\n      onset\n      status\n    }\n    medications {\n      text\n      dose\n      status\n    }\n  }\n": typeof types.ClinicalPartsFragmentDoc,
    "\n  fragment DetailsParts on Patient {\n    id\n    mrn\n    name {\n      family\n      given\n      prefix\n    }\n    birthDate\n    gender\n    phone\n    email\n    address {\n      line\n      city\n      state\n      postalCode\n      country\n    }\n    emergencyContact {\n      name\n      relationship\n      phone\n    }\n    identifiers {\n      system\n      value\n    }\n    deceasedAt\n    createdAt\n    updatedAt\n    version\n  }\n": typeof types.DetailsPartsFragmentDoc,
    "\n  fragment CareTeamParts on Patient {\n    id\n    careTeam {\n      id\n      careRole\n      since\n      until\n      user {\n        id\n        name\n        role\n      }\n    }\n  }\n": typeof types.CareTeamPartsFragmentDoc,
    "\n  fragment EditParts on Patient {\n    id\n    version\n    mrn\n    name {\n      family\n      given\n      prefix\n    }\n    birthDate\n    gender\n    phone\n    email\n    address {\n      line\n      city\n      state\n      postalCode\n      country\n    }\n    emergencyContact {\n      name\n      relationship\n      phone\n    }\n    identifiers {\n      system\n      value\n    }\n    allergies {\n      substance\n      reaction\n      severity\n    }\n    problems {\n      code\n      system\n      text\n      onset\n      status\n    }\n    medications {\n      text\n      dose\n      status\n    }\n    diagnosis\n    medicalHistory\n    deceasedAt\n  }\n": typeof types.EditPartsFragmentDoc,
    "\n  query PatientRecord($id: ID!) {\n    patient(id: $id) {\n      id\n      version\n      birthDate\n      confidential\n      deletedAt\n      ...PatientBannerParts\n      ...GrantStripParts\n      ...ClinicalParts\n      ...DetailsParts\n      ...CareTeamParts\n      ...RecentParts\n      ...MergeParts\n    }\n  }\n": typeof types.PatientRecordDocument,
    "\n  fragment RecentParts on Patient {\n    id\n    visits(first: 5) {\n      edges {\n        node {\n          id\n          type\n          status\n          startedAt\n          reason\n          diagnosis\n          attending {\n            id\n            name\n          }\n          vitals {\n            ...VitalsParts @unmask\n          }\n        }\n      }\n    }\n    treatmentUpdates(first: 3) {\n      edges {\n        node {\n          id\n          text\n          status\n          at\n          author {\n            id\n            name\n            role\n          }\n        }\n      }\n    }\n  }\n": typeof types.RecentPartsFragmentDoc,
    "\n  query MySessions {\n    me {\n      id\n      sessions {\n        id\n        createdAt\n        lastUsedAt\n        expiresAt\n        device\n        current\n      }\n    }\n  }\n": typeof types.MySessionsDocument,
    "\n  mutation EndSession($input: EndSessionInput!) {\n    endSession(input: $input)\n  }\n": typeof types.EndSessionDocument,
    "\n  mutation EndOtherSessions {\n    endOtherSessions\n  }\n": typeof types.EndOtherSessionsDocument,
    "\n  mutation ChangePassword($input: ChangePasswordInput!) {\n    changePassword(input: $input)\n  }\n": typeof types.ChangePasswordDocument,
    "\n  query MySecondFactor {\n    me {\n      id\n      secondFactor {\n        totp\n        recoveryCodesLeft\n        required\n        passkeys {\n          id\n          name\n          createdAt\n          lastUsedAt\n        }\n      }\n    }\n  }\n": typeof types.MySecondFactorDocument,
    "\n  mutation EnrolTotp($input: EnrolTotpInput!) {\n    enrolTotp(input: $input) {\n      secret\n      uri\n    }\n  }\n": typeof types.EnrolTotpDocument,
    "\n  mutation ConfirmTotp($input: ConfirmTotpInput!) {\n    confirmTotp(input: $input) {\n      recoveryCodes\n    }\n  }\n": typeof types.ConfirmTotpDocument,
    "\n  mutation RemoveTotp {\n    removeTotp\n  }\n": typeof types.RemoveTotpDocument,
    "\n  mutation RenewRecoveryCodes {\n    renewRecoveryCodes {\n      recoveryCodes\n    }\n  }\n": typeof types.RenewRecoveryCodesDocument,
    "\n  mutation BeginPasskey {\n    beginPasskey\n  }\n": typeof types.BeginPasskeyDocument,
    "\n  mutation RegisterPasskey($input: RegisterPasskeyInput!) {\n    registerPasskey(input: $input) {\n      recoveryCodes\n      passkey {\n        id\n      }\n    }\n  }\n": typeof types.RegisterPasskeyDocument,
    "\n  mutation RenamePasskey($input: RenamePasskeyInput!) {\n    renamePasskey(input: $input) {\n      id\n      name\n    }\n  }\n": typeof types.RenamePasskeyDocument,
    "\n  mutation RemovePasskey($input: RemovePasskeyInput!) {\n    removePasskey(input: $input)\n  }\n": typeof types.RemovePasskeyDocument,
    "\n  query FindingsWaiting {\n    waiting: snoopingFindings(first: 1, filter: { status: OPEN }) {\n      totalCount\n    }\n  }\n": typeof types.FindingsWaitingDocument,
    "\n  query FindingQueue(\n    $filter: SnoopingFilter\n    $named: Boolean!\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n  ) {\n    snoopingFindings(filter: $filter, first: $first, after: $after, last: $last, before: $before) {\n      edges {\n        node {\n          id\n          rule\n          severity\n          status\n          day\n          firstAt\n          lastAt\n          count\n          entries\n          version\n          patientId\n          person {\n            id\n            name\n            role\n          }\n          patient @include(if: $named) {\n            id\n            mrn\n            name {\n              family\n              given\n            }\n            confidential\n          }\n          review {\n            verdict\n            at\n            note\n            by {\n              id\n              name\n            }\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n": typeof types.FindingQueueDocument,
    "\n  mutation ReviewSnooping($input: ReviewSnoopingInput!) {\n    reviewSnooping(input: $input) {\n      id\n      status\n      version\n    }\n  }\n": typeof types.ReviewSnoopingDocument,
    "\n  query PatientTreatments($patientId: ID!, $first: Int!, $after: String) {\n    treatmentUpdates(patientId: $patientId, first: $first, after: $after) {\n      edges {\n        node {\n          id\n          text\n          status\n          at\n          author {\n            id\n            name\n            role\n          }\n          visit {\n            id\n            startedAt\n            type\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.PatientTreatmentsDocument,
    "\n  query TreatmentWorklist($first: Int, $after: String, $last: Int, $before: String) {\n    patients(filter: { mine: true, deceased: false }, first: $first, after: $after, last: $last, before: $before) {\n      edges {\n        node {\n          id\n          mrn\n          name {\n            family\n            given\n          }\n          birthDate\n          confidential\n          treatment\n          treatmentUpdates(first: 1) {\n            edges {\n              node {\n                id\n                status\n                at\n                author {\n                  id\n                  name\n                }\n              }\n            }\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n": typeof types.TreatmentWorklistDocument,
    "\n  mutation UpdateTreatment($input: RecordTreatmentInput!) {\n    recordTreatment(input: $input) {\n      id\n      patient {\n        id\n        treatment\n      }\n    }\n  }\n": typeof types.UpdateTreatmentDocument,
    "\n  fragment UserParts on User {\n    id\n    email\n    name\n    role\n    active\n    lastSignInAt\n    createdAt\n    version\n  }\n": typeof types.UserPartsFragmentDoc,
    "\n  query UsersList($filter: UserFilter, $first: Int, $after: String, $last: Int, $before: String) {\n    users(filter: $filter, first: $first, after: $after, last: $last, before: $before) {\n      edges {\n        node {\n          ...UserParts @unmask\n        }\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n": typeof types.UsersListDocument,
    "\n  query HomeAddressOf($id: ID!) {\n    node(id: $id) {\n      id\n      ... on User {\n        address {\n          line\n          postalCode\n          city\n        }\n      }\n    }\n  }\n": typeof types.HomeAddressOfDocument,
    "\n  mutation InviteUser($input: CreateUserInput!) {\n    createUser(input: $input) {\n      setupUrl\n      expiresAt\n      user {\n        ...UserParts @unmask\n      }\n    }\n  }\n": typeof types.InviteUserDocument,
    "\n  mutation ChangeUser($input: UpdateUserInput!) {\n    updateUser(input: $input) {\n      ...UserParts\n    }\n  }\n": typeof types.ChangeUserDocument,
    "\n  mutation DeactivateUser($input: DeactivateUserInput!) {\n    deactivateUser(input: $input) {\n      ...UserParts\n    }\n  }\n": typeof types.DeactivateUserDocument,
    "\n  mutation ReactivateUser($input: ReactivateUserInput!) {\n    reactivateUser(input: $input) {\n      ...UserParts\n    }\n  }\n": typeof types.ReactivateUserDocument,
    "\n  mutation ResetSecondFactor($input: ResetSecondFactorInput!) {\n    resetSecondFactor(input: $input) {\n      id\n    }\n  }\n": typeof types.ResetSecondFactorDocument,
    "\n  mutation ResetPassword($input: ResetPasswordInput!) {\n    resetPassword(input: $input) {\n      setupUrl\n      expiresAt\n      user {\n        ...UserParts @unmask\n      }\n    }\n  }\n": typeof types.ResetPasswordDocument,
    "\n  mutation RemovePassword($input: RemovePasswordInput!) {\n    removePassword(input: $input) {\n      ...UserParts\n    }\n  }\n": typeof types.RemovePasswordDocument,
    "\n  fragment VitalsParts on Vitals {\n    temperature\n    heartRate\n    respiratoryRate\n    systolic\n    diastolic\n    oxygenSaturation\n    weight\n    height\n    painScore\n  }\n": typeof types.VitalsPartsFragmentDoc,
    "\n  fragment VisitParts on Visit {\n    id\n    version\n    type\n    status\n    startedAt\n    endedAt\n    reason\n    notes\n    diagnosis\n    attending {\n      id\n      name\n      role\n    }\n    vitals {\n      ...VitalsParts @unmask\n    }\n  }\n": typeof types.VisitPartsFragmentDoc,
    "\n  query PatientVisits($patientId: ID!, $first: Int!, $after: String) {\n    visits(patientId: $patientId, first: $first, after: $after) {\n      edges {\n        node {\n          ...VisitParts @unmask\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.PatientVisitsDocument,
    "\n  query OneVisit($id: ID!) {\n    visit(id: $id) {\n      ...VisitParts @unmask\n    }\n  }\n": typeof types.OneVisitDocument,
    "\n  query VisitHistory($id: ID!) {\n    visit(id: $id) {\n      id\n      amendments {\n        id\n        at\n        reason\n        author {\n          id\n          name\n        }\n        before {\n          type\n          status\n          startedAt\n          endedAt\n          reason\n          notes\n          diagnosis\n          writtenAt\n          writtenBy {\n            id\n            name\n          }\n          attending {\n            id\n            name\n            role\n          }\n          vitals {\n            ...VitalsParts @unmask\n          }\n        }\n      }\n    }\n  }\n": typeof types.VisitHistoryDocument,
    "\n  query StaffForVisit {\n    staff {\n      id\n      name\n      role\n    }\n  }\n": typeof types.StaffForVisitDocument,
    "\n  mutation WriteVisit($input: CreateVisitInput!) {\n    createVisit(input: $input) {\n      id\n      ...VisitParts\n    }\n  }\n": typeof types.WriteVisitDocument,
    "\n  mutation ChangeVisit($input: UpdateVisitInput!) {\n    updateVisit(input: $input) {\n      ...VisitParts\n    }\n  }\n": typeof types.ChangeVisitDocument,
    "\n  mutation ChangeClosedVisit($input: AmendVisitInput!) {\n    amendVisit(input: $input) {\n      ...VisitParts\n    }\n  }\n": typeof types.ChangeClosedVisitDocument,
    "\n  mutation AddVitals($input: RecordVitalsInput!) {\n    recordVitals(input: $input) {\n      ...VisitParts\n    }\n  }\n": typeof types.AddVitalsDocument,
    "\n  mutation RemoveVisit($input: DeleteVisitInput!) {\n    deleteVisit(input: $input) {\n      id\n    }\n  }\n": typeof types.RemoveVisitDocument,
    "\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      accessToken\n      expiresAt\n      me {\n        id\n        email\n        name\n        role\n        permissions\n        mustEnrol\n      }\n    }\n  }\n": typeof types.SignInDocument,
    "\n  query SignInProvider {\n    signInProvider\n  }\n": typeof types.SignInProviderDocument,
    "\n  mutation RefreshSession {\n    refreshSession {\n      accessToken\n      expiresAt\n      me {\n        id\n        email\n        name\n        role\n        permissions\n        mustEnrol\n      }\n    }\n  }\n": typeof types.RefreshSessionDocument,
    "\n  mutation AcceptInvite($input: AcceptInviteInput!) {\n    acceptInvite(input: $input) {\n      accessToken\n      expiresAt\n      me {\n        id\n        email\n        name\n        role\n        permissions\n        mustEnrol\n      }\n    }\n  }\n": typeof types.AcceptInviteDocument,
    "\n  mutation SignOut {\n    signOut\n  }\n": typeof types.SignOutDocument,
    "\n  mutation VerifyTotp($input: VerifyTotpInput!) {\n    verifyTotp(input: $input) {\n      accessToken\n      expiresAt\n      me {\n        id\n        email\n        name\n        role\n        permissions\n        mustEnrol\n      }\n    }\n  }\n": typeof types.VerifyTotpDocument,
    "\n  mutation PasskeySignIn {\n    passkeySignIn\n  }\n": typeof types.PasskeySignInDocument,
    "\n  mutation SignInWithPasskey($input: PasskeySignInInput!) {\n    signInWithPasskey(input: $input) {\n      accessToken\n      expiresAt\n      me {\n        id\n        email\n        name\n        role\n        permissions\n        mustEnrol\n      }\n    }\n  }\n": typeof types.SignInWithPasskeyDocument,
    "\n  mutation StepUp($input: StepUpInput!) {\n    stepUp(input: $input)\n  }\n": typeof types.StepUpDocument,
    "\n  mutation PasskeyProof {\n    passkeyProof\n  }\n": typeof types.PasskeyProofDocument,
    "\n  query MyProofs {\n    me {\n      id\n      secondFactor {\n        totp\n        passkeys {\n          id\n        }\n      }\n    }\n  }\n": typeof types.MyProofsDocument,
    "\n  query StaffNames {\n    staff {\n      id\n      name\n    }\n  }\n": typeof types.StaffNamesDocument,
};
const documents: Documents = {
    "\n  fragment ApiClientParts on ApiClient {\n    id\n    version\n    name\n    scopes\n    listedPatients\n    requestsPerMinute\n    costPerMinute\n    createdAt\n    revokedAt\n    lastUsedAt\n    credentials {\n      id\n      kind\n      hint\n      createdAt\n      revokedAt\n      lastUsedAt\n    }\n  }\n": types.ApiClientPartsFragmentDoc,
    "\n  query ApiClientsList($first: Int, $after: String, $last: Int, $before: String) {\n    apiClients(first: $first, after: $after, last: $last, before: $before) {\n      edges {\n        node {\n          ...ApiClientParts @unmask\n        }\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n": types.ApiClientsListDocument,
    "\n  query ApiScopes {\n    apiScopes {\n      name\n      groups\n    }\n  }\n": types.ApiScopesDocument,
    "\n  mutation CreateApiClient($input: CreateApiClientInput!) {\n    createApiClient(input: $input) {\n      secret\n      client {\n        ...ApiClientParts @unmask\n      }\n    }\n  }\n": types.CreateApiClientDocument,
    "\n  mutation ChangeApiClient($input: UpdateApiClientInput!) {\n    updateApiClient(input: $input) {\n      ...ApiClientParts @unmask\n    }\n  }\n": types.ChangeApiClientDocument,
    "\n  mutation RotateApiClientSecret($input: RotateApiClientSecretInput!) {\n    rotateApiClientSecret(input: $input) {\n      secret\n      client {\n        ...ApiClientParts @unmask\n      }\n    }\n  }\n": types.RotateApiClientSecretDocument,
    "\n  mutation RevokeApiClient($input: RevokeApiClientInput!) {\n    revokeApiClient(input: $input) {\n      ...ApiClientParts @unmask\n    }\n  }\n": types.RevokeApiClientDocument,
    "\n  subscription EntriesAdded($filter: AuditFilter, $after: Int) {\n    auditEntryAdded(filter: $filter, after: $after) {\n      index\n      action\n      actor {\n        id\n      }\n    }\n  }\n": types.EntriesAddedDocument,
    "\n  fragment LogStatusParts on AuditLogStatus {\n    size\n    root\n    checkpoint\n    checkpointAt\n    cosignedSize\n    cosignedAt\n    timeStampedSize\n    timeStampedAt\n    pending\n    verifiedTo\n    verifiedAt\n    state\n    brokenAt\n    finding\n  }\n": types.LogStatusPartsFragmentDoc,
    "\n  query LogStatus {\n    auditLog {\n      ...LogStatusParts @unmask\n    }\n  }\n": types.LogStatusDocument,
    "\n  fragment LogAlarmParts on LogAlarm {\n    id\n    kind\n    finding\n    entryIndex\n    requestId\n    raisedAt\n    endedAt\n    acknowledgedAt\n    acknowledgedBy {\n      id\n      name\n    }\n    note\n  }\n": types.LogAlarmPartsFragmentDoc,
    "\n  query LogAlarms {\n    logAlarms {\n      ...LogAlarmParts @unmask\n    }\n  }\n": types.LogAlarmsDocument,
    "\n  query AlarmHistory {\n    auditLog {\n      alarms {\n        ...LogAlarmParts @unmask\n      }\n    }\n  }\n": types.AlarmHistoryDocument,
    "\n  mutation AcknowledgeLogAlarm($input: AcknowledgeLogAlarmInput!) {\n    acknowledgeLogAlarm(input: $input) {\n      ...LogAlarmParts @unmask\n    }\n  }\n": types.AcknowledgeLogAlarmDocument,
    "\n  mutation VerifyLog {\n    verifyAuditLog {\n      ...LogStatusParts @unmask\n    }\n  }\n": types.VerifyLogDocument,
    "\n  query AuditLogPage(\n    $filter: AuditFilter\n    $orderBy: AuditOrder\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n  ) {\n    auditEntries(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {\n      edges {\n        node {\n          index\n          at\n          actor {\n            kind\n            id\n            role\n            name\n          }\n          action\n          outcome\n          operation\n          patients\n          target {\n            type\n            id\n          }\n          fields\n          purpose\n          reason\n          requestId\n          ip\n          canonical\n          leafHash\n          chainHash\n        }\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n": types.AuditLogPageDocument,
    "\n  query EntryProof($index: Int!) {\n    auditProof(index: $index) {\n      index\n      leafIndex\n      leafHash\n      size\n      root\n      path\n      checkpoint\n    }\n  }\n": types.EntryProofDocument,
    "\n  query AccessReportPage(\n    $patientId: ID!\n    $from: DateTime!\n    $to: DateTime!\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n  ) {\n    accessReport(patientId: $patientId, from: $from, to: $to) {\n      madeAt\n      rows(first: $first, after: $after, last: $last, before: $before) {\n        edges {\n          node {\n            emergency\n            entry {\n              index\n              at\n              actor {\n                kind\n                id\n                role\n                name\n              }\n              action\n              target {\n                type\n              }\n              outcome\n              fields\n              purpose\n              reason\n            }\n          }\n        }\n        pageInfo {\n          hasNextPage\n          hasPreviousPage\n          startCursor\n          endCursor\n        }\n      }\n    }\n  }\n": types.AccessReportPageDocument,
    "\n  query DisclosureReportPage(\n    $patientId: ID!\n    $from: DateTime\n    $to: DateTime\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n  ) {\n    accountingOfDisclosures(patientId: $patientId, from: $from, to: $to) {\n      madeAt\n      rows(first: $first, after: $after, last: $last, before: $before) {\n        edges {\n          node {\n            at\n            recipient\n            recipientAddress\n            disclosed\n            purpose\n            entry {\n              index\n            }\n          }\n        }\n        pageInfo {\n          hasNextPage\n          hasPreviousPage\n          startCursor\n          endCursor\n        }\n      }\n    }\n  }\n": types.DisclosureReportPageDocument,
    "\n  query AccessReportFile($patientId: ID!, $from: DateTime!, $to: DateTime!, $csv: Boolean!) {\n    accessReport(patientId: $patientId, from: $from, to: $to) {\n      csv @include(if: $csv)\n      pdf @skip(if: $csv)\n    }\n  }\n": types.AccessReportFileDocument,
    "\n  query DisclosureReportFile($patientId: ID!, $from: DateTime!, $to: DateTime!, $csv: Boolean!) {\n    accountingOfDisclosures(patientId: $patientId, from: $from, to: $to) {\n      csv @include(if: $csv)\n      pdf @skip(if: $csv)\n    }\n  }\n": types.DisclosureReportFileDocument,
    "\n  query ExplainAccess($patientId: ID!) {\n    explainAccess(patientId: $patientId) {\n      patientId\n      allowed\n      mayBreakGlass\n      because {\n        kind\n        since\n        until\n      }\n      grantedBy {\n        id\n        name\n        role\n      }\n    }\n  }\n": types.ExplainAccessDocument,
    "\n  mutation BreakGlass($input: BreakGlassInput!) {\n    breakGlass(input: $input) {\n      id\n      patientId\n      secondsLeft\n    }\n  }\n": types.BreakGlassDocument,
    "\n  mutation EndBreakGlass($input: EndBreakGlassInput!) {\n    endBreakGlass(input: $input) {\n      id\n      secondsLeft\n    }\n  }\n": types.EndBreakGlassDocument,
    "\n  fragment GrantStripParts on Patient {\n    id\n    openGrant {\n      id\n      secondsLeft\n    }\n  }\n": types.GrantStripPartsFragmentDoc,
    "\n  query GrantsWaiting {\n    waiting: breakGlassGrants(first: 1, filter: { reviewed: false }) {\n      totalCount\n    }\n    open: breakGlassGrants(first: 1, filter: { open: true }) {\n      totalCount\n    }\n  }\n": types.GrantsWaitingDocument,
    "\n  query ReviewQueue(\n    $filter: BreakGlassFilter\n    $named: Boolean!\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n  ) {\n    breakGlassGrants(filter: $filter, first: $first, after: $after, last: $last, before: $before) {\n      edges {\n        node {\n          id\n          patientId\n          reason\n          text\n          startedAt\n          expiresAt\n          endedAt\n          secondsLeft\n          accesses\n          user {\n            id\n            name\n            role\n          }\n          patient @include(if: $named) {\n            id\n            mrn\n            name {\n              family\n              given\n            }\n            confidential\n          }\n          review {\n            verdict\n            at\n            note\n            by {\n              id\n              name\n            }\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n": types.ReviewQueueDocument,
    "\n  mutation ReviewBreakGlass($input: ReviewBreakGlassInput!) {\n    reviewBreakGlass(input: $input) {\n      id\n      review {\n        verdict\n        at\n        note\n        by {\n          id\n          name\n        }\n      }\n    }\n  }\n": types.ReviewBreakGlassDocument,
    "\n  query HospitalCharts {\n    demographics {\n      total\n      ageBands {\n        label\n        gender\n        count\n      }\n      decades {\n        label\n        gender\n        count\n      }\n      genders {\n        label\n        gender\n        count\n      }\n    }\n  }\n": types.HospitalChartsDocument,
    "\n  query DashboardPatients($filter: PatientFilter) {\n    patients(filter: $filter, first: 8, orderBy: REGISTERED_DESC) {\n      edges {\n        node {\n          id\n          mrn\n          name {\n            family\n            given\n          }\n          birthDate\n          gender\n          confidential\n          diagnosis\n        }\n      }\n    }\n  }\n": types.DashboardPatientsDocument,
    "\n  query VisitsOfToday($from: DateTime!, $to: DateTime!) {\n    visits(from: $from, to: $to, first: 20) {\n      edges {\n        node {\n          id\n          type\n          status\n          startedAt\n          reason\n          patient {\n            id\n            name {\n              family\n              given\n            }\n            confidential\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n      }\n    }\n  }\n": types.VisitsOfTodayDocument,
    "\n  fragment KeyJobParts on KeyJob {\n    id\n    kind\n    state\n    done\n    total\n    startedAt\n    finishedAt\n  }\n": types.KeyJobPartsFragmentDoc,
    "\n  query KeyringState {\n    keyring {\n      custody\n      countedAt\n      epochs {\n        epoch\n        createdAt\n        current\n        dataKeys\n      }\n      columns {\n        table\n        column\n        meaning\n        envelopes\n        withoutKey\n        underRetiredKeys\n      }\n      dataKeys {\n        inUse\n        retired\n        due\n        oldest\n      }\n      generations {\n        version\n        state\n        createdAt\n        patients\n      }\n      job {\n        ...KeyJobParts @unmask\n      }\n    }\n  }\n": types.KeyringStateDocument,
    "\n  query KeysDue($first: Int, $after: String) {\n    keyring {\n      keys(first: $first, after: $after, due: true) {\n        edges {\n          node {\n            id\n            owner\n            purpose\n            epoch\n            createdAt\n            envelopes\n          }\n        }\n        pageInfo {\n          hasNextPage\n          hasPreviousPage\n          startCursor\n          endCursor\n        }\n      }\n    }\n  }\n": types.KeysDueDocument,
    "\n  mutation RotateKeys {\n    rotateKeys {\n      ...KeyJobParts @unmask\n    }\n  }\n": types.RotateKeysDocument,
    "\n  mutation ResealRecords($input: ResealInput!) {\n    resealRecords(input: $input) {\n      ...KeyJobParts @unmask\n    }\n  }\n": types.ResealRecordsDocument,
    "\n  mutation RotateIndexKey {\n    rotateIndexKey {\n      ...KeyJobParts @unmask\n    }\n  }\n": types.RotateIndexKeyDocument,
    "\n  fragment MergeParts on Patient {\n    id\n    version\n    merges {\n      id\n      mrn\n      reason\n      mergedAt\n      mergedBy {\n        id\n        name\n      }\n    }\n  }\n": types.MergePartsFragmentDoc,
    "\n  query MergePreview($keepId: ID!, $mergeId: ID!) {\n    mergePreview(keepId: $keepId, mergeId: $mergeId) {\n      differing\n      keep {\n        createdAt\n        confidential\n        ...EditParts @unmask\n      }\n      merge {\n        createdAt\n        confidential\n        ...EditParts @unmask\n      }\n      keepHolds {\n        visits\n        treatmentUpdates\n        careTeam\n      }\n      mergeHolds {\n        visits\n        treatmentUpdates\n        careTeam\n      }\n    }\n  }\n": types.MergePreviewDocument,
    "\n  mutation MergePatients($input: MergePatientsInput!) {\n    mergePatients(input: $input) {\n      patient {\n        id\n        ...MergeParts\n      }\n    }\n  }\n": types.MergePatientsDocument,
    "\n  mutation UnmergePatients($input: UnmergePatientsInput!) {\n    unmergePatients(input: $input) {\n      kept {\n        id\n        ...MergeParts\n      }\n      restored {\n        id\n        mrn\n      }\n      fieldsStayed\n      visitsStayed\n      treatmentUpdatesStayed\n    }\n  }\n": types.UnmergePatientsDocument,
    "\n  query LikelyDuplicates($input: SimilarPatientsInput!) {\n    similarPatients(input: $input) {\n      because\n      patient {\n        ...DuplicateParts @unmask\n      }\n    }\n  }\n": types.LikelyDuplicatesDocument,
    "\n  query FoundDuplicates($search: String!) {\n    patients(search: $search, first: 10) {\n      edges {\n        node {\n          ...DuplicateParts @unmask\n        }\n      }\n    }\n  }\n": types.FoundDuplicatesDocument,
    "\n  fragment DuplicateParts on Patient {\n    id\n    mrn\n    name {\n      family\n      given\n    }\n    birthDate\n    gender\n    confidential\n  }\n": types.DuplicatePartsFragmentDoc,
    "\n  query StaffForCareTeam {\n    staff {\n      id\n      name\n      role\n    }\n  }\n": types.StaffForCareTeamDocument,
    "\n  mutation AddToCareTeam($input: CareTeamInput!) {\n    addCareTeamMember(input: $input) {\n      ...CareTeamParts\n    }\n  }\n": types.AddToCareTeamDocument,
    "\n  mutation RemoveFromCareTeam($input: CareTeamInput!) {\n    removeCareTeamMember(input: $input) {\n      ...CareTeamParts\n    }\n  }\n": types.RemoveFromCareTeamDocument,
    "\n  subscription RecordChanged($patientId: ID!) {\n    patientChanged(patientId: $patientId, byOthers: true) {\n      id\n    }\n  }\n": types.RecordChangedDocument,
    "\n  mutation SetConfidential($input: SetConfidentialInput!) {\n    setConfidential(input: $input) {\n      id\n      version\n      confidential\n    }\n  }\n": types.SetConfidentialDocument,
    "\n  mutation SavePatient($input: UpdatePatientInput!) {\n    updatePatient(input: $input) {\n      id\n      version\n      updatedAt\n      ...PatientBannerParts\n      ...ClinicalParts\n      ...DetailsParts\n    }\n  }\n": types.SavePatientDocument,
    "\n  query PatientForEdit($id: ID!) {\n    patient(id: $id) {\n      ...EditParts @unmask\n    }\n  }\n": types.PatientForEditDocument,
    "\n  mutation ErasePatient($input: ErasePatientInput!) {\n    erasePatient(input: $input) {\n      patientId\n      erasedAt\n      json\n    }\n  }\n": types.ErasePatientDocument,
    "\n  mutation DeletePatient($input: DeletePatientInput!) {\n    deletePatient(input: $input) {\n      id\n      version\n      deletedAt\n    }\n  }\n": types.DeletePatientDocument,
    "\n  mutation RestorePatient($input: RestorePatientInput!) {\n    restorePatient(input: $input) {\n      id\n      version\n      deletedAt\n    }\n  }\n": types.RestorePatientDocument,
    "\n  query PatientsList(\n    $search: String\n    $filter: PatientFilter\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n  ) {\n    patients(search: $search, filter: $filter, first: $first, after: $after, last: $last, before: $before) {\n      edges {\n        match\n        node {\n          id\n          ...PatientRowParts\n        }\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n      totalCount\n    }\n  }\n": types.PatientsListDocument,
    "\n  mutation NotePrinting($input: PrintRecordInput!) {\n    printRecord(input: $input) {\n      at\n    }\n  }\n": types.NotePrintingDocument,
    "\n  query QuickPatients($search: String!) {\n    patients(search: $search, first: 7) {\n      edges {\n        match\n        node {\n          id\n          mrn\n          name {\n            family\n            given\n          }\n          birthDate\n          gender\n          confidential\n        }\n      }\n    }\n  }\n": types.QuickPatientsDocument,
    "\n  mutation RegisterPatient($input: CreatePatientInput!) {\n    createPatient(input: $input) {\n      id\n    }\n  }\n": types.RegisterPatientDocument,
    "\n  query SimilarPatients($input: SimilarPatientsInput!) {\n    similarPatients(input: $input) {\n      because\n      patient {\n        id\n        mrn\n        name {\n          family\n          given\n        }\n        birthDate\n        gender\n        confidential\n      }\n    }\n  }\n": types.SimilarPatientsDocument,
    "\n  query RecordAsStored($patientId: ID!) {\n    encryptedRecord(patientId: $patientId) {\n      table\n      rowId\n      column\n      meaning\n      suite\n      keyId\n      nonce\n      ciphertext\n      tag\n      bytes\n    }\n  }\n": types.RecordAsStoredDocument,
    "\n  fragment PatientBannerParts on Patient {\n    id\n    mrn\n    name {\n      family\n      given\n      prefix\n    }\n    birthDate\n    age\n    gender\n    allergies {\n      substance\n      reaction\n      severity\n    }\n    deceasedAt\n    confidential\n    deletedAt\n  }\n": types.PatientBannerPartsFragmentDoc,
    "\n  fragment PatientRowParts on Patient {\n    id\n    mrn\n    name {\n      family\n      given\n    }\n    birthDate\n    age\n    gender\n    deceasedAt\n    confidential\n    deletedAt\n  }\n": types.PatientRowPartsFragmentDoc,
    "\n  fragment ClinicalParts on Patient {\n    id\n    diagnosis\n    treatment\n    medicalHistory\n    allergies {\n      substance\n      reaction\n      severity\n    }\n    problems {\n      text\n      code\n      onset\n      status\n    }\n    medications {\n      text\n      dose\n      status\n    }\n  }\n": types.ClinicalPartsFragmentDoc,
    "\n  fragment DetailsParts on Patient {\n    id\n    mrn\n    name {\n      family\n      given\n      prefix\n    }\n    birthDate\n    gender\n    phone\n    email\n    address {\n      line\n      city\n      state\n      postalCode\n      country\n    }\n    emergencyContact {\n      name\n      relationship\n      phone\n    }\n    identifiers {\n      system\n      value\n    }\n    deceasedAt\n    createdAt\n    updatedAt\n    version\n  }\n": types.DetailsPartsFragmentDoc,
    "\n  fragment CareTeamParts on Patient {\n    id\n    careTeam {\n      id\n      careRole\n      since\n      until\n      user {\n        id\n        name\n        role\n      }\n    }\n  }\n": types.CareTeamPartsFragmentDoc,
    "\n  fragment EditParts on Patient {\n    id\n    version\n    mrn\n    name {\n      family\n      given\n      prefix\n    }\n    birthDate\n    gender\n    phone\n    email\n    address {\n      line\n      city\n      state\n      postalCode\n      country\n    }\n    emergencyContact {\n      name\n      relationship\n      phone\n    }\n    identifiers {\n      system\n      value\n    }\n    allergies {\n      substance\n      reaction\n      severity\n    }\n    problems {\n      code\n      system\n      text\n      onset\n      status\n    }\n    medications {\n      text\n      dose\n      status\n    }\n    diagnosis\n    medicalHistory\n    deceasedAt\n  }\n": types.EditPartsFragmentDoc,
    "\n  query PatientRecord($id: ID!) {\n    patient(id: $id) {\n      id\n      version\n      birthDate\n      confidential\n      deletedAt\n      ...PatientBannerParts\n      ...GrantStripParts\n      ...ClinicalParts\n      ...DetailsParts\n      ...CareTeamParts\n      ...RecentParts\n      ...MergeParts\n    }\n  }\n": types.PatientRecordDocument,
    "\n  fragment RecentParts on Patient {\n    id\n    visits(first: 5) {\n      edges {\n        node {\n          id\n          type\n          status\n          startedAt\n          reason\n          diagnosis\n          attending {\n            id\n            name\n          }\n          vitals {\n            ...VitalsParts @unmask\n          }\n        }\n      }\n    }\n    treatmentUpdates(first: 3) {\n      edges {\n        node {\n          id\n          text\n          status\n          at\n          author {\n            id\n            name\n            role\n          }\n        }\n      }\n    }\n  }\n": types.RecentPartsFragmentDoc,
    "\n  query MySessions {\n    me {\n      id\n      sessions {\n        id\n        createdAt\n        lastUsedAt\n        expiresAt\n        device\n        current\n      }\n    }\n  }\n": types.MySessionsDocument,
    "\n  mutation EndSession($input: EndSessionInput!) {\n    endSession(input: $input)\n  }\n": types.EndSessionDocument,
    "\n  mutation EndOtherSessions {\n    endOtherSessions\n  }\n": types.EndOtherSessionsDocument,
    "\n  mutation ChangePassword($input: ChangePasswordInput!) {\n    changePassword(input: $input)\n  }\n": types.ChangePasswordDocument,
    "\n  query MySecondFactor {\n    me {\n      id\n      secondFactor {\n        totp\n        recoveryCodesLeft\n        required\n        passkeys {\n          id\n          name\n          createdAt\n          lastUsedAt\n        }\n      }\n    }\n  }\n": types.MySecondFactorDocument,
    "\n  mutation EnrolTotp($input: EnrolTotpInput!) {\n    enrolTotp(input: $input) {\n      secret\n      uri\n    }\n  }\n": types.EnrolTotpDocument,
    "\n  mutation ConfirmTotp($input: ConfirmTotpInput!) {\n    confirmTotp(input: $input) {\n      recoveryCodes\n    }\n  }\n": types.ConfirmTotpDocument,
    "\n  mutation RemoveTotp {\n    removeTotp\n  }\n": types.RemoveTotpDocument,
    "\n  mutation RenewRecoveryCodes {\n    renewRecoveryCodes {\n      recoveryCodes\n    }\n  }\n": types.RenewRecoveryCodesDocument,
    "\n  mutation BeginPasskey {\n    beginPasskey\n  }\n": types.BeginPasskeyDocument,
    "\n  mutation RegisterPasskey($input: RegisterPasskeyInput!) {\n    registerPasskey(input: $input) {\n      recoveryCodes\n      passkey {\n        id\n      }\n    }\n  }\n": types.RegisterPasskeyDocument,
    "\n  mutation RenamePasskey($input: RenamePasskeyInput!) {\n    renamePasskey(input: $input) {\n      id\n      name\n    }\n  }\n": types.RenamePasskeyDocument,
    "\n  mutation RemovePasskey($input: RemovePasskeyInput!) {\n    removePasskey(input: $input)\n  }\n": types.RemovePasskeyDocument,
    "\n  query FindingsWaiting {\n    waiting: snoopingFindings(first: 1, filter: { status: OPEN }) {\n      totalCount\n    }\n  }\n": types.FindingsWaitingDocument,
    "\n  query FindingQueue(\n    $filter: SnoopingFilter\n    $named: Boolean!\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n  ) {\n    snoopingFindings(filter: $filter, first: $first, after: $after, last: $last, before: $before) {\n      edges {\n        node {\n          id\n          rule\n          severity\n          status\n          day\n          firstAt\n          lastAt\n          count\n          entries\n          version\n          patientId\n          person {\n            id\n            name\n            role\n          }\n          patient @include(if: $named) {\n            id\n            mrn\n            name {\n              family\n              given\n            }\n            confidential\n          }\n          review {\n            verdict\n            at\n            note\n            by {\n              id\n              name\n            }\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n": types.FindingQueueDocument,
    "\n  mutation ReviewSnooping($input: ReviewSnoopingInput!) {\n    reviewSnooping(input: $input) {\n      id\n      status\n      version\n    }\n  }\n": types.ReviewSnoopingDocument,
    "\n  query PatientTreatments($patientId: ID!, $first: Int!, $after: String) {\n    treatmentUpdates(patientId: $patientId, first: $first, after: $after) {\n      edges {\n        node {\n          id\n          text\n          status\n          at\n          author {\n            id\n            name\n            role\n          }\n          visit {\n            id\n            startedAt\n            type\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.PatientTreatmentsDocument,
    "\n  query TreatmentWorklist($first: Int, $after: String, $last: Int, $before: String) {\n    patients(filter: { mine: true, deceased: false }, first: $first, after: $after, last: $last, before: $before) {\n      edges {\n        node {\n          id\n          mrn\n          name {\n            family\n            given\n          }\n          birthDate\n          confidential\n          treatment\n          treatmentUpdates(first: 1) {\n            edges {\n              node {\n                id\n                status\n                at\n                author {\n                  id\n                  name\n                }\n              }\n            }\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n": types.TreatmentWorklistDocument,
    "\n  mutation UpdateTreatment($input: RecordTreatmentInput!) {\n    recordTreatment(input: $input) {\n      id\n      patient {\n        id\n        treatment\n      }\n    }\n  }\n": types.UpdateTreatmentDocument,
    "\n  fragment UserParts on User {\n    id\n    email\n    name\n    role\n    active\n    lastSignInAt\n    createdAt\n    version\n  }\n": types.UserPartsFragmentDoc,
    "\n  query UsersList($filter: UserFilter, $first: Int, $after: String, $last: Int, $before: String) {\n    users(filter: $filter, first: $first, after: $after, last: $last, before: $before) {\n      edges {\n        node {\n          ...UserParts @unmask\n        }\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n": types.UsersListDocument,
    "\n  query HomeAddressOf($id: ID!) {\n    node(id: $id) {\n      id\n      ... on User {\n        address {\n          line\n          postalCode\n          city\n        }\n      }\n    }\n  }\n": types.HomeAddressOfDocument,
    "\n  mutation InviteUser($input: CreateUserInput!) {\n    createUser(input: $input) {\n      setupUrl\n      expiresAt\n      user {\n        ...UserParts @unmask\n      }\n    }\n  }\n": types.InviteUserDocument,
    "\n  mutation ChangeUser($input: UpdateUserInput!) {\n    updateUser(input: $input) {\n      ...UserParts\n    }\n  }\n": types.ChangeUserDocument,
    "\n  mutation DeactivateUser($input: DeactivateUserInput!) {\n    deactivateUser(input: $input) {\n      ...UserParts\n    }\n  }\n": types.DeactivateUserDocument,
    "\n  mutation ReactivateUser($input: ReactivateUserInput!) {\n    reactivateUser(input: $input) {\n      ...UserParts\n    }\n  }\n": types.ReactivateUserDocument,
    "\n  mutation ResetSecondFactor($input: ResetSecondFactorInput!) {\n    resetSecondFactor(input: $input) {\n      id\n    }\n  }\n": types.ResetSecondFactorDocument,
    "\n  mutation ResetPassword($input: ResetPasswordInput!) {\n    resetPassword(input: $input) {\n      setupUrl\n      expiresAt\n      user {\n        ...UserParts @unmask\n      }\n    }\n  }\n": types.ResetPasswordDocument,
    "\n  mutation RemovePassword($input: RemovePasswordInput!) {\n    removePassword(input: $input) {\n      ...UserParts\n    }\n  }\n": types.RemovePasswordDocument,
    "\n  fragment VitalsParts on Vitals {\n    temperature\n    heartRate\n    respiratoryRate\n    systolic\n    diastolic\n    oxygenSaturation\n    weight\n    height\n    painScore\n  }\n": types.VitalsPartsFragmentDoc,
    "\n  fragment VisitParts on Visit {\n    id\n    version\n    type\n    status\n    startedAt\n    endedAt\n    reason\n    notes\n    diagnosis\n    attending {\n      id\n      name\n      role\n    }\n    vitals {\n      ...VitalsParts @unmask\n    }\n  }\n": types.VisitPartsFragmentDoc,
    "\n  query PatientVisits($patientId: ID!, $first: Int!, $after: String) {\n    visits(patientId: $patientId, first: $first, after: $after) {\n      edges {\n        node {\n          ...VisitParts @unmask\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.PatientVisitsDocument,
    "\n  query OneVisit($id: ID!) {\n    visit(id: $id) {\n      ...VisitParts @unmask\n    }\n  }\n": types.OneVisitDocument,
    "\n  query VisitHistory($id: ID!) {\n    visit(id: $id) {\n      id\n      amendments {\n        id\n        at\n        reason\n        author {\n          id\n          name\n        }\n        before {\n          type\n          status\n          startedAt\n          endedAt\n          reason\n          notes\n          diagnosis\n          writtenAt\n          writtenBy {\n            id\n            name\n          }\n          attending {\n            id\n            name\n            role\n          }\n          vitals {\n            ...VitalsParts @unmask\n          }\n        }\n      }\n    }\n  }\n": types.VisitHistoryDocument,
    "\n  query StaffForVisit {\n    staff {\n      id\n      name\n      role\n    }\n  }\n": types.StaffForVisitDocument,
    "\n  mutation WriteVisit($input: CreateVisitInput!) {\n    createVisit(input: $input) {\n      id\n      ...VisitParts\n    }\n  }\n": types.WriteVisitDocument,
    "\n  mutation ChangeVisit($input: UpdateVisitInput!) {\n    updateVisit(input: $input) {\n      ...VisitParts\n    }\n  }\n": types.ChangeVisitDocument,
    "\n  mutation ChangeClosedVisit($input: AmendVisitInput!) {\n    amendVisit(input: $input) {\n      ...VisitParts\n    }\n  }\n": types.ChangeClosedVisitDocument,
    "\n  mutation AddVitals($input: RecordVitalsInput!) {\n    recordVitals(input: $input) {\n      ...VisitParts\n    }\n  }\n": types.AddVitalsDocument,
    "\n  mutation RemoveVisit($input: DeleteVisitInput!) {\n    deleteVisit(input: $input) {\n      id\n    }\n  }\n": types.RemoveVisitDocument,
    "\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      accessToken\n      expiresAt\n      me {\n        id\n        email\n        name\n        role\n        permissions\n        mustEnrol\n      }\n    }\n  }\n": types.SignInDocument,
    "\n  query SignInProvider {\n    signInProvider\n  }\n": types.SignInProviderDocument,
    "\n  mutation RefreshSession {\n    refreshSession {\n      accessToken\n      expiresAt\n      me {\n        id\n        email\n        name\n        role\n        permissions\n        mustEnrol\n      }\n    }\n  }\n": types.RefreshSessionDocument,
    "\n  mutation AcceptInvite($input: AcceptInviteInput!) {\n    acceptInvite(input: $input) {\n      accessToken\n      expiresAt\n      me {\n        id\n        email\n        name\n        role\n        permissions\n        mustEnrol\n      }\n    }\n  }\n": types.AcceptInviteDocument,
    "\n  mutation SignOut {\n    signOut\n  }\n": types.SignOutDocument,
    "\n  mutation VerifyTotp($input: VerifyTotpInput!) {\n    verifyTotp(input: $input) {\n      accessToken\n      expiresAt\n      me {\n        id\n        email\n        name\n        role\n        permissions\n        mustEnrol\n      }\n    }\n  }\n": types.VerifyTotpDocument,
    "\n  mutation PasskeySignIn {\n    passkeySignIn\n  }\n": types.PasskeySignInDocument,
    "\n  mutation SignInWithPasskey($input: PasskeySignInInput!) {\n    signInWithPasskey(input: $input) {\n      accessToken\n      expiresAt\n      me {\n        id\n        email\n        name\n        role\n        permissions\n        mustEnrol\n      }\n    }\n  }\n": types.SignInWithPasskeyDocument,
    "\n  mutation StepUp($input: StepUpInput!) {\n    stepUp(input: $input)\n  }\n": types.StepUpDocument,
    "\n  mutation PasskeyProof {\n    passkeyProof\n  }\n": types.PasskeyProofDocument,
    "\n  query MyProofs {\n    me {\n      id\n      secondFactor {\n        totp\n        passkeys {\n          id\n        }\n      }\n    }\n  }\n": types.MyProofsDocument,
    "\n  query StaffNames {\n    staff {\n      id\n      name\n    }\n  }\n": types.StaffNamesDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ApiClientParts on ApiClient {\n    id\n    version\n    name\n    scopes\n    listedPatients\n    requestsPerMinute\n    costPerMinute\n    createdAt\n    revokedAt\n    lastUsedAt\n    credentials {\n      id\n      kind\n      hint\n      createdAt\n      revokedAt\n      lastUsedAt\n    }\n  }\n"): (typeof documents)["\n  fragment ApiClientParts on ApiClient {\n    id\n    version\n    name\n    scopes\n    listedPatients\n    requestsPerMinute\n    costPerMinute\n    createdAt\n    revokedAt\n    lastUsedAt\n    credentials {\n      id\n      kind\n      hint\n      createdAt\n      revokedAt\n      lastUsedAt\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ApiClientsList($first: Int, $after: String, $last: Int, $before: String) {\n    apiClients(first: $first, after: $after, last: $last, before: $before) {\n      edges {\n        node {\n          ...ApiClientParts @unmask\n        }\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query ApiClientsList($first: Int, $after: String, $last: Int, $before: String) {\n    apiClients(first: $first, after: $after, last: $last, before: $before) {\n      edges {\n        node {\n          ...ApiClientParts @unmask\n        }\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ApiScopes {\n    apiScopes {\n      name\n      groups\n    }\n  }\n"): (typeof documents)["\n  query ApiScopes {\n    apiScopes {\n      name\n      groups\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateApiClient($input: CreateApiClientInput!) {\n    createApiClient(input: $input) {\n      secret\n      client {\n        ...ApiClientParts @unmask\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateApiClient($input: CreateApiClientInput!) {\n    createApiClient(input: $input) {\n      secret\n      client {\n        ...ApiClientParts @unmask\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ChangeApiClient($input: UpdateApiClientInput!) {\n    updateApiClient(input: $input) {\n      ...ApiClientParts @unmask\n    }\n  }\n"): (typeof documents)["\n  mutation ChangeApiClient($input: UpdateApiClientInput!) {\n    updateApiClient(input: $input) {\n      ...ApiClientParts @unmask\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RotateApiClientSecret($input: RotateApiClientSecretInput!) {\n    rotateApiClientSecret(input: $input) {\n      secret\n      client {\n        ...ApiClientParts @unmask\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RotateApiClientSecret($input: RotateApiClientSecretInput!) {\n    rotateApiClientSecret(input: $input) {\n      secret\n      client {\n        ...ApiClientParts @unmask\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RevokeApiClient($input: RevokeApiClientInput!) {\n    revokeApiClient(input: $input) {\n      ...ApiClientParts @unmask\n    }\n  }\n"): (typeof documents)["\n  mutation RevokeApiClient($input: RevokeApiClientInput!) {\n    revokeApiClient(input: $input) {\n      ...ApiClientParts @unmask\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription EntriesAdded($filter: AuditFilter, $after: Int) {\n    auditEntryAdded(filter: $filter, after: $after) {\n      index\n      action\n      actor {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  subscription EntriesAdded($filter: AuditFilter, $after: Int) {\n    auditEntryAdded(filter: $filter, after: $after) {\n      index\n      action\n      actor {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment LogStatusParts on AuditLogStatus {\n    size\n    root\n    checkpoint\n    checkpointAt\n    cosignedSize\n    cosignedAt\n    timeStampedSize\n    timeStampedAt\n    pending\n    verifiedTo\n    verifiedAt\n    state\n    brokenAt\n    finding\n  }\n"): (typeof documents)["\n  fragment LogStatusParts on AuditLogStatus {\n    size\n    root\n    checkpoint\n    checkpointAt\n    cosignedSize\n    cosignedAt\n    timeStampedSize\n    timeStampedAt\n    pending\n    verifiedTo\n    verifiedAt\n    state\n    brokenAt\n    finding\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query LogStatus {\n    auditLog {\n      ...LogStatusParts @unmask\n    }\n  }\n"): (typeof documents)["\n  query LogStatus {\n    auditLog {\n      ...LogStatusParts @unmask\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment LogAlarmParts on LogAlarm {\n    id\n    kind\n    finding\n    entryIndex\n    requestId\n    raisedAt\n    endedAt\n    acknowledgedAt\n    acknowledgedBy {\n      id\n      name\n    }\n    note\n  }\n"): (typeof documents)["\n  fragment LogAlarmParts on LogAlarm {\n    id\n    kind\n    finding\n    entryIndex\n    requestId\n    raisedAt\n    endedAt\n    acknowledgedAt\n    acknowledgedBy {\n      id\n      name\n    }\n    note\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query LogAlarms {\n    logAlarms {\n      ...LogAlarmParts @unmask\n    }\n  }\n"): (typeof documents)["\n  query LogAlarms {\n    logAlarms {\n      ...LogAlarmParts @unmask\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AlarmHistory {\n    auditLog {\n      alarms {\n        ...LogAlarmParts @unmask\n      }\n    }\n  }\n"): (typeof documents)["\n  query AlarmHistory {\n    auditLog {\n      alarms {\n        ...LogAlarmParts @unmask\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AcknowledgeLogAlarm($input: AcknowledgeLogAlarmInput!) {\n    acknowledgeLogAlarm(input: $input) {\n      ...LogAlarmParts @unmask\n    }\n  }\n"): (typeof documents)["\n  mutation AcknowledgeLogAlarm($input: AcknowledgeLogAlarmInput!) {\n    acknowledgeLogAlarm(input: $input) {\n      ...LogAlarmParts @unmask\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation VerifyLog {\n    verifyAuditLog {\n      ...LogStatusParts @unmask\n    }\n  }\n"): (typeof documents)["\n  mutation VerifyLog {\n    verifyAuditLog {\n      ...LogStatusParts @unmask\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AuditLogPage(\n    $filter: AuditFilter\n    $orderBy: AuditOrder\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n  ) {\n    auditEntries(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {\n      edges {\n        node {\n          index\n          at\n          actor {\n            kind\n            id\n            role\n            name\n          }\n          action\n          outcome\n          operation\n          patients\n          target {\n            type\n            id\n          }\n          fields\n          purpose\n          reason\n          requestId\n          ip\n          canonical\n          leafHash\n          chainHash\n        }\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query AuditLogPage(\n    $filter: AuditFilter\n    $orderBy: AuditOrder\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n  ) {\n    auditEntries(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {\n      edges {\n        node {\n          index\n          at\n          actor {\n            kind\n            id\n            role\n            name\n          }\n          action\n          outcome\n          operation\n          patients\n          target {\n            type\n            id\n          }\n          fields\n          purpose\n          reason\n          requestId\n          ip\n          canonical\n          leafHash\n          chainHash\n        }\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query EntryProof($index: Int!) {\n    auditProof(index: $index) {\n      index\n      leafIndex\n      leafHash\n      size\n      root\n      path\n      checkpoint\n    }\n  }\n"): (typeof documents)["\n  query EntryProof($index: Int!) {\n    auditProof(index: $index) {\n      index\n      leafIndex\n      leafHash\n      size\n      root\n      path\n      checkpoint\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AccessReportPage(\n    $patientId: ID!\n    $from: DateTime!\n    $to: DateTime!\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n  ) {\n    accessReport(patientId: $patientId, from: $from, to: $to) {\n      madeAt\n      rows(first: $first, after: $after, last: $last, before: $before) {\n        edges {\n          node {\n            emergency\n            entry {\n              index\n              at\n              actor {\n                kind\n                id\n                role\n                name\n              }\n              action\n              target {\n                type\n              }\n              outcome\n              fields\n              purpose\n              reason\n            }\n          }\n        }\n        pageInfo {\n          hasNextPage\n          hasPreviousPage\n          startCursor\n          endCursor\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query AccessReportPage(\n    $patientId: ID!\n    $from: DateTime!\n    $to: DateTime!\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n  ) {\n    accessReport(patientId: $patientId, from: $from, to: $to) {\n      madeAt\n      rows(first: $first, after: $after, last: $last, before: $before) {\n        edges {\n          node {\n            emergency\n            entry {\n              index\n              at\n              actor {\n                kind\n                id\n                role\n                name\n              }\n              action\n              target {\n                type\n              }\n              outcome\n              fields\n              purpose\n              reason\n            }\n          }\n        }\n        pageInfo {\n          hasNextPage\n          hasPreviousPage\n          startCursor\n          endCursor\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DisclosureReportPage(\n    $patientId: ID!\n    $from: DateTime\n    $to: DateTime\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n  ) {\n    accountingOfDisclosures(patientId: $patientId, from: $from, to: $to) {\n      madeAt\n      rows(first: $first, after: $after, last: $last, before: $before) {\n        edges {\n          node {\n            at\n            recipient\n            recipientAddress\n            disclosed\n            purpose\n            entry {\n              index\n            }\n          }\n        }\n        pageInfo {\n          hasNextPage\n          hasPreviousPage\n          startCursor\n          endCursor\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query DisclosureReportPage(\n    $patientId: ID!\n    $from: DateTime\n    $to: DateTime\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n  ) {\n    accountingOfDisclosures(patientId: $patientId, from: $from, to: $to) {\n      madeAt\n      rows(first: $first, after: $after, last: $last, before: $before) {\n        edges {\n          node {\n            at\n            recipient\n            recipientAddress\n            disclosed\n            purpose\n            entry {\n              index\n            }\n          }\n        }\n        pageInfo {\n          hasNextPage\n          hasPreviousPage\n          startCursor\n          endCursor\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AccessReportFile($patientId: ID!, $from: DateTime!, $to: DateTime!, $csv: Boolean!) {\n    accessReport(patientId: $patientId, from: $from, to: $to) {\n      csv @include(if: $csv)\n      pdf @skip(if: $csv)\n    }\n  }\n"): (typeof documents)["\n  query AccessReportFile($patientId: ID!, $from: DateTime!, $to: DateTime!, $csv: Boolean!) {\n    accessReport(patientId: $patientId, from: $from, to: $to) {\n      csv @include(if: $csv)\n      pdf @skip(if: $csv)\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DisclosureReportFile($patientId: ID!, $from: DateTime!, $to: DateTime!, $csv: Boolean!) {\n    accountingOfDisclosures(patientId: $patientId, from: $from, to: $to) {\n      csv @include(if: $csv)\n      pdf @skip(if: $csv)\n    }\n  }\n"): (typeof documents)["\n  query DisclosureReportFile($patientId: ID!, $from: DateTime!, $to: DateTime!, $csv: Boolean!) {\n    accountingOfDisclosures(patientId: $patientId, from: $from, to: $to) {\n      csv @include(if: $csv)\n      pdf @skip(if: $csv)\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ExplainAccess($patientId: ID!) {\n    explainAccess(patientId: $patientId) {\n      patientId\n      allowed\n      mayBreakGlass\n      because {\n        kind\n        since\n        until\n      }\n      grantedBy {\n        id\n        name\n        role\n      }\n    }\n  }\n"): (typeof documents)["\n  query ExplainAccess($patientId: ID!) {\n    explainAccess(patientId: $patientId) {\n      patientId\n      allowed\n      mayBreakGlass\n      because {\n        kind\n        since\n        until\n      }\n      grantedBy {\n        id\n        name\n        role\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation BreakGlass($input: BreakGlassInput!) {\n    breakGlass(input: $input) {\n      id\n      patientId\n      secondsLeft\n    }\n  }\n"): (typeof documents)["\n  mutation BreakGlass($input: BreakGlassInput!) {\n    breakGlass(input: $input) {\n      id\n      patientId\n      secondsLeft\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation EndBreakGlass($input: EndBreakGlassInput!) {\n    endBreakGlass(input: $input) {\n      id\n      secondsLeft\n    }\n  }\n"): (typeof documents)["\n  mutation EndBreakGlass($input: EndBreakGlassInput!) {\n    endBreakGlass(input: $input) {\n      id\n      secondsLeft\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment GrantStripParts on Patient {\n    id\n    openGrant {\n      id\n      secondsLeft\n    }\n  }\n"): (typeof documents)["\n  fragment GrantStripParts on Patient {\n    id\n    openGrant {\n      id\n      secondsLeft\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query GrantsWaiting {\n    waiting: breakGlassGrants(first: 1, filter: { reviewed: false }) {\n      totalCount\n    }\n    open: breakGlassGrants(first: 1, filter: { open: true }) {\n      totalCount\n    }\n  }\n"): (typeof documents)["\n  query GrantsWaiting {\n    waiting: breakGlassGrants(first: 1, filter: { reviewed: false }) {\n      totalCount\n    }\n    open: breakGlassGrants(first: 1, filter: { open: true }) {\n      totalCount\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReviewQueue(\n    $filter: BreakGlassFilter\n    $named: Boolean!\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n  ) {\n    breakGlassGrants(filter: $filter, first: $first, after: $after, last: $last, before: $before) {\n      edges {\n        node {\n          id\n          patientId\n          reason\n          text\n          startedAt\n          expiresAt\n          endedAt\n          secondsLeft\n          accesses\n          user {\n            id\n            name\n            role\n          }\n          patient @include(if: $named) {\n            id\n            mrn\n            name {\n              family\n              given\n            }\n            confidential\n          }\n          review {\n            verdict\n            at\n            note\n            by {\n              id\n              name\n            }\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query ReviewQueue(\n    $filter: BreakGlassFilter\n    $named: Boolean!\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n  ) {\n    breakGlassGrants(filter: $filter, first: $first, after: $after, last: $last, before: $before) {\n      edges {\n        node {\n          id\n          patientId\n          reason\n          text\n          startedAt\n          expiresAt\n          endedAt\n          secondsLeft\n          accesses\n          user {\n            id\n            name\n            role\n          }\n          patient @include(if: $named) {\n            id\n            mrn\n            name {\n              family\n              given\n            }\n            confidential\n          }\n          review {\n            verdict\n            at\n            note\n            by {\n              id\n              name\n            }\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ReviewBreakGlass($input: ReviewBreakGlassInput!) {\n    reviewBreakGlass(input: $input) {\n      id\n      review {\n        verdict\n        at\n        note\n        by {\n          id\n          name\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation ReviewBreakGlass($input: ReviewBreakGlassInput!) {\n    reviewBreakGlass(input: $input) {\n      id\n      review {\n        verdict\n        at\n        note\n        by {\n          id\n          name\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query HospitalCharts {\n    demographics {\n      total\n      ageBands {\n        label\n        gender\n        count\n      }\n      decades {\n        label\n        gender\n        count\n      }\n      genders {\n        label\n        gender\n        count\n      }\n    }\n  }\n"): (typeof documents)["\n  query HospitalCharts {\n    demographics {\n      total\n      ageBands {\n        label\n        gender\n        count\n      }\n      decades {\n        label\n        gender\n        count\n      }\n      genders {\n        label\n        gender\n        count\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DashboardPatients($filter: PatientFilter) {\n    patients(filter: $filter, first: 8, orderBy: REGISTERED_DESC) {\n      edges {\n        node {\n          id\n          mrn\n          name {\n            family\n            given\n          }\n          birthDate\n          gender\n          confidential\n          diagnosis\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query DashboardPatients($filter: PatientFilter) {\n    patients(filter: $filter, first: 8, orderBy: REGISTERED_DESC) {\n      edges {\n        node {\n          id\n          mrn\n          name {\n            family\n            given\n          }\n          birthDate\n          gender\n          confidential\n          diagnosis\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query VisitsOfToday($from: DateTime!, $to: DateTime!) {\n    visits(from: $from, to: $to, first: 20) {\n      edges {\n        node {\n          id\n          type\n          status\n          startedAt\n          reason\n          patient {\n            id\n            name {\n              family\n              given\n            }\n            confidential\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n      }\n    }\n  }\n"): (typeof documents)["\n  query VisitsOfToday($from: DateTime!, $to: DateTime!) {\n    visits(from: $from, to: $to, first: 20) {\n      edges {\n        node {\n          id\n          type\n          status\n          startedAt\n          reason\n          patient {\n            id\n            name {\n              family\n              given\n            }\n            confidential\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment KeyJobParts on KeyJob {\n    id\n    kind\n    state\n    done\n    total\n    startedAt\n    finishedAt\n  }\n"): (typeof documents)["\n  fragment KeyJobParts on KeyJob {\n    id\n    kind\n    state\n    done\n    total\n    startedAt\n    finishedAt\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query KeyringState {\n    keyring {\n      custody\n      countedAt\n      epochs {\n        epoch\n        createdAt\n        current\n        dataKeys\n      }\n      columns {\n        table\n        column\n        meaning\n        envelopes\n        withoutKey\n        underRetiredKeys\n      }\n      dataKeys {\n        inUse\n        retired\n        due\n        oldest\n      }\n      generations {\n        version\n        state\n        createdAt\n        patients\n      }\n      job {\n        ...KeyJobParts @unmask\n      }\n    }\n  }\n"): (typeof documents)["\n  query KeyringState {\n    keyring {\n      custody\n      countedAt\n      epochs {\n        epoch\n        createdAt\n        current\n        dataKeys\n      }\n      columns {\n        table\n        column\n        meaning\n        envelopes\n        withoutKey\n        underRetiredKeys\n      }\n      dataKeys {\n        inUse\n        retired\n        due\n        oldest\n      }\n      generations {\n        version\n        state\n        createdAt\n        patients\n      }\n      job {\n        ...KeyJobParts @unmask\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query KeysDue($first: Int, $after: String) {\n    keyring {\n      keys(first: $first, after: $after, due: true) {\n        edges {\n          node {\n            id\n            owner\n            purpose\n            epoch\n            createdAt\n            envelopes\n          }\n        }\n        pageInfo {\n          hasNextPage\n          hasPreviousPage\n          startCursor\n          endCursor\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query KeysDue($first: Int, $after: String) {\n    keyring {\n      keys(first: $first, after: $after, due: true) {\n        edges {\n          node {\n            id\n            owner\n            purpose\n            epoch\n            createdAt\n            envelopes\n          }\n        }\n        pageInfo {\n          hasNextPage\n          hasPreviousPage\n          startCursor\n          endCursor\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RotateKeys {\n    rotateKeys {\n      ...KeyJobParts @unmask\n    }\n  }\n"): (typeof documents)["\n  mutation RotateKeys {\n    rotateKeys {\n      ...KeyJobParts @unmask\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ResealRecords($input: ResealInput!) {\n    resealRecords(input: $input) {\n      ...KeyJobParts @unmask\n    }\n  }\n"): (typeof documents)["\n  mutation ResealRecords($input: ResealInput!) {\n    resealRecords(input: $input) {\n      ...KeyJobParts @unmask\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RotateIndexKey {\n    rotateIndexKey {\n      ...KeyJobParts @unmask\n    }\n  }\n"): (typeof documents)["\n  mutation RotateIndexKey {\n    rotateIndexKey {\n      ...KeyJobParts @unmask\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment MergeParts on Patient {\n    id\n    version\n    merges {\n      id\n      mrn\n      reason\n      mergedAt\n      mergedBy {\n        id\n        name\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment MergeParts on Patient {\n    id\n    version\n    merges {\n      id\n      mrn\n      reason\n      mergedAt\n      mergedBy {\n        id\n        name\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query MergePreview($keepId: ID!, $mergeId: ID!) {\n    mergePreview(keepId: $keepId, mergeId: $mergeId) {\n      differing\n      keep {\n        createdAt\n        confidential\n        ...EditParts @unmask\n      }\n      merge {\n        createdAt\n        confidential\n        ...EditParts @unmask\n      }\n      keepHolds {\n        visits\n        treatmentUpdates\n        careTeam\n      }\n      mergeHolds {\n        visits\n        treatmentUpdates\n        careTeam\n      }\n    }\n  }\n"): (typeof documents)["\n  query MergePreview($keepId: ID!, $mergeId: ID!) {\n    mergePreview(keepId: $keepId, mergeId: $mergeId) {\n      differing\n      keep {\n        createdAt\n        confidential\n        ...EditParts @unmask\n      }\n      merge {\n        createdAt\n        confidential\n        ...EditParts @unmask\n      }\n      keepHolds {\n        visits\n        treatmentUpdates\n        careTeam\n      }\n      mergeHolds {\n        visits\n        treatmentUpdates\n        careTeam\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation MergePatients($input: MergePatientsInput!) {\n    mergePatients(input: $input) {\n      patient {\n        id\n        ...MergeParts\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation MergePatients($input: MergePatientsInput!) {\n    mergePatients(input: $input) {\n      patient {\n        id\n        ...MergeParts\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UnmergePatients($input: UnmergePatientsInput!) {\n    unmergePatients(input: $input) {\n      kept {\n        id\n        ...MergeParts\n      }\n      restored {\n        id\n        mrn\n      }\n      fieldsStayed\n      visitsStayed\n      treatmentUpdatesStayed\n    }\n  }\n"): (typeof documents)["\n  mutation UnmergePatients($input: UnmergePatientsInput!) {\n    unmergePatients(input: $input) {\n      kept {\n        id\n        ...MergeParts\n      }\n      restored {\n        id\n        mrn\n      }\n      fieldsStayed\n      visitsStayed\n      treatmentUpdatesStayed\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query LikelyDuplicates($input: SimilarPatientsInput!) {\n    similarPatients(input: $input) {\n      because\n      patient {\n        ...DuplicateParts @unmask\n      }\n    }\n  }\n"): (typeof documents)["\n  query LikelyDuplicates($input: SimilarPatientsInput!) {\n    similarPatients(input: $input) {\n      because\n      patient {\n        ...DuplicateParts @unmask\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query FoundDuplicates($search: String!) {\n    patients(search: $search, first: 10) {\n      edges {\n        node {\n          ...DuplicateParts @unmask\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query FoundDuplicates($search: String!) {\n    patients(search: $search, first: 10) {\n      edges {\n        node {\n          ...DuplicateParts @unmask\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment DuplicateParts on Patient {\n    id\n    mrn\n    name {\n      family\n      given\n    }\n    birthDate\n    gender\n    confidential\n  }\n"): (typeof documents)["\n  fragment DuplicateParts on Patient {\n    id\n    mrn\n    name {\n      family\n      given\n    }\n    birthDate\n    gender\n    confidential\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StaffForCareTeam {\n    staff {\n      id\n      name\n      role\n    }\n  }\n"): (typeof documents)["\n  query StaffForCareTeam {\n    staff {\n      id\n      name\n      role\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AddToCareTeam($input: CareTeamInput!) {\n    addCareTeamMember(input: $input) {\n      ...CareTeamParts\n    }\n  }\n"): (typeof documents)["\n  mutation AddToCareTeam($input: CareTeamInput!) {\n    addCareTeamMember(input: $input) {\n      ...CareTeamParts\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RemoveFromCareTeam($input: CareTeamInput!) {\n    removeCareTeamMember(input: $input) {\n      ...CareTeamParts\n    }\n  }\n"): (typeof documents)["\n  mutation RemoveFromCareTeam($input: CareTeamInput!) {\n    removeCareTeamMember(input: $input) {\n      ...CareTeamParts\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription RecordChanged($patientId: ID!) {\n    patientChanged(patientId: $patientId, byOthers: true) {\n      id\n    }\n  }\n"): (typeof documents)["\n  subscription RecordChanged($patientId: ID!) {\n    patientChanged(patientId: $patientId, byOthers: true) {\n      id\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SetConfidential($input: SetConfidentialInput!) {\n    setConfidential(input: $input) {\n      id\n      version\n      confidential\n    }\n  }\n"): (typeof documents)["\n  mutation SetConfidential($input: SetConfidentialInput!) {\n    setConfidential(input: $input) {\n      id\n      version\n      confidential\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SavePatient($input: UpdatePatientInput!) {\n    updatePatient(input: $input) {\n      id\n      version\n      updatedAt\n      ...PatientBannerParts\n      ...ClinicalParts\n      ...DetailsParts\n    }\n  }\n"): (typeof documents)["\n  mutation SavePatient($input: UpdatePatientInput!) {\n    updatePatient(input: $input) {\n      id\n      version\n      updatedAt\n      ...PatientBannerParts\n      ...ClinicalParts\n      ...DetailsParts\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PatientForEdit($id: ID!) {\n    patient(id: $id) {\n      ...EditParts @unmask\n    }\n  }\n"): (typeof documents)["\n  query PatientForEdit($id: ID!) {\n    patient(id: $id) {\n      ...EditParts @unmask\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ErasePatient($input: ErasePatientInput!) {\n    erasePatient(input: $input) {\n      patientId\n      erasedAt\n      json\n    }\n  }\n"): (typeof documents)["\n  mutation ErasePatient($input: ErasePatientInput!) {\n    erasePatient(input: $input) {\n      patientId\n      erasedAt\n      json\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeletePatient($input: DeletePatientInput!) {\n    deletePatient(input: $input) {\n      id\n      version\n      deletedAt\n    }\n  }\n"): (typeof documents)["\n  mutation DeletePatient($input: DeletePatientInput!) {\n    deletePatient(input: $input) {\n      id\n      version\n      deletedAt\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RestorePatient($input: RestorePatientInput!) {\n    restorePatient(input: $input) {\n      id\n      version\n      deletedAt\n    }\n  }\n"): (typeof documents)["\n  mutation RestorePatient($input: RestorePatientInput!) {\n    restorePatient(input: $input) {\n      id\n      version\n      deletedAt\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PatientsList(\n    $search: String\n    $filter: PatientFilter\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n  ) {\n    patients(search: $search, filter: $filter, first: $first, after: $after, last: $last, before: $before) {\n      edges {\n        match\n        node {\n          id\n          ...PatientRowParts\n        }\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n      totalCount\n    }\n  }\n"): (typeof documents)["\n  query PatientsList(\n    $search: String\n    $filter: PatientFilter\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n  ) {\n    patients(search: $search, filter: $filter, first: $first, after: $after, last: $last, before: $before) {\n      edges {\n        match\n        node {\n          id\n          ...PatientRowParts\n        }\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n      totalCount\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation NotePrinting($input: PrintRecordInput!) {\n    printRecord(input: $input) {\n      at\n    }\n  }\n"): (typeof documents)["\n  mutation NotePrinting($input: PrintRecordInput!) {\n    printRecord(input: $input) {\n      at\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query QuickPatients($search: String!) {\n    patients(search: $search, first: 7) {\n      edges {\n        match\n        node {\n          id\n          mrn\n          name {\n            family\n            given\n          }\n          birthDate\n          gender\n          confidential\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query QuickPatients($search: String!) {\n    patients(search: $search, first: 7) {\n      edges {\n        match\n        node {\n          id\n          mrn\n          name {\n            family\n            given\n          }\n          birthDate\n          gender\n          confidential\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RegisterPatient($input: CreatePatientInput!) {\n    createPatient(input: $input) {\n      id\n    }\n  }\n"): (typeof documents)["\n  mutation RegisterPatient($input: CreatePatientInput!) {\n    createPatient(input: $input) {\n      id\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SimilarPatients($input: SimilarPatientsInput!) {\n    similarPatients(input: $input) {\n      because\n      patient {\n        id\n        mrn\n        name {\n          family\n          given\n        }\n        birthDate\n        gender\n        confidential\n      }\n    }\n  }\n"): (typeof documents)["\n  query SimilarPatients($input: SimilarPatientsInput!) {\n    similarPatients(input: $input) {\n      because\n      patient {\n        id\n        mrn\n        name {\n          family\n          given\n        }\n        birthDate\n        gender\n        confidential\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query RecordAsStored($patientId: ID!) {\n    encryptedRecord(patientId: $patientId) {\n      table\n      rowId\n      column\n      meaning\n      suite\n      keyId\n      nonce\n      ciphertext\n      tag\n      bytes\n    }\n  }\n"): (typeof documents)["\n  query RecordAsStored($patientId: ID!) {\n    encryptedRecord(patientId: $patientId) {\n      table\n      rowId\n      column\n      meaning\n      suite\n      keyId\n      nonce\n      ciphertext\n      tag\n      bytes\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment PatientBannerParts on Patient {\n    id\n    mrn\n    name {\n      family\n      given\n      prefix\n    }\n    birthDate\n    age\n    gender\n    allergies {\n      substance\n      reaction\n      severity\n    }\n    deceasedAt\n    confidential\n    deletedAt\n  }\n"): (typeof documents)["\n  fragment PatientBannerParts on Patient {\n    id\n    mrn\n    name {\n      family\n      given\n      prefix\n    }\n    birthDate\n    age\n    gender\n    allergies {\n      substance\n      reaction\n      severity\n    }\n    deceasedAt\n    confidential\n    deletedAt\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment PatientRowParts on Patient {\n    id\n    mrn\n    name {\n      family\n      given\n    }\n    birthDate\n    age\n    gender\n    deceasedAt\n    confidential\n    deletedAt\n  }\n"): (typeof documents)["\n  fragment PatientRowParts on Patient {\n    id\n    mrn\n    name {\n      family\n      given\n    }\n    birthDate\n    age\n    gender\n    deceasedAt\n    confidential\n    deletedAt\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ClinicalParts on Patient {\n    id\n    diagnosis\n    treatment\n    medicalHistory\n    allergies {\n      substance\n      reaction\n      severity\n    }\n    problems {\n      text\n      code\n      onset\n      status\n    }\n    medications {\n      text\n      dose\n      status\n    }\n  }\n"): (typeof documents)["\n  fragment ClinicalParts on Patient {\n    id\n    diagnosis\n    treatment\n    medicalHistory\n    allergies {\n      substance\n      reaction\n      severity\n    }\n    problems {\n      text\n      code\n      onset\n      status\n    }\n    medications {\n      text\n      dose\n      status\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment DetailsParts on Patient {\n    id\n    mrn\n    name {\n      family\n      given\n      prefix\n    }\n    birthDate\n    gender\n    phone\n    email\n    address {\n      line\n      city\n      state\n      postalCode\n      country\n    }\n    emergencyContact {\n      name\n      relationship\n      phone\n    }\n    identifiers {\n      system\n      value\n    }\n    deceasedAt\n    createdAt\n    updatedAt\n    version\n  }\n"): (typeof documents)["\n  fragment DetailsParts on Patient {\n    id\n    mrn\n    name {\n      family\n      given\n      prefix\n    }\n    birthDate\n    gender\n    phone\n    email\n    address {\n      line\n      city\n      state\n      postalCode\n      country\n    }\n    emergencyContact {\n      name\n      relationship\n      phone\n    }\n    identifiers {\n      system\n      value\n    }\n    deceasedAt\n    createdAt\n    updatedAt\n    version\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment CareTeamParts on Patient {\n    id\n    careTeam {\n      id\n      careRole\n      since\n      until\n      user {\n        id\n        name\n        role\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment CareTeamParts on Patient {\n    id\n    careTeam {\n      id\n      careRole\n      since\n      until\n      user {\n        id\n        name\n        role\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment EditParts on Patient {\n    id\n    version\n    mrn\n    name {\n      family\n      given\n      prefix\n    }\n    birthDate\n    gender\n    phone\n    email\n    address {\n      line\n      city\n      state\n      postalCode\n      country\n    }\n    emergencyContact {\n      name\n      relationship\n      phone\n    }\n    identifiers {\n      system\n      value\n    }\n    allergies {\n      substance\n      reaction\n      severity\n    }\n    problems {\n      code\n      system\n      text\n      onset\n      status\n    }\n    medications {\n      text\n      dose\n      status\n    }\n    diagnosis\n    medicalHistory\n    deceasedAt\n  }\n"): (typeof documents)["\n  fragment EditParts on Patient {\n    id\n    version\n    mrn\n    name {\n      family\n      given\n      prefix\n    }\n    birthDate\n    gender\n    phone\n    email\n    address {\n      line\n      city\n      state\n      postalCode\n      country\n    }\n    emergencyContact {\n      name\n      relationship\n      phone\n    }\n    identifiers {\n      system\n      value\n    }\n    allergies {\n      substance\n      reaction\n      severity\n    }\n    problems {\n      code\n      system\n      text\n      onset\n      status\n    }\n    medications {\n      text\n      dose\n      status\n    }\n    diagnosis\n    medicalHistory\n    deceasedAt\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PatientRecord($id: ID!) {\n    patient(id: $id) {\n      id\n      version\n      birthDate\n      confidential\n      deletedAt\n      ...PatientBannerParts\n      ...GrantStripParts\n      ...ClinicalParts\n      ...DetailsParts\n      ...CareTeamParts\n      ...RecentParts\n      ...MergeParts\n    }\n  }\n"): (typeof documents)["\n  query PatientRecord($id: ID!) {\n    patient(id: $id) {\n      id\n      version\n      birthDate\n      confidential\n      deletedAt\n      ...PatientBannerParts\n      ...GrantStripParts\n      ...ClinicalParts\n      ...DetailsParts\n      ...CareTeamParts\n      ...RecentParts\n      ...MergeParts\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment RecentParts on Patient {\n    id\n    visits(first: 5) {\n      edges {\n        node {\n          id\n          type\n          status\n          startedAt\n          reason\n          diagnosis\n          attending {\n            id\n            name\n          }\n          vitals {\n            ...VitalsParts @unmask\n          }\n        }\n      }\n    }\n    treatmentUpdates(first: 3) {\n      edges {\n        node {\n          id\n          text\n          status\n          at\n          author {\n            id\n            name\n            role\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment RecentParts on Patient {\n    id\n    visits(first: 5) {\n      edges {\n        node {\n          id\n          type\n          status\n          startedAt\n          reason\n          diagnosis\n          attending {\n            id\n            name\n          }\n          vitals {\n            ...VitalsParts @unmask\n          }\n        }\n      }\n    }\n    treatmentUpdates(first: 3) {\n      edges {\n        node {\n          id\n          text\n          status\n          at\n          author {\n            id\n            name\n            role\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query MySessions {\n    me {\n      id\n      sessions {\n        id\n        createdAt\n        lastUsedAt\n        expiresAt\n        device\n        current\n      }\n    }\n  }\n"): (typeof documents)["\n  query MySessions {\n    me {\n      id\n      sessions {\n        id\n        createdAt\n        lastUsedAt\n        expiresAt\n        device\n        current\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation EndSession($input: EndSessionInput!) {\n    endSession(input: $input)\n  }\n"): (typeof documents)["\n  mutation EndSession($input: EndSessionInput!) {\n    endSession(input: $input)\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation EndOtherSessions {\n    endOtherSessions\n  }\n"): (typeof documents)["\n  mutation EndOtherSessions {\n    endOtherSessions\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ChangePassword($input: ChangePasswordInput!) {\n    changePassword(input: $input)\n  }\n"): (typeof documents)["\n  mutation ChangePassword($input: ChangePasswordInput!) {\n    changePassword(input: $input)\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query MySecondFactor {\n    me {\n      id\n      secondFactor {\n        totp\n        recoveryCodesLeft\n        required\n        passkeys {\n          id\n          name\n          createdAt\n          lastUsedAt\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query MySecondFactor {\n    me {\n      id\n      secondFactor {\n        totp\n        recoveryCodesLeft\n        required\n        passkeys {\n          id\n          name\n          createdAt\n          lastUsedAt\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation EnrolTotp($input: EnrolTotpInput!) {\n    enrolTotp(input: $input) {\n      secret\n      uri\n    }\n  }\n"): (typeof documents)["\n  mutation EnrolTotp($input: EnrolTotpInput!) {\n    enrolTotp(input: $input) {\n      secret\n      uri\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ConfirmTotp($input: ConfirmTotpInput!) {\n    confirmTotp(input: $input) {\n      recoveryCodes\n    }\n  }\n"): (typeof documents)["\n  mutation ConfirmTotp($input: ConfirmTotpInput!) {\n    confirmTotp(input: $input) {\n      recoveryCodes\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RemoveTotp {\n    removeTotp\n  }\n"): (typeof documents)["\n  mutation RemoveTotp {\n    removeTotp\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RenewRecoveryCodes {\n    renewRecoveryCodes {\n      recoveryCodes\n    }\n  }\n"): (typeof documents)["\n  mutation RenewRecoveryCodes {\n    renewRecoveryCodes {\n      recoveryCodes\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation BeginPasskey {\n    beginPasskey\n  }\n"): (typeof documents)["\n  mutation BeginPasskey {\n    beginPasskey\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RegisterPasskey($input: RegisterPasskeyInput!) {\n    registerPasskey(input: $input) {\n      recoveryCodes\n      passkey {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RegisterPasskey($input: RegisterPasskeyInput!) {\n    registerPasskey(input: $input) {\n      recoveryCodes\n      passkey {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RenamePasskey($input: RenamePasskeyInput!) {\n    renamePasskey(input: $input) {\n      id\n      name\n    }\n  }\n"): (typeof documents)["\n  mutation RenamePasskey($input: RenamePasskeyInput!) {\n    renamePasskey(input: $input) {\n      id\n      name\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RemovePasskey($input: RemovePasskeyInput!) {\n    removePasskey(input: $input)\n  }\n"): (typeof documents)["\n  mutation RemovePasskey($input: RemovePasskeyInput!) {\n    removePasskey(input: $input)\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query FindingsWaiting {\n    waiting: snoopingFindings(first: 1, filter: { status: OPEN }) {\n      totalCount\n    }\n  }\n"): (typeof documents)["\n  query FindingsWaiting {\n    waiting: snoopingFindings(first: 1, filter: { status: OPEN }) {\n      totalCount\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query FindingQueue(\n    $filter: SnoopingFilter\n    $named: Boolean!\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n  ) {\n    snoopingFindings(filter: $filter, first: $first, after: $after, last: $last, before: $before) {\n      edges {\n        node {\n          id\n          rule\n          severity\n          status\n          day\n          firstAt\n          lastAt\n          count\n          entries\n          version\n          patientId\n          person {\n            id\n            name\n            role\n          }\n          patient @include(if: $named) {\n            id\n            mrn\n            name {\n              family\n              given\n            }\n            confidential\n          }\n          review {\n            verdict\n            at\n            note\n            by {\n              id\n              name\n            }\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query FindingQueue(\n    $filter: SnoopingFilter\n    $named: Boolean!\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n  ) {\n    snoopingFindings(filter: $filter, first: $first, after: $after, last: $last, before: $before) {\n      edges {\n        node {\n          id\n          rule\n          severity\n          status\n          day\n          firstAt\n          lastAt\n          count\n          entries\n          version\n          patientId\n          person {\n            id\n            name\n            role\n          }\n          patient @include(if: $named) {\n            id\n            mrn\n            name {\n              family\n              given\n            }\n            confidential\n          }\n          review {\n            verdict\n            at\n            note\n            by {\n              id\n              name\n            }\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ReviewSnooping($input: ReviewSnoopingInput!) {\n    reviewSnooping(input: $input) {\n      id\n      status\n      version\n    }\n  }\n"): (typeof documents)["\n  mutation ReviewSnooping($input: ReviewSnoopingInput!) {\n    reviewSnooping(input: $input) {\n      id\n      status\n      version\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PatientTreatments($patientId: ID!, $first: Int!, $after: String) {\n    treatmentUpdates(patientId: $patientId, first: $first, after: $after) {\n      edges {\n        node {\n          id\n          text\n          status\n          at\n          author {\n            id\n            name\n            role\n          }\n          visit {\n            id\n            startedAt\n            type\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query PatientTreatments($patientId: ID!, $first: Int!, $after: String) {\n    treatmentUpdates(patientId: $patientId, first: $first, after: $after) {\n      edges {\n        node {\n          id\n          text\n          status\n          at\n          author {\n            id\n            name\n            role\n          }\n          visit {\n            id\n            startedAt\n            type\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TreatmentWorklist($first: Int, $after: String, $last: Int, $before: String) {\n    patients(filter: { mine: true, deceased: false }, first: $first, after: $after, last: $last, before: $before) {\n      edges {\n        node {\n          id\n          mrn\n          name {\n            family\n            given\n          }\n          birthDate\n          confidential\n          treatment\n          treatmentUpdates(first: 1) {\n            edges {\n              node {\n                id\n                status\n                at\n                author {\n                  id\n                  name\n                }\n              }\n            }\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query TreatmentWorklist($first: Int, $after: String, $last: Int, $before: String) {\n    patients(filter: { mine: true, deceased: false }, first: $first, after: $after, last: $last, before: $before) {\n      edges {\n        node {\n          id\n          mrn\n          name {\n            family\n            given\n          }\n          birthDate\n          confidential\n          treatment\n          treatmentUpdates(first: 1) {\n            edges {\n              node {\n                id\n                status\n                at\n                author {\n                  id\n                  name\n                }\n              }\n            }\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateTreatment($input: RecordTreatmentInput!) {\n    recordTreatment(input: $input) {\n      id\n      patient {\n        id\n        treatment\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation UpdateTreatment($input: RecordTreatmentInput!) {\n    recordTreatment(input: $input) {\n      id\n      patient {\n        id\n        treatment\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment UserParts on User {\n    id\n    email\n    name\n    role\n    active\n    lastSignInAt\n    createdAt\n    version\n  }\n"): (typeof documents)["\n  fragment UserParts on User {\n    id\n    email\n    name\n    role\n    active\n    lastSignInAt\n    createdAt\n    version\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query UsersList($filter: UserFilter, $first: Int, $after: String, $last: Int, $before: String) {\n    users(filter: $filter, first: $first, after: $after, last: $last, before: $before) {\n      edges {\n        node {\n          ...UserParts @unmask\n        }\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query UsersList($filter: UserFilter, $first: Int, $after: String, $last: Int, $before: String) {\n    users(filter: $filter, first: $first, after: $after, last: $last, before: $before) {\n      edges {\n        node {\n          ...UserParts @unmask\n        }\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query HomeAddressOf($id: ID!) {\n    node(id: $id) {\n      id\n      ... on User {\n        address {\n          line\n          postalCode\n          city\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query HomeAddressOf($id: ID!) {\n    node(id: $id) {\n      id\n      ... on User {\n        address {\n          line\n          postalCode\n          city\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation InviteUser($input: CreateUserInput!) {\n    createUser(input: $input) {\n      setupUrl\n      expiresAt\n      user {\n        ...UserParts @unmask\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation InviteUser($input: CreateUserInput!) {\n    createUser(input: $input) {\n      setupUrl\n      expiresAt\n      user {\n        ...UserParts @unmask\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ChangeUser($input: UpdateUserInput!) {\n    updateUser(input: $input) {\n      ...UserParts\n    }\n  }\n"): (typeof documents)["\n  mutation ChangeUser($input: UpdateUserInput!) {\n    updateUser(input: $input) {\n      ...UserParts\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeactivateUser($input: DeactivateUserInput!) {\n    deactivateUser(input: $input) {\n      ...UserParts\n    }\n  }\n"): (typeof documents)["\n  mutation DeactivateUser($input: DeactivateUserInput!) {\n    deactivateUser(input: $input) {\n      ...UserParts\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ReactivateUser($input: ReactivateUserInput!) {\n    reactivateUser(input: $input) {\n      ...UserParts\n    }\n  }\n"): (typeof documents)["\n  mutation ReactivateUser($input: ReactivateUserInput!) {\n    reactivateUser(input: $input) {\n      ...UserParts\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ResetSecondFactor($input: ResetSecondFactorInput!) {\n    resetSecondFactor(input: $input) {\n      id\n    }\n  }\n"): (typeof documents)["\n  mutation ResetSecondFactor($input: ResetSecondFactorInput!) {\n    resetSecondFactor(input: $input) {\n      id\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ResetPassword($input: ResetPasswordInput!) {\n    resetPassword(input: $input) {\n      setupUrl\n      expiresAt\n      user {\n        ...UserParts @unmask\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation ResetPassword($input: ResetPasswordInput!) {\n    resetPassword(input: $input) {\n      setupUrl\n      expiresAt\n      user {\n        ...UserParts @unmask\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RemovePassword($input: RemovePasswordInput!) {\n    removePassword(input: $input) {\n      ...UserParts\n    }\n  }\n"): (typeof documents)["\n  mutation RemovePassword($input: RemovePasswordInput!) {\n    removePassword(input: $input) {\n      ...UserParts\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment VitalsParts on Vitals {\n    temperature\n    heartRate\n    respiratoryRate\n    systolic\n    diastolic\n    oxygenSaturation\n    weight\n    height\n    painScore\n  }\n"): (typeof documents)["\n  fragment VitalsParts on Vitals {\n    temperature\n    heartRate\n    respiratoryRate\n    systolic\n    diastolic\n    oxygenSaturation\n    weight\n    height\n    painScore\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment VisitParts on Visit {\n    id\n    version\n    type\n    status\n    startedAt\n    endedAt\n    reason\n    notes\n    diagnosis\n    attending {\n      id\n      name\n      role\n    }\n    vitals {\n      ...VitalsParts @unmask\n    }\n  }\n"): (typeof documents)["\n  fragment VisitParts on Visit {\n    id\n    version\n    type\n    status\n    startedAt\n    endedAt\n    reason\n    notes\n    diagnosis\n    attending {\n      id\n      name\n      role\n    }\n    vitals {\n      ...VitalsParts @unmask\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PatientVisits($patientId: ID!, $first: Int!, $after: String) {\n    visits(patientId: $patientId, first: $first, after: $after) {\n      edges {\n        node {\n          ...VisitParts @unmask\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query PatientVisits($patientId: ID!, $first: Int!, $after: String) {\n    visits(patientId: $patientId, first: $first, after: $after) {\n      edges {\n        node {\n          ...VisitParts @unmask\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query OneVisit($id: ID!) {\n    visit(id: $id) {\n      ...VisitParts @unmask\n    }\n  }\n"): (typeof documents)["\n  query OneVisit($id: ID!) {\n    visit(id: $id) {\n      ...VisitParts @unmask\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query VisitHistory($id: ID!) {\n    visit(id: $id) {\n      id\n      amendments {\n        id\n        at\n        reason\n        author {\n          id\n          name\n        }\n        before {\n          type\n          status\n          startedAt\n          endedAt\n          reason\n          notes\n          diagnosis\n          writtenAt\n          writtenBy {\n            id\n            name\n          }\n          attending {\n            id\n            name\n            role\n          }\n          vitals {\n            ...VitalsParts @unmask\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query VisitHistory($id: ID!) {\n    visit(id: $id) {\n      id\n      amendments {\n        id\n        at\n        reason\n        author {\n          id\n          name\n        }\n        before {\n          type\n          status\n          startedAt\n          endedAt\n          reason\n          notes\n          diagnosis\n          writtenAt\n          writtenBy {\n            id\n            name\n          }\n          attending {\n            id\n            name\n            role\n          }\n          vitals {\n            ...VitalsParts @unmask\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StaffForVisit {\n    staff {\n      id\n      name\n      role\n    }\n  }\n"): (typeof documents)["\n  query StaffForVisit {\n    staff {\n      id\n      name\n      role\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation WriteVisit($input: CreateVisitInput!) {\n    createVisit(input: $input) {\n      id\n      ...VisitParts\n    }\n  }\n"): (typeof documents)["\n  mutation WriteVisit($input: CreateVisitInput!) {\n    createVisit(input: $input) {\n      id\n      ...VisitParts\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ChangeVisit($input: UpdateVisitInput!) {\n    updateVisit(input: $input) {\n      ...VisitParts\n    }\n  }\n"): (typeof documents)["\n  mutation ChangeVisit($input: UpdateVisitInput!) {\n    updateVisit(input: $input) {\n      ...VisitParts\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ChangeClosedVisit($input: AmendVisitInput!) {\n    amendVisit(input: $input) {\n      ...VisitParts\n    }\n  }\n"): (typeof documents)["\n  mutation ChangeClosedVisit($input: AmendVisitInput!) {\n    amendVisit(input: $input) {\n      ...VisitParts\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AddVitals($input: RecordVitalsInput!) {\n    recordVitals(input: $input) {\n      ...VisitParts\n    }\n  }\n"): (typeof documents)["\n  mutation AddVitals($input: RecordVitalsInput!) {\n    recordVitals(input: $input) {\n      ...VisitParts\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RemoveVisit($input: DeleteVisitInput!) {\n    deleteVisit(input: $input) {\n      id\n    }\n  }\n"): (typeof documents)["\n  mutation RemoveVisit($input: DeleteVisitInput!) {\n    deleteVisit(input: $input) {\n      id\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      accessToken\n      expiresAt\n      me {\n        id\n        email\n        name\n        role\n        permissions\n        mustEnrol\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      accessToken\n      expiresAt\n      me {\n        id\n        email\n        name\n        role\n        permissions\n        mustEnrol\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SignInProvider {\n    signInProvider\n  }\n"): (typeof documents)["\n  query SignInProvider {\n    signInProvider\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RefreshSession {\n    refreshSession {\n      accessToken\n      expiresAt\n      me {\n        id\n        email\n        name\n        role\n        permissions\n        mustEnrol\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RefreshSession {\n    refreshSession {\n      accessToken\n      expiresAt\n      me {\n        id\n        email\n        name\n        role\n        permissions\n        mustEnrol\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AcceptInvite($input: AcceptInviteInput!) {\n    acceptInvite(input: $input) {\n      accessToken\n      expiresAt\n      me {\n        id\n        email\n        name\n        role\n        permissions\n        mustEnrol\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation AcceptInvite($input: AcceptInviteInput!) {\n    acceptInvite(input: $input) {\n      accessToken\n      expiresAt\n      me {\n        id\n        email\n        name\n        role\n        permissions\n        mustEnrol\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SignOut {\n    signOut\n  }\n"): (typeof documents)["\n  mutation SignOut {\n    signOut\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation VerifyTotp($input: VerifyTotpInput!) {\n    verifyTotp(input: $input) {\n      accessToken\n      expiresAt\n      me {\n        id\n        email\n        name\n        role\n        permissions\n        mustEnrol\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation VerifyTotp($input: VerifyTotpInput!) {\n    verifyTotp(input: $input) {\n      accessToken\n      expiresAt\n      me {\n        id\n        email\n        name\n        role\n        permissions\n        mustEnrol\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation PasskeySignIn {\n    passkeySignIn\n  }\n"): (typeof documents)["\n  mutation PasskeySignIn {\n    passkeySignIn\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SignInWithPasskey($input: PasskeySignInInput!) {\n    signInWithPasskey(input: $input) {\n      accessToken\n      expiresAt\n      me {\n        id\n        email\n        name\n        role\n        permissions\n        mustEnrol\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SignInWithPasskey($input: PasskeySignInInput!) {\n    signInWithPasskey(input: $input) {\n      accessToken\n      expiresAt\n      me {\n        id\n        email\n        name\n        role\n        permissions\n        mustEnrol\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StepUp($input: StepUpInput!) {\n    stepUp(input: $input)\n  }\n"): (typeof documents)["\n  mutation StepUp($input: StepUpInput!) {\n    stepUp(input: $input)\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation PasskeyProof {\n    passkeyProof\n  }\n"): (typeof documents)["\n  mutation PasskeyProof {\n    passkeyProof\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query MyProofs {\n    me {\n      id\n      secondFactor {\n        totp\n        passkeys {\n          id\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query MyProofs {\n    me {\n      id\n      secondFactor {\n        totp\n        passkeys {\n          id\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StaffNames {\n    staff {\n      id\n      name\n    }\n  }\n"): (typeof documents)["\n  query StaffNames {\n    staff {\n      id\n      name\n    }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;