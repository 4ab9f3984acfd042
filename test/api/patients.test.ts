import { isDeepStrictEqual } from 'node:util';
import { Hospital, type Patient } from '../support/hospital';

let hospital: Hospital;
beforeAll(async () => void (hospital = await Hospital.open()));
afterAll(() => hospital?.close());

const everything = `{
  id mrn name { family given prefix display } birthDate age gender phone email confidential version deletedAt deceasedAt
  address { line city state postalCode country } emergencyContact { name relationship phone } identifiers { system value }
  allergies { substance reaction severity } problems { code system text onset status } medications { text dose status }
  diagnosis treatment medicalHistory careTeam { user { name } }
}`;

const whole = {
  mrn: 'AB-1234',
  name: { family: 'Núñez-Ångström', given: ['María', 'José'], prefix: 'Prof.' },
  birthDate: '1971-04-03',
  gender: 'FEMALE',
  phone: '+46 8 123 45 67',
  email: 'Maria.Nunez@post.example',
  address: { line: ['Storgatan 1', '3 tr'], city: 'Umeå', state: 'AC', postalCode: '903 26', country: 'SE' },
  emergencyContact: { name: 'Olof Núñez', relationship: 'brother', phone: '070-123 45 67' },
  identifiers: [{ system: 'urn:oid:1.2.752.129.2.1.3.1', value: '19710403-1234' }],
  allergies: [{ substance: 'Penicillin', reaction: 'Rash', severity: 'SEVERE' }],
  problems: [{ code: '44054006', system: 'http://snomed.info/sct', text: 'Type 2 diabetes', onset: '2015-01-01', status: 'ACTIVE' }],
  medications: [{ text: 'Metformin', dose: '500 mg twice a day', status: 'ACTIVE' }],
  diagnosis: 'Type 2 diabetes',
  medicalHistory: 'Appendectomy 1990',
}; // prettier-ignore

const read = (id: string, fields = everything, by: 'adeyemi' | 'okafor' | 'park' = 'adeyemi') =>
  hospital.as(by).get<{ patient: Record<string, unknown> }>(`{ patient(id: "${id}") ${fields} }`);

