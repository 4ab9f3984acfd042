import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Pool } from 'pg';
import { count, Progress } from '../server/cli/progress';
import { useEmbeddedPostgres } from '../server/database/embedded';
import { runScript, Server, verified } from './children';
import { inHome } from './home';
import { readSample } from './hospital';
import { fillLog, PATIENTS_AT_A_TIME, personAt, SHORT } from './ledger-log';
import { superuserUrl } from './owner';
import { median, printTable } from './report';

/** The 95th percentile of the large log may be this many times that of the small one. */
const MOST_SLOWER = 2;
const PATIENTS = 100;
const WARM_UP = 10;
const SAMPLES = 80;
const VERIFY_MS = 30 * 60_000;

/** What is looked through. */
interface Log {
  size: number;
  /** Patients with entries. */
  patients: readonly string[];
}

interface Question {
  what: string;
  query: string;
  variables: (turn: number, log: Log) => Record<string, unknown>;
}

const PAGE = `query LogPage($filter: AuditFilter, $orderBy: AuditOrder, $after: String) {
  auditEntries(first: 50, filter: $filter, orderBy: $orderBy, after: $after) {
    edges { node { index at action outcome operation patients actor { id role } fields purpose } }
    pageInfo { hasNextPage endCursor }
  }
}`;

const REPORT = `query Report($patientId: ID!, $from: DateTime!, $to: DateTime!) {
  accessReport(patientId: $patientId, from: $from, to: $to) { checkpoint rows(first: 50) { edges { node { emergency } } } }
}`;

function page(what: string, variables: Question['variables']): Question {
  return { what, query: PAGE, variables };
}

const filtered = (what: string, filter: (turn: number, log: Log) => object) =>
  page(what, (turn, log) => ({ filter: filter(turn, log) }));
const ordered = (field: string, direction: 'ASC' | 'DESC') =>
  page(`by ${field.toLowerCase()}, ${direction.toLowerCase()}`, () => ({ orderBy: { field, direction } }));

const questions: readonly Question[] = [
  page('newest', () => ({})),
  page('oldest', () => ({ orderBy: { field: 'INDEX', direction: 'ASC' } })),
  filtered('in the middle', (_, { size }) => ({ toIndex: Math.floor(size / 2) })),
  filtered('one person', (turn) => ({ actorId: personAt(turn) })),
  filtered('one patient', (turn, { patients }) => ({ patientId: patients[turn % patients.length] })),
  filtered('a common act', () => ({ action: 'read' })),
  filtered('a rare act', () => ({ action: 'erase' })),
  filtered('refusals', () => ({ outcome: 'REFUSED' })),
  filtered('emergencies', () => ({ purpose: 'emergency' })),
  filtered('one operation', () => ({ operation: 'QuickSearch' })),
  filtered('one role', () => ({ role: 'NURSE' })),
  filtered('one address', (turn) => ({ ip: `192.0.2.${turn % 200}` })),
  filtered('one group of columns', () => ({ field: 'phone' })),
  filtered('a person’s changes', (turn) => ({ actorId: personAt(turn), action: 'update' })),
  filtered('a nurse’s emergencies', () => ({ role: 'NURSE', purpose: 'emergency' })),
  ordered('ACTOR', 'ASC'),
  ordered('OPERATION', 'DESC'),
  ordered('AT', 'ASC'),
  {
    what: 'report on a patient',
    query: REPORT,
    variables: (turn, { patients }) => ({
      patientId: patients[turn % patients.length],
      from: '2020-01-01T00:00:00Z',
      to: new Date(Date.now() + 60_000).toISOString(),
    }),
  },
];

interface Times {
  p50: number;
  p95: number;
}

