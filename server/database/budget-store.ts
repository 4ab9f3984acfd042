import { createHmac } from 'node:crypto';
import type { Pool } from 'pg';
import type { BudgetStore, PaidAt, Spending } from '../graphql/budget';
import { DEEPEST_MS } from '../graphql/budget-meter';

interface Row {
  key: Buffer;
  requests: number;
  cost: number;
}

const FOLD = `
  INSERT INTO caller_budget AS b (key, since, requests_paid_at, cost_paid_at)
  SELECT key, since, since + requests, since + cost
  FROM unnest($1::bytea[], $2::float8[], $3::float8[], $4::float8[]) AS spent(key, since, requests, cost)
  ON CONFLICT (key) DO UPDATE SET
    since = excluded.since,
    requests_paid_at = least(greatest(b.requests_paid_at, excluded.since) + excluded.requests_paid_at - excluded.since, $5),
    cost_paid_at = least(greatest(b.cost_paid_at, excluded.since) + excluded.cost_paid_at - excluded.since, $5)
  RETURNING key, requests_paid_at AS requests, cost_paid_at AS cost`;
const SWEEP = `DELETE FROM caller_budget WHERE key IN (
  SELECT key FROM caller_budget WHERE greatest(requests_paid_at, cost_paid_at) < $1 FOR UPDATE SKIP LOCKED
)`;
const SWEEP_EVERY = 64;

/**
 * Budgets shared through PostgreSQL, in an unlogged table: after a crash of the database everybody begins anew. Callers are
 * named by keyed hashes. Times are those of the servers, which must agree to within seconds, as they must for the log.
 */
export class StoredBudgets implements BudgetStore {
  private folds = 0;

  /** @param secret 32 bytes, derived for this purpose alone */
  constructor(
    private readonly pool: Pool,
    private readonly secret: Buffer,
  ) {}

  async fold(spendings: readonly Spending[], now: number): Promise<PaidAt[]> {
    const keyed = spendings.map((spending) => ({ ...spending, key: this.keyOf(spending.caller) }));
    keyed.sort((one, other) => Buffer.compare(one.key, other.key)); // two servers never wait for each other's rows crosswise
    const values = [
      keyed.map(({ key }) => key),
      keyed.map(({ since }) => since),
      keyed.map(({ requests }) => requests),
      keyed.map(({ cost }) => cost),
      now + DEEPEST_MS,
    ];
    const { rows } = await this.pool.query<Row>({ name: 'fold budgets', text: FOLD, values });
    if ((this.folds += 1) % SWEEP_EVERY === 0) await this.pool.query(SWEEP, [now]);
    const standing = new Map(rows.map(({ key, ...paidAt }) => [key.toString('hex'), paidAt]));
    return spendings.map(({ caller }) => standing.get(this.keyOf(caller).toString('hex'))!);
  }

  private keyOf(caller: string): Buffer {
    return createHmac('sha256', this.secret).update(caller).digest().subarray(0, 16);
  }
}
