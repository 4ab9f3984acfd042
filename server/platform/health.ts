import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { Metrics } from './metrics';

/** What health and metrics need to know of a running server. */
export interface HealthSource {
  metrics: Metrics;
  config: {
    /** Null: /metrics answers loopback only. */
    metricsToken: string | null;
  };
  dataSource: { query(sql: string): Promise<unknown> };
  /** Further named conditions of readiness; each throws when it does not hold. */
  checks?: Record<string, () => Promise<unknown>>;
}

/** Longest time one condition of readiness may take, in milliseconds. */
const CHECK_TIMEOUT_MS = 2000;

/**
 * `/health/live`: the process answers. `/health/ready`: it can do its work; 503 names what it cannot.
 * `/metrics`: Prometheus text, for loopback or the bearer of the metrics token.
 */
export function healthRoutes(source: HealthSource): FastifyPluginAsync {
  return async (fastify: FastifyInstance) => {
    let draining = false;
    fastify.addHook('preClose', async () => void (draining = true));
    fastify.addHook('onSend', async (_request, reply) => void reply.header('cache-control', 'no-store'));
    const checks = { database: () => source.dataSource.query('SELECT 1'), ...source.checks };

    fastify.get('/health/live', async () => ({ status: 'live' }));

    fastify.get('/health/ready', async (_request, reply) => {
      const failing = draining ? ['draining'] : await failingChecks(checks);
      if (failing.length === 0) return { status: 'ready' };
      return reply.code(503).send({ status: 'not ready', failing });
    });

    fastify.get('/metrics', async (request, reply) => {
      if (!mayReadMetrics(request, source)) return reply.code(403).send({ error: 'Metrics need the metrics token.' });
      const { registry } = source.metrics;
      return reply.type(registry.contentType).send(await registry.metrics());
    });
  };
}

async function failingChecks(checks: NonNullable<HealthSource['checks']>): Promise<string[]> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => ((await holds(check)) ? null : name)),
  );
  return results.filter((name) => name !== null);
}

async function holds(check: () => Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), CHECK_TIMEOUT_MS);
  });
  try {
    return await Promise.race([check().then(() => true), timeout]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

function mayReadMetrics(request: FastifyRequest, { config }: HealthSource): boolean {
  const { metricsToken } = config;
  const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (bearer !== undefined) return metricsToken !== null && sameText(bearer, metricsToken);
  return isLoopback(request.ip) && (isForwarded(request) || !cameThroughProxy(request));
}

/** The settings know the proxy that sent this, so the address is not the proxy's. */
function isForwarded({ ips = [] }: FastifyRequest): boolean {
  return ips.length > 1;
}

/** A proxy on this machine makes the whole world look like loopback, unless the settings say that it is there. */
function cameThroughProxy({ headers }: FastifyRequest): boolean {
  return headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined || headers.via !== undefined;
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address);
}

/** Compares in constant time; hashing first makes the lengths equal. */
function sameText(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
