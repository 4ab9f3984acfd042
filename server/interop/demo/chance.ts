/** A repeatable source of choices: the same seed makes the same person on every installation. */
export class Chance {
  private state: number;

  constructor(seed: number) {
    this.state = (seed * 2_654_435_761) >>> 0;
  }

  /** 0 ≤ x < 1 (mulberry32: quick and even enough for made-up people; never for secrets). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number, both ends included. */
  whole(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  /** A number around `middle`, at most `spread` away, with this many decimals. */
  around(middle: number, spread: number, decimals = 0): number {
    const factor = 10 ** decimals;
    return Math.round((middle + (this.next() + this.next() - 1) * spread) * factor) / factor;
  }

  /** True this often. */
  often(share: number): boolean {
    return this.next() < share;
  }

  /** One of these. Throws for an empty list. */
  pick<T>(from: readonly T[]): T {
    const choice = from[Math.floor(this.next() * from.length)];
    if (choice === undefined) throw new RangeError('There is nothing to pick from.');
    return choice;
  }
}
