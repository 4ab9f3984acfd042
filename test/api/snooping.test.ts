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
    await judge();
    expect(await found(aunt, 'lindqvist')).toEqual({ SAME_SURNAME: 'LOW' });
    expect(await found(other, 'lindqvist')).toEqual({});
    expect(await found(stranger, 'lindqvist')).toEqual({ SAME_SURNAME: 'MEDIUM', NO_RELATION: 'LOW' });
    expect(await found(aunt, 'adeyemi')).toEqual({});
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
