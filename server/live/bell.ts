import type { SealedNews } from '../audit';

/** Time in which rings count as one: on a busy log a view reads some entries at a time, not one. */
const GATHER_MS = 50;

/**
 * What one feed waits by between its looks at the log. However often it rang since the last look, it is one more look: a slow
 * reader costs no memory.
 */
export class Bell {
  private rung = true; // the first look is for what came before the bell was hung up
  private wake: () => void = () => undefined;
  private readonly unhang: () => void;

  constructor(
    news: SealedNews,
    private readonly signal: AbortSignal,
  ) {
    this.unhang = news.on(() => {
      this.rung = true;
      this.wake();
    });
    signal.addEventListener('abort', () => this.wake(), { once: true });
  }

  /** Waits for the next ring. False when the feed is to end. */
  async heard(): Promise<boolean> {
    if (!this.rung && !this.signal.aborted) {
      await new Promise<void>((resolve) => (this.wake = resolve));
      this.wake = () => undefined;
      if (!this.signal.aborted) await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
    }
    this.rung = false;
    return !this.signal.aborted;
  }

  close(): void {
    this.unhang();
  }
}
