import { Hospital, type Name, type Patient } from '../support/hospital';

interface Found {
  id: string;
  match: string | null;
}

let hospital: Hospital;
const people: Record<string, Patient> = {};

const register = async (key: string, input: Record<string, unknown>, by: Name = 'adeyemi') => {
  people[key] = await hospital.patient({ gender: 'UNKNOWN', ...input }, by);
};

beforeAll(async () => {
  hospital = await Hospital.open();
  await register('anders', {
    mrn: 'FIND-77', name: { family: 'Lindqvist', given: ['Anders', 'Åke'] }, birthDate: '1985-09-09', gender: 'MALE',
    phone: '+46 70 123 45 67', email: 'Anders.L@Post.example', identifiers: [{ system: 'urn:pn', value: '850909-1234' }],
  }); // prettier-ignore
  await register('andersson', { name: { family: 'Andersson', given: ['Britta'] }, birthDate: '1985-01-31', gender: 'FEMALE' }); // prettier-ignore
  await register('li', { name: { family: 'Li', given: ['Wei'] } });
  await register('lindgren', { name: { family: 'Lindgren', given: ['Astrid'] }, birthDate: '1907-11-14' });
  await register('berg', { name: { family: 'van der Berg', given: ['Marie-Claire'] } });
  await register('brien', { name: { family: 'O’Brien', given: ['Søren'] } });
  await register('wang', { name: { family: '王', given: ['小明'] } });
  await register('ivanov', { name: { family: 'Иванов', given: ['Пётр'] } });
  await register('arab', { name: { family: 'حسن', given: ['مُحَمَّد'] } });
  await register('catherine', { name: { family: 'Smith', given: ['Catherine'] } });
  await register('others', { name: { family: 'Lindqvist', given: ['Olga'] }, birthDate: '1985-09-09' }, 'okonkwo');
});
afterAll(() => hospital?.close());

async function search(typed: string, filter: Record<string, unknown> = {}, by: Name = 'adeyemi'): Promise<Found[]> {
  const { patients } = await hospital
    .as(by)
    .get<{ patients: { totalCount: number; edges: { match: string | null; node: { id: string } }[] } }>(
      'query ($search: String, $filter: PatientFilter) { patients(search: $search, filter: $filter, first: 100) { totalCount edges { match node { id } } } }',
      { search: typed, filter },
    );
  expect(patients.totalCount).toBe(patients.edges.length);
  return patients.edges.map(({ match, node }) => ({ id: node.id, match }));
}

const found = async (typed: string, filter?: Record<string, unknown>, by?: Name) =>
  (await search(typed, filter, by)).map(({ id }) => Object.keys(people).find((key) => people[key]!.id === id));

