import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { permissionTable } from '../../server/access/permissions';
import { runIn } from '../../server/crypto/access-scope';
import { envelopesOf } from '../../server/database/sealed-column';
import { systemContext } from '../../server/graphql/context';
import { importFhir } from '../../server/interop';
import { openErasure } from '../../server/ledger';
import { Erasure, Reindex } from '../../server/patients';
import { askToErase, erased, provenPark, STEP_UP } from '../support/erasing';
import { WARD } from '../support/fhir-files';
import { Hospital, type Patient } from '../support/hospital';

let hospital: Hospital;
beforeAll(async () => {
  hospital = await Hospital.open();
});
afterAll(() => hospital?.close());

const PERSON = {
  name: { family: 'Zanarsson', given: ['Vilhelmina'] },
  birthDate: '1951-07-19',
  phone: '+46 73 198 76 54',
  email: 'vilhelmina@post.example',
  identifiers: [{ system: 'urn:insurance', value: 'ZX-55512' }],
};

/** A patient with everything that can hang on one. */
async function registered(input: Record<string, unknown> = {}) {
  const patient = await hospital.patient({ ...PERSON, ...input }, 'adeyemi', ['lindqvist']);
  const visit = await hospital.visit(patient, { reason: 'Fall', notes: 'Bruises', vitals: { heartRate: 71 } });
  const treatment = await hospital.treatment(patient, 'Bed rest');
  return { patient, visit, treatment };
}

const keysOf = (id: string) => hospital.count('SELECT count(*) FROM data_key WHERE owner = $1', [id]);
const look = (who: 'park' | 'adeyemi' | 'lindqvist', { id }: Patient) =>
  hospital.as(who).ask(`{ patient(id: "${id}") { id name { family } } }`);
const fileOf = (id: string) => join(hospital.runtime.config.dataDir, 'erasures', `${id}.json`);

/** All that an erasure may touch, to see that a refused one touched nothing. */
async function everything(id: string): Promise<unknown> {
  return Promise.all([
    hospital.sql('SELECT * FROM patient WHERE id = $1', [id]),
    hospital.sql('SELECT * FROM visit WHERE patient_id = $1', [id]),
    hospital.sql('SELECT id, wrapped FROM data_key WHERE owner = $1', [id]),
    hospital.sql('SELECT * FROM erasure'),
    hospital.sql('SELECT * FROM destroyed_key'),
    hospital.sql('SELECT * FROM demographic_count ORDER BY bucket'),
  ]);
}

