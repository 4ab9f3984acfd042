import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { useEmbeddedPostgres } from '../server/database/embedded';
import { Arena } from './arena';
import { caseNamed, type Side } from './cases';
import { pause, runScript, Server } from './children';
import { inHome } from './home';
import { readSample, samplePath } from './hospital';
import { superuserUrl } from './owner';
import { median, printTable, type Measured } from './report';

/** What the ledger may cost. */
const LEAST_READS = 0.9;
const LEAST_WRITES = 0.7;
const LEAST_FOUR = 1;
const LONGEST_BACKLOG_SECONDS = 1;
const PATIENTS = 2_000;
const PROCESSES = 4;
const WRITERS = 32;
const LOOK_EVERY_MS = 100;

interface Comparison {
  what: string;
  caseName: string;
  over: Side;
  under: Side;
  connections: number;
  goal: number;
}

const comparisons: readonly Comparison[] = [
  ...[1, 16, 64].map((connections) => ({
    what: `reads, ${connections} at a time`,
    caseName: 'read',
    over: 'chartseal' as const,
    under: 'stubbed' as const,
    connections,
    goal: LEAST_READS,
  })),
  {
    what: `${WRITERS} writers`,
    caseName: 'update',
    over: 'chartseal',
    under: 'off',
    connections: WRITERS,
    goal: LEAST_WRITES,
  },
  {
    what: `${WRITERS} writers, ${PROCESSES} processes : one`,
    caseName: 'update',
    over: 'four',
    under: 'chartseal',
    connections: WRITERS,
    goal: LEAST_FOUR,
  },
];

export interface TrafficOptions {
  rounds: number;
  seconds: number;
  keep: string | null;
}

/** What the ledger costs reads and writes: the same server with it and without, in turn. */
export async function traffic({ rounds, seconds, keep }: TrafficOptions): Promise<void> {
  await inHome(keep, async (home) => {
    const environment = { DATA_DIR: join(home, 'var'), DEMO: 'off' };
    if (!existsSync(samplePath(environment.DATA_DIR)))
      await runScript(join(__dirname, 'hospital.js'), [String(PATIENTS)], { environment, folder: home });
    const postgres = await useEmbeddedPostgres(environment.DATA_DIR, () => undefined);
    const started: Server[] = [];
    const start = async (further: Record<string, string> = {}) => {
      const script = join(__dirname, 'chartseal.js');
      const server = await Server.start({ script, folder: home, environment: { ...environment, ...further } });
      started.push(server);
      return server;
    };
    try {
      const [first, ...others] = await inTurn(PROCESSES, () => start());
      const stubbed = await start({ BENCH_LEDGER: 'stubbed' });
      const off = await start({
        BENCH_LEDGER: 'off',
        DATABASE_URL: await withoutTriggers(postgres.urls.owner, environment.DATA_DIR),
      });
      const sides = { chartseal: [first!], stubbed: [stubbed], off: [off], four: [first!, ...others] };
      const sample = await readSample(environment.DATA_DIR);
      const arena = await Arena.open({ sides, sample, databaseUrl: postgres.urls.owner });
      try {
        await arena.settle(comparisons.map(({ caseName, over, under }) => ({ ...caseNamed(caseName), over, under })));
        await compareAll(arena, postgres.urls.owner, { rounds, seconds });
      } finally {
        await arena.close();
      }
    } finally {
      for (const server of started.reverse()) await server.stop();
      await postgres.release();
    }
  });
}

