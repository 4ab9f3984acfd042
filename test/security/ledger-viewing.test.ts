import { Browser, openFrontDesk, type Colleague, type FrontDesk } from '../support/front-desk';
import { until } from '../support/until';

let desk: FrontDesk;
let adeyemi: Colleague;
let okafor: Colleague;
let lindqvist: Colleague;
const people = new Map<string, Browser>();
let patientId: string;

interface Seen {
  action: string;
  actor: { id: string | null };
  patients: string[];
}

async function log(browser: Browser, filter = ''): Promise<Seen[]> {
  const answer = await browser.ask(
    `{ auditEntries(first: 100 ${filter}) { edges { node { action actor { id } patients } } } }`,
  );
  expect(answer.error).toBeUndefined();
  const { edges } = answer.data?.auditEntries as { edges: { node: Seen }[] };
  return edges.map(({ node }) => node);
}

async function sealed(): Promise<void> {
  await until(async () => (await desk.runtime.auditLog.status()).pending === 0);
}

beforeAll(async () => {
  desk = await openFrontDesk();
  adeyemi = await desk.hire('Dr Adeyemi', 'DOCTOR');
  okafor = await desk.hire('Clinician Okafor', 'CLINICIAN');
  lindqvist = await desk.hire('Nurse Lindqvist', 'NURSE');
  const others = [await desk.hire('Admin Park', 'ADMIN'), await desk.hire('Auditor Brandt', 'AUDITOR')];
  for (const [place, person] of [adeyemi, okafor, lindqvist, ...others].entries()) {
    const browser = new Browser(desk, `192.0.2.${place + 1}`);
    await browser.signIn(person);
    people.set(person.user.role, browser);
  }
  const input = '{ mrn: "L-1", name: { family: "Moss", given: ["Ada"] }, gender: FEMALE }';
  const answer = await people.get('DOCTOR')!.ask(`mutation { createPatient(input: ${input}) { id } }`);
  patientId = (answer.data?.createPatient as { id: string }).id;
  await people.get('ADMIN')!.ask(`{ patient(id: "${patientId}") { name { family } } }`);
  await sealed();
});

afterAll(() => desk.close());

test.each(['ADMIN', 'AUDITOR'])('%s sees everybody’s entries', async (role) => {
  const actors = new Set((await log(people.get(role)!)).map(({ actor }) => actor.id));
  for (const { id } of [adeyemi, okafor, lindqvist]) expect(actors).toContain(id);
});

test('a doctor sees own actions and who opened her patients, nothing else', async () => {
  const seen = await log(people.get('DOCTOR')!);
  for (const { actor, patients } of seen) expect(actor.id === adeyemi.id || patients.includes(patientId)).toBe(true);
  expect(seen.some(({ actor, action }) => actor.id !== adeyemi.id && action === 'read')).toBe(true);
});

test.each(['CLINICIAN', 'NURSE'])('%s off the care team sees own actions only', async (role) => {
  const self = role === 'NURSE' ? lindqvist : okafor;
  const seen = await log(people.get(role)!);
  expect(seen.length).toBeGreaterThan(0);
  for (const { actor } of seen) expect(actor.id).toBe(self.id);
  expect(await log(people.get(role)!, `, filter: { patientId: "${patientId}", actorId: "${adeyemi.id}" }`)).toEqual([]);
});

test('a stranger sees nothing', async () => {
  const answer = await new Browser(desk).ask('{ auditEntries(first: 1) { edges { node { action } } } }');
  expect(answer.code).toBe('UNAUTHENTICATED');
  expect(answer.body).not.toContain('sign-in');
});

test('looking at the log and verifying it are entries', async () => {
  const admin = people.get('ADMIN')!;
  await log(admin);
  const answer = await admin.ask('mutation { verifyAuditLog { state size verifiedTo brokenAt } }');
  const status = answer.data?.verifyAuditLog as Record<string, unknown>;
  expect(status).toMatchObject({ state: 'VERIFIED', brokenAt: null });
  expect(status.verifiedTo).toBeGreaterThan(0);
  await sealed();
  const actions = (await log(admin)).map(({ action }) => action);
  expect(actions).toEqual(expect.arrayContaining(['view-log', 'verify-log']));
});

test('pages: every entry once, newest first, cursors that say nothing', async () => {
  const auditor = people.get('AUDITOR')!;
  await sealed();
  const indexes: number[] = [];
  for (let after = ''; ;) {
    const answer = await auditor.ask(`{ auditEntries(first: 3 ${after}, filter: { to: "2999-01-01T00:00:00Z" }) {
      edges { node { index } } pageInfo { hasNextPage endCursor } } }`);
    const page = answer.data?.auditEntries as {
      edges: { node: { index: number } }[];
      pageInfo: { hasNextPage: boolean; endCursor: string };
    };
    indexes.push(...page.edges.map(({ node }) => node.index));
    if (!page.pageInfo.hasNextPage) break;
    after = `, after: "${page.pageInfo.endCursor}"`;
  }
  const newest = indexes[0]!;
  expect(indexes).toEqual(Array.from({ length: newest + 1 }, (_, place) => newest - place));
});
