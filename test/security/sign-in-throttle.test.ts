import bcrypt, { getRounds } from 'bcrypt';
import { Browser, openFrontDesk, type Answer, type Colleague, type FrontDesk } from '../support/front-desk';
import { statements } from '../support/statements';

let desk: FrontDesk;
let adeyemi: Colleague;

beforeEach(async () => {
  desk = await openFrontDesk();
  adeyemi = await desk.hire('Dr Adeyemi', 'DOCTOR');
});

afterEach(() => desk.close());

const wrong = (email: string) => ({ email, password: 'a guess at it' });
const retryAfter = ({ error }: Answer) => error?.extensions.retryAfterSeconds as number;

async function guesses(browser: Browser, email: string, times: number): Promise<(string | undefined)[]> {
  const codes: (string | undefined)[] = [];
  for (let time = 0; time < times; time += 1) codes.push((await browser.signIn(wrong(email))).code);
  return codes;
}

describe('guessing', () => {
  test('at one account from one address: five tries, then a pause that grows, for the right password too', async () => {
    const guesser = new Browser(desk);
    expect(await guesses(guesser, adeyemi.email, 6)).toEqual([...Array<string>(5).fill('UNAUTHENTICATED'), 'LOCKED']);
    const locked = await guesser.signIn(adeyemi);
    expect(locked.code).toBe('LOCKED');
    expect(retryAfter(locked)).toBeGreaterThan(0);
    expect(retryAfter(locked)).toBeLessThanOrEqual(30);
    desk.wait(31_000);
    expect(await guesses(guesser, adeyemi.email, 2)).toEqual(['UNAUTHENTICATED', 'LOCKED']);
    expect(retryAfter(await guesser.signIn(adeyemi))).toBeGreaterThan(30);
  });

  test('does not lock the owner out at another address, and success clears the count', async () => {
    const guesser = new Browser(desk);
    await guesses(guesser, adeyemi.email, 6);
    const hers = new Browser(desk, '192.0.2.77');
    expect(await guesses(hers, adeyemi.email, 4)).toEqual(Array(4).fill('UNAUTHENTICATED'));
    expect((await hers.signIn(adeyemi)).code).toBeUndefined();
    expect(await guesses(hers, adeyemi.email, 4)).toEqual(Array(4).fill('UNAUTHENTICATED'));
    expect((await hers.signIn(adeyemi)).code).toBeUndefined();
  });

  test('many at once do not slip through together', async () => {
    const guesser = new Browser(desk);
    const tries = Array.from({ length: 25 }, () => guesser.copy().signIn(wrong(adeyemi.email)));
    const codes = (await Promise.all(tries)).map(({ code }) => code);
    expect(codes.filter((code) => code === 'UNAUTHENTICATED')).toHaveLength(5);
    expect(codes.filter((code) => code === 'LOCKED')).toHaveLength(20);
  });

  test('from many addresses pauses the account after twenty', async () => {
    const codes: (string | undefined)[] = [];
    for (let place = 1; place <= 22; place += 1) {
      codes.push((await new Browser(desk, `203.0.113.${place}`).signIn(wrong(adeyemi.email))).code);
    }
    expect(codes).toEqual([...Array<string>(20).fill('UNAUTHENTICATED'), 'LOCKED', 'LOCKED']);
    expect((await new Browser(desk, '203.0.113.99').signIn(adeyemi)).code).toBe('LOCKED');
    desk.wait(31_000);
    expect((await new Browser(desk, '203.0.113.99').signIn(adeyemi)).code).toBeUndefined();
  });

  test('at many accounts from one address is stopped after sixty in a quarter of an hour', async () => {
    const guesser = new Browser(desk);
    const codes: (string | undefined)[] = [];
    for (let person = 0; person < 61; person += 1)
      codes.push((await guesser.signIn(wrong(`n${person}@ward.example`))).code);
    expect(codes).toEqual([...Array<string>(60).fill('UNAUTHENTICATED'), 'RATE_LIMITED']);
    const stopped = await guesser.signIn(adeyemi);
    expect(stopped.code).toBe('RATE_LIMITED');
    expect(retryAfter(stopped)).toBeLessThanOrEqual(900);
    expect((await new Browser(desk, '192.0.2.200').signIn(adeyemi)).code).toBeUndefined();
    desk.wait(901_000);
    expect((await guesser.signIn(adeyemi)).code).toBeUndefined();
  });

  test('locks nobody out at a place they were signed in from: not the ward, not the account', async () => {
    const ward = '192.0.2.44';
    const [hers, attacker] = [new Browser(desk, ward), new Browser(desk, ward)];
    expect((await hers.signIn(adeyemi)).code).toBeUndefined();
    const stranger = await desk.hire('Dr Newcomer', 'DOCTOR');
    for (let number = 0; number < 60; number += 1) await guesses(attacker, `nobody${number}@ward.example`, 1);
    expect((await new Browser(desk, ward).signIn(stranger)).code).toBe('RATE_LIMITED');
    expect((await hers.signIn(adeyemi)).code).toBeUndefined();
    expect((await new Browser(desk, ward).signIn(stranger)).code).toBe('RATE_LIMITED'); // her success lifts no pause
    for (let number = 0; number < 20; number += 1)
      await guesses(new Browser(desk, `203.0.113.${number}`), adeyemi.email, 1);
    expect((await new Browser(desk, '203.0.113.99').signIn(adeyemi)).code).toBe('LOCKED');
    expect((await hers.signIn(adeyemi)).code).toBeUndefined();
    expect(await guesses(attacker, adeyemi.email, 6)).toEqual([...Array<string>(5).fill('UNAUTHENTICATED'), 'LOCKED']);
  });

  test('a neighbour in the same IPv6 network is the same guesser', async () => {
    await guesses(new Browser(desk, '2001:db8:1:2::1'), adeyemi.email, 5);
    expect((await new Browser(desk, '2001:db8:1:2:ffff::9').signIn(adeyemi)).code).toBe('LOCKED');
    expect((await new Browser(desk, '2001:db8:1:3::1').signIn(adeyemi)).code).toBeUndefined();
  });

  test('at an account that does not exist looks and feels the same', async () => {
    const [known, unknown] = [new Browser(desk, '192.0.2.1'), new Browser(desk, '192.0.2.2')];
    for (let time = 0; time < 7; time += 1) {
      const [one, other] = [
        await known.signIn(wrong(adeyemi.email)),
        await unknown.signIn(wrong('nobody@ward.example')),
      ];
      expect(other.code).toBe(one.code);
      expect(other.status).toBe(one.status);
      expect(other.error?.message).toBe(one.error?.message);
      expect(Object.keys(other.error!.extensions).sort()).toEqual(Object.keys(one.error!.extensions).sort());
    }
  });

  test('leaves no address and no name in the table that counts', async () => {
    await guesses(new Browser(desk), 'somebody@ward.example', 2);
    const rows = await desk.runtime.dataSource.query<{ row: string }[]>(
      'SELECT t::text AS row FROM sign_in_throttle t',
    );
    expect(rows).toHaveLength(3);
    expect(JSON.stringify(rows)).not.toMatch(/ward|somebody|192\.0/);
  });

  test('the current password, in changePassword, is throttled alike', async () => {
    const hers = new Browser(desk);
    await hers.signIn(adeyemi);
    const change =
      'mutation { changePassword(input: { currentPassword: "guess", newPassword: "a new and longer one" }) }';
    const codes: (string | undefined)[] = [];
    for (let time = 0; time < 6; time += 1) codes.push((await hers.ask(change)).code);
    expect(codes).toEqual([...Array<string>(5).fill('BAD_USER_INPUT'), 'LOCKED']);
  });
});

test('an unknown address costs the same work as a wrong password: as many checks, the same statements', async () => {
  const compared = jest.spyOn(bcrypt, 'compare');
  const work = async (address: string, email: string) => {
    compared.mockClear();
    const asked = await statements(async () =>
      expect((await new Browser(desk, address).signIn(wrong(email))).code).toBe('UNAUTHENTICATED'),
    );
    return { asked, rounds: compared.mock.calls.map(([, hash]) => getRounds(hash)) };
  };
  const known = await work('192.0.2.1', adeyemi.email);
  const unknown = await work('192.0.2.2', 'nobody@ward.example');
  expect(known.rounds).toHaveLength(1);
  expect(unknown).toEqual(known);
  compared.mockRestore();
});
