import { setTimeout as sleep } from 'node:timers/promises';

/** Time to let a batch fill up, in milliseconds, when there was nothing to seal before: */
const SHORTEST_GATHER_MS = 20;
/** doubled with each batch after that, up to this. A batch costs as much as some fifty entries, so a busy log has few. */
const LONGEST_GATHER_MS = 200;
/** How soon a sealer without news looks for entries of other processes, and a standby tries to become the sealer: */
const SHORTEST_IDLE_MS = 125;
/** doubled each time nothing was found, up to this. */
const LONGEST_IDLE_MS = 1_000;

/** When the sealer works: soon after news, now and then without, and in few batches while there is always something. */
export class SealerPace {
  private wake: () => void = () => undefined;
  private awake = false;
  private ended = false;
  private idleMs = SHORTEST_IDLE_MS;
  private gatherMs = SHORTEST_GATHER_MS;

  /** There is news: whoever idles goes to work. */
  ring(): void {
    this.awake = true;
    this.wake();
  }

  /** Nobody is waited for any more. */
  end(): void {
    this.ended = true;
    this.ring();
  }

  /** Lets the next batch fill up: longer while there is always something, a moment after a rest. */
  async gather(sealed: number): Promise<void> {
    if (sealed > 0) {
      this.idleMs = SHORTEST_IDLE_MS;
    } else {
      await this.idle();
      this.gatherMs = SHORTEST_GATHER_MS;
    }
    if (!this.ended) await sleep(this.gatherMs);
    this.gatherMs = Math.min(this.gatherMs * 2, LONGEST_GATHER_MS);
  }

  /** Waits for news, or a while. */
  private async idle(): Promise<void> {
    if (!this.awake) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, this.idleMs);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.idleMs = this.awake ? SHORTEST_IDLE_MS : Math.min(this.idleMs * 2, LONGEST_IDLE_MS);
    this.awake = false;
  }
}
