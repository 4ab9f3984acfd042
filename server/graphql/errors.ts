import { GraphQLError } from 'graphql';

/** The closed list of `extensions.code`; docs/errors.md says the same and a test compares both. */
export const errorCatalogue = {
  UNAUTHENTICATED: 'Nobody is signed in, or the session has ended.',
  MFA_REQUIRED: 'One more proof of who asks is wanted: a second factor, or the password again before a grave act.',
  FORBIDDEN: 'The signed-in person may not do this.',
  BREAK_GLASS_AVAILABLE: 'Access needs a care-team place or an emergency grant, which this person may open.',
  NOT_FOUND: 'There is nothing with this id that this person may know of.',
  BAD_USER_INPUT: 'The input is malformed or breaks a rule; `fields` says where.',
  CONFLICT: 'Somebody changed it since it was read; `current` says who and when.',
  RATE_LIMITED: 'Too much was asked or tried from here; `retryAfterSeconds` says when to try again.',
  LOCKED: 'Sign-in to this account is paused; `retryAfterSeconds` says for how long.',
  QUERY_TOO_COSTLY: 'The document is too deep, too wide or too long, or answering it takes too long.',
  AUDIT_UNAVAILABLE: 'The audit log cannot be written, so nothing is disclosed.',
  INTEGRITY_VIOLATION: 'Stored data does not open under its key and place; nothing of it is shown.',
  INTERNAL: 'Something failed here; the request id finds it in the server log.',
} as const;

export type ErrorCode = keyof typeof errorCatalogue;

/** One fault of an input: where (dotted path below `input`) and what, without the value. */
export interface FieldFault {
  path: string;
  message: string;
}

export interface ErrorExtras {
  fields?: FieldFault[];
  current?: { version: number; changedBy: string | null; changedAt: string };
  retryAfterSeconds?: number;
  /** Of a sign-in that wants a second factor: what to hand to `verifyTotp`, and which factors there are. */
  ticket?: string;
  factors?: ('TOTP' | 'PASSKEY')[];
}

/** An error a client is meant to see. Messages never carry patient data, SQL or secrets. */
export class ChartsealError extends GraphQLError {
  constructor(
    readonly code: ErrorCode,
    message: string = errorCatalogue[code],
    extras: ErrorExtras = {},
  ) {
    super(message, { extensions: { ...extras, code } });
    this.name = 'ChartsealError';
  }
}

export const unauthenticated = () => new ChartsealError('UNAUTHENTICATED');
export const forbidden = (message?: string) => new ChartsealError('FORBIDDEN', message);
export const mustEnrol = () => new ChartsealError('MFA_REQUIRED', 'Your role wants a second factor: set one up first.');
export const notFound = (what: string) => new ChartsealError('NOT_FOUND', `No such ${what}.`);
export const badInput = (path: string, message: string) =>
  new ChartsealError('BAD_USER_INPUT', 'The input breaks a rule.', { fields: [{ path, message }] });
export const rateLimited = (retryAfterSeconds: number) =>
  new ChartsealError('RATE_LIMITED', undefined, { retryAfterSeconds });
export const conflict = (current: NonNullable<ErrorExtras['current']>) =>
  new ChartsealError('CONFLICT', undefined, { current });

/** What a row says of its last change. */
interface Changed {
  version: number;
  updatedBy: string | null;
  updatedAt: Date;
}

/** Throws CONFLICT, saying who was first, unless the row is still the version that the caller saw. */
export function demandVersion(row: Changed, expected: number): void {
  if (row.version === expected) return;
  throw conflict({ version: row.version, changedBy: row.updatedBy, changedAt: row.updatedAt.toISOString() });
}
