import { sign } from 'jsonwebtoken';
import { createSecretKey, randomBytes } from 'node:crypto';
import { Browser, openFrontDesk, type Colleague, type FrontDesk } from '../support/front-desk';

let desk: FrontDesk;
let adeyemi: Colleague;

beforeAll(async () => {
  desk = await openFrontDesk();
  adeyemi = await desk.hire('Dr Adeyemi', 'DOCTOR');
});

afterAll(() => desk.close());

let addresses = 0;
const browser = () => new Browser(desk, `198.51.100.${(addresses += 1)}`);

async function signedIn(): Promise<Browser> {
  const hers = browser();
  expect((await hers.signIn(adeyemi)).code).toBeUndefined();
  return hers;
}

async function endReasons(): Promise<string[]> {
  const rows = await desk.runtime.dataSource.query<{ end_reason: string }[]>(
    'SELECT end_reason FROM session WHERE ended_at IS NOT NULL ORDER BY ended_at DESC',
  );
  return rows.map(({ end_reason: reason }) => reason);
}

describe('a stolen refresh token', () => {
  test('used after its owner used it: both are out', async () => {
    const hers = await signedIn();
    const thief = hers.copy();
    expect((await hers.refresh()).code).toBeUndefined();
    expect((await thief.refresh()).code).toBe('UNAUTHENTICATED');
    expect(await hers.whoami()).toBeNull();
    expect((await hers.refresh()).code).toBe('UNAUTHENTICATED');
    expect((await endReasons())[0]).toBe('REUSED');
  });

  test('used before its owner: both are out as soon as the owner comes', async () => {
    const hers = await signedIn();
    const thief = hers.copy();
    expect((await thief.refresh()).code).toBeUndefined();
    expect(await thief.whoami()).toBe('Dr Adeyemi');
    expect((await hers.refresh()).code).toBe('UNAUTHENTICATED');
    expect(await thief.whoami()).toBeNull();
    expect((await thief.refresh()).code).toBe('UNAUTHENTICATED');
  });

  test('used by many at the same moment: exactly one is served, then the family ends', async () => {
    for (let round = 0; round < 5; round += 1) {
      const hers = await signedIn();
      const copies = Array.from({ length: 6 }, () => hers.copy());
      const answers = await Promise.all(copies.map((copy) => copy.refresh()));
      expect(answers.filter(({ code }) => code === undefined)).toHaveLength(1);
      const winner = copies[answers.findIndex(({ code }) => code === undefined)]!;
      expect(await winner.whoami()).toBeNull();
      expect((await winner.refresh()).code).toBe('UNAUTHENTICATED');
    }
  });

  test('of a session that is over for another reason opens nothing', async () => {
    const hers = await signedIn();
    const copy = hers.copy();
    await hers.ask('mutation { signOut }');
    expect((await copy.refresh()).code).toBe('UNAUTHENTICATED');
    expect((await endReasons())[0]).toBe('SIGNED_OUT');
  });

  test('that has expired or was exchanged signs out, and nothing else of the request acts by it', async () => {
    const register = `mutation { signOut createPatient(input: {
      name: { family: "Lindgren", given: [] }, gender: FEMALE }) { id name { family } } }`;
    const exchanged = (await signedIn()).copy();
    await exchanged.copy().refresh();
    const expired = (await signedIn()).copy();
    for (const [thief, past] of [
      [exchanged, 0],
      [expired, 13 * 60 * 60_000],
    ] as const) {
      desk.wait(past);
      thief.token = null;
      const { code, data } = await thief.ask(register);
      expect([code, data]).toEqual(['UNAUTHENTICATED', null]);
      expect((await endReasons())[0]).toBe('SIGNED_OUT');
    }
    expect(await desk.runtime.dataSource.query('SELECT id FROM patient')).toEqual([]);
  });

  test('invented for somebody’s session ends nothing', async () => {
    const hers = await signedIn();
    const forger = browser();
    const bytes = Buffer.from(hers.cookie!.split('=')[1]!, 'base64url');
    randomBytes(32).copy(bytes, 16);
    forger.cookie = `chartseal_refresh=${bytes.toString('base64url')}`;
    expect((await forger.refresh()).code).toBe('UNAUTHENTICATED');
    expect(await hers.whoami()).toBe('Dr Adeyemi');
    expect((await hers.refresh()).code).toBeUndefined();
  });

  test('is not in the database, and neither is the access token', async () => {
    const hers = await signedIn();
    const rows = await desk.runtime.dataSource.query<{ row: string }[]>('SELECT s::text AS row FROM session s');
    const secret = Buffer.from(hers.cookie!.split('=')[1]!, 'base64url').subarray(16, 48);
    const stored = rows.map(({ row }) => row).join('\n');
    expect(stored).not.toContain(secret.toString('hex'));
    expect(stored).not.toContain(hers.cookie!.split('=')[1]);
  });
});

