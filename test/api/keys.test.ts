import { runIn } from '../../server/crypto/access-scope';
import { SYSTEM_OWNER } from '../../server/crypto/keyring';
import { keyIdIn } from '../../server/database/key-report';
import { holdForSealing } from '../../server/database/key-store';
import { systemContext } from '../../server/graphql/context';
import type { KeyJobKind, KeyJobRow } from '../../server/keys';
import { VisitType } from '../../server/visits';
import { Hospital, type Name, type Patient } from '../support/hospital';

let hospital: Hospital;
beforeAll(async () => void (hospital = await Hospital.open()));
afterAll(() => hospital.close());

const read = async (patient: Patient, by: Name = 'adeyemi') =>
  hospital
    .as(by)
    .get<{ patient: { name: { family: string }; phone: string | null } }>(
      `{ patient(id: "${patient.id}") { name { family } phone visits { edges { node { reason } } } } }`,
    );

/** Does a job to its end, as the command line does. */
async function job(kind: KeyJobKind, detail: string | null = null): Promise<KeyJobRow> {
  const { jobs } = hospital.runtime.services.keys;
  const { id } = await runIn(systemContext('test'), () => jobs.begin(kind, detail));
  return jobs.finish(id);
}

const keysOf = (owner: string) =>
  hospital.sql<{ id: string; kek_epoch: number; retired: boolean }>(
    'SELECT id::text, kek_epoch, retired_at IS NOT NULL AS retired FROM data_key WHERE owner = $1 ORDER BY created_at',
    [owner],
  );

/** A patient with something in every table. */
async function fullPatient(): Promise<Patient> {
  const patient = await hospital.patient({ phone: '070-123 45 67', birthDate: '1984-02-29' });
  const visit = await hospital.visit(patient, { reason: 'Cough', status: 'FINISHED' });
  const amendment = { id: visit.id, expectedVersion: 1, changes: { notes: 'Dry' }, reason: 'Forgotten' };
  await hospital.as('adeyemi').do('amendVisit', amendment);
  await hospital.treatment(patient, 'Rest');
  return patient;
}

async function demandTruth(): Promise<void> {
  expect(await hospital.runtime.auditLog.verifyRows()).toEqual([]);
  expect(await hospital.runtime.services.keys.verify({ open: true })).toEqual([]);
}

describe('rotating', () => {
  test('puts every data key under a new epoch, the old one is gone, and everybody reads on', async () => {
    const patient = await fullPatient();
    const [before] = await keysOf(patient.id);
    const entries = await hospital.entriesOf(async () => {
      expect(await job('ROTATE')).toMatchObject({ state: 'DONE', error: null, detail: String(before!.kek_epoch + 1) });
    });
    const epochs = await hospital.sql<{ epoch: number }>('SELECT epoch FROM key_epoch');
    expect(epochs).toEqual([{ epoch: before!.kek_epoch + 1 }]);
    expect(await keysOf(patient.id)).toEqual([{ ...before, kek_epoch: before!.kek_epoch + 1 }]);
    hospital.runtime.base.keyring.clear();
    expect((await read(patient)).patient).toMatchObject({ name: { family: 'Lindgren' }, phone: '070-123 45 67' });
    const steps = entries.filter(({ a }) => a === 'rotate-keys').flatMap(({ f }) => f);
    expect(steps).toEqual(['started', 'epoch 2', expect.stringMatching(/^\d+ keys$/), 'older epochs destroyed', 'finished']);
    await demandTruth();
  }); // prettier-ignore
});

