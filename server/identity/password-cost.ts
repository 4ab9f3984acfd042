import { hash } from 'bcrypt';
import type { DataSource } from 'typeorm';

/** What one check should cost on this machine, in milliseconds: dear for who guesses, bearable for who knows. */
const TARGET_MS = 200;
const PROBE_COST = 8;
const LEAST_COST = 10;
const HIGHEST_COST = 15;

/**
 * The cost passwords are hashed with in this hospital; on the first start, one that suits the machine. Measured once rather
 * than at each start, so that checking an unknown address stays as slow as checking a known one.
 */
export async function costInUse(dataSource: DataSource): Promise<number> {
  const [row] = await dataSource.query<{ cost: number | null }[]>(
    'SELECT max(substr(password_hash, 5, 2)::integer) AS cost FROM app_user',
  );
  return row?.cost ?? calibrateCost();
}

/** The bcrypt cost at which one check takes about 200 ms on this machine, at least 10. */
export async function calibrateCost(): Promise<number> {
  const times = [await timeOf(PROBE_COST), await timeOf(PROBE_COST), await timeOf(PROBE_COST)];
  const cost = PROBE_COST + Math.round(Math.log2(TARGET_MS / Math.min(...times)));
  return Math.min(HIGHEST_COST, Math.max(LEAST_COST, cost));
}

async function timeOf(cost: number): Promise<number> {
  const start = performance.now();
  await hash('calibration', cost);
  return performance.now() - start;
}
