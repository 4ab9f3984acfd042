import { join } from 'node:path';
import { runIn } from '../../server/crypto/access-scope';
import { systemContext } from '../../server/graphql/context';
import { askToken, byPost, registerClient } from '../support/api-client';
import { STEP_UP } from '../support/erasing';
import { enrol, ticketOf, VERIFY } from '../support/factor';
import { Hospital, Person, type Name, type Patient } from '../support/hospital';
import { startServer, type ServerProcess } from '../support/server-process';
import { openTwoServers, type TwoServers } from '../support/two-servers';

let servers: TwoServers;
let one: Hospital;
let other: Hospital;
let settings: Record<string, string>;
let folder: string;

beforeAll(async () => {
  servers = await openTwoServers();
  ({ one, other, settings, folder } = servers);
});
afterAll(() => servers?.close());

/** The same person, with the same session, at the other server. */
const there = (person: Person): Person => Object.assign(new Person(other.desk), { token: person.token });
const look = (person: Person, { id }: Patient) => person.ask(`{ patient(id: "${id}") { id name { family } phone } }`);

async function allSealed(): Promise<void> {
  const giveUp = Date.now() + 20_000;
  while ((await one.count('SELECT count(*) FROM audit_pending')) > 0) {
    if (Date.now() > giveUp) throw new Error('nobody seals');
    await new Promise((done) => setTimeout(done, 20));
  }
}

async function demandWholeLog(): Promise<void> {
  await allSealed();
  const gaps = await one.count('SELECT count(*) FROM (SELECT index, lag(index) OVER (ORDER BY index) AS before FROM audit_entry) e WHERE index <> coalesce(before + 1, 0)'); // prettier-ignore
  expect(gaps).toBe(0);
  expect(await one.count("SELECT count(*) - count(DISTINCT convert_from(entry, 'UTF8')::jsonb ->> 'id') FROM audit_entry")).toBe(0); // prettier-ignore
  expect(await one.runtime.auditLog.verifyAll()).toMatchObject({ word: 'OK' });
  expect(await one.runtime.auditLog.verifyRows()).toEqual([]);
}

