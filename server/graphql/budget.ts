import { LRUCache } from 'lru-cache';
import type { Clock } from '../platform/clock';

/** What a caller may use up in a minute; null: as much as they like. */
export interface Allowance {
  requestsPerMinute: number | null;
  /** Sum of the costs of their documents. */
  costPerMinute: number | null;
}

/** What an answer tells in `extensions.cost`. */
export interface CostTold {
  /** Of this document. */
  requested: number;
  /** What is left of the minute's budget after it; null without one. */
  budgetLeft: number | null;
  /** The minute's budget; null without one. */
  limit: number | null;
}

export interface Spent {
  told: CostTold;
  /** Seconds until there is enough for this document; 0: it was paid for. */
  retryAfterSeconds: number;
}

const MINUTE_SECONDS = 60;
/** Callers remembered; who is forgotten begins with a full budget. */
const MOST_CALLERS = 20_000;

/** A budget that fills up steadily: empty to full in a minute (token bucket). */
interface Bucket {
  left: number;
  /** When `left` was true, in milliseconds. */
  at: number;
}

interface Purse {
  requests: Bucket;
  cost: Bucket;
}

/**
 * What each caller has left. It is kept in this process and asks nothing of the database: a caller of several servers has
 * as many budgets (decision 31).
 */
export class Budgets {
  private readonly purses = new LRUCache<string, Purse>({ max: MOST_CALLERS });

  constructor(private readonly clock: Clock) {}

  /** Takes one request and its cost from the caller's budget, or takes nothing and says how long to wait. */
  spend(caller: string, cost: number, { requestsPerMinute, costPerMinute }: Allowance): Spent {
    const now = this.clock.now().getTime();
    const purse = this.purses.get(caller);
    const requests = filled(purse?.requests, requestsPerMinute ?? Infinity, now);
    const costs = filled(purse?.cost, costPerMinute ?? Infinity, now);
    const retryAfterSeconds = Math.max(
      waitFor(1, requests, requestsPerMinute ?? Infinity),
      waitFor(cost, costs, costPerMinute ?? Infinity),
    );
    if (retryAfterSeconds === 0) {
      requests.left -= 1;
      costs.left -= cost;
    }
    this.purses.set(caller, { requests, cost: costs });
    const budgetLeft = costPerMinute === null ? null : Math.floor(costs.left);
    return { told: { requested: cost, budgetLeft, limit: costPerMinute }, retryAfterSeconds };
  }
}

function filled(bucket: Bucket | undefined, perMinute: number, now: number): Bucket {
  if (!bucket || perMinute === Infinity) return { left: perMinute, at: now };
  const refill = (Math.max(0, now - bucket.at) / 1000) * (perMinute / MINUTE_SECONDS);
  return { left: Math.min(perMinute, bucket.left + refill), at: now };
}

/** Whole seconds; what is more than a minute's budget is waited for in vain, a minute at a time. */
function waitFor(wanted: number, { left }: Bucket, perMinute: number): number {
  if (wanted <= left) return 0;
  return Math.min(MINUTE_SECONDS, Math.ceil(((wanted - left) / perMinute) * MINUTE_SECONDS));
}
