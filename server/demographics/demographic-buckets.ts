import type { TokenKeys } from '../crypto/tokens';
import { ageOn, Gender, type PatientFacts } from '../patients';
import { decades } from './age-bands';

const genders = Object.values(Gender);

/** Years back from today in which a living patient may have been born. */
const YEARS = 137;

/** What a bucket stands for. A `year` is exact enough unless a band's edge runs through it; then its `day`s are read. */
interface Meaning {
  age: number | null;
  gender: Gender;
}

/**
 * Names of the counters. A counter is called by the keyed token of what it counts, so the table shows no birth dates. Each
 * patient is counted twice: by year and by day of birth. A page sums the years, about 550 counters, and opens up into days
 * only the eleven years in which somebody's birthday moves them into the next ten-year step; so its cost does not grow with
 * the number of patients, and the ages are right on every day without anybody counting again.
 */
export class DemographicBuckets {
  private readonly tokens = new Map<string, string>();

  constructor(private readonly keys: TokenKeys) {}

  /** The counters, hex, that this patient is counted in. */
  of({ birthDate, gender }: PatientFacts): string[] {
    if (!birthDate) return [this.token('unknown', gender)];
    return [this.token(birthDate.slice(0, 4), gender), this.token(birthDate, gender)];
  }

  /** Counters to read for the ages on a day (`YYYY-MM-DD`), hex, with what each stands for. */
  on(today: string): Map<string, Meaning> {
    const meanings = new Map<string, Meaning>();
    const thisYear = Number(today.slice(0, 4));
    const edges = new Set(decades.map(({ from }) => thisYear - from!).concat(thisYear));
    for (const gender of genders) {
      meanings.set(this.token('unknown', gender), { age: null, gender });
      for (let year = thisYear - YEARS; year <= thisYear; year++) {
        if (!edges.has(year)) meanings.set(this.token(String(year), gender), { age: thisYear - year, gender });
        else
          for (const day of daysOf(year))
            meanings.set(this.token(day, gender), { age: Math.max(0, ageOn(day, today)), gender });
      }
    }
    return meanings;
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
