/** Born on a day nobody knows. */
export const UNKNOWN = 'unknown';

/** Years back from today in which a living patient may have been born. */
const YEARS = 137;

/** Years (`YYYY`) in which a living patient may have been born, as of a day; the next one too, where that has begun already. */
export function yearsOn(today: string): string[] {
  const next = Number(today.slice(0, 4)) + 1;
  return Array.from({ length: YEARS + 2 }, (_, back) => String(next - back));
}

/** Months (`YYYY-MM`) of a year. */
export function monthsOf(year: string): string[] {
  return Array.from({ length: 12 }, (_, month) => `${year}-${String(month + 1).padStart(2, '0')}`);
}

/** Days (`YYYY-MM-DD`) of a month. */
export function daysOf(month: string): string[] {
  const days = new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 0)).getUTCDate();
  return Array.from({ length: days }, (_, day) => `${month}-${String(day + 1).padStart(2, '0')}`);
}

/** The month that a day is in. */
export function monthOf(day: string): string {
  return day.slice(0, 7);
}

/** The year that a day or month is in. */
export function yearOf(born: string): string {
  return born.slice(0, 4);
}
