import { askToErase, STEP_UP } from '../support/erasing';
import { Hospital, type Name, type Patient, type Person } from '../support/hospital';

let hospital: Hospital;
beforeAll(async () => void (hospital = await Hospital.open()));
afterAll(() => hospital?.close());

const MINUTE = 60_000;
const NOBODY = '01890000-0000-7000-8000-000000000000';
const FIELDS = 'id patientId reason text startedAt expiresAt endedAt user { name } patient { id } review { verdict }';
const BREAK = `mutation ($input: BreakGlassInput!) { breakGlass(input: $input) { ${FIELDS} } }`;
const END = 'mutation ($input: EndBreakGlassInput!) { endBreakGlass(input: $input) { id endedAt } }';
const REVIEW = `mutation ($input: ReviewBreakGlassInput!) { reviewBreakGlass(input: $input) {
  id review { verdict note at by { name } } } }`;
const why = { reason: 'EMERGENCY', text: 'Found unconscious on the stairs, nobody of the team is in' };

interface Grant {
  id: string;
  patientId: string;
  startedAt: string;
  expiresAt: string;
  endedAt: string | null;
}

const prove = (name: Name) => hospital.as(name).get(STEP_UP, { password: hospital.account(name).password });
const attempt = (person: Person, input: object) => person.ask(BREAK, { input: { ...why, ...input } });

async function broken(name: Name, input: object): Promise<Grant> {
  await prove(name);
  const data = await hospital.as(name).get<{ breakGlass: Grant }>(BREAK, { input: { ...why, ...input } });
  return data.breakGlass;
}

const sees = async (name: Name, { id }: Patient): Promise<string> =>
  (await hospital.as(name).ask(`{ patient(id: "${id}") { name { family } } }`)).code ?? 'sees';
const listed = async (name: Name, { id }: Patient, args = ''): Promise<boolean> =>
  JSON.stringify(await hospital.as(name).get(`{ patients(first: 100${args}) { edges { node { id } } } }`)).includes(id);
const entriesAbout = async (patient: Patient) => (await hospital.entries()).filter(({ p }) => p.includes(patient.id));

const moved: string[] = [];

/** What a DBA with the right to disable triggers could do; here it saves waiting. */
async function setExpiry(grant: Grant, at: string): Promise<void> {
  moved.push(grant.id);
  await hospital.sql(`SET session_replication_role = replica;
    UPDATE break_glass_grant SET started_at = started_at - interval '1 minute', expires_at = ${at} WHERE id = '${grant.id}'`);
}

