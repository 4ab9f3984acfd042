/** What a caller may use up in a minute; null: as much as they like. */
export interface Allowance {
  requestsPerMinute: number | null;
  /** Sum of the costs of their documents. */
  costPerMinute: number | null;
}

const MINUTE_MS = 60_000;
/** How much of a budget one server may grant before it has heard from the others: a tenth. */
const CHUNK_MS = MINUTE_MS / 10;
/** Nobody owes more, whatever servers granted at once or clocks did: a minute, and the chunk granted beyond it. */
export const DEEPEST_MS = MINUTE_MS + CHUNK_MS;
/** Floating point must not take one away from who has all. */
const ROUNDING = 1e-6;

/**
 * One budget that fills up steadily, from empty to full in a minute, kept as the moment at which everything used up will have
 * come back (the theoretical arrival time of the generic cell rate algorithm): one number, which needs no limit to be stored,
 * and to which servers can only add.
 */
export class Meter {
  /** In milliseconds since 1970. */
  private paidAt = 0;
  /** What the other servers have not heard of, in milliseconds. */
  untold = 0;

  /** How much is used up, in milliseconds. */
  debt(now: number): number {
    this.paidAt = Math.min(this.paidAt, now + DEEPEST_MS); // the clock may have been set back
    return Math.max(0, this.paidAt - now);
  }

  take(ms: number, now: number): void {
    this.paidAt = Math.max(this.paidAt, now) + ms;
    this.untold += ms;
  }

  /** Learns how all servers together stand, `told` of ours included; what was taken since comes on top. */
  hear(paidAt: number, told: number): void {
    this.untold = Math.max(0, this.untold - told);
    this.paidAt = paidAt + this.untold;
  }
}

/** What a request and its cost are of the budgets, in milliseconds; 0 where there is none. */
export function billOf(cost: number, { requestsPerMinute, costPerMinute }: Allowance) {
  return {
    requests: requestsPerMinute === null ? 0 : MINUTE_MS / requestsPerMinute,
    cost: costPerMinute === null ? 0 : (cost / costPerMinute) * MINUTE_MS,
  };
}

/**
 * True when this may be granted without asking the others.
 *
 * @param heard whether they were asked just now: then also what is dearer than a chunk, one at a time
 */
export function fits(ms: number, meter: Meter, heard: boolean): boolean {
  return meter.untold + ms <= CHUNK_MS || (heard && meter.untold === 0);
}

/** Whole seconds until there is enough; what is more than a minute's budget is waited for in vain, a minute at a time. */
export function waitFor(ms: number, meter: Meter, now: number): number {
  const missing = ms === 0 ? 0 : meter.debt(now) + ms - MINUTE_MS;
  return missing <= ROUNDING ? 0 : Math.min(MINUTE_MS / 1000, Math.ceil(missing / 1000));
}

/** What is left of a budget, in its own unit. */
export function leftOf(perMinute: number, meter: Meter, now: number): number {
  return Math.max(0, Math.floor((1 - meter.debt(now) / MINUTE_MS) * perMinute + ROUNDING));
}
