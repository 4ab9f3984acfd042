import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runIn } from '../../server/crypto/access-scope';
import { keyIdOf } from '../../server/crypto/envelope';
import { announce } from '../../server/database/key-news';
import { holdForSealing, insertDataKey } from '../../server/database/key-store';
import { systemContext } from '../../server/graphql/context';
import type { KeyJobKind, KeyJobRow } from '../../server/keys';
import { Hospital, Person, type Patient } from '../support/hospital';
import { freshDatabase } from '../support/postgres';
import { until } from '../support/until';

let folder: string;
/** Two server processes of one hospital, as far as keys are concerned: nothing is shared but the database. */
let one: Hospital;
let other: Hospital;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chartseal-key-races-'));
  const settings = {
    DATABASE_URL: await freshDatabase(),
    ROOT_KEY: randomBytes(32).toString('hex'),
    LOG_SIGNING_KEY_FILE: join(folder, 'log-signing.key'),
  };
  one = await Hospital.open(settings);
  other = await Hospital.open(settings, undefined, one);
});
afterEach(() => jest.restoreAllMocks());
afterAll(async () => {
  await other?.close();
  await one?.close();
  await rm(folder, { recursive: true, force: true });
});

async function job(kind: KeyJobKind, detail: string | null = null): Promise<KeyJobRow> {
  const { jobs } = one.runtime.services.keys;
  const { id } = await runIn(systemContext('test'), () => jobs.begin(kind, detail));
  return jobs.finish(id);
}

/** Waits for something to become true. */
const somebodyWaits = async () => (await one.count('SELECT count(*) FROM pg_locks WHERE NOT granted')) > 0;

const standingKey = async ({ id }: Patient) =>
  (await one.sql<{ id: string }>('SELECT id::text FROM data_key WHERE owner = $1 AND retired_at IS NULL', [id]))[0]!.id;

/** Ids of the keys that this patient's envelopes are under, in every table. */
async function keysInUse({ id }: Patient): Promise<Set<string>> {
  const cells = await one.sql<Record<string, Buffer | null>>(
    'SELECT mrn, name, gender, phone FROM patient WHERE id = $1',
    [id],
  );
  const texts = await one.sql<Record<string, Buffer>>(
    'SELECT text, status FROM treatment_update WHERE patient_id = $1',
    [id],
  );
  const envelopes = [...cells, ...texts].flatMap((row) => Object.values(row)).filter((cell) => cell !== null);
  return new Set(envelopes.map((cell) => keyIdOf(cell).toString()));
}

/** A promise and what settles it. */
function gate(): { passed: Promise<void>; open: () => void } {
  let open: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open };
}

