import type { Logger } from 'pino';
import type { Foundation } from '../access/foundation';

/** How often what is over is cleared away, in milliseconds. */
const EVERY_MS = 60 * 60_000;
/** How long a session that has ended, and a link nobody can use any more, is kept, in milliseconds. */
const KEEP_MS = 30 * 24 * 60 * 60_000;
/** Rows of one statement: some milliseconds, and nobody waits for them. */
const ROWS = 1_000;
/** Statements of one round: what is left waits for the next. */
const MOST = 50;

/** Each account keeps its newest session: when somebody last signed in is read from it. */
const SESSIONS = `DELETE FROM session WHERE id IN (
  SELECT s.id FROM session s
  WHERE least(s.expires_at, s.ended_at) < $1
    AND EXISTS (SELECT FROM session n WHERE n.user_id = s.user_id AND n.created_at > s.created_at)
  LIMIT $2 FOR UPDATE SKIP LOCKED)`;
const INVITES = `DELETE FROM invite WHERE id IN (
  SELECT id FROM invite WHERE expires_at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED)`;
const PROOFS = `DELETE FROM spent_proof WHERE hash IN (
  SELECT hash FROM spent_proof WHERE expires_at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED)`;

/**
 * Clears away, in the background and a bounded number at a time, what nobody can use any more. The log keeps who signed in
 * and what became of it; several servers may do it at once.
 */
export class IdentityUpkeep {
  private timer: NodeJS.Timeout | null = null;
  private working: Promise<void> = Promise.resolve();

  constructor(private readonly base: Foundation) {}

  /** From now on, each hour, until `close`. */
  watch(logger: Logger): void {
    const round = () => {
      this.working = this.sweep().then(
        () => undefined,
        (error: unknown) => logger.error({ err: error }, 'ended sessions could not be cleared away'),
      );
    };
    round();
    this.timer = setInterval(round, EVERY_MS).unref();
  }

  async close(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.working;
  }

  /** One round; answers how many rows it cleared. */
  async sweep(): Promise<number> {
    const now = this.base.clock.now();
    const before = new Date(now.getTime() - KEEP_MS);
    const counts = [
      await this.clear(SESSIONS, before),
      await this.clear(INVITES, before),
      await this.clear(PROOFS, now),
    ];
    return counts.reduce((sum, count) => sum + count);
  }

  private async clear(sql: string, before: Date): Promise<number> {
    let cleared = 0;
    for (let statement = 0; statement < MOST; statement += 1) {
      const [, count] = await this.base.dataSource.query<[unknown, number]>(sql, [before, ROWS]);
      cleared += count;
      if (count < ROWS) break;
    }
    return cleared;
  }
}
