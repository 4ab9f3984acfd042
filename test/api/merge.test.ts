import { setTimeout as pause } from 'node:timers/promises';
import { newId } from '../../server/platform/ids';
import { breakGlass, hide } from '../support/emergency';
import { askToErase, provenPark } from '../support/erasing';
import { Hospital, type Name, type Patient, type Person } from '../support/hospital';
import { everyRowOf, everythingFits, twins, without } from '../support/merged-records';
import { asOfNow, askToMerge, askToUnmerge, merged, unmerged } from '../support/merging';

let hospital: Hospital;
let park: Person;

beforeAll(async () => {
  hospital = await Hospital.open();
  park = await provenPark(hospital);
});
afterAll(() => hospital?.close());

const finds = async (person: Person, search: string) => {
  const query = 'query ($search: String!) { patients(search: $search) { edges { node { id } } } }';
  const { patients } = await person.get<{ patients: { edges: { node: { id: string } }[] } }>(query, { search });
  return patients.edges.map(({ node }) => node.id);
};

const RECORD = `query ($id: ID!) { patient(id: $id) { phone confidential version treatment allergies { substance }
  identifiers { system value } merges { id mrn reason } careTeam { user { name } }
  visits(first: 10) { edges { node { id reason amendments { reason } } } } treatmentUpdates(first: 10) { edges { node { text } } } } }`;

interface RecordRead {
  phone: string | null;
  confidential: boolean;
  version: number;
  treatment: string | null;
  allergies: { substance: string }[];
  identifiers: { system: string; value: string }[];
  merges: { id: string; mrn: string; reason: string }[];
  careTeam: { user: { name: string } }[];
  visits: { edges: { node: { id: string; reason: string; amendments: { reason: string }[] } }[] };
  treatmentUpdates: { edges: { node: { text: string } }[] };
}

const read = async (name: Name, { id }: Patient) =>
  (await hospital.as(name).get<{ patient: RecordRead }>(RECORD, { id })).patient;

test('a merge brings everything to one record, and unmerging gives both back byte for byte', async () => {
  const { keep, double } = await twins(hospital);
  const before = await everyRowOf(hospital, [keep, double]);
  const query = 'query ($a: ID!, $b: ID!) { mergePreview(keepId: $a, mergeId: $b) { keep { mrn } merge { mrn } differing keepHolds { visits treatmentUpdates careTeam } mergeHolds { visits treatmentUpdates careTeam } } }'; // prettier-ignore
  expect(await park.get(query, { a: keep.id, b: double.id })).toEqual({
    mergePreview: {
      keep: { mrn: keep.mrn },
      merge: { mrn: double.mrn },
      differing: ['BIRTH_DATE', 'PHONE'],
      keepHolds: { visits: 1, treatmentUpdates: 0, careTeam: 1 },
      mergeHolds: { visits: 2, treatmentUpdates: 1, careTeam: 2 },
    },
  });
  const { mergeId, kept } = await merged(park, keep, double, ['PHONE']);
  const whole = await read('okonkwo', keep); // who cared for the duplicate cares for the person
  expect(whole).toMatchObject({
    phone: '+46 8 222 22 22',
    treatment: 'Rest',
    allergies: [{ substance: 'Penicillin' }, { substance: 'Latex' }],
    merges: [{ id: mergeId, mrn: double.mrn, reason: 'Registered twice on one day' }],
  });
  expect(whole.visits.edges.map(({ node }) => node.reason).sort()).toEqual(['Check', 'Fall', 'Fever']);
  expect(whole.visits.edges.find(({ node }) => node.reason === 'Fall')?.node.amendments).toEqual([{ reason: 'Heard late' }]); // prettier-ignore
  expect(whole.careTeam.map(({ user }) => user.name).sort()).toEqual(['Clinician Okafor', 'Dr Adeyemi', 'Dr Okonkwo']);
  await everythingFits(hospital);

  const { kept: again, ...answer } = await unmerged(park, mergeId, kept.version);
  expect(answer).toMatchObject({ restored: { id: double.id, mrn: double.mrn }, fieldsStayed: [], visitsStayed: 0, treatmentUpdatesStayed: 0 }); // prettier-ignore
  const after = await everyRowOf(hospital, [keep, double]);
  const places = await hospital.sql<{ id: string }>('SELECT id FROM care_team_member WHERE patient_id = $1 AND until IS NOT NULL', [keep.id]); // prettier-ignore
  expect(places).toHaveLength(2); // they did have access: that stays as history
  expect(without(after, ...places.map(({ id }) => `care_team_member ${id}`))).toEqual(before);
  expect(again.version).toBe(kept.version + 1);
  await everythingFits(hospital);
  expect((await hospital.as('okonkwo').ask(RECORD, { id: keep.id })).code).toBe('BREAK_GLASS_AVAILABLE');
  expect((await askToUnmerge(park, mergeId, again.version)).code).toBe('NOT_FOUND');
});

