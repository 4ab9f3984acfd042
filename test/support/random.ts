/** Chance that can be had again: the same seed, the same draws (mulberry32). */
export class Random {
  constructor(private state: number) {}

  /** At least 0, below 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  /** One of them. Throws when there are none. */
  pick<T>(things: readonly T[]): T {
    if (things.length === 0) throw new RangeError('There is nothing to pick from.');
    return things[this.int(0, things.length - 1)]!;
  }

  /** Some of them, each with this probability, in their order. */
  some<T>(things: readonly T[], probability: number): T[] {
    return things.filter(() => this.chance(probability));
  }
}