describe('Dr Adeyemi finds her patient', () => {
  test.each([
    ['anders', ['lindqvist', 'LINDQVIST anders', 'anders lindqvist', 'ake', 'Åke Lindqvist', 'lindq and', 'FIND-77', 'find-77', '850909-1234', '+46701234567', '070-123 45 67', '070 123 45 67', 'anders 070 123 45 67', 'anders.l@post.example', '1985-09-09', '9.9.1985', '09/09/1985', '09-Sep-1985', 'anders 1985', 'anders 1985-09-09', 'lindkvist', 'Anderz Lindkvist']],
    ['berg', ['van der berg', 'berg', 'marie-claire', 'marieclaire', 'claire van']],
    ['brien', ["o'brien", 'OBRIEN', 'brien soren', 'Søren']],
    ['wang', ['王', '小', '王 小明']],
    ['ivanov', ['иван', 'ИВАНОВ Пётр', 'петр']],
    ['arab', ['محمد', 'حسن']],
    ['catherine', ['Kathryn', 'smyth', 'cath smith', 'Katherine Smyth']],
  ])('%s', async (key, ways) => {
    for (const typed of ways) expect([typed, await found(typed)]).toEqual([typed, expect.arrayContaining([key])]);
  }); // prettier-ignore

  test.each(['nders', 'lindqvist 1986', 'anders smith', 'FIND-78', '1985-09-10', '070-123 45 68', 'nobody@post.example', '%', 'y'])(
    'nobody by %s',
    async (typed) => {
      expect(await search(typed)).toEqual([]);
    },
  ); // prettier-ignore

  test('best first: the whole word, then its beginnings, then what sounds like it; by name within each', async () => {
    expect(await search('li')).toEqual([
      { id: people.li!.id, match: 'EXACT' },
      { id: people.lindgren!.id, match: 'PREFIX' },
      { id: people.anders!.id, match: 'PREFIX' },
    ]);
    expect(await search('anders')).toEqual([
      { id: people.anders!.id, match: 'EXACT' },
      { id: people.andersson!.id, match: 'PREFIX' },
    ]);
    expect(await search('lindkvist')).toEqual([{ id: people.anders!.id, match: 'SOUND' }]);
  });

  test('without a search there is no match', async () => {
    const { patients } = await hospital.as('adeyemi').get<{ patients: { edges: { match: null }[] } }>('{ patients { edges { match } } }'); // prettier-ignore
    expect(new Set(patients.edges.map(({ match }) => match))).toEqual(new Set([null]));
  });

  test('filters narrow the hits: gender, the deceased, the deleted', async () => {
    expect(await found('1985', { gender: 'FEMALE' })).toEqual(['andersson']);
    await register('gone', { name: { family: 'Lindblad', given: ['Ulf'] }, deceasedAt: '2020-01-01T00:00:00Z' });
    expect(await found('lindb', { deceased: true })).toEqual(['gone']);
    expect(await found('lindb', { deceased: false })).toEqual([]);
    await register('hidden', { name: { family: 'Lindblom', given: ['Eva'] } });
    await hospital
      .as('adeyemi')
      .do('deletePatient', { id: people.hidden!.id, expectedVersion: 1, reason: 'Twice here' });
    expect(await found('lindblom')).toEqual([]);
    expect(await found('lindblom', { deleted: true }, 'park')).toEqual(['hidden']);
  });

  test('a patient of others is found by them and the admin, not by her, and nobody who is not signed in finds anybody', async () => {
    expect(await found('olga')).toEqual([]);
    expect(await found('olga', {}, 'okonkwo')).toEqual(['others']);
    expect(await found('olga lindkvist', {}, 'park')).toEqual(['others']);
    expect((await found('lindqvist', {}, 'park')).sort()).toEqual(['anders', 'others']);
    expect((await hospital.stranger.ask('{ patients(search: "olga") { edges { cursor } } }')).code).toBe('UNAUTHENTICATED'); // prettier-ignore
    expect((await hospital.as('brandt').ask('{ patients(search: "olga") { edges { cursor } } }')).code).toBe('FORBIDDEN'); // prettier-ignore
  });
});

describe('what lies in the index is not believed', () => {
  test('another patient’s row copied over shows nobody who does not fit', async () => {
    await register('victim', { name: { family: 'Zetterlund', given: ['Monica'] } });
    await hospital.sql(
      `UPDATE patient_search s SET tokens = o.tokens, tags = o.tags FROM patient_search o
       WHERE s.patient_id = $1 AND o.patient_id = $2 AND o.generation = s.generation`,
      [people.victim!.id, people.anders!.id],
    );
    for (const by of ['adeyemi', 'park'] as const) {
      expect((await found('anders lindqvist', {}, by)).filter((key) => key === 'victim')).toEqual([]);
      expect((await found('FIND-77', {}, by)).filter((key) => key === 'victim')).toEqual([]);
    }
  });

  test('nothing of a name, number or date stands in the index', async () => {
    const rows = await hospital.sql<{ tokens: Buffer[]; tags: Buffer }>('SELECT tokens, tags FROM patient_search');
    const text = Buffer.concat(rows.flatMap(({ tokens, tags }) => [...tokens, tags])).toString('latin1');
    for (const clear of ['Lindq', 'lindq', 'FIND-77', '1985-09-09', '701234567']) expect(text).not.toContain(clear);
  });
});

