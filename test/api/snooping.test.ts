import { runIn } from '../../server/crypto/access-scope';
import { RequestContext } from '../../server/graphql/context';
import { createSnooping, type SnoopingRules } from '../../server/snooping';
import { STEP_UP } from '../support/erasing';
import { Hospital, type Name, type Patient } from '../support/hospital';

let hospital: Hospital;
beforeAll(async () => void (hospital = await Hospital.open()));
afterAll(() => hospital?.close());

interface Finding {
  id: string;
  rule: string;
  severity: string;
  status: string;
  person: { id: string };
  patientId: string | null;
  count: number;
  entries: number[];
  version: number;
}

const FIELDS = 'id rule severity status person { id name } patientId count entries firstAt lastAt version';
const LIST = `query ($filter: SnoopingFilter) { snoopingFindings(first: 100, filter: $filter) { totalCount edges { node { ${FIELDS} } } } }`;
const REVIEW = `mutation ($input: ReviewSnoopingInput!) { reviewSnooping(input: $input) { status version review { verdict note by { name } } } }`;

async function sealed(): Promise<void> {
  const giveUp = Date.now() + 20_000;
  while ((await hospital.count('SELECT count(*) FROM audit_pending')) > 0) {
    if (Date.now() > giveUp) throw new Error('nobody seals');
    await new Promise((done) => setTimeout(done, 20));
  }
}

/** The rules of the hospital, or others in their place. */
function rules(settings: Partial<SnoopingRules['settings']> = {}) {
  const { base, identity, services, config } = hospital.runtime;
  const { patientRepository: patients, patientIndex } = services;
  const parts = { identity, patients, generations: patientIndex.generations };
  return createSnooping(base, {
    ...parts,
    careTeam: true,
    settings: { ...config.snooping, oddHours: null, ...settings },
  });
}

async function judge(settings?: Partial<SnoopingRules['settings']>): Promise<void> {
  await sealed();
  await rules(settings).watch.round();
}

async function findings(filter: Record<string, unknown> = {}, by: Name = 'brandt'): Promise<Finding[]> {
  const data = await hospital.as(by).get<{ snoopingFindings: { edges: { node: Finding }[] } }>(LIST, { filter });
  return data.snoopingFindings.edges.map(({ node }) => node);
}

/** What the rules make of this patient and this person, by rule. */
async function found(patient: Patient | null, name: Name): Promise<Record<string, string>> {
  const of = await findings({ personId: hospital.idOf(name), ...(patient ? { patientId: patient.id } : {}) });
  return Object.fromEntries(of.map(({ rule, severity }) => [rule, severity]));
}

const look = (name: Name, { id }: Patient, fields = 'name { family } diagnosis') =>
  hospital.as(name).ask(`query Look { patient(id: "${id}") { ${fields} } }`);

async function breakGlass(name: Name, patient: Patient): Promise<void> {
  await hospital.as(name).get(STEP_UP, { password: hospital.account(name).password });
  const input = { patientId: patient.id, reason: 'EMERGENCY', text: 'Nobody of the team is in the house' };
  await hospital.as(name).get('mutation ($input: BreakGlassInput!) { breakGlass(input: $input) { id } }', { input });
}

async function moveIn(name: Name, line: string[]): Promise<void> {
  const id = hospital.idOf(name);
  const { users } = await hospital.as('park').get<{ users: { edges: { node: { id: string; version: number } }[] } }>('{ users(first: 100) { edges { node { id version } } } }'); // prettier-ignore
  const { version } = users.edges.find(({ node }) => node.id === id)!.node;
  const input = { id, expectedVersion: version, address: { line, postalCode: '111 22', city: 'Stockholm' } };
  const update = 'mutation ($input: UpdateUserInput!) { updateUser(input: $input) { address { line } } }';
  expect(await hospital.as('park').get(update, { input })).toEqual({ updateUser: { address: { line } } });
}

