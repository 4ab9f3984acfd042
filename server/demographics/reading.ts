import { ageOn, Gender } from '../patients';
import { bandOf, decades } from './age-bands';
import { daysOf, monthsOf, UNKNOWN, yearsOn } from './born';

/** People of one gender who are added up together. */
interface Place {
  gender: Gender;
  /** The ten-year step they are in, by its youngest age; null: age unknown. */
  step: number | null;
  /** Their year of birth where its months are read, so that these can be held against the year; else null. */
  year: string | null;
  /** Everybody born in that year, whatever the step: only there to hold the months against. */
  whole: boolean;
}

/** What a year of birth is read by when people born in it are in two ten-year steps. */
export type Finest = 'month' | 'day';

/** What to read on a day: counters, and for each the number of its place. */
export interface Reading {
  today: string;
  asked: readonly { born: string; gender: Gender; place: number }[];
  places: readonly Place[];
}

/** People of one ten-year step and gender. */
export interface Fact {
  age: number | null;
  gender: Gender;
  people: number;
}

/**
 * What to add up for the ages on a day (`YYYY-MM-DD`). A year of birth is exact enough, unless on some birthday in it people
 * move to the next ten-year step. Of these nine years months are read, and days of the month it is now: some 2,100 counters,
 * however many patients there are. By days alone it is some 14,000, but no month need have been counted.
 */
export function readingOf(today: string, finest: Finest): Reading {
  const places = new Map<string, { number: number; place: Place }>();
  const asked: { born: string; gender: Gender; place: number }[] = [];
  const ask = (born: string, place: Place) => {
    const key = Object.values(place).join('|');
    const known = places.get(key) ?? { number: places.size, place };
    places.set(key, known);
    asked.push({ born, gender: place.gender, place: known.number });
  };
  for (const gender of Object.values(Gender)) {
    ask(UNKNOWN, { gender, step: null, year: null, whole: false });
    for (const year of yearsOn(today)) {
      const parts = partsOf(year, today, finest);
      const held = parts.length > 1 && finest === 'month' ? year : null;
      for (const born of parts) ask(born, { gender, step: stepOn(born, today), year: held, whole: false });
      if (held) ask(year, { gender, step: null, year, whole: true });
    }
  }
  return { today, asked, places: [...places.values()].map(({ place }) => place) };
}

/** What was read, by step and gender; and the years whose months are not as many people as the year. */
export function addedUp(
  { places }: Reading,
  rows: readonly { place: number; people: number | string }[],
): { facts: Fact[]; uneven: string[] } {
  const facts: Fact[] = [];
  const balances = new Map<string, number>();
  for (const row of rows) {
    const { gender, step, year, whole } = places[row.place]!;
    const people = Number(row.people);
    if (!whole) facts.push({ age: step, gender, people });
    if (!year) continue;
    const key = `${year}|${gender}`;
    balances.set(key, (balances.get(key) ?? 0) + (whole ? people : -people));
  }
  const uneven = [...balances].flatMap(([key, left]) => (left === 0 ? [] : [key.slice(0, 4)]));
  return { facts, uneven: [...new Set(uneven)] };
}

/** The year itself, or what it must be opened up into. */
function partsOf(year: string, today: string, finest: Finest): string[] {
  if (stepOn(`${year}-01-01`, today) === stepOn(`${year}-12-31`, today)) return [year];
  const exact = (month: string) => finest === 'month' && month.slice(5) !== today.slice(5, 7);
  return monthsOf(year).flatMap((month) => (exact(month) ? month : daysOf(month)));
}

/** The ten-year step of those born then: a day, or a month or year that no edge of a step runs through. */
function stepOn(born: string, today: string): number | null {
  return bandOf(Math.max(0, ageOn(born, today)), decades).from;
}