describe('two servers on one database', () => {
  test('what one writes the other reads', async () => {
    const patient = await one.patient({ phone: '070-123 45 67' });
    expect((await look(there(one.as('adeyemi')), patient)).data).toMatchObject({ patient: { phone: '070-123 45 67' } });
    await other.as('adeyemi').do('updatePatient', { id: patient.id, expectedVersion: 1, phone: '070-765 43 21' });
    expect((await look(one.as('adeyemi'), patient)).data).toMatchObject({ patient: { phone: '070-765 43 21' } });
    const late = { id: patient.id, expectedVersion: 1, phone: '1234567' };
    expect(await one.as('adeyemi').refused('updatePatient', late)).toBe('CONFLICT');
  });

  test('signing out here counts there on the next request', async () => {
    const patient = await one.patient();
    const person = one.visitor();
    await person.signIn(one.account('adeyemi'));
    expect((await look(there(person), patient)).code).toBeUndefined();
    await person.get('mutation { signOut }');
    expect((await look(there(person), patient)).code).toBe('UNAUTHENTICATED');
  });

  test('so do leaving a care team, deleting, a closed account', async () => {
    const patient = await one.patient({}, 'adeyemi', ['okonkwo']);
    const place = { patientId: patient.id, userId: one.idOf('okonkwo') };
    expect((await look(other.as('okonkwo'), patient)).code).toBeUndefined();
    await one.as('adeyemi').do('removeCareTeamMember', place);
    expect((await look(other.as('okonkwo'), patient)).code).toBe('BREAK_GLASS_AVAILABLE');
    await one.as('adeyemi').do('deletePatient', { id: patient.id, expectedVersion: 1, reason: 'Registered twice' });
    expect((await look(other.as('adeyemi'), patient)).code).toBe('NOT_FOUND');

    const gone = await one.desk.hire('Dr Gone', 'DOCTOR');
    const theirs = new Person(other.desk, '203.0.113.9');
    await theirs.signIn(gone);
    expect(await theirs.whoami()).toBe('Dr Gone');
    await one.as('park').get(`mutation { deactivateUser(input: { id: "${gone.id}", expectedVersion: 1, reason: "Left" }) { id } }`); // prettier-ignore
    expect(await theirs.whoami()).toBeNull();
  });

  test('the rules over the log fill the queue once, whichever server judges', async () => {
    const patients = [await one.patient(), await one.patient({}, 'okonkwo'), await other.patient()];
    const looks = [one, other].flatMap((server) => patients.map(({ id }) => () => server.as('park').get(`{ patient(id: "${id}") { diagnosis } }`))); // prettier-ignore
    const found = () => one.count('SELECT count(*) FROM snooping_hit JOIN snooping_finding f ON f.id = finding_id WHERE patient_id = ANY($1)', [patients.map(({ id }) => id)]); // prettier-ignore
    const watches = [one, other, one, other].map(({ runtime }) => runtime.services.snooping.watch);
    for (const look of looks) await Promise.all([look(), ...watches.map((watch) => watch.round())]);
    await allSealed();
    for (const watch of watches) await watch.round();
    expect(await found()).toBe(looks.length);
    expect(await one.count('SELECT count(*) FROM snooping_finding WHERE patient_id = ANY($1)', [patients.map(({ id }) => id)])).toBe(patients.length); // prettier-ignore
  });

  test('a role, a password, a factor, a reset: each change here ends the sessions there', async () => {
    const { id, email, password } = await one.desk.hire('Nurse Everywhere', 'NURSE');
    const park = one.as('park');
    await park.stepUp(one.account('park'));
    const at = async (secret: string) => {
      const person = new Person(other.desk, '198.51.100.250');
      expect((await person.signIn({ email, password: secret })).code).toBeUndefined();
      return person;
    };
    const here = ({ token }: Person) => Object.assign(new Person(one.desk), { token });
    const done = async (change: Promise<{ code: string | undefined }>) => expect((await change).code).toBeUndefined();

    const first = await at(password);
    const role = `updateUser(input: { id: "${id}", expectedVersion: 1, role: CLINICIAN, reason: "Passed the exam" })`;
    await done(park.ask(`mutation { ${role} { id } }`));
    expect(await first.whoami()).toBeNull();

    const [second, mine] = [await at(password), await at(password)];
    const input = { currentPassword: password, newPassword: 'another one, as long' };
    await done(here(mine).ask('mutation ($input: ChangePasswordInput!) { changePassword(input: $input) }', { input }));
    expect([await second.whoami(), await mine.whoami()]).toEqual([null, 'Nurse Everywhere']);

    const third = await at(input.newPassword);
    await enrol(here(mine), { password: input.newPassword }, () => one.runtime.clock.now());
    expect([await third.whoami(), await mine.whoami()]).toEqual([null, 'Nurse Everywhere']);

    await done(park.ask(`mutation { resetSecondFactor(input: { id: "${id}" }) { id } }`));
    expect(await mine.whoami()).toBeNull();
    const [fourth, fifth] = [await at(input.newPassword), await at(input.newPassword)];
    await done(here(fourth).ask('mutation { endOtherSessions }'));
    expect([await fourth.whoami(), await fifth.whoami()]).toEqual(['Nurse Everywhere', null]);
    await done(park.ask(`mutation { resetPassword(input: { id: "${id}" }) { expiresAt } }`));
    expect(await fourth.whoami()).toBeNull();
  });

  test('a broken glass counts there, and ends there', async () => {
    const patient = await one.patient({}, 'okonkwo');
    const lindqvist = one.as('lindqvist');
    await lindqvist.get(STEP_UP, { password: one.account('lindqvist').password });
    const input = { patientId: patient.id, reason: 'EMERGENCY', text: 'Nobody of the team is in tonight' };
    const { breakGlass } = await lindqvist.get<{ breakGlass: { id: string } }>(
      'mutation ($input: BreakGlassInput!) { breakGlass(input: $input) { id } }',
      { input },
    );
    expect((await look(there(lindqvist), patient)).code).toBeUndefined();
    await there(lindqvist).get(`mutation { endBreakGlass(input: { id: "${breakGlass.id}" }) { id } }`);
    expect((await look(lindqvist, patient)).code).toBe('BREAK_GLASS_AVAILABLE');
  });

  test('an API client’s token is good at both, and nowhere once it is revoked at one', async () => {
    const client = await registerClient(one, { scopes: ['patient.read:name'] });
    const { access_token: token } = (await askToken(one, byPost(client))).body;
    const program = (house: Hospital) => Object.assign(new Person(house.desk), { token });
    const counted = '{ patients { totalCount } }';
    expect((await program(other).ask(counted)).code).toBeUndefined();
    await other.as('park').get(`mutation { revokeApiClient(input: { id: "${client.id}" }) { id } }`);
    expect((await program(one).ask(counted)).code).toBe('UNAUTHENTICATED');
    expect((await askToken(one, byPost(client))).body.error).toBe('invalid_client');
  });

  test('a code is good once, at whichever server comes first', async () => {
    const account = await one.desk.hire('Nurse Coded', 'NURSE');
    const person = one.visitor();
    await person.signIn(account);
    const { phone } = await enrol(person, account, () => one.runtime.clock.now());
    const code = phone.code(30); // the one that confirmed it is spent
    const attempts = [one, other, one, other].map(async (house) => {
      const browser = house.visitor();
      const ticket = ticketOf(await browser.signIn(account));
      return (await browser.ask(VERIFY, { input: { ticket, code } })).code ?? 'in';
    });
    expect((await Promise.all(attempts)).filter((word) => word === 'in')).toHaveLength(1);
  });

  test('the same key at both at once registers one patient', async () => {
    const input = { name: { family: 'Both', given: ['At', 'Once'] }, gender: 'OTHER', idempotencyKey: 'at-both-servers' };
    const made = await Promise.all(
      Array.from({ length: 6 }, (_, n) => (n % 2 ? one : other).as('okafor').do('createPatient', input)),
    );
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
  }); // prettier-ignore

  test('both write at once: one log without gaps or doubles, one row for each, record numbers once', async () => {
    const begun = await one.count('SELECT count(*) FROM patient');
    const writers: [Hospital, Name][] = [[one, 'adeyemi'], [other, 'okonkwo'], [one, 'okafor'], [other, 'adeyemi']]; // prettier-ignore
    await Promise.all(
      writers.map(async ([house, name]) => {
        for (let n = 0; n < 8; n += 1) {
          const patient = await house.patient({ birthDate: `198${n}-05-05` }, name);
          await house.visit(patient, { reason: 'Cough' }, name);
          await house.as(name).do('updatePatient', { id: patient.id, expectedVersion: 1, phone: '1234567' });
        }
      }),
    );
    expect(await one.count('SELECT count(*) FROM patient')).toBe(begun + 32);
    await demandWholeLog();
    const system = systemContext('recount');
    expect(await runIn(system, () => other.runtime.services.demographics.recount(false))).toEqual([]);
  });
});