describe('forged access tokens', () => {
  const claims = async () => {
    const hers = await signedIn();
    return JSON.parse(Buffer.from(hers.token!.split('.')[1]!, 'base64url').toString()) as Record<string, unknown>;
  };

  test('of a standing session, unsigned or signed with another key, speak for nobody', async () => {
    const genuine = await claims();
    const forged = [
      sign(genuine, null, { algorithm: 'none' }),
      sign(genuine, createSecretKey(randomBytes(32)), { algorithm: 'HS256' }),
      sign(genuine, '', { algorithm: 'none' }),
    ];
    for (const token of forged) {
      const theirs = browser();
      theirs.token = token;
      expect(await theirs.whoami()).toBeNull();
      expect((await theirs.ask('{ staff { id } }')).code).toBe('UNAUTHENTICATED');
    }
  });

  test('an expired one is refused although the session stands', async () => {
    const hers = await signedIn();
    const old = hers.copy();
    desk.wait(15 * 60_000 + 1000);
    expect(await old.whoami()).toBeNull();
    expect((await hers.refresh()).code).toBeUndefined();
    expect(await hers.whoami()).toBe('Dr Adeyemi');
    expect(await old.whoami()).toBeNull();
  });

  test('the role in the token counts for nothing: the database says it', async () => {
    const brandt = await desk.hire('Auditor Brandt', 'AUDITOR');
    const theirs = browser();
    await theirs.signIn(brandt);
    const key = createSecretKey(desk.runtime.base.tokens.derive('access token'));
    const body = JSON.parse(Buffer.from(theirs.token!.split('.')[1]!, 'base64url').toString()) as object;
    theirs.token = sign({ ...body, role: 'ADMIN' }, key, { algorithm: 'HS256' });
    expect(await theirs.whoami()).toBe('Auditor Brandt');
    expect((await theirs.ask('{ users(first: 1) { totalCount } }')).code).toBe('FORBIDDEN');
  });

  test('another’s session with one’s own name speaks for nobody', async () => {
    const okafor = await desk.hire('Clinician Okafor', 'CLINICIAN');
    const genuine = await claims();
    const key = createSecretKey(desk.runtime.base.tokens.derive('access token'));
    const theirs = browser();
    theirs.token = sign({ ...genuine, sub: okafor.id }, key, { algorithm: 'HS256' });
    expect(await theirs.whoami()).toBeNull();
  });
});

describe('foreign pages', () => {
  test.each<[string, Record<string, string>]>([
    ['without the header', { origin: 'http://localhost', host: 'localhost' }],
    ['with a foreign Origin', { origin: 'https://evil.example', host: 'localhost', 'x-chartseal-csrf': '1' }],
    ['with Origin null', { origin: 'null', host: 'localhost', 'x-chartseal-csrf': '1' }],
    ['without Origin', { host: 'localhost', 'x-chartseal-csrf': '1' }],
  ])('%s can neither refresh nor sign out by cookie', async (_name, headers) => {
    const hers = await signedIn();
    const foreign = hers.copy();
    foreign.token = null;
    foreign.headers = headers;
    const answers = [
      await foreign.ask('mutation { refreshSession { accessToken } }'),
      await foreign.ask('mutation { signOut }'),
    ];
    for (const { code, cookie } of answers) {
      expect(code).toBe('FORBIDDEN');
      expect(cookie).toBeUndefined();
    }
    expect((await hers.refresh()).code).toBeUndefined();
  });

  test('the cookie alone signs nobody in: every other operation wants the access token', async () => {
    const hers = await signedIn();
    hers.token = null;
    expect(await hers.whoami()).toBeNull();
    expect((await hers.ask('{ staff { id } }')).code).toBe('UNAUTHENTICATED');
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])(
    'cannot send what a form could send (%s)',
    async (type) => {
      const hers = await signedIn();
      const response = await desk.app.fastify.inject({
        method: 'POST',
        url: '/graphql',
        headers: { 'content-type': type, cookie: hers.cookie!, origin: 'http://localhost', host: 'localhost' },
        payload: '{"query":"mutation { signOut }"}',
      });
      expect(response.statusCode).toBeGreaterThanOrEqual(400);
      expect(await hers.whoami()).toBe('Dr Adeyemi');
    },
  );

  test('cannot sign anybody out with a link', async () => {
    const hers = await signedIn();
    const response = await desk.app.fastify.inject({
      method: 'GET',
      url: `/graphql?query=${encodeURIComponent('mutation { signOut }')}`,
      headers: { cookie: hers.cookie!, origin: 'http://localhost', host: 'localhost', 'x-chartseal-csrf': '1' },
    });
    expect(response.statusCode).toBeGreaterThanOrEqual(400);
    expect(await hers.whoami()).toBe('Dr Adeyemi');
  });
});
