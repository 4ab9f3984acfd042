import crypto, { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { pino } from 'pino';
import { readConfig } from '../../server/config/config';
import { holdForSealing } from '../../server/database/key-store';
import { runIn } from '../../server/crypto/access-scope';
import { systemContext } from '../../server/graphql/context';
import { Patient as PatientRow } from '../../server/patients';
import { openRuntime } from '../../server/runtime';
import { Hospital, type Patient, type Visit } from '../support/hospital';
import { ENTRIES } from '../support/opened-hospital';
import { freshDatabase } from '../support/postgres';
import { statements } from '../support/statements';

let hospital: Hospital;
let shared: string;
let settings: Record<string, string>;
let dba: Client;

beforeAll(async () => {
  shared = await mkdtemp(join(tmpdir(), 'chartseal-sealing-'));
  settings = {
    DATABASE_URL: await freshDatabase(),
    ROOT_KEY: randomBytes(32).toString('hex'),
    LOG_SIGNING_KEY_FILE: join(shared, 'log-signing.key'),
  };
  hospital = await Hospital.open(settings);
  dba = new Client({ connectionString: settings.DATABASE_URL });
  await dba.connect();
  await dba.query('SET session_replication_role = replica'); // somebody who owns the database goes past its triggers
});
afterAll(async () => {
  await dba?.end();
  await hospital?.close();
  await rm(shared, { recursive: true, force: true });
});

const secrets = { diagnosis: 'Secret diagnosis', phone: '070-123 45 67', medicalHistory: 'Secret history' };
const secretPatient = () => hospital.patient(secrets);
const secretVisit = (patient: Patient) =>
  hospital.visit(patient, { reason: 'Secret reason', notes: 'Secret notes', diagnosis: 'Secret finding' });

async function cell(table: string, column: string, id: string): Promise<Buffer> {
  const { rows } = await dba.query<{ cell: Buffer }>(`SELECT ${column} AS cell FROM ${table} WHERE id = $1`, [id]);
  return rows[0]!.cell;
}

const put = (table: string, column: string, id: string, bytes: Buffer) =>
  dba.query(`UPDATE ${table} SET ${column} = $2 WHERE id = $1`, [id, bytes]);

const look = (patient: Patient, house = hospital) =>
  house.as('adeyemi').ask(`{ patient(id: "${patient.id}") { id mrn diagnosis } }`);
const lookAtVisit = (visit: Visit) => hospital.as('adeyemi').ask(`{ visit(id: "${visit.id}") { id reason notes diagnosis } }`); // prettier-ignore

/** The violation is told, the value is not, and what stands in its own place is. */
async function demandViolation(answer: ReturnType<typeof look>, rest: Record<string, unknown>): Promise<void> {
  const { code, data, body } = await answer;
  expect(code).toBe('INTEGRITY_VIOLATION');
  expect(Object.values(data ?? {})[0]).toEqual(rest);
  expect(body).not.toContain('Secret');
}

describe('a cell moved by hand does not open', () => {
  test('to the row of another patient', async () => {
    const [hers, his] = [await secretPatient(), await hospital.patient({ diagnosis: 'Harmless' })];
    await put('patient', 'diagnosis', his.id, await cell('patient', 'diagnosis', hers.id));
    await demandViolation(look(his), { id: his.id, mrn: his.mrn, diagnosis: null });
    expect((await look(hers)).data).toMatchObject({ patient: { diagnosis: 'Secret diagnosis' } });
  });

  test('to another visit of the same patient', async () => {
    const patient = await secretPatient();
    const [one, other] = [await secretVisit(patient), await hospital.visit(patient)];
    await put('visit', 'notes', other.id, await cell('visit', 'notes', one.id));
    await demandViolation(lookAtVisit(other), { id: other.id, reason: null, notes: null, diagnosis: null });
  });

  test('to another column of the same row', async () => {
    const patient = await secretPatient();
    await put('patient', 'diagnosis', patient.id, await cell('patient', 'medical_history', patient.id));
    await demandViolation(look(patient), { id: patient.id, mrn: patient.mrn, diagnosis: null });
  });

  test('to another table of the same patient', async () => {
    const patient = await secretPatient();
    const visit = await hospital.visit(patient);
    await put('visit', 'diagnosis', visit.id, await cell('patient', 'diagnosis', patient.id));
    await demandViolation(lookAtVisit(visit), { id: visit.id, reason: null, notes: null, diagnosis: null });
  });

  test('together with its row, to another patient', async () => {
    const [hers, his] = [await secretPatient(), await hospital.patient()];
    const visit = await hospital.visit(hers, { reason: 'Secret reason' });
    await dba.query('UPDATE visit SET patient_id = $2 WHERE id = $1', [visit.id, his.id]);
    await demandViolation(lookAtVisit(visit), { id: visit.id, reason: null, notes: null, diagnosis: null });
  });

  test.each([
    ['with one bit changed', (bytes: Buffer) => ((bytes[40]! ^= 1), bytes)],
    ['cut short', (bytes: Buffer) => bytes.subarray(0, -32)],
    ['with the tag of zeros', (bytes: Buffer) => Buffer.concat([bytes.subarray(0, -16), Buffer.alloc(16)])],
    ['of random bytes in the right shape', () => Buffer.concat([Buffer.of(0xe1, 1), randomBytes(68)])],
  ])('%s', async (_what, spoil) => {
    const patient = await hospital.patient({ diagnosis: 'Secret diagnosis, long enough to be cut by one block' });
    await put('patient', 'diagnosis', patient.id, spoil(await cell('patient', 'diagnosis', patient.id)));
    await demandViolation(look(patient), { id: patient.id, mrn: patient.mrn, diagnosis: null });
  });

  test('nor does a field that every patient has: nothing of the patient is shown, and a list says so too', async () => {
    const [hers, his] = [await secretPatient(), await hospital.patient({ mrn: 'SPOILT-1' })];
    await put('patient', 'name', his.id, await cell('patient', 'name', hers.id));
    const single = await hospital.as('adeyemi').ask(`{ patient(id: "${his.id}") { name { family } } }`);
    expect([single.code, single.data]).toEqual(['INTEGRITY_VIOLATION', { patient: null }]);
    const found = await hospital.as('adeyemi').ask('{ patients(search: "SPOILT-1") { edges { node { name { family } } } } }');
    expect([found.code, found.data]).toEqual(['INTEGRITY_VIOLATION', null]);
    await dba.query('DELETE FROM patient_search WHERE patient_id = $1', [his.id]);
  }); // prettier-ignore
});

test.each(['patient.diagnosis', 'visit.notes', 'treatment_update.text', 'app_user.name'])(
  'plaintext planted in %s is refused by the column itself',
  async (place) => {
    const patient = await secretPatient();
    await secretVisit(patient);
    await hospital.treatment(patient, 'Rest');
    const [table, column] = place.split('.');
    for (const plain of ['Gout', 'x'.repeat(70), `\u00e1${'x'.repeat(68)}`]) {
      await expect(dba.query(`UPDATE ${table} SET ${column} = $1`, [Buffer.from(plain)])).rejects.toThrow(
        'sealed_envelope',
      );
    }
  },
);

describe('the entity', () => {
  afterEach(() => jest.restoreAllMocks());
  const system = <T>(work: () => Promise<T>) => runIn(systemContext('test'), work);
  const load = ({ id }: Patient) => {
    const { patientRepository } = hospital.runtime.services;
    return patientRepository.select('WHERE t.id = $1', [id]).then(([row]) => row!);
  };

  test('saved unchanged: no UPDATE, nothing encrypted, no entry', async () => {
    const patient = await secretPatient();
    await system(async () => {
      const row = await load(patient);
      expect(row.diagnosis).toBe('Secret diagnosis');
      const encrypted = jest.spyOn(crypto, 'createCipheriv');
      const before = await hospital.count(ENTRIES);
      const asked = await statements(() =>
        hospital.runtime.dataSource.transaction((manager) => manager.save(row, { reload: false })),
      );
      expect(asked).toEqual([expect.stringMatching(/^SELECT/)]); // TypeORM compares with what is stored
      expect(encrypted).not.toHaveBeenCalled();
      expect(await hospital.count(ENTRIES)).toBe(before);
    });
  }); // prettier-ignore

  test('with one value changed: one encryption, one entry, the other cells to the byte', async () => {
    const patient = await secretPatient();
    const before = await cell('patient', 'phone', patient.id);
    await system(async () => {
      const row = await load(patient);
      row.diagnosis = 'Another secret';
      const encrypted = jest.spyOn(crypto, 'createCipheriv');
      await hospital.runtime.dataSource.transaction(async (manager) => {
        await holdForSealing(manager, hospital.runtime.base.keyring, [patient.id]);
        await manager.save(row, { reload: false });
      });
      expect(encrypted).toHaveBeenCalledTimes(1);
    });
    expect((await cell('patient', 'phone', patient.id)).equals(before)).toBe(true);
  });

  test('takes no value that was made for another row, fresh or stored', async () => {
    const [hers, his] = [await secretPatient(), await hospital.patient()];
    await system(async () => {
      const [from, to] = [await load(hers), await load(his)];
      await hospital.runtime.dataSource.transaction((manager) =>
        holdForSealing(manager, hospital.runtime.base.keyring, [hers.id, his.id]),
      );
      const move = () => hospital.runtime.dataSource.transaction((manager) => manager.save(Object.assign(to, { diagnosisSealed: Reflect.get(from, 'diagnosisSealed') as unknown }), { reload: false }));
      expect(from.diagnosis).toBe('Secret diagnosis'); // bound to its row
      await expect(move()).rejects.toThrow('cannot stand in a second place');
      from.diagnosis = 'Fresh secret';
      await expect(move()).rejects.toThrow('cannot stand in a second place');
    });
    expect((await look(his)).data).toMatchObject({ patient: { diagnosis: null } });
  }); // prettier-ignore

  test('cannot be searched by a plain value', async () => {
    const patients = hospital.runtime.dataSource.getRepository(PatientRow);
    const where = { diagnosisSealed: 'Secret diagnosis' } as Record<string, unknown>;
    await expect(patients.find({ where })).rejects.toThrow('cannot be searched by a plain one');
  });

  test('opens nothing outside a scope, and prints nothing anywhere', async () => {
    const patient = await secretPatient();
    const row = await system(() => load(patient));
    expect(() => row.diagnosis).toThrow('No scope, no plaintext');
    await system(async () => expect(row.diagnosis).toBe('Secret diagnosis'));
    expect(JSON.stringify(row) + `${Reflect.get(row, 'diagnosisSealed') as string}`).not.toContain('Secret');
  });
});

describe('keys', () => {
  test('two wrapped keys that changed places open nothing', async () => {
    const [hers, his] = [await secretPatient(), await secretPatient()];
    const swap = `UPDATE data_key k SET wrapped = o.wrapped, kcv = o.kcv FROM data_key o
      WHERE k.owner = ANY($1::uuid[]) AND o.owner = ANY($1::uuid[]) AND k.owner <> o.owner`;
    await dba.query(swap, [[hers.id, his.id]]);
    const fresh = await Hospital.open(settings, undefined, hospital); // without remembered keys
    try {
      for (const patient of [hers, his]) {
        const { code, data, body } = await look(patient, fresh);
        expect([code, data]).toEqual(['INTEGRITY_VIOLATION', { patient: null }]);
        expect(body).not.toContain('Secret');
      }
      await dba.query(swap, [[hers.id, his.id]]);
      expect((await look(hers, fresh)).data).toMatchObject({ patient: { diagnosis: 'Secret diagnosis' } });
    } finally {
      await fresh.close();
    }
  });

  test('another root key opens no hospital, and makes no new key over old data', async () => {
    const before = await hospital.count('SELECT count(*) FROM key_epoch');
    const config = readConfig({ NODE_ENV: 'test', DATA_DIR: shared, ...settings, ROOT_KEY: randomBytes(32).toString('hex') });
    await expect(openRuntime(config, { logger: pino({ level: 'silent' }) })).rejects.toThrow(/^This root key .*is not/);
    expect(await hospital.count('SELECT count(*) FROM key_epoch')).toBe(before);
  }); // prettier-ignore
});
