/** What failures are counted by. */
export type ThrottleKind = 'pair' | 'account' | 'address';

export interface ThrottleState {
  /** Start of the window: the first failure, or the newest one where the rule slides. */
  since: Date;
  failures: number;
  blockedUntil: Date | null;
}

interface ThrottleRule {
  /** Failures after which a pause begins. */
  limit: number;
  /** After this long the count starts anew, in milliseconds. */
  windowMs: number;
  /** True: the window is counted from the newest failure, so that patience alone does not reset it. */
  slides: boolean;
  code: 'LOCKED' | 'RATE_LIMITED';
}

const MINUTE_MS = 60_000;
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 15 * MINUTE_MS;

/** The limits. `pair` stops guessing at one account, `account` guessing from many places, `address` trying many accounts. */
export const rules: Record<ThrottleKind, ThrottleRule> = {
  pair: { limit: 5, windowMs: 60 * MINUTE_MS, slides: true, code: 'LOCKED' },
  account: { limit: 20, windowMs: 60 * MINUTE_MS, slides: true, code: 'LOCKED' },
  address: { limit: 60, windowMs: 15 * MINUTE_MS, slides: false, code: 'RATE_LIMITED' },
};

export interface ThrottleVerdict {
  /** Seconds to wait; null: the attempt may go on. */
  retryAfterSeconds: number | null;
  /** State to store when it goes on: this attempt counted as a failure. */
  next: ThrottleState;
}

/**
 * Judges one more attempt. From the limit on, each failure starts a pause: 30 seconds, doubling to 15 minutes (for an
 * address: to the end of its window).
 */
export function judge(kind: ThrottleKind, state: ThrottleState, now: Date): ThrottleVerdict {
  const rule = rules[kind];
  if (state.blockedUntil && state.blockedUntil > now) {
    const wait = state.blockedUntil.getTime() - now.getTime();
    return { retryAfterSeconds: Math.ceil(wait / 1000), next: state };
  }
  const stale = now.getTime() - state.since.getTime() >= rule.windowMs;
  const failures = stale ? 1 : state.failures + 1;
  const since = stale || rule.slides ? now : state.since;
  const blockedUntil = failures < rule.limit ? null : new Date(pauseEnd(rule, failures, since, now));
  return { retryAfterSeconds: null, next: { since, failures, blockedUntil } };
}

function pauseEnd(rule: ThrottleRule, failures: number, since: Date, now: Date): number {
  if (!rule.slides) return since.getTime() + rule.windowMs;
  return now.getTime() + Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - rule.limit));
}