test('merged, the duplicate is hidden on every way, and its numbers find the record that was kept', async () => {
  const { number, keep, double, open } = await twins(hospital);
  const { mergeId, kept } = await merged(park, keep, double);
  for (const person of [park, hospital.as('okonkwo')]) {
    for (const text of ['{ patient(id: $id) { id } }', '{ visits(patientId: $id, first: 1) { totalCount } }'])
      expect((await person.ask(`query ($id: ID!) ${text}`, { id: double.id })).code).toBe('NOT_FOUND');
    expect(await finds(person, double.mrn)).toEqual([keep.id]);
    expect(await finds(person, `double-${number}`)).toEqual([keep.id]);
  }
  expect((await park.ask(`{ encryptedRecord(patientId: "${double.id}") { keyId } }`)).code).toBe('NOT_FOUND');
  const { patients } = await park.get<{ patients: { edges: { node: { id: string } }[] } }>(
    '{ patients(first: 100, filter: { deleted: true }) { edges { node { id } } } }',
  );
  expect(patients.edges.map(({ node }) => node.id)).not.toContain(double.id);
  expect(await park.refused('restorePatient', { id: double.id, expectedVersion: double.version + 1 })).toBe(
    'NOT_FOUND',
  );
  expect(await park.refused('updatePatient', { id: double.id, expectedVersion: double.version + 1, phone: null })).toBe('NOT_FOUND'); // prettier-ignore
  expect((await askToErase(park, double)).code).toBe('NOT_FOUND');
  const wristband = { mrn: double.mrn, reason: 'EMERGENCY', text: 'Found unconscious' };
  await hospital.as('lindqvist').stepUp(hospital.account('lindqvist'));
  const opened = 'mutation ($input: BreakGlassInput!) { breakGlass(input: $input) { patientId } }';
  expect(await hospital.as('lindqvist').get(opened, { input: wristband })).toEqual({ breakGlass: { patientId: keep.id } }); // prettier-ignore

  // the history of the one is the history of both, while they are one
  const REPORT = `query ($id: ID!) { accessReport(patientId: $id, from: "2020-01-01T00:00:00Z", to: "2099-01-01T00:00:00Z") {
    rows(first: 100) { edges { node { entry { action actor { name } } } } } } }`;
  /** The report as soon as it tells of this act: it shows what is sealed and signed for. */
  const reportedUpTo = async (act: string): Promise<string[]> => {
    interface Report { accessReport: { rows: { edges: { node: { entry: { action: string; actor: { name: string } } } }[] } } } // prettier-ignore
    const { accessReport } = await hospital.as('brandt').get<Report>(REPORT, { id: keep.id });
    const rows = accessReport.rows.edges.map(({ node }) => `${node.entry.actor.name} ${node.entry.action}`);
    return rows.includes(act) ? rows : pause(20).then(() => reportedUpTo(act));
  };
  expect(await reportedUpTo('Admin Park merge')).toContain('Dr Okonkwo create');

  const logged = async (name: Name): Promise<string[]> => {
    interface Log { auditEntries: { edges: { node: { action: string; actor: { name: string } } }[] } } // prettier-ignore
    const filter = `filter: { patientId: "${keep.id}", action: "create" }`;
    const LOG = `{ auditEntries(first: 100, ${filter}) { edges { node { action actor { name } } } } }`;
    return (await hospital.as(name).get<Log>(LOG)).auditEntries.edges.map(({ node }) => node.actor.name);
  };
  // of the duplicate: the record, two visits, a treatment; Dr Okonkwo is on the team of both, Dr Adeyemi of the kept one
  const ofDuplicate = (names: string[]) => names.filter((name) => name === 'Dr Okonkwo').length;
  for (const name of ['brandt', 'adeyemi', 'okonkwo'] as const)
    expect(ofDuplicate(await logged(name))).toBeGreaterThan(2);
  expect(ofDuplicate(await logged('lindqvist'))).toBe(0); // own acts only

  // what is written while they are one: at a visit of the duplicate it goes back with it, all else stays
  const okonkwo = hospital.as('okonkwo');
  await okonkwo.do('updateVisit', { id: open.id, expectedVersion: open.version, notes: 'Seen' });
  const at = { patientId: keep.id, status: 'ONGOING' };
  await okonkwo.do('recordTreatment', { ...at, text: 'Plaster', visitId: open.id }, '{ id }');
  await okonkwo.do('recordTreatment', { ...at, text: 'Diet' }, '{ id }');
  await hospital.visit(keep, { reason: 'New' });
  const changed = await hospital.as('adeyemi').do('updatePatient', {
    id: keep.id,
    expectedVersion: kept.version,
    allergies: [...['Latex', 'Penicillin', 'Nuts'].map((substance) => ({ substance, severity: 'SEVERE' }))],
  });
  await everythingFits(hospital);
  const { kept: left, ...told } = await unmerged(park, mergeId, changed.version);
  expect(told).toMatchObject({ fieldsStayed: [], visitsStayed: 1, treatmentUpdatesStayed: 1 });
  expect((await read('okonkwo', double)).treatmentUpdates.edges.map(({ node }) => node.text)).toEqual(['Plaster', 'Rest']); // prettier-ignore
  expect(await read('adeyemi', keep)).toMatchObject({
    version: left.version,
    treatment: 'Diet',
    allergies: [{ substance: 'Penicillin' }, { substance: 'Nuts' }],
    identifiers: [{ system: 'urn:lab', value: `KEEP-${number}` }],
    merges: [],
  });
  // what Dr Okonkwo wrote before is the other's again; the two treatments since were written for this record
  expect((await reportedUpTo('Admin Park unmerge')).filter((line) => line === 'Dr Okonkwo create')).toHaveLength(2);
  for (const name of ['brandt', 'adeyemi'] as const) expect(ofDuplicate(await logged(name))).toBe(2);
  expect(await finds(park, double.mrn)).toEqual([double.id]);
  await everythingFits(hospital);
});

