import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runIn } from '../../server/crypto/access-scope';
import { systemContext } from '../../server/graphql/context';
import { importFhir, type Report } from '../../server/interop';
import type { Patient } from '../../server/patients';
import type { Visit } from '../../server/visits';
import { BUNDLE, WARD, WardCopy } from '../support/fhir-files';
import { ENTRIES, openHospital, type OpenedHospital } from '../support/opened-hospital';

const MR = { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MR' }] };

describe('import of FHIR R4', () => {
  let hospital: OpenedHospital;
  let ward: WardCopy;
  beforeEach(async () => {
    [hospital, ward] = await Promise.all([openHospital(), WardCopy.make()]);
  });
  afterEach(() => Promise.all([hospital.close(), ward.remove()]));

  const take = (...paths: string[]): Promise<Report> => importFhir(hospital.runtime, paths);
  /** Faults without their folder. */
  const faultsOf = (report: Report) => report.faults.map((fault) => fault.replace(`${ward.folder}/`, ''));

  /** Runs with the opened record of whoever is found by these words. */
  async function withRecord<T>(search: string, look: (patient: Patient, visits: Visit[]) => T): Promise<T> {
    const { services } = hospital.runtime;
    const context = systemContext('test');
    return runIn(context, async () => {
      const { edges } = await services.patientList.list(context, { search, first: 10 });
      expect(edges).toHaveLength(1);
      const patient = edges[0]!.node;
      const visits = await services.visitRepository.list(context, { patientId: patient.id, first: 100 });
      return look(patient, visits.edges.map(({ node }) => node)); // prettier-ignore
    });
  }

  test('takes over patients, visits, lists and measurements', async () => {
    const report = await take(WARD);
    expect(report.faults).toEqual([]);
    expect(report.summary()).toEqual([
      'Patients: 2 new, 0 changed, 0 unchanged',
      'Visits:   3 new, 0 changed, 0 unchanged',
      'Read:     4 problems, 3 allergies, 2 medications, 6 measurements',
      'Skipped:  1 Immunization, 1 Observation other than vital signs, 1 Observation without a value',
      'Faults:   0',
    ]);
    await withRecord('Berg', (patient, visits) => {
      expect(patient.mrn).toBe('W-1001');
      expect(patient.name).toEqual({ family: 'Berg', given: ['Ann', 'Louise'], prefix: 'Dr' });
      expect(patient.birthDate).toBe('1961-03-09');
      expect(patient.gender).toBe('FEMALE');
      expect(patient.phone).toBe('555-0103');
      expect(patient.email).toBe('ann.berg@post.example');
      expect(patient.address).toMatchObject({ line: ['4 Alder Row'], city: 'Lowmoor', postalCode: '48101' });
      expect(patient.emergencyContact).toMatchObject({
        name: 'Maja Berg',
        relationship: 'Emergency contact',
        phone: '555-0104',
      });
      expect(patient.identifiers).toEqual([
        { system: 'https://ward.example/ids', value: 'W-1001' },
        { system: 'https://insurer.example', value: 'AB 12 34' },
      ]);
      expect(patient.problems).toEqual([
        {
          code: '38341003',
          system: 'http://snomed.info/sct',
          text: 'Hypertension',
          onset: '2015-06-01',
          status: 'ACTIVE',
        },
        {
          code: '6142004',
          system: 'http://snomed.info/sct',
          text: 'Influenza',
          onset: '2024-01-09',
          status: 'RESOLVED',
        },
      ]);
      expect(patient.allergies).toHaveLength(2);
      expect(patient.allergies).toEqual(
        expect.arrayContaining([
          { substance: 'Penicillin', reaction: 'Urticaria', severity: 'MODERATE' },
          { substance: 'Latex', severity: 'SEVERE' },
        ]),
      );
      expect(patient.medications).toEqual([
        { text: 'Lisinopril 10 MG Oral Tablet', dose: '1 tablet, once a day', status: 'ACTIVE' },
      ]);
      expect(visits).toHaveLength(2);
      const [emergency, fever] = visits;
      expect(emergency).toMatchObject({
        type: 'EMERGENCY',
        status: 'IN_PROGRESS',
        reason: 'Emergency room admission',
        endedAt: null,
        vitals: null,
      });
      expect(fever).toMatchObject({ type: 'AMBULATORY', status: 'FINISHED', reason: 'Fever', diagnosis: 'Influenza' });
      expect(fever!.startedAt.toISOString()).toBe('2024-01-10T08:00:00.000Z');
      expect(fever!.vitals).toEqual({ temperature: 39, systolic: 142, diastolic: 88, weight: 68.04, heartRate: 90 });
    });
    await withRecord('hale772', (patient, visits) => {
      expect(patient.mrn).toMatch(/^H\d{6}$/);
      expect(patient.deceased).toBe('2024-02-01T05:30:00.000Z');
      expect(patient.problems).toEqual([
        { code: '84114007', system: 'http://snomed.info/sct', text: 'Heart failure', status: 'ACTIVE' },
      ]);
      expect(visits).toMatchObject([{ type: 'INPATIENT', diagnosis: 'Heart failure' }]);
    });
    expect(await hospital.count('SELECT count(*) FROM care_team_member')).toBe(0);
  });

  test('leaves one audit entry for every row it writes, in the name of the import', async () => {
    await take(WARD);
    await hospital.runtime.auditLog.close(); // seals what is pending
    const written = "SELECT count(*) FROM audit_entry WHERE action = 'create' AND target_type = $1";
    expect(await hospital.count(written, ['patient'])).toBe(2);
    expect(await hospital.count(written, ['visit'])).toBe(3);
    const entries = await hospital.runtime.dataSource.query<{ entry: Buffer }[]>(
      "SELECT entry FROM audit_entry WHERE target_type = 'patient'",
    );
    for (const { entry } of entries) {
      expect(JSON.parse(entry.toString())).toMatchObject({ a: 'create', by: { k: 'system' }, op: 'import fhir' });
      expect(entry.toString()).not.toMatch(/Berg|Hale|Tomas|W-1001|1961-03-09/);
    }
  });

  test('changes nothing at all when it is run again', async () => {
    await take(WARD, BUNDLE);
    const entries = await hospital.count(ENTRIES);
    const versions = () =>
      hospital.runtime.dataSource.query(
        `SELECT id, xmin::text FROM patient UNION ALL SELECT id, xmin::text FROM visit UNION ALL
         SELECT patient_id, xmin::text FROM patient_search UNION ALL SELECT NULL, xmin::text FROM demographic_count ORDER BY 1, 2`,
      );
    const before: unknown = await versions();
    for (const order of [
      [WARD, BUNDLE],
      [BUNDLE, WARD],
    ]) {
      const report = await take(...order);
      expect(report.faults).toEqual([]);
      expect(report.patients).toEqual({ new: 0, changed: 0, unchanged: 3 });
      expect(report.visits).toEqual({ new: 0, changed: 0, unchanged: 4 });
    }
    expect(await versions()).toEqual(before);
    expect(await hospital.count(ENTRIES)).toBe(entries);
  });

  test('brings over what changed at the source, and only that', async () => {
    await take(ward.folder);
    const entries = await hospital.count(ENTRIES);
    await ward.change('Patient.ndjson', 'p1', { telecom: [{ system: 'phone', value: '555-0199' }] });
    await ward.change('Encounter.ndjson', 'e2', {
      status: 'finished',
      period: { start: '2024-03-02T22:10:00Z', end: '2024-03-03T04:00:00Z' },
    });
    await ward.change('MedicationRequest.ndjson', 'm2', { status: 'stopped' });
    await ward.change('Encounter.ndjson', 'e1', { class: { code: 'EMER' } });
    const report = await take(ward.folder);
    expect(report.patients).toEqual({ new: 0, changed: 1, unchanged: 1 });
    expect(report.visits).toEqual({ new: 0, changed: 2, unchanged: 1 });
    expect(await hospital.count(ENTRIES)).toBe(entries + 4); // a closed visit is amended: what it was is a row too
    expect(
      await hospital.count('SELECT count(*) FROM visit_amendment WHERE author_id IS NULL AND reason IS NULL'),
    ).toBe(1);
    await withRecord('Berg', (patient, visits) => {
      expect(patient.phone).toBe('555-0199');
      expect(patient.email).toBe('ann.berg@post.example'); // what the source no longer tells stays
      expect(patient.medications).toMatchObject([{ status: 'STOPPED' }]);
      expect(patient.version).toBe(2);
      expect(visits[0]).toMatchObject({ status: 'FINISHED', version: 2 });
    });
    const found = await runIn(systemContext('test'), () =>
      hospital.runtime.services.patientList.list(systemContext('test'), { search: '555-0103', first: 5 }),
    );
    expect(found.edges).toEqual([]);
  });

  test('keeps what was written here: own list items, a diagnosis, the record number', async () => {
    await take(ward.folder);
    const { services, base } = hospital.runtime;
    const context = systemContext('test');
    const [id, visitId] = await withRecord('Berg', (patient, visits) => [patient.id, visits[0]!.id]);
    await runIn(context, async () => {
      const { version, problems } = await services.patientRepository.get(context, id);
      const own = { text: 'Frailty', status: 'ACTIVE' as never };
      await services.patients.update(context, {
        id,
        expectedVersion: version,
        mrn: 'OURS-1',
        problems: [own, ...problems!],
      });
      await services.visits.update(context, { id: visitId, expectedVersion: 1, diagnosis: 'Found here' });
    });
    await ward.change('Encounter.ndjson', 'e2', { status: 'finished' });
    const diagnosis = {
      category: [{ coding: [{ code: 'encounter-diagnosis' }] }],
      encounter: { reference: 'Encounter/e2' },
    };
    await ward.change('Condition.ndjson', 'c2', diagnosis);
    await take(ward.folder);
    await withRecord('Berg', (patient, visits) => {
      expect(patient.mrn).toBe('OURS-1');
      expect(patient.problems!.map(({ text }) => text)).toEqual(['Frailty', 'Hypertension', 'Influenza']);
      expect(visits[0]).toMatchObject({ status: 'FINISHED', diagnosis: 'Found here' });
    });
    expect(base.clock).toBeDefined();
  });

  test('reads a Bundle: references by URL of the entry, medications referred to', async () => {
    const report = await take(BUNDLE);
    expect(report.faults).toEqual([]);
    expect([...report.skipped]).toEqual([['Procedure', 1]]);
    await withRecord('Sunniva', (patient, visits) => {
      expect(patient.medications).toEqual([
        { text: 'Amoxicillin 500 mg capsule', dose: '1 capsule three times a day', status: 'COMPLETED' },
      ]);
      expect(visits).toMatchObject([{ type: 'HOME', vitals: { height: 162 } }]);
    });
  });

  test('two Bundles may use the same ids for different people', async () => {
    for (const name of ['one', 'two']) {
      const patient = {
        resourceType: 'Patient',
        id: '1',
        identifier: [{ system: 'https://clinic.example', value: name }],
        name: [{ family: name }],
      };
      const visit = { resourceType: 'Encounter', id: '1', identifier: [{ system: 'https://clinic.example/v', value: name }], status: 'finished', class: { code: 'AMB' }, period: { start: '2024-01-01' }, subject: { reference: 'Patient/1' } }; // prettier-ignore
      const bundle = {
        resourceType: 'Bundle',
        type: 'collection',
        entry: [{ resource: visit }, { resource: patient }],
      };
      await writeFile(ward.path(`${name}.json`), JSON.stringify(bundle));
    }
    const report = await take(ward.path('one.json'), ward.path('two.json'));
    expect(report.faults).toEqual([]);
    await withRecord('one', (_, visits) => expect(visits).toHaveLength(1));
    await withRecord('two', (_, visits) => expect(visits).toHaveLength(1));
  });

  test('reports what it cannot take over by file and line, without a word about the patient, and goes on', async () => {
    const p1 = { reference: 'Patient/p1' };
    await ward.append('Encounter.ndjson', '{"resourceType":"Encounter","id":"e4"', {
      resourceType: 'Encounter', id: 'e5', status: 'finished', class: { code: 'XYZ' }, subject: p1, period: { start: '2024-01-01' },
    }, { resourceType: 'Encounter', id: 'e6', status: 'finished', class: { code: 'AMB' }, subject: p1, period: { start: '2024-02-02', end: '2024-02-01' } }, '', '[1]'); // prettier-ignore
    const vital = (id: string, code: string, value: number, unit: string, more = {}) => ({
      resourceType: 'Observation', id, status: 'final', code: { coding: [{ system: 'http://loinc.org', code }] }, subject: p1,
      encounter: { reference: 'Encounter/e1' }, valueQuantity: { value, code: unit }, ...more,
    }); // prettier-ignore
    await ward.append(
      'Observation.ndjson',
      vital('o10', '8310-5', 310, 'K'),
      vital('o11', '8867-4', 900, '/min'),
      vital('o12', '8867-4', 80, '/min', { encounter: undefined }),
      vital('o13', '8867-4', 80, '/min', { encounter: { reference: 'Encounter/e404' } }),
      vital('o14', '8867-4', 80, '/min', { subject: { reference: 'Patient/p404' } }),
    );
    await ward.append(
      'Condition.ndjson',
      {
        resourceType: 'Condition',
        subject: p1,
        code: { text: 'Gout' },
        clinicalStatus: { coding: [{ code: 'perhaps' }] },
      },
      { resourceType: 'Condition', subject: p1, code: { text: 'Gout' }, onsetDateTime: '2024-02-31' },
    );
    await ward.append(
      'Patient.ndjson',
      { resourceType: 'Patient', id: 'p3', identifier: [{ system: 's', value: '3' }], name: [{ family: 'Secret' }], telecom: [{ system: 'phone', value: 'Secret' }] },
      { resourceType: 'Patient', id: 'p4', identifier: [{ type: MR, system: 'elsewhere', value: 'W-1001' }], name: [{ family: 'Secret' }] },
      { resourceType: 'Patient', name: [{ family: 'Secret' }] },
    ); // prettier-ignore
    await ward.append('Immunization.ndjson', Buffer.from([0x7b, 0xff, 0x7d]).toString('latin1'), '{"id":"typeless"}');
    await ward.append('Encounter.ndjson', { resourceType: 'Encounter', id: 'e9', status: 'finished', class: { code: 'AMB' }, subject: { reference: 'Patient/p3' }, period: { start: '2024-01-01' } }); // prettier-ignore

    const report = await take(ward.folder);
    expect(faultsOf(report).sort()).toEqual([
      'Condition.ndjson:5: unknown code in clinicalStatus',
      'Condition.ndjson:6: onset is no date',
      'Encounter.ndjson:4: not a JSON object in UTF-8',
      'Encounter.ndjson:5: unknown code in class',
      'Encounter.ndjson:6: period ends before it starts',
      'Encounter.ndjson:8: not a JSON object in UTF-8',
      'Immunization.ndjson:2: not a JSON object in UTF-8',
      'Immunization.ndjson:3: no resourceType',
      'Observation.ndjson:10: no reference to an encounter, and measurements belong to a visit',
      'Observation.ndjson:11: unknown reference to an encounter',
      'Observation.ndjson:12: unknown reference to a patient',
      'Observation.ndjson:8: unknown unit for temperature; known are Cel, [degF]',
      'Observation.ndjson:9: heartRate: heartRate must be 0 to 350 /min',
      'Patient.ndjson:3: phone: phone must be a phone number',
      'Patient.ndjson:3: so 1 resources of this patient were left out as well',
      'Patient.ndjson:4: its record number belongs to another patient here',
      'Patient.ndjson:5: neither an identifier with system and value nor an id',
    ]);
    expect(report.faults.join('\n')).not.toMatch(/Secret|Gout|W-1001/);
    expect(report.patients.new).toBe(2);
    await withRecord('Berg', (patient, visits) => {
      expect(visits).toHaveLength(2);
      expect(visits[1]!.vitals).toMatchObject({ temperature: 39, heartRate: 90 });
      expect(patient.problems).toHaveLength(2);
    });
  });

  test('takes several copies of a patient as one, whichever file they are in', async () => {
    const identifier = [
      { system: 'https://ward.example/ids', value: 'W-1001' },
      { system: 'https://clinic.example/people', value: '4711' },
    ];
    const copy = { resourceType: 'Patient', id: 'x1', identifier, name: [{ family: 'Berg' }], birthDate: '1961-03-09' };
    const visit = { resourceType: 'Encounter', id: 'x2', status: 'finished', class: { code: 'VR' } };
    await ward.write('copy.ndjson', [
      { ...copy, telecom: [{ system: 'phone', value: '555-0150' }] },
      { ...visit, subject: { reference: 'Patient/x1' }, period: { start: '2025-01-01' } },
    ]);
    const first = await take(ward.folder);
    expect(first.faults).toEqual([]);
    expect(first.patients.new).toBe(2);
    await withRecord('Berg', (patient, visits) => {
      expect(patient.phone).toBe('555-0150');
      expect(patient.email).toBe('ann.berg@post.example');
      expect(patient.identifiers).toHaveLength(3);
      expect(visits).toHaveLength(3);
    });
    const entries = await hospital.count(ENTRIES);
    expect((await take(ward.folder)).patients).toEqual({ new: 0, changed: 0, unchanged: 2 });
    expect(await hospital.count(ENTRIES)).toBe(entries);
  });

  test('never mixes two people, and leaves a deleted patient deleted', async () => {
    await take(ward.folder);
    const { services } = hospital.runtime;
    const context = systemContext('test');
    const id = await withRecord('hale772', (patient) => patient.id);
    await runIn(context, () => services.patients.remove(context, { id, expectedVersion: 1, reason: 'entered twice' }));
    const reused = { system: 'https://insurer.example', value: 'AB 12 34' };
    await ward.append('Patient.ndjson', {
      resourceType: 'Patient',
      id: 'p9',
      identifier: [reused],
      name: [{ family: 'Other' }],
      birthDate: '1999-09-09',
    });
    const entries = await hospital.count(ENTRIES);
    const report = await take(ward.folder);
    expect(faultsOf(report).sort()).toEqual([
      'Patient.ndjson:2: this patient was deleted here',
      'Patient.ndjson:3: an identifier belongs to a patient of another name and birth date here',
    ]);
    expect(await hospital.count(ENTRIES)).toBe(entries);
    expect(await hospital.count('SELECT count(*) FROM patient')).toBe(2);
  });

  test('two imports of the same files at once write everything once', async () => {
    await Promise.all([take(WARD), take(WARD), take(WARD)]);
    expect(await hospital.count('SELECT count(*) FROM patient')).toBe(2);
    expect(await hospital.count('SELECT count(*) FROM visit')).toBe(3);
    expect(await runIn(systemContext('test'), () => hospital.runtime.services.demographics.recount(false))).toEqual([]);
  });

  test('a path that is not there, or a folder without resources, is wrong usage', async () => {
    await expect(take(join(ward.folder, 'nowhere'))).rejects.toMatchObject({ exitCode: 2 });
    await expect(take(hospital.dataDir)).rejects.toMatchObject({ exitCode: 2 });
  });
});
