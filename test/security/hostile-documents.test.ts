import { readFileSync } from 'node:fs';
import { Kind, type DocumentNode } from 'graphql';
import { demandModest } from '../../server/graphql/limits';
import { makeSchema } from '../../server/app';
import { Hospital, type Patient } from '../support/hospital';
import { statements } from '../support/statements';

let hospital: Hospital;
let patient: Patient;
beforeAll(async () => {
  hospital = await Hospital.open();
  patient = await hospital.patient({ diagnosis: 'Zanary diagnosis' });
});
afterAll(() => hospital?.close());

const repeat = (times: number, text: (n: number) => string) =>
  Array.from({ length: times }, (_, n) => text(n)).join(' ');

/** Lists within lists, `levels` deep, each with the paging given. */
function nested(levels: number, paging: string): string {
  if (levels === 0) return 'id';
  return `visits${paging} { edges { node { patient { ${nested(levels - 1, paging)} } } } }`;
}

const refused: Record<string, [document: string, code: string, variables?: Record<string, unknown>]> = {
  'thirteen fields deep': [`{ ${'visits { edges { node { patient { '.repeat(3)} id ${'} } } }'.repeat(3)} }`, 'QUERY_TOO_COSTLY'],
  'ten thousand fields deep': [`{ ${'a { '.repeat(10_000)} id ${'} '.repeat(10_000)} }`, 'QUERY_TOO_COSTLY'],
  'a thousand aliases': [`{ ${repeat(1000, (n) => `a${n}: __typename`)} }`, 'QUERY_TOO_COSTLY'],
  'a thousand aliases with work to do': [`{ ${repeat(1000, (n) => `a${n}: me { id }`)} }`, 'QUERY_TOO_COSTLY'],
  'thirty-one aliases in a fragment': [`{ ...F } fragment F on Query { ${repeat(31, (n) => `a${n}: __typename`)} }`, 'QUERY_TOO_COSTLY'],
  'a thousand directives': [`{ me { ${repeat(1000, (n) => `@skip(if: false) f${n}`)} } }`, 'BAD_USER_INPUT'],
  'a thousand directives, well written': [`{ me { ${repeat(1000, () => 'id @skip(if: false)')} } }`, 'QUERY_TOO_COSTLY'],
  'forty directives': [`{ me { ${repeat(40, () => 'id @skip(if: false)')} } }`, 'QUERY_TOO_COSTLY'],
  'a page of a thousand million': ['{ patients(first: 1000000000) { edges { node { id } } } }', 'BAD_USER_INPUT'],
  'a page of 1e9': ['{ patients(first: 1e9) { edges { node { id } } } }', 'BAD_USER_INPUT'],
  'a page of a thousand million by variable': ['query ($n: Int) { patients(first: $n) { edges { node { id } } } }', 'BAD_USER_INPUT', { n: 1e9 }],
  'full pages within full pages': [`{ ${nested(2, '(first: 100)')} }`, 'QUERY_TOO_COSTLY'],
  'the same by variable': [`query ($n: Int) { ${nested(2, '(last: $n)')} }`, 'QUERY_TOO_COSTLY', { n: 100 }],
  'the same by a variable’s default': [`query ($n: Int = 100) { ${nested(2, '(first: $n)')} }`, 'QUERY_TOO_COSTLY'],
  'pages nobody gave a size': [`{ patients { edges { node { visits { edges { node { patient { visits { edges { node { patient { id } } } } } } } } } } } }`, 'QUERY_TOO_COSTLY'],
  'fragments that call each other': ['{ me { ...A } } fragment A on Me { ...B } fragment B on Me { ...A }', 'BAD_USER_INPUT'],
  'a fragment that calls itself': ['{ ...A } fragment A on Query { ...A }', 'BAD_USER_INPUT'],
  'fragments that double at each step': [`{ ...F0 } ${repeat(40, (n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`)} fragment F40 on Query { __typename }`, 'QUERY_TOO_COSTLY'],
  'a hundred thousand names': [`{ ${repeat(100_000, () => 'a')} }`, 'QUERY_TOO_COSTLY'],
  'a field written a thousand times': [`{ me { ${repeat(1000, () => 'id')} } }`, 'QUERY_TOO_COSTLY'],
  'a page written a hundred times': [`{ ${repeat(100, () => 'patients(first: 100) { totalCount }')} }`, 'QUERY_TOO_COSTLY'],
  'thirty sign-ins': [`mutation ($input: SignInInput!) { ${repeat(30, (n) => `a${n}: signIn(input: $input) { accessToken }`)} }`, 'QUERY_TOO_COSTLY', { input: { email: 'park@ward.example', password: 'x' } }],
  'a list of a hundred thousand ids': ['query ($id: ID!) { patient(id: $id) { id } }', 'QUERY_TOO_COSTLY', { id: Array.from({ length: 100_000 }, () => '1') }],
  'variables seventeen deep': ['query ($id: ID!) { patient(id: $id) { id } }', 'QUERY_TOO_COSTLY', { id: JSON.parse(`${'['.repeat(17)}${']'.repeat(17)}`) as unknown }],
  'a comment and nothing else': ['# nothing', 'BAD_USER_INPUT'],
  'an unknown field': ['{ me { zanary } }', 'BAD_USER_INPUT'],
  'no document': ['', 'BAD_USER_INPUT'],
  'half a document': ['{ me { id }', 'BAD_USER_INPUT'],
  'two operations and no name': ['query A { me { id } } query B { me { id } }', 'BAD_USER_INPUT'],
}; // prettier-ignore

describe.each(['adeyemi', 'stranger'] as const)('from %s, refused before anything is asked of the database', (who) => {
  test.each(Object.keys(refused))('%s', async (name) => {
    const [document, code, variables] = refused[name]!;
    const person = who === 'stranger' ? hospital.stranger : hospital.as(who);
    // a page's largest size is the field's own rule: who asks is found out first
    const byField = name.startsWith('a page of a');
    const known = byField || name.startsWith('two operations') ? /FROM session/ : /^$/;
    const expected = byField && who === 'stranger' ? 'UNAUTHENTICATED' : code;
    const asked = await statements(async () => {
      const answer = await person.ask(document, variables);
      expect(answer.code).toBe(expected);
      expect(answer.status).toBeLessThan(500);
      expect(answer.data ?? null).toBeNull();
    });
    expect(asked.filter((text) => !known.test(text))).toEqual([]);
  });
});

test('what people really ask is well within the limits', async () => {
  const page = `query Page($id: ID!) { me { id } patient(id: $id) { ...Banner visits(first: 20) { edges { cursor node { id vitals { heartRate systolic } attending { name } } } }
    treatmentUpdates(first: 20) { edges { node { id text author { name } } } } careTeam { user { name } } } }
    fragment Banner on Patient { id mrn name { family given } birthDate allergies { substance } }`;
  expect((await hospital.as('adeyemi').ask(page, { id: patient.id })).code).toBeUndefined();
  const list = '{ patients(first: 100) { totalCount edges { node { id mrn name { display } age visits(first: 1) { edges { node { startedAt reason } } } } } } }'; // prettier-ignore
  expect((await hospital.as('adeyemi').ask(list)).code).toBeUndefined();
});

test('so is every document of the client, with full pages', () => {
  const generated = readFileSync('client/src/gql/graphql.ts', 'utf8');
  const asked = [...generated.matchAll(/Document = (\{"kind":"Document".*\}) as/g)].map(
    ([, document]) => JSON.parse(document!) as DocumentNode,
  );
  expect(asked.length).toBeGreaterThan(20);
  const schema = makeSchema(hospital.runtime);
  for (const document of asked) {
    const [operation] = document.definitions;
    const variables = operation?.kind === Kind.OPERATION_DEFINITION ? (operation.variableDefinitions ?? []) : [];
    const full = Object.fromEntries(variables.map(({ variable }) => [variable.name.value, 100]));
    expect(() => demandModest(schema, document, full)).not.toThrow();
  }
});

describe('the schema', () => {
  const questions = ['{ __schema { types { name } } }', '{ __type(name: "Patient") { name } }', '{ ...F } fragment F on Query { __schema { types { name } } }', '{ ... { __schema { types { name } } } }', '{ alias: __schema { types { name } } }']; // prettier-ignore

  test.each(questions)('is not told to strangers: %s', async (question) => {
    const { code, body } = await hospital.stranger.ask(question);
    expect(code).toBe('UNAUTHENTICATED');
    expect(body).not.toContain('Patient');
  });

  test('is told to who is signed in, for the editor', async () => {
    expect((await hospital.as('lindqvist').ask(questions[0]!)).body).toContain('Patient');
  });

  test('is told to nobody with GRAPHIQL=off, nor guessed at in errors', async () => {
    const closed = await Hospital.open({ GRAPHIQL: 'off' });
    try {
      for (const question of questions) {
        expect((await closed.as('adeyemi').ask(question)).code).toBe('BAD_USER_INPUT');
      }
      expect((await closed.as('adeyemi').ask('{ patientss { id } }')).body).not.toMatch(/Did you mean/);
    } finally {
      await closed.close();
    }
  });
});

describe('by HTTP', () => {
  const send = (init: { method?: 'GET' | 'POST' | 'PUT' | 'DELETE'; url?: string; headers?: Record<string, string>; payload?: string }) =>
    hospital.desk.app.fastify.inject({ method: 'POST', url: '/graphql', ...init, headers: { authorization: `Bearer ${hospital.as('adeyemi').token}`, ...init.headers } }); // prettier-ignore
  const json = { 'content-type': 'application/json' };
  const codeOf = (response: { json: () => unknown }) =>
    (response.json() as { errors?: { extensions: { code: string; requestId: string } }[] }).errors?.[0]?.extensions;
  const mutation = `mutation { recordTreatment(input: { patientId: "PATIENT", text: "Planted", status: ONGOING }) { id } }`;
  const planted = () => mutation.replace('PATIENT', patient.id);
  const updates = () => hospital.count('SELECT count(*) FROM treatment_update');

  test('a body of 10 MB is not read', async () => {
    const payload = JSON.stringify({ query: '{ me { id } }', variables: { pad: 'x'.repeat(10 * 1024 * 1024) } });
    const asked = await statements(async () => {
      const response = await send({ headers: json, payload });
      expect(response.statusCode).toBe(413);
      expect(codeOf(response)).toEqual({ code: 'QUERY_TOO_COSTLY', requestId: expect.any(String) as unknown });
    });
    expect(asked).toEqual([]);
  });

  test.each([
    ['two', [{ query: '{ me { id } }' }, { query: '{ me { id } }' }]],
    ['a thousand', Array.from({ length: 1000 }, () => ({ query: '{ me { id } }' }))],
    ['one in a list', [{ query: '{ me { id } }' }]],
  ])('documents come one at a time, not %s', async (_what, payload) => {
    const asked = await statements(async () => {
      const response = await send({ headers: json, payload: JSON.stringify(payload) });
      expect([response.statusCode, codeOf(response)?.code]).toEqual([400, 'BAD_USER_INPUT']);
    });
    expect(asked).toEqual([]);
  });

  test('stored documents are not taken', async () => {
    const extensions = { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } };
    const response = await send({ headers: json, payload: JSON.stringify({ extensions }) });
    expect(codeOf(response)?.code).toBe('BAD_USER_INPUT');
  });

  test.each([{ 'x-chartseal-csrf': '1', 'apollo-require-preflight': '1' }, {}])('a GET changes nothing %j', async (headers) => {
    const before = await updates();
    const response = await send({ method: 'GET', url: `/graphql?query=${encodeURIComponent(planted())}`, headers: headers as Record<string, string> });
    expect(response.statusCode).toBeGreaterThanOrEqual(400);
    expect(codeOf(response)?.code).toBe('BAD_USER_INPUT');
    expect(await updates()).toBe(before);
  }); // prettier-ignore

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/graphql', 'text/plain; application/json', ''])(
    'what is sent as "%s" is not read',
    async (type) => {
      const before = await updates();
      const forms: Record<string, string> = { 'multipart/form-data; boundary=x': `--x\r\nContent-Disposition: form-data; name="operations"\r\n\r\n${JSON.stringify({ query: planted() })}\r\n--x--` };
      const response = await send({ headers: type ? { 'content-type': type } : {}, payload: forms[type] ?? JSON.stringify({ query: planted() }) });
      expect(response.statusCode).toBeGreaterThanOrEqual(400);
      expect(response.statusCode).toBeLessThan(500);
      expect(codeOf(response)?.code).toBe('BAD_USER_INPUT');
      expect(await updates()).toBe(before);
    },
  ); // prettier-ignore

  test('variables a hundred thousand objects deep', async () => {
    const variables = `{"a":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`;
    const asked = await statements(async () => {
      const response = await send({ headers: json, payload: `{"query":"{ me { id } }","variables":${variables}}` });
      expect([response.statusCode, codeOf(response)?.code]).toEqual([400, expect.stringMatching(/^(QUERY_TOO_COSTLY|BAD_USER_INPUT)$/)]); // prettier-ignore
    });
    expect(asked).toEqual([]);
  });

  test.each(['{', '"x"', 'null', '[]', '{"query":5}', '{"query":"{ me { id } }","variables":"x"}', '{"__proto__":{"query":"{ me { id } }"}}'])(
    'a body of %s',
    async (payload) => {
      const asked = await statements(async () => {
        const response = await send({ headers: json, payload });
        expect([response.statusCode, codeOf(response)?.code]).toEqual([400, 'BAD_USER_INPUT']);
      });
      expect(asked).toEqual([]);
    },
  ); // prettier-ignore

  test('no page of elsewhere may ask: there is no CORS', async () => {
    for (const method of ['OPTIONS', 'POST'] as const) {
      const response = await hospital.desk.app.fastify.inject({ method, url: '/graphql', headers: { ...json, origin: 'https://evil.example', 'access-control-request-method': 'POST' }, payload: '{"query":"{ me { id } }"}' }); // prettier-ignore
      expect(Object.keys(response.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });
});

describe('no error tells more than its code', () => {
  const FORBIDDEN = /\bat .*\.(ts|js)|node_modules|SELECT|INSERT|UPDATE |relation \\\\?"|column \\\\?"|constraint|patient_search|app_user|audit_pending|stacktrace|Zanary|zanary|postgres|Error:/; // prettier-ignore

  async function told(work: () => Promise<{ code: string | undefined; body: string }>, code: string): Promise<void> {
    const answer = await work();
    expect(answer.code).toBe(code);
    expect(answer.body).not.toMatch(FORBIDDEN);
  }

  test.each<[string, string, Record<string, unknown>]>([
    ['an enum that is none', 'query ($g: Gender) { patients(filter: { gender: $g }) { edges { cursor } } }', { g: 'Zanary' }],
    ['an enum that is none, in the document', '{ patients(filter: { gender: Zanary }) { edges { cursor } } }', {}],
    ['a number for a text', 'query ($s: String) { patients(search: $s) { edges { cursor } } }', { s: { Zanary: 1 } }],
    ['a text for a number', 'query ($n: Int) { patients(first: $n) { edges { cursor } } }', { n: 'Zanary' }],
    ['a text for a number, in the document', '{ patients(first: "Zanary") { edges { cursor } } }', {}],
    ['a date that is none', 'mutation ($d: LocalDate) { createPatient(input: { name: { family: "Zanary", given: [] }, gender: MALE, birthDate: $d }) { id } }', { d: 'Zanary' }],
    ['a date that is none, in the document', 'mutation { createPatient(input: { name: { family: "Zanary", given: [] }, gender: MALE, birthDate: "Zanary" }) { id } }', {}],
    ['a moment that is none', '{ visits(from: "Zanary") { edges { cursor } } }', {}],
    ['a field that is missing', 'mutation ($input: CreatePatientInput!) { createPatient(input: $input) { id } }', { input: { mrn: 'Zanary-1' } }],
    ['a field too many', 'mutation ($input: CreatePatientInput!) { createPatient(input: $input) { id } }', { input: { name: { family: 'Zanary', given: [] }, gender: 'MALE', nonsense: 'Zanary' } }],
    ['a rule broken', 'mutation ($input: CreatePatientInput!) { createPatient(input: $input) { id } }', { input: { name: { family: 'Zanary', given: [] }, gender: 'MALE', email: 'Zanary', phone: 'Zanary' } }],
    ['a syntax error', '{ patients(search: "Zanary" "Zanary") }', {}],
    ['an id that is none', '{ patient(id: "Zanary") { id } }', {}],
    ['an id that would be SQL', `{ patient(id: "' OR 1=1; SELECT --") { id } }`, {}],
    ['a cursor that is none', '{ patients(after: "Zanary") { edges { cursor } } }', {}],
    ['a search too long', 'query ($s: String) { patients(search: $s) { edges { cursor } } }', { s: 'Zanary'.repeat(50) }],
  ])('%s', async (_what, document, variables) => {
    await told(() => hospital.as('adeyemi').ask(document, variables), 'BAD_USER_INPUT');
  }); // prettier-ignore

  test('NUL, lone surrogates and other text no database takes', async () => {
    for (const text of ['Za\0nary', '\ud800', 'Zanary\u202e', '\ufeff']) {
      const document = 'query ($s: String) { patients(search: $s) { edges { cursor } } }';
      expect((await hospital.as('adeyemi').ask(document, { s: text })).code).toBeUndefined();
      const input = { patientId: patient.id, text, status: 'ONGOING' };
      expect(await hospital.as('adeyemi').refused('recordTreatment', input)).toBeUndefined();
    }
  });

  test('a table that is gone, a database that refuses', async () => {
    const read = () => hospital.as('adeyemi').ask(`{ patient(id: "${patient.id}") { diagnosis visits { edges { node { id } } } } }`); // prettier-ignore
    await hospital.sql('ALTER TABLE visit RENAME TO visit_gone');
    await told(read, 'INTERNAL');
    await hospital.sql('ALTER TABLE visit_gone RENAME TO visit');
    expect((await read()).code).toBeUndefined();

    await hospital.sql('ALTER TABLE treatment_update ADD CONSTRAINT full_disk CHECK (false) NOT VALID');
    const input = { patientId: patient.id, text: 'Zanary', status: 'ONGOING' };
    await told(
      () => hospital.as('adeyemi').ask('mutation ($input: RecordTreatmentInput!) { recordTreatment(input: $input) { id } }', { input }),
      'INTERNAL',
    ); // prettier-ignore
    await hospital.sql('ALTER TABLE treatment_update DROP CONSTRAINT full_disk');
  });

  test('with the log unable to write: no data at all', async () => {
    await hospital.sql('ALTER TABLE audit_pending ADD CONSTRAINT full_disk CHECK (false) NOT VALID');
    try {
      const document = `{ patient(id: "${patient.id}") { diagnosis } }`;
      await told(() => hospital.as('adeyemi').ask(document), 'AUDIT_UNAVAILABLE');
    } finally {
      await hospital.sql('ALTER TABLE audit_pending DROP CONSTRAINT full_disk');
    }
  });
});
