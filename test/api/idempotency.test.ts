import { getNamedType, isInputObjectType } from 'graphql';
import { createApp, makeSchema, type App } from '../../server/app';
import { Hospital, type Name, type Patient } from '../support/hospital';

let hospital: Hospital;
let elsewhere: App;
let patient: Patient;
beforeAll(async () => {
  hospital = await Hospital.open();
  patient = await hospital.patient({}, 'adeyemi', ['okafor']);
  await hospital.as('park').stepUp(hospital.account('park')); // for accounts
  elsewhere = await createApp(hospital.runtime);
  await elsewhere.fastify.ready();
});
afterAll(async () => {
  await elsewhere?.close();
  await hospital?.close();
});

interface Create {
  by: Name;
  other: Name;
  input: (n: number) => Record<string, unknown>;
  /** The same key for something else. */
  changed: Record<string, unknown>;
  selection: string;
  /** Rows it makes. */
  count: string;
}

/** Every create there is; a test compares with the schema. */
const creates: Record<string, Create> = {
  createPatient: {
    by: 'adeyemi',
    other: 'okafor',
    input: () => ({ name: { family: 'Twice', given: ['Only'] }, gender: 'OTHER' }),
    changed: { gender: 'MALE' },
    selection: '{ id mrn version }',
    count: 'SELECT count(*) FROM patient',
  },
  createVisit: {
    by: 'adeyemi',
    other: 'okafor',
    input: () => ({ patientId: patient.id, type: 'HOME', startedAt: '2026-04-01T09:00:00Z', reason: 'Cough' }),
    changed: { reason: 'Fever' },
    selection: '{ id version reason }',
    count: 'SELECT count(*) FROM visit',
  },
  recordTreatment: {
    by: 'adeyemi',
    other: 'okafor',
    input: () => ({ patientId: patient.id, text: 'Rest', status: 'ONGOING' }),
    changed: { text: 'Bed rest' },
    selection: '{ id text at }',
    count: 'SELECT count(*) FROM treatment_update',
  },
  createUser: {
    by: 'park',
    other: 'park',
    input: (n) => ({ email: `new.colleague.${n}@ward.example`, name: 'New Colleague', role: 'NURSE' }),
    changed: { role: 'DOCTOR' },
    selection: '{ setupUrl expiresAt user { id version } }',
    count: 'SELECT (SELECT count(*) FROM app_user) + (SELECT count(*) FROM invite)',
  },
};

/** Creates that need no key, or whose key is tried where they are. */
const others: Record<string, string> = {
  addCareTeamMember: 'adding twice leaves one place',
  breakGlass: 'tried in break-glass.test.ts, with its proofs',
  createApiClient:
    'its secret is shown once and kept by nobody: who lost the answer revokes that client and makes another',
  recordVitals: 'expectedVersion refuses the second',
};

test('every create of the schema takes a key, or needs none', () => {
  const fields = Object.values(makeSchema(hospital.runtime).getMutationType()!.getFields());
  const keyed = fields.filter(({ args }) =>
    args.some(({ type }) => {
      const input = getNamedType(type);
      return isInputObjectType(input) && 'idempotencyKey' in input.getFields();
    }),
  );
  const making = fields.filter(({ name }) => /^(create|record|add|breakGlass)/.test(name));
  const named = [...new Set([...keyed, ...making].map(({ name }) => name))].sort();
  expect(named.filter((name) => !(name in creates) && !(name in others))).toEqual([]);
  expect(keyed.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(creates)));
});

interface Told {
  data: Record<string, unknown> | null;
  errors?: { extensions: { code: string } }[];
}

describe.each(Object.keys(creates))('%s', (name) => {
  const { by, other, input, changed, selection, count } = creates[name]!;
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
  const query = `mutation ($input: ${type}!) { ${name}(input: $input) ${selection} }`;
  const keyed = (n: number) => ({ ...input(n), idempotencyKey: `${name} ${n} of the test` });

  async function ask(wanted: Record<string, unknown>, who = by, app = hospital.desk.app): Promise<Told> {
    const headers = { authorization: `Bearer ${hospital.as(who).token}` };
    const payload = { query, variables: { input: wanted } };
    const response = await app.fastify.inject({ method: 'POST', url: '/graphql', headers, payload });
    return response.json<Told>();
  }

  test('twice, also at another server because the first answer was lost: the same answer, nothing written again', async () => {
    const first = await ask(keyed(1));
    expect(first.errors).toBeUndefined();
    const made = await hospital.count(count);
    expect((await ask(keyed(1))).data).toEqual(first.data);
    expect((await ask(keyed(1), by, elsewhere)).data).toEqual(first.data);
    expect(await hospital.count(count)).toBe(made);
  });

  test('at the same moment at two servers: one is made, all are told of it', async () => {
    await ask(keyed(2));
    const [before, each] = [await hospital.count(count), [hospital.desk.app, elsewhere, hospital.desk.app, elsewhere]];
    const answers = await Promise.all(each.map((app) => ask(keyed(3), by, app)));
    expect(new Set(answers.map(({ data }) => JSON.stringify(data))).size).toBe(1);
    expect(answers[0]!.errors).toBeUndefined();
    const made = (await hospital.count(count)) - before;
    expect(made).toBe(name === 'createUser' ? 2 : 1); // an account comes with its link
  });

  test('the same key for something else is a CONFLICT, and makes nothing', async () => {
    await ask(keyed(4));
    const before = await hospital.count(count);
    const answer = await ask({ ...keyed(4), ...changed });
    expect(answer.errors?.[0]?.extensions.code).toBe('CONFLICT');
    expect(await hospital.count(count)).toBe(before);
  });

  test('another’s same key is another key; without one, each call makes one', async () => {
    const one = await ask(input(5));
    const two = await ask(name === 'createUser' ? input(6) : input(5));
    expect(two.data).not.toEqual(one.data);
    if (other === by) return;
    expect((await ask(keyed(1), other)).data).not.toEqual((await ask(keyed(1))).data);
  });
});