describe('registering', () => {
  test('keeps everything that was given, gives what was not, and puts the doctor on the care team', async () => {
    const input = { ...whole, treatment: 'Diet and exercise' };
    const { id } = await hospital.as('adeyemi').do('createPatient', input);
    const { patient } = await read(id);
    const age = new Date().getUTCFullYear() - 1971 - (new Date().toISOString().slice(5, 10) < '04-03' ? 1 : 0);
    expect(patient).toEqual({
      ...input, id, age,
      name: { ...whole.name, display: 'NÚÑEZ-ÅNGSTRÖM, María José' },
      confidential: false, version: 1, deletedAt: null, deceasedAt: null,
      careTeam: [{ user: { name: 'Dr Adeyemi' } }],
    }); // prettier-ignore
  });

  test('without anything but a name: the next record number, nulls and empty lists', async () => {
    const { id } = await hospital.patient({ gender: 'UNKNOWN' });
    const { patient } = await read(id);
    expect(patient).toMatchObject({ birthDate: null, age: null, phone: null, allergies: [], treatment: null });
    expect(patient.mrn).toMatch(/^H\d{6}$/);
  });

  test('refuses a record number that is taken, however it is written, also that of a deleted patient', async () => {
    const taken = await hospital.patient({ mrn: 'TAKEN-77' });
    const again = (mrn: string) =>
      hospital.as('okafor').ask(
        `mutation { createPatient(input: { mrn: "${mrn}", name: { family: "X", given: [] }, gender: MALE }) { id } }`,
      ); // prettier-ignore
    const { code, error } = await again('taken-77');
    expect([code, error?.extensions.fields]).toEqual([
      'BAD_USER_INPUT',
      [{ path: 'mrn', message: 'Another patient has this record number.' }],
    ]);
    await hospital.as('adeyemi').do('deletePatient', { id: taken.id, expectedVersion: 1, reason: 'Test of it' });
    expect((await again('Taken-77')).code).toBe('BAD_USER_INPUT');
    const other = await hospital.patient();
    const move = { id: other.id, expectedVersion: 1, mrn: 'TAKEN-77' };
    expect(await hospital.as('adeyemi').refused('updatePatient', move)).toBe('BAD_USER_INPUT');
  });

  test('a number somebody took by hand before its turn is passed over', async () => {
    const next = Number((await hospital.patient()).mrn.slice(1)) + 1;
    await hospital.patient({ mrn: `H${next}` });
    await hospital.patient({ mrn: `h${next + 1}` });
    expect((await hospital.patient()).mrn).toBe(`H${next + 2}`);
  });

  test.each([
    ['mrn', { mrn: 'a b' }],
    ['mrn', { mrn: 'x' }],
    ['birthDate', { birthDate: '1776-07-04' }],
    ['birthDate', { birthDate: '2999-01-01' }],
    ['phone', { phone: 'call me' }],
    ['email', { email: 'nobody' }],
    ['name.family', { name: { family: '', given: ['X'] } }],
    ['allergies', { allergies: Array.from({ length: 501 }, () => whole.allergies[0]) }],
    ['diagnosis', { diagnosis: 'x'.repeat(20_001) }],
    ['deceasedAt', { deceasedAt: '2999-01-01T00:00:00Z' }],
    ['idempotencyKey', { idempotencyKey: 'short' }],
  ])('a faulty %s is refused, told by its path and never by its value', async (path, input) => {
    const before = await hospital.count('SELECT count(*) FROM patient');
    const { code, error, body } = await hospital
      .as('adeyemi')
      .ask('mutation ($input: CreatePatientInput!) { createPatient(input: $input) { id } }', {
        input: { name: { family: 'Faulty', given: ['F'] }, gender: 'MALE', ...input },
      });
    expect(code).toBe('BAD_USER_INPUT');
    expect((error?.extensions.fields as { path: string }[]).map((fault) => fault.path.split('.')[0])).toContain(
      path.split('.')[0],
    );
    for (const value of ['1776-07-04', '2999-01-01', 'call me', 'nobody', 'a b', 'Faulty'])
      expect(body).not.toContain(value);
    expect(await hospital.count('SELECT count(*) FROM patient')).toBe(before);
  });
});

describe('the same request twice', () => {
  const input = (key: string) => ({ name: { family: 'Twice', given: ['Only'] }, gender: 'OTHER', idempotencyKey: key });
  const named = () => hospital.count('SELECT count(*) FROM idempotency_key');

  test('one after the other, and two at once: one patient, one answer', async () => {
    const first = await hospital.as('adeyemi').do('createPatient', input('key-number-one'));
    const again = await hospital.as('adeyemi').do('createPatient', input('key-number-one'));
    expect(again.id).toBe(first.id);
    const before = await hospital.count('SELECT count(*) FROM patient');
    const both = await Promise.all(
      Array.from({ length: 5 }, () => hospital.as('okafor').do('createPatient', input('key-number-two'))),
    );
    expect(new Set(both.map(({ id }) => id)).size).toBe(1);
    expect(await hospital.count('SELECT count(*) FROM patient')).toBe(before + 1);
    expect(await hospital.count('SELECT count(*) FROM care_team_member WHERE patient_id = $1', [both[0]!.id])).toBe(1);
  });

  test('written in another order it is the same request', async () => {
    const { id } = await hospital.as('adeyemi').do('createPatient', input('order-of-fields'));
    const turned = Object.fromEntries(Object.entries({ ...input('order-of-fields'), name: { given: ['Only'], family: 'Twice' } }).reverse()); // prettier-ignore
    expect((await hospital.as('adeyemi').do('createPatient', turned)).id).toBe(id);
  });

  test('somebody else’s same key is another key', async () => {
    const hers = await hospital.as('adeyemi').do('createPatient', input('a-common-key'));
    const his = await hospital.as('okafor').do('createPatient', input('a-common-key'));
    expect(his.id).not.toBe(hers.id);
  });

  test('the same key for something else is refused', async () => {
    await hospital.as('adeyemi').do('createPatient', input('a-used-up-key'));
    const other = { ...input('a-used-up-key'), gender: 'MALE' };
    expect(await hospital.as('adeyemi').refused('createPatient', other)).toBe('CONFLICT');
  });

  test('a refused request leaves its key free', async () => {
    const keys = await named();
    const faulty = { ...input('a-second-chance'), mrn: (await hospital.patient()).mrn };
    expect(await hospital.as('adeyemi').refused('createPatient', faulty)).toBe('BAD_USER_INPUT');
    expect(await named()).toBe(keys);
    expect(await hospital.as('adeyemi').refused('createPatient', input('a-second-chance'))).toBeUndefined();
  });
});

