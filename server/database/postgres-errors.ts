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

/** True when the error tells that a row is still referred to, or refers to one that is gone. */
export function foreignKeyViolation(error: unknown): boolean {
  return error instanceof QueryFailedError && (error.driverError as PostgresFault).code === '23503';
}
