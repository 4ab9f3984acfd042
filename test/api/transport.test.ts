import { X509Certificate } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request, type RequestOptions } from 'node:https';
import { connect as connectPlainly, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { makePair, type Pair } from '../support/certificates';
import { Hospital } from '../support/hospital';

const CHARTS = 'https://charts.example.org';
const PROXY = '203.0.113.80';

let folder: string;
let first: Pair;
let second: Pair;
let inUse: Pair;
/** Speaks TLS itself, and lets the pages of one other system ask. */
let secure: Hospital;
/** Behind a proxy of a known address; speaks HTTP. */
let proxied: Hospital;
let port: number;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'chartseal-transport-'));
  [first, second] = [makePair(folder, 'first'), makePair(folder, 'second')];
  inUse = { cert: join(folder, 'own.crt'), key: join(folder, 'own.key') };
  take(first);
  secure = await Hospital.open({ TLS_CERT_FILE: inUse.cert, TLS_KEY_FILE: inUse.key, CORS_ORIGINS: CHARTS });
  proxied = await Hospital.open({ TRUST_PROXY: PROXY, COST_PER_MINUTE: '9000' });
  await secure.desk.app.fastify.listen({ host: '127.0.0.1', port: 0 });
  ({ port } = secure.desk.app.fastify.server.address() as AddressInfo);
});
afterAll(async () => {
  await proxied?.close();
  await secure?.close();
  rmSync(folder, { recursive: true });
});

function take(pair: Pair): void {
  copyFileSync(pair.cert, inUse.cert);
  copyFileSync(pair.key, inUse.key);
}

interface Answer {
  status: number;
  headers: Record<string, unknown>;
  body: string;
}

/** Asks over TLS, believing the certificates made here. */
function ask(path: string, options: RequestOptions = {}, body = ''): Promise<Answer> {
  const ca = [first, second].map(({ cert }) => readFileSync(cert));
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', servername: 'localhost', port, path, ca, agent: false, ...options }, (response) => {
      let text = '';
      response.on('data', (part: Buffer) => (text += part.toString()));
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body: text }));
    }); // prettier-ignore
    sent.once('error', reject).end(body);
  });
}

const SIGN_IN = 'mutation ($input: SignInInput!) { signIn(input: $input) { accessToken } }';
const REFRESH = 'mutation { refreshSession { expiresAt } }';
const json = { 'content-type': 'application/json' };
const ownPage = () => ({
  ...json,
  origin: `https://localhost:${port}`,
  host: `localhost:${port}`,
  'x-chartseal-csrf': '1',
});
const post = (headers: Record<string, string>, query: string, variables = {}) =>
  ask('/graphql', { method: 'POST', headers }, JSON.stringify({ query, variables }));

