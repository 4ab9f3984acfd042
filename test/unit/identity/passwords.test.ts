import { dictionary } from '@zxcvbn-ts/language-common';
import { readFileSync } from 'node:fs';
import { LONGEST_COMMON, OWN_WORDS } from '../../../server/identity/common-passwords';
import bcrypt, { getRounds } from 'bcrypt';
import { randomBytes } from 'node:crypto';
import { ChartsealError } from '../../../server/graphql/errors';
import { demandGoodPassword } from '../../../server/identity/password-rules';
import { calibrateCost } from '../../../server/identity/password-cost';
import { Passwords } from '../../../server/identity/passwords';

const passwords = new Passwords(randomBytes(32), 4);

describe('passwords', () => {
  test('a password opens its own hash and no other', async () => {
    const hash = await passwords.hash('a quiet ward at night');
    expect(hash).toMatch(/^\$2b\$04\$/);
    expect(await passwords.verify('a quiet ward at night', hash)).toBe(true);
    expect(await passwords.verify('a quiet ward at nighT', hash)).toBe(false);
  });

  test('everything of a long password counts, beyond the 72 bytes bcrypt itself reads', async () => {
    const long = 'é'.repeat(100);
    const hash = await passwords.hash(`${long}1`);
    expect(await passwords.verify(`${long}1`, hash)).toBe(true);
    expect(await passwords.verify(`${long}2`, hash)).toBe(false);
  });

  test('the same letters typed on another keyboard are the same password', async () => {
    const hash = await passwords.hash('Zo\u00eb at the desk');
    expect(await passwords.verify('Zoe\u0308 at the desk', hash)).toBe(true);
  });

  test('a stolen hash is worth nothing without the pepper', async () => {
    const hash = await passwords.hash('a quiet ward at night');
    expect(await new Passwords(randomBytes(32), 4).verify('a quiet ward at night', hash)).toBe(false);
  });

  test('without a hash nothing is right, and bcrypt does the same work for it', async () => {
    const compared = jest.spyOn(bcrypt, 'compare');
    const hash = await passwords.hash('right');
    expect(await passwords.verify('wrong', hash)).toBe(false);
    expect(await passwords.verify('wrong', null)).toBe(false);
    const [known, unknown] = compared.mock.calls.map(([, against]) => against);
    expect(compared).toHaveBeenCalledTimes(2);
    expect(getRounds(unknown!)).toBe(getRounds(known!));
    expect(unknown).toHaveLength(known!.length);
    compared.mockRestore();
  });

  test('a flood is turned away: two are checked, fifty wait', async () => {
    const hash = await passwords.hash('x');
    const answers = await Promise.allSettled(Array.from({ length: 60 }, () => passwords.verify('x', hash)));
    const refused = answers.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
    expect(refused).toHaveLength(60 - 2 - 50);
    for (const { reason } of refused) {
      expect(reason).toBeInstanceOf(ChartsealError);
      expect((reason as ChartsealError).code).toBe('RATE_LIMITED');
    }
    await expect(passwords.verify('x', hash)).resolves.toBe(true); // the turns were given back
  });

  test('the measured cost is between 10 and 15', async () => {
    const cost = await calibrateCost();
    expect(cost).toBeGreaterThanOrEqual(10);
    expect(cost).toBeLessThanOrEqual(15);
  });
});

describe('password rules', () => {
  const refusal = (password: string) =>
    demandGoodPassword(password, 'Lindqvist@ward.example', 'password').then(
      () => null,
      (error: ChartsealError) => error.extensions.fields,
    );

  test.each([
    'eight ch',
    'Ünïcödé',
    'nurse of the night ward',
    'correct horse battery staple',
    '𝒜𝒷𝒸𝒹ℯ𝒻ℊ𝒽',
    'x1y2z3'.repeat(21),
  ])('%s is fine or too short by characters, not bytes', async (password) => {
    const fine = [...password].length >= 8;
    expect((await refusal(password)) === null).toBe(fine);
  });

  test.each([
    ['seven77', /at least 8/],
    ['x1'.repeat(64) + '!', /at most 128/],
    ['Password1', /easy to guess/],
    ['ＰＡＳＳＷＯＲＤ１', /easy to guess/], // full-width: the same after NFKC
    ['Vinogradov', /easy to guess/],
    ['HOSPITAL', /easy to guess/],
    ['Chartseal-2026!', /easy to guess/],
    ['1234Nurse5678', /easy to guess/],
    ['abababababab', /easy to guess/],
    ['LINDQVIST@ward.example', /e-mail/],
    ['lindqvist', /e-mail/],
  ])('%s is refused', async (password, message) => {
    expect(await refusal(password)).toEqual([{ path: 'password', message: expect.stringMatching(message) }]);
  });

  test('the words of this house are those that the page lists', () => {
    const page = readFileSync('docs/operations/sign-in.md', 'utf8');
    const listed = /nor one of these words[^.]*\./.exec(page)![0];
    expect([...listed.matchAll(/`(\w+)`/g)].map(([, word]) => word)).toEqual([...OWN_WORDS]);
  });

  test('the list has more than ten thousand that could be set at all, none longer than is looked up', () => {
    const list = dictionary['passwords-common'];
    expect(list.filter((password) => password.length >= 8).length).toBeGreaterThan(10_000);
    expect(Math.max(...list.map((password) => password.length))).toBeLessThanOrEqual(LONGEST_COMMON);
  });
});