describe('editing', () => {
  let patient: Patient;
  beforeEach(async () => {
    patient = await hospital.patient({ ...whole, mrn: undefined }, 'adeyemi', ['okafor']);
  });
  const edit = (input: Record<string, unknown>, by: 'adeyemi' | 'okafor' = 'adeyemi') =>
    hospital.as(by).ask('mutation ($input: UpdatePatientInput!) { updatePatient(input: $input) { version phone name { family } } }', {
      input: { id: patient.id, expectedVersion: patient.version, ...input },
    }); // prettier-ignore

  test('one field: the others stay to the byte, and the log names that field', async () => {
    const row = async () =>
      (await hospital.sql<Record<string, Buffer>>('SELECT * FROM patient WHERE id = $1', [patient.id]))[0]!;
    const before = await row();
    const entries = await hospital.entriesOf(() => edit({ phone: '090-77 77 77' }));
    const after = await row();
    const changed = Object.keys(before).filter((column) => !isDeepStrictEqual(before[column], after[column]));
    expect(changed.sort()).toEqual(['phone', 'updated_at', 'version']);
    expect(entries.filter(({ a }) => a === 'update')).toEqual([
      expect.objectContaining({ f: ['phone'], o: { t: 'patient', i: patient.id }, p: [patient.id] }),
    ]);
    expect((await read(patient.id)).patient).toMatchObject({ ...whole, mrn: patient.mrn, phone: '090-77 77 77', version: 2 }); // prettier-ignore
  });

  test('what was changed meanwhile is not overwritten: CONFLICT says which version there is, by whom and when', async () => {
    await edit({ phone: '1234567' }, 'okafor');
    const { code, error, data } = await edit({ phone: '7654321' });
    expect(code).toBe('CONFLICT');
    expect(error?.extensions.current).toEqual({
      version: 2,
      changedBy: hospital.idOf('okafor'),
      changedAt: expect.stringMatching(/^\d{4}-.*Z$/) as unknown,
    });
    expect(data?.updatePatient ?? null).toBeNull();
    expect((await read(patient.id)).patient).toMatchObject({ phone: '1234567', version: 2 });
  });

  test('of two edits at the same moment one wins', async () => {
    const codes = (await Promise.all([edit({ phone: '1111111' }), edit({ phone: '2222222' }, 'okafor')])).map(
      ({ code }) => code ?? 'OK',
    );
    expect(codes.sort()).toEqual(['CONFLICT', 'OK']);
  });

  test('null clears what may be empty', async () => {
    const cleared = {
      birthDate: null,
      phone: null,
      email: null,
      address: null,
      emergencyContact: null,
      diagnosis: null,
    };
    const lists = { identifiers: null, allergies: [], problems: [], medications: null };
    expect((await edit({ ...cleared, ...lists, medicalHistory: null })).code).toBeUndefined();
    expect((await read(patient.id)).patient).toMatchObject({
      ...cleared, age: null, identifiers: [], allergies: [], problems: [], medications: [], medicalHistory: null,
    }); // prettier-ignore
  });

  test.each(['mrn', 'name', 'gender'])('%s cannot be cleared', async (field) => {
    const { code, error } = await edit({ [field]: null });
    expect([code, error?.extensions.fields]).toEqual([
      'BAD_USER_INPUT',
      [{ path: field, message: 'This cannot be cleared.' }],
    ]);
    expect((await read(patient.id)).patient.version).toBe(1);
  });

  test('an edit that changes nothing writes nothing: no version, no update, no entry of one', async () => {
    const { xmin } = (await hospital.sql<{ xmin: string }>('SELECT xmin::text FROM patient WHERE id = $1', [patient.id]))[0]!; // prettier-ignore
    const { address, allergies, name, phone } = whole;
    const entries = await hospital.entriesOf(() => edit({ address, allergies, name, phone }));
    expect(entries.map(({ a }) => a)).toEqual(['read']);
    expect(await hospital.sql('SELECT xmin::text, version FROM patient WHERE id = $1', [patient.id])).toEqual([
      { xmin, version: 1 },
    ]);
  });

  test('a new name is found and the old one is not', async () => {
    const find = async (search: string) =>
      JSON.stringify(
        await hospital.as('adeyemi').get('query ($search: String) { patients(search: $search) { edges { node { id } } } }', { search }),
      ).includes(patient.id); // prettier-ignore
    expect(await find('angstrom')).toBe(true);
    await edit({ name: { family: 'Wrzesniewski', given: ['María'] } });
    expect([await find('angstrom'), await find('wrzesn'), await find('maria wrze')]).toEqual([false, true, true]);
  });

  test('ids are taken in capitals too', async () => {
    const { code } = await edit({ id: patient.id.toUpperCase(), phone: '3333333' });
    expect(code).toBeUndefined();
    expect((await read(patient.id.toUpperCase())).patient).toMatchObject({ phone: '3333333' });
  });
});

