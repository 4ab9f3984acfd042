import { CombinedGraphQLErrors, ServerError } from '@apollo/client/errors';

export type FaultCode =
  | 'UNAUTHENTICATED'
  | 'MFA_REQUIRED'
  | 'FORBIDDEN'
  | 'BREAK_GLASS_AVAILABLE'
  | 'NOT_FOUND'
  | 'BAD_USER_INPUT'
  | 'CONFLICT'
  | 'RATE_LIMITED'
  | 'LOCKED'
  | 'QUERY_TOO_COSTLY'
  | 'AUDIT_UNAVAILABLE'
  | 'INTEGRITY_VIOLATION'
  | 'INTERNAL'
  /** No answer at all: the network or the server is away. The server sends neither this nor the next. */
  | 'OFFLINE'
  /** A page could not be drawn: a fault of the client's own. */
  | 'PAGE';

/** What a sign-in can be completed by. */
export type FactorKind = 'TOTP' | 'PASSKEY';

export interface FieldFault {
  path: string;
  message: string;
}

export interface CurrentVersion {
  version: number;
  changedBy: string | null;
  changedAt: string;
}

interface Details {
  message?: string;
  requestId?: string;
  fields?: FieldFault[];
  current?: CurrentVersion;
  retryAfterSeconds?: number;
  ticket?: string;
  factors?: FactorKind[];
}

/** A failed request in one shape, whatever layer it came from. */
export class Fault extends Error {
  readonly requestId?: string;
  readonly fields: FieldFault[];
  readonly current?: CurrentVersion;
  readonly retryAfterSeconds?: number;
  /** Of a sign-in that wants a second factor. */
  readonly ticket?: string;
  readonly factors: FactorKind[];

  constructor(
    readonly code: FaultCode,
    details: Details = {},
  ) {
    super(details.message ?? code);
    this.name = 'Fault';
    this.requestId = details.requestId;
    this.fields = details.fields ?? [];
    this.current = details.current;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.ticket = details.ticket;
    this.factors = details.factors ?? [];
  }
}

type GraphQLErrors = ReadonlyArray<{ message: string; extensions?: Record<string, unknown> }>;

/** The first error decides: the server answers with one fault per request. */
export function faultFromErrors(errors: GraphQLErrors): Fault {
  const first = errors[0];
  const extensions = (first?.extensions ?? {}) as Details & { code?: FaultCode };
  return new Fault(extensions.code ?? 'INTERNAL', { ...extensions, message: first?.message });
}

/** Reads what a request threw as a Fault. */
export function faultOf(error: unknown): Fault {
  return ofAnswer(error) ?? new Fault(error instanceof TypeError || !navigator.onLine ? 'OFFLINE' : 'INTERNAL');
}

/** Reads what a page threw while it was drawn: then a TypeError is no failed request. */
export function faultOfPage(error: unknown): Fault {
  return ofAnswer(error) ?? new Fault('PAGE');
}

function ofAnswer(error: unknown): Fault | null {
  if (error instanceof Fault) return error;
  if (CombinedGraphQLErrors.is(error)) return faultFromErrors(error.errors);
  return ServerError.is(error) ? faultFromBody(error.bodyText, error.statusCode) : null;
}

function faultFromBody(body: string, status: number): Fault {
  try {
    const parsed = JSON.parse(body) as { errors?: GraphQLErrors };
    if (parsed.errors?.length) return faultFromErrors(parsed.errors);
  } catch {
    // Not from our server (a proxy's page, say): the status alone has to do.
  }
  return new Fault(status === 429 ? 'RATE_LIMITED' : status === 401 ? 'UNAUTHENTICATED' : 'INTERNAL');
}
