import { setTimeout as pause } from 'node:timers/promises';
import type { Foundation } from '../access/foundation';
import { advisoryLocks } from '../database/advisory-locks';
import { SessionLock } from '../database/session-lock';
import type { Logger } from '../platform/logger';
import type { Judge } from './judge';

/** How often the log is looked at for what is new, in milliseconds: one small statement. */
const EVERY_MS = 5_000;
/** Batches of one round at most, before the lock is let go and taken again. */
const MOST = 100;

/** Judges in the background what comes into the log. Every server looks; one of them works. */
export class SnoopingWatch {
  private readonly lock: SessionLock;
  private timer: NodeJS.Timeout | null = null;
  private readonly stopping = new AbortController();
  private going: Promise<unknown> = Promise.resolve();

  constructor(
    base: Foundation,
    private readonly judge: Judge,
  ) {
    this.lock = new SessionLock(base.dataSource, advisoryLocks.judging);
  }

  /** Looks from now on, until `close`. */
  watch(logger: Logger): void {
    const { signal } = this.stopping;
    const again = () => {
      this.going = this.round()
        .catch((error: unknown) => {
          if (!signal.aborted) logger.error({ err: error }, 'the snooping rules could not be judged');
        })
        .finally(() => {
          if (!signal.aborted) this.timer = setTimeout(again, EVERY_MS).unref();
        });
    };
    again();
  }

  async close(): Promise<void> {
    this.stopping.abort();
    if (this.timer) clearTimeout(this.timer);
    await this.going;
  }

  /**
   * Judges what there is, unless another is at it; answers how many batches that took. Rests after each for as long as it took:
   * those whose work is judged come first.
   */
  async round(): Promise<number> {
    if (!(await this.judge.isBehind()) || !(await this.lock.take())) return 0;
    const { signal } = this.stopping;
    let batches = 0;
    try {
      for (let begun = performance.now(); batches < MOST && !signal.aborted; begun = performance.now()) {
        if (!(await this.judge.batch())) break;
        batches += 1;
        await pause(performance.now() - begun, undefined, { signal }).catch(() => undefined);
      }
    } finally {
      await this.lock.release();
    }
    return batches;
  }
}