describe('deleting and restoring', () => {
  test('a deleted patient is gone from lists, look-ups, visits and edits; restored, all is back', async () => {
    const patient = await hospital.patient({ name: { family: 'Zwetschke', given: ['Otto'] } }, 'adeyemi', ['okafor']);
    const visit = await hospital.visit(patient);
    const doctor = hospital.as('adeyemi');
    await doctor.do('deletePatient', { id: patient.id, expectedVersion: 1, reason: 'Registered twice' });

    const search =
      '{ patients(search: "zwetschke") { totalCount edges { node { id } } } visits(first: 100) { edges { node { id } } } }';
    expect(await doctor.get(search)).toMatchObject({ patients: { edges: [] } });
    expect(JSON.stringify(await doctor.get(search))).not.toContain(visit.id);
    for (const query of [`{ patient(id: "${patient.id}") { id } }`, `{ visit(id: "${visit.id}") { id } }`, `{ treatmentUpdates(patientId: "${patient.id}") { edges { cursor } } }`]) {
      expect((await doctor.ask(query)).code).toBe('NOT_FOUND');
    } // prettier-ignore
    expect(await doctor.get(`{ node(id: "${patient.id}") { id } }`)).toEqual({ node: null });
    expect(await doctor.refused('updatePatient', { id: patient.id, expectedVersion: 2, phone: '1234567' })).toBe(
      'NOT_FOUND',
    );
    expect(await doctor.refused('createVisit', { patientId: patient.id, type: 'HOME', startedAt: '2026-03-01T09:00:00Z' })).toBe('NOT_FOUND'); // prettier-ignore
    expect(await doctor.refused('deletePatient', { id: patient.id, expectedVersion: 2, reason: 'Again' })).toBe(
      'NOT_FOUND',
    );
    expect(await hospital.as('okafor').refused('restorePatient', { id: patient.id, expectedVersion: 2 })).toBe(
      'FORBIDDEN',
    );
    expect(await doctor.refused('restorePatient', { id: patient.id, expectedVersion: 1 })).toBe('CONFLICT');

    await doctor.do('restorePatient', { id: patient.id, expectedVersion: 2 });
    expect(await doctor.get(search)).toMatchObject({ patients: { edges: [{ node: { id: patient.id } }] } });
    expect(await doctor.refused('restorePatient', { id: patient.id, expectedVersion: 3 })).toBe('NOT_FOUND');
    const actions = (await hospital.entries()).filter(({ o }) => o?.i === patient.id).map(({ a }) => a);
    expect(actions.filter((action) => ['create', 'delete', 'restore'].includes(action))).toEqual(['create', 'delete', 'restore']); // prettier-ignore
  });

  test('the reason is sealed in the record and stands nowhere in the log', async () => {
    const patient = await hospital.patient();
    const reason = 'Canary reason of deletion';
    await hospital.as('adeyemi').do('deletePatient', { id: patient.id, expectedVersion: 1, reason });
    expect(JSON.stringify(await hospital.entries())).not.toContain(reason);
    expect(await hospital.count('SELECT count(*) FROM patient WHERE id = $1 AND delete_reason IS NOT NULL', [patient.id])).toBe(1); // prettier-ignore
  });
});

