import { Hospital, type Patient } from '../support/hospital';

let hospital: Hospital;
beforeAll(async () => void (hospital = await Hospital.open()));
afterAll(() => hospital?.close());

const read = (patient: Patient, fields: string) =>
  hospital.as('adeyemi').get<{ patient: Record<string, unknown> }>(`{ patient(id: "${patient.id}") { ${fields} } }`);

describe('treatment updates', () => {
  test('are appended; the newest is the patient’s treatment, and the older stay as they were', async () => {
    const patient = await hospital.patient({ treatment: 'Paracetamol' }, 'adeyemi', ['lindqvist']);
    expect((await read(patient, 'treatment')).patient.treatment).toBe('Paracetamol');
    await hospital.treatment(patient, 'Ibuprofen 400 mg', 'lindqvist');
    const stop = { patientId: patient.id, text: 'Nothing for now', status: 'STOPPED' };
    await hospital.as('adeyemi').do('recordTreatment', stop, '{ id }');
    const fields = 'treatment treatmentUpdates { edges { node { text status author { name } at } } }';
    const { patient: found } = await read(patient, fields);
    expect(found).toMatchObject({
      treatment: 'Nothing for now',
      treatmentUpdates: {
        edges: [
          { node: { text: 'Nothing for now', status: 'STOPPED', author: { name: 'Dr Adeyemi' } } },
          { node: { text: 'Ibuprofen 400 mg', status: 'ONGOING', author: { name: 'Nurse Lindqvist' } } },
          { node: { text: 'Paracetamol', status: 'ONGOING', author: { name: 'Dr Adeyemi' } } },
        ],
      },
    });
  });

  test('a mutation’s answer shows the new one as the patient’s treatment', async () => {
    const patient = await hospital.patient({ treatment: 'Old' });
    const input = { patientId: patient.id, text: 'New', status: 'PLANNED' };
    const made = await hospital
      .as('adeyemi')
      .do('recordTreatment', input, '{ text patient { treatment } visit { id } }');
    expect(made).toEqual({ text: 'New', patient: { treatment: 'New' }, visit: null });
  });

  test('belong to a visit of the same patient, or to none', async () => {
    const [patient, other] = [await hospital.patient(), await hospital.patient()];
    const visit = await hospital.visit(patient);
    const record = (patientId: string) =>
      hospital.as('adeyemi').refused('recordTreatment', { patientId, visitId: visit.id, text: 'Plaster', status: 'ONGOING' }); // prettier-ignore
    expect(await record(patient.id)).toBeUndefined();
    expect(await record(other.id)).toBe('BAD_USER_INPUT');
  });

  test('the same key twice appends once; empty text is refused', async () => {
    const patient = await hospital.patient({}, 'adeyemi', ['lindqvist']);
    const input = { patientId: patient.id, text: 'Plaster', status: 'ONGOING', idempotencyKey: 'treatment-1' };
    const made = await Promise.all(
      Array.from({ length: 3 }, () => hospital.as('lindqvist').do('recordTreatment', input, '{ id }')),
    );
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect(await hospital.as('lindqvist').refused('recordTreatment', { ...input, idempotencyKey: undefined, text: '' })).toBe('BAD_USER_INPUT'); // prettier-ignore
  });

  test('the database itself changes or removes none behind the application', async () => {
    const patient = await hospital.patient({ treatment: 'Paracetamol' });
    await expect(hospital.sql('DELETE FROM treatment_update WHERE patient_id = $1', [patient.id])).rejects.toThrow();
    await expect(hospital.sql('UPDATE treatment_update SET at = now() WHERE patient_id = $1', [patient.id])).rejects.toThrow(); // prettier-ignore
  });
});

