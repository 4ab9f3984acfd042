import { resolve } from 'node:path';
import { z } from 'zod';

/** Connection string of a PostgreSQL. */
export const postgresUrl = z.string().refine(isPostgresUrl, 'must look like postgres://user:password@host:5432/name');

/** A switch, by any of the words people use. */
export const onOff = z
  .string()
  .toLowerCase()
  .pipe(z.enum(['on', 'off', 'true', 'false', '1', '0', 'yes', 'no'], 'must be on or off'))
  .transform((word) => ['on', 'true', '1', 'yes'].includes(word));

/** A whole number between these two, both included. */
export function whole(least: number, most: number) {
  const wrong = `must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, wrong)
    .transform(Number)
    .pipe(z.number().min(least, wrong).max(most, wrong));
}

function isPostgresUrl(text: string): boolean {
  return URL.canParse(text) && ['postgres:', 'postgresql:'].includes(new URL(text).protocol);
}

/** Files apart by commas, made absolute. */
export const paths = z.string().transform((text) => text.split(',').map((path) => resolve(path.trim())));

/** Words apart by commas, in capitals; `none` for no word at all. Which words there are is known elsewhere. */
export const words = z
  .string()
  .toUpperCase()
  .regex(/^[A-Z_]+(\s*,\s*[A-Z_]+)*$/, 'must be none, or names apart by commas')
  .transform((text) => (text === 'NONE' ? [] : text.split(/\s*,\s*/)));
