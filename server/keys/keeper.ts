import type { Logger } from 'pino';
import type { Foundation } from '../access/foundation';
import { advisoryLocks } from '../database/advisory-locks';
import { SessionLock } from '../database/session-lock';
import { catalogueFaults, takeCensus } from './census';
import type { KeyJobs } from './key-jobs';
import { destroyRetiredKeys } from './retired-keys';

/** How often replaced keys and orphaned jobs are looked after. */
const ROUND_MS = 60_000;
const CENSUS_IS_OLD = "coalesce(max(counted_at) < now() - interval '1 day', true)";

/**
 * What every server does for its keys in the background: takes up a job whose process died, destroys keys that were
 * replaced, counts once a day which sealed values have no key. What it finds wrong is an alarm in the server's log.
 */
export class KeyKeeper {
  private readonly lock: SessionLock;
  private timer: NodeJS.Timeout | null = null;
  private readonly stopping = new AbortController();
  private going: Promise<void> = Promise.resolve();

  constructor(
    private readonly base: Foundation,
    private readonly jobs: KeyJobs,
    private readonly logger: Logger,
  ) {
    this.lock = new SessionLock(base.dataSource, advisoryLocks.keeping);
  }

  /** Keeps from now on: at once, then each minute. */
  watch(): void {
    const { signal } = this.stopping;
    const again = () => {
      this.going = this.round()
        .catch((error: unknown) => {
          if (!signal.aborted) this.logger.error({ err: error }, 'the keys could not be looked after');
        })
        .finally(() => {
          if (!signal.aborted) this.timer = setTimeout(again, ROUND_MS).unref();
        });
    };
    void this.alarmOfCatalogue().finally(again);
  }

  /** Breaks off what it is at; the next keeper does it again. */
  async close(): Promise<void> {
    this.stopping.abort();
    if (this.timer) clearTimeout(this.timer);
    await this.going;
  }

  /** One round; the job that it may have to take up goes on beside it. */
  async round(): Promise<void> {
    this.jobs
      .attempt()
      .catch((error: unknown) => this.logger.error({ err: error }, 'a job on keys could not be taken up'));
    if (!(await this.lock.take())) return;
    try {
      await destroyRetiredKeys(this.base);
      const [census] = await this.base.dataSource.query<{ old: boolean }[]>(
        `SELECT ${CENSUS_IS_OLD} AS old FROM key_census`,
      );
      if (census!.old) await takeCensus(this.base, this.logger, () => this.stopping.signal.throwIfAborted());
    } finally {
      await this.lock.release();
    }
  }

  private async alarmOfCatalogue(): Promise<void> {
    const faults = await catalogueFaults(this.base).catch(() => []); // the next start asks again
    for (const fault of faults) this.logger.error({ fault }, 'A SEALED COLUMN ESCAPED THE CATALOGUE');
  }
}
