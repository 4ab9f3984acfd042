import Fastify, { type FastifyInstance } from 'fastify';
import { healthRoutes } from '../../../server/platform/health';
import { Metrics } from '../../../server/platform/metrics';

const TOKEN = 'a-metrics-token-of-its-own';
let database: () => Promise<unknown>;

async function server(
  config: { metricsToken: string | null },
  trustProxy: string[] | false = false,
): Promise<FastifyInstance> {
  const fastify = Fastify({ trustProxy });
  database = async () => [];
  await fastify.register(healthRoutes({ metrics: new Metrics(), config, dataSource: { query: () => database() } }));
  return fastify;
}

const open = { metricsToken: TOKEN };

describe('health', () => {
  test('live says so, ready asks the database', async () => {
    const fastify = await server(open);
    expect((await fastify.inject('/health/live')).json()).toEqual({ status: 'live' });
    expect((await fastify.inject('/health/ready')).json()).toEqual({ status: 'ready' });
    database = () => Promise.reject(new Error('connection lost'));
    const answer = await fastify.inject('/health/ready');
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toEqual({ status: 'not ready', failing: ['database'] });
    expect((await fastify.inject('/health/live')).statusCode).toBe(200);
  });

  test('a database that never answers makes the server not ready, not silent', async () => {
    const fastify = await server(open);
    database = () => new Promise(() => undefined);
    expect((await fastify.inject('/health/ready')).statusCode).toBe(503);
  });
});

describe('metrics', () => {
  const ask = (fastify: FastifyInstance, remoteAddress: string, headers: Record<string, string> = {}) =>
    fastify.inject({ url: '/metrics', remoteAddress, headers }).then(({ statusCode }) => statusCode);

  test.each([
    ['loopback', '127.0.0.1', {}, 200],
    ['loopback, IPv6', '::1', {}, 200],
    ['loopback, IPv4 in IPv6', '::ffff:127.0.0.1', {}, 200],
    ['elsewhere', '10.0.0.9', {}, 403],
    ['elsewhere with the token', '10.0.0.9', { authorization: `Bearer ${TOKEN}` }, 200],
    ['elsewhere with another token', '10.0.0.9', { authorization: 'Bearer x' }, 403],
    ['loopback with a wrong token', '127.0.0.1', { authorization: 'Bearer x' }, 403],
    ['a proxy on this machine that nobody told us of', '127.0.0.1', { 'x-forwarded-for': '10.0.0.9' }, 403],
  ])('%s', async (_who, address, headers, status) => {
    expect(await ask(await server(open), address, headers)).toBe(status);
  });

  test('without a token in the settings no token opens them', async () => {
    const fastify = await server({ metricsToken: null });
    expect(await ask(fastify, '10.0.0.9', { authorization: 'Bearer null' })).toBe(403);
  });

  test('behind a known proxy the address it tells counts', async () => {
    const forwarded = { 'x-forwarded-for': '10.0.0.9' };
    expect(await ask(await server({ metricsToken: null }, ['127.0.0.1']), '127.0.0.1', forwarded)).toBe(403);
    const other = await server({ metricsToken: null }, ['10.0.0.1']);
    expect(await ask(other, '127.0.0.1', { 'x-forwarded-for': '127.0.0.1' })).toBe(403);
  });

  test('labels come from closed lists', async () => {
    const metrics = new Metrics();
    metrics.operationEnded(['OK', 'FORBIDDEN', 'Wetherby <script>']);
    metrics.observeRequest({ method: 'WETHERBY', route: '/graphql', status: 200, seconds: 0.01 });
    const text = await metrics.registry.metrics();
    expect(text).not.toMatch(/wetherby/i);
    expect(text).toContain('chartseal_graphql_operations_total{outcome="FORBIDDEN"} 1');
  });

  test('connections are counted when somebody looks', async () => {
    const metrics = new Metrics();
    const pool = { totalCount: 0, idleCount: 0, waitingCount: 0 };
    metrics.watchConnections(pool);
    Object.assign(pool, { totalCount: 10, idleCount: 3, waitingCount: 2 });
    const text = await metrics.registry.metrics();
    for (const [state, count] of Object.entries({ busy: 7, idle: 3, wanted: 2 })) {
      expect(text).toContain(`chartseal_database_connections{state="${state}"} ${count}\n`);
    }
  });
});
