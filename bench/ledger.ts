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
import { fillLog } from './ledger-log';
import { pages } from './ledger-pages';
import { traffic } from './ledger-traffic';
import { superuserUrl } from './owner';

const MIB = 2 ** 20;

/** Entries per second of the leanest loop: leaf, link and one inner node of each, the same bytes again and again. */
function bare(entries: number, bytes: number): number {
  const entry = Buffer.alloc(1 + bytes, 'x');
  const pair = Buffer.alloc(65);
  const started = performance.now();
  for (let done = 0; done < entries; done += 1) {
    pair.write(hash('sha256', entry, 'binary'), 1, 'latin1');
    pair.write(hash('sha256', pair, 'binary'), 33, 'latin1');
    hash('sha256', pair, 'binary');
  }
  return entries / ((performance.now() - started) / 1000);
}

async function whole({ auditLog }: Runtime): Promise<{ perSecond: number; core: number; grown: number }> {
  const memory = process.memoryUsage.rss();
  const cpu = process.cpuUsage();
  const started = performance.now();
  let most = memory;
  const verdict = await auditLog.verifyAll({ onProgress: () => (most = Math.max(most, process.memoryUsage.rss())) });
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  if (verdict.word !== 'OK') throw new Error(`the log does not verify: ${verdict.finding}`);
  return {
    perSecond: verdict.size / seconds,
    core: verdict.size / ((user + system) / 1e6),
    grown: (most - memory) / MIB,
  };
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
      const before = bare(entries, Math.round(bytes));
      const { perSecond, core, grown } = await whole(runtime);
      const loop = (before + bare(entries, Math.round(bytes))) / 2;
      print(
        `bare loop ${count(Math.round(loop))}/s, verify ${count(Math.round(perSecond))}/s ` +
          `(${(loop / perSecond).toFixed(2)} × the loop's time), a core fully used ${count(Math.round(core))}/s, ` +
          `memory +${grown.toFixed(0)} MiB`,
      );
    }
    print(`1 000 new entries: ${(await onward(runtime, fill)).toFixed(3)} s`);
  } finally {
    await pool.end();
    await database.close();
    await runtime.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}
