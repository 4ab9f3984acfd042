import { setTimeout as pause } from 'node:timers/promises';
import { runIn } from '../../server/crypto/access-scope';
import { systemContext } from '../../server/graphql/context';
import { loadDemo } from '../../server/interop';
import type { Hospital } from '../support/hospital';
import { openHospitalOfProcesses, type HospitalOfProcesses } from '../support/hospital-of-processes';
import { Random } from '../support/random';
import { askAt, tokenAt } from '../support/remote';
import { startCommand } from '../support/command';
import { allSealed } from '../support/until';

/** Patients before anything is turned; each with visits and treatments. */
const PATIENTS = 60;
/** How often each command is killed; the seed makes a failure happen again. */
const KILLS = 3;
const SEED = 20_260_909;

let parts: HospitalOfProcesses;
let hospital: Hospital;
let address: string;

beforeAll(async () => {
  parts = await openHospitalOfProcesses({ POOL_SIZE: '20' });
  ({ hospital } = parts);
  await loadDemo(hospital.runtime, { patients: PATIENTS });
  ({ address } = await parts.start());
}, 120_000);
afterAll(() => parts.close());

async function ask<T>(token: string, query: string, variables: object = {}): Promise<T> {
  const { data, errors } = await askAt<T>(address, token, query, variables);
  if (errors || !data) throw new Error(`${query.slice(0, 60)} answered ${JSON.stringify(errors)}`);
  return data;
}

const signIn = (name: 'adeyemi' | 'park'): Promise<string> => tokenAt(address, hospital.account(name));

/** People at work at the server, until told to stop; every answer that is not what it should be is a failure. */
class Ward {
  readonly failures: string[] = [];
  reads = 0;
  writes = 0;
  private stopped = false;
  private readonly working: Promise<void>[] = [];

  async open(): Promise<void> {
    const [doctor, admin] = [await signIn('adeyemi'), await signIn('park')];
    const ids = (await hospital.sql<{ id: string }>('SELECT id FROM patient')).map(({ id }) => id);
    for (const reader of [1, 2, 3]) this.repeat((n) => this.read(admin, ids[(n * 7 + reader * 31) % ids.length]!));
    this.repeat(() => this.register(doctor));
    this.repeat((n) => this.follow(admin, ids[n % ids.length]!));
    this.repeat(async () => void (await signIn('adeyemi'))); // seals under the staff's key
  }

  async close(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.working);
  }

  private repeat(work: (n: number) => Promise<void>): void {
    const loop = async () => {
      for (let n = 0; !this.stopped; n += 1) {
        await work(n).catch((error: unknown) => this.failures.push(String(error)));
        await pause(25);
      }
    };
    this.working.push(loop());
  }

  /** Everything of a record, opened. */
  private async read(token: string, id: string): Promise<void> {
    const { patient } = await ask<{ patient: { name: { family: string }; mrn: string } }>(
      token,
      `{ patient(id: "${id}") { mrn name { family given } birthDate phone } }`,
    );
    const { name, mrn } = patient;
    if (!name.family || !mrn) this.failures.push(`${id} was read without a name`);
    this.reads += 1;
  }

  private async register(token: string): Promise<void> {
    const input = { name: { family: 'Nilsson', given: ['Nils'] }, gender: 'MALE', treatment: 'Rest' };
    const create = 'mutation ($input: CreatePatientInput!) { createPatient(input: $input) { id } }';
    const { id } = (await ask<{ createPatient: { id: string } }>(token, create, { input })).createPatient;
    const visit = { patientId: id, type: 'HOME', startedAt: '2026-03-01T09:00:00Z', reason: 'Fall' };
    await ask(token, 'mutation ($input: CreateVisitInput!) { createVisit(input: $input) { id } }', { input: visit });
    const page = `{ patient(id: "${id}") { treatment visits { edges { node { reason } } } } }`;
    const { patient } = await ask<{ patient: unknown }>(token, page);
    if (JSON.stringify(patient) !== '{"treatment":"Rest","visits":{"edges":[{"node":{"reason":"Fall"}}]}}')
      this.failures.push(`${id} was written but not read`);
    this.writes += 2;
  }

  /** An edit of somebody whom nobody else edits: a conflict would be the re-sealing's fault. */
  private async follow(token: string, id: string): Promise<void> {
    const { patient } = await ask<{ patient: { version: number } }>(token, `{ patient(id: "${id}") { version } }`);
    const { version } = patient;
    const input = { id, expectedVersion: version, phone: `070-${String(100_000 + version)}` };
    await ask(token, 'mutation ($input: UpdatePatientInput!) { updatePatient(input: $input) { version } }', { input });
    this.writes += 1;
  }
}

const jobs = () => hospital.count("SELECT count(*) FROM key_job WHERE state = 'RUNNING'");

/** True while some process has the lock of jobs: it is in the middle of one. */
const atWork = async () =>
  (await hospital.count("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 7240004 AND granted")) >
  0;

test('rotating and re-sealing killed at random moments under load: no read and no write fails, and nothing old is left', async () => {
  const random = new Random(SEED);
  const ward = new Ward();
  await ward.open();
  const left: string[] = [];
  for (const { kind, longest } of [
    { kind: 'reseal', longest: 2_000 },
    { kind: 'rotate', longest: 60 },
  ]) {
    for (let kill = 0; kill < KILLS; kill += 1) {
      const work = startCommand(parts.settings, 'keys', kind);
      let over = false;
      void work.outcome.then(() => (over = true));
      while (!over && !(await atWork())) await pause(5);
      await pause(random.int(0, longest));
      work.process.kill('SIGKILL');
      await work.outcome;
      const [job] = await hospital.sql<{ kind: string; done: string; total: string }>("SELECT kind, done, total FROM key_job WHERE state = 'RUNNING'"); // prettier-ignore
      if (job) left.push(`${job.kind} at ${job.done} of ${job.total}`);
    }
    expect(await startCommand(parts.settings, 'keys', kind).outcome).toMatchObject({ code: 0 });
  }
  await ward.close();
  expect(ward.failures).toEqual([]);
  expect(left.length).toBeGreaterThan(0); // else nothing was interrupted, and this proves nothing
  expect(ward.reads).toBeGreaterThan(100);
  expect(ward.writes).toBeGreaterThan(50);

  expect(await jobs()).toBe(0);
  expect(await hospital.count('SELECT count(*) FROM key_epoch')).toBe(1);
  const last = await hospital.count("SELECT count(*) FROM data_key k WHERE retired_at IS NULL AND purpose <> 'search' AND created_at < (SELECT max(started_at) FROM key_job WHERE kind = 'RESEAL')"); // prettier-ignore
  expect(last).toBe(0);
  const columns = await hospital.runtime.services.keys.count(() => undefined);
  for (const { table, column, withoutKey, underRetiredKeys } of columns) {
    expect([table, column, withoutKey, underRetiredKeys]).toEqual([table, column, 0, 0]);
  }
  expect(await hospital.runtime.services.keys.verify({ open: true })).toEqual([]);
  await allSealed(hospital);
  expect(await hospital.runtime.auditLog.verifyAll()).toMatchObject({ word: 'OK' });
  expect(await hospital.runtime.auditLog.verifyRows()).toEqual([]);
  const { demographics } = hospital.runtime.services;
  expect(await runIn(systemContext('recount'), () => demographics.recount(false))).toEqual([]);
  process.stdout.write(`Interrupted: ${left.join(', ')}; ${ward.reads} reads and ${ward.writes} writes, none failed\n`);
}, 280_000);