describe('breaking the glass', () => {
  test('gives for a while what the care team has, and every access inside it says so', async () => {
    const patient = await hospital.patient({ name: { family: 'Glasmeier', given: ['Otto'] } }, 'okonkwo');
    const visit = await hospital.visit(patient, {}, 'okonkwo');
    expect(await sees('lindqvist', patient)).toBe('BREAK_GLASS_AVAILABLE');
    expect(await listed('lindqvist', patient)).toBe(false);

    const grant = await broken('lindqvist', { patientId: patient.id, minutes: 5 });
    expect(grant).toMatchObject({ patientId: patient.id, ...why, endedAt: null, user: { name: 'Nurse Lindqvist' }, patient: { id: patient.id }, review: null }); // prettier-ignore
    expect(Date.parse(grant.expiresAt) - Date.parse(grant.startedAt)).toBe(5 * MINUTE);
    expect(await sees('lindqvist', patient)).toBe('sees');
    expect(await listed('lindqvist', patient)).toBe(true);
    expect(await listed('lindqvist', patient, ', search: "glasmeier"')).toBe(true);
    expect(await listed('lindqvist', patient, ', filter: { mine: true }')).toBe(false);
    const vitals = { visitId: visit.id, expectedVersion: 1, vitals: { heartRate: 44 } };
    expect(await hospital.as('lindqvist').refused('recordVitals', vitals)).toBeUndefined();

    const hers = (await entriesAbout(patient)).filter(({ by }) => by.u === hospital.idOf('lindqvist'));
    const [before, ...inside] = hers;
    expect(before).toMatchObject({ a: 'patient', k: 'refused', w: 'treatment', why: null });
    expect(inside.length).toBeGreaterThanOrEqual(5);
    expect(inside.map(({ w, why }) => `${w} ${why}`)).toEqual(inside.map(() => `emergency break-glass ${grant.id}`));
    expect(inside[0]).toMatchObject({ a: 'create', o: { t: 'breakGlass', i: grant.id } });
  });

  test('of others in the same list the entry says nothing of an emergency', async () => {
    const [own, strange] = [await hospital.patient({}, 'okafor'), await hospital.patient({}, 'okonkwo')];
    await broken('okafor', { patientId: strange.id });
    const entries = await hospital.entriesOf(() => hospital.as('okafor').get('{ patients(first: 50) { edges { node { mrn } } } }')); // prettier-ignore
    const purposeOf = ({ id }: Patient) => entries.filter(({ p }) => p.includes(id)).map(({ w }) => w);
    expect(purposeOf(own)).toEqual(['treatment']);
    expect(purposeOf(strange)).toEqual(['emergency']);
  });

  test('it is not a place on the team: nobody is deleted or put on the team by it', async () => {
    const patient = await hospital.patient({}, 'okonkwo');
    await broken('adeyemi', { patientId: patient.id });
    const gone = { id: patient.id, expectedVersion: 1, reason: 'Registered twice' };
    expect(await hospital.as('adeyemi').refused('deletePatient', gone)).toBe('FORBIDDEN');
    const place = { patientId: patient.id, userId: hospital.idOf('adeyemi') };
    expect(await hospital.as('adeyemi').refused('addCareTeamMember', place)).toBe('FORBIDDEN');
    const note = { id: patient.id, expectedVersion: 1, diagnosis: 'Concussion' };
    expect(await hospital.as('adeyemi').refused('updatePatient', note)).toBeUndefined();
  });

  test('wants the password again, a reason, 5 to 60 minutes, one way of naming the patient, and no access yet', async () => {
    const patient = await hospital.patient({}, 'okonkwo');
    const person = hospital.visitor();
    await person.signIn(hospital.account('okafor'));
    expect((await attempt(person, { patientId: patient.id })).code).toBe('MFA_REQUIRED');
    await person.get(STEP_UP, { password: hospital.account('okafor').password });
    for (const input of [
      { patientId: patient.id, text: 'too short' },
      { patientId: patient.id, text: 'x'.repeat(501) },
      { patientId: patient.id, minutes: 4 },
      { patientId: patient.id, minutes: 61 },
      { patientId: patient.id, mrn: patient.mrn },
      {},
      { patientId: (await hospital.patient({}, 'okafor')).id },
    ])
      expect((await attempt(person, input)).code).toBe('BAD_USER_INPUT');
    expect(await hospital.count('SELECT count(*) FROM break_glass_grant WHERE patient_id = $1', [patient.id])).toBe(0);
  });

  test.each(['park', 'brandt', 'lab'] as const)('%s may not', async (name) => {
    const patient = await hospital.patient({}, 'okonkwo');
    await prove(name);
    expect((await attempt(hospital.as(name), { patientId: patient.id })).code).toBe('FORBIDDEN');
  });

  test('once at a time; the same key twice is the same grant', async () => {
    const patient = await hospital.patient({}, 'okonkwo');
    await prove('adeyemi');
    const twice = () => attempt(hospital.as('adeyemi'), { patientId: patient.id });
    expect((await Promise.all([twice(), twice(), twice()])).map(({ code }) => code).sort()).toEqual(['BAD_USER_INPUT', 'BAD_USER_INPUT', undefined]); // prettier-ignore
    const other = await hospital.patient({}, 'okonkwo');
    const input = { patientId: other.id, idempotencyKey: 'one and the same' };
    const again = () => hospital.as('adeyemi').get<{ breakGlass: Grant }>(BREAK, { input: { ...why, ...input } });
    const [one, two] = [await again(), await again()];
    expect(one.breakGlass.id).toBe(two.breakGlass.id);
  });

  test('a refused attempt leaves the request as it was: nothing in it is marked or seen', async () => {
    const patient = await hospital.patient({}, 'okonkwo');
    await prove('okafor');
    const input = { ...why, patientId: patient.id };
    const both = `mutation ($input: BreakGlassInput!) { one: breakGlass(input: $input) { id } two: breakGlass(input: $input) { id } }`;
    const { data, code } = await hospital.as('okafor').ask(both, { input });
    expect([data, code]).toEqual([null, 'BAD_USER_INPUT']);
    expect(await hospital.count('SELECT count(*) FROM break_glass_open WHERE patient_id = $1', [patient.id])).toBe(1);
  });
});

