import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Profiler } from 'node:inspector/promises';
import { Client } from 'pg';
import { useEmbeddedPostgres } from '../server/database/embedded';
import type { Usage } from './answer-bench';
import { cases, type BenchCase, type Side } from './cases';
import { pause, runScript, Server } from './children';
import { inHome } from './home';
import { readSample, samplePath, type Sample } from './hospital';
import type { Known, LoadMessage, Reached, Stretch } from './load';
import { readOptions, type Options } from './options';
import { hottest, type Hotspot } from './profile';
import { machine, print, resultOf, type Bound, type Measured, type Results, type Round } from './report';

const RESULTS = resolve(__dirname, '../../bench/results.json');
const MEMORY_MB = 300;
const READY_MS = 2_000;
/** Before each measurement, so that connections and compiled code are there. */
const WARM_UP_SECONDS = 1;
const SETTLE_SECONDS = 5;
const HOTSPOTS = 10;

/** Starts everything, measures in turns, prints and writes the results. */
export async function run(args: string[]): Promise<void> {
  let options: Options;
  try {
    options = readOptions(args);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
    return;
  }
  await inHome(options.keep, async (home) => {
    const results = await bench(options, home);
    print(results);
    await writeFile(RESULTS, `${JSON.stringify(results, null, 2)}\n`);
    console.log(`\nWritten to ${RESULTS}`);
    process.exitCode = results.cases.some(({ failed }) => failed > 0) ? 1 : 0;
  });
}

async function bench(options: Options, home: string): Promise<Results> {
  const environment = { DATA_DIR: join(home, 'var'), DEMO: 'off' };
  const chartseal = { script: join(__dirname, 'chartseal.js'), folder: home };
  if (!existsSync(samplePath(environment.DATA_DIR))) {
    await runScript(join(__dirname, 'hospital.js'), [String(options.patients)], { environment, folder: home });
  }
  const sample = await readSample(environment.DATA_DIR);

  const stopping: (() => Promise<void>)[] = [];
  try {
    // The first server starts PostgreSQL as well: that is what somebody waits for who types `npm start`.
    const first = await Server.start({ ...chartseal, environment });
    stopping.push(() => first.stop());
    const postgres = await useEmbeddedPostgres(environment.DATA_DIR, () => undefined);
    stopping.push(() => postgres.release());
    const stubbed = await Server.start({ ...chartseal, environment: { ...environment, BENCH_LEDGER: 'stubbed' } });
    stopping.push(() => stubbed.stop());
    const bare = await Server.start({
      script: join(__dirname, 'bare/server.js'),
      folder: home,
      environment: { DATABASE_URL: postgres.urls.owner },
    });
    stopping.push(() => bare.stop());
    resumeOnSignal([first, stubbed, bare]);
    const arena = new Arena(
      { chartseal: first, stubbed, bare },
      sample,
      await versionsNow(postgres.urls.owner),
      postgres.urls.owner,
    );
    stopping.push(() => arena.close());

    await arena.settle(options.only);
    const measured = await arena.rounds(options);
    const { rss } = await arena.alone('chartseal', () => first.ask<Usage>('usage'));
    const megabytes = Math.round(rss / 2 ** 20);
    return {
      at: new Date().toISOString(),
      machine: machine(),
      settings: {
        rounds: options.rounds,
        seconds: options.seconds,
        patients: sample.patients.length,
        profiled: options.profile,
      },
      cases: measured.map(([one, rounds]) => resultOf(one, rounds)),
      others: [
        bound('Memory of the server after the run', megabytes, 'MB', MEMORY_MB),
        bound('Ready on an initialised database, starting PostgreSQL', Math.round(first.readyMs), 'ms', READY_MS),
        bound('Ready beside a running PostgreSQL', Math.round(stubbed.readyMs), 'ms', READY_MS),
      ],
      hotspots: await arena.hotspots(options, options.keep && join(home, `${options.profile}.cpuprofile`)),
    };
  } finally {
    for (const stop of stopping.reverse()) await stop();
  }
}

/** The servers and the load generator; only the server being measured runs, the others are halted. */
class Arena {
  private readonly load: ChildProcess = fork(join(__dirname, 'load.js'));
  private token = '';

  constructor(
    private readonly servers: Record<Side, Server>,
    private readonly sample: Sample,
    known: Record<string, Known[]>,
    private readonly databaseUrl: string,
  ) {
    this.load.send({ sample, known } satisfies LoadMessage);
    for (const server of Object.values(servers)) server.suspend();
  }

  /**
   * Waits for Chartseal's first look through the whole log, and runs each case until its code is compiled: what a server
   * that has been up for a minute has behind it.
   */
  async settle(only: readonly string[]): Promise<void> {
    for (const side of ['chartseal', 'stubbed'] as const) await this.alone(side, verified);
    await this.signIn();
    for (const { name, over, under } of cases.filter((one) => only.includes(one.name))) {
      for (const side of [over, under]) {
        await this.alone(side, () => this.drive(side, name, SETTLE_SECONDS));
        if (side === 'chartseal') await this.alone(side, () => this.sealed());
      }
    }
  }

