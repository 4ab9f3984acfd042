import { QueryFailedError } from 'typeorm';

interface PostgresFault {
  code?: string;
  constraint?: string;
}

/** Name of the unique constraint this error tells of, or null when it is another error. */
export function uniqueViolation(error: unknown): string | null {
  if (!(error instanceof QueryFailedError)) return null;
  const { code, constraint } = error.driverError as PostgresFault;
  return code === '23505' ? (constraint ?? '') : null;
}
