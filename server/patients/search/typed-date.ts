const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

const ISO = /^(\d{4})-(\d{2})-(\d{2})$/;
const COMPACT = /^(\d{4})(\d{2})(\d{2})$/;
const DAY_FIRST = /^(\d{1,2})[-./](\d{1,2})[-./](\d{4})$/;
const NAMED_MONTH = /^(\d{1,2})[-. /]?(\p{L}{3})\p{L}*[-. /]?(\d{4})$/u;

/**
 * A date as people type it, as YYYY-MM-DD: 1985-09-09, 19850909, 9.9.1985, 09/09/1985 (day first), 09-Sep-1985. Null when
 * it is none.
 */
export function findDate(typed: string): string | null {
  const ordered = ISO.exec(typed) ?? COMPACT.exec(typed);
  if (ordered) return calendarDate(ordered[1]!, ordered[2]!, ordered[3]!);
  const dayFirst = DAY_FIRST.exec(typed);
  if (dayFirst) return calendarDate(dayFirst[3]!, dayFirst[2]!, dayFirst[1]!);
  const named = NAMED_MONTH.exec(typed);
  if (!named) return null;
  const month = MONTHS.indexOf(named[2]!.toLowerCase()) + 1;
  return month === 0 ? null : calendarDate(named[3]!, String(month), named[1]!);
}

function calendarDate(year: string, month: string, day: string): string | null {
  const text = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const date = new Date(`${text}T00:00:00Z`);
  return Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== text ? null : text;
}
