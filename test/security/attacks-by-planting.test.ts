import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { erased } from '../support/erasing';
import { Hospital, type Patient } from '../support/hospital';
import { freshDatabase } from '../support/postgres';

/** What somebody with SQL plants so that the server itself destroys something, or shows what it should not. */

let folder: string;
let settings: Record<string, string>;
let hospital: Hospital;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chartseal-planted-'));
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

/** Somebody else’s start of a server on the same database. */
async function startAgain<T>(work: (started: Hospital) => Promise<T>): Promise<T> {
  const started = await Hospital.open(settings, undefined, hospital);
  try {
    return await work(started);
  } finally {
    await started.close();
  }
}

const keysOf = ({ id }: Patient) => hospital.count('SELECT count(*) FROM data_key WHERE owner = $1', [id]);
const look = ({ id }: Patient, at = hospital) => at.as('adeyemi').ask(`{ patient(id: "${id}") { name { family } } }`);

describe('a planted erasure', () => {
  const plant = ({ id }: Patient, certificate: string) =>
    hospital.sql(
      `INSERT INTO erasure (id, erased_at, erased_by, reason, certificate, applied)
       SELECT $1, now(), id, email, $2, false FROM app_user LIMIT 1`,
      [id, certificate],
    );

  test.each([
    ['without a certificate', () => Promise.resolve('')],
    ['with the certificate of somebody who was erased', async () => erased(hospital, await hospital.patient())],
    [
      'with a certificate changed to name the patient',
      async (id: string) => {
        const other = await hospital.patient();
        return (await erased(hospital, other)).replaceAll(other.id, id);
      },
    ],
  ])('%s destroys no key at the next start', async (_, certificateFor) => {
    const patient = await hospital.patient();
    await plant(patient, await certificateFor(patient.id));
    await startAgain(async (started) => {
      expect(await keysOf(patient)).toBe(1);
      expect((await look(patient, started)).data).toMatchObject({ patient: { name: { family: 'Lindgren' } } });
    });
    const entries = await hospital.entries();
    expect(entries.filter(({ a, p }) => a === 'erase' && p.includes(patient.id))).toEqual([]);
  });
});

describe('a key marked as replaced although it is in use', () => {
  test('is not destroyed, goes on opening, and seals nothing new', async () => {
    const patient = await hospital.patient();
    await hospital.sql("UPDATE data_key SET retired_at = now() - interval '1 day' WHERE owner = $1", [patient.id]);
    await startAgain(async (started) => {
      expect((await look(patient, started)).data).toMatchObject({ patient: { name: { family: 'Lindgren' } } });
      const change = { id: patient.id, expectedVersion: 1, phone: '+46 8 123456' };
      expect(await started.as('adeyemi').refused('updatePatient', change)).toBe('INTEGRITY_VIOLATION');
    });
    expect(await keysOf(patient)).toBe(1);
    expect(await hospital.count('SELECT count(*) FROM patient WHERE id = $1 AND phone IS NULL', [patient.id])).toBe(1);
  });
});

describe('news of keys that nobody sent', () => {
  test.each(['forget:', 'forget:nobody', 'epochs', 'search', 'x'.repeat(7_000), 'forget:%', ':'])(
    'change nothing: %#',
    async (news) => {
      const patient = await hospital.patient();
      await hospital.sql('SELECT pg_notify($1, $2)', ['chartseal_keys', news.replace('%', patient.id)]);
      await hospital.sql('SELECT 1');
      expect((await look(patient)).data).toMatchObject({ patient: { name: { family: 'Lindgren' } } });
      expect(await keysOf(patient)).toBe(1);
    },
  );
});
