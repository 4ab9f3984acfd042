import 'reflect-metadata';
import { hash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Pool } from 'pg';
import { count, Progress } from '../server/cli/progress';
import { print, tell } from '../server/cli/with-runtime';
import { readConfig } from '../server/config/config';
import { openDatabase } from '../server/database/open';
import { silentLogger } from '../server/platform/logger';
import { openRuntime, type Runtime } from '../server/runtime';
import { backendSeconds } from './backends';
import { fillLog } from './ledger-log';
import { pages } from './ledger-pages';
import { traffic } from './ledger-traffic';
import { superuserUrl } from './owner';

const MIB = 2 ** 20;

/** Microseconds of this process's processor time that each entry of so many takes. */
async function processorTime(entries: number, work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / entries;
}

/** The leanest loop: leaf, link and one inner node of each entry, the same bytes again and again. */
function bare(entries: number, bytes: number): void {
  const entry = Buffer.alloc(1 + bytes, 'x');
  const pair = Buffer.alloc(65);
  for (let done = 0; done < entries; done += 1) {
    pair.write(hash('sha256', entry, 'binary'), 1, 'latin1');
    pair.write(hash('sha256', pair, 'binary'), 33, 'latin1');
    hash('sha256', pair, 'binary');
  }
}

interface Verified {
  entries: number;
  /** By the clock. */
  seconds: number;
  /** Microseconds of processor time an entry, of this process and of PostgreSQL; null where it cannot be told. */
  node: number;
  postgres: number | null;
  /** MiB by which this process grew at most. */
  grown: number;
}

async function whole({ auditLog }: Runtime, entries: number, pool: Pool): Promise<Verified> {
  const memory = process.memoryUsage.rss();
  const before = await backendSeconds(pool);
  const started = performance.now();
  let most = memory;
  const onProgress = () => (most = Math.max(most, process.memoryUsage.rss()));
  const node = await processorTime(entries, async () => {
    const { word, finding } = await auditLog.verifyAll({ onProgress });
    if (word !== 'OK') throw new Error(`the log does not verify: ${finding}`);
  });
  const seconds = (performance.now() - started) / 1000;
  const after = await backendSeconds(pool);
  const postgres = before === null || after === null ? null : ((after - before) * 1e6) / entries;
  return { entries, seconds, node, postgres, grown: (most - memory) / MIB };
}

async function onward(runtime: Runtime, fill: (entries: number) => Promise<unknown>): Promise<number> {
  const since = runtime.auditLog.verifiedTo;
  await fill(1_000);
  const started = performance.now();
  const { word } = await runtime.auditLog.verifyAll({ since });
  if (word !== 'OK') throw new Error('what is new does not verify');
  return (performance.now() - started) / 1000;
}

/**
 * `npm run bench -- ledger [--only verify|traffic|pages] [--entries N] [--rounds N] [--seconds N] [--keep FOLDER]`: how fast the log
 * verifies, beside a loop that only hashes; what the ledger costs those who read and write; and how fast a long one is looked
 * through (`--only pages --entries 10000000`: give it half an hour and 15 GB).
 */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string' },
      entries: { type: 'string', default: '200000' },
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '4' },
      keep: { type: 'string' },
    },
  });
  const rounds = Number(values.rounds);
  const entries = Number(values.entries);
  const keep = values.keep ?? null;
  const parts: Record<string, () => Promise<void>> = {
    verify: () => verification(entries, rounds),
    traffic: () => traffic({ rounds, seconds: Number(values.seconds), keep }),
    pages: () => pages({ entries, keep }),
  };
  for (const [name, part] of Object.entries(parts)) if (!values.only || values.only === name) await part();
}

function told({ entries, seconds, node, postgres, grown }: Verified, loop: number): string {
  const rate = (microseconds: number) => `${count(Math.round(1e6 / microseconds))}/s`;
  return (
    `processor time an entry: bare loop ${loop.toFixed(2)} µs, verify ${node.toFixed(2)} µs ` +
    `(${(node / loop).toFixed(2)} × the loop's; ${rate(node)} on one core), ` +
    `PostgreSQL ${postgres === null ? 'not known' : `${postgres.toFixed(2)} µs (${rate(node + postgres)} both on one core)`}; ` +
    `by the clock ${count(Math.round(entries / seconds))}/s; memory +${grown.toFixed(0)} MiB`
  );
}

async function verification(entries: number, rounds: number): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'chartseal-ledger-bench-'));
  const config = readConfig({ ...process.env, DATA_DIR: dataDir, DEMO: 'off' });
  const runtime = await openRuntime(config, { logger: silentLogger, say: tell });
  const database = await openDatabase(config, () => undefined);
  const pool = new Pool({ connectionString: (await superuserUrl(database.urls.owner, dataDir)).toString() });
  try {
    const progress = new Progress('Writing entries');
    const fill = (count: number) =>
      fillLog(pool, {
        signingKeyFile: config.logSigningKeyFile,
        count,
        patients: [],
        onProgress: (done) => progress.update(done, count),
      });
    const bytes = await fill(entries);
    progress.finish();
    print(`${count(entries)} entries of ${Math.round(bytes)} bytes`);
    for (let round = 0; round < rounds; round += 1) {
      const loop = () => processorTime(entries, () => bare(entries, Math.round(bytes)));
      const before = await loop();
      const verified = await whole(runtime, entries, pool);
      print(told(verified, (before + (await loop())) / 2));
    }
    print(`1 000 new entries: ${(await onward(runtime, fill)).toFixed(3)} s`);
  } finally {
    await pool.end();
    await database.close();
    await runtime.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}
