import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const YEAR_SECONDS = 365 * 24 * 3600;

export interface WebClientOptions {
  /** Folder of the built client. */
  root: string;
  graphiql: boolean;
}

/**
 * Serves the built client. Every page gets a fresh nonce in its CSP and nothing but its own origin; hashed assets are kept
 * for a year, pages never.
 */
export async function webClient(fastify: FastifyInstance, { root, graphiql }: WebClientOptions): Promise<void> {
  const index = await readFile(join(root, 'index.html'), 'utf8');
  const explorer = graphiql ? await readFile(join(root, 'graphiql.html'), 'utf8') : null;

  await fastify.register(fastifyStatic, {
    root: join(root, 'assets'),
    prefix: '/assets/',
    maxAge: YEAR_SECONDS * 1000,
    immutable: true,
    index: false,
  });
  for (const icon of ['favicon.svg']) {
    fastify.get(`/${icon}`, (_request, reply) => reply.sendFile(icon, root));
  }
  if (explorer !== null) {
    fastify.get('/graphiql', (_request, reply) => sendPage(reply, explorer, explorerPolicy));
  }
  fastify.setNotFoundHandler((request, reply) => {
    if (isPageRequest(request)) return sendPage(reply, index, pagePolicy);
    return reply.code(404).send({ error: 'Not found' });
  });
}

/** Any path of the client is its one page; the client finds the rest by its router. */
function isPageRequest({ method, headers, url }: FastifyRequest): boolean {
  return (
    (method === 'GET' || method === 'HEAD') &&
    (headers.accept ?? '').includes('text/html') &&
    !url.startsWith('/assets/') &&
    !url.startsWith('/graphql')
  );
}

function sendPage(reply: FastifyReply, html: string, policy: (nonce: string) => string): FastifyReply {
  const nonce = randomBytes(16).toString('base64');
  return reply
    .header('content-security-policy', policy(nonce))
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(html.replaceAll('__CSP_NONCE__', nonce));
}

const base =
  "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; connect-src 'self'; manifest-src 'self'";

function pagePolicy(nonce: string): string {
  return `${base}; script-src 'self' 'nonce-${nonce}'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:; font-src 'self'`;
}

/** GraphiQL's editor writes style elements and starts workers of its own; only developers open it. */
function explorerPolicy(nonce: string): string {
  return `${base}; script-src 'self' 'nonce-${nonce}'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; worker-src 'self' blob:`;
}