describe('a rule finds, and lets pass what only looks like it', () => {
  test('the same surname: hyphenated and in capitals too; not one that only sounds alike', async () => {
    const name = (family: string) => ({ name: { family, given: ['Maj'] } });
    const aunt = await hospital.patient(name('Berg-LINDQVIST'), 'adeyemi', ['lindqvist']);
    const other = await hospital.patient(name('Lindquist'), 'adeyemi', ['lindqvist']);
    const stranger = await hospital.patient(name('Lindqvist'), 'okonkwo');
    await breakGlass('lindqvist', stranger);
    for (const patient of [aunt, other, stranger]) await look('lindqvist', patient);
    const listed = await hospital.patient(name('Lindqvist'), 'adeyemi', ['lindqvist']);
    await hospital.patient({}, 'adeyemi', ['lindqvist']); // a list of four is no look at each
    await hospital.as('lindqvist').get('{ patients(first: 100) { edges { node { name { family } birthDate } } } }');
    await judge();
    expect(await found(listed, 'lindqvist')).toEqual({});
    expect(await found(aunt, 'lindqvist')).toEqual({ SAME_SURNAME: 'LOW' });
    expect(await found(other, 'lindqvist')).toEqual({});
    expect(await found(stranger, 'lindqvist')).toEqual({ SAME_SURNAME: 'MEDIUM', NO_RELATION: 'LOW' });
    expect(await found(aunt, 'adeyemi')).toEqual({});
  });

  test('a look of somebody signed in; not what a command did under the same name', async () => {
    const aunt = await hospital.patient({ name: { family: 'Lindqvist', given: ['Maj'] } }, 'adeyemi', ['lindqvist']);
    const draft = {
      action: 'read',
      target: { type: 'patient', id: aunt.id },
      patients: [aunt.id],
      fields: ['diagnosis'],
    };
    const actor = { kind: 'user' as const, id: hospital.idOf('lindqvist'), role: 'NURSE' as const, sessionId: null };
    await runIn(new RequestContext({ actor }), () => hospital.runtime.base.audit.record(draft));
    await judge();
    expect(await found(aunt, 'lindqvist')).toEqual({});
    await look('lindqvist', aunt);
    await judge();
    expect(await found(aunt, 'lindqvist')).toEqual({ SAME_SURNAME: 'LOW' });
  });

  test('the same address, however it is written; not next door, and not after moving out', async () => {
    await moveIn('okafor', ['Storgatan 1 B']);
    const at = (line: string, postalCode = '11122') => ({ address: { line: [line], postalCode, city: 'Sthlm' } });
    const home = await hospital.patient(at('STORGATAN 1B'), 'adeyemi', ['okafor']);
    const same = await hospital.patient(at('storgatan 1 b'), 'adeyemi', ['okafor']);
    const nextDoor = await hospital.patient(at('Storgatan 1 C'), 'adeyemi', ['okafor']);
    const elsewhere = await hospital.patient(at('Storgatan 1 B', '41102'), 'adeyemi', ['okafor']);
    for (const patient of [home, same, nextDoor, elsewhere]) await look('okafor', patient);
    await judge();
    expect(await found(home, 'okafor')).toEqual({ SAME_ADDRESS: 'MEDIUM' });
    expect(await found(same, 'okafor')).toEqual({ SAME_ADDRESS: 'MEDIUM' });
    expect(await found(nextDoor, 'okafor')).toEqual({});
    expect(await found(elsewhere, 'okafor')).toEqual({});
    await moveIn('okafor', ['Lillgatan 7']);
    const later = await hospital.patient(at('Storgatan 1 B'), 'adeyemi', ['okafor']);
    await look('okafor', later);
    await judge();
    expect(await found(later, 'okafor')).toEqual({});
  });

  test('a colleague as patient, by name or e-mail address; not a namesake by half', async () => {
    const { email } = await hospital.desk.hire('Dr Anna Moreau', 'DOCTOR');
    const person = (family: string, given: string[], more = {}) =>
      hospital.patient({ name: { family, given }, ...more }, 'okonkwo', ['adeyemi']);
    const herself = await person('Moreau', ['Anna', 'Sofia']);
    const byMail = await person('Dubois', ['A.'], { email: email.toUpperCase() });
    const sister = await person('Moreau', ['Claire']);
    for (const patient of [herself, byMail, sister]) await look('adeyemi', patient);
    await judge();
    expect(await found(herself, 'adeyemi')).toEqual({ COLLEAGUE: 'LOW' });
    expect(await found(byMail, 'adeyemi')).toEqual({ COLLEAGUE: 'LOW' });
    expect(await found(sister, 'adeyemi')).toEqual({});
  });

  test('no care-team relation at the time: an administrator at clinical data, broken glass; not before leaving, not in a list', async () => {
    const [read, listed, left] = [await hospital.patient(), await hospital.patient(), await hospital.patient({}, 'adeyemi', ['okonkwo'])]; // prettier-ignore
    await look('park', read);
    await look('park', listed, 'name { family } birthDate phone');
    await hospital.as('park').get('{ patients(first: 100) { edges { node { mrn name { family } birthDate } } } }');
    await hospital.as('park').do('addCareTeamMember', { patientId: read.id, userId: hospital.idOf('park') });
    await look('okonkwo', left);
    await hospital.as('adeyemi').do('removeCareTeamMember', { patientId: left.id, userId: hospital.idOf('okonkwo') });
    await judge();
    expect(await found(read, 'park')).toEqual({ NO_RELATION: 'MEDIUM' }); // being put on the team afterwards helps nobody
    expect(await found(listed, 'park')).toEqual({});
    expect(await found(left, 'okonkwo')).toEqual({});
  });

  test('a confidential patient of others; not one’s own', async () => {
    const patient = await hospital.patient({}, 'adeyemi');
    const hide = 'mutation ($input: SetConfidentialInput!) { setConfidential(input: $input) { id } }';
    await hospital.as('park').get(hide, { input: { id: patient.id, expectedVersion: 1, confidential: true, reason: 'Asked for it' } }); // prettier-ignore
    await look('adeyemi', patient);
    await judge();
    expect(await found(patient, 'adeyemi')).toEqual({});
    await look('park', patient, 'phone');
    await judge();
    expect(await found(patient, 'park')).toEqual({ CONFIDENTIAL: 'HIGH' });
  });

  test('a burst: many different patients; not one patient many times, and not what is usual for the person', async () => {
    const burst = { rules: ['BURST'], burstPatients: 4, burstMinutes: 60, burstFactor: 3 };
    await judge(); // what came before
    const patients = await Promise.all(Array.from({ length: 4 }, () => hospital.patient({}, 'okonkwo', ['lindqvist', 'okafor', 'adeyemi']))); // prettier-ignore
    await hospital.sql('DELETE FROM snooping_seen');
    await judge({ rules: [] });
    await hospital.sql('DELETE FROM snooping_seen');
    for (const patient of patients) await look('lindqvist', patient);
    for (let times = 0; times < 4; times += 1)
      for (const patient of patients.slice(0, 3)) await look('okafor', patient);
    await hospital.sql(`INSERT INTO snooping_hour SELECT '${hospital.idOf('adeyemi')}', date_trunc('hour', now()) - n * interval '1 day', 2
      FROM generate_series(1, 10) AS n ON CONFLICT DO NOTHING`); // prettier-ignore
    for (const patient of patients) await look('adeyemi', patient);
    await judge(burst);
    expect(await found(null, 'lindqvist')).toMatchObject({ BURST: 'MEDIUM' });
    expect(await findings({ rule: 'BURST' })).toMatchObject([{ patientId: null, count: 4, person: { id: hospital.idOf('lindqvist') } }]); // prettier-ignore
  });

  test('an odd hour of the hospital’s clock; not by day, and not who works nights', async () => {
    const zoneAt = (hour: number) => {
      const ahead = ((hour - new Date().getUTCHours() + 36) % 24) - 12;
      return `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
    };
    const odd = { rules: ['ODD_HOUR'], oddHours: { from: 23, to: 6 } };
    const patient = await hospital.patient({}, 'adeyemi', ['okonkwo', 'lindqvist']);
    await judge({ rules: [] });
    await look('okonkwo', patient);
    await judge({ ...odd, timeZone: zoneAt(12) });
    expect(await findings({ rule: 'ODD_HOUR' })).toEqual([]);
    await hospital.sql(`INSERT INTO snooping_hour SELECT '${hospital.idOf('lindqvist')}', date_trunc('hour', now()) - n * interval '1 day', 5
      FROM generate_series(1, 3) AS n ON CONFLICT DO NOTHING`); // prettier-ignore
    for (const name of ['okonkwo', 'lindqvist'] as const) await look(name, patient);
    await judge({ ...odd, timeZone: zoneAt(2) });
    expect((await findings({ rule: 'ODD_HOUR' })).map(({ person }) => person.id)).toEqual([hospital.idOf('okonkwo')]);
  });
});

describe('the queue', () => {
  const review = (by: Name, { id, version }: Finding, input: Record<string, unknown> = {}) =>
    hospital.as(by).ask(REVIEW, { input: { id, expectedVersion: version, verdict: 'EXPLAINED', ...input } });
  const open = async (patient: Patient) => findings({ patientId: patient.id, status: 'OPEN' });

  test('several hits of a day are one finding, which grows until it is reviewed; the next begins another', async () => {
    const patient = await hospital.patient();
    for (let times = 0; times < 2; times += 1) await look('park', patient);
    await judge();
    const [seen] = await open(patient);
    expect(seen).toMatchObject({ rule: 'NO_RELATION', count: 2, version: 2, status: 'OPEN' });
    const index = `{ auditEntries(filter: { fromIndex: ${seen!.entries[1]}, toIndex: ${seen!.entries[1]! + 1} }) { edges { node { patients actor { id } } } } }`;
    expect(await hospital.as('brandt').get(index)).toEqual({ auditEntries: { edges: [{ node: { patients: [patient.id], actor: { id: hospital.idOf('park') } } }] } }); // prettier-ignore
    await look('park', patient);
    await judge();
    expect((await review('brandt', seen!)).code).toBe('CONFLICT');
    const [grown] = await open(patient);
    expect(grown).toMatchObject({ id: seen!.id, count: 3, version: 3 });

    const written = await hospital.entriesOf(async () => {
      const { data } = await review('brandt', grown!, { verdict: 'MISUSE', note: 'No ticket for it' });
      expect(data?.reviewSnooping).toEqual({ status: 'MISUSE', version: 4, review: { verdict: 'MISUSE', note: 'No ticket for it', by: { name: 'Auditor Brandt' } } }); // prettier-ignore
    });
    expect(written.map(({ a, w, p, o, f }) => ({ a, w, p, o: o?.t, f }))).toEqual([
      {
        a: 'update',
        w: 'oversight',
        p: [patient.id],
        o: 'snooping',
        f: ['note', 'reviewed_at', 'reviewed_by', 'verdict'],
      },
      { a: 'read', w: 'oversight', p: [patient.id], o: undefined, f: ['snooping'] },
    ]);
    expect((await review('brandt', { ...grown!, version: 4 })).code).toBe('CONFLICT');
    expect(await open(patient)).toEqual([]);
    await look('park', patient);
    await judge();
    expect(await open(patient)).toMatchObject([{ count: 1, status: 'OPEN' }]);
    expect(JSON.stringify(await hospital.sql('SELECT * FROM snooping_finding'))).not.toContain('ticket');
  });

  test('reviewers see and judge it, nobody what they did themselves; misuse wants a word', async () => {
    const patient = await hospital.patient();
    const read = await hospital.entriesOf(() => look('park', patient));
    expect(read).toHaveLength(1);
    await judge();
    const [finding] = await open(patient);
    for (const name of ['adeyemi', 'okafor', 'lindqvist', 'lab'] as const) {
      expect((await hospital.as(name).ask('{ snoopingFindings { totalCount } }')).code).toBe('FORBIDDEN');
      expect((await review(name, finding!)).code).toBe('FORBIDDEN');
    }
    expect((await hospital.stranger.ask('{ snoopingFindings { totalCount } }')).code).toBe('UNAUTHENTICATED');
    expect((await review('park', finding!)).code).toBe('FORBIDDEN');
    expect((await review('brandt', finding!, { verdict: 'MISUSE' })).code).toBe('BAD_USER_INPUT');
    expect(await hospital.entriesOf(() => findings({ patientId: patient.id }, 'park'))).toMatchObject([{ a: 'read', w: 'oversight', p: [patient.id], f: ['snooping'] }]); // prettier-ignore
    expect((await review('brandt', finding!)).code).toBeUndefined();
    expect(await hospital.runtime.auditLog.verifyRows()).toEqual([]);
  });
});

describe('the judge', () => {
  test('that dies half way leaves nothing; several at once find everything once', async () => {
    const patients = [await hospital.patient(), await hospital.patient()];
    await judge();
    for (const patient of patients) await look('park', patient);
    await sealed();
    const before = await hospital.count('SELECT count(*) FROM snooping_finding');
    await hospital.sql(`CREATE FUNCTION dies() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'killed'; END $$;
      CREATE TRIGGER dies BEFORE UPDATE ON snooping_progress FOR EACH ROW EXECUTE FUNCTION dies()`);
    await expect(rules().watch.round()).rejects.toThrow('killed');
    expect(await hospital.count('SELECT count(*) FROM snooping_finding')).toBe(before);
    await hospital.sql('DROP TRIGGER dies ON snooping_progress');
    const judges = [rules(), rules(), rules()];
    await Promise.all(judges.flatMap(({ watch, judge: one }) => [watch.round(), one.batch(), one.batch()]));
    for (const { id } of patients) expect(await findings({ patientId: id })).toMatchObject([{ count: 1 }]);
  });

  test('goes on whatever administrators give as their reason', async () => {
    const patient = await hospital.patient();
    await judge();
    const { id } = await hospital.desk.hire('Noor Haddad', 'NURSE');
    const input = { id, expectedVersion: 1, reason: 'Has left us\0' };
    const close = 'mutation ($input: DeactivateUserInput!) { deactivateUser(input: $input) { active } }';
    expect((await hospital.as('park').get(close, { input })).deactivateUser).toEqual({ active: false });
    await sealed();
    const log = '{ auditEntries(first: 1, filter: { action: "deactivate" }) { edges { node { reason } } } }';
    expect(await hospital.as('brandt').get(log)).toMatchObject({ auditEntries: { edges: [{ node: { reason: 'Has left us\uFFFD' } }] } }); // prettier-ignore
    await look('park', patient);
    await judge();
    expect(await findings({ patientId: patient.id })).toMatchObject([{ rule: 'NO_RELATION', severity: 'MEDIUM' }]);
  });

  test('takes fewer entries at a time where PostgreSQL gives up on them, and passes over one that is too much by itself', async () => {
    const patients = [await hospital.patient(), await hospital.patient(), await hospital.patient()];
    await judge();
    const { judge: one } = rules();
    for (const patient of patients) await look('park', patient);
    await sealed();
    const [, { id: heavy }] = patients as [Patient, Patient, Patient];
    const [entry] = await hospital.sql<{ index: string }>(
      `SELECT max(index) AS index FROM audit_entry_patient WHERE patient_id = '${heavy}'`,
    );
    await hospital.sql(`CREATE FUNCTION too_long() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE 'canceling statement due to statement timeout' USING ERRCODE = 'query_canceled'; END $$;
      CREATE TRIGGER too_long BEFORE INSERT ON snooping_hit FOR EACH ROW WHEN (NEW.index = ${entry!.index}) EXECUTE FUNCTION too_long()`);
    const told: string[] = [];
    for (let round = 0; round < 20; round += 1) await one.batch().catch(({ message }: Error) => told.push(message));
    await hospital.sql('DROP TRIGGER too_long ON snooping_hit');
    expect(told.at(-1)).toBe(`Entry ${entry!.index} cannot be judged and is passed over.`);
    const counts = await Promise.all(patients.map(async ({ id }) => (await findings({ patientId: id }))[0]?.count));
    expect(counts).toEqual([1, undefined, 1]);
  });

  test('waits for an index that tells who is alike, goes on under a new key, and what it compared goes with the old', async () => {
    const { services } = hospital.runtime;
    const patient = await hospital.patient({ name: { family: 'Adeyemi', given: ['Ola'] } });
    await judge();
    await hospital.sql('UPDATE search_generation SET likeness = false; UPDATE patient_search SET likeness = NULL');
    await look('adeyemi', patient);
    await sealed();
    expect(await rules().watch.round()).toBe(0);
    await services.searchUpkeep.lookAfter({ graceMs: 0 });
    await judge();
    expect(await findings({ patientId: patient.id })).toMatchObject([{ rule: 'SAME_SURNAME', severity: 'LOW' }]);
    const generations = 'SELECT (SELECT array_agg(DISTINCT generation) FROM staff_likeness) = (SELECT array_agg(version) FROM search_generation) AS same'; // prettier-ignore
    expect(await hospital.sql(generations)).toEqual([{ same: true }]);
  });
});