describe('Admin Park erases a patient', () => {
  let patient: Patient;
  let certificate: string;
  let keys: string[];
  beforeAll(async () => {
    ({ patient } = await registered());
    const rows = await hospital.sql<{ id: string }>('SELECT id::text FROM data_key WHERE owner = $1', [patient.id]);
    keys = rows.map(({ id }) => id);
    certificate = await erased(hospital, patient);
  });

  test('the keys are destroyed and remembered as such; rows and envelopes stay', async () => {
    expect(await keysOf(patient.id)).toBe(0);
    const remembered = await hospital.sql('SELECT id::text AS id FROM destroyed_key WHERE owner = $1', [patient.id]);
    expect(remembered).toEqual(keys.map((id) => ({ id })));
    expect(await hospital.count('SELECT count(name) FROM patient WHERE id = $1', [patient.id])).toBe(1);
    expect(await hospital.count('SELECT count(*) FROM visit WHERE patient_id = $1', [patient.id])).toBe(1);
    expect(hospital.runtime.base.keyring.remembers(patient.id)).toBe(false);
  });

  test('nobody finds the patient any more, whoever they were to them', async () => {
    for (const who of ['park', 'adeyemi', 'lindqvist'] as const) expect((await look(who, patient)).code).toBe('NOT_FOUND');
    const list = 'query ($s: String, $f: PatientFilter) { patients(search: $s, filter: $f, first: 100) { edges { node { id } } } }';
    for (const s of ['Zanarsson', 'Vilhelmina', patient.mrn, PERSON.phone, PERSON.email, PERSON.birthDate, 'ZX-55512']) {
      expect([s, (await hospital.as('adeyemi').ask(list, { s })).body]).toEqual([s, expect.not.stringContaining(patient.id)]);
    }
    for (const f of [{ deleted: true }, { mine: true }, {}]) {
      const { code, body } = await hospital.as('park').ask(list, { f });
      expect([code, body]).toEqual([undefined, expect.not.stringContaining(patient.id)]);
    }
    expect((await hospital.as('adeyemi').ask('{ visits(first: 100) { edges { node { id patient { id } } } } }')).body).not.toContain(patient.id);
  }); // prettier-ignore

  test('nothing is left by which the record could be recognised without a key', async () => {
    const { patientIndex } = hospital.runtime.services;
    const [row] = await hospital.sql<{ mrn_token: Buffer }>('SELECT mrn_token FROM patient WHERE id = $1', [patient.id]);
    expect(row!.mrn_token).toHaveLength(16);
    expect(row!.mrn_token.equals(patientIndex.mrnToken(patient.mrn))).toBe(false);
    const tables = await hospital.sql<{ name: string }>(
      "SELECT table_name AS name FROM information_schema.columns WHERE column_name = 'patient_id' AND table_name LIKE 'patient%'",
    );
    expect(tables.length).toBeGreaterThan(0);
    for (const { name } of tables) {
      expect([name, await hospital.count(`SELECT count(*) FROM ${name} WHERE patient_id = $1`, [patient.id])]).toEqual([name, 0]);
    }
  }); // prettier-ignore

  test('the certificate says what was destroyed, signed by the log’s key, and lies on the disk', async () => {
    const opened = openErasure(certificate, hospital.runtime.auditLog.publicKey)!;
    expect(opened).toMatchObject({ v: 1, type: 'chartseal-erasure', patient: patient.id, by: hospital.idOf('park'), keys });
    expect(opened.envelopes).toMatchObject({ 'patient.name': 1, 'patient.mrn': 1, 'visit.notes': 1, 'treatment_update.text': 1 });
    const [{ origin }] = await hospital.sql<{ origin: string }>('SELECT origin FROM audit_head') as [{ origin: string }];
    expect(opened.ledger.origin).toBe(origin);
    const entry = (await hospital.entries()).find(({ a, o }) => a === 'erase' && o?.t === 'patient');
    expect(entry).toMatchObject({ o: { i: patient.id }, p: [patient.id], q: opened.ledger.request });
    expect(await readFile(fileOf(patient.id), 'utf8')).toBe(certificate);
    expect((await stat(fileOf(patient.id))).mode & 0o777).toBe(0o600);
    for (const known of ['Zanarsson', 'Vilhelmina', '1951-07-19', patient.mrn, 'ZX-55512']) expect(certificate).not.toContain(known);
  }); // prettier-ignore

  test('the log verifies, every row is what it says, and the former accesses stay listed', async () => {
    while ((await hospital.count('SELECT count(*) FROM audit_pending')) > 0) await new Promise((done) => setTimeout(done, 10));
    expect(await hospital.runtime.auditLog.verifyAll()).toMatchObject({ word: 'OK' });
    expect(await hospital.runtime.auditLog.verifyRows()).toEqual([]);
    for (const who of ['park', 'brandt'] as const) {
      const { auditEntries } = await hospital.as(who).get<{ auditEntries: { edges: { node: { action: string } }[] } }>(
        `{ auditEntries(first: 100, filter: { patientId: "${patient.id}" }) { edges { node { action } } } }`,
      );
      const actions = auditEntries.edges.map(({ node }) => node.action);
      expect(actions).toEqual(expect.arrayContaining(['create', 'erase']));
    }
  }); // prettier-ignore

  test('the counts of the hospital are right without the patient', async () => {
    const { demographics } = hospital.runtime.services;
    expect(await runIn(systemContext('recount'), () => demographics.recount(false))).toEqual([]);
  });

  test('the reason is kept sealed under the system’s key, and opens for the hospital', async () => {
    const { dataSource, keyring } = hospital.runtime.base;
    const [row] = await hospital.sql<{ text: string }>('SELECT t::text AS text FROM erasure t WHERE id = $1', [patient.id]);
    expect(Buffer.from(/\\\\x([\da-f]+)/.exec(row!.text)![1]!, 'hex').toString('latin1')).not.toContain('in writing');
    await runIn(systemContext('test'), async () => {
      const erasure = await dataSource.manager.findOneByOrFail(Erasure, { id: patient.id });
      await keyring.hold(envelopesOf([erasure]));
      expect(erasure).toMatchObject({ reason: 'Asked for it in writing', erasedBy: hospital.idOf('park') });
    });
  }); // prettier-ignore

  test('the number may be given again, and the same person registers as somebody new', async () => {
    const again = await hospital.patient({ ...PERSON, mrn: patient.mrn });
    expect(again.id).not.toBe(patient.id);
    expect((await look('adeyemi', again)).data).toMatchObject({ patient: { name: { family: 'Zanarsson' } } });
    expect((await look('adeyemi', patient)).code).toBe('NOT_FOUND');
  });

  test('erasing twice is not finding', async () => {
    expect((await askToErase(await provenPark(hospital), patient)).code).toBe('NOT_FOUND');
  });
});