  /** All cases in turn, and that several times over, so that a busy spell of the machine spoils a round and not a case. */
  async rounds({ rounds, seconds, only }: Options): Promise<[BenchCase, Round[]][]> {
    const measured = cases.filter(({ name }) => only.includes(name)).map((one): [BenchCase, Round[]] => [one, []]);
    for (let round = 0; round < rounds; round++) {
      process.stderr.write(`Round ${round + 1} of ${rounds}\n`);
      await this.signIn();
      for (const [one, done] of measured) {
        const sides = round % 2 === 0 ? [one.over, one.under] : [one.under, one.over];
        const reached = new Map<Side, Measured>();
        for (const side of sides) reached.set(side, await this.measure(side, one.name, seconds));
        done.push({ over: reached.get(one.over)!, under: reached.get(one.under)! });
      }
    }
    return measured;
  }

  /** Profiles one case; the whole profile goes to `file`, for Chrome's developer tools. */
  async hotspots({ profile: caseName, seconds }: Options, file: string | null): Promise<Hotspot[]> {
    await this.signIn();
    return this.alone('chartseal', async (server) => {
      await this.drive('chartseal', caseName, WARM_UP_SECONDS);
      await server.ask('profile');
      await this.drive('chartseal', caseName, seconds);
      const { profile } = await server.ask<{ profile: Profiler.Profile }>('profiled');
      if (file) await writeFile(file, JSON.stringify(profile));
      return hottest(profile, HOTSPOTS);
    });
  }

  /** Does something with one server running. */
  async alone<T>(side: Side, work: (server: Server) => Promise<T>): Promise<T> {
    const server = this.servers[side];
    server.resume();
    try {
      return await work(server);
    } finally {
      server.suspend();
    }
  }

  async close(): Promise<void> {
    this.load.disconnect();
    await once(this.load, 'exit');
  }

  private async measure(side: Side, caseName: string, seconds: number): Promise<Measured> {
    return this.alone(side, async (server) => {
      await this.drive(side, caseName, WARM_UP_SECONDS);
      const before = await server.ask<Usage>('usage');
      const reached = await this.drive(side, caseName, seconds);
      const after = await server.ask<Usage>('usage');
      if (side === 'chartseal') await this.sealed();
      return { ...reached, cpuPerRequest: (after.cpu - before.cpu) / reached.answered };
    });
  }

  private async drive(side: Side, caseName: string, seconds: number): Promise<Reached> {
    const { url } = this.servers[side];
    const token = side === 'bare' ? null : this.token;
    const done = once(this.load, 'message');
    // Both variants of Chartseal write the same rows, so they share the versions of what is edited.
    const stretch: Stretch = { url, token, caseName, seconds, side: side === 'bare' ? 'bare' : 'chartseal' };
    this.load.send({ stretch } satisfies LoadMessage);
    return (await done)[0] as Reached;
  }

  /** Waits until the ledger has sealed what it was given: that work is not to fall into the time of others. */
  private async sealed(): Promise<void> {
    const client = new Client({ connectionString: this.databaseUrl });
    await client.connect();
    try {
      for (const giveUp = Date.now() + 20_000; Date.now() < giveUp; await pause(100)) {
        const { rowCount } = await client.query('SELECT FROM audit_pending LIMIT 1');
        if (rowCount === 0) return;
      }
    } finally {
      await client.end();
    }
  }

  /** An access token lives 15 minutes; a round is shorter. */
  private async signIn(): Promise<void> {
    const query = 'mutation SignIn($input: SignInInput!) { signIn(input: $input) { accessToken } }';
    await this.alone('chartseal', async ({ url }) => {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables: { input: this.sample.doctor } }),
      });
      const { data } = (await response.json()) as { data?: { signIn?: { accessToken: string } } };
      if (!data?.signIn) throw new Error('The doctor cannot sign in.');
      this.token = data.signIn.accessToken;
    });
  }
}

/** Versions of a kept hospital's patients have grown in earlier runs. */
async function versionsNow(databaseUrl: string): Promise<Record<string, Known[]>> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const of = async (table: string) => (await client.query<Known>(`SELECT id, version FROM ${table}`)).rows;
    return { chartseal: await of('patient'), bare: await of('bare.patient') };
  } finally {
    await client.end();
  }
}

/** A halted server hears nothing, not even that it should end. */
function resumeOnSignal(servers: Server[]): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      for (const server of servers) server.resume();
      process.exit(1);
    });
  }
}

/** Until the server's own gauge says that it has verified the log. */
async function verified({ url }: Server): Promise<void> {
  for (const giveUp = Date.now() + 120_000; Date.now() < giveUp; await pause(200)) {
    const metrics = await fetch(`${url}/metrics`).then((response) => response.text());
    if (/^chartseal_audit_log_intact 1$/m.test(metrics)) return;
  }
  throw new Error('The log of the bench does not verify.');
}

function bound(what: string, reached: number, unit: string, goal: number): Bound {
  return { what, reached, unit, goal, met: reached < goal };
}