describe('the care team', () => {
  const see = async (patient: Patient, name: 'okonkwo' | 'lindqvist') =>
    (await hospital.as(name).ask(`{ patient(id: "${patient.id}") { id } }`)).code ?? 'sees';
  const place = (patient: Patient, name: Parameters<Hospital['idOf']>[0]) => ({
    patientId: patient.id,
    userId: hospital.idOf(name),
  });
  const team = async (patient: Patient) =>
    ((await read(patient, 'careTeam { user { name } }')).patient.careTeam as { user: { name: string } }[]).map(
      ({ user }) => user.name,
    );

  test('who joins sees the patient on the next request; who leaves does not', async () => {
    const patient = await hospital.patient();
    expect(await see(patient, 'lindqvist')).toBe('BREAK_GLASS_AVAILABLE');
    await hospital.as('adeyemi').do('addCareTeamMember', place(patient, 'lindqvist'));
    expect(await see(patient, 'lindqvist')).toBe('sees');
    expect(await team(patient)).toEqual(['Dr Adeyemi', 'Nurse Lindqvist']);
    await hospital.as('adeyemi').do('removeCareTeamMember', place(patient, 'lindqvist'));
    expect(await see(patient, 'lindqvist')).toBe('BREAK_GLASS_AVAILABLE');
    expect(await team(patient)).toEqual(['Dr Adeyemi']);
    const acts = (await hospital.entries()).filter(({ o, p }) => o?.t === 'careTeam' && p.includes(patient.id));
    expect(acts.map(({ a }) => a)).toEqual(['create', 'create', 'update']);
  });

  test('joining twice, also at once, is joining once; leaving twice is leaving', async () => {
    const patient = await hospital.patient();
    const join = () => hospital.as('adeyemi').refused('addCareTeamMember', place(patient, 'okonkwo'));
    expect(await Promise.all([join(), join(), join()])).toEqual([undefined, undefined, undefined]);
    expect(await team(patient)).toEqual(['Dr Adeyemi', 'Dr Okonkwo']);
    const leave = () => hospital.as('adeyemi').refused('removeCareTeamMember', place(patient, 'okonkwo'));
    expect([await leave(), await leave()]).toEqual([undefined, undefined]);
    expect(await see(patient, 'okonkwo')).toBe('BREAK_GLASS_AVAILABLE');
  });

  test('nobody puts themselves on it from outside', async () => {
    const patient = await hospital.patient();
    expect(await hospital.as('okonkwo').refused('addCareTeamMember', place(patient, 'okonkwo'))).toBe('FORBIDDEN');
    expect(await hospital.as('lindqvist').refused('addCareTeamMember', place(patient, 'lindqvist'))).toBe('FORBIDDEN');
  });

  test('who takes themselves off sees the answer of it and nothing after', async () => {
    const patient = await hospital.patient({}, 'adeyemi', ['okonkwo']);
    const answer = await hospital.as('okonkwo').do('removeCareTeamMember', place(patient, 'okonkwo'), '{ id careTeam { user { name } } }'); // prettier-ignore
    expect(answer).toEqual({ id: patient.id, careTeam: [{ user: { name: 'Dr Adeyemi' } }] });
    expect(await see(patient, 'okonkwo')).toBe('BREAK_GLASS_AVAILABLE');
  });

  test('a place has a role, a reason, who made it and an end; access stops with it, and history stays', async () => {
    const patient = await hospital.patient();
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const faults = async () =>
      (await hospital.runtime.auditLog.verifyRows()).flatMap(({ table, fault }) => (table === 'care_team_member' ? [fault] : [])); // prettier-ignore
    const joins = { ...place(patient, 'okonkwo'), careRole: 'COVERING', until, reason: 'For Dr Adeyemi’s leave' };
    await hospital.as('adeyemi').do('addCareTeamMember', joins);
    expect(await see(patient, 'okonkwo')).toBe('sees');
    const whole = 'user { name } careRole until addedBy { name } reason';
    const his = { user: { name: 'Dr Okonkwo' }, careRole: 'COVERING', until, addedBy: { name: 'Dr Adeyemi' }, reason: joins.reason }; // prettier-ignore
    const hers = expect.objectContaining({
      user: { name: 'Dr Adeyemi' },
      careRole: 'ATTENDING',
      until: null,
    }) as unknown;
    expect((await read(patient, `careTeam { ${whole} }`)).patient.careTeam).toEqual([hers, his]);
    const mine = async (args: string) =>
      JSON.stringify(await hospital.as('okonkwo').get(`{ patients(first: 100${args}) { edges { node { id } } } }`)).includes(patient.id); // prettier-ignore
    expect([await mine(', filter: { mine: true }'), await mine(', search: "lindgren"')]).toEqual([true, true]);
    expect(await faults()).toEqual([]);
    // an hour later, by the database's clock; what a DBA who may disable triggers could do as well, and it is found
    await hospital.sql(`SET session_replication_role = replica; UPDATE care_team_member SET until = clock_timestamp() WHERE until = '${until}'`); // prettier-ignore
    expect(await see(patient, 'okonkwo')).toBe('BREAK_GLASS_AVAILABLE');
    expect([await mine(''), await mine(', filter: { mine: true }'), await mine(', search: "lindgren"')]).toEqual([false, false, false]); // prettier-ignore
    expect(await team(patient)).toEqual(['Dr Adeyemi']);
    const past = { ...his, until: expect.any(String) as unknown };
    expect((await read(patient, `careTeamHistory { ${whole} }`)).patient.careTeamHistory).toEqual([hers, past]);
    const [stored] = await hospital.sql<{ reason: Buffer }>('SELECT reason FROM care_team_member WHERE patient_id = $1 AND until IS NOT NULL', [patient.id]); // prettier-ignore
    expect(stored!.reason.toString('latin1')).not.toContain('leave');
    expect(await faults()).toEqual(['changed']);
  });

  test('a change of role closes one place and opens another; an end in the past is none', async () => {
    const patient = await hospital.patient({}, 'adeyemi', ['okafor']);
    const change = (input: object) => hospital.as('adeyemi').refused('addCareTeamMember', { ...place(patient, 'okafor'), ...input }); // prettier-ignore
    expect(await change({ careRole: 'CONSULTING' })).toBeUndefined();
    expect(await change({ careRole: 'CONSULTING' })).toBeUndefined(); // is so already
    expect(await change({ until: '2020-01-01T00:00:00Z' })).toBe('BAD_USER_INPUT');
    const roles = 'careTeamHistory { careRole user { name } }';
    const history = (await read(patient, roles)).patient.careTeamHistory as { careRole: string | null }[];
    expect(history.map(({ careRole }) => careRole)).toEqual(['ATTENDING', null, 'CONSULTING']);
    expect(await team(patient)).toEqual(['Dr Adeyemi', 'Clinician Okafor']);
  });

  test.each(['brandt', 'lab'] as const)('%s treats nobody and so is on no team', async (name) => {
    const patient = await hospital.patient();
    expect(await hospital.as('park').refused('addCareTeamMember', place(patient, name))).toBe('BAD_USER_INPUT');
  });

  test('a patient or a colleague that is not there', async () => {
    const patient = await hospital.patient();
    const nobody = '01890000-0000-7000-8000-000000000000';
    const add = (input: object) => hospital.as('park').refused('addCareTeamMember', { ...place(patient, 'lindqvist'), ...input });
    expect(await add({ userId: nobody })).toBe('NOT_FOUND');
    expect(await add({ patientId: nobody })).toBe('NOT_FOUND');
    expect(await add({ patientId: 'x' })).toBe('BAD_USER_INPUT');
  }); // prettier-ignore
});

test('ids of patients and colleagues are taken in capitals too', async () => {
  const patient = await hospital.patient();
  const capitals = { patientId: patient.id.toUpperCase(), userId: hospital.idOf('lindqvist').toUpperCase() };
  const joined = await hospital.as('adeyemi').do('addCareTeamMember', capitals, '{ careTeam { user { name } } }');
  expect(JSON.stringify(joined)).toContain('Nurse Lindqvist');
  const left = await hospital.as('adeyemi').do('removeCareTeamMember', capitals, '{ careTeam { user { name } } }');
  expect(JSON.stringify(left)).not.toContain('Nurse Lindqvist');
});
