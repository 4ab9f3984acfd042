import { setTimeout as pause } from 'node:timers/promises';
import { atAnotherTime } from '../support/faketime';
import type { Hospital } from '../support/hospital';
import { openHospitalOfProcesses, type Doomed, type HospitalOfProcesses } from '../support/hospital-of-processes';
import { askAt, tokenAt } from '../support/remote';
import { allSealed } from '../support/until';

// Servers as they run, on one database, ended the hard way while thirty-two people work at them. Whatever reached anybody must
// be in the log, once, and nothing else.

const CLIENTS = 32;
const SERVERS = 4;
const ANSWERS = 2_400;
/** One server is killed each time this many answers have come; two are left in the end. */
const KILL_EVERY = 800;

let ward: HospitalOfProcesses;
let hospital: Hospital;

beforeAll(async () => {
  ward = await openHospitalOfProcesses();
  ({ hospital } = ward);
}, 120_000);
afterAll(() => ward.close());

interface Reply {
  requestId: string;
  data: Record<string, { id: string; version: number }>;
}

/** Null when the answer never came whole; throws when it is a refusal. */
async function ask({ address }: Doomed, token: string, query: string, variables: object): Promise<Reply | null> {
  const answer = await askAt<Reply['data']>(address, token, query, variables).catch(() => null);
  if (!answer) return null;
  const { requestId, data, errors } = answer;
  if (!data || errors) throw new Error(`refused: ${JSON.stringify(errors)}`);
  return { requestId, data };
}

const signIn = ({ address }: Doomed): Promise<string> => tokenAt(address, hospital.account('adeyemi'));

interface Answer {
  requestId: string;
  patient: string;
  wrote: boolean;
}

const READ = 'query Read($id: ID!) { patient(id: $id) { id version phone } }';
const WRITE = 'mutation Write($input: UpdatePatientInput!) { updatePatient(input: $input) { id version phone } }';

/** Everybody at work: reads three times, then changes, at whichever server still answers. */
class Crowd {
  readonly answers: Answer[] = [];
  readonly faults: string[] = [];
  private stopped = false;

  constructor(
    readonly alive: Doomed[],
    private readonly token: string,
  ) {}

  async work(patient: string, place: number): Promise<void> {
    let version: number | null = null;
    for (let n = 0; !this.stopped; n += 1) {
      const at = this.alive[(place + n) % this.alive.length]!;
      const wrote: boolean = n % 4 === 3 && version !== null;
      const input: object = { id: patient, expectedVersion: version, phone: `+46 8 ${place} ${n}` };
      const reply: Reply | null | void = await ask(
        at,
        this.token,
        wrote ? WRITE : READ,
        wrote ? { input } : { id: patient },
      ).catch((error: unknown) => void this.faults.push(String(error)));
      const told: { version: number } | undefined = reply?.data.patient ?? reply?.data.updatePatient;
      version = told?.version ?? null; // whether a change that was not answered was made, the next read tells
      if (reply && told) this.answers.push({ requestId: reply.requestId, patient, wrote });
    }
  }

  stop(): void {
    this.stopped = true;
  }
}

test('four servers killed and their sealers cut off while thirty-two people read and write', async () => {
  const alive = await Promise.all(Array.from({ length: SERVERS }, () => ward.start()));
  const crowd = new Crowd(alive, await signIn(alive[0]!));
  const patients = await Promise.all(Array.from({ length: CLIENTS }, () => hospital.patient()));
  const working = patients.map(({ id }, place) => crowd.work(id, place));
  let killed = 0;
  while (crowd.answers.length < ANSWERS && crowd.faults.length === 0) {
    await pause(200);
    await cutTheSealer();
    if (crowd.answers.length >= (killed + 1) * KILL_EVERY && alive.length > 2) {
      killed += 1;
      void alive.shift()!.kill();
    }
  }
  crowd.stop();
  await Promise.all(working);
  expect(crowd.faults).toEqual([]);
  expect(killed).toBe(2);
  await allSealed(hospital);
  await demandEveryAnswerEntered(crowd.answers);
  expect(await hospital.runtime.auditLog.verifyAll()).toMatchObject({ word: 'OK' });
  expect(await hospital.runtime.auditLog.verifyRows()).toEqual([]);
}, 600_000);

/** Whoever seals just now loses its connection in the middle of it; another is elected. */
function cutTheSealer(): Promise<unknown> {
  return hospital.sql(
    `SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_stat_activity a USING (pid)
     WHERE l.locktype = 'advisory' AND l.granted AND a.application_name = 'chartseal sealer'
       AND a.datname = current_database() AND l.database = a.datid`,
  );
}

async function demandEveryAnswerEntered(answers: readonly Answer[]): Promise<void> {
  const [gaps] = await hospital.sql<{ gaps: string; twice: string }>(
    'SELECT max(index) + 1 - count(*) AS gaps, count(*) - count(DISTINCT entry) AS twice FROM audit_entry',
  );
  expect(gaps).toEqual({ gaps: '0', twice: '0' });
  const rows = await hospital.sql<{ request_id: string; acts: string[]; patients: string[] }>(
    `SELECT request_id, array_agg(action ORDER BY action) AS acts, array_agg(DISTINCT p.patient_id::text) AS patients
     FROM audit_entry JOIN audit_entry_patient p USING (index) WHERE request_id = ANY($1) GROUP BY request_id`,
    [answers.map(({ requestId }) => requestId)],
  );
  const found = new Map(rows.map((row) => [row.request_id, row]));
  const wrong = answers.filter(({ requestId, patient, wrote }) => {
    const { acts = [], patients = [] } = found.get(requestId) ?? {};
    return acts.join() !== (wrote ? 'read,update' : 'read') || patients.join() !== patient;
  });
  expect(wrong).toEqual([]);
  // and the other way round: nothing was changed that the log does not say, whether or not the answer arrived
  const unsaid = await hospital.sql(
    `SELECT id FROM patient t WHERE version - 1 <> (
       SELECT count(*) FROM audit_entry e WHERE e.target_id = t.id AND e.target_type = 'patient' AND e.action = 'update')`,
  );
  expect(unsaid).toEqual([]);
}

test('a server whose clock was set back: flagged at its first entry, with an alarm of its kind', async () => {
  const late = await ward.start(atAnotherTime('-2h'));
  const before = await hospital.count('SELECT size FROM audit_head');
  const patient = await hospital.patient();
  const reply = await ask(late, await signIn(late), READ, { id: patient.id });
  expect(reply).not.toBeNull();
  await allSealed(hospital);
  const { auditLog } = hospital.runtime;
  const verdict = await auditLog.verifyAll();
  expect(verdict).toMatchObject({
    word: 'TAMPERED',
    clock: true,
    finding: expect.stringMatching(/clock went back/) as string,
  });
  expect(verdict.at).toBeGreaterThanOrEqual(before);
  const [first] = await hospital.sql<{ at: Date }>('SELECT at FROM audit_entry WHERE index = $1', [verdict.at]);
  expect(Date.now() - first!.at.valueOf()).toBeGreaterThan(3_600_000);
  await auditLog.tellAlarm(verdict, true);
  const told = await hospital.sql('SELECT kind, entry_index::int AS at FROM audit_alarm');
  expect(told).toContainEqual({ kind: 'CLOCK', at: verdict.at });
}, 120_000);
