import { runIn } from '../../server/crypto/access-scope';
import { currentContext, RequestContext } from '../../server/graphql/context';
import { Gender, PatientList } from '../../server/patients';
import { Hospital, type Name, type Patient } from '../support/hospital';

interface Page {
  edges: { cursor: string; node: { id: string } }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
  totalCount: number | null;
}

let hospital: Hospital;
let patient: Patient;
const patients: string[] = [];
const SIZE = 11;

beforeAll(async () => {
  hospital = await Hospital.open();
  for (let n = 0; n < SIZE; n += 1) patients.unshift((await hospital.patient({}, 'adeyemi')).id);
  patient = { id: patients[0]!, version: 1, mrn: '' };
  for (let n = 0; n < SIZE; n += 1) {
    await hospital.visit(patient, { startedAt: `2026-03-${10 + Math.floor(n / 2)}T09:00:00Z` }); // pairs at one moment
    await hospital.treatment(patient, `Treatment ${n}`);
  }
  while ((await hospital.count('SELECT count(*) FROM audit_pending')) > 0) await new Promise((done) => setTimeout(done, 10));
}); // prettier-ignore
afterAll(() => hospital?.close());

/** Every list there is: the document's arguments before the paging ones, and who looks. */
const lists: Record<string, { by: Name; field: string; fixed: () => string; within?: boolean }> = {
  'patients': { by: 'adeyemi', field: 'patients', fixed: () => '' },
  'patients, oldest first': { by: 'adeyemi', field: 'patients', fixed: () => 'orderBy: REGISTERED_ASC' },
  'patients, searched': { by: 'adeyemi', field: 'patients', fixed: () => 'search: "lindgren"' },
  'visits': { by: 'adeyemi', field: 'visits', fixed: () => '' },
  'visits of a patient': { by: 'adeyemi', field: 'visits', fixed: () => `patientId: "${patient.id}"` },
  'visits below a patient': { by: 'adeyemi', field: 'visits', fixed: () => '', within: true },
  'treatments': { by: 'adeyemi', field: 'treatmentUpdates', fixed: () => `patientId: "${patient.id}"` },
  'treatments below a patient': { by: 'adeyemi', field: 'treatmentUpdates', fixed: () => '', within: true },
  'users': { by: 'park', field: 'users', fixed: () => '' },
  'auditEntries': { by: 'park', field: 'auditEntries', fixed: () => 'filter: { action: "create" }' },
}; // prettier-ignore

function documentOf(name: string, paging: string): string {
  const { field, fixed, within } = lists[name]!;
  const args = [fixed(), paging].filter(Boolean).join(', ');
  const id = field === 'auditEntries' ? 'id: leafHash' : 'id';
  const list = `list: ${field}${args && `(${args})`} { totalCount edges { cursor node { ${id} } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }`;
  return within ? `{ patient(id: "${patient.id}") { ${list} } }` : `{ ${list} }`;
}

const ask = (name: string, paging: string) => hospital.as(lists[name]!.by).ask(documentOf(name, paging));

async function page(name: string, paging: string): Promise<Page> {
  const data = await hospital.as(lists[name]!.by).get<{ list?: Page; patient?: { list: Page } }>(documentOf(name, paging));
  return (data.list ?? data.patient?.list)!;
} // prettier-ignore

const idsOf = ({ edges }: Page) => edges.map(({ node }) => node.id);

describe.each(Object.keys(lists))('%s', (name) => {
  test('walked forward and backward in pages of every size: the whole list once, in order', async () => {
    const whole = await page(name, 'first: 100');
    const ids = idsOf(whole);
    expect(ids.length).toBeGreaterThanOrEqual(name === 'users' ? 7 : SIZE);
    expect(new Set(ids).size).toBe(ids.length);
    expect(whole.totalCount).toBe(ids.length);
    expect(whole.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: false });
    for (const size of [1, 2, 3, 7, ids.length - 1, ids.length, ids.length + 1]) {
      expect(await walk(name, size, 'first')).toEqual(ids);
      expect(await walk(name, size, 'last')).toEqual(ids);
    }
  });

  test('sizes outside 1 to 100, both directions at once, and cursors the wrong way round are refused', async () => {
    for (const paging of ['first: 0', 'first: -1', 'first: 101', 'first: 1000000000', 'last: 0', 'last: 101', 'first: 1, last: 1', 'first: 1e9']) {
      const { code, data } = await ask(name, paging);
      expect([paging, code]).toEqual([paging, 'BAD_USER_INPUT']);
      expect(JSON.stringify(data ?? null)).not.toContain('edges');
    } // prettier-ignore
    const { startCursor } = (await page(name, 'first: 1')).pageInfo;
    expect((await ask(name, `first: 1, before: "${startCursor}"`)).code).toBe('BAD_USER_INPUT');
    expect((await ask(name, `last: 1, after: "${startCursor}"`)).code).toBe('BAD_USER_INPUT');
  });

  test('a cursor says nothing, is the same each time, and is taken from nobody who made it up', async () => {
    const { edges } = await page(name, 'first: 2');
    const [{ cursor, node }, second] = edges as [Page['edges'][0], Page['edges'][0]];
    expect((await page(name, 'first: 2')).edges.map((edge) => edge.cursor)).toEqual([cursor, second.cursor]);
    const bytes = Buffer.from(cursor, 'base64url');
    expect(bytes.toString('latin1')).not.toContain(node.id.slice(0, 8));
    const flipped = Buffer.from(bytes);
    flipped[flipped.length - 1]! ^= 1;
    const plain = Buffer.from(JSON.stringify([node.id]));
    const forged = [flipped, bytes.subarray(1), plain, Buffer.alloc(64), Buffer.alloc(600)].map((b) => b.toString('base64url'));
    for (const cursor of [...forged, 'x', 'cursor:1', "'; --"]) {
      expect([cursor, (await ask(name, `first: 2, after: "${cursor}"`)).code]).toEqual([cursor, 'BAD_USER_INPUT']);
    }
  }); // prettier-ignore
});

async function walk(name: string, size: number, way: 'first' | 'last'): Promise<string[]> {
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
  }
  return ids;
}

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