describe('A re-sealing and a writer of the same patient', () => {
  test('the writer of another process waits for the re-sealing, and seals under the new key', async () => {
    const patient = await one.patient({ phone: '070-123 45 67' });
    const old = await standingKey(patient);
    await other.as('adeyemi').ask(`{ patient(id: "${patient.id}") { phone } }`); // the old key is remembered there
    const { passed, open } = gate();
    const { keyring } = one.runtime.base;
    const hold = keyring.hold.bind(keyring);
    const reached = gate();
    jest.spyOn(keyring, 'hold').mockImplementationOnce(async (envelopes) => {
      reached.open(); // the keys are locked, the new one is made, nothing is committed
      await passed;
      return hold(envelopes);
    });
    const resealed = job('RESEAL', patient.id);
    await reached.passed;
    const wrote = other
      .as('adeyemi')
      .do('updatePatient', { id: patient.id, expectedVersion: 1, phone: '070-765 43 21' });
    const treated = other.treatment(patient, 'Rest');
    await until(somebodyWaits);
    open();
    expect(await resealed).toMatchObject({ state: 'DONE' });
    expect(await wrote).toMatchObject({ version: 2 }); // the re-sealing is no edit: nobody's expectation is broken
    await treated;
    const current = await standingKey(patient);
    expect(current).not.toBe(old);
    expect(await keysInUse(patient)).toEqual(new Set([current]));
  });

  test('the re-sealing waits for a writer who holds the old key, and takes along what was written', async () => {
    const patient = await one.patient();
    const old = await standingKey(patient);
    const { passed, open } = gate();
    const locked = gate();
    const { base, services } = other.runtime;
    const context = systemContext('test');
    const writing = runIn(context, () =>
      base.dataSource.transaction(async (manager) => {
        await holdForSealing(manager, base.keyring, [patient.id]);
        locked.open();
        await passed;
        await services.treatments.append(context, manager, { patientId: patient.id, text: 'Sealed under the old key' });
      }),
    );
    await locked.passed;
    const resealed = job('RESEAL', patient.id);
    await until(somebodyWaits);
    expect(await standingKey(patient)).toBe(old);
    open();
    await writing;
    expect(await resealed).toMatchObject({ state: 'DONE' });
    expect(await keysInUse(patient)).toEqual(new Set([await standingKey(patient)]));
    const page = `{ patient(id: "${patient.id}") { treatment } }`;
    expect((await other.as('adeyemi').ask(page)).data).toEqual({ patient: { treatment: 'Sealed under the old key' } });
  });

  test('a reader who has read the row before still opens it after', async () => {
    const patient = await one.patient({ phone: '070-123 45 67' });
    const { patientRepository } = other.runtime.services;
    const { keyring } = other.runtime.base;
    keyring.clear();
    const hold = keyring.hold.bind(keyring);
    jest.spyOn(keyring, 'hold').mockImplementationOnce(async (envelopes) => {
      expect(await job('RESEAL', patient.id)).toMatchObject({ state: 'DONE' }); // between the row and its key
      return hold(envelopes);
    });
    const phone = await runIn(systemContext('test'), async () => {
      const [row] = await patientRepository.select('WHERE t.id = $1', [patient.id]);
      return row!.phone;
    });
    expect(phone).toBe('070-123 45 67');
  });

  test('many of both at once: every write succeeds, nothing stays under an older key', async () => {
    const patients = await Promise.all(Array.from({ length: 6 }, () => one.patient()));
    const people = [one.as('adeyemi'), other.as('adeyemi')];
    const write = async (patient: Patient, person: Person) => {
      for (let version = 1; version <= 8; version += 1) {
        await person.do('updatePatient', { id: patient.id, expectedVersion: version, phone: `070-000 00 0${version}` });
        await person.do('recordTreatment', { patientId: patient.id, text: `Day ${version}`, status: 'ONGOING' }, '{ id }');
      }
    };
    const writes = Promise.all(patients.map((patient, place) => write(patient, people[place % 2]!)));
    for (let round = 0; round < 3; round += 1) expect(await job('RESEAL')).toMatchObject({ state: 'DONE' });
    await writes;
    expect(await job('RESEAL')).toMatchObject({ state: 'DONE' });
    for (const patient of patients) expect(await keysInUse(patient)).toEqual(new Set([await standingKey(patient)]));
    expect(await one.runtime.services.keys.verify({ open: true })).toEqual([]);
    expect(await one.runtime.auditLog.verifyRows()).toEqual([]);
  }); // prettier-ignore
});

