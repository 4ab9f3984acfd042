import { dayOf, momentOf } from '../../../server/interop/fhir/datatypes';
import { doseOf } from '../../../server/interop/fhir/dose';
import { mapEncounter } from '../../../server/interop/fhir/encounter-mapper';
import { mapAllergy, mapCondition, mapMedication, problemKey } from '../../../server/interop/fhir/clinical-mapper';
import { mergeIdentifiers, mergeList, problemRank } from '../../../server/interop/fhir/lists';
import { mapPatient } from '../../../server/interop/fhir/patient-mapper';
import { keysOf, referenceKey } from '../../../server/interop/fhir/references';
import { mapVitals } from '../../../server/interop/fhir/vitals-mapper';
import { ProblemStatus, type Problem } from '../../../server/patients';

const none = () => undefined;
const patient = (more: object) => ({
  resourceType: 'Patient',
  id: '1',
  name: [{ family: 'Berg' }],
  gender: 'female',
  ...more,
});

describe('dates of FHIR R4', () => {
  test.each([
    ['2024-02-29', '2024-02-29'],
    ['2024-02-29T23:30:00-05:00', '2024-02-29'],
    ['2024-02', null],
    ['2024', null],
    [undefined, null],
  ])('the day of %s is %s', (told, day) => expect(dayOf(told, 'onset')).toBe(day));

  test.each(['2024-02-30', '2024-13-01', '29.02.2024', 'yesterday', '2024-01-01 10:00'])('%s is no date', (told) => {
    expect(() => dayOf(told, 'onset')).toThrow('onset is no date');
  });

  test('a moment keeps its zone', () => {
    expect(momentOf('2024-01-10T09:00:00+01:00', 'start')?.toISOString()).toBe('2024-01-10T08:00:00.000Z');
    expect(() => momentOf('2024-01-10T25:00:00Z', 'start')).toThrow('start is no date');
  });
});