describe('the end of it', () => {
  test('is exact, also under load: no request that begins after it is answered', async () => {
    const patient = await hospital.patient({}, 'okonkwo');
    const grant = await broken('lindqvist', { patientId: patient.id });
    const [row] = await hospital.sql<{ at: Date }>(`SELECT clock_timestamp() + interval '1200 milliseconds' AS at`);
    const end = row!.at.getTime();
    await setExpiry(grant, `'${row!.at.toISOString()}'`);
    const answers: { begun: number; ended: number; code: string }[] = [];
    await Promise.all(
      Array.from({ length: 12 }, async () => {
        for (let begun = Date.now(), late = 0; late < 2; begun = Date.now()) {
          if (begun > end) late += 1;
          answers.push({ begun, code: await sees('lindqvist', patient), ended: Date.now() });
        }
      }),
    );
    const [before, after] = [answers.filter(({ ended }) => ended < end), answers.filter(({ begun }) => begun > end)];
    expect(before.length).toBeGreaterThan(0);
    expect(after.length).toBeGreaterThanOrEqual(24);
    expect(new Set(before.map(({ code }) => code))).toEqual(new Set(['sees']));
    expect(new Set(after.map(({ code }) => code))).toEqual(new Set(['BREAK_GLASS_AVAILABLE']));
  });

  test('End now counts at once, in every session and list; what is over is not ended twice, nor by others', async () => {
    const patient = await hospital.patient({}, 'okonkwo');
    const grant = await broken('lindqvist', { patientId: patient.id });
    const input = { id: grant.id };
    expect((await hospital.as('okafor').ask(END, { input })).code).toBe('NOT_FOUND');
    const ended = await hospital.as('lindqvist').get<{ endBreakGlass: Grant }>(END, { input });
    expect(await sees('lindqvist', patient)).toBe('BREAK_GLASS_AVAILABLE');
    expect(await listed('lindqvist', patient)).toBe(false);
    expect(await hospital.as('lindqvist').get(END, { input })).toEqual(ended);
  });

  test('signing out and in again prolongs nothing', async () => {
    const patient = await hospital.patient({}, 'okonkwo');
    const grant = await broken('okafor', { patientId: patient.id });
    const person = hospital.visitor();
    await person.signIn(hospital.account('okafor'));
    const mine = `{ patient(id: "${patient.id}") { openGrant { id expiresAt } } }`;
    expect(await person.get(mine)).toEqual({ patient: { openGrant: { id: grant.id, expiresAt: grant.expiresAt } } });
    await setExpiry(grant, 'clock_timestamp()');
    await person.signIn(hospital.account('okafor'));
    expect((await person.ask(mine)).code).toBe('BREAK_GLASS_AVAILABLE');
  });

  test('whoever changes to a role without records loses what the grant gave', async () => {
    const hired = await hospital.desk.hire('Nurse Moreau', 'NURSE');
    const patient = await hospital.patient({}, 'okonkwo');
    const moreau = hospital.visitor();
    await moreau.signIn(hired);
    await moreau.get(STEP_UP, { password: hired.password });
    expect((await attempt(moreau, { patientId: patient.id })).code).toBeUndefined();
    await hospital.sql(`SET session_replication_role = replica; UPDATE app_user SET role = 'AUDITOR' WHERE id = '${hired.id}'`); // prettier-ignore
    expect((await moreau.ask(`{ patient(id: "${patient.id}") { id } }`)).code).toBe('FORBIDDEN');
  });
});