describe('refused, and nothing is changed', () => {
  let patient: Patient;
  let before: unknown;
  beforeAll(async () => {
    ({ patient } = await registered({ mrn: undefined }));
    before = await everything(patient.id);
  });
  afterEach(async () => {
    expect(await everything(patient.id)).toEqual(before);
    expect((await look('adeyemi', patient)).data).toMatchObject({ patient: { name: { family: 'Zanarsson' } } });
    await expect(stat(fileOf(patient.id))).rejects.toThrow('ENOENT');
  });

  test('Admin Park without proving the password again', async () => {
    expect((await askToErase(hospital.as('park'), patient)).code).toBe('MFA_REQUIRED');
  });

  test('after a wrong password', async () => {
    const park = hospital.visitor();
    await park.signIn(hospital.account('park'));
    expect((await park.ask(STEP_UP, { password: 'not it' })).code).toBe('BAD_USER_INPUT');
    expect((await askToErase(park, patient)).code).toBe('MFA_REQUIRED');
  });

  test('with another patient’s record number, or none', async () => {
    const other = await hospital.patient();
    before = await everything(patient.id); // somebody more is counted
    for (const confirmMrn of [other.mrn, '', `${patient.mrn}0`]) {
      const answer = await askToErase(await provenPark(hospital), patient, { confirmMrn });
      expect(answer.code).toBe('BAD_USER_INPUT');
      expect(answer.error?.extensions.fields).toEqual([expect.objectContaining({ path: 'confirmMrn' })]);
    }
  });

  test('without a reason', async () => {
    expect((await askToErase(await provenPark(hospital), patient, { reason: '' })).code).toBe('BAD_USER_INPUT');
  });

  test.each(['adeyemi', 'okafor', 'lindqvist', 'brandt', 'lab'] as const)('by %s, however proven', async (who) => {
    const person = hospital.visitor();
    await person.signIn(hospital.account(who));
    await person.get(STEP_UP, { password: hospital.account(who).password });
    expect((await askToErase(person, patient)).code).toBe('FORBIDDEN');
  });

  test('by a stranger', async () => {
    expect((await askToErase(hospital.stranger, patient)).code).toBe('UNAUTHENTICATED');
  });
});

test('a deleted patient can be erased, and never be restored after it', async () => {
  const { patient } = await registered({ mrn: undefined });
  const gone = { id: patient.id, expectedVersion: 1, reason: 'Registered twice' };
  await hospital.as('adeyemi').do('deletePatient', gone);
  expect((await look('park', patient)).code).toBeUndefined();
  await erased(hospital, patient);
  expect((await look('park', patient)).code).toBe('NOT_FOUND');
  for (const expectedVersion of [2, 3]) {
    expect(await hospital.as('park').refused('restorePatient', { id: patient.id, expectedVersion })).toBe('NOT_FOUND');
  }
  const { demographics } = hospital.runtime.services;
  expect(await runIn(systemContext('recount'), () => demographics.recount(false))).toEqual([]);
});

test('the number may be typed as people write it', async () => {
  const { patient } = await registered({ mrn: 'Ab-7788' });
  const answer = await askToErase(await provenPark(hospital), patient, { confirmMrn: ' ab-7788 ' });
  expect(answer.code).toBeUndefined();
});

