import { getNamedType, isObjectType } from 'graphql';
import { makeSchema } from '../../server/app';
import { runIn } from '../../server/crypto/access-scope';
import { currentContext, RequestContext } from '../../server/graphql/context';
import { Gender, PatientList } from '../../server/patients';
import { Hospital, type Name, type Patient } from '../support/hospital';
import { allSealed } from '../support/until';

type Node = { id: string } | { entry: { id: string } };

interface Page {
  edges: { cursor: string; node: Node }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
  totalCount: number | null;
}

let hospital: Hospital;
let patient: Patient;
const patients: string[] = [];
const SIZE = 11;
const FEW = 7;
/** End of the reports: making one is an entry that would be in the next. */
let until: string;

beforeAll(async () => {
  hospital = await Hospital.open();
  for (let n = 0; n < SIZE; n += 1) patients.unshift((await hospital.patient({}, 'adeyemi')).id);
  patient = { id: patients[0]!, version: 1, mrn: '' };
  for (let n = 0; n < SIZE; n += 1) {
    await hospital.visit(patient, { startedAt: `2026-03-${10 + Math.floor(n / 2)}T09:00:00Z` }); // pairs at one moment
    await hospital.treatment(patient, `Treatment ${n}`);
  }
  await hospital.as('park').stepUp(hospital.account('park'));
  await hospital.as('okafor').stepUp(hospital.account('okafor'));
  for (let n = 0; n < FEW; n += 1) {
    await client(n);
    await breakGlass();
    await snoop();
  }
  await allSealed(hospital); // entries are listed once they are
  until = new Date().toISOString();
});
afterAll(() => hospital?.close());

interface List {
  by: Name;
  /** The connection's field, as `Type.field`. */
  of: string;
  /** Puts a document around the connection's field. */
  within?: (list: string) => string;
  /** Arguments before the paging ones. */
  fixed?: () => string;
  /** What tells one node from another, called `id`. */
  id?: string;
  /** Fewest rows it has here. */
  least?: number;
  /** Only `first` and `after`. */
  forwardOnly?: true;
  /** Adds a row to the list while somebody walks it; `n` counts the calls. */
  insert?: (n: number) => Promise<unknown>;
}

const ofPatient = (list: string) => `{ patient(id: "${patient.id}") { ${list} } }`;
const visit = () => hospital.visit(patient, { startedAt: '2026-03-12T09:00:00Z' });
const treat = (n: number) => hospital.treatment(patient, `Later ${n}`);
const register = async () => void patients.unshift((await hospital.patient()).id);
const hire = (n: number) => hospital.desk.hire(`Dr Later ${n}`, 'DOCTOR');
const report = (field: string) => (list: string) =>
  `{ ${field}(patientId: "${patient.id}", from: "2026-01-01T00:00:00Z", to: "${until}") { ${list} } }`;

/** Every list there is, and who looks; a test compares them with the schema. */
const lists: Record<string, List> = {
  'patients': { by: 'adeyemi', of: 'Query.patients', insert: register },
  'patients, oldest first': { by: 'adeyemi', of: 'Query.patients', fixed: () => 'orderBy: REGISTERED_ASC', insert: register },
  'patients, searched': { by: 'adeyemi', of: 'Query.patients', fixed: () => 'search: "lindgren"' },
  'visits': { by: 'adeyemi', of: 'Query.visits', insert: visit },
  'visits of a patient': { by: 'adeyemi', of: 'Query.visits', fixed: () => `patientId: "${patient.id}"`, insert: visit },
  'visits below a patient': { by: 'adeyemi', of: 'Patient.visits', within: ofPatient, insert: visit },
  'treatments': { by: 'adeyemi', of: 'Query.treatmentUpdates', fixed: () => `patientId: "${patient.id}"`, insert: treat },
  'treatments below a patient': { by: 'adeyemi', of: 'Patient.treatmentUpdates', within: ofPatient, insert: treat },
  'users': { by: 'park', of: 'Query.users', least: 7, insert: hire },
  'auditEntries': { by: 'park', of: 'Query.auditEntries', fixed: () => 'filter: { action: "create", targetType: "patient" }', id: 'id: leafHash', insert: register },
  'data keys': { by: 'park', of: 'Keyring.keys', within: (list) => `{ keyring { ${list} } }`, forwardOnly: true, insert: register },
  'API clients': { by: 'park', of: 'Query.apiClients', least: FEW, insert: client },
  'broken glass': { by: 'brandt', of: 'Query.breakGlassGrants', least: FEW, insert: breakGlass },
  'findings': { by: 'brandt', of: 'Query.snoopingFindings', least: FEW, insert: snoop },
  'who opened a record': { by: 'park', of: 'AccessReport.rows', within: report('accessReport'), id: 'entry { id: leafHash }' },
  'what was disclosed': { by: 'park', of: 'DisclosureReport.rows', within: report('accountingOfDisclosures'), id: 'entry { id: leafHash }', least: 0 },
}; // prettier-ignore

