import 'reflect-metadata';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Pool } from 'pg';
import { count } from '../server/cli/progress';
import { processConfig } from '../server/config/environment';
import { poolOf } from '../server/database/reader';
import { addDemoPatients } from '../server/interop';
import { silentLogger } from '../server/platform/logger';
import { openRuntime } from '../server/runtime';
import { backendSeconds } from './backends';
import { inHome } from './home';
import { machine, printTable } from './report';

const RESULTS = resolve(__dirname, '../../bench/results-load.json');
/** A patient may cost this much more in the last stretch than in the first. */
const MOST_DEARER = 1.3;

/** One stretch of the load. */
interface Stretch {
  patients: number;
  perSecond: number;
  /** Processor milliseconds for one patient, here and in PostgreSQL. */
  nodeMs: number;
  postgresMs: number | null;
  /** Entries not sealed yet at its end. */
  pending: number;
  /** Megabytes resident at its end. */
  memory: number;
}

interface Moment {
  at: number;
  done: number;
  cpu: number;
  postgres: number | null;
}

/** `npm run bench -- load [--patients N] [--window N] [--keep FOLDER]`: loads made-up patients and measures each stretch. */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      patients: { type: 'string', default: '20000' },
      window: { type: 'string' },
      keep: { type: 'string' },
    },
  });
  const patients = Number(values.patients);
  const window = Number(values.window ?? Math.min(10_000, Math.ceil(patients / 4)));
  await inHome(values.keep ?? null, async (home) => {
    process.env.DATA_DIR = join(home, 'var');
    process.env.DEMO = 'off';
    const stretches = await load(patients, window);
    const ratio = costOf(stretches.at(-1)!) / costOf(stretches[0]!);
    console.log(`\n${machine()}; memory at most ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`);
    console.log(
      `A patient of the last stretch costs ${ratio.toFixed(2)} times one of the first (goal: at most ${MOST_DEARER})`,
    );
    await writeFile(RESULTS, `${JSON.stringify({ machine: machine(), ratio, stretches }, null, 2)}\n`);
    console.log(`Written to ${RESULTS}`);
  });
}

async function load(patients: number, window: number): Promise<Stretch[]> {
  const runtime = await openRuntime(processConfig(), { logger: silentLogger });
  try {
    const pool = poolOf(runtime.dataSource);
    const stretches: Stretch[] = [];
    let from = await momentOf(pool, 0);
    let next = window;
    let measuring: Promise<void> = Promise.resolve();
    printTable([HEAD]);
    await addDemoPatients(runtime, patients, (done) => {
      if (done < Math.min(next, patients)) return;
      next = done + window;
      measuring = measuring.then(async () => {
        const to = await momentOf(pool, done);
        stretches.push(await stretchOf(pool, from, to));
        printTable([rowOf(done, stretches.at(-1)!)]);
        from = to;
      });
    });
    await measuring;
    return stretches;
  } finally {
    await runtime.close();
  }
}

async function momentOf(pool: Pool, done: number): Promise<Moment> {
  const at = performance.now();
  const { user, system } = process.cpuUsage();
  return { at, done, cpu: (user + system) / 1000, postgres: await backendSeconds(pool) };
}

async function stretchOf(pool: Pool, from: Moment, to: Moment): Promise<Stretch> {
  const patients = to.done - from.done;
  const { rows } = await pool.query<{ n: string }>('SELECT count(*) AS n FROM audit_pending');
  return {
    patients,
    perSecond: Math.round((patients * 1000) / (to.at - from.at)),
    nodeMs: rounded((to.cpu - from.cpu) / patients),
    postgresMs: from.postgres === null ? null : rounded(((to.postgres! - from.postgres) * 1000) / patients),
    pending: Number(rows[0]!.n),
    memory: Math.round(process.memoryUsage.rss() / 2 ** 20),
  };
}

/** Processor time where PostgreSQL's can be read, as it is the same on a busy machine; else time by the clock. */
function costOf({ perSecond, nodeMs, postgresMs }: Stretch): number {
  return postgresMs === null ? 1000 / perSecond : nodeMs + postgresMs;
}

const HEAD = ['    Patients', 'per second', 'node ms', 'postgres ms', 'unsealed', 'memory MB'];

function rowOf(done: number, { perSecond, nodeMs, postgresMs, pending, memory }: Stretch): string[] {
  const cells = [
    count(done),
    String(perSecond),
    nodeMs.toFixed(2),
    postgresMs?.toFixed(2) ?? '-',
    count(pending),
    String(memory),
  ];
  return cells.map((cell, place) => cell.padStart(HEAD[place]!.length));
}

function rounded(figure: number): number {
  return Number(figure.toFixed(3));
}