/** Pages, filters and reports of a small log and of a large one. */
export async function pages({ entries, keep }: { entries: number; keep: string | null }): Promise<void> {
  await inHome(keep, async (home) => {
    const environment = { DATA_DIR: join(home, 'var'), DEMO: 'off' };
    await runScript(join(__dirname, 'hospital.js'), [String(PATIENTS)], { environment, folder: home });
    const small = await measureAt(home, environment, SHORT);
    const large = await measureAt(home, environment, entries);
    const head = ['Pages of the log, ms', count(SHORT), '', count(entries), '', 'times', ''];
    const rows = questions.map(({ what }, place) => {
      const [before, after] = [small[place]!, large[place]!];
      const ratio = after.p95 / before.p95;
      const cells = [before.p50, before.p95, after.p50, after.p95].map((figure) => figure.toFixed(1));
      return [what, ...cells, ratio.toFixed(2), ratio <= MOST_SLOWER ? 'met' : 'MISSED'];
    });
    printTable([head, ['', 'p50', 'p95', 'p50', 'p95', '', `goal ${MOST_SLOWER}`], ...rows]);
  });
}

async function measureAt(
  home: string,
  environment: { DATA_DIR: string; DEMO: string },
  size: number,
): Promise<Times[]> {
  const postgres = await useEmbeddedPostgres(environment.DATA_DIR, () => undefined);
  try {
    const patients = (await readSample(environment.DATA_DIR)).patients.slice(0, PATIENTS_AT_A_TIME);
    await grow(postgres.urls.owner, environment.DATA_DIR, { size, patients });
    const script = join(__dirname, 'chartseal.js');
    const server = await Server.start({ script, folder: home, environment });
    try {
      await verified(server, VERIFY_MS);
      return await measure(server, await signIn(server, environment.DATA_DIR), { size, patients });
    } finally {
      await server.stop();
    }
  } finally {
    await postgres.release();
  }
}

async function grow(ownerUrl: string, dataDir: string, { size, patients }: Log): Promise<void> {
  const pool = new Pool({ connectionString: (await superuserUrl(ownerUrl, dataDir)).toString() });
  try {
    const { rows } = await pool.query<{ size: string }>('SELECT size::text FROM audit_head');
    const missing = Math.max(0, size - Number(rows[0]!.size));
    const progress = new Progress(`Writing entries up to ${count(size)}`);
    await fillLog(pool, {
      signingKeyFile: join(dataDir, 'log-signing.key'),
      count: missing,
      patients,
      onProgress: (done) => progress.update(done, missing),
    });
    progress.finish();
  } finally {
    await pool.end();
  }
}

async function measure(server: Server, token: string, log: Log): Promise<Times[]> {
  const all: Times[] = [];
  for (const { query, variables } of questions) {
    const times: number[] = [];
    for (let turn = -WARM_UP; turn < SAMPLES; turn += 1) {
      const begun = performance.now();
      await ask(server, token, { query, variables: variables(turn + WARM_UP, log) });
      if (turn >= 0) times.push(performance.now() - begun);
    }
    times.sort((one, other) => one - other);
    all.push({ p50: median(times), p95: times[Math.floor(times.length * 0.95)]! });
  }
  return all;
}

async function signIn(server: Server, dataDir: string): Promise<string> {
  const accounts = JSON.parse(await readFile(join(dataDir, 'demo-accounts.json'), 'utf8')) as Account[];
  const { email, password } = accounts.find(({ role }) => role === 'AUDITOR')!;
  const query = 'mutation ($input: SignInInput!) { signIn(input: $input) { accessToken } }';
  const { signIn: signed } = await ask<{ signIn: { accessToken: string } }>(server, null, {
    query,
    variables: { input: { email, password } },
  });
  return signed.accessToken;
}

interface Account {
  email: string;
  role: string;
  password: string;
}

async function ask<T>({ url }: Server, token: string | null, operation: object): Promise<T> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify(operation),
  });
  const { data, errors } = (await response.json()) as { data: T; errors?: { message: string }[] };
  if (errors) throw new Error(errors[0]!.message);
  return data;
}