/** Makes one more client of another system. */
async function client(n: number): Promise<void> {
  const create = 'mutation ($input: CreateApiClientInput!) { createApiClient(input: $input) { client { id } } }';
  await hospital.as('park').get(create, { input: { name: `Laboratory ${n}`, scopes: ['patient.read'] } });
}

/** Breaks the glass of a patient of somebody else. */
async function breakGlass(): Promise<void> {
  const { id } = await hospital.patient({}, 'okonkwo');
  const take = 'mutation ($input: BreakGlassInput!) { breakGlass(input: $input) { id } }';
  const input = { patientId: id, reason: 'EMERGENCY', text: 'Found unconscious on the stairs' };
  await hospital.as('okafor').get(take, { input });
}

/** An administrator looks at what is clinical, and the rules find it. */
async function snoop(): Promise<void> {
  const { id } = await hospital.patient({}, 'okonkwo');
  await hospital.as('park').get(`{ patient(id: "${id}") { diagnosis } }`);
  await allSealed(hospital);
  await hospital.runtime.services.snooping.watch.round();
}

test('every connection of the schema is among them', () => {
  const found = Object.values(makeSchema(hospital.runtime).getTypeMap()).filter(isObjectType).flatMap((type) =>
    Object.values(type.getFields())
      .filter((field) => getNamedType(field.type).name.endsWith('Connection'))
      .map((field) => `${type.name}.${field.name}`),
  ); // prettier-ignore
  expect(found.sort()).toEqual([...new Set(Object.values(lists).map(({ of }) => of))].sort());
});

function documentOf(name: string, paging: string): string {
  const { of, fixed, within = (list) => `{ ${list} }`, id = 'id' } = lists[name]!;
  const args = [fixed?.(), paging].filter(Boolean).join(', ');
  const field = of.slice(of.indexOf('.') + 1);
  return within(
    `list: ${field}${args && `(${args})`} { totalCount edges { cursor node { ${id} } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }`,
  );
}

const ask = (name: string, paging: string) => hospital.as(lists[name]!.by).ask(documentOf(name, paging));

async function page(name: string, paging: string): Promise<Page> {
  const data = await hospital.as(lists[name]!.by).get<Record<string, Page | { list: Page }>>(documentOf(name, paging));
  const [found] = Object.values(data) as [Page | { list: Page }];
  return 'edges' in found ? found : found.list;
}

const idOf = (node: Node) => ('id' in node ? node.id : node.entry.id);
const idsOf = ({ edges }: Page) => edges.map(({ node }) => idOf(node));
const waysOf = (name: string) => (lists[name]!.forwardOnly ? (['first'] as const) : (['first', 'last'] as const));

