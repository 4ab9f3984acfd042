import { poolOf } from '../../server/database/reader';
import { Browser, openFrontDesk, type Colleague, type FrontDesk } from '../support/front-desk';

let desk: FrontDesk;
let adeyemi: Colleague;
let lindqvist: Colleague;

beforeAll(async () => {
  desk = await openFrontDesk();
  adeyemi = await desk.hire('Dr Adeyemi', 'DOCTOR');
  lindqvist = await desk.hire('Nurse Lindqvist', 'NURSE');
});

afterAll(() => desk.close());

/** From an address of its own, so that stories do not throttle one another. */
let addresses = 0;
const browser = () => new Browser(desk, `198.51.100.${(addresses += 1)}`);

describe('signing in', () => {
  test('Dr Adeyemi signs in, in any case of the address, and learns who she is and what she may do', async () => {
    const hers = browser();
    hers.headers['user-agent'] = 'Firefox on ward 3';
    const { data, cookie } = await hers.signIn({ ...adeyemi, email: ' DR.adeyemi@Ward.Example ' });
    expect(data).toMatchObject({
      signIn: {
        me: {
          id: adeyemi.id,
          email: 'dr.adeyemi@ward.example',
          name: 'Dr Adeyemi',
          role: 'DOCTOR',
          permissions: expect.arrayContaining(['PATIENT_READ', 'VISIT_WRITE']) as unknown,
          sessions: [{ device: 'Firefox on ward 3', current: true }],
        },
      },
    });
    expect(cookie).toMatch(/^chartseal_refresh=[\w-]{86}; /);
    expect(cookie).toMatch(/; HttpOnly/);
    expect(cookie).toMatch(/; SameSite=Strict/);
    expect(cookie).not.toMatch(/; Secure/);
    expect(await hers.whoami()).toBe('Dr Adeyemi');
  });

  test('a stranger is nobody: me is null, anything else is refused', async () => {
    const theirs = browser();
    expect(await theirs.whoami()).toBeNull();
    expect((await theirs.ask('{ staff { id } }')).code).toBe('UNAUTHENTICATED');
    expect(
      (await theirs.ask('mutation { endSession(input: { id: "00000000-0000-4000-8000-000000000000" }) }')).code,
    ).toBe('UNAUTHENTICATED');
  });

  test('an unknown address and a wrong password get the very same answer', async () => {
    const theirs = browser();
    const wrong = await theirs.signIn({ ...adeyemi, password: 'not her password' });
    const unknown = await theirs.signIn({ email: 'nobody@ward.example', password: 'not her password' });
    const strip = (body: string) => body.replace(/"requestId":"[^"]*"/, '');
    expect(wrong.code).toBe('UNAUTHENTICATED');
    expect(strip(unknown.body)).toBe(strip(wrong.body));
    expect(unknown.status).toBe(wrong.status);
    expect([wrong.cookie, unknown.cookie]).toEqual([undefined, undefined]);
    expect(wrong.body).not.toMatch(/adeyemi/i);
  });

  test('under TLS the cookie is Secure and cannot be planted by a sibling domain', async () => {
    const secure = await openFrontDesk({ PUBLIC_URL: 'https://records.ward.example' });
    try {
      const somebody = await secure.hire('Clinician Okafor', 'CLINICIAN');
      const theirs = new Browser(secure);
      const { cookie } = await theirs.signIn(somebody);
      expect(cookie).toMatch(/^__Host-chartseal_refresh=/);
      expect(cookie).toMatch(/; Path=\//);
      expect(cookie).toMatch(/; Secure/);
      expect((await theirs.refresh()).code).toBe('FORBIDDEN'); // Origin http://localhost is not ours there
      theirs.headers.origin = 'https://records.ward.example';
      expect((await theirs.refresh()).code).toBeUndefined();
    } finally {
      await secure.close();
    }
  });
});

describe('a session', () => {
  test('is carried on by the cookie, which changes each time', async () => {
    const hers = browser();
    await hers.signIn(adeyemi);
    const first = hers.cookie;
    desk.wait(14 * 60_000);
    const { data } = await hers.refresh();
    expect(data).toMatchObject({
      refreshSession: {
        me: {
          name: 'Dr Adeyemi',
          sessions: expect.arrayContaining([expect.objectContaining({ current: true })]) as unknown,
        },
      },
    });
    expect(hers.cookie).not.toBe(first);
    expect((await hers.refresh()).code).toBeUndefined();
  });

  test('is looked up once for all requests of an event-loop turn', async () => {
    const browsers = [browser(), browser(), browser()];
    await Promise.all(browsers.map((each) => each.signIn(adeyemi)));
    const asked = jest.spyOn(poolOf(desk.runtime.dataSource), 'query');
    const asks = Array.from({ length: 60 }, (_, at) => ({ authorization: `Bearer ${browsers[at % 3]!.token}` }));
    const actors = await Promise.all(asks.map((headers) => desk.runtime.identity.authenticate(headers)));
    const ofSessions = asked.mock.calls.filter((call) => /FROM session s|UPDATE session/.test(JSON.stringify(call)));
    expect(ofSessions).toHaveLength(1); // the sealer and others ask by the same pool when they get to it
    asked.mockRestore();
    expect(actors.every(({ id, role }) => id === adeyemi.id && role === 'DOCTOR')).toBe(true);
    expect(new Set(actors.map(({ sessionId }) => sessionId)).size).toBe(3);
  });

  test('ends by itself after half an hour of nothing', async () => {
    const hers = browser();
    await hers.signIn(adeyemi);
    for (let round = 0; round < 3; round += 1) {
      desk.wait(10 * 60_000);
      await hers.refresh();
    }
    expect(await hers.whoami()).toBe('Dr Adeyemi');
    desk.wait(31 * 60_000);
    expect(await hers.whoami()).toBeNull();
    const late = await hers.refresh();
    expect(late.code).toBe('UNAUTHENTICATED');
    expect(hers.cookie).toBeNull();
  });

  test('ends although its page goes on asking by itself; one thing asked by the person carries it on', async () => {
    const hers = browser();
    await hers.signIn(adeyemi);
    const tenMinutes = async (background: boolean) => {
      desk.wait(10 * 60_000);
      if (background) hers.headers['x-chartseal-background'] = '1';
      else delete hers.headers['x-chartseal-background'];
      return [(await hers.refresh()).code, await hers.whoami()];
    };
    const stands = [undefined, 'Dr Adeyemi'];
    expect(await tenMinutes(true)).toEqual(stands);
    expect(await tenMinutes(false)).toEqual(stands);
    expect([await tenMinutes(true), await tenMinutes(true)]).toEqual([stands, stands]);
    expect(await tenMinutes(true)).toEqual(['UNAUTHENTICATED', null]);
  });

  test('ends after twelve hours, however busy', async () => {
    const hers = browser();
    await hers.signIn(adeyemi);
    for (let minutes = 0; minutes < 12 * 60 - 10; minutes += 10) {
      desk.wait(10 * 60_000);
      expect((await hers.refresh()).code).toBeUndefined();
    }
    desk.wait(10 * 60_000);
    expect((await hers.refresh()).code).toBe('UNAUTHENTICATED');
    expect(await hers.whoami()).toBeNull();
  });

  test('ends with signing out: the old access token is worth nothing on the very next request', async () => {
    const hers = browser();
    await hers.signIn(adeyemi);
    const thief = hers.copy();
    const out = await hers.ask('mutation { signOut }');
    expect(out.data).toEqual({ signOut: true });
    expect(hers.cookie).toBeNull();
    expect(await thief.whoami()).toBeNull();
    expect((await thief.ask('{ staff { id } }')).code).toBe('UNAUTHENTICATED');
    expect((await thief.refresh()).code).toBe('UNAUTHENTICATED');
    expect((await thief.ask('mutation { signOut }')).data).toEqual({ signOut: false });
  });

  test('ends by the cookie alone, when the access token has run out', async () => {
    const hers = browser();
    await hers.signIn(adeyemi);
    const other = hers.copy();
    hers.token = null;
    expect((await hers.ask('mutation { signOut }')).data).toEqual({ signOut: true });
    expect(await other.whoami()).toBeNull();
  });

  test('of one’s own can be ended from elsewhere; another’s only by an administrator', async () => {
    const [ward, office, nurses] = [browser(), browser(), browser()];
    await ward.signIn(adeyemi);
    await office.signIn(adeyemi);
    await nurses.signIn(lindqvist);
    const me = await ward.ask('{ me { sessions { id current } } }');
    const sessions = (me.data as { me: { sessions: { id: string; current: boolean }[] } }).me.sessions;
    const { id } = sessions.find(({ current }) => current)!;
    const end = 'mutation($id: ID!) { endSession(input: { id: $id }) }';
    expect((await nurses.ask(end, { id })).code).toBe('NOT_FOUND');
    expect(await ward.whoami()).toBe('Dr Adeyemi');
    expect((await office.ask(end, { id })).data).toEqual({ endSession: true });
    expect(await ward.whoami()).toBeNull();
    expect(await office.whoami()).toBe('Dr Adeyemi');
    expect((await office.ask(end, { id })).code).toBe('NOT_FOUND');
  });
});

describe('changing one’s password', () => {
  const change = (currentPassword: string, newPassword: string) => ({ input: { currentPassword, newPassword } });
  const mutation = 'mutation($input: ChangePasswordInput!) { changePassword(input: $input) }';

  test('wants the current one and a good new one', async () => {
    const hers = browser();
    const okafor = await desk.hire('Clinician Okafor', 'CLINICIAN');
    await hers.signIn(okafor);
    const wrong = await hers.ask(mutation, change('guessed', 'a new and longer one'));
    expect(wrong.error?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'currentPassword' }] });
    const weak = await hers.ask(mutation, change(okafor.password, 'password'));
    expect(weak.error?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'newPassword' }] });
  });

  test('ends all other sessions at once and keeps this one', async () => {
    const brandt = await desk.hire('Auditor Brandt', 'AUDITOR');
    const [here, elsewhere] = [browser(), browser()];
    await here.signIn(brandt);
    await elsewhere.signIn(brandt);
    expect((await here.ask(mutation, change(brandt.password, 'a new and longer one'))).data).toEqual({
      changePassword: true,
    });
    expect(await elsewhere.whoami()).toBeNull();
    expect(await here.whoami()).toBe('Auditor Brandt');
    expect((await elsewhere.signIn(brandt)).code).toBe('UNAUTHENTICATED');
    expect((await elsewhere.signIn({ ...brandt, password: 'a new and longer one' })).code).toBeUndefined();
  });
});
