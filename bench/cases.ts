import type { Sample } from './hospital';

/**
 * Who stands on either side of a ratio. `stubbed` is Chartseal without the ledger's write of reads, `off` without the ledger
 * altogether, `four` are four processes of it on one database.
 */
export type Side = 'chartseal' | 'bare' | 'stubbed' | 'off' | 'four';

export interface Operation {
  operationName: string;
  query: string;
  variables: Record<string, unknown>;
}

/** One kind of request, sent alike to both sides. */
export interface BenchCase {
  name: string;
  what: string;
  /** Least ratio of `over` to `under`, in requests per second. */
  goal: number;
  over: Side;
  under: Side;
  /** Requests sent in turn, over and over. */
  operations: (sample: Sample) => Operation[];
  /** For edits: every request names a patient, the version last seen, and a new phone number. */
  edits?: true;
}

/** Different requests of a case: enough to keep caches honest, few enough to be built beforehand. */
const VARIETY = 500;

const READ = `query ReadPatient($id: ID!) {
  patient(id: $id) {
    id mrn name { family given } birthDate gender phone email diagnosis medicalHistory version
  }
}`;

const LIST = `query ListPatients($first: Int) {
  patients(first: $first) {
    edges { node { id mrn name { family given } birthDate gender phone } }
    pageInfo { hasNextPage endCursor }
  }
}`;

const SEARCH = `query SearchPatients($search: String) {
  patients(first: 20, search: $search) {
    edges { node { id mrn name { family given } birthDate gender } }
    pageInfo { hasNextPage endCursor }
  }
}`;

const CREATE = `mutation RegisterPatient($input: CreatePatientInput!) {
  createPatient(input: $input) { id mrn version }
}`;

const UPDATE = `mutation ChangePhone($input: UpdatePatientInput!) {
  updatePatient(input: $input) { id phone version }
}`;

const VISITS = `query PatientWithVisits($id: ID!) {
  patient(id: $id) {
    id mrn name { family given } birthDate gender
    visits(first: 10) {
      edges {
        node {
          id type status startedAt endedAt reason notes diagnosis
          vitals { temperature heartRate systolic diastolic oxygenSaturation }
        }
      }
    }
  }
}`;

function reads({ patients }: Sample): Operation[] {
  return spread(patients).map((id) => ({ operationName: 'ReadPatient', query: READ, variables: { id } }));
}

/** The promises of `npm run bench`. */
export const cases: readonly BenchCase[] = [
  {
    name: 'read',
    what: 'read one patient (10 fields)',
    goal: 0.6,
    over: 'chartseal',
    under: 'bare',
    operations: reads,
  },
  {
    name: 'list',
    what: 'list 20 patients',
    goal: 0.5,
    over: 'chartseal',
    under: 'bare',
    operations: () => [{ operationName: 'ListPatients', query: LIST, variables: { first: 20 } }],
  },
  {
    name: 'search',
    what: 'search by part of a name',
    goal: 0.5,
    over: 'chartseal',
    under: 'bare',
    operations: ({ nameParts }) =>
      spread(nameParts).map((search) => ({ operationName: 'SearchPatients', query: SEARCH, variables: { search } })),
  },
  {
    name: 'visits',
    what: 'read a patient with visits',
    goal: 0.5,
    over: 'chartseal',
    under: 'bare',
    operations: ({ patients }) =>
      spread(patients).map((id) => ({ operationName: 'PatientWithVisits', query: VISITS, variables: { id } })),
  },
  {
    name: 'create',
    what: 'register a patient',
    goal: 0.4,
    over: 'chartseal',
    under: 'bare',
    operations: ({ newcomers }) =>
      newcomers.map((input) => ({ operationName: 'RegisterPatient', query: CREATE, variables: { input } })),
  },
  {
    name: 'update',
    what: 'change one field',
    goal: 0.4,
    over: 'chartseal',
    under: 'bare',
    operations: () => [{ operationName: 'ChangePhone', query: UPDATE, variables: {} }],
    edits: true,
  },
  {
    name: 'audit',
    what: 'read, ledger on : ledger stubbed',
    goal: 0.85,
    over: 'chartseal',
    under: 'stubbed',
    operations: reads,
  },
];

/** Throws RangeError for a name there is not. */
export function caseNamed(wanted: string): BenchCase {
  const found = cases.find(({ name }) => name === wanted);
  if (!found) throw new RangeError(`No case ${wanted}.`);
  return found;
}

/** `VARIETY` of these, evenly spread over all. */
function spread<T>(all: readonly T[]): T[] {
  const step = Math.max(1, all.length / VARIETY);
  return Array.from({ length: Math.min(VARIETY, all.length) }, (_, place) => all[Math.floor(place * step)]!);
}
