import { InvalidArgumentError } from 'commander';
import { fromCaller } from '../config/environment';

/** A path as it was meant where it was typed, which need not be the folder that npm runs commands in. */
export function asPath(typed: string): string {
  return fromCaller(typed);
}

/** The same of an argument or option that may be given several times. */
export function asPaths(typed: string, before: readonly string[] = []): string[] {
  return [...before, fromCaller(typed)];
}

/** A whole number between these two, both included; anything else is wrong usage. */
export function asWhole(least: number, most: number): (typed: string) => number {
  return (typed) => {
    const figure = /^\d{1,9}$/.test(typed) ? Number(typed) : NaN;
    if (figure >= least && figure <= most) return figure;
    throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
  };
}

/** What a function reads that throws RangeError for what it cannot; that is wrong usage. */
export function asRead<T>(read: (typed: string) => T): (typed: string) => T {
  return (typed) => {
    try {
      return read(typed);
    } catch (error) {
      if (error instanceof RangeError) throw new InvalidArgumentError(error.message);
      throw error;
    }
  };
}
