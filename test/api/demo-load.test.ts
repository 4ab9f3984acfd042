import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Client } from 'pg';
import { runIn } from '../../server/crypto/access-scope';
import { systemContext } from '../../server/graphql/context';
import { addDemoPatients } from '../../server/interop';
import { DEMO_SYSTEM, demoNumber, makeStory, type Story } from '../../server/interop/demo/story';
import { openHospital, type OpenedHospital } from '../support/opened-hospital';
import { allSealed } from '../support/until';

let hospital: OpenedHospital;
beforeEach(async () => void (hospital = await openHospital()));
afterEach(async () => {
  jest.restoreAllMocks();
  await hospital.close();
});

const patients = () => hospital.count('SELECT count(*) FROM patient');

/** Numbers of the made-up patients there are, as their records say. */
async function numbers(): Promise<number[]> {
  const found: number[] = [];
  await runIn(systemContext('test'), async () => {
    for (const patient of await hospital.runtime.services.patientRepository.select('ORDER BY t.id', [])) {
      expect(patient.identifiers).toMatchObject([{ system: DEMO_SYSTEM }]);
      found.push(Number(patient.identifiers![0]!.value.slice(1)));
    }
  });
  return found.sort((one, other) => one - other);
}

const upTo = (last: number) => Array.from({ length: last }, (_, step) => step + 1);
const sum = (stories: Story[], of: (story: Story) => number) => stories.reduce((all, story) => all + of(story), 0);

test('two thousand patients have everything their stories tell, an entry each, and cost few statements', async () => {
  const COUNT = 2_000;
  await addDemoPatients(hospital.runtime, 1); // staff accounts are there from now on
  const sent = jest.spyOn(Client.prototype, 'query');
  await addDemoPatients(hospital.runtime, COUNT - 1);
  expect(sent.mock.calls.length / COUNT).toBeLessThan(0.5);
  sent.mockRestore();

  const stories = upTo(COUNT).map((number) => makeStory(number, new Date()));
  const expected = {
    patient: COUNT,
    visit: sum(stories, ({ visits }) => visits.length),
    treatment_update: sum(stories, ({ treatments }) => treatments.length),
    care_team_member: sum(stories, ({ team }) => team.length),
    data_key: COUNT,
    patient_search: COUNT,
  };
  const own: Record<string, string> = { data_key: "WHERE purpose = 'patient'" };
  for (const [table, count] of Object.entries(expected)) {
    expect([table, await hospital.count(`SELECT count(*) FROM ${table} ${own[table] ?? ''}`)]).toEqual([table, count]);
  }
  expect(await numbers()).toEqual(upTo(COUNT));
  expect(await hospital.count('SELECT count(DISTINCT mrn_token) FROM patient')).toBe(COUNT);
  // each treatment names the visit it was given at, and is its patient's
  const stray = `SELECT count(*) FROM treatment_update u LEFT JOIN visit v ON v.id = u.visit_id AND v.patient_id = u.patient_id
    WHERE v.id IS NULL OR v.ended_at <> u.at`;
  expect(await hospital.count(stray)).toBe(0);

  const { auditLog, services, dataSource } = hospital.runtime;
  const created = `SELECT count(*) FROM (SELECT target_type, action FROM audit_entry UNION ALL SELECT target_type, action FROM audit_pending) e
    WHERE action = 'create' AND target_type = $1`;
  for (const [type, table] of [['patient', 'patient'], ['visit', 'visit'], ['treatment', 'treatment_update'], ['careTeam', 'care_team_member']] as const) {
    expect([type, await hospital.count(created, [type])]).toEqual([type, expected[table]]);
  } // prettier-ignore
  await allSealed(hospital);
  expect(await auditLog.verifyAll()).toMatchObject({ word: 'OK' });
  expect(await auditLog.verifyRows()).toEqual([]);
  expect(await runIn(systemContext('test'), () => services.demographics.recount(false))).toEqual([]);
  const someone = stories[1_234]!.patient;
  await runIn(systemContext('test'), async () => {
    const [ids] = await services.patientIndex.findByIdentifiers([{ system: DEMO_SYSTEM, value: demoNumber(1_235) }]);
    const [found] = await services.patientRepository.select('WHERE t.id = ANY($1::uuid[])', [ids]);
    expect(found).toMatchObject({ name: someone.name, gender: someone.gender, phone: someone.phone ?? null });
  });
  expect(await dataSource.query('SELECT 1 FROM patient_search WHERE cardinality(tokens) < 3')).toEqual([]);
}, 180_000);

test('killed in the middle it leaves whole patients only; the next call goes on, and nobody is there twice', async () => {
  const main = join('server', 'cli', 'main.ts');
  const child = spawn(
    process.execPath,
    ['-r', './test/support/register.cjs', main, 'demo', '--patients', '5000'],
    {
      env: {
        ...process.env,
        NODE_ENV: 'test',
        DATABASE_URL: hospital.runtime.config.databaseUrl!,
        DATA_DIR: hospital.dataDir,
      },
      stdio: 'ignore',
    },
  ); // prettier-ignore
  const gone = once(child, 'exit');
  while ((await patients()) < 300) await new Promise((resolve) => setTimeout(resolve, 10));
  child.kill('SIGKILL');
  await gone;

  const survived = await patients();
  expect(survived).toBeLessThan(5_000);
  expect(survived % 100).toBe(0); // groups of a hundred
  const torn = `SELECT count(*) FROM patient p WHERE NOT EXISTS (SELECT FROM visit v WHERE v.patient_id = p.id)
    OR NOT EXISTS (SELECT FROM treatment_update u WHERE u.patient_id = p.id)
    OR NOT EXISTS (SELECT FROM patient_search s WHERE s.patient_id = p.id)
    OR NOT EXISTS (SELECT FROM data_key k WHERE k.owner = p.id)`;
  expect(await hospital.count(torn)).toBe(0);
  const there = await numbers();
  const visits = sum(there.map((number) => makeStory(number, new Date())), (story) => story.visits.length); // prettier-ignore
  expect(await hospital.count('SELECT count(*) FROM visit')).toBe(visits);

  await addDemoPatients(hospital.runtime, 250);
  const all = await numbers();
  expect(all).toHaveLength(survived + 250);
  expect(new Set(all).size).toBe(all.length);
  expect(all.slice(0, 250)).toEqual(upTo(250)); // what the killed load left out came first
  expect(await hospital.count(torn)).toBe(0);
  expect(await hospital.runtime.auditLog.verifyRows()).toEqual([]);
}, 180_000);
