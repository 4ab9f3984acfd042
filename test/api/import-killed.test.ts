import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openHospital, ENTRIES, type OpenedHospital } from '../support/opened-hospital';
import { WARD } from '../support/fhir-files';

/** Patients of the long import; each with three visits. */
const PATIENTS = 400;

describe('chartseal import fhir', () => {
  let hospital: OpenedHospital;
  let folder: string;
  beforeAll(async () => {
    hospital = await openHospital();
    folder = await mkdtemp(join(tmpdir(), 'chartseal-many-'));
    await writeMany(folder);
  });
  afterAll(() => Promise.all([hospital.close(), rm(folder, { recursive: true, force: true })]));

  /** The command as an operator runs it, beside the opened hospital. */
  function command(...paths: string[]): ChildProcess {
    const main = join('server', 'cli', 'main.ts');
    return spawn(process.execPath, ['-r', './test/support/register.cjs', main, 'import', 'fhir', ...paths], {
      env: {
        ...process.env,
        NODE_ENV: 'test',
        DATABASE_URL: hospital.runtime.config.databaseUrl!,
        DATA_DIR: hospital.dataDir,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  async function ended(child: ChildProcess): Promise<{ code: number | null; out: string; err: string }> {
    const said = { out: '', err: '' };
    child.stdout!.on('data', (text: Buffer) => void (said.out += text.toString()));
    child.stderr!.on('data', (text: Buffer) => void (said.err += text.toString()));
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    return { code, ...said };
  }

  const people = () => hospital.count('SELECT count(*) FROM patient');
  const halfWritten = () =>
    hospital.count(
      'SELECT count(*) FROM patient p WHERE (SELECT count(*) FROM visit v WHERE v.patient_id = p.id) <> 3 OR p.problems IS NULL',
    );

  test('killed in the middle leaves whole patients only; the next run completes it, the one after changes nothing', async () => {
    const child = command(folder);
    const killed = ended(child);
    while ((await people()) < 20) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGKILL');
    await killed;
    const survived = await people();
    expect(survived).toBeLessThan(PATIENTS);
    expect(await halfWritten()).toBe(0);

    const completed = await ended(command(folder));
    expect(completed).toMatchObject({ code: 0 });
    expect(completed.out).toContain(`${PATIENTS - (await unchangedIn(completed.out))} new`);
    expect(await people()).toBe(PATIENTS);
    expect(await halfWritten()).toBe(0);

    const entries = await hospital.count(ENTRIES);
    const again = await ended(command(folder));
    expect(again.out).toContain(`Patients: 0 new, 0 changed, ${PATIENTS} unchanged`);
    expect(again.code).toBe(0);
    expect(await hospital.count(ENTRIES)).toBe(entries);
  }, 180_000); // three processes, on machines that may be busy

  test('its exit code says whether everything was taken over', async () => {
    const broken = join(folder, 'broken.ndjson');
    await writeFile(broken, '{"resourceType":"Patient"\n');
    const faulty = await ended(command(WARD, broken));
    expect(faulty.out).toContain(`${broken}:1: not a JSON object in UTF-8\n`);
    expect(faulty.out).toContain('Patients: 2 new');
    expect(faulty.code).toBe(1);
    const missing = await ended(command(join(folder, 'nowhere')));
    expect(missing.err).toMatch(/There is no .*nowhere\.\n$/);
    expect(missing.code).toBe(2);
    expect((await ended(command())).code).toBe(2);
  });

  async function unchangedIn(summary: string): Promise<number> {
    return Number(/(\d+) unchanged/.exec(summary)?.[1]);
  }
});

async function writeMany(folder: string): Promise<void> {
  const patients: unknown[] = [];
  const others: unknown[] = [];
  for (let number = 1; number <= PATIENTS; number++) {
    const subject = { reference: `Patient/p${number}` };
    const identifier = [{ system: 'https://many.example', value: `n${number}` }];
    patients.push({ resourceType: 'Patient', id: `p${number}`, identifier, name: [{ family: `Family${number}` }] });
    others.push({ resourceType: 'Condition', subject, code: { text: 'Hypertension' } });
    for (const visit of ['a', 'b', 'c']) {
      const period = { start: '2024-01-01T08:00:00Z' };
      const id = `e${number}${visit}`;
      others.push({ resourceType: 'Encounter', id, status: 'finished', class: { code: 'AMB' }, subject, period });
    }
  }
  const write = (name: string, resources: unknown[]) =>
    writeFile(join(folder, name), resources.map((resource) => `${JSON.stringify(resource)}\n`).join(''));
  await write('patients.ndjson', patients);
  await write('all-others.ndjson', others);
}