test('a patient whose keys were lost can be erased too', async () => {
  const { patient } = await registered({ mrn: undefined });
  await hospital.sql('DELETE FROM data_key WHERE owner = $1', [patient.id]);
  hospital.runtime.base.keyring.forget(patient.id);
  const { certificate } = JSON.parse(await erased(hospital, patient)) as { certificate: { keys: string[] } };
  expect(certificate.keys).toEqual([]);
  expect((await look('park', patient)).code).toBe('NOT_FOUND');
  expect(await hospital.count('SELECT count(*) FROM patient_search WHERE patient_id = $1', [patient.id])).toBe(0);
  const { demographics } = hospital.runtime.services;
  const miscounted = await runIn(systemContext('recount'), () => demographics.recount(true));
  expect(miscounted.length).toBeGreaterThan(0); // nobody could tell any more where the patient was counted
  expect(await runIn(systemContext('recount'), () => demographics.recount(false))).toEqual([]);
});

test('the same request of a patient erased is not recognised by its idempotency key', async () => {
  const input = { name: PERSON.name, gender: 'FEMALE', idempotencyKey: 'once-and-for-all' };
  const patient = await hospital.as('adeyemi').do<Patient>('createPatient', input, '{ id version mrn }');
  await erased(hospital, patient);
  const again = await hospital.as('adeyemi').do<Patient>('createPatient', input, '{ id version mrn }');
  expect(again.id).not.toBe(patient.id);
});

test('an import of the same person later registers somebody new, with the visits', async () => {
  const { runtime } = hospital;
  expect((await importFhir(runtime, [WARD])).summary()).toContain('Patients: 2 new, 0 changed, 0 unchanged');
  const token = runtime.services.patientIndex.mrnToken('W-1001');
  const idOf = async () => (await hospital.sql<{ id: string }>('SELECT id FROM patient WHERE mrn_token = $1', [token]))[0]!.id;
  const id = await idOf();
  const sources = 'SELECT count(source_token) FROM visit WHERE patient_id = $1';
  const visits = await hospital.count(sources, [id]);
  expect(visits).toBeGreaterThan(0);

  await erased(hospital, { id, mrn: 'W-1001', version: 1 });
  expect(await hospital.count(sources, [id])).toBe(0);
  const written = (await hospital.entries()).filter(({ a, o, p }) => a === 'erase' && o?.t === 'visit' && p.includes(id));
  expect(written).toHaveLength(visits);
  expect((await importFhir(runtime, [WARD])).summary()).toContain('Patients: 1 new, 0 changed, 1 unchanged');
  expect(await idOf()).not.toBe(id);
  expect(await hospital.count(sources, [await idOf()])).toBe(visits);
  expect(await runtime.auditLog.verifyRows()).toEqual([]);
}); // prettier-ignore

test('a search index built anew, before, after or meanwhile, has no row of the erased', async () => {
  const { base, services } = hospital.runtime;
  const patients = await Promise.all(Array.from({ length: 6 }, () => hospital.patient(PERSON)));
  const reindex = () => new Reindex(base, services.patientRepository, services.patientIndex).run({ prefixes: true, graceMs: 0 });
  await erased(hospital, patients[0]!);
  const building = reindex();
  for (const patient of patients.slice(1, 5)) await erased(hospital, patient);
  expect(await building).toBe(true);
  await erased(hospital, patients[5]!);
  const ids = patients.map(({ id }) => id);
  expect(await hospital.count('SELECT count(*) FROM patient_search WHERE patient_id = ANY($1::uuid[])', [ids])).toBe(0);
  const similar = await hospital.as('park').ask(
    'query ($input: SimilarPatientsInput!) { similarPatients(input: $input) { patient { id } } }',
    { input: { name: PERSON.name, birthDate: PERSON.birthDate, phone: PERSON.phone, identifiers: PERSON.identifiers } },
  );
  expect(similar.code).toBeUndefined();
  for (const id of ids) expect(similar.body).not.toContain(id);
}); // prettier-ignore

test('a file lost on the way is written at the next opening', async () => {
  const { patient } = await registered({ mrn: undefined });
  const certificate = await erased(hospital, patient);
  await rm(fileOf(patient.id));
  expect(await hospital.runtime.services.erasures.again.run()).toBe(0);
  expect(await readFile(fileOf(patient.id), 'utf8')).toBe(certificate);
});

test('erasing is for all patients or none: no role has it for some', () => {
  expect(permissionTable.PATIENT_ERASE).toEqual({ ADMIN: 'all' });
});
