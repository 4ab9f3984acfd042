import { readdirSync } from 'node:fs';
import { Hospital } from '../support/hospital';

let hospital: Hospital;
let publicly: Hospital;
const TOKEN = 'a token for the metrics';
beforeAll(async () => {
  hospital = await Hospital.open();
  publicly = await Hospital.open({ PUBLIC_URL: 'https://records.ward.example', GRAPHIQL: 'off', METRICS_TOKEN: TOKEN, TRUST_PROXY: '1' });
}); // prettier-ignore
afterAll(async () => {
  await publicly?.close();
  await hospital?.close();
});

type Init = {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD';
  headers?: Record<string, string>;
  remoteAddress?: string;
  payload?: string;
};
const get = (url: string, init: Init = {}, house = hospital) => house.desk.app.fastify.inject({ method: 'GET', url, ...init }); // prettier-ignore
const page = (url: string, house = hospital) => get(url, { headers: { accept: 'text/html,application/xhtml+xml' } }, house); // prettier-ignore

describe('pages', () => {
  test.each(['/', '/patients', '/patients/01890000-0000-7000-8000-000000000000', '/audit', '/invite', '/no/such/page'])(
    '%s is the client, under a policy of its own',
    async (url) => {
      const response = await page(url);
      expect(response.statusCode).toBe(200);
      expect(response.headers['content-type']).toBe('text/html; charset=utf-8');
      expect(response.headers['cache-control']).toBe('no-store');
      const policy = String(response.headers['content-security-policy']);
      const nonce = /script-src 'self' 'nonce-([\w+/=]{20,})'/.exec(policy)?.[1];
      expect(nonce).toBeDefined();
      expect(policy).toMatch(/default-src 'none'.*base-uri 'none'.*frame-ancestors 'none'.*connect-src 'self'/);
      expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline|https?:|\*/);
      expect(response.body).toContain(`nonce="${nonce}"`);
      expect(response.body).not.toContain('__CSP_NONCE__');
      const inline = [...response.body.matchAll(/<(script|style)\b([^>]*)>/g)].filter(([, , attributes]) => !/\bsrc=/.test(attributes!));
      for (const [tag] of inline) expect(tag).toContain(`nonce="${nonce}"`);
    },
  ); // prettier-ignore

  test('the nonce is another one each time', async () => {
    const nonces = await Promise.all(
      Array.from({ length: 5 }, async () => /nonce-([^']+)/.exec(String((await page('/')).headers['content-security-policy']))?.[1]),
    );
    expect(new Set(nonces).size).toBe(5);
  }); // prettier-ignore

  test('every answer says that nobody may frame, sniff or be told where one came from', async () => {
    for (const response of [await page('/'), await get('/health/live'), await get('/no', {}), await get('/graphql')]) {
      expect(response.headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(response.headers['x-powered-by']).toBeUndefined();
      expect(response.headers.server).toBeUndefined();
    }
  });

  test('under TLS, browsers are told to stay with it', async () => {
    expect((await page('/', publicly)).headers['strict-transport-security']).toMatch(/max-age=\d{7,}/);
    expect((await page('/')).headers['strict-transport-security']).toBeUndefined();
  });

  test('assets are kept for a year, and what is not there is not the client', async () => {
    const asset = readdirSync('dist/client/assets').find((name) => name.endsWith('.js'));
    const response = await get(`/assets/${asset}`);
    expect(response.statusCode).toBe(200);
    expect(response.headers['cache-control']).toMatch(/max-age=31536000, immutable/);
    expect((await page('/assets/nothing.js')).statusCode).toBe(404);
  });

  test.each(['/assets/../../../package.json', '/assets/..%2f..%2f..%2fpackage.json', '/assets/%2e%2e/index.html', '/..%2fserver%2fmain.ts', '/assets/.env'])(
    '%s leads out of nothing',
    async (url) => {
      const response = await get(url);
      expect(response.statusCode).toBeGreaterThanOrEqual(400);
      expect(response.body).not.toContain('"dependencies"');
    },
  ); // prettier-ignore

  test('the editor is there for developers, under a policy of its own, and nowhere with GRAPHIQL=off', async () => {
    const editor = await page('/graphiql');
    expect([editor.statusCode, editor.body.includes('raphiql')]).toEqual([200, true]);
    expect(editor.headers['content-security-policy']).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline/);
    expect((await page('/graphiql', publicly)).body).not.toContain('raphiql');
  });
});

describe('what is not there', () => {
  test.each<[string, Init]>([
    ['/no/such/thing', {}],
    ['/no/such/thing', { headers: { accept: 'application/json' } }],
    ['/patients', { method: 'POST', headers: { accept: 'text/html' } }],
    ['/graphql/x', { headers: { accept: 'text/html' } }],
  ])('%s %j is 404 in JSON', async (url, init) => {
    const response = await get(url, init);
    expect([response.statusCode, response.headers['content-type']]).toEqual([404, 'application/json; charset=utf-8']);
    expect(response.json()).toEqual({ error: 'Not found' });
  });
});

describe('health and metrics', () => {
  test('live, ready, and not ready without the database', async () => {
    expect((await get('/health/live')).json()).toEqual({ status: 'live' });
    const ready = await get('/health/ready');
    expect([ready.statusCode, ready.json()]).toEqual([200, { status: 'ready' }]);
    expect(ready.headers['cache-control']).toBe('no-store');
    const asked = jest.spyOn(hospital.runtime.dataSource, 'query').mockRejectedValue(new Error('no database'));
    const unready = await get('/health/ready');
    asked.mockRestore();
    expect([unready.statusCode, unready.json()]).toEqual([503, { status: 'not ready', failing: ['database'] }]);
  });

  test('metrics for this machine, and elsewhere for whoever has the token', async () => {
    const { body } = await get('/metrics', { remoteAddress: '127.0.0.1' });
    expect(body).toContain('chartseal_graphql_operations_total');
    expect(body).toContain('chartseal_database_connections{state="idle"}');
    expect((await get('/metrics', { remoteAddress: '192.0.2.1' })).statusCode).toBe(403);
    expect((await get('/metrics', { remoteAddress: '127.0.0.1', headers: { 'x-forwarded-for': '192.0.2.1' } })).statusCode).toBe(403);
    const by = (token: string) =>
      get('/metrics', { remoteAddress: '192.0.2.1', headers: { authorization: `Bearer ${token}` } }, publicly);
    expect([(await by(TOKEN)).statusCode, (await by('another')).statusCode]).toEqual([200, 403]);
    const forged = { remoteAddress: '192.0.2.1', headers: { 'x-forwarded-for': '127.0.0.1' } };
    expect((await get('/metrics', forged)).statusCode).toBe(403);
  }); // prettier-ignore

  test('metrics name no patient, no person and no path that was asked for', async () => {
    const { id } = await hospital.patient({ name: { family: 'Zanaryova', given: ['X'] } });
    await page(`/patients/${id}`);
    const { body } = await get('/metrics', { remoteAddress: '127.0.0.1' });
    expect(body).not.toMatch(new RegExp(`${id}|Zanary|ward\\.example|198\\.51\\.100`));
  });
});

describe('the session cookie', () => {
  const cookieOf = async (house: Hospital, headers: Record<string, string>) => {
    const browser = house.visitor();
    browser.headers = { 'x-chartseal-csrf': '1', ...headers };
    const { cookie, body } = await browser.signIn(house.account('adeyemi'));
    expect(body).not.toMatch(/refresh/i);
    return cookie ?? '';
  };

  test('is out of reach of scripts and of other sites', async () => {
    const cookie = await cookieOf(hospital, { origin: 'http://localhost', host: 'localhost' });
    expect(cookie).toMatch(/^chartseal_refresh=[\w.-]{40,}; /);
    for (const flag of ['HttpOnly', 'SameSite=Strict', 'Path=/']) expect(cookie).toContain(flag);
    expect(cookie).not.toMatch(/Domain=|Secure/);
  });

  test('under TLS it is Secure, and of this host alone', async () => {
    const cookie = await cookieOf(publicly, { origin: 'https://records.ward.example', host: 'records.ward.example' });
    expect(cookie).toMatch(/^__Host-chartseal_refresh=/);
    for (const flag of ['HttpOnly', 'SameSite=Strict', 'Path=/', 'Secure']) expect(cookie).toContain(flag);
    expect(cookie).not.toContain('Domain=');
  });

  test('nothing else sets one', async () => {
    for (const response of [await page('/'), await get('/health/live'), await get('/metrics')]) {
      expect(response.headers['set-cookie']).toBeUndefined();
    }
  });
});

describe('answers of the API', () => {
  test('are kept by nobody and carry the request’s id', async () => {
    const response = await hospital.desk.app.fastify.inject({
      method: 'POST',
      url: '/graphql',
      headers: { 'content-type': 'application/json' },
      payload: { query: '{ me { id } }' },
    });
    expect(response.headers['cache-control']).toBe('no-store');
    expect(response.headers['x-request-id']).toMatch(/^[\da-f]{8}-[\da-f]{4}-7/);
  });

  test('an error quotes that id, and the log has it', async () => {
    const patient = await hospital.patient({}, 'okonkwo');
    const { error } = await hospital.as('lindqvist').ask(`{ patient(id: "${patient.id}") { id } }`);
    const refusal = (await hospital.entries()).findLast(({ k }) => k === 'refused');
    expect(refusal).toMatchObject({ q: error?.extensions.requestId, p: [patient.id] });
  });
});
