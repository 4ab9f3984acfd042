/** Lets a bounded number of pieces of work run at a time; the others wait their turn, first come first served. */
export class Gate {
  private readonly waiting: (() => void)[] = [];
  private free: number;

  /**
   * @param places how many may run at once, at least 1
   * @param mayWait how many may wait; without it, as many as come
   */
  constructor(
    places: number,
    private readonly mayWait = Infinity,
  ) {
    this.free = Math.max(1, places);
  }

  /**
   * Does the work in its turn.
   *
   * @param turnedAway makes the error for whoever finds too many waiting already
   */
  async pass<T>(work: () => Promise<T>, turnedAway: () => Error = () => new Error('Too many wait.')): Promise<T> {
    if (this.free > 0) this.free -= 1;
    else if (this.waiting.length >= this.mayWait) throw turnedAway();
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    try {
      return await work();
    } finally {
      // A turn is handed on, not given back, so that nobody who comes later overtakes.
      const next = this.waiting.shift();
      if (next) next();
      else this.free += 1;
    }
  }
}
