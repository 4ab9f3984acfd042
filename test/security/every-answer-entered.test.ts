import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hospital, mutationText, type Patient } from '../support/hospital';
import { freshDatabase } from '../support/postgres';
import { startServer, type ServerProcess } from '../support/server-process';
import { allSealed, until } from '../support/until';
import { Dba } from './ledger-dba';

/** No answer without its entry: when the log refuses in the middle, and when the server is killed. */

let folder: string;
let settings: Record<string, string>;
let hospital: Hospital;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chartseal-entered-'));
  settings = {
    DATABASE_URL: await freshDatabase(),
    ROOT_KEY: randomBytes(32).toString('hex'),
    LOG_SIGNING_KEY_FILE: join(folder, 'log-signing.key'),
  };
  hospital = await Hospital.open(settings);
});
afterAll(async () => {
  await hospital?.close();
  await rm(folder, { recursive: true, force: true });
});

const REFUSE = 'ALTER TABLE audit_pending ADD CONSTRAINT full_disk CHECK (false) NOT VALID';
const ACCEPT = 'ALTER TABLE audit_pending DROP CONSTRAINT IF EXISTS full_disk';

describe('the log refuses', () => {
  let dba: Dba;
  let patients: Patient[];
  beforeAll(async () => {
    dba = await Dba.of(settings.DATABASE_URL!);
    patients = [];
    for (let number = 0; number < 4; number += 1) {
      const patient = await hospital.patient({ name: { family: `Zanary${number}`, given: ['Zan'] }, diagnosis: 'Zanosis' });
      await hospital.visit(patient, { notes: 'Zanotes' });
      patients.push(patient);
    }
  }); // prettier-ignore
  afterEach(() => dba.run(ACCEPT));
  afterAll(() => dba.end());

  test('in the middle of a query: an error, and not one byte of the patient', async () => {
    const holder = await Dba.of(settings.DATABASE_URL!);
    await holder.run('BEGIN');
    await holder.run('LOCK TABLE visit');
    try {
      const asked = hospital.as('adeyemi').ask(`{ patient(id: "${patients[0]!.id}") { id mrn name { family } diagnosis
        visits { edges { node { notes } } } } }`);
      const waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'visit'::regclass";
      await until(async () => (await hospital.count(waiting)) > 0);
      await dba.run(REFUSE);
      await holder.run('ROLLBACK');
      const answer = await asked;
      expect(answer).toMatchObject({ status: 503, code: 'AUDIT_UNAVAILABLE', data: null });
      expect(answer.body).not.toMatch(/Zan|R-\d/);
    } finally {
      await holder.end();
    }
  });

  test('again and again while sixteen read: each answer has its entry, or no data', async () => {
    let reading = true;
    const answers: { requestId: string; status: number; body: string }[] = [];
    const read = async (reader: number) => {
      while (reading) {
        const { id } = patients[reader % patients.length]!;
        const { requestId, status, body } = await hospital.as('adeyemi').ask(`{ patient(id: "${id}") { name { family } } }`);
        answers.push({ requestId, status, body });
      }
    }; // prettier-ignore
    const readers = Array.from({ length: 16 }, (_, reader) => read(reader));
    for (let round = 1; round <= 4; round += 1) {
      await dba.run(REFUSE);
      await until(() => answers.filter(({ status }) => status === 503).length >= round * 10);
      await dba.run(ACCEPT);
      await until(() => answers.filter(({ status }) => status === 200).length >= round * 20);
    }
    reading = false;
    await Promise.all(readers);
    const entered = new Set((await hospital.entries()).map(({ q }) => q));
    const told = answers.filter(({ body }) => body.includes('Zanary'));
    expect(told.filter(({ requestId }) => !entered.has(requestId))).toEqual([]);
    expect(answers.filter(({ status, body }) => status !== 200 && body.includes('Zan'))).toEqual([]);
    expect(answers.filter(({ requestId, body }) => entered.has(requestId) !== body.includes('Zanary'))).toEqual([]);
  });
});

describe('a server killed while thirty-two people read and write', () => {
  let server: ServerProcess | undefined;
  afterEach(() => void server?.process.kill('SIGKILL'));

  /** What reached a client. */
  interface Received {
    requestId: string;
    patient: string;
    wrote: boolean;
  }

  test.each(['once', 'and once more'])('every answer that reached a client has its entry: %s', async () => {
    server = startServer({ ...settings, DATA_DIR: join(folder, 'killed') });
    const address = await server.ready;
    if (address === null) throw new Error(server.output() + server.errors());
    const token = await signInAt(address);
    const received: Received[] = [];
    const clients = Array.from({ length: 32 }, (_, number) =>
      client(address, token, number, received).catch(() => undefined),
    ); // each ends when the server does
    const busy = () => received.length >= 400 && new Set(received.map(({ patient }) => patient)).size === 32;
    await until(busy);
    server.process.kill('SIGKILL');
    expect(await server.ended).toBeNull();
    await Promise.all(clients);

    await allSealed(hospital);
    const entered = new Map<string | null, Set<string>>();
    for (const { q, a, p } of await hospital.entries()) {
      entered.set(q, (entered.get(q) ?? new Set()).add(`${a === 'read' ? 'read' : 'wrote'} ${p.join()}`));
    }
    const missing = received.filter(({ requestId, patient, wrote }) => {
      const acts = entered.get(requestId);
      return !acts?.has(`read ${patient}`) || (wrote && !acts.has(`wrote ${patient}`));
    });
    expect(missing).toEqual([]);
    expect(received.filter(({ wrote }) => wrote).length).toBeGreaterThan(50);
    expect(await hospital.runtime.auditLog.verifyAll()).toMatchObject({ word: 'OK' });
    expect(await hospital.runtime.auditLog.verifyRows()).toEqual([]);
  });

  async function post(address: string, token: string | null, query: string, variables: object) {
    const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
    const body = JSON.stringify({ query, variables });
    const response = await fetch(`${address}/graphql`, { method: 'POST', headers, body });
    const { data } = (await response.json()) as { data: Record<string, Record<string, unknown>> | null };
    if (!data) throw new Error(`answered ${response.status}`);
    return { requestId: response.headers.get('x-request-id')!, data };
  }

  async function signInAt(address: string): Promise<string> {
    const { email, password } = hospital.account('adeyemi');
    const signIn = 'mutation ($input: SignInInput!) { signIn(input: $input) { accessToken } }';
    const { data } = await post(address, null, signIn, { input: { email, password } });
    return data.signIn!.accessToken as string;
  }

  /** Registers a patient of its own, then reads and changes it in turn until the server is gone. */
  async function client(address: string, token: string, number: number, received: Received[]): Promise<void> {
    const create = { name: { family: `Client${number}`, given: [] }, gender: 'OTHER' };
    const made = await post(address, token, mutationText('createPatient', '{ id }'), { input: create });
    const patient = made.data.createPatient!.id as string;
    for (let version = 1; ; version += 1) {
      const read = await post(address, token, 'query ($id: ID!) { patient(id: $id) { name { family } } }', { id: patient });
      if (read.data.patient) received.push({ requestId: read.requestId, patient, wrote: false });
      const input = { id: patient, expectedVersion: version, phone: `+46 ${1000 + version}` };
      const write = await post(address, token, mutationText('updatePatient', '{ phone }'), { input });
      received.push({ requestId: write.requestId, patient, wrote: true });
    }
  } // prettier-ignore
});