describe('our own TLS', () => {
  /** The protocol agreed on, or the code of the refusal. */
  const agreed = (options: object) =>
    new Promise<string | null>((resolve) => {
      const socket = connect({
        host: '127.0.0.1',
        port,
        servername: 'localhost',
        rejectUnauthorized: false,
        ...options,
      });
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      socket.once('secureConnect', () => {
        resolve(socket.getProtocol());
        socket.destroy();
      });
    });

  test('is 1.2 or newer, by suites with forward secrecy and authentication', async () => {
    expect(await agreed({})).toBe('TLSv1.3');
    expect(await agreed({ maxVersion: 'TLSv1.2' })).toBe('TLSv1.2');
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' };
    expect(await agreed(old)).toMatch(/PROTOCOL|VERSION/i);
    for (const ciphers of ['ECDHE-ECDSA-AES128-SHA256', 'ECDHE-ECDSA-AES256-SHA', 'AES128-GCM-SHA256']) {
      expect(await agreed({ maxVersion: 'TLSv1.2', ciphers })).toMatch(/HANDSHAKE|ERR_SSL/i);
    }
  });

  test('tells browsers to stay with it, except on localhost, and gives cookies that hold to this host', async () => {
    const { headers } = await ask('/', { headers: { host: 'records.ward.example' } });
    expect(headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains');
    expect((await ask('/')).headers['strict-transport-security']).toBeDefined();
    expect((await ask('/', { headers: { host: `localhost:${port}` } })).headers['strict-transport-security']).toBeUndefined();
    const { email, password } = secure.account('adeyemi');
    const signedIn = await post(ownPage(), SIGN_IN, { input: { email, password } });
    const [cookie = ''] = signedIn.headers['set-cookie'] as string[];
    expect(cookie).toMatch(/^__Host-chartseal_refresh=[\w.-]{40,}; /);
    for (const flag of ['HttpOnly', 'SameSite=Strict', 'Path=/', 'Secure']) expect(cookie).toContain(flag);
    const pair = cookie.split(';')[0]!;
    const plain = pair.replace('__Host-', '');
    expect((await post({ ...ownPage(), cookie: plain }, REFRESH)).body).toContain('UNAUTHENTICATED');
    expect((await post({ ...ownPage(), cookie: pair }, REFRESH)).body).not.toContain('errors');
  }); // prettier-ignore

  test('carries subscriptions', async () => {
    const authorization = `Bearer ${secure.as('brandt').token}`;
    class Believing extends WebSocket {
      constructor(address: string, protocols: string) {
        super(address, protocols, { ca: readFileSync(first.cert) });
      }
    }
    const client = createClient({
      url: `wss://127.0.0.1:${port}/graphql`,
      webSocketImpl: Believing,
      connectionParams: { authorization },
    });
    const events = client.iterate({ query: 'subscription { auditEntryAdded { index } }' });
    const next = events.next();
    await secure.patient();
    expect((await next).value).toMatchObject({ data: { auditEntryAdded: { index: expect.any(Number) as number } } });
    await client.dispose();
  });

  test('is renewed with the files, without a restart; a pair that does not match changes nothing', async () => {
    const shown = () =>
      new Promise<string>((resolve, reject) => {
        const socket = connect({ host: '127.0.0.1', port, servername: 'localhost', rejectUnauthorized: false });
        socket.once('error', reject);
        socket.once('secureConnect', () => {
          resolve(socket.getPeerX509Certificate()!.fingerprint256);
          socket.destroy();
        });
      });
    const of = ({ cert }: Pair) => new X509Certificate(readFileSync(cert)).fingerprint256;
    expect(await shown()).toBe(of(first));
    const warned = jest.spyOn(secure.runtime.logger, 'warn');
    copyFileSync(second.cert, inUse.cert);
    while (!warned.mock.calls.some(([, message]) => /certificate is not used/.test(String(message)))) {
      await new Promise((done) => setTimeout(done, 50));
    }
    expect(await shown()).toBe(of(first));
    copyFileSync(second.key, inUse.key);
    while ((await shown()) !== of(second)) await new Promise((done) => setTimeout(done, 50));
    expect((await ask('/health/live')).status).toBe(200);
  });
});

describe('pages of other systems', () => {
  const preflight = (origin: string, path = '/graphql') =>
    ask(path, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
    });
  const told = ({ headers }: Answer) => Object.keys(headers).filter((name) => name.startsWith('access-control-'));

  test('that are listed may ask with a token of their own, and never with cookies', async () => {
    const asked = await preflight(CHARTS);
    expect([asked.status, asked.headers['access-control-allow-origin'], asked.headers.vary]).toEqual([204, CHARTS, 'Origin']); // prettier-ignore
    expect(asked.headers['access-control-max-age']).toBe('7200');
    expect(asked.headers['access-control-allow-headers']).toBe('authorization, content-type, apollo-require-preflight');
    expect(asked.headers).not.toHaveProperty('access-control-allow-credentials');
    const authorization = `Bearer ${secure.as('adeyemi').token}`;
    const answer = await post({ ...json, origin: CHARTS, authorization }, '{ me { name } }');
    expect(answer.body).toContain('Dr Adeyemi');
    expect(answer.headers['access-control-allow-origin']).toBe(CHARTS);
    expect(answer.headers).not.toHaveProperty('access-control-allow-credentials');
    expect((await preflight(CHARTS, '/oauth/token')).status).toBe(204);
    const cookie = '__Host-chartseal_refresh=x';
    const byCookie = await post({ ...json, origin: CHARTS, 'x-chartseal-csrf': '1', cookie }, REFRESH);
    expect(byCookie.body).toContain('FORBIDDEN');
  });

  test.each([
    'null',
    'https://evil.example',
    `${CHARTS}.evil.example`,
    'https://evil-charts.example.org',
    'https://x.charts.example.org',
    'http://charts.example.org',
    'https://charts.example.org:8443',
    'https://CHARTS.example.org',
  ])('from %s are told nothing', async (origin) => {
    expect(told(await preflight(origin))).toEqual([]);
    const answer = await post({ ...json, origin }, '{ __typename }');
    expect([told(answer), answer.headers.vary]).toEqual([[], expect.stringContaining('Origin')]);
  });

  test('may not ask elsewhere, and nobody may where nobody is listed', async () => {
    expect(told(await preflight(CHARTS, '/metrics'))).toEqual([]);
    const headers = { origin: CHARTS, 'access-control-request-method': 'POST', host: 'localhost' };
    const refused = await proxied.desk.app.fastify.inject({ method: 'OPTIONS', url: '/graphql', headers });
    expect(refused.headers).not.toHaveProperty('access-control-allow-origin');
  });

  test('open a WebSocket where they are listed', async () => {
    const upgrade = (origin: string) =>
      new Promise<number>((resolve) => {
        const options = { ca: readFileSync(second.cert), rejectUnauthorized: false, origin };
        const socket = new WebSocket(`wss://127.0.0.1:${port}/graphql`, 'graphql-transport-ws', options);
        socket.once('error', () => undefined);
        socket.once('open', () => resolve((socket.terminate(), 101)));
        socket.once('unexpected-response', (_request, { statusCode }) => resolve(statusCode!));
      });
    expect([await upgrade(CHARTS), await upgrade(`${CHARTS}.evil.example`), await upgrade('null')]).toEqual([101, 403, 403]); // prettier-ignore
  });
});

