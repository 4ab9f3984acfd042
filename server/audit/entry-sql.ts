/**
 * SQL: an entry as jsonb. An entry may say what PostgreSQL has not: a NUL, which somebody gave as a reason, would fail whatever
 * looks through the log, so it reads as U+FFFD there.
 */
export function entryJson(entry: string): string {
  return `replace(convert_from(${entry}, 'UTF8'), '\\u0000', '\\ufffd')::jsonb`;
}
