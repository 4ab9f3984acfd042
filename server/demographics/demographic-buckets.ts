import type { TokenKeys } from '../crypto/tokens';
import { binaryArray } from '../database/binary-array';
import { Gender, type PatientFacts } from '../patients';
import { daysOf, monthOf, monthsOf, UNKNOWN, yearOf, yearsOn } from './born';
import { readingOf, type Finest, type Reading } from './reading';

const genders = Object.values(Gender);

/** What to read, and the names of its counters with the numbers of their places, as PostgreSQL takes arrays. */
interface NamedReading extends Reading {
  values: [counters: Buffer, places: Buffer];
}

/** Names of the counters of a day or month, and of the month or year it is in. */
export interface Within {
  part: string;
  whole: string;
}

/**
 * Names of the counters. A counter is called by the keyed token of what it counts, so the table shows no birth dates. Each
 * patient is counted three times: by year, month and day of birth. What of it a page adds up, `reading.ts` says.
 */
export class DemographicBuckets {
  private readonly tokens = new Map<string, string>();
  private readonly readings = new Map<Finest, NamedReading>();

  constructor(private readonly keys: TokenKeys) {}

  /** The counters, hex, that this patient is counted in. */
  of({ birthDate, gender }: PatientFacts): string[] {
    const counted = birthDate ? [yearOf(birthDate), monthOf(birthDate), birthDate] : [UNKNOWN];
    return counted.map((born) => this.token(born, gender));
  }

  /** What to read for the ages on a day (`YYYY-MM-DD`); put together once a day. */
  on(today: string, finest: Finest): NamedReading {
    const kept = this.readings.get(finest);
    if (kept?.today === today) return kept;
    const reading = readingOf(today, finest);
    const counters = reading.asked.map(({ born, gender }) => Buffer.from(this.token(born, gender), 'hex'));
    const places = reading.asked.map(({ place }) => place);
    const named: NamedReading = {
      ...reading,
      values: [binaryArray('bytea', counters), binaryArray('integer', places)],
    };
    this.readings.set(finest, named);
    return named;
  }

  /** All days of these years, within their months. */
  daysIn(years: readonly string[]): Within[] {
    const months = years.flatMap(monthsOf);
    return months.flatMap((month) => daysOf(month).flatMap((day) => this.within(day, month)));
  }

  /** Years of birth whose months are fewer people than the year, of all that patients may have as of a day. */
  shortOfMonths(kept: ReadonlyMap<string, number>, today: string): string[] {
    return yearsOn(today).filter((year) => {
      const left = new Map<string, number>();
      for (const { part, whole } of monthsOf(year).flatMap((month) => this.within(month, year)))
        left.set(whole, (left.get(whole) ?? kept.get(whole) ?? 0) - (kept.get(part) ?? 0));
      return [...left.values()].some((people) => people > 0);
    });
  }

  private within(part: string, whole: string): Within[] {
    return genders.map((gender) => ({ part: this.token(part, gender), whole: this.token(whole, gender) }));
  }

  /** Remembered, since a page asks for the same few thousand every time. */
  private token(born: string, gender: string): string {
    const name = `${born}|${gender}`;
    let token = this.tokens.get(name);
    if (!token) {
      token = this.keys.token('demographics', name).toString('hex');
      this.tokens.set(name, token);
    }
    return token;
  }
}
