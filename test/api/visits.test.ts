import { Hospital, type Patient, type Visit } from '../support/hospital';

let hospital: Hospital;
let patient: Patient;
beforeAll(async () => {
  hospital = await Hospital.open();
  patient = await hospital.patient({}, 'adeyemi', ['lindqvist', 'okafor']);
});
afterAll(() => hospital?.close());

const everything = `{
  id version type status startedAt endedAt reason notes diagnosis attending { name role } patient { id }
  vitals { temperature heartRate respiratoryRate systolic diastolic oxygenSaturation weight height painScore }
}`;
const unmeasured = {
  temperature: null, heartRate: null, respiratoryRate: null, systolic: null, diastolic: null, oxygenSaturation: null,
  weight: null, height: null, painScore: null,
}; // prettier-ignore

async function read({ id }: Visit): Promise<Record<string, unknown>> {
  const { visit } = await hospital
    .as('adeyemi')
    .get<{ visit: Record<string, unknown> }>(`{ visit(id: "${id}") ${everything} }`);
  return visit;
}

const edit = (visit: Visit, input: Record<string, unknown>, by: 'adeyemi' | 'okafor' = 'adeyemi') =>
  hospital.as(by).do('updateVisit', { id: visit.id, expectedVersion: visit.version, ...input });
const measure = (visit: Visit, vitals: Record<string, unknown>, by: 'adeyemi' | 'lindqvist' = 'lindqvist') =>
  hospital.as(by).do('recordVitals', { visitId: visit.id, expectedVersion: visit.version, vitals });

test('a visit from planned to finished, with everything written on the way', async () => {
  const planned = await hospital.visit(patient, { status: 'PLANNED', type: 'INPATIENT', reason: 'Hip replacement' });
  const begun = await edit(planned, { status: 'IN_PROGRESS', attendingId: hospital.idOf('adeyemi'), notes: 'Admitted' });
  const measured = await measure(begun, { systolic: 128, diastolic: 82, temperature: 36.8 });
  const finished = await edit(measured, { status: 'FINISHED', endedAt: '2026-03-05T12:00:00Z', diagnosis: 'Coxarthrosis' });
  expect(await read(finished)).toEqual({
    id: planned.id,
    version: 4,
    type: 'INPATIENT',
    status: 'FINISHED',
    startedAt: '2026-03-01T09:00:00.000Z',
    endedAt: '2026-03-05T12:00:00.000Z',
    reason: 'Hip replacement',
    notes: 'Admitted',
    diagnosis: 'Coxarthrosis',
    attending: { name: 'Dr Adeyemi', role: 'DOCTOR' },
    patient: { id: patient.id },
    vitals: { ...unmeasured, systolic: 128, diastolic: 82, temperature: 36.8 },
  });
}); // prettier-ignore

test('without a status it is in progress; without anything else the rest is empty', async () => {
  expect(await read(await hospital.visit(patient))).toMatchObject({
    status: 'IN_PROGRESS', endedAt: null, reason: null, notes: null, diagnosis: null, attending: null, vitals: null, version: 1,
  }); // prettier-ignore
});

describe('a closed visit', () => {
  test.each(['FINISHED', 'CANCELLED', 'ENTERED_IN_ERROR'])('%s is read, not rewritten', async (status) => {
    const visit = await edit(await hospital.visit(patient, { reason: 'Cough' }), { status });
    const named = { id: visit.id, expectedVersion: visit.version };
    expect(await hospital.as('adeyemi').refused('updateVisit', { ...named, reason: 'Other' })).toBe('BAD_USER_INPUT');
    expect(await hospital.as('adeyemi').refused('deleteVisit', named)).toBe('BAD_USER_INPUT');
    const vitals = { visitId: visit.id, expectedVersion: visit.version, vitals: { heartRate: 60 } };
    expect(await hospital.as('lindqvist').refused('recordVitals', vitals)).toBe('BAD_USER_INPUT');
    expect(await read(visit)).toMatchObject({ status, reason: 'Cough', version: 2 });
  });
});

test('a visit cannot end before it began, whichever end is moved', async () => {
  const doctor = hospital.as('adeyemi');
  const times = { startedAt: '2026-03-01T09:00:00Z', endedAt: '2026-03-01T08:59:59Z' };
  expect(await doctor.refused('createVisit', { patientId: patient.id, type: 'HOME', ...times })).toBe('BAD_USER_INPUT');
  const visit = await hospital.visit(patient, { endedAt: '2026-03-01T10:00:00Z' });
  const named = { id: visit.id, expectedVersion: 1 };
  expect(await doctor.refused('updateVisit', { ...named, endedAt: times.endedAt })).toBe('BAD_USER_INPUT');
  expect(await doctor.refused('updateVisit', { ...named, startedAt: '2026-03-01T11:00:00Z' })).toBe('BAD_USER_INPUT');
  expect(await read(visit)).toMatchObject({ version: 1, endedAt: '2026-03-01T10:00:00.000Z' });
});

