import { existsSync } from 'node:fs';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runIn } from '../../server/crypto/access-scope';
import { RequestContext, systemContext, type Role } from '../../server/graphql/context';
import { addDemoPatients, demoIsWanted, loadDemo } from '../../server/interop';
import { openHospital, type OpenedHospital } from '../support/opened-hospital';

describe('the demo hospital', () => {
  let hospital: OpenedHospital;
  beforeEach(async () => void (hospital = await openHospital()));
  afterEach(() => hospital.close());

  const members = (role: string) =>
    hospital.count('SELECT count(*) FROM care_team_member m JOIN app_user u ON u.id = m.user_id WHERE u.role = $1', [
      role,
    ]);

  test('fills an empty hospital with sixty patients, their visits and treatments, and an account for every role', async () => {
    expect(await demoIsWanted(hospital.runtime)).toBe(true);
    const progress: number[] = [];
    const accounts = await loadDemo(hospital.runtime, { onProgress: (done) => progress.push(done) });
    expect(progress.at(-1)).toBe(60);
    expect(await demoIsWanted(hospital.runtime)).toBe(false);

    expect(await hospital.count('SELECT count(*) FROM patient')).toBe(60);
    expect(await hospital.count('SELECT count(*) FROM visit')).toBeGreaterThan(120);
    expect(await hospital.count('SELECT count(*) FROM treatment_update')).toBeGreaterThan(60);
    expect(
      await hospital.count("SELECT count(*) FROM visit WHERE type = 'INPATIENT' AND status = 'IN_PROGRESS'"),
    ).toBeGreaterThan(1);
    for (const status of ['PLANNED', 'IN_PROGRESS', 'FINISHED']) {
      const today = "status = $1 AND started_at BETWEEN now() - interval '8 hours' AND now() + interval '8 hours'";
      expect(await hospital.count(`SELECT count(*) FROM visit WHERE ${today}`, [status])).toBeGreaterThan(0);
    }
    expect(await members('DOCTOR')).toBe(40);
    expect(await members('CLINICIAN')).toBe(30);
    expect(await members('NURSE')).toBe(35);
    const withoutTeam =
      'SELECT count(*) FROM patient p WHERE NOT EXISTS (SELECT 1 FROM care_team_member m WHERE m.patient_id = p.id)';
    expect(await hospital.count(withoutTeam)).toBe(5);

    const roles: Role[] = ['ADMIN', 'DOCTOR', 'CLINICIAN', 'NURSE', 'AUDITOR', 'INTEGRATION'];
    expect(accounts.map(({ role }) => role)).toEqual(roles);
    const file = join(hospital.dataDir, 'demo-accounts.json');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(accounts);
    expect(new Set(accounts.map(({ password }) => password)).size).toBe(6);
  });

  test('reads as a record does: open to its doctor, with age bands filled and one patient deceased', async () => {
    const { services, identity } = hospital.runtime;
    await loadDemo(hospital.runtime);
    const doctor = await runIn(systemContext('test'), () => identity.users.findByEmail('adeyemi@hospital.example'));
    const context = new RequestContext({ actor: { kind: 'user', id: doctor!.id, role: 'DOCTOR', sessionId: null } });
    await runIn(context, async () => {
      const patients = await services.patientRepository.select('WHERE t.deleted_at IS NULL ORDER BY t.id', []);
      expect(patients).toHaveLength(60);
      expect(patients.filter(({ deceased }) => deceased !== null)).toHaveLength(1);
      expect(patients.every(({ mrn }) => /^H\d{6}$/.test(mrn))).toBe(true);
      expect(patients.filter(({ email }) => email).every(({ email }) => email!.endsWith('.example'))).toBe(true);
      expect(new Set(patients.map(({ gender }) => gender)).size).toBe(4);
      const page = await services.visitRepository.list(context, { first: 100 });
      expect(page.edges.length).toBeGreaterThan(50);
      expect(page.edges.some(({ node }) => node.notes?.includes('{'))).toBe(false);
      expect(page.edges.every(({ node }) => node.attendingId !== null && node.createdBy === node.attendingId)).toBe(
        true,
      );
    });
    const { ageBands, total } = await services.demographics.read();
    expect(total).toBe(59);
    expect(
      ageBands.filter(({ label, count }) => label !== 'unknown' && (count ?? 1) > 0).map(({ label }) => label),
    ).toEqual(expect.arrayContaining(['<20', '20-39', '40-59', '60+']));
    expect(await runIn(systemContext('test'), () => services.demographics.recount(false))).toEqual([]);
    // A patient's current treatment is the newest by its date too.
    const disordered = await hospital.runtime.dataSource.query(
      `SELECT id FROM (SELECT id, at, lag(at) OVER (PARTITION BY patient_id ORDER BY id) AS before FROM treatment_update) u
       WHERE before > at`,
    );
    expect(disordered).toEqual([]);
  });

  test('goes on where it was cut short, doubling nothing and keeping the passwords', async () => {
    const first = await loadDemo(hospital.runtime, { patients: 20 });
    await writeFile(join(hospital.dataDir, 'demo-unfinished'), '');
    expect(await demoIsWanted(hospital.runtime)).toBe(true);
    const again = await loadDemo(hospital.runtime, { patients: 30 });
    expect(again).toEqual(first);
    expect(await hospital.count('SELECT count(*) FROM patient')).toBe(30);
    expect(await hospital.count('SELECT count(*) FROM app_user')).toBe(6);
    expect(existsSync(join(hospital.dataDir, 'demo-unfinished'))).toBe(false);
  });

  test('adds any number of further patients, also where the list of passwords was removed', async () => {
    await loadDemo(hospital.runtime, { patients: 5 });
    await rm(join(hospital.dataDir, 'demo-accounts.json'));
    expect(await addDemoPatients(hospital.runtime, 40)).toEqual([]);
    expect(await hospital.count('SELECT count(*) FROM patient')).toBe(45);
    expect(await hospital.count('SELECT count(*) FROM app_user')).toBe(6);
  });
});
