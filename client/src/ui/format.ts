import i18next from 'i18next';

const two = (number: number) => String(number).padStart(2, '0');

function monthName(month: number): string {
  const text = new Intl.DateTimeFormat(i18next.language, { month: 'short' }).format(new Date(2001, month, 15));
  return text.replace('.', '').slice(0, 4);
}

/** `2026-09-09` → `09-Sep-2026`: cannot be mistaken in any country. Unknown stays unknown, in words. */
export function formatDate(value: string | null | undefined): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(value ?? '');
  if (!match) return i18next.t('common.unknown');
  return `${match[3]}-${monthName(Number(match[2]) - 1)}-${match[1]}`;
}

/** A moment in the reader's time zone: `09-Sep-2026`. */
export function formatDay(value: string): string {
  const at = new Date(value);
  return `${two(at.getDate())}-${monthName(at.getMonth())}-${at.getFullYear()}`;
}

/** 24-hour time in the reader's time zone: `14:05`. */
export function formatTime(value: string): string {
  const at = new Date(value);
  return `${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** `09-Sep-2026 14:05`. */
export function formatDateTime(value: string | null | undefined): string {
  return value ? `${formatDay(value)} ${formatTime(value)}` : i18next.t('common.unknown');
}

export function formatNumber(value: number, digits = 0): string {
  return new Intl.NumberFormat(i18next.language, { maximumFractionDigits: digits }).format(value);
}

interface Name {
  family: string;
  given: string[];
}

/** Letters of the scripts that run from right to left. */
const fromTheRight = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/**
 * `LINDQVIST Maja`: the family name in capitals comes first, as on a wristband. A name that runs from right to left is
 * isolated (Unicode UAX 9, FSI and PDI), else a date or number after it would be drawn before it.
 */
export function patientName(name: Name): string {
  const text = `${name.family.toLocaleUpperCase(i18next.language)} ${name.given.join(' ')}`.trim();
  return fromTheRight.test(text) ? `\u2068${text}\u2069` : text;
}

/** The local calendar day of a moment, as `YYYY-MM-DD`. */
export function localDay(at: Date = new Date()): string {
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}
