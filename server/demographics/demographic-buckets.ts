import type { TokenKeys } from '../crypto/tokens';
import { binaryArray } from '../database/binary-array';
import { ageOn, Gender, type PatientFacts } from '../patients';
import { bandOf, decades } from './age-bands';

const genders = Object.values(Gender);

/** Years back from today in which a living patient may have been born. */
const YEARS = 137;

/** People of one ten-year step (named by its youngest age; null: unknown) and gender. */
interface Group {
  age: number | null;
  gender: Gender;
}

/** What to read on a day: counters, and for each the place in `groups` of those it counts. As PostgreSQL takes arrays. */
interface Reading {
  today: string;
  counters: Buffer;
  places: Buffer;
  groups: readonly Group[];
}

/**
 * Names of the counters. A counter is called by the keyed token of what it counts, so the table shows no birth dates. Each
 * patient is counted twice: by year and by day of birth. A page sums the years, about 550 counters, and opens up into days
 * only the eleven years in which somebody's birthday moves them into the next ten-year step; so its cost does not grow with
 * the number of patients, and the ages are right on every day without anybody counting again.
 */
export class DemographicBuckets {
  private readonly tokens = new Map<string, string>();
  private reading: Reading | null = null;

  constructor(private readonly keys: TokenKeys) {}

  /** The counters, hex, that this patient is counted in. */
  of({ birthDate, gender }: PatientFacts): string[] {
    if (!birthDate) return [this.token('unknown', gender)];
    return [this.token(birthDate.slice(0, 4), gender), this.token(birthDate, gender)];
  }

  /** What to read for the ages on a day (`YYYY-MM-DD`); put together once a day. */
  on(today: string): Reading {
    if (this.reading?.today !== today) this.reading = this.readingOf(today);
    return this.reading;
  }

  /** A year is exact enough unless the edge of a ten-year step runs through it; then its days are read. */
  private readingOf(today: string): Reading {
    const groups = [...decades.map(({ from }) => from), null].flatMap((age) =>
      genders.map((gender) => ({ age, gender })),
    );
    const counters: Buffer[] = [];
    const places: number[] = [];
    const add = (born: string, age: number | null, gender: Gender) => {
      const step = age === null ? null : bandOf(age, decades).from;
      counters.push(Buffer.from(this.token(born, gender), 'hex'));
      places.push(groups.findIndex((group) => group.age === step && group.gender === gender));
    };
    const thisYear = Number(today.slice(0, 4));
    const edges = new Set(decades.map(({ from }) => thisYear - from!).concat(thisYear));
    for (const gender of genders) {
      add('unknown', null, gender);
      for (let year = thisYear - YEARS; year <= thisYear; year++) {
        if (!edges.has(year)) add(String(year), thisYear - year, gender);
        else for (const day of daysOf(year)) add(day, Math.max(0, ageOn(day, today)), gender);
      }
    }
    return { today, groups, counters: binaryArray('bytea', counters), places: binaryArray('integer', places) };
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

function daysOf(year: number): string[] {
  const days: string[] = [];
  for (
    const day = new Date(Date.UTC(year, 0, 1));
    day.getUTCFullYear() === year;
    day.setUTCDate(day.getUTCDate() + 1)
  ) {
    days.push(day.toISOString().slice(0, 10));
  }
  return days;
}
