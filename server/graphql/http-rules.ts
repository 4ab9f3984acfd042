import type { ErrorCode } from './errors';

/**
 * Headers no page of another origin can send without asking first (Fetch standard, CORS-preflight): a request with none of
 * them, nor a body that says it is JSON, may have been forged and is refused.
 */
export const preflightedHeaders = ['authorization', 'x-chartseal-csrf', 'apollo-require-preflight'];

const BAD_REQUEST = 400;
const statuses: Partial<Record<ErrorCode, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  RATE_LIMITED: 429,
  INTERNAL: 500,
  AUDIT_UNAVAILABLE: 503,
};

/**
 * HTTP status of an operation that was not run at all. Who accepts `application/json` alone is told of a faulty document
 * with 200 (GraphQL over HTTP, 6.4.1): a status of ours could not be told from one of a proxy. A refusal keeps its status.
 *
 * @param code of the first error
 */
export function statusOf(code: string | undefined, accept: string | undefined): number {
  const own = statuses[code as ErrorCode];
  if (own) return own;
  return code === 'BAD_USER_INPUT' && acceptsPlainJsonOnly(accept ?? '') ? 200 : BAD_REQUEST;
}

function acceptsPlainJsonOnly(accept: string): boolean {
  return /\bapplication\/json\b/i.test(accept) && !/\bapplication\/graphql-response\+json\b/i.test(accept);
}