describe('Patient', () => {
  test.each([
    ['AB-12', 'AB-12'],
    ['129c6ac7-8d06-89de-ad63-0204a93e76c3', undefined],
    ['no', undefined],
  ])('the record number %s is taken as %s', (value, mrn) => {
    const type = { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MR' }] };
    const mapped = mapPatient(patient({ identifier: [{ type, system: 's', value }] }), none);
    expect(mapped.mrn).toBe(mrn);
    expect(mapped.identifiers).toEqual([{ system: 's', value }]);
  });

  test('without identifiers it is found again by its own id; without either it is refused', () => {
    expect(mapPatient(patient({}), none).identifiers).toEqual([{ system: 'urn:fhir:Patient', value: '1' }]);
    expect(() => mapPatient(patient({ id: undefined }), none)).toThrow('neither an identifier');
  });

  test('a year is no birth date: it is noted and left out', () => {
    const notes: string[] = [];
    expect(mapPatient(patient({ birthDate: '1950' }), (reason) => notes.push(reason)).birthDate).toBeUndefined();
    expect(notes).toEqual(['birthDate is not a whole date and was left out']);
  });

  test('dead without a time of death is dead since it was last known, or noted', () => {
    const known = patient({ deceasedBoolean: true, meta: { lastUpdated: '2024-05-05T00:00:00Z' } });
    expect(mapPatient(known, none).deceasedAt?.toISOString()).toBe('2024-05-05T00:00:00.000Z');
    const notes: string[] = [];
    expect(mapPatient(patient({ deceasedBoolean: true }), (reason) => notes.push(reason)).deceasedAt).toBeUndefined();
    expect(notes).toHaveLength(1);
    expect(mapPatient(patient({ deceasedBoolean: false }), none).deceasedAt).toBeUndefined();
  });

  test('what breaks a rule of registration is refused with the field, not its value', () => {
    expect(() => mapPatient(patient({ birthDate: '1700-01-01' }), none)).toThrow(
      /^birthDate: birthDate must be a date/,
    );
    expect(() => mapPatient(patient({ gender: 'f' }), none)).toThrow('unknown code in gender');
    expect(() => mapPatient(patient({ name: [{ family: 'x'.repeat(201) }] }), none)).toThrow(/^name\.family: /);
  });
});

describe('Encounter', () => {
  const encounter = (more: object) => ({
    status: 'finished',
    class: { code: 'AMB' },
    period: { start: '2024-01-01' },
    ...more,
  });

  test.each([
    ['AMB', 'AMBULATORY'], ['IMP', 'INPATIENT'], ['ACUTE', 'INPATIENT'], ['EMER', 'EMERGENCY'], ['HH', 'HOME'], ['VR', 'VIRTUAL'],
  ])('class %s is %s', (code, type) => expect(mapEncounter(encounter({ class: { code } })).type).toBe(type)); // prettier-ignore

  test.each([
    ['planned', 'PLANNED'], ['arrived', 'IN_PROGRESS'], ['in-progress', 'IN_PROGRESS'], ['finished', 'FINISHED'],
    ['cancelled', 'CANCELLED'], ['entered-in-error', 'ENTERED_IN_ERROR'], ['unknown', 'IN_PROGRESS'],
  ])('status %s is %s', (status, ours) => expect(mapEncounter(encounter({ status })).status).toBe(ours)); // prettier-ignore

  test('a code that is a member of every object is unknown all the same', () => {
    expect(() => mapEncounter(encounter({ status: 'constructor' }))).toThrow('unknown code in status');
    expect(() => mapEncounter(encounter({ class: {} }))).toThrow('class is missing');
    expect(() => mapEncounter(encounter({ period: {} }))).toThrow('period.start is missing');
  });
});

describe('vital signs', () => {
  const observation = (code: string, value: number, unit: string | null, more = {}) => ({
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code }] },
    valueQuantity: { value, ...(unit === null ? {} : { code: unit }) },
    ...more,
  });

  test.each([
    ['8310-5', 98.6, '[degF]', { temperature: 37 }],
    ['8310-5', 36.65, 'Cel', { temperature: 36.7 }],
    ['8867-4', 71.6, '/min', { heartRate: 72 }],
    ['9279-1', 16, '/min', { respiratoryRate: 16 }],
    ['8480-6', 16, 'kPa', { systolic: 120 }],
    ['59408-5', 97.5, '%', { oxygenSaturation: 97.5 }],
    ['29463-7', 180, '[lb_av]', { weight: 81.65 }],
    ['29463-7', 3450, 'g', { weight: 3.45 }],
    ['8302-2', 70, '[in_i]', { height: 177.8 }],
    ['8302-2', 1.75, 'm', { height: 175 }],
    ['72514-3', 4, '{score}', { painScore: 4 }],
  ])('%s of %s %s', (code, value, unit, vitals) => expect(mapVitals(observation(code, value, unit))).toEqual(vitals));

  test('another unit, no unit and an impossible value are refused', () => {
    expect(() => mapVitals(observation('8310-5', 310, 'K'))).toThrow(
      'unknown unit for temperature; known are Cel, [degF]',
    );
    expect(() => mapVitals(observation('29463-7', 80, null))).toThrow('no unit for weight');
    expect(() => mapVitals(observation('29463-7', 80, 'toString'))).toThrow('unknown unit for weight');
    expect(() => mapVitals(observation('8867-4', 900, '/min'))).toThrow('heartRate must be 0 to 350 /min');
  });

  test('what was not measured, or withdrawn, is nothing', () => {
    expect(mapVitals(observation('8867-4', 80, '/min', { status: 'entered-in-error' }))).toBeNull();
    expect(mapVitals(observation('8867-4', 80, '/min', { valueQuantity: undefined }))).toBeNull();
    expect(() => mapVitals(observation('8867-4', 80, '/min', { status: 'done' }))).toThrow('unknown code in status');
  });
});

describe('doses in words', () => {
  const timing = (frequency: number, period: number, periodUnit: string) => ({
    timing: { repeat: { frequency, period, periodUnit } },
  });
  test.each([
    [{ text: 'As directed' }, 'As directed'],
    [{ ...timing(1, 1, 'd'), doseAndRate: [{ doseQuantity: { value: 2, unit: 'puffs' } }] }, '2 puffs, once a day'],
    [timing(3, 1, 'd'), '3 times a day'],
    [timing(1, 8, 'h'), 'every 8 hours'],
    [timing(2, 2, 'wk'), 'twice every 2 weeks'],
    [{ asNeededBoolean: true }, 'when needed'],
    [{}, undefined],
  ])('%j is %s', (instruction, dose) => expect(doseOf([instruction])).toBe(dose));
});

