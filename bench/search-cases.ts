import type { Operation } from './cases';

/** What is known of a patient to ask for. */
export interface Known {
  family: string;
  given: string[];
  birthDate: string | null;
  mrn: string;
  identifier: string | null;
  phone: string | null;
  email: string | null;
}

export interface SearchSample {
  patients: number;
  doctor: { email: string; password: string };
  known: Known[];
  /** Cursor into the middle of the list of all patients. */
  middle: string;
}

/** One kind of question, asked with different words. */
export interface SearchCase {
  name: string;
  operations: Operation[];
  /** Rows on the page, of the connection named here; null where rows say nothing. */
  rows: 'patients' | 'visits' | null;
}

const SEARCH = `query SearchPatients($search: String) {
  patients(first: 20, search: $search) {
    edges { node { id mrn name { family given } birthDate gender } }
    pageInfo { hasNextPage endCursor }
  }
}`;

const LIST = `query ListPatients($after: String) {
  patients(first: 20, after: $after) {
    edges { node { id mrn name { family given } birthDate gender phone } }
    pageInfo { hasNextPage endCursor }
  }
}`;

const COUNTED = `query CountedPatients { patients(first: 20) { totalCount edges { node { id mrn } } } }`;

const CHARTS = `query HospitalCharts {
  demographics {
    total
    ageBands { label gender count }
    decades { label gender count }
    genders { label gender count }
  }
}`;

const MINE = `query DashboardPatients($filter: PatientFilter) {
  patients(filter: $filter, first: 8, orderBy: REGISTERED_DESC) {
    edges { node { id mrn name { family given } birthDate gender diagnosis } }
  }
}`;

const TODAY = `query VisitsOfToday($from: DateTime!, $to: DateTime!) {
  visits(from: $from, to: $to, first: 20) {
    edges { node { id type status startedAt reason patient { id name { family given } } } }
  }
}`;

/** Every kind of search, the lists, and what the dashboard asks. */
export function searchCases(sample: SearchSample): SearchCase[] {
  const search = (name: string, text: (known: Known, place: number) => string | null): SearchCase => ({
    name,
    rows: 'patients',
    operations: sample.known.flatMap((known, place) => {
      const typed = text(known, place);
      return typed ? [{ operationName: 'SearchPatients', query: SEARCH, variables: { search: typed } }] : [];
    }),
  });
  const plain = sample.known.filter(({ family }) => /^[A-Za-z]{6,}$/.test(family)).map(({ family }) => family);
  const beginning = (letters: number) => (_: Known, place: number) => plain[place % plain.length]!.slice(0, letters);
  return [
    search('family name', ({ family }) => family),
    search('prefix of 2 letters', beginning(2)),
    search('prefix of 3 letters', beginning(3)),
    search('prefix of 5 letters', beginning(5)),
    search('given name', ({ given }) => given[0]!),
    search('both, in any order', ({ family, given }, place) =>
      place % 2 === 0 ? `${family} ${given[0]!}` : `${given[0]!} ${family}`,
    ),
    search('misheard', (_, place) => misheard(plain[place % plain.length]!)),
    search('record number', ({ mrn }) => mrn),
    search('identifier', ({ identifier }) => identifier),
    search('phone', ({ phone }) => phone),
    search('e-mail', ({ email }) => email),
    search('birth date', ({ birthDate }) => birthDate),
    search('name and year', ({ family, birthDate }) => birthDate && `${family} ${birthDate.slice(0, 4)}`),
    search('nobody', ({ family }) => `${family} 1891`),
    ...listCases(sample),
  ];
}

function listCases({ middle }: SearchSample): SearchCase[] {
  const day = 24 * 3600 * 1000;
  const from = new Date(new Date().setHours(0, 0, 0, 0));
  const today = { from: from.toISOString(), to: new Date(from.getTime() + day).toISOString() };
  const one = (
    name: string,
    rows: SearchCase['rows'],
    query: string,
    variables: Record<string, unknown> = {},
  ): SearchCase => ({
    name,
    rows,
    operations: [{ operationName: /query (\w+)/.exec(query)![1]!, query, variables }],
  });
  return [
    one('list, first page', 'patients', LIST, { after: null }),
    one('list, page in the middle', 'patients', LIST, { after: middle }),
    one('list with its count', 'patients', COUNTED),
    one('dashboard: demographics', null, CHARTS),
    one('dashboard: my patients', 'patients', MINE, { filter: { mine: true } }),
    one('dashboard: today’s visits', 'visits', TODAY, today),
  ];
}

/** Written as somebody might who only heard it. */
function misheard(family: string): string {
  const alike: [RegExp, string][] = [[/ck|k/, 'c'], [/ph/, 'f'], [/i/, 'y'], [/w/, 'v'], [/z/, 's']]; // prettier-ignore
  const heard = alike.find(([letters]) => letters.test(family));
  return heard ? family.replace(heard[0], heard[1]) : `${family}${family.at(-1)!}`;
}