describe('re-sealing', () => {
  test('gives one patient a new key and touches nobody else', async () => {
    const [patient, other] = [await fullPatient(), await fullPatient()];
    const [old] = await keysOf(patient.id);
    const version = () => hospital.sql('SELECT version, updated_at FROM patient WHERE id = $1', [patient.id]);
    const before = await version();
    const entries = await hospital.entriesOf(async () => {
      expect(await job('RESEAL', patient.id)).toMatchObject({ state: 'DONE', done: 1 });
    });
    const keys = await keysOf(patient.id);
    expect(keys).toEqual([{ ...old, retired: true }, { id: expect.any(String), kek_epoch: old!.kek_epoch, retired: false }]);
    expect(await keysOf(other.id)).toHaveLength(1);
    expect(await version()).toEqual(before); // so nobody's edit conflicts
    const rows = entries.filter(({ a, o }) => a === 'reseal' && o?.t !== 'keyJob');
    expect(rows.map(({ o }) => o?.t).sort()).toEqual(['patient', 'treatment', 'visit', 'visitAmendment']);
    for (const { p, f } of rows) {
      expect(p).toEqual([patient.id]);
      expect(f.length).toBeGreaterThan(0);
    }
    expect(entries.filter(({ a }) => a === 'read')).toEqual([]); // nothing was disclosed
    expect((await read(patient)).patient).toMatchObject({ phone: '070-123 45 67' });
    await hospital.as('adeyemi').do('updatePatient', { id: patient.id, expectedVersion: 1, phone: '1234567' });
    await demandTruth();
  }); // prettier-ignore

  test('of everything leaves no value under an older key, staff included', async () => {
    const patient = await fullPatient();
    await fullPatient();
    expect(await job('RESEAL')).toMatchObject({ state: 'DONE', error: null });
    expect((await keysOf(patient.id)).map(({ retired }) => retired)).toEqual([true, false]);
    expect((await keysOf(SYSTEM_OWNER)).map(({ retired }) => retired)).toEqual([true, false]);
    const columns = await hospital.runtime.services.keys.count(() => undefined);
    expect(columns.length).toBeGreaterThan(20);
    for (const { underRetiredKeys, withoutKey } of columns) expect([underRetiredKeys, withoutKey]).toEqual([0, 0]);
    expect(columns.reduce((sum, { envelopes }) => sum + envelopes, 0)).toBeGreaterThan(20);
    expect(await hospital.as('adeyemi').whoami()).toBe('Dr Adeyemi');
    await hospital.signEverybodyIn();
    expect((await read(patient)).patient.name.family).toBe('Lindgren');
    await demandTruth();
  });

  test('of somebody with more than one transaction takes, in several, leaves nothing behind either', async () => {
    const patient = await hospital.patient();
    const { base, services } = hospital.runtime;
    const context = systemContext('test');
    const visit = { patientId: patient.id, type: VisitType.HOME, startedAt: new Date('2026-03-01T09:00:00Z'), reason: 'Fall' };
    await runIn(context, () =>
      base.dataSource.transaction(async (manager) => {
        await holdForSealing(manager, base.keyring, [patient.id]);
        await services.visits.insertAll(context, manager, Array.from({ length: 1_100 }, () => visit));
      }),
    );
    expect(await job('RESEAL', patient.id)).toMatchObject({ state: 'DONE' });
    const keys = await keysOf(patient.id);
    expect(keys.map(({ retired }) => retired)).toEqual([true, false]);
    const under = await hospital.sql<{ id: string; n: number }>(
      `SELECT ${keyIdIn('reason')}::text AS id, count(*)::integer AS n FROM visit WHERE patient_id = $1 GROUP BY 1`,
      [patient.id],
    );
    expect(under).toEqual([{ id: keys[1]!.id, n: 1_100 }]);
    await demandTruth();
  }); // prettier-ignore
});

describe('in the background of a server', () => {
  test('a job whose process died is taken up, and what is sealed is counted once a day', async () => {
    const patient = await hospital.patient();
    await hospital.sql("INSERT INTO key_job (id, kind, state, detail) VALUES (gen_random_uuid(), 'RESEAL', 'RUNNING', $1)", [patient.id]); // prettier-ignore
    await hospital.sql('DELETE FROM key_census');
    hospital.runtime.services.keys.watch();
    const running = () => hospital.count("SELECT count(*) FROM key_job WHERE state = 'RUNNING'");
    const counted = () => hospital.count('SELECT count(*) FROM key_census');
    for (const giveUp = Date.now() + 20_000; (await running()) > 0 || (await counted()) === 0;) {
      if (Date.now() > giveUp) throw new Error('nobody looks after the keys');
      await new Promise((done) => setTimeout(done, 20));
    }
    expect((await keysOf(patient.id)).map(({ retired }) => retired)).toEqual([true, false]);
  });
});