describe.each(Object.keys(lists))('%s', (name) => {
  beforeAll(() => allSealed(hospital));

  test('walked forward and backward in pages of every size: the whole list once, in order', async () => {
    const whole = await page(name, 'first: 100');
    const ids = idsOf(whole);
    expect(ids.length).toBeGreaterThanOrEqual(lists[name]!.least ?? SIZE);
    expect(new Set(ids).size).toBe(ids.length);
    expect(whole.totalCount).toBe(ids.length);
    expect(whole.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: false });
    // of a long list the smallest pages are left out: they are many, and say nothing new
    const least = ids.length > 2 * SIZE ? 5 : 1;
    const sizes = Array.from({ length: Math.min(ids.length, SIZE) - least + 1 }, (_, n) => n + least);
    for (const size of [...sizes, ids.length + 1]) {
      for (const way of waysOf(name)) expect([way, size, await walk(name, size, way)]).toEqual([way, size, ids]);
    }
  });

  test('sizes outside 1 to 100, both directions at once, and cursors the wrong way round are refused', async () => {
    for (const paging of ['first: 0', 'first: -1', 'first: 101', 'first: 1000000000', 'last: 0', 'last: 101', 'first: 1, last: 1', 'first: 1e9']) {
      const { code, data } = await ask(name, paging);
      expect([paging, code]).toEqual([paging, 'BAD_USER_INPUT']);
      expect(JSON.stringify(data ?? null)).not.toContain('edges');
    } // prettier-ignore
    const startCursor = (await page(name, 'first: 1')).pageInfo.startCursor ?? 'none';
    expect((await ask(name, `first: 1, before: "${startCursor}"`)).code).toBe('BAD_USER_INPUT');
    expect((await ask(name, `last: 1, after: "${startCursor}"`)).code).toBe('BAD_USER_INPUT');
  });

  test('a cursor says nothing, is the same each time, and is taken from nobody who made it up', async () => {
    const { edges } = await page(name, 'first: 2');
    if (edges.length === 0) return expect(lists[name]!.least).toBe(0);
    const [{ cursor, node }, second] = edges as [Page['edges'][0], Page['edges'][0]];
    expect((await page(name, 'first: 2')).edges.map((edge) => edge.cursor)).toEqual([cursor, second.cursor]);
    const bytes = Buffer.from(cursor, 'base64url');
    expect(bytes.toString('latin1')).not.toContain(idOf(node));
    const flipped = Buffer.from(bytes);
    flipped[flipped.length - 1]! ^= 1;
    const plain = Buffer.from(JSON.stringify([idOf(node)]));
    const forged = [flipped, bytes.subarray(1), plain, Buffer.alloc(64), Buffer.alloc(600)].map((b) => b.toString('base64url'));
    for (const cursor of [...forged, 'x', 'cursor:1', "'; --"]) {
      expect([cursor, (await ask(name, `first: 2, after: "${cursor}"`)).code]).toEqual([cursor, 'BAD_USER_INPUT']);
    }
  }); // prettier-ignore
});

async function walk(
  name: string,
  size: number,
  way: 'first' | 'last',
  between?: () => Promise<unknown>,
): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | null = null, more = true; more;) {
    const beyond: string = cursor ? `, ${way === 'first' ? 'after' : 'before'}: "${cursor}"` : '';
    const found: Page = await page(name, `${way}: ${size}${beyond}`);
    expect(found.edges.length).toBeLessThanOrEqual(size);
    const { hasNextPage, hasPreviousPage, startCursor, endCursor } = found.pageInfo;
    expect([startCursor, endCursor]).toEqual([found.edges[0]?.cursor ?? null, found.edges.at(-1)?.cursor ?? null]);
    if (way === 'first') ids.push(...idsOf(found));
    else ids.unshift(...idsOf(found));
    more = way === 'first' ? hasNextPage : hasPreviousPage;
    expect(way === 'first' ? hasPreviousPage : hasNextPage).toBe(cursor !== null);
    cursor = way === 'first' ? endCursor : startCursor;
    await between?.();
  }
  return ids;
}

const growing = Object.keys(lists).filter((name) => lists[name]!.insert);
let added = FEW;

test.each(growing)('%s: who walks while rows are added sees each that was there, once, in order', async (name) => {
  for (const way of waysOf(name)) {
    const before = await walk(name, 100, way);
    let rows = 3;
    const add = async () => void (rows-- > 0 && (await lists[name]!.insert!((added += 1))));
    const seen = await walk(name, 4, way, add);
    expect(rows).toBeLessThan(3);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((id) => before.includes(id))).toEqual(before);
  }
});