describe('a server killed while it writes', () => {
  let server: ServerProcess;
  afterEach(() => void server?.process.kill('SIGKILL'));

  test('everything it acknowledged is there with its entry; nothing is half-written; the log verifies', async () => {
    server = startServer({ ...settings, DATA_DIR: join(folder, 'killed') });
    const address = await server.ready;
    expect(address).not.toBeNull();
    const { email, password } = one.account('adeyemi');
    const ask = async (token: string | null, query: string, variables: object) => {
      const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
      const response = await fetch(`${address}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
      return (await response.json()) as { data: Record<string, { id: string; accessToken: string }> | null };
    }; // prettier-ignore
    const signIn = 'mutation ($input: SignInInput!) { signIn(input: $input) { accessToken } }';
    const { accessToken } = (await ask(null, signIn, { input: { email, password } })).data!.signIn!;

    const acknowledged = { patients: [] as string[], visits: [] as string[] };
    const create = 'mutation ($input: CreatePatientInput!) { createPatient(input: $input) { id } }';
    const visit = 'mutation ($input: CreateVisitInput!) { createVisit(input: $input) { id } }';
    const write = async () => {
      for (;;) {
        const input = { name: { family: 'Kill', given: ['Nine'] }, gender: 'MALE', birthDate: '1980-05-05', treatment: 'Rest' };
        const patientId = (await ask(accessToken, create, { input })).data!.createPatient!.id;
        acknowledged.patients.push(patientId);
        const attend = { patientId, type: 'HOME', startedAt: '2026-03-01T09:00:00Z', reason: 'Fall' };
        acknowledged.visits.push((await ask(accessToken, visit, { input: attend })).data!.createVisit!.id);
      }
    }; // prettier-ignore
    const writers = Array.from({ length: 8 }, () => write().catch(() => undefined)); // each ends when the server does
    const wanted = Date.now() + 20_000;
    while (acknowledged.visits.length < 40 && Date.now() < wanted) await new Promise((done) => setTimeout(done, 20));
    server.process.kill('SIGKILL');
    expect(await server.ended).toBeNull();
    await Promise.all(writers);
    expect(acknowledged.visits.length).toBeGreaterThanOrEqual(40);

    const missing = (table: string, ids: string[]) =>
      one.count(`SELECT count(*) FROM unnest($1::uuid[]) AS id WHERE NOT EXISTS (SELECT 1 FROM ${table} t WHERE t.id = id.id)`, [ids]); // prettier-ignore
    expect(await missing('patient', acknowledged.patients)).toBe(0);
    expect(await missing('visit', acknowledged.visits)).toBe(0);
    await demandWholeLog();

    for (const [table, type] of [['patient', 'patient'], ['visit', 'visit'], ['treatment_update', 'treatment'], ['care_team_member', 'careTeam']] as const) {
      const unnamed = `SELECT count(*) FROM ${table} t WHERE NOT EXISTS (SELECT 1 FROM audit_entry e WHERE e.target_id = t.id AND e.target_type = $1 AND e.action = 'create')`;
      expect([table, await one.count(unnamed, [type])]).toEqual([table, 0]);
    } // prettier-ignore
    const unfinished = (what: string) =>
      one.count(`SELECT count(*) FROM patient p WHERE p.id = ANY($1::uuid[]) AND NOT EXISTS (SELECT 1 FROM ${what} = p.id)`, [acknowledged.patients]); // prettier-ignore
    for (const what of ['data_key k WHERE k.owner', 'patient_search k WHERE k.patient_id', 'treatment_update k WHERE k.patient_id', 'care_team_member k WHERE k.patient_id']) {
      expect([what, await unfinished(what)]).toEqual([what, 0]);
    } // prettier-ignore
    const without = "SELECT count(*) FROM audit_entry e WHERE e.target_type = 'patient' AND e.action = 'create' AND NOT EXISTS (SELECT 1 FROM patient p WHERE p.id = e.target_id)"; // prettier-ignore
    expect(await one.count(without)).toBe(0);
    expect(await runIn(systemContext('recount'), () => one.runtime.services.demographics.recount(false))).toEqual([]);
    const last = { id: acknowledged.patients.at(-1)!, version: 1, mrn: '' };
    expect((await look(one.as('adeyemi'), last)).data).toMatchObject({ patient: { name: { family: 'Kill' } } });
  });
});