describe('searching', () => {
  let maria: Patient;
  let brien: Patient;
  beforeAll(async () => {
    hospital = hospital ?? (await Hospital.open());
    maria = await hospital.patient({
      mrn: 'SRCH-0001',
      name: { family: 'Étienne-Lefèvre', given: ['Anne-Marie', 'Zoë'] },
      birthDate: '1958-11-30',
      gender: 'FEMALE',
      phone: '+44 20 7946 0123',
      email: 'Zoe.Lefevre@Post.example',
      identifiers: [{ system: 'urn:nhs', value: '943 476 5919' }],
    });
    brien = await hospital.patient({ name: { family: 'O’Brien', given: ['Søren'] }, birthDate: '1958-01-02', gender: 'MALE' });
    await hospital.patient({ name: { family: 'Lefevre', given: ['Anna'] }, birthDate: '1999-01-01' }, 'okonkwo');
  }); // prettier-ignore

  async function found(search: string, filter: Record<string, unknown> = {}): Promise<string[]> {
    const { patients } = await hospital
      .as('adeyemi')
      .get<{ patients: { edges: { node: { id: string } }[] } }>(
        'query ($search: String, $filter: PatientFilter) { patients(search: $search, filter: $filter) { edges { node { id } } } }',
        { search, filter },
      );
    return patients.edges.map(({ node }) => node.id);
  }

  test.each([
    'étienne', 'ETIENNE', 'et', 'lefevre', 'Lefèv', 'étienne-lefèvre', 'etiennelefevre', 'lefevre etienne', 'anne', 'annemarie',
    'anne-marie', 'zoe', 'Zoë lef', 'marie, lefevre', 'SRCH-0001', 'srch-0001', 'srch‑0001', '+44 20 7946 0123', '020 7946 0123',
    '(020) 7946-0123', '00442079460123', 'zoe.lefevre@post.example', 'ZOE.LEFEVRE@POST.EXAMPLE', '1958-11-30', '1958', '9434765919',
    '943 476 5919', 'lefevre 1958', 'zoe 1958-11-30', 'anne marie zoe lefevre etienne 1958', '  lefevre  ',
  ])('%s finds her', async (search) => {
    expect(await found(search)).toContain(maria.id);
  }); // prettier-ignore

  test.each(["o'brien", 'obrien', 'brien', 'O’B', 'soren', 'SØREN obrien', '1958'])('%s finds him', async (search) => {
    expect(await found(search)).toContain(brien.id);
  });

  test.each(['evre', 'lefevre brien', 'zoe 1959', 'anne 1958-11-29', 'SRCH-0002', '+44 20 7946 0124', 'x@post.example', 'q', '%', "'; DROP TABLE patient; --"])(
    '%s finds nobody',
    async (search) => {
      expect(await found(search)).toEqual([]);
    },
  ); // prettier-ignore

  test('filters narrow a search', async () => {
    expect(await found('1958', { gender: 'MALE' })).toEqual([brien.id]);
    expect(await found('1958', { gender: 'MALE', deceased: true })).toEqual([]);
    expect(await found('lefevre', { mine: true, deceased: false })).toEqual([maria.id]);
  });

  test('a search without a hit is in the log, without what was searched for', async () => {
    const entries = await hospital.entriesOf(() => found('Nonesuchperson'));
    expect(entries.map(({ a, p }) => [a, p])).toEqual([['search', []]]);
    expect(JSON.stringify(await hospital.entries())).not.toContain('onesuch');
  });

  test('the page’s patients are named in one entry, with the fields that were opened', async () => {
    const entries = await hospital.entriesOf(() =>
      hospital.as('adeyemi').get('{ patients(search: "1958") { edges { node { name { family } gender } } } }'),
    );
    expect(entries.map(({ a, f }) => [a, f])).toEqual([['read', ['gender', 'name', 'search']]]);
    expect(entries[0]!.p.slice().sort()).toEqual([maria.id, brien.id].sort());
  });
});