test('a cursor of one list is none of another', async () => {
  const { startCursor: ofPatients } = (await page('patients', 'first: 1')).pageInfo;
  const { startCursor: ofTreatments } = (await page('treatments', 'first: 1')).pageInfo;
  expect((await ask('visits', `first: 1, after: "${ofPatients}"`)).code).toBe('BAD_USER_INPUT');
  expect((await ask('treatments', `first: 1, after: "${ofPatients}"`)).code).toBe('BAD_USER_INPUT');
  expect((await ask('patients', `first: 1, after: "${ofTreatments}"`)).code).toBe('BAD_USER_INPUT');
  expect((await ask('users', `first: 1, after: "${ofPatients}"`)).code).toBe('BAD_USER_INPUT');
});

test('twenty are given when nothing is said, and pages stay whole while patients are registered', async () => {
  const before = await page('patients', 'first: 5');
  for (let n = 0; n < 12; n += 1) patients.unshift((await hospital.patient()).id);
  expect(idsOf(await page('patients', ''))).toEqual(patients.slice(0, 20));
  const next = await page('patients', `first: 5, after: "${before.pageInfo.endCursor}"`);
  expect(idsOf(next)).toEqual(patients.slice(17, 22));
});

describe('a filter that only opened records answer', () => {
  const men: string[] = [];
  beforeAll(async () => {
    for (let n = 0; n < 3; n += 1) {
      men.unshift((await hospital.patient({ gender: 'MALE' }, 'okonkwo')).id);
      for (let between = 0; between < 5; between += 1) await hospital.patient({}, 'okonkwo');
    }
  });
  const actor = () => ({ kind: 'user', id: hospital.idOf('okonkwo'), role: 'DOCTOR', sessionId: null }) as const;

  test.each([
    [2, 2_000],
    [2, 4],
    [1, 1],
    [3, 9],
  ])('pages of %i, opening %i at most: every match once, in both directions', async (size, atMost) => {
    const { base, services } = hospital.runtime;
    const list = new PatientList(base, services.patientRepository, services.patientIndex, atMost);
    const filter = { gender: Gender.MALE };
    const found = { forward: [] as string[], backward: [] as string[] };
    for (const way of ['forward', 'backward'] as const) {
      for (let cursor: string | undefined, more = true; more;) {
        const paging = way === 'forward' ? { first: size, after: cursor } : { last: size, before: cursor };
        const page = await runIn(new RequestContext({ actor: actor() }), () =>
          list.list(currentContext(), { ...paging, filter }),
        );
        const ids = page.edges.map(({ node }) => node.id);
        if (way === 'forward') found.forward.push(...ids);
        else found.backward.unshift(...ids);
        const { hasNextPage, hasPreviousPage, endCursor, startCursor } = page.pageInfo;
        more = way === 'forward' ? hasNextPage : hasPreviousPage;
        cursor = (way === 'forward' ? endCursor : startCursor) ?? undefined;
        expect(page.totalCount).toBeUndefined();
      }
    }
    expect(found).toEqual({ forward: men, backward: men });
  });
});

describe('node', () => {
  test('fetches patients, visits, treatment updates and, for an admin, accounts by their id alone', async () => {
    const visit = await hospital.visit(patient);
    const treatment = await hospital.treatment(patient, 'Rest');
    const type = async (name: Name, id: string) =>
      (await hospital.as(name).get<{ node: { __typename: string } | null }>(`{ node(id: "${id}") { __typename id } }`)).node?.__typename ?? null; // prettier-ignore
    const found = [patient.id, visit.id, treatment.id].map((id) => type('adeyemi', id));
    expect(await Promise.all(found)).toEqual(['Patient', 'Visit', 'TreatmentUpdate']);
    const account = hospital.idOf('lindqvist');
    expect([await type('park', account), await type('adeyemi', account)]).toEqual(['User', null]);
    expect(await type('park', '01890000-0000-7000-8000-000000000000')).toBeNull();
    expect((await hospital.as('park').ask('{ node(id: "1") { id } }')).code).toBe('BAD_USER_INPUT');
  });
});