describe('lists', () => {
  const problem = (code: string, status: string, told: string) =>
    mapCondition({
      code: { coding: [{ code }], text: code },
      clinicalStatus: { coding: [{ code: status }] },
      recordedDate: told,
    });
  const merge = (existing: Problem[], ...incoming: ReturnType<typeof problem>[]) =>
    mergeList(existing, incoming, { keyOf: problemKey, rank: problemRank, onOverflow: none })?.map(
      ({ text, status }) => `${text} ${status}`,
    );
  const gout: Problem = { text: 'Gout', status: ProblemStatus.ACTIVE };

  test('a problem told twice is the present one, of several present ones the latest', () => {
    expect(merge([], problem('a', 'resolved', '2024'), problem('a', 'active', '2020'))).toEqual(['a ACTIVE']);
  });

  test('what the source does not name stays; nothing named changes nothing', () => {
    expect(merge([gout], problem('a', 'active', ''))).toEqual(['Gout ACTIVE', 'a ACTIVE']);
    expect(merge([gout])).toBeUndefined();
  });

  test('merging again finds everything in place', () => {
    const incoming = [problem('b', 'active', '1'), problem('a', 'active', '2'), problem('c', 'resolved', '3')];
    const options = { keyOf: problemKey, rank: problemRank, onOverflow: none };
    const once = mergeList([gout], incoming, options)!;
    expect(mergeList(once, [...incoming].reverse(), options)).toEqual(once);
  });

  test('a list longer than a record takes loses its least present items, the same ones each time', () => {
    const incoming = Array.from({ length: 510 }, (_, step) =>
      problem(`p${step}`, step < 20 ? 'resolved' : 'active', ''),
    );
    let overflows = 0;
    const options = { keyOf: problemKey, rank: problemRank, onOverflow: () => (overflows += 1) };
    const once = mergeList([], incoming, options)!;
    expect(once).toHaveLength(500);
    expect(once.filter(({ status }) => status === 'RESOLVED')).toHaveLength(10);
    expect(mergeList(once, incoming, options)).toEqual(once);
    expect(overflows).toBe(2);
  });

  test('what is withdrawn at the source goes', () => {
    const refuted = mapCondition({ code: { text: 'Gout' }, verificationStatus: { coding: [{ code: 'refuted' }] } });
    expect(merge([gout], refuted)).toEqual([]);
    expect(mapAllergy({ code: { text: 'Egg' }, clinicalStatus: { coding: [{ code: 'resolved' }] } }).value).toBeNull();
    expect(
      mapMedication({ status: 'entered-in-error', medicationCodeableConcept: { text: 'x' } }, null).value,
    ).toBeNull();
  });

  test('identifiers are added, never lost or moved', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((value) => ({ system: 's', value }));
    expect(mergeIdentifiers([a!, b!], [c!, a!])).toEqual([a, b, c]);
  });
});

describe('references', () => {
  test.each([
    ['Patient/1', 'Patient/1'],
    ['https://fhir.example/r4/Patient/1', 'Patient/1'],
    ['Patient/1/_history/3', 'Patient/1'],
    ['urn:uuid:00000000-0000-4000-8000-000000000001', 'urn:uuid:00000000-0000-4000-8000-000000000001'],
    ['Patient?identifier=s|1', 'Patient?identifier=s|1'],
  ])('%s means %s', (reference, key) => expect(referenceKey(reference)).toBe(key));

  test('a resource answers to its id, its identifiers and its URL', () => {
    const resource = patient({ identifier: [{ system: 's', value: '1' }] });
    expect(keysOf(resource, 'urn:uuid:x')).toEqual(['Patient?identifier=s|1', 'Patient/1', 'urn:uuid:x']);
  });
});
