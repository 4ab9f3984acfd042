import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { useEmbeddedPostgres } from '../server/database/embedded';
import { askServer, verifiedByAuditor } from './auditor';
import { runScript, Server } from './children';
import { inHome } from './home';
import { superuserUrl } from './owner';
import { machine, median, printTable } from './report';
import { searchCases, type SearchCase, type SearchSample } from './search-cases';
import { readSearchSample } from './search-hospital';

const RESULTS = resolve(__dirname, '../../bench/results-search.json');
const SIZES = '10000,100000,1000000';
/** The 95th percentile at the largest size may be this many times that at the smallest. */
const MOST_SLOWER = 2;
/** Least throughput of a name prefix, as a part of the bare server's. */
const LEAST_SHARE = 0.5;
const WARM_UP = 20;
const SAMPLES = 150;
/** Rounds of a throughput comparison, each side in turn, this many questions at a time. */
const ROUNDS = 5;
const SECONDS = 2;
const AT_ONCE = 8;

interface Measured {
  name: string;
  /** Milliseconds. */
  p50: number;
  p95: number;
  /** Rows on the pages, and patients opened for each of them; without a row, opened in all. */
  rows: number;
  openedPerRow: number;
}

interface SizeResult {
  patients: number;
  cases: Measured[];
  /** Searches by prefix per second, here and at the bare server. */
  prefix: { chartseal: number; bare: number; ratio: number };
}

/** `npm run bench -- search [--sizes 10000,100000] [--keep FOLDER]`: the same questions to a growing hospital. */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { sizes: { type: 'string', default: SIZES }, keep: { type: 'string' } },
  });
  const sizes = values.sizes.split(',').map(Number).sort((one, other) => one - other); // prettier-ignore
  await inHome(values.keep ?? null, async (home) => {
    const results: SizeResult[] = [];
    for (const size of sizes) {
      results.push(await measureSize(home, size));
      printSize(results.at(-1)!);
    }
    printGrowth(results);
    await writeFile(
      RESULTS,
      `${JSON.stringify({ at: new Date().toISOString(), machine: machine(), results }, null, 2)}\n`,
    );
    console.log(`\nWritten to ${RESULTS}`);
  });
}

async function measureSize(home: string, size: number): Promise<SizeResult> {
  const environment = { DATA_DIR: join(home, 'var'), DEMO: 'off' };
  await runScript(join(__dirname, 'search-hospital.js'), [String(size)], { environment, folder: home });
  const sample = await readSearchSample(environment.DATA_DIR);
  const stopping: (() => Promise<void>)[] = [];
  try {
    const postgres = await useEmbeddedPostgres(environment.DATA_DIR, () => undefined);
    stopping.push(() => postgres.release());
    const chartseal = await Server.start({
      script: join(__dirname, 'chartseal.js'),
      folder: home,
      environment: { ...environment, BENCH_COUNT: 'opened' },
    });
    stopping.push(() => chartseal.stop());
    const bare = await Server.start({
      script: join(__dirname, 'bare/server.js'),
      folder: home,
      environment: { DATABASE_URL: postgres.urls.owner, BARE_SEARCH: 'family' },
    });
    stopping.push(() => bare.stop());
    await verifiedByAuditor(chartseal, environment.DATA_DIR);
    await intoMemory(await superuserUrl(postgres.urls.owner, environment.DATA_DIR));
    const token = await signIn(chartseal, sample);
    const cases = searchCases(sample);
    const measured: Measured[] = [];
    for (const one of cases) measured.push(await measureCase(chartseal, token, one));
    const prefix = cases.find(({ name }) => name === 'prefix of 3 letters')!;
    return { patients: size, cases: measured, prefix: await compare(chartseal, bare, token, prefix) };
  } finally {
    for (const stop of stopping.reverse()) await stop();
  }
}

/**
 * Reads what is searched into PostgreSQL's memory, where it is after some hours of work: verifying the log has filled it with
 * entries. Without, a large hospital's first answers are as fast as its disk.
 */
async function intoMemory(superuser: URL): Promise<void> {
  const client = new Client({ connectionString: superuser.toString() });
  await client.connect();
  try {
    await client.query('CREATE EXTENSION IF NOT EXISTS pg_prewarm');
    await client.query(
      `SELECT pg_prewarm(c.oid) FROM pg_class c
       WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'i')
         AND c.relname ~ '^(patient|patient_pk|patient_search.*|care_team.*|data_key.*)$'`,
    );
  } finally {
    await client.end();
  }
}

