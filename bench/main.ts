import { writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Profiler } from 'node:inspector/promises';
import { useEmbeddedPostgres } from '../server/database/embedded';
import type { Usage } from './answer-bench';
import { Arena, WARM_UP_SECONDS } from './arena';
import { caseNamed, type BenchCase, type Side } from './cases';
import { runScript, Server } from './children';
import { inHome } from './home';
import { readSample, samplePath } from './hospital';
import { readOptions, type Options } from './options';
import { hottest, type Hotspot } from './profile';
import { machine, print, resultOf, type Bound, type Measured, type Results, type Round } from './report';

const RESULTS = resolve(__dirname, '../../bench/results.json');
const MEMORY_MB = 300;
const READY_MS = 2_000;
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
    const sides = { chartseal: [first], stubbed: [stubbed], bare: [bare] };
    const arena = await Arena.open({ sides, sample, databaseUrl: postgres.urls.owner });
    stopping.push(() => arena.close());

    await arena.settle(options.only.map(caseNamed));
    const measured = await inRounds(arena, options);
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
      hotspots: await hotspots(arena, options, options.keep && join(home, `${options.profile}.cpuprofile`)),
    };
  } finally {
    for (const stop of stopping.reverse()) await stop();
  }
}

/** All cases in turn, and that several times over, so that a busy spell of the machine spoils a round and not a case. */
async function inRounds(arena: Arena, { rounds, seconds, only }: Options): Promise<[BenchCase, Round[]][]> {
  const measured = only.map((name): [BenchCase, Round[]] => [caseNamed(name), []]);
  for (let round = 0; round < rounds; round++) {
    process.stderr.write(`Round ${round + 1} of ${rounds}\n`);
    await arena.signIn();
    for (const [one, done] of measured) {
      const sides = round % 2 === 0 ? [one.over, one.under] : [one.under, one.over];
      const reached = new Map<Side, Measured>();
      for (const side of sides) reached.set(side, await arena.measure(side, one.name, seconds));
      done.push({ over: reached.get(one.over)!, under: reached.get(one.under)! });
    }
  }
  return measured;
}

/** Profiles one case; the whole profile goes to `file`, for Chrome's developer tools. */
async function hotspots(arena: Arena, options: Options, file: string | null): Promise<Hotspot[]> {
  const { profile: caseName, seconds } = options;
  await arena.signIn();
  return arena.alone('chartseal', async ([server]) => {
    await arena.drive('chartseal', caseName, WARM_UP_SECONDS);
    await server!.ask('profile');
    await arena.drive('chartseal', caseName, seconds);
    const { profile } = await server!.ask<{ profile: Profiler.Profile }>('profiled');
    if (file) await writeFile(file, JSON.stringify(profile));
    return hottest(profile, HOTSPOTS);
  });
}

function bound(what: string, reached: number, unit: string, goal: number): Bound {
  return { what, reached, unit, goal, met: reached < goal };
}
