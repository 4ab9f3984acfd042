/** Lets a bounded number of pieces of work run at a time; the others wait their turn. */
export class Gate {
  private readonly waiting: (() => void)[] = [];
  private free: number;

  /** @param places how many may run at once, at least 1 */
  constructor(places: number) {
    this.free = Math.max(1, places);
  }

  async pass<T>(work: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.free += 1;
    }
  }
}