describe('cursors of a search', () => {
  const page = (typed: string, paging: string, by: Name = 'park') =>
    hospital.as(by).ask(`{ patients(search: "${typed}", ${paging}) { edges { cursor } pageInfo { endCursor } } }`);

  test('are those of this search only', async () => {
    const { data } = await page('lindqvist', 'first: 1');
    const { endCursor } = (data as { patients: { pageInfo: { endCursor: string } } }).patients.pageInfo;
    expect((await page('lindqvist', `first: 1, after: "${endCursor}"`)).code).toBeUndefined();
    expect((await page('anders', `first: 1, after: "${endCursor}"`)).code).toBe('BAD_USER_INPUT');
    expect((await hospital.as('park').ask(`{ patients(after: "${endCursor}") { edges { cursor } } }`)).code).toBe('BAD_USER_INPUT'); // prettier-ignore
  });
});

describe('before somebody is registered', () => {
  const similar = async (input: Record<string, unknown>, by: Name = 'adeyemi') => {
    const data = await hospital.as(by).get<{ similarPatients: { patient: { id: string }; because: string[] }[] }>(
      'query ($input: SimilarPatientsInput!) { similarPatients(input: $input) { patient { id } because } }',
      { input },
    ); // prettier-ignore
    return data.similarPatients.map(({ patient, because }) => [patient.id, because]);
  };
  const name = { family: 'LINDQVIST', given: ['anders', 'ake'] };

  test('the same name and birth date, phone or identifier is warned of, saying why', async () => {
    const id = people.anders!.id;
    expect(await similar({ name, birthDate: '1985-09-09' })).toEqual([[id, ['NAME_AND_BIRTH_DATE']]]);
    expect(await similar({ phone: '0701234567' })).toEqual([[id, ['PHONE']]]);
    expect(await similar({ identifiers: [{ system: 'urn:pn', value: '850909-1234' }] })).toEqual([
      [id, ['IDENTIFIER']],
    ]);
    const all = { name, birthDate: '1985-09-09', phone: '+46 70 1234567', identifiers: [{ system: 'urn:pn', value: '850909-1234' }] }; // prettier-ignore
    expect(await similar(all)).toEqual([[id, ['NAME_AND_BIRTH_DATE', 'IDENTIFIER', 'PHONE']]]);
  });

  test('another birth date, system or number is no warning; nothing filled in asks nothing', async () => {
    expect(await similar({ name, birthDate: '1985-09-10' })).toEqual([]);
    expect(await similar({ name: { family: 'Lindqvist', given: [] }, birthDate: '1985-09-09' })).toEqual([]);
    expect(await similar({ identifiers: [{ system: 'urn:other', value: '850909-1234' }] })).toEqual([]);
    expect(await similar({ name })).toEqual([]);
    expect(await hospital.entriesOf(() => similar({}))).toEqual([]);
  });

  test('a patient of others is not hinted at; the admin is warned', async () => {
    const input = { name: { family: 'Lindqvist', given: ['Olga'] }, birthDate: '1985-09-09' };
    expect(await similar(input)).toEqual([]);
    expect(await similar(input, 'park')).toEqual([[people.others!.id, ['NAME_AND_BIRTH_DATE']]]);
  });

  test('asking is in the log, found or not; who may not register may not ask', async () => {
    const hit = await hospital.entriesOf(() => similar({ phone: '0701234567' }));
    expect(hit.map(({ a, p }) => [a, p])).toEqual([['read', [people.anders!.id]]]);
    const miss = await hospital.entriesOf(() => similar({ phone: '0709999999' }));
    expect(miss.map(({ a, p }) => [a, p])).toEqual([['search', []]]);
    const ask = '{ similarPatients(input: { phone: "0701234567" }) { because } }';
    for (const by of ['lindqvist', 'brandt'] as const) expect((await hospital.as(by).ask(ask)).code).toBe('FORBIDDEN');
    expect((await hospital.stranger.ask(ask)).code).toBe('UNAUTHENTICATED');
  });
});
