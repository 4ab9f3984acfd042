import fastifyHelmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';
import type { Socket } from 'node:net';
import { ownOrigin } from './identity';

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
  fastify.addHook('onRequest', async (request, reply) => {
    reply.header('content-security-policy', NOTHING).header('permissions-policy', PERMISSIONS);
    const { protocol, hostname } = new URL(ownOrigin(request, publicUrl));
    // what a browser learns of localhost would bind every other program on the machine
    if (protocol === 'https:' && hostname !== 'localhost') reply.header('strict-transport-security', HSTS);
  });
}

const REFUSAL = '{"error":"Bad request"}';

/** Answers what is no HTTP at all, before there is a request to have hooks. */
export function answerGarbage(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy(error);
  const [status, reason] =
    error.code === 'HPE_HEADER_OVERFLOW' ? [431, 'Request Header Fields Too Large'] : [400, 'Bad Request'];
  const headers = [
    'content-type: application/json; charset=utf-8',
    `content-length: ${REFUSAL.length}`,
    `content-security-policy: ${NOTHING}`,
    'x-content-type-options: nosniff',
    'x-frame-options: DENY',
    'cache-control: no-store',
    'connection: close',
  ];
  socket.end(`HTTP/1.1 ${status} ${reason}\r\n${headers.join('\r\n')}\r\n\r\n${REFUSAL}`);
}
