import fastifyCookie from '@fastify/cookie';
import Fastify from 'fastify';
import { AttemptCookie } from '../../../server/identity/oidc/attempt-cookie';
import { systemClock } from '../../../server/platform/clock';

const attempt = { state: 'state', nonce: 'nonce', verifier: 'verifier' };

/** A server that sets the cookie at /set and answers at /take what it finds. */
async function server(publicUrl: string | null) {
  const cookie = new AttemptCookie(Buffer.alloc(32, 7), publicUrl, systemClock);
  const fastify = Fastify();
  await fastify.register(fastifyCookie);
  fastify.get('/set', async (request, reply) => {
    cookie.set({ request, reply }, attempt);
    return '';
  });
  fastify.get('/take', async (request, reply) => ({ found: cookie.take({ request, reply }) }));
  const set = String((await fastify.inject('/set')).headers['set-cookie']);
  const take = async (sent: string) =>
    (await fastify.inject({ url: '/take', headers: { cookie: sent } })).json<{ found: unknown }>().found;
  return { set, pair: set.split(';')[0]!, take };
}

test('under TLS it is of this host alone, and none without the prefix is read', async () => {
  const { set, pair, take } = await server('https://records.ward.example');
  expect(set).toMatch(/^__Host-chartseal_oidc=/);
  for (const flag of ['HttpOnly', 'Secure', 'SameSite=Lax', 'Path=/']) expect(set).toContain(flag);
  expect(set).not.toContain('Domain=');
  expect(await take(pair)).toEqual(attempt);
  expect(await take(pair.replace('__Host-', ''))).toBeNull();
});

test('on plain HTTP it has its plain name', async () => {
  const { set, pair, take } = await server(null);
  expect(set).toMatch(/^chartseal_oidc=/);
  expect(set).not.toContain('Secure');
  expect(await take(pair)).toEqual(attempt);
});