describe('behind a proxy', () => {
  const guess = { email: 'nobody@ward.example', password: 'a long enough guess' };
  const from = (remoteAddress: string, headers: Record<string, string>, query = SIGN_IN, input: unknown = guess) =>
    proxied.desk.app.fastify.inject({
      method: 'POST',
      url: '/graphql',
      remoteAddress,
      headers: { ...json, host: 'records.ward.example', ...headers },
      payload: { query, variables: query === SIGN_IN ? { input } : {} },
    });
  const addressOf = async (requestId: unknown) =>
    (await proxied.entries()).flatMap((entry) => (entry.q === requestId ? [entry.ip] : []));

  test('what it says counts: the address in the log, TLS for the cookies', async () => {
    const { email, password } = proxied.account('adeyemi');
    const forwarded = { 'x-forwarded-for': '198.51.100.7', 'x-forwarded-proto': 'https' };
    const answer = await from(PROXY, { ...forwarded, origin: 'https://records.ward.example', 'x-chartseal-csrf': '1' }, SIGN_IN, { email, password }); // prettier-ignore
    expect(String(answer.headers['set-cookie'])).toMatch(/^__Host-chartseal_refresh=.*; Secure/);
    expect(answer.headers['strict-transport-security']).toBeDefined();
    expect(await addressOf(answer.headers['x-request-id'])).toContain('198.51.100.7');
  });

  test.each([
    ['from elsewhere', '192.0.2.66', '10.9.9.9'],
    ['by a client of the proxy', PROXY, '10.9.9.9, 192.0.2.67'],
  ])('what is said %s does not', async (_whose, remoteAddress, said) => {
    const { email, password } = proxied.account('okafor');
    const forged = { 'x-forwarded-for': said, 'x-forwarded-proto': 'https', 'x-forwarded-host': 'evil.example' };
    const headers = remoteAddress === PROXY ? { 'x-forwarded-for': said } : forged;
    const answer = await from(remoteAddress, headers, SIGN_IN, { email, password });
    expect(String(answer.headers['set-cookie'])).toMatch(/^chartseal_refresh=/);
    expect(answer.headers['strict-transport-security']).toBeUndefined();
    expect(await addressOf(answer.headers['x-request-id'])).toEqual([expect.stringMatching(/^192\.0\.2\.6[67]$/)]);
  });

  test('a forged address moves neither the pause of who guesses nor the budget of who is not signed in', async () => {
    const { email } = proxied.account('lindqvist');
    const codes: string[] = [];
    for (let n = 0; n < 7; n += 1) {
      const answer = await from('192.0.2.70', { 'x-forwarded-for': `10.0.0.${n}` }, SIGN_IN, { ...guess, email });
      codes.push(/"code":"(\w+)"/.exec(answer.body)?.[1] ?? '');
    }
    expect(codes).toEqual([...Array<string>(5).fill('UNAUTHENTICATED'), 'LOCKED', 'LOCKED']);
    let last = '';
    for (let n = 0; n < 40 && last !== 'RATE_LIMITED'; n += 1) {
      const answer = await from('192.0.2.71', { 'x-forwarded-for': `10.0.1.${n}` });
      last = /"code":"(\w+)"/.exec(answer.body)?.[1] ?? '';
    }
    expect(last).toBe('RATE_LIMITED');
  });
});

