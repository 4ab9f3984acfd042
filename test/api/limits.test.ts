import { Client } from 'pg';
import { clientAt, registerClient } from '../support/api-client';
import { Hospital, mutationText, type Patient } from '../support/hospital';
import { RawSocket } from '../support/live-socket';
import { statements } from '../support/statements';
import { superuserUrl } from '../support/superuser';

const BUDGET = 9_000;

let hospital: Hospital;
let patient: Patient;
beforeAll(async () => {
  hospital = await Hospital.open({ COST_PER_MINUTE: String(BUDGET), STATEMENT_TIMEOUT_MS: '700' });
  patient = await hospital.patient();
});
afterAll(() => hospital?.close());

interface Told {
  extensions?: { cost?: { requested: number; budgetLeft: number; limit: number } };
}
const costIn = (body: string) => (JSON.parse(body) as Told).extensions?.cost;
const dear = '{ patients(first: 100) { totalCount edges { node { visits(first: 10) { edges { node { id } } } } } } }';
const DEAR_COST = 20 + 20 + 100 * 3 + 1000 * 3;
/** A budget fills up while a slow machine asks, so it takes some more tries than arithmetic says. */
const TRIES = 40;

describe('the budget of a minute', () => {
  test('every answer tells what it cost and what is left', async () => {
    const one = costIn((await hospital.as('okafor').ask('{ me { id name } }')).body);
    expect(one).toEqual({ requested: 3, budgetLeft: BUDGET - 3, limit: BUDGET });
    const two = await hospital.as('okafor').ask('{ patient(id: "1") { id } }');
    expect([two.code, costIn(two.body)?.budgetLeft]).toEqual(['BAD_USER_INPUT', expect.any(Number)]);
    expect(costIn((await hospital.as('okafor').ask('{ nothing }')).body)).toBeUndefined();
  });

  test('who has used it up waits, others do not, and a minute later it is whole again', async () => {
    const person = hospital.as('lindqvist');
    let refused = await person.ask(dear);
    let asked: string[] = [];
    for (let n = 0; n < TRIES && refused.code === undefined; n += 1) {
      asked = await statements(async () => void (refused = await person.ask(dear)));
    }
    expect([refused.status, refused.code, refused.data]).toEqual([429, 'RATE_LIMITED', null]);
    const { retryAfterSeconds } = refused.error!.extensions as { retryAfterSeconds: number };
    expect(retryAfterSeconds).toBeGreaterThanOrEqual(1);
    expect(retryAfterSeconds).toBeLessThanOrEqual(60);
    expect(costIn(refused.body)).toMatchObject({ requested: DEAR_COST, limit: BUDGET });
    expect(asked.filter((text) => !/FROM session/.test(text))).toEqual([]);
    expect((await hospital.as('adeyemi').ask(dear)).code).toBeUndefined();
    hospital.desk.wait(61_000);
    expect((await person.ask(dear)).code).toBeUndefined();
  });

  test('what is refused for want of budget changes nothing', async () => {
    const person = hospital.as('adeyemi');
    const input = { patientId: patient.id, text: 'Rest', status: 'ONGOING' };
    const proofs = Array.from({ length: 9 }, (_, n) => `s${n}: stepUp(input: { password: "x" })`).join(' ');
    const text = `${mutationText('recordTreatment', '{ id }').slice(0, -1)} ${proofs} }`;
    const before = await hospital.count('SELECT count(*) FROM treatment_update');
    expect((await person.ask(text, { input })).code).toBe('RATE_LIMITED');
    expect(await hospital.count('SELECT count(*) FROM treatment_update')).toBe(before);
  });

  test('strangers share that of their address', async () => {
    const [one, other] = [hospital.visitor(), hospital.visitor()];
    const attempt = 'mutation ($input: SignInInput!) { signIn(input: $input) { expiresAt } }';
    const input = { email: 'nobody@ward.example', password: 'a long enough guess' };
    let answer = await one.ask(attempt, { input });
    for (let n = 0; n < TRIES && answer.status !== 429; n += 1) {
      expect(answer.code).toBe('UNAUTHENTICATED');
      answer = await one.ask(attempt, { input: { ...input, email: `n${n}@ward.example` } });
    }
    expect([answer.code, costIn(answer.body)?.limit]).toEqual(['RATE_LIMITED', BUDGET]);
    expect((await one.ask('{ __typename }')).code).toBeUndefined();
    expect((await other.ask(attempt, { input })).code).toBe('UNAUTHENTICATED');
  }); // prettier-ignore
});

