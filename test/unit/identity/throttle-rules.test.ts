import { judge, rules, type ThrottleKind, type ThrottleState } from '../../../server/identity/throttle-rules';

const start = new Date('2026-03-01T08:00:00Z');
const later = (seconds: number) => new Date(start.getTime() + seconds * 1000);
const unknown: ThrottleState = { since: start, failures: 0, blockedUntil: null };

/** The state after so many failures, each as soon as it was allowed. */
function after(kind: ThrottleKind, failures: number): { state: ThrottleState; now: Date } {
  let state = unknown;
  let now = start;
  for (let count = 0; count < failures; count += 1) {
    if (state.blockedUntil && state.blockedUntil > now) now = state.blockedUntil;
    const verdict = judge(kind, state, now);
    expect(verdict.retryAfterSeconds).toBeNull();
    state = verdict.next;
  }
  return { state, now };
}

describe('throttle rules', () => {
  test('the fifth failure of a pair starts a pause of 30 seconds, doubling to 15 minutes', () => {
    expect(after('pair', 4).state.blockedUntil).toBeNull();
    const pauses = [5, 6, 7, 8, 9, 10, 11, 12].map((failures) => {
      const { state, now } = after('pair', failures);
      return judge('pair', state, now).retryAfterSeconds;
    });
    expect(pauses).toEqual([30, 60, 120, 240, 480, 900, 900, 900]);
  });

  test('a refused attempt changes nothing', () => {
    const { state, now } = after('pair', 5);
    expect(judge('pair', state, now).next).toBe(state);
  });

  test('an hour without a failure is forgotten, a patient guesser is not', () => {
    const { state } = after('pair', 4);
    expect(judge('pair', state, later(3599)).next.failures).toBe(5);
    expect(judge('pair', state, later(3600)).next).toEqual({ since: later(3600), failures: 1, blockedUntil: null });
    const slow = judge('pair', { since: later(3000), failures: 4, blockedUntil: null }, later(6000)).next;
    expect(slow.failures).toBe(5);
  });

  test('twenty failures from anywhere pause the account', () => {
    expect(after('account', 19).state.blockedUntil).toBeNull();
    expect(after('account', 20).state.blockedUntil).not.toBeNull();
    expect(rules.account.code).toBe('LOCKED');
  });

  test('sixty failures pause an address to the end of its quarter of an hour', () => {
    const { state, now } = after('address', 60);
    expect(judge('address', state, now).retryAfterSeconds).toBe(900);
    expect(judge('address', state, later(600)).retryAfterSeconds).toBe(300);
    expect(judge('address', state, later(900)).next.failures).toBe(1);
    expect(rules.address.code).toBe('RATE_LIMITED');
  });
});