describe('every answer', () => {
  const headers = { host: 'localhost' };
  const upgrade = { ...headers, connection: 'upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' }; // prettier-ignore
  test.each<[string, number, string, RequestOptions]>([
    ['a page', 200, '/patients', { headers: { ...headers, accept: 'text/html' } }],
    ['an asset', 200, '/favicon.svg', {}],
    ['an asset that is not there', 404, '/assets/none.js', {}],
    ['an answer of the API', 200, '/graphql?query={__typename}', { headers: { ...headers, authorization: 'Bearer x' } }],
    ['a refused document', 400, '/graphql?query={nothing}', { headers: { ...headers, authorization: 'Bearer x' } }],
    ['a forged request', 400, '/graphql?query={__typename}', {}],
    ['a preflight', 204, '/graphql', { method: 'OPTIONS', headers: { origin: CHARTS, 'access-control-request-method': 'POST' } }],
    ['a body of a wrong type', 415, '/graphql', { method: 'POST', headers: { ...headers, 'content-type': 'text/css' } }],
    ['a token request', 400, '/oauth/token', { method: 'POST', headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' } }],
    ['the discovery document', 200, '/.well-known/oauth-authorization-server', {}],
    ['health', 200, '/health/live', {}],
    ['metrics', 200, '/metrics', {}],
    ['what is asked of a host that is none', 200, '/health/live', { headers: { host: '%' } }],
    ['what would speak of such a host', 400, '/.well-known/oauth-authorization-server', { headers: { host: '%' } }],
    ['a WebSocket at such a host', 400, '/graphql', { headers: { ...upgrade, host: '%', origin: 'http://localhost' } }],
    ['what is not there', 404, '/none', {}],
    ['an address that is none', 400, '/%zz', {}],
    ['a refused WebSocket', 403, '/graphql', { headers: { ...upgrade, origin: 'https://evil.example' } }],
    ['a WebSocket where there is none', 404, '/none', { headers: upgrade }],
  ])('%s (%i) says that it is framed, sniffed and kept by nobody', async (_what, status, path, options) => {
    const answer = await ask(path, options);
    expect(answer.status).toBe(status);
    expect(answer.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': expect.stringContaining('camera=()') as string,
      'content-security-policy': expect.stringMatching(/default-src 'none'.*frame-ancestors 'none'/) as string,
    });
    expect(answer.headers).not.toHaveProperty('x-powered-by');
    expect(answer.headers).not.toHaveProperty('server');
  }); // prettier-ignore

  test('what is no HTTP at all too', async () => {
    const address = await proxied.desk.app.fastify.listen({ host: '127.0.0.1', port: 0 });
    const said = await new Promise<string>((resolve) => {
      let text = '';
      const socket = connectPlainly(Number(new URL(address).port), '127.0.0.1', () => socket.write('GARBAGE\r\n\r\n'));
      socket.on('data', (part) => (text += part.toString()));
      socket.once('close', () => resolve(text));
    });
    expect(said).toMatch(/^HTTP\/1\.1 400 [^]*nosniff[^]*x-frame-options: DENY/);
  });
});