describe('the review', () => {
  const list = (name: Name, filter = '') =>
    hospital.as(name).get<{ breakGlassGrants: { edges: { node: Grant & { accesses: number } }[]; totalCount: number } }>(
      `{ breakGlassGrants(first: 100${filter && `, filter: { ${filter} }`}) {
        totalCount edges { node { id patientId startedAt expiresAt endedAt accesses text user { name } } } } }`,
    ); // prettier-ignore
  const judge = (name: Name, input: object) => hospital.as(name).ask(REVIEW, { input });

  test('reviewers see every grant with what was accessed under it, others their own', async () => {
    const patient = await hospital.patient({}, 'okonkwo');
    const grant = await broken('lindqvist', { patientId: patient.id });
    for (let n = 0; n < 3; n += 1) await sees('lindqvist', patient);
    await hospital.as('lindqvist').get(END, { input: { id: grant.id } });
    while ((await hospital.count('SELECT count(*) FROM audit_pending')) > 0) await new Promise((done) => setTimeout(done, 10)); // prettier-ignore
    for (const name of ['park', 'brandt', 'lindqvist'] as const) {
      const { edges } = (await list(name, `patientId: "${patient.id}", reviewed: false`)).breakGlassGrants;
      expect(edges.map(({ node }) => node)).toEqual([expect.objectContaining({ id: grant.id, text: why.text, accesses: 3 })]); // prettier-ignore
    }
    expect((await list('okafor', `patientId: "${patient.id}"`)).breakGlassGrants.edges).toEqual([]);
    expect((await hospital.as('lab').ask('{ breakGlassGrants { totalCount } }')).code).toBe('FORBIDDEN');
    const looks = await hospital.entriesOf(() => list('brandt', `patientId: "${patient.id}"`));
    expect(looks).toEqual([expect.objectContaining({ a: 'read', f: ['breakGlass'], p: [patient.id], w: 'oversight' })]);
  });

  test('is written once, when it is over, by somebody else, and says why it questions', async () => {
    const patient = await hospital.patient({}, 'okonkwo');
    const { id } = await broken('okafor', { patientId: patient.id });
    const verdict = { id, verdict: 'QUESTIONED', note: 'The team was on the ward' };
    expect((await judge('brandt', verdict)).code).toBe('BAD_USER_INPUT'); // still open
    await hospital.as('okafor').get(END, { input: { id } });
    expect((await judge('okafor', verdict)).code).toBe('FORBIDDEN');
    expect((await judge('brandt', { ...verdict, note: ' ' })).code).toBe('BAD_USER_INPUT');
    const [first, second] = await Promise.all([judge('brandt', verdict), judge('park', verdict)]);
    expect([first.code, second.code].sort()).toEqual(['CONFLICT', undefined]);
    const { edges } = (await list('park', `patientId: "${patient.id}", reviewed: true`)).breakGlassGrants;
    expect(edges.map(({ node }) => node.id)).toEqual([id]);
    const [stored] = await hospital.sql<{ note: Buffer }>('SELECT note FROM break_glass_grant WHERE id = $1', [id]);
    expect(stored!.note.toString('latin1')).not.toContain('team was on');
  });

  test('nobody reviews their own, whatever they have become', async () => {
    const patient = await hospital.patient({}, 'okonkwo');
    const grant = await broken('adeyemi', { patientId: patient.id });
    await hospital.as('adeyemi').get(END, { input: { id: grant.id } });
    const own = `UPDATE break_glass_grant SET verdict = 'APPROPRIATE', reviewed_at = now(), reviewed_by = user_id`;
    await expect(hospital.sql(`${own} WHERE id = $1`, [grant.id])).rejects.toThrow('reviewed_by_another');
    await hospital.sql(`SET session_replication_role = replica; UPDATE app_user SET role = 'ADMIN' WHERE id = '${hospital.idOf('adeyemi')}'`); // prettier-ignore
    const answer = await judge('adeyemi', { id: grant.id, verdict: 'APPROPRIATE' });
    await hospital.sql(`SET session_replication_role = replica; UPDATE app_user SET role = 'DOCTOR' WHERE id = '${hospital.idOf('adeyemi')}'`); // prettier-ignore
    expect(answer.code).toBe('FORBIDDEN');
  });

  test('the metrics count what is open and what waits, and name nobody', async () => {
    const text = await hospital.runtime.metrics.registry.metrics();
    const waiting = await hospital.count('SELECT count(*) FROM break_glass_grant WHERE reviewed_at IS NULL');
    expect(text).toContain(`chartseal_break_glass_unreviewed_grants ${waiting}\n`);
    expect(text).toMatch(/chartseal_break_glass_open_grants \d+\n/);
  });

  test('of an erased patient nothing that was written opens any more, and the queue stays whole', async () => {
    const patient = await hospital.patient({}, 'okonkwo');
    const grant = await broken('lindqvist', { patientId: patient.id });
    await hospital.as('lindqvist').get(END, { input: { id: grant.id } });
    await prove('park');
    expect((await askToErase(hospital.as('park'), patient)).code).toBeUndefined();
    const { edges } = (await list('brandt', `patientId: "${patient.id}"`)).breakGlassGrants;
    expect(edges.map(({ node }) => node)).toEqual([expect.objectContaining({ id: grant.id, text: null })]);
    expect((await judge('brandt', { id: grant.id, verdict: 'APPROPRIATE' })).code).toBeUndefined();
  });
});