async function compareAll(arena: Arena, databaseUrl: string, how: { rounds: number; seconds: number }): Promise<void> {
  const measured = new Map(comparisons.map((one) => [one, [] as { over: Measured; under: Measured }[]]));
  const backlog = new Backlog(databaseUrl);
  await backlog.open();
  for (let round = 0; round < how.rounds; round += 1) {
    process.stderr.write(`Round ${round + 1} of ${how.rounds}\n`);
    await arena.signIn();
    for (const [{ caseName, over, under, connections }, rounds] of measured) {
      const sides = round % 2 === 0 ? [over, under] : [under, over];
      const reached = new Map<Side, Measured>();
      for (const side of sides) {
        backlog.watch(side !== 'off' && side !== 'stubbed');
        reached.set(side, await arena.measure(side, caseName, how.seconds, connections));
      }
      rounds.push({ over: reached.get(over)!, under: reached.get(under)! });
    }
  }
  await backlog.close();
  const head = ['The ledger under load', 'on/s', 'compared/s', 'Ratio', 'Goal', '', 'p97.5 ms', 'failed'];
  printTable([head, ...comparisons.map((one) => rowOf(one, measured.get(one)!))]);
  const longest = backlog.longest;
  console.log(
    `\nOldest entry not sealed yet: ${longest.toFixed(2)} s (goal: under ${LONGEST_BACKLOG_SECONDS} s) ` +
      (longest < LONGEST_BACKLOG_SECONDS ? 'met' : 'MISSED'),
  );
}

function rowOf({ what, goal }: Comparison, rounds: { over: Measured; under: Measured }[]): string[] {
  const of = (side: 'over' | 'under', figure: (one: Measured) => number) =>
    median(rounds.map((round) => figure(round[side])));
  const ratio = median(rounds.map(({ over, under }) => over.requestsPerSecond / under.requestsPerSecond));
  return [
    what,
    of('over', ({ requestsPerSecond }) => requestsPerSecond).toFixed(0),
    of('under', ({ requestsPerSecond }) => requestsPerSecond).toFixed(0),
    ratio.toFixed(2),
    goal.toFixed(2),
    ratio >= goal ? 'met' : 'MISSED',
    `${of('over', ({ p97 }) => p97)} : ${of('under', ({ p97 }) => p97)}`,
    String(rounds.reduce((sum, { over, under }) => sum + over.failed + under.failed, 0)),
  ];
}

/** Looks again and again how long the oldest entry has waited for a sealer that was not halted. */
class Backlog {
  longest = 0;
  private watchedSince: number | null = null;
  private readonly client: Client;
  private looking: Promise<void> = Promise.resolve();
  private ended = false;

  constructor(connectionString: string) {
    this.client = new Client({ connectionString });
  }

  async open(): Promise<void> {
    await this.client.connect();
    this.looking = this.look();
  }

  /** From now on: while the servers that seal are halted, those measured leave entries to wait for them. */
  watch(on: boolean): void {
    this.watchedSince = on ? performance.now() : null;
  }

  async close(): Promise<void> {
    this.ended = true;
    await this.looking;
    await this.client.end();
  }

  private async look(): Promise<void> {
    for (; !this.ended; await pause(LOOK_EVERY_MS)) {
      if (this.watchedSince === null) continue;
      const { rows } = await this.client.query<{ seconds: number | null }>(
        `SELECT extract(epoch FROM clock_timestamp() - (convert_from(entry, 'UTF8')::jsonb ->> 't')::timestamptz)::float8
           AS seconds FROM audit_pending ORDER BY id LIMIT 1`,
      );
      if (this.watchedSince === null) continue;
      const watched = (performance.now() - this.watchedSince) / 1_000;
      this.longest = Math.max(this.longest, Math.min(watched, rows[0]?.seconds ?? 0));
    }
  }
}

/** Connections on which no trigger fires, which takes a superuser: the database itself would else insist on the entries. */
async function withoutTriggers(ownerUrl: string, dataDir: string): Promise<string> {
  const url = await superuserUrl(ownerUrl, dataDir);
  url.search = `options=${encodeURIComponent('-c session_replication_role=replica')}`;
  return url.toString();
}

/** One after the other: the first one makes what the others find. */
async function inTurn<T>(count: number, work: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let n = 0; n < count; n += 1) results.push(await work());
  return results;
}
