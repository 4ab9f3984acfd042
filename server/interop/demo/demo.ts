import { rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { backlogBelow } from '../../audit';
import { runIn } from '../../crypto/access-scope';
import { systemContext } from '../../graphql/context';
import { inParallel } from '../../platform/in-parallel';
import type { Hospital } from '../hospital';
import { freeNumbers, inGroups } from './free-numbers';
import { ensureStaff, type DemoAccount } from './staff';
import { writeGroup } from './write-group';

/** Patients of the demo hospital. */
const PATIENTS = 60;
/** Patients of one transaction: the cost of its statements is spread thin, and others wait for its counters for moments only. */
const TOGETHER = 100;
/** Transactions at a time: while one waits for PostgreSQL another seals. */
const AT_A_TIME = 3;
/** Entries that may wait to be sealed, some three seconds' work of the sealer; then loading waits for it. */
const MOST_PENDING = 20_000;

export type OnProgress = (done: number, total: number) => void;

/** True for a hospital without anybody in it, and for one whose demo was cut short. */
export async function demoIsWanted({ base, config }: Hospital): Promise<boolean> {
  if (existsSync(unfinished(config.dataDir))) return true;
  const [row] = await base.dataSource.query<{ empty: boolean }[]>(
    'SELECT NOT EXISTS (SELECT FROM app_user) AND NOT EXISTS (SELECT FROM patient) AS empty',
  );
  return row?.empty ?? false;
}

/**
 * Fills the demo hospital: an account for every role, and this many made-up patients in all. What an earlier, interrupted
 * call has made stays as it is.
 */
export async function loadDemo(
  hospital: Hospital,
  { patients = PATIENTS, onProgress }: { patients?: number; onProgress?: OnProgress } = {},
): Promise<DemoAccount[]> {
  const marker = unfinished(hospital.config.dataDir);
  await writeFile(marker, 'The demo hospital is being loaded; the next start goes on with it.\n');
  const numbers: number[] = [];
  for await (const number of freeNumbers(hospital, patients)) numbers.push(number);
  const accounts = await load(hospital, inGroups(numbers, TOGETHER), numbers.length, onProgress);
  await rm(marker, { force: true });
  return accounts;
}

/** Adds this many made-up patients to any hospital, and the demo's accounts when they are missing. */
export function addDemoPatients(hospital: Hospital, count: number, onProgress?: OnProgress): Promise<DemoAccount[]> {
  return load(hospital, inGroups(freeNumbers(hospital), TOGETHER, count), count, onProgress);
}

/** A killed load leaves whole patients only: each group is one transaction. */
async function load(
  hospital: Hospital,
  groups: AsyncIterable<number[]>,
  total: number,
  onProgress: OnProgress = () => undefined,
): Promise<DemoAccount[]> {
  const { accounts, actors } = await runIn(systemContext('demo'), () => ensureStaff(hospital, hospital.config.dataDir));
  let done = 0;
  onProgress(done, total);
  await inParallel(AT_A_TIME, groups, async (numbers) => {
    await writeGroup(hospital, numbers, actors);
    await backlogBelow(hospital.base.dataSource, MOST_PENDING);
    done += numbers.length;
    onProgress(done, total);
  });
  return accounts;
}

function unfinished(dataDir: string): string {
  return join(dataDir, 'demo-unfinished');
}