describe('a confidential patient', () => {
  const hidden = async () => {
    const patient = await hospital.patient({}, 'okonkwo');
    const input = { id: patient.id, expectedVersion: 1, confidential: true, reason: 'A colleague of ours' };
    const set = 'mutation ($input: SetConfidentialInput!) { setConfidential(input: $input) { confidential } }';
    expect((await hospital.as('okonkwo').ask(set, { input })).code).toBe('FORBIDDEN');
    expect(await hospital.as('park').get(set, { input })).toEqual({ setConfidential: { confidential: true } });
    return patient;
  };

  test('is reached by the exact record number alone; a wrong one answers as a wrong id and as the right id do', async () => {
    const patient = await hidden();
    expect(await sees('lindqvist', patient)).toBe('NOT_FOUND');
    await prove('lindqvist');
    const entries = await hospital.entriesOf(async () => {
      const tries = [{ patientId: patient.id }, { patientId: NOBODY }, { mrn: 'H999999999' }];
      const bodies = await Promise.all(tries.map((input) => attempt(hospital.as('lindqvist'), input)));
      const plain = bodies.map(({ body, requestId }) => body.replaceAll(requestId, ''));
      expect(new Set(plain).size).toBe(1);
      expect(bodies[0]!.code).toBe('NOT_FOUND');
    });
    expect(entries.map(({ a, k, p }) => [a, k, p])).toEqual(entries.map(() => ['breakGlass', 'refused', []]));
    const grant = await broken('lindqvist', { mrn: patient.mrn.toLowerCase() });
    expect(grant.patientId).toBe(patient.id);
    expect(await sees('lindqvist', patient)).toBe('sees');
  });

  test('explainAccess tells why and who can help; of a hidden patient as of none', async () => {
    const [open, closed] = [await hospital.patient({}, 'okonkwo', ['okafor']), await hidden()];
    const ask = (name: Name, id: string) =>
      hospital.as(name).ask(`{ explainAccess(patientId: "${id}") { allowed mayBreakGlass because { kind since until } grantedBy { name } } }`); // prettier-ignore
    expect((await ask('lindqvist', open.id)).data).toEqual({
      explainAccess: {
        allowed: false,
        mayBreakGlass: true,
        because: [{ kind: 'NOT_ON_CARE_TEAM', since: null, until: null }],
        grantedBy: [{ name: 'Dr Okonkwo' }, { name: 'Clinician Okafor' }, { name: 'Admin Park' }],
      },
    });
    const kinds = async (name: Name, id: string) =>
      ((await ask(name, id)).data as { explainAccess: { because: { kind: string }[] } }).explainAccess.because.map(({ kind }) => kind); // prettier-ignore
    expect(await kinds('okafor', open.id)).toEqual(['CARE_TEAM']);
    expect(await kinds('park', closed.id)).toEqual(['ROLE']);
    await broken('lindqvist', { patientId: open.id });
    expect(await kinds('lindqvist', open.id)).toEqual(['BREAK_GLASS']);
    const bytes = async (name: Name, id: string) => {
      const { body, requestId } = await ask(name, id);
      return body.replaceAll(requestId, '').replaceAll(id, '');
    };
    for (const name of ['adeyemi', 'lindqvist', 'brandt', 'lab'] as const)
      expect(await bytes(name, closed.id)).toBe(await bytes(name, NOBODY));
    const [entry] = await hospital.entriesOf(() => ask('adeyemi', open.id));
    expect(entry).toMatchObject({ a: 'read', f: ['careTeam'], p: [open.id] });
  });
});

test('a grant prolonged behind the application is found: every other row is what the log says', async () => {
  const faults = (await hospital.runtime.auditLog.verifyRows()).filter(({ table }) =>
    /break_glass|care_team/.test(table),
  );
  expect(faults.map(({ rowId, fault }) => `${fault} ${rowId}`).sort()).toEqual(
    moved.map((id) => `changed ${id}`).sort(),
  );
});