describe('A rotation by one server', () => {
  test('reaches the other: it mints under the new epoch, and reads everything', async () => {
    const before = await other.patient();
    expect(await job('ROTATE')).toMatchObject({ state: 'DONE' });
    const [epoch] = await one.sql<{ epoch: number }>('SELECT epoch FROM key_epoch');
    const after = await other.patient(); // at once, the news on its way or not
    const epochs = await one.sql<{ kek_epoch: number }>('SELECT kek_epoch FROM data_key WHERE owner = ANY($1::uuid[])', [[before.id, after.id]]); // prettier-ignore
    expect(epochs.map(({ kek_epoch: under }) => under)).toEqual([epoch!.epoch, epoch!.epoch]);
    other.runtime.base.keyring.clear();
    for (const { id } of [before, after]) {
      const { data } = await other.as('adeyemi').ask(`{ patient(id: "${id}") { name { family } } }`);
      expect(data).toMatchObject({ patient: { name: { family: 'Lindgren' } } });
    }
  });

  test('overtakes a key just minted by the other: it is wrapped anew before it is stored', async () => {
    const { base } = other.runtime;
    const owner = randomUUID();
    await runIn(systemContext('test'), () =>
      base.dataSource.transaction(async (manager) => {
        const minted = base.keyring.mint(owner, 'patient');
        expect(await job('ROTATE')).toMatchObject({ state: 'DONE' });
        await insertDataKey(manager, minted);
      }),
    );
    const epochs = await one.sql('SELECT k.kek_epoch = e.epoch AS newest FROM data_key k, key_epoch e WHERE k.owner = $1', [owner]); // prettier-ignore
    expect(epochs).toEqual([{ newest: true }]);
    expect(await one.runtime.services.keys.verify({ open: false })).toEqual([]);
  });

  test('leaves keys that a writer holds for the next round, and waits for them in the end', async () => {
    const patient = await one.patient();
    const { base } = other.runtime;
    const { passed, open } = gate();
    const locked = gate();
    const writing = runIn(systemContext('test'), () =>
      base.dataSource.transaction(async (manager) => {
        await holdForSealing(manager, base.keyring, [patient.id]);
        locked.open();
        await passed;
      }),
    );
    await locked.passed;
    const rotated = job('ROTATE');
    const older = 'SELECT count(*) FROM data_key WHERE kek_epoch < (SELECT max(epoch) FROM key_epoch)';
    await until(async () => (await one.count('SELECT count(*) FROM key_epoch')) === 2 && (await one.count(older)) === 1);
    open();
    await writing;
    expect(await rotated).toMatchObject({ state: 'DONE' });
    expect(await one.count('SELECT count(*) FROM key_epoch')).toBe(1);
  }); // prettier-ignore

  test('whose custody holds another root key than the database by now makes no epoch', async () => {
    const epochs = () => one.sql('SELECT epoch FROM key_epoch');
    const before = await epochs();
    const { custody } = one.runtime.base;
    jest.spyOn(custody, 'unwrap').mockRejectedValue(new Error('moved'));
    expect(await job('ROTATE')).toMatchObject({ state: 'FAILED' });
    jest.restoreAllMocks();
    expect(await epochs()).toEqual(before);
    expect(await job('ROTATE')).toMatchObject({ state: 'DONE' });
  });
});

describe('News of keys', () => {
  const knows = (house: Hospital, { id }: Patient) => house.runtime.base.keyring.remembers(id);
  const tell = (patient: Patient) =>
    one.runtime.dataSource.transaction((manager) => announce(manager, `forget:${patient.id}`));
  const look = ({ id }: Patient) => other.as('adeyemi').ask(`{ patient(id: "${id}") { name { family } } }`);

  test('a destroyed key is forgotten by every server, only when the act is committed', async () => {
    const patient = await one.patient();
    await look(patient);
    expect(knows(other, patient)).toBe(true);
    await expect(
      one.runtime.dataSource.transaction(async (manager) => {
        await announce(manager, `forget:${patient.id}`);
        throw new Error('rolled back');
      }),
    ).rejects.toThrow('rolled back');
    await tell(await one.patient()); // comes after whatever came before
    expect(knows(other, patient)).toBe(true);
    await tell(patient);
    await until(async () => !knows(other, patient));
  });

  test('a server that lost its connection remembers nothing until it hears again', async () => {
    const patient = await one.patient();
    await look(patient);
    expect(knows(other, patient)).toBe(true);
    const listening = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'chartseal keys' AND datname = current_database()"; // prettier-ignore
    expect(await one.count(listening)).toBe(2);
    await one.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'chartseal keys' AND datname = current_database()"); // prettier-ignore
    await until(async () => !knows(other, patient));
    await until(async () => (await one.count(listening)) === 2);
    await until(async () => {
      await look(patient);
      return knows(other, patient);
    });
    await tell(patient);
    await until(async () => !knows(other, patient));
  });
});
