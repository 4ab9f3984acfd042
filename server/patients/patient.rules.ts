import { ValidateBy, type ValidationOptions } from 'class-validator';

/** Earliest birth date taken: nobody living was born before it, so an earlier one is a slip of the pen. */
const EARLIEST = '1890-01-01';

/** True for a calendar date from 1890 to today (`YYYY-MM-DD`, UTC plus a day's grace for time zones ahead of it). */
function isPastDate(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  const tomorrow = new Date(Date.now() + 24 * 3600 * 1000).toISOString().slice(0, 10);
  return value >= EARLIEST && value <= tomorrow;
}

/** class-validator rule: a date from 1890 to today. */
export function IsPastDate(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isPastDate',
      validator: { validate: isPastDate, defaultMessage: () => '$property must be a date from 1890 to today' },
    },
    options,
  );
}

/** Medical record number: letters, digits and hyphens, 3 to 32. */
export const MRN = /^[A-Za-z0-9][A-Za-z0-9-]{2,31}$/;

/** Phone number as people write it: at least 3 digits among spaces, dots, hyphens, brackets and a leading plus. */
export const PHONE = /^(?=(?:\D*\d){3})[+]?[0-9 ()./x-]{3,40}$/;

/** Whole years between birth and a day (both `YYYY-MM-DD`). */
export function ageOn(birthDate: string, day: string): number {
  const years = Number(day.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return day.slice(5) < birthDate.slice(5) ? years - 1 : years;
}
