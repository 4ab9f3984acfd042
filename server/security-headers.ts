import fastifyHelmet from '@fastify/helmet';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Socket } from 'node:net';
import { answerFault } from './graphql/http-faults';

/** Of everything that is no page: it is no document, and nobody frames it. Pages set their own over it. */
const NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const UNUSED = ['camera', 'display-capture', 'geolocation', 'microphone', 'midi', 'payment', 'usb'];
const PERMISSIONS = UNUSED.map((feature) => `${feature}=()`).join(', ');
const HSTS = 'max-age=31536000; includeSubDomains';

/** Headers that every answer carries, whatever it answers (OWASP Secure Headers Project). */
export async function securityHeaders(fastify: FastifyInstance, publicUrl: string | null): Promise<void> {
  await fastify.register(fastifyHelmet, {
    contentSecurityPolicy: false,
    hsts: false, // depends on the request
    frameguard: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
  });
  const known = publicUrl === null ? null : new URL(publicUrl);
  fastify.addHook('onRequest', async (request, reply) => {
    reply.header('content-security-policy', NOTHING).header('permissions-policy', PERMISSIONS);
    const underTls = known ? known.protocol === 'https:' : request.protocol === 'https';
    // what a browser learns of localhost would bind every other program on the machine
    const local = (known ?? request).hostname === 'localhost';
    if (underTls && !local) reply.header('strict-transport-security', HSTS);
  });
}

/** What an answer carries that is given before there is a route, and so before any hook. */
const BARE = {
  'content-security-policy': NOTHING,
  'permissions-policy': PERMISSIONS,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};
const REFUSAL = '{"error":"Bad request"}';

/** Answers an address that is none, such as one with half an escape. */
export function answerBadAddress(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  answerFault(error, request, reply.headers(BARE));
}

/** Answers what is no HTTP at all. */
export function answerGarbage(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy(error);
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request';
  const length = Buffer.byteLength(REFUSAL);
  const told = { 'content-type': 'application/json', 'content-length': length, connection: 'close', ...BARE };
  const lines = Object.entries(told).map(([name, value]) => `${name}: ${value}`);
  socket.end(`HTTP/1.1 ${status}\r\n${lines.join('\r\n')}\r\n\r\n${REFUSAL}`);
}