test('null clears what may be empty; type, status and start stay', async () => {
  const visit = await hospital.visit(patient, { reason: 'Cough', notes: 'n', diagnosis: 'd', endedAt: '2026-03-01T10:00:00Z', attendingId: hospital.idOf('okafor'), vitals: { weight: 70 } }); // prettier-ignore
  const cleared = { reason: null, notes: null, diagnosis: null, endedAt: null, vitals: null };
  const after = await edit(visit, { ...cleared, attendingId: null });
  expect(await read(after)).toMatchObject({ ...cleared, attending: null, version: 2 });
  for (const field of ['type', 'status', 'startedAt']) {
    const input = { id: visit.id, expectedVersion: 2, [field]: null };
    expect(await hospital.as('adeyemi').refused('updateVisit', input)).toBe('BAD_USER_INPUT');
  }
});

describe('vital signs', () => {
  test('a nurse adds to what the doctor measured; what is not given stays, null clears', async () => {
    const visit = await hospital.visit(patient, { vitals: { systolic: 150, diastolic: 95, weight: 81.5 } });
    const first = await measure(visit, { heartRate: 88, systolic: 140 });
    expect((await read(first)).vitals).toEqual({ ...unmeasured, systolic: 140, diastolic: 95, weight: 81.5, heartRate: 88 }); // prettier-ignore
    const second = await measure(first, { painScore: 0, weight: null });
    expect((await read(second)).vitals).toEqual({ ...unmeasured, systolic: 140, diastolic: 95, heartRate: 88, painScore: 0 }); // prettier-ignore
    const entries = (await hospital.entries()).filter(({ o, a }) => o?.i === visit.id && a === 'update');
    expect(entries.map(({ f, by }) => [f, by.r])).toEqual([
      [['vitals'], 'NURSE'],
      [['vitals'], 'NURSE'],
    ]);
  });

  test('two nurses at once: one is told of the other, and nothing is lost', async () => {
    const visit = await hospital.visit(patient);
    const both = await Promise.all(
      [{ heartRate: 70 }, { temperature: 37.1 }].map((vitals) =>
        hospital.as('lindqvist').refused('recordVitals', { visitId: visit.id, expectedVersion: 1, vitals }),
      ),
    );
    expect(both.map((code) => code ?? 'OK').sort()).toEqual(['CONFLICT', 'OK']);
  });

  test('whose last one is taken away is a visit at which nothing was measured', async () => {
    const measured = await measure(await hospital.visit(patient), { temperature: 38.4, heartRate: 88 });
    const cleared = await measure(measured, { temperature: null, heartRate: null });
    expect(await read(cleared)).toMatchObject({ vitals: null });
  });

  test.each([
    { temperature: 98.6 }, { temperature: 19 }, { heartRate: -1 }, { heartRate: 351 }, { respiratoryRate: 151 }, { systolic: 351 },
    { diastolic: 251 }, { oxygenSaturation: 101 }, { weight: 0.1 }, { height: 281 }, { painScore: 11 },
  ])('a slip of the pen is refused: %j', async (vitals) => {
    const visit = await hospital.visit(patient);
    const input = { visitId: visit.id, expectedVersion: 1, vitals };
    const { code, error } = await hospital.as('lindqvist').ask('mutation ($input: RecordVitalsInput!) { recordVitals(input: $input) { id } }', { input });
    expect(code).toBe('BAD_USER_INPUT');
    expect(error?.extensions.fields).toEqual([expect.objectContaining({ path: `vitals.${Object.keys(vitals)[0]}` })]);
  }); // prettier-ignore
});

test('an edit says which version it saw: CONFLICT with the current one', async () => {
  const visit = await hospital.visit(patient);
  await edit(visit, { notes: 'one' }, 'okafor');
  const { code, error } = await hospital.as('adeyemi').ask(
    `mutation { updateVisit(input: { id: "${visit.id}", expectedVersion: 1, notes: "two" }) { id } }`,
  ); // prettier-ignore
  expect([code, error?.extensions.current]).toEqual([
    'CONFLICT',
    expect.objectContaining({ version: 2, changedBy: hospital.idOf('okafor') }),
  ]);
  expect(await read(visit)).toMatchObject({ notes: 'one' });
});

test('an edit that changes nothing writes nothing', async () => {
  const visit = await hospital.visit(patient, { reason: 'Cough', vitals: { heartRate: 70 } });
  const same = { reason: 'Cough', vitals: { heartRate: 70 }, startedAt: '2026-03-01T10:00:00+01:00' };
  const entries = await hospital.entriesOf(() => edit(visit, same));
  expect(entries.filter(({ a }) => a === 'update')).toEqual([]);
  expect(await read(visit)).toMatchObject({ version: 1 });
});