/** One question at a time, as one person asks. */
async function measureCase(server: Server, token: string, { name, operations, rows }: SearchCase): Promise<Measured> {
  for (let turn = 0; turn < WARM_UP; turn++) await askServer(server, token, operations[turn % operations.length]!);
  await server.ask('opened');
  const times: number[] = [];
  let shown = 0;
  let opened = 0;
  for (let turn = 0; turn < SAMPLES; turn++) {
    const begun = performance.now();
    const answer = await askServer<Record<string, unknown>>(server, token, operations[turn % operations.length]!);
    times.push(performance.now() - begun);
    opened += (await server.ask<{ opened: number }>('opened')).opened;
    if (rows) shown += (answer[rows] as { edges: unknown[] }).edges.length;
  }
  times.sort((one, other) => one - other);
  return {
    name,
    p50: median(times),
    p95: times[Math.floor(times.length * 0.95)]!,
    rows: shown / SAMPLES,
    openedPerRow: opened / Math.max(1, shown),
  };
}

/** Searches per second of both servers, in turn, several at once. */
async function compare(
  chartseal: Server,
  bare: Server,
  token: string,
  { operations }: SearchCase,
): Promise<SizeResult['prefix']> {
  const rounds: { chartseal: number; bare: number }[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const ours = await perSecond(chartseal, token, operations);
    const theirs = await perSecond(bare, null, operations);
    if (round > 0) rounds.push({ chartseal: ours, bare: theirs }); // the first one warms up
  }
  return {
    chartseal: Math.round(median(rounds.map((round) => round.chartseal))),
    bare: Math.round(median(rounds.map((round) => round.bare))),
    ratio: median(rounds.map((round) => round.chartseal / round.bare)),
  };
}

async function perSecond(server: Server, token: string | null, operations: SearchCase['operations']): Promise<number> {
  const begun = performance.now();
  let next = 0;
  const asker = async () => {
    while (performance.now() - begun < SECONDS * 1000)
      await askServer(server, token, operations[next++ % operations.length]!);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, asker));
  return (next * 1000) / (performance.now() - begun);
}

async function signIn(server: Server, { doctor }: SearchSample): Promise<string> {
  const query = 'mutation SignIn($input: SignInInput!) { signIn(input: $input) { accessToken } }';
  const { signIn: signedIn } = await askServer<{ signIn: { accessToken: string } }>(server, null, {
    query,
    variables: { input: doctor },
  });
  return signedIn.accessToken;
}

function printSize({ patients, cases, prefix }: SizeResult): void {
  console.log(`\n${patients} patients; one at a time, ${SAMPLES} of each\n`);
  const rows = cases.map(({ name, p50, p95, rows: shown, openedPerRow }) => {
    return [name, p50.toFixed(1), p95.toFixed(1), shown.toFixed(1), openedPerRow.toFixed(2)];
  });
  printTable([['Asked for', 'p50 ms', 'p95 ms', 'rows', 'opened per row'], ...rows]);
  const verdict = prefix.ratio >= LEAST_SHARE ? 'met' : 'MISSED';
  console.log(
    `\nPrefix of 3 letters, ${AT_ONCE} at a time: ${prefix.chartseal}/s, bare ILIKE 'x%' on an index ${prefix.bare}/s, ` +
      `ratio ${prefix.ratio.toFixed(2)} (goal ${LEAST_SHARE}) ${verdict}`,
  );
}

function printGrowth(results: SizeResult[]): void {
  const [smallest, largest] = [results[0]!, results.at(-1)!];
  if (smallest === largest) return;
  console.log(`\np95 at ${largest.patients} patients by that at ${smallest.patients} (goal: at most ${MOST_SLOWER})\n`);
  const rows = smallest.cases.map(({ name, p95 }, place) => {
    const ratio = largest.cases[place]!.p95 / p95;
    return [name, ratio.toFixed(2), ratio <= MOST_SLOWER ? 'met' : 'MISSED'];
  });
  printTable([['Asked for', 'ratio', ''], ...rows]);
}
