import { createHmac } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { ChartsealError } from '../graphql/errors';
import type { Clock } from '../platform/clock';
import { network } from '../platform/network';
import { judge, rules, type ThrottleKind, type ThrottleState, type ThrottleVerdict } from './throttle-rules';

interface CountedKey {
  kind: ThrottleKind;
  key: Buffer;
}

/** One attempt, counted as a failure until it is told to have succeeded. */
export interface Attempt {
  readonly keys: readonly CountedKey[];
  /** True when this attempt, should it fail, starts a pause. */
  readonly pauses: boolean;
}

interface RawState {
  key: Buffer;
  since: Date;
  failures: number;
  blocked_until: Date | null;
  succeeded_at: Date | null;
}

interface KnownState extends ThrottleState {
  /** When this account was last signed in to from this address. */
  succeededAt: Date | null;
}

const WELCOME = 'UPDATE sign_in_throttle SET failures = 0, blocked_until = NULL, succeeded_at = $2 WHERE key = $1';
const FORGIVE = 'UPDATE sign_in_throttle SET failures = greatest(failures - 1, 0), blocked_until = NULL WHERE key = $1';
const SWEEP = `DELETE FROM sign_in_throttle WHERE key IN (
  SELECT key FROM sign_in_throttle WHERE since < $1 AND (succeeded_at IS NULL OR succeeded_at < $2) FOR UPDATE SKIP LOCKED
)`;

/** Rows older than this say nothing any more. */
const KEEP_MS = 24 * 60 * 60 * 1000;
/** How long a place is remembered from which an account was signed in to, in milliseconds. */
const KNOWN_MS = 30 * 24 * 60 * 60 * 1000;
const SWEEP_CHANCE = 1 / 64;

/**
 * Slows down guessing: per account and address together, per account, per address. A place from which an account was signed in
 * to within a month is bound by the first alone, so that nobody can lock a ward out by guessing. It lives in the database, so several
 * servers share it, and counts accounts that do not exist like those that do. Keys are keyed hashes: the table names nobody.
 */
export class SignInThrottle {
  /** @param secret 32 bytes, derived for this purpose alone */
  constructor(
    private readonly dataSource: DataSource,
    private readonly secret: Buffer,
    private readonly clock: Clock,
  ) {}

  /**
   * Counts an attempt before the password is looked at, so that many at once cannot slip through together.
   * Throws RATE_LIMITED or LOCKED, with `retryAfterSeconds`, while a pause lasts; what is refused so is not counted.
   */
  async begin(account: Buffer, address: string | null): Promise<Attempt> {
    const now = this.clock.now();
    const keys = this.keysOf(account, address);
    const attempt = await this.dataSource.transaction(async (manager) => {
      const states = await this.lockStates(manager, keys, now);
      const verdicts = keys.map(({ kind }, position) => judge(kind, states[position]!, now));
      const known = keys.some(({ kind }, position) => kind === 'pair' && isKnown(states[position]!, now));
      demandNoPause(keys, verdicts, known);
      await manager.query(
        `UPDATE sign_in_throttle t SET since = n.since, failures = n.failures, blocked_until = n.blocked_until
         FROM unnest($1::bytea[], $2::timestamptz[], $3::integer[], $4::timestamptz[]) AS n(key, since, failures, blocked_until)
         WHERE t.key = n.key`,
        [
          keys.map(({ key }) => key),
          verdicts.map(({ next }) => next.since),
          verdicts.map(({ next }) => next.failures),
          verdicts.map(({ next }) => next.blockedUntil),
        ],
      );
      return {
        keys: keys.filter((_, position) => verdicts[position]!.retryAfterSeconds === null),
        pauses: verdicts.some(({ next }, at) => next.blockedUntil !== null && rules[keys[at]!.kind].code === 'LOCKED'),
      };
    });
    if (Math.random() < SWEEP_CHANCE) await this.sweep(now);
    return attempt;
  }

  /**
   * Forgets the failures of this account from this address and remembers it as a known place, and takes this attempt back
   * from the wider counts.
   */
  async succeeded(attempt: Attempt): Promise<void> {
    // One statement each: two rows locked in one go, in whatever order, could wait for an attempt that has them the other way.
    for (const { kind, key } of attempt.keys) {
      if (kind === 'pair') await this.dataSource.query(WELCOME, [key, this.clock.now()]);
      else await this.dataSource.query(FORGIVE, [key]);
    }
  }

  /** In the keys' order, whoever comes, so that two attempts never wait for each other. */
  private keysOf(account: Buffer, address: string | null): CountedKey[] {
    const from = address === null ? 'nowhere' : network(address);
    const keys: CountedKey[] = [
      { kind: 'pair', key: this.keyOf(`pair|${account.toString('hex')}|${from}`) },
      { kind: 'account', key: this.keyOf(`account|${account.toString('hex')}`) },
    ];
    if (address !== null) keys.push({ kind: 'address', key: this.keyOf(`address|${from}`) });
    return keys.sort((one, other) => Buffer.compare(one.key, other.key));
  }

  private keyOf(text: string): Buffer {
    return createHmac('sha256', this.secret).update(text).digest().subarray(0, 16);
  }

  private async lockStates(manager: EntityManager, keys: CountedKey[], now: Date): Promise<KnownState[]> {
    const rows = await manager.query<RawState[]>(
      `INSERT INTO sign_in_throttle AS t (key, since, failures) SELECT key, $2, 0 FROM unnest($1::bytea[]) AS wanted(key)
       ON CONFLICT (key) DO UPDATE SET failures = t.failures
       RETURNING key, since, failures, blocked_until, succeeded_at`,
      [keys.map(({ key }) => key), now],
    );
    return keys.map(({ key }) => {
      const row = rows.find((candidate) => candidate.key.equals(key))!;
      const { since, failures, blocked_until: blockedUntil, succeeded_at: succeededAt } = row;
      return { since, failures, blockedUntil, succeededAt };
    });
  }

  private async sweep(now: Date): Promise<void> {
    const [kept, known] = [KEEP_MS, KNOWN_MS].map((age) => new Date(now.getTime() - age));
    await this.dataSource.query(SWEEP, [kept, known]);
  }
}

/**
 * Throws the first pause that binds this attempt. Others' guesses, from the same ward or from everywhere, must not shut out who
 * works here every day: at a known place only that account's own count does.
 */
function demandNoPause(keys: readonly CountedKey[], verdicts: readonly ThrottleVerdict[], known: boolean): void {
  verdicts.forEach(({ retryAfterSeconds }, position) => {
    const { kind } = keys[position]!;
    if (retryAfterSeconds === null || (known && kind !== 'pair')) return;
    throw new ChartsealError(rules[kind].code, undefined, { retryAfterSeconds });
  });
}

function isKnown({ succeededAt }: KnownState, now: Date): boolean {
  return succeededAt !== null && now.getTime() - succeededAt.getTime() < KNOWN_MS;
}