test('the same key twice makes one visit, also at the same moment', async () => {
  const input = { patientId: patient.id, type: 'VIRTUAL', startedAt: '2026-04-01T09:00:00Z', idempotencyKey: 'visit-key-1' };
  const made = await Promise.all(Array.from({ length: 4 }, () => hospital.as('adeyemi').do('createVisit', input)));
  expect(new Set(made.map(({ id }) => id)).size).toBe(1);
  expect(await hospital.as('adeyemi').refused('createVisit', { ...input, type: 'HOME' })).toBe('CONFLICT');
}); // prettier-ignore

test('attended by active staff only', async () => {
  const gone = await hospital.desk.hire('Dr Gone', 'DOCTOR');
  const reason = 'Left the house';
  await hospital.as('park').get(`mutation { deactivateUser(input: { id: "${gone.id}", expectedVersion: 1, reason: "${reason}" }) { id } }`); // prettier-ignore
  for (const attendingId of [gone.id, '01890000-0000-7000-8000-000000000000']) {
    const input = { patientId: patient.id, type: 'HOME', startedAt: '2026-03-01T09:00:00Z', attendingId };
    expect(await hospital.as('adeyemi').refused('createVisit', input)).toBe('BAD_USER_INPUT');
  }
});

describe('deleting', () => {
  test('an open visit of one’s own; it is gone, and the log keeps that it was', async () => {
    const visit = await hospital.visit(patient);
    const named = { id: visit.id, expectedVersion: 1 };
    expect(await hospital.as('okafor').refused('deleteVisit', named)).toBe('FORBIDDEN');
    expect((await hospital.as('adeyemi').do('deleteVisit', named)).id).toBe(visit.id);
    expect((await hospital.as('adeyemi').ask(`{ visit(id: "${visit.id}") { id } }`)).code).toBe('NOT_FOUND');
    expect(await hospital.as('adeyemi').refused('deleteVisit', named)).toBe('NOT_FOUND');
    const actions = (await hospital.entries()).filter(({ o }) => o?.i === visit.id).map(({ a }) => a);
    expect(actions).toEqual(['create', 'remove']);
  });

  test('not when treatment updates were written at it', async () => {
    const visit = await hospital.visit(patient);
    const update = { patientId: patient.id, visitId: visit.id, text: 'Plaster', status: 'ONGOING' };
    await hospital.as('lindqvist').do('recordTreatment', update, '{ id }');
    expect(await hospital.as('adeyemi').refused('deleteVisit', { id: visit.id, expectedVersion: 1 })).toBe('BAD_USER_INPUT'); // prettier-ignore
  });
});

describe('lists', () => {
  test('newest first; by status, by time, by who attends', async () => {
    const other = await hospital.patient();
    const attended = { attendingId: hospital.idOf('adeyemi') };
    const winter = await hospital.visit(other, { startedAt: '2026-01-10T08:00:00Z', status: 'FINISHED' });
    const summer = await hospital.visit(other, { startedAt: '2026-07-10T08:00:00Z', ...attended });
    const spring = await hospital.visit(other, { startedAt: '2026-04-10T08:00:00Z' });
    const list = async (args: string) => {
      const { visits } = await hospital.as('adeyemi').get<{ visits: { edges: { node: { id: string } }[] } }>(
        `{ visits(patientId: "${other.id}" ${args}) { edges { node { id } } } }`,
      );
      return visits.edges.map(({ node }) => node.id);
    }; // prettier-ignore
    expect(await list('')).toEqual([summer.id, spring.id, winter.id]);
    expect(await list('status: FINISHED')).toEqual([winter.id]);
    expect(await list('from: "2026-04-10T08:00:00Z", to: "2026-07-10T08:00:00Z"')).toEqual([spring.id]);
    expect(await list('mine: true')).toEqual([summer.id]);
    expect(await list('last: 1')).toEqual([winter.id]);
  });

  test('the ids of patients and visits are taken in capitals too', async () => {
    const doctor = hospital.as('adeyemi');
    const id = patient.id.toUpperCase();
    const made = await doctor.ask(`mutation { createVisit(input: { patientId: "${id}", type: HOME, startedAt: "2026-03-01T09:00:00Z", reason: "Cough" }) { reason } }`); // prettier-ignore
    expect(made.data).toEqual({ createVisit: { reason: 'Cough' } });
    const listed = await doctor.get<{ visits: { edges: unknown[] } }>(`{ visits(patientId: "${id}", first: 3) { edges { node { id } } } }`); // prettier-ignore
    expect(listed.visits.edges).toHaveLength(3);
    const treated = await doctor.ask(`mutation { recordTreatment(input: { patientId: "${id}", text: "Rest", status: ONGOING }) { text } }`); // prettier-ignore
    expect(treated.data).toEqual({ recordTreatment: { text: 'Rest' } });
  });
});
