import { setTimeout as wait } from 'node:timers/promises';
import type { Pace } from './verify-shard';

/** Entries read before a rest: some milliseconds of work for this process and for PostgreSQL. */
const AT_ONCE = 1_024;
/** Rests so many times as long as it worked: a quarter of a processor at most, here and in PostgreSQL. */
const REST = 3;

/** The pace of one verification that nobody waits for: who is served meanwhile comes first. */
export class Unhurried implements Pace {
  readonly atOnce = AT_ONCE;
  private readonly ending = new AbortController();
  private hurried = false;
  private worksSince = performance.now();

  constructor(private readonly rest: (milliseconds: number, signal: AbortSignal) => Promise<unknown> = resting) {}

  /** Throws AbortError when the verification is to end. */
  readonly between = async (): Promise<void> => {
    const { signal } = this.ending;
    signal.throwIfAborted();
    if (!this.hurried) await this.rest(REST * (performance.now() - this.worksSince), signal);
    this.worksSince = performance.now();
  };

  /** Somebody waits for it now: no more rests. */
  hurry(): void {
    this.hurried = true;
  }

  /** Ends it at the next opportunity, without a verdict. */
  end(): void {
    this.ending.abort();
  }
}

function resting(milliseconds: number, signal: AbortSignal): Promise<unknown> {
  return wait(milliseconds, undefined, { signal, ref: false });
}
