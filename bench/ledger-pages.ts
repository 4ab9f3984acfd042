import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Pool } from 'pg';
import { count, Progress } from '../server/cli/progress';
import { useEmbeddedPostgres } from '../server/database/embedded';
import { migrate } from '../server/database/migrate';
import { migrations } from '../server/database/migrations';
import { askServer, verifiedByAuditor } from './auditor';
import { runScript, Server } from './children';
import { inHome } from './home';
import { readSample, samplePath } from './hospital';
import { fillLog, PATIENTS_AT_A_TIME, personAt, SHORT } from './ledger-log';
import { superuserUrl } from './owner';
import { median, printTable } from './report';

/** The 95th percentile of the large log may be this many times that of the small one. */
const MOST_SLOWER = 2;
const PATIENTS = 100;
const WARM_UP = 10;
const SAMPLES = 80;
/** A server verifies a long log unhurriedly: ten million entries in a quarter of an hour. */

/** What is looked through. */
interface Log {
  size: number;
  /** Patients with entries. */
  patients: readonly string[];
}

/** A log that a server shows. */
interface ServedLog extends Log {
  server: Server;
  token: string;
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
  filtered('several acts', () => ({ actions: ['erase', 'update'] })),
  filtered('a person’s changes', (turn) => ({ actorId: personAt(turn), action: 'update' })),
  filtered('a nurse’s emergencies', () => ({ role: 'NURSE', purpose: 'emergency' })),
  ordered('ACTOR', 'ASC'),
  ordered('OPERATION', 'DESC'),
  ordered('AT', 'ASC'),
  page('a person’s, by act', (turn) => ({
    filter: { actorId: personAt(turn) },
    orderBy: { field: 'ACTION', direction: 'ASC' },
  })),
  page('nurses’, by address', () => ({
    filter: { role: 'NURSE' },
    orderBy: { field: 'IP', direction: 'DESC' },
  })),
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

/**
 * Pages, filters and reports of a small log and of a large one, each in a hospital of its own. Asked in turn, so that whatever else
 * the machine does slows both.
 */
export async function pages({ entries, keep }: { entries: number; keep: string | null }): Promise<void> {
  const kept = keep === null ? null : join(keep, String(entries));
  await inHome(null, (one) =>
    inHome(kept, (other) => withLog(one, SHORT, (small) => withLog(other, entries, (large) => compare(small, large)))),
  );
}

async function compare(small: ServedLog, large: ServedLog): Promise<void> {
  const head = ['Pages of the log, ms', count(small.size), '', count(large.size), '', 'times', ''];
  const rows: string[][] = [];
  for (const question of questions) {
    const [before, after] = await measure(question, [small, large]);
    const ratio = after!.p95 / before!.p95;
    const cells = [before!.p50, before!.p95, after!.p50, after!.p95].map((figure) => figure.toFixed(1));
    rows.push([question.what, ...cells, ratio.toFixed(2), ratio <= MOST_SLOWER ? 'met' : 'MISSED']);
  }
  printTable([head, ['', 'p50', 'p95', 'p50', 'p95', '', `goal ${MOST_SLOWER}`], ...rows]);
}

/** Opens a hospital with a log of this size, made unless it was kept, and a server that has verified it. */
async function withLog(folder: string, size: number, work: (log: ServedLog) => Promise<void>): Promise<void> {
  const environment = { DATA_DIR: join(folder, 'var'), DEMO: 'off' };
  if (!existsSync(samplePath(environment.DATA_DIR)))
    await runScript(join(__dirname, 'hospital.js'), [String(PATIENTS)], { environment, folder });
  const postgres = await useEmbeddedPostgres(environment.DATA_DIR, () => undefined);
  try {
    await migrate(postgres.urls.owner, migrations); // of a kept log takes longer than a server may take to start
    const patients = (await readSample(environment.DATA_DIR)).patients.slice(0, PATIENTS_AT_A_TIME);
    await grow(postgres.urls.owner, environment.DATA_DIR, { size, patients });
    const server = await Server.start({ script: join(__dirname, 'chartseal.js'), folder, environment });
    try {
      const token = await verifiedByAuditor(server, environment.DATA_DIR);
      await work({ server, token, size, patients });
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

async function measure({ query, variables }: Question, logs: readonly ServedLog[]): Promise<Times[]> {
  const all = logs.map((): number[] => []);
  for (let turn = 0; turn < WARM_UP + SAMPLES; turn += 1) {
    for (const [place, log] of logs.entries()) {
      const begun = performance.now();
      await askServer(log.server, log.token, { query, variables: variables(turn, log) });
      if (turn >= WARM_UP) all[place]!.push(performance.now() - begun);
    }
  }
  return all.map((times) => {
    times.sort((one, other) => one - other);
    return { p50: median(times), p95: times[Math.floor(times.length * 0.95)]! };
  });
}
