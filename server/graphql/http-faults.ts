import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { errorCatalogue, type ErrorCode } from './errors';

const PAYLOAD_TOO_LARGE = 413;

/**
 * Answers what went wrong before GraphQL saw the request (a body too large, of a wrong type, cut off) the way GraphQL does:
 * a code of the catalogue and the request's id, nothing of what was sent.
 */
export function answerFault(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const status = error.statusCode ?? 500;
  const code = codeOf(status);
  if (code === 'INTERNAL') request.log.error({ err: error }, 'a request failed');
  const fault = { message: errorCatalogue[code], extensions: { code, requestId: request.id } };
  return reply.code(status).send({ errors: [fault] });
}

function codeOf(status: number): ErrorCode {
  if (status === PAYLOAD_TOO_LARGE) return 'QUERY_TOO_COSTLY';
  return status >= 400 && status < 500 ? 'BAD_USER_INPUT' : 'INTERNAL';
}
