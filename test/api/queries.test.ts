import crypto from 'node:crypto';
import { Client } from 'pg';
import { Hospital, type Name, type Patient } from '../support/hospital';
import { statements } from '../support/statements';

let hospital: Hospital;
const patients: Patient[] = [];

beforeAll(async () => {
  hospital = await Hospital.open();
  for (let n = 0; n < 20; n += 1) {
    const patient = await hospital.patient(
      { diagnosis: 'Gout', phone: '0701234567', birthDate: '1950-05-05' },
      'adeyemi',
      ['lindqvist'],
    );
    for (let visit = 0; visit < 2; visit += 1) {
      await hospital.visit(patient, { reason: 'Cough', attendingId: hospital.idOf('adeyemi') });
      await hospital.treatment(patient, 'Rest', 'lindqvist');
    }
    patients.push(patient);
  }
}, 120_000);
afterAll(() => hospital?.close());
afterEach(() => jest.restoreAllMocks());

const list = (first: number) => `{ patients(first: ${first}) { edges { node {
  id mrn name { display } diagnosis treatment
  careTeam { user { name } }
  visits(first: 3) { edges { node { reason attending { name } patient { name { display } } } } }
  treatmentUpdates(first: 3) { edges { node { text author { name } patient { mrn } } } }
} } } }`;

test('a list of twenty patients with visits, treatments and care teams is nine statements', async () => {
  await hospital.as('adeyemi').get(list(20)); // keys are remembered from now on
  const many = await statements(() => hospital.as('adeyemi').get(list(20)));
  // session, patients, visits, treatments twice, care teams, staff once to three times as their answers come in
  expect(many.length).toBeLessThanOrEqual(9);
});

test('of a list whose keys this server does not remember, every statement is prepared, that of the keys too', async () => {
  await hospital.as('adeyemi').get(list(20));
  hospital.runtime.base.keyring.clear();
  const spy = jest.spyOn(Client.prototype, 'query');
  await hospital.as('adeyemi').get(list(20));
  const sent = spy.mock.calls.map(([config], at) => ({ ...(config as { name?: string; text?: string }), by: spy.mock.contexts[at]! })); // prettier-ignore
  spy.mockRestore();
  const reads = sent.filter(({ text }) => text?.includes(' FROM '));
  expect(reads.filter(({ name }) => !name).map(({ text }) => text)).toEqual([]);
  const ofKeys = reads.filter(({ text }) => text?.includes('FROM data_key WHERE id = ANY'));
  expect(ofKeys.length).toBeGreaterThan(0);
  for (const { by, name } of ofKeys) {
    const { rows } = await by.query('SELECT FROM pg_prepared_statements WHERE name = $1', [name]);
    expect(rows).toHaveLength(1);
  }
});

test('a list of visits asks once for patients and once for staff', async () => {
  const document = (first: number) =>
    `{ visits(first: ${first}) { edges { node { reason patient { name { display } } attending { name } } } } }`;
  expect((await statements(() => hospital.as('adeyemi').get(document(40)))).length).toBeLessThanOrEqual(4);
});

test('writing is few statements: registering six, changing a field four, a visit three, changing one five', async () => {
  const adeyemi = hospital.as('adeyemi');
  const register = () =>
    adeyemi.do('createPatient', { name: { family: 'Counted', given: ['Once'] }, gender: 'FEMALE' });
  let written = await register(); // draws record numbers ahead
  const sent = async (work: () => Promise<{ id: string; version: number }>) =>
    (await statements(async () => void (written = await work()))).length;
  const edit = (change: object) => ({ id: written.id, expectedVersion: written.version, ...change });

  // session, patient, place on the team, key, search, counts
  expect(await sent(register)).toBeLessThanOrEqual(6);
  // session, key and patient locked, patient, search; nothing counted
  expect(await sent(() => adeyemi.do('updatePatient', edit({ phone: '0707654321' })))).toBeLessThanOrEqual(4);
  const visit = { patientId: written.id, type: 'AMBULATORY', startedAt: new Date() };
  // session, key and patient locked, visit
  expect(await sent(() => adeyemi.do('createVisit', visit))).toBeLessThanOrEqual(3);
  // session, whose it is, key and patient locked, visit locked, visit
  expect(await sent(() => adeyemi.do('updateVisit', edit({ notes: 'Seen' })))).toBeLessThanOrEqual(5);
});

test('what is written in a request shows in the lists of the same request', async () => {
  const { id } = patients[0]!;
  const record = (text: string) => `recordTreatment(input: { patientId: "${id}", text: "${text}", status: ONGOING })
    { patient { treatment treatmentUpdates(first: 1) { edges { node { text } } } } }`;
  const { one, two } = await hospital.as('adeyemi').get<Record<'one' | 'two', unknown>>(`mutation { one: ${record('First')} two: ${record('Second')} }`); // prettier-ignore
  const shown = (text: string) => ({ patient: { treatment: text, treatmentUpdates: { edges: [{ node: { text } }] } } });
  expect([one, two]).toEqual([shown('First'), shown('Second')]);
});

describe('nothing is opened that was not asked for; the entry names what the answer tells, also that there is nothing', () => {
  const groups: [string, string[]][] = [
    ['id version createdAt', []],
    ['phone', ['phone']],
    ['name { family } age', ['birthDate', 'deceasedAt', 'name']],
    ['diagnosis allergies { substance }', ['allergies', 'diagnosis']],
    ['treatment', ['treatment']],
    ['visits(first: 1) { edges { node { reason vitals { heartRate } } } }', ['reason', 'visits', 'vitals']],
    ['careTeam { user { name role } }', ['careTeam']],
  ];

  test.each(groups)('patient { %s }', async (fields, opened) => {
    const [patient] = patients as [Patient];
    const decrypted = jest.spyOn(crypto, 'createDecipheriv');
    const entries = await hospital.entriesOf(() => hospital.as('okonkwo').ask('{ me { id } }'));
    expect(entries).toEqual([]);
    decrypted.mockClear();
    const own = await hospital.entriesOf(() =>
      hospital.as('adeyemi').get(`query Chart { patient(id: "${patient.id}") { ${fields} } }`),
    );
    expect(own.map(({ a, f, p }) => [a, f, p])).toEqual(opened.length > 0 ? [['read', opened, [patient.id]]] : []);
    if (opened.length === 0) expect(decrypted).not.toHaveBeenCalled();
    if (fields === 'phone') expect(decrypted).toHaveBeenCalledTimes(1);
  });

  test('of a page, every patient that is on it is in the entry, and no other', async () => {
    const page = await hospital.as('lindqvist').get<{ patients: { edges: { node: { id: string } }[] } }>('{ patients(first: 7) { edges { node { id } } } }'); // prettier-ignore
    const own = await hospital.entriesOf(() =>
      hospital.as('lindqvist').get('{ patients(first: 7) { edges { node { mrn gender } } } }'),
    );
    expect(own.map(({ f, p }) => [f, [...p].sort()])).toEqual([
      [['gender', 'mrn'], page.patients.edges.map(({ node }) => node.id).sort()],
    ]);
  });

  test.each<[Name, string]>([
    ['park', '{ patients(first: 3) { totalCount edges { cursor node { id version } } } }'],
    ['park', '{ demographics { total } }'],
  ])('%s asking %s opens nobody', async (name, document) => {
    const own = await hospital.entriesOf(() => hospital.as(name).get(document));
    expect(own.filter(({ p }) => p.length > 0)).toEqual([]);
  });
});