test('a field that somebody changed since the merge stays; a confidential duplicate makes the kept record so', async () => {
  const { keep, double } = await twins(hospital);
  const hidden = await hide(hospital, double);
  const { mergeId, kept } = await merged(park, keep, hidden, ['PHONE', 'BIRTH_DATE']);
  expect(await read('adeyemi', keep)).toMatchObject({ confidential: true });
  expect((await hospital.as('lindqvist').ask(RECORD, { id: keep.id })).code).toBe('NOT_FOUND');
  const phone = '+46 8 333 33 33';
  const { version } = await hospital.as('adeyemi').do('updatePatient', { id: keep.id, expectedVersion: kept.version, phone }); // prettier-ignore
  expect((await unmerged(park, mergeId, version)).fieldsStayed).toEqual(['PHONE']);
  expect(await read('adeyemi', keep)).toMatchObject({ confidential: false, phone });
  expect((await read('okonkwo', double)).confidential).toBe(true);
  await everythingFits(hospital);
});

test('records merged one after another come apart newest first; erasing the kept one erases them all', async () => {
  const { keep, double } = await twins(hospital);
  const { keep: third, double: fourth } = await twins(hospital);
  const { kept: pair } = await merged(park, third, fourth);
  const first = await merged(park, keep, double);
  const second = await merged(park, first.kept, pair); // which holds another already
  expect((await askToUnmerge(park, first.mergeId, second.kept.version)).error?.extensions).toMatchObject({
    code: 'BAD_USER_INPUT',
    fields: [{ path: 'mergeId', message: expect.stringContaining('later') as string }],
  });
  expect(await finds(park, fourth.mrn)).toEqual([keep.id]);
  expect((await read('adeyemi', keep)).visits.edges).toHaveLength(6);
  const { data, body } = await askToErase(park, second.kept);
  expect({ body, erased: data?.erasePatient }).toMatchObject({ erased: { patientId: keep.id } });
  const gone = [keep, double, third, fourth].map(({ id }) => id);
  expect(await hospital.count('SELECT count(*) FROM data_key WHERE owner = ANY($1)', [gone])).toBe(0);
  expect(await hospital.count('SELECT count(*) FROM erasure WHERE id = ANY($1) AND applied', [gone])).toBe(4);
  expect(await finds(park, fourth.mrn)).toEqual([]);
  await everythingFits(hospital);
});