test('subscriptions are paid for as they are opened and event by event; who cannot pay hears so', async () => {
  const client = await registerClient(hospital, { scopes: ['patient.read:name'], requestsPerMinute: 1 });
  const { token } = await clientAt(hospital, client);
  const [rich, poor] = [await RawSocket.of(hospital, 'adeyemi'), await RawSocket.open(hospital)];
  poor.say({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
  await poor.hear('connection_ack');
  const { id, version } = await hospital.patient();
  const watched = () =>
    hospital.entries().then((entries) => entries.filter(({ a, p }) => a === 'watch' && p.includes(id)));
  for (const socket of [rich, poor])
    socket.subscribe('1', `subscription { patientChanged(patientId: "${id}") { version } }`);
  while ((await watched()).length < 2) await new Promise((done) => setTimeout(done, 20));
  await hospital.as('adeyemi').do('updatePatient', { id, expectedVersion: version, phone: '070-765 43 21' });
  const told = (version: number) => ({
    data: { patientChanged: { version } },
    extensions: { cost: { requested: 2, budgetLeft: expect.any(Number) as number, limit: BUDGET } },
  });
  let { payload } = await rich.hear('next', '1');
  if (JSON.stringify(payload).includes(`"version":${version}}`)) {
    expect(payload).toEqual(told(version)); // news of the registration that came late
    ({ payload } = await rich.hear('next', '1'));
  }
  expect(payload).toEqual(told(version + 1));
  expect(await poor.refusal('1')).toBe('RATE_LIMITED');
  await Promise.all([rich.leave(), poor.leave()]);
});

describe('a statement that takes too long', () => {
  let holder: Client;
  beforeAll(async () => {
    holder = new Client({ connectionString: superuserUrl(hospital.runtime) });
    await holder.connect();
  });
  afterAll(() => holder?.end());

  test('is stopped, said so in clear words, and whatever went with it is undone', async () => {
    hospital.desk.wait(61_000);
    const read = '{ visits(first: 5) { edges { node { id reason } } } }';
    const input = { patientId: patient.id, type: 'AMBULATORY', startedAt: '2026-03-01T09:00:00Z' };
    await holder.query('BEGIN; LOCK TABLE visit IN ACCESS EXCLUSIVE MODE');
    try {
      const answer = await hospital.as('adeyemi').ask(read);
      expect([answer.code, answer.data]).toEqual(['QUERY_TOO_COSTLY', null]);
      expect(answer.error!.message).toBe('Answering this took too long and was stopped.');
      expect(await hospital.as('adeyemi').refused('createVisit', input)).toBe('QUERY_TOO_COSTLY');
    } finally {
      await holder.query('ROLLBACK');
    }
    expect((await hospital.as('adeyemi').ask(read)).data).toEqual({ visits: { edges: [] } });
  });

  test('where budgets are told holds nobody up, and opens nothing for ever', async () => {
    hospital.desk.wait(61_000);
    await holder.query('BEGIN; LOCK TABLE caller_budget IN ACCESS EXCLUSIVE MODE');
    try {
      const codes: unknown[] = [];
      for (let n = 0; n < TRIES && !codes.includes('RATE_LIMITED'); n += 1) {
        codes.push((await hospital.as('okonkwo').ask(dear)).code);
      }
      expect(codes.length).toBeGreaterThan(2);
      expect(codes.slice(0, -1).every((code) => code === undefined)).toBe(true);
      expect(codes.at(-1)).toBe('RATE_LIMITED');
    } finally {
      await holder.query('ROLLBACK');
    }
  });
});
