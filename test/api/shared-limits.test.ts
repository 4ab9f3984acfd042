import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { limits } from '../../server/graphql/limits';
import { askToken, byPost, registerClient } from '../support/api-client';
import { Hospital } from '../support/hospital';
import { freshDatabase } from '../support/postgres';
import { startServer, type ServerProcess } from '../support/server-process';

/** A tenth of it is a chunk: what a second server may grant beyond it (decision 36). */
const BUDGET = 20_000;
const DEAREST = limits.cost;
const PER_HOUR = 2;

let folder: string;
let hospital: Hospital;
const servers: ServerProcess[] = [];
let addresses: string[];

/** Two servers in processes of their own; the hospital here is a third, at which everybody is signed in. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chartseal-shared-'));
  const settings = {
    DATABASE_URL: await freshDatabase(),
    ROOT_KEY: randomBytes(32).toString('hex'),
    LOG_SIGNING_KEY_FILE: join(folder, 'log-signing.key'),
  };
  hospital = await Hospital.open(settings);
  const limited = { ...settings, COST_PER_MINUTE: String(BUDGET), BREAK_GLASS_PER_HOUR: String(PER_HOUR) };
  for (const name of ['one', 'other']) servers.push(startServer({ ...limited, DATA_DIR: join(folder, name) }));
  addresses = (await Promise.all(servers.map(({ ready }) => ready))).map(String);
});
afterAll(async () => {
  servers.forEach(({ process }) => process.kill());
  await Promise.all(servers.map(({ ended }) => ended));
  await hospital?.close();
  await rm(folder, { recursive: true, force: true });
});

interface Told {
  code: string | undefined;
  message: string | undefined;
  retryAfterSeconds: number | undefined;
  cost: number;
  data: Record<string, unknown> | null;
}

async function ask(server: number, token: string | null, query: string, variables: object = {}): Promise<Told> {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
  const body = JSON.stringify({ query, variables });
  const response = await fetch(`${addresses[server]}/graphql`, { method: 'POST', headers, body });
  const answer = (await response.json()) as {
    data?: Told['data'];
    errors?: { message: string; extensions: { code: string; retryAfterSeconds?: number } }[];
    extensions?: { cost?: { requested: number } };
  };
  const { message, extensions } = answer.errors?.[0] ?? {};
  const cost = answer.extensions?.cost?.requested ?? 0;
  return { code: extensions?.code, message, retryAfterSeconds: extensions?.retryAfterSeconds, cost, data: answer.data ?? null }; // prettier-ignore
}

/** Asks at both in turn until both refuse; answers what both granted, and how much of a minute that took. */
async function usedUp(ask: (server: number, n: number) => Promise<Told>): Promise<{ sum: number; count: number; minutes: number }> {
  const begun = Date.now();
  let [sum, count, refusals] = [0, 0, 0];
  for (let n = 0; refusals < 2; n += 1) {
    const { code, cost } = await ask(n % 2, n);
    refusals = code === 'RATE_LIMITED' ? refusals + 1 : 0;
    if (refusals === 0) [sum, count] = [sum + cost, count + 1];
  }
  return { sum, count, minutes: (Date.now() - begun) / 60_000 };
} // prettier-ignore

test('wrong passwords at either count at both', async () => {
  const { email } = hospital.account('lindqvist');
  const guess = 'mutation ($input: SignInInput!) { signIn(input: $input) { expiresAt } }';
  const codes: unknown[] = [];
  for (let n = 0; n < 7; n += 1) {
    codes.push((await ask(n % 2, null, guess, { input: { email, password: `wrong guess number ${n}` } })).code);
  }
  expect(codes).toEqual([...Array<string>(5).fill('UNAUTHENTICATED'), 'LOCKED', 'LOCKED']);
  const { sum, minutes } = await usedUp((server, n) =>
    ask(server, null, guess, { input: { email: `nobody${n}@ward.example`, password: 'a long enough guess' } }),
  );
  expect(sum).toBeLessThanOrEqual(BUDGET * (1.1 + minutes)); // strangers at one address share its budget, too
});

test.each([
  ['many small documents', '{ patients(first: 60) { edges { node { id } } } }'],
  ['few dear ones', '{ patients(first: 100) { edges { node { visits(first: 9) { edges { node { id } } } } } } }'],
])('a person has one budget at both: %s', async (what, query) => {
  const { token } = hospital.as(what.startsWith('few') ? 'okonkwo' : 'adeyemi');
  const { sum, minutes } = await usedUp((server) => ask(server, token, query));
  expect(sum).toBeGreaterThan(BUDGET * 0.8);
  expect(sum).toBeLessThanOrEqual(BUDGET * (1.1 + minutes) + (what.startsWith('few') ? DEAREST / 5 : 0));
});

test('an API client has one rate at both, by a token from a third', async () => {
  const PER_MINUTE = 60;
  const client = await registerClient(hospital, { scopes: ['patient.read:name'], requestsPerMinute: PER_MINUTE });
  const token = (await askToken(hospital, byPost(client))).body.access_token!;
  const { count, minutes } = await usedUp((server) => ask(server, token, '{ __typename }'));
  expect(count).toBeGreaterThan(PER_MINUTE * 0.8);
  expect(count).toBeLessThanOrEqual(PER_MINUTE * (1.1 + minutes) + 1);
});

test('the glass is broken so often an hour at both together; then the answer says who can help, and care goes on', async () => {
  const patients = await Promise.all([hospital.patient(), hospital.patient(), hospital.patient()]);
  const { token } = hospital.as('okafor');
  const { password } = hospital.account('okafor');
  await ask(0, token, 'mutation ($input: StepUpInput!) { stepUp(input: $input) }', { input: { password } });
  const attempt = (server: number, patientId: string) => {
    const input = { patientId, reason: 'EMERGENCY', text: 'Nobody of the team is in tonight' };
    return ask(server, token, 'mutation ($input: BreakGlassInput!) { breakGlass(input: $input) { id } }', { input });
  };
  const [first, second, third] = patients.map(({ id }) => id) as [string, string, string];
  expect([(await attempt(0, first)).code, (await attempt(1, second)).code]).toEqual([undefined, undefined]);
  const refused = await attempt(0, third);
  expect(refused).toMatchObject({ code: 'RATE_LIMITED', data: null });
  expect(refused.message).toContain('administrator can add you');
  expect(refused.retryAfterSeconds).toBeGreaterThan(3000);
  expect(refused.retryAfterSeconds).toBeLessThanOrEqual(3600);
  expect((await ask(1, token, `{ patient(id: "${first}") { name { family } } }`)).code).toBeUndefined();
  const about = (await hospital.entries()).filter(({ k, p }) => k === 'refused' && p.includes(third));
  expect(about.map(({ a }) => a)).toEqual(['breakGlass']);
});

test('the table that tells names nobody', async () => {
  const rows = await hospital.sql<{ row: string }>('SELECT caller_budget::text AS row FROM caller_budget');
  expect(rows.length).toBeGreaterThan(2);
  const known = [hospital.idOf('adeyemi'), hospital.idOf('adeyemi').replaceAll('-', ''), '127.0.0.1', '::1'];
  for (const { row } of rows) for (const text of known) expect(row).not.toContain(text);
});