test('only administrators who proved themselves may; same, deleted, merged, erased and changed records are refused', async () => {
  const { keep, double } = await twins(hospital);
  for (const name of ['adeyemi', 'okafor', 'lindqvist', 'brandt', 'lab'] as const) {
    expect((await askToMerge(hospital.as(name), keep, double)).code).toBe('FORBIDDEN');
    expect((await askToUnmerge(hospital.as(name), newId(), 1)).code).toBe('FORBIDDEN');
  }
  expect((await askToMerge(hospital.stranger, keep, double)).code).toBe('UNAUTHENTICATED');
  expect((await askToMerge(hospital.as('park'), keep, double)).code).toBe('MFA_REQUIRED'); // did not step up

  const refusal = async (one: Patient, other: Patient) => {
    const { code, error } = await askToMerge(park, one, other);
    const [fault] = (error?.extensions.fields ?? []) as { path: string; message: string }[];
    return [code, fault?.path].filter(Boolean).join(' ');
  };
  const before = await everyRowOf(hospital, [keep, double]);
  expect(await refusal(keep, keep)).toBe('BAD_USER_INPUT mergeId');
  expect(await refusal(keep, { ...double, id: newId() })).toBe('NOT_FOUND');
  expect(await refusal(keep, { ...double, version: 7 })).toBe('CONFLICT');
  expect(await refusal({ ...keep, version: 7 }, double)).toBe('CONFLICT');
  const deleted = await hospital.patient();
  await park.do('deletePatient', { id: deleted.id, expectedVersion: deleted.version, reason: 'Written in error' });
  expect(await refusal(keep, deleted)).toBe('BAD_USER_INPUT mergeId');
  expect(await refusal(deleted, double)).toBe('BAD_USER_INPUT keepId');
  const erased = await hospital.patient();
  await askToErase(park, erased);
  expect(await refusal(keep, erased)).toBe('NOT_FOUND');
  await hospital.as('lindqvist').stepUp(hospital.account('lindqvist'));
  const grant = await breakGlass(hospital.as('lindqvist'), double);
  expect(await refusal(keep, double)).toBe('BAD_USER_INPUT mergeId');
  await hospital.as('lindqvist').get('mutation ($input: EndBreakGlassInput!) { endBreakGlass(input: $input) { id } }', { input: grant }); // prettier-ignore
  expect(without(await everyRowOf(hospital, [keep, double]), `break_glass_grant ${grant.id}`)).toEqual(before);

  await merged(park, keep, double);
  const [keepNow, other] = [await asOfNow(hospital, keep), await hospital.patient()];
  expect(await refusal(keepNow, double)).toBe('BAD_USER_INPUT mergeId');
  expect(await refusal(double, other)).toBe('BAD_USER_INPUT keepId');
});
