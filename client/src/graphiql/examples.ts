/** Documents a developer meets first, one a tab. */
export const examples = [
  {
    query: `# Find a patient: words of the name, MRN, birth date (YYYY-MM-DD) or phone; all must match.
query FindPatient($search: String) {
  patients(search: $search, first: 10) {
    edges {
      node {
        id
        mrn
        name { display }
        birthDate
        gender
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}
`,
    variables: '{\n  "search": "a"\n}\n',
  },
  {
    query: `# Register a patient. Left out, the MRN is the hospital's next number.
mutation Register($input: CreatePatientInput!) {
  createPatient(input: $input) {
    id
    mrn
    name { display }
    version
  }
}
`,
    variables:
      '{\n  "input": {\n    "name": { "family": "Example", "given": ["Ada"] },\n    "birthDate": "1985-09-09",\n    "gender": "FEMALE",\n    "idempotencyKey": "change-me-each-time"\n  }\n}\n',
  },
  {
    query: `# Write a visit with vital signs.
mutation WriteVisit($input: CreateVisitInput!) {
  createVisit(input: $input) {
    id
    status
    startedAt
    vitals { temperature heartRate systolic diastolic }
    version
  }
}
`,
    variables:
      '{\n  "input": {\n    "patientId": "put the id here",\n    "type": "AMBULATORY",\n    "startedAt": "2026-01-01T09:00:00Z",\n    "reason": "Check-up",\n    "vitals": { "temperature": 36.8, "heartRate": 72, "systolic": 124, "diastolic": 79 }\n  }\n}\n',
  },
  {
    query: `# Who did what, and whether the log verifies.
query AuditLog {
  auditLog { state verifiedTo verifiedAt size pending }
  auditEntries(first: 20) {
    edges {
      node {
        index
        at
        actor { kind name role }
        action
        outcome
        operation
        canonical
      }
    }
  }
}
`,
  },
];
