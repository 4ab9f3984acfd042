import { CONFIRM, ENROL, enrol, Phone, ticketOf, VERIFY } from '../support/factor';
import { Browser, openFrontDesk, type Answer, type Colleague, type FrontDesk } from '../support/front-desk';
import { asSuperuser } from '../support/superuser';

const STEP_UP = 'mutation ($input: StepUpInput!) { stepUp(input: $input) }';
const REMOVE = 'mutation { removeTotp }';
const RESET = 'mutation ($input: ResetSecondFactorInput!) { resetSecondFactor(input: $input) { id } }';
const MINE = '{ me { mustEnrol permissions secondFactor { totp recoveryCodesLeft required passkeys { id } } } }';
const STEP = 30_000;

let desk: FrontDesk;
let addresses = 0;
const now = () => desk.runtime.clock.now();
const browser = () => new Browser(desk, `198.51.100.${(addresses += 1)}`);

async function signedIn(colleague: Colleague): Promise<Browser> {
  const theirs = browser();
  expect((await theirs.signIn(colleague)).code).toBeUndefined();
  return theirs;
}

async function verify(by: Browser, input: Record<string, unknown>): Promise<Answer> {
  const answer = await by.ask(VERIFY, { input });
  const payload = answer.data?.verifyTotp as { accessToken: string } | undefined;
  if (payload) by.token = payload.accessToken;
  return answer;
}

/** A colleague with an authenticator app, and a step later, since the code of this one is used. */
async function withPhone(name: string, role: Colleague['user']['role'] = 'NURSE') {
  const colleague = await desk.hire(name, role);
  const theirs = await signedIn(colleague);
  const enrolled = await enrol(theirs, colleague, now);
  desk.wait(STEP);
  return { colleague, theirs, ...enrolled };
}

async function actions(): Promise<string[]> {
  const rows = await asSuperuser<{ entry: Buffer }>(
    desk.runtime,
    `SELECT entry FROM (SELECT 0 AS late, index AS n, entry FROM audit_entry
       UNION ALL SELECT 1, id, entry FROM audit_pending) e ORDER BY late, n`,
  );
  return rows.map(({ entry }) => {
    const { a, k } = JSON.parse(entry.toString('utf8')) as { a: string; k: string };
    return k === 'ok' ? a : `${a} ${k}`;
  });
}

beforeAll(async () => {
  desk = await openFrontDesk({ MFA_REQUIRED_ROLES: 'admin' });
});
afterAll(() => desk?.close());

test('enrolling, signing in by a code, and what the log says of it', async () => {
  const colleague = await desk.hire('Nurse Lindqvist', 'NURSE');
  const hers = await signedIn(colleague);
  const elsewhere = await signedIn(colleague);
  const { data } = await hers.ask(ENROL, { input: { password: colleague.password } });
  const { secret, uri } = data?.enrolTotp as { secret: string; uri: string };
  expect(new URL(uri).searchParams.get('secret')).toBe(secret);
  const phone = new Phone(secret, now);
  expect((await hers.ask(CONFIRM, { input: { code: '000000' } })).code).toBe('BAD_USER_INPUT');
  expect((await browser().signIn(colleague)).code).toBeUndefined(); // only begun: the password is still enough
  const confirmed = await hers.ask(CONFIRM, { input: { code: phone.code() } });
  expect((confirmed.data?.confirmTotp as { recoveryCodes: string[] }).recoveryCodes).toHaveLength(10);
  expect(await hers.whoami()).toBe('Nurse Lindqvist');
  expect(await elsewhere.whoami()).toBeNull(); // a change of factors ends all other sessions
  expect((await hers.ask(MINE)).data).toMatchObject({
    me: { mustEnrol: false, secondFactor: { totp: true, recoveryCodesLeft: 10, required: false, passkeys: [] } },
  });

  const later = browser();
  const first = await later.signIn(colleague);
  expect(first).toMatchObject({ code: 'MFA_REQUIRED', data: null, cookie: undefined });
  expect(first.error?.extensions.factors).toEqual(['TOTP']);
  expect(await later.whoami()).toBeNull();
  desk.wait(STEP);
  const second = await verify(later, { ticket: ticketOf(first), code: phone.code() });
  expect(second.data).toMatchObject({ verifyTotp: { me: { name: 'Nurse Lindqvist' } } });
  expect(second.cookie).toContain('chartseal_refresh');
  expect(await later.whoami()).toBe('Nurse Lindqvist');
  expect((await actions()).slice(-4)).toEqual(expect.arrayContaining(['ask-second-factor', 'sign-in']));
  expect(await actions()).toEqual(expect.arrayContaining(['enrol-totp', 'confirm-totp']));
});

test('neither secret nor codes stand in the database in clear', async () => {
  const { phone, recoveryCodes } = await withPhone('Nurse Sealed');
  const rows = await asSuperuser<{ all: string }>(
    desk.runtime,
    'SELECT row_to_json(t)::text AS all FROM totp_secret t UNION ALL SELECT row_to_json(r)::text FROM recovery_code r',
  );
  const stored = rows.map(({ all }) => all).join();
  const hex = (text: string) => Buffer.from(text).toString('hex');
  for (const value of [phone.secret, ...recoveryCodes, ...recoveryCodes.map((code) => code.replaceAll('-', ''))]) {
    expect(stored).not.toContain(value);
    expect(stored).not.toContain(hex(value));
  }
});

test('a code works once: not again, not the one before, not twice at the same moment', async () => {
  const { colleague, phone } = await withPhone('Nurse Once');
  const tickets = await Promise.all([1, 2, 3, 4].map(async () => ticketOf(await browser().signIn(colleague))));
  const code = phone.code();
  const before = phone.code(-30);
  const tries = await Promise.all(tickets.slice(0, 3).map((ticket) => verify(browser(), { ticket, code })));
  expect(tries.map(({ code: refused }) => refused).sort()).toEqual(
    ['UNAUTHENTICATED', 'UNAUTHENTICATED', undefined].sort(),
  );
  const ticket = tickets[3]!;
  expect((await verify(browser(), { ticket, code })).code).toBe('UNAUTHENTICATED');
  expect((await verify(browser(), { ticket, code: before })).code).toBe('UNAUTHENTICATED');
  desk.wait(STEP);
  expect((await verify(browser(), { ticket, code: phone.code() })).code).toBeUndefined();
});

test('a ticket is good for one session of its own account, for five minutes, and dies with the password', async () => {
  const { colleague, phone } = await withPhone('Dr Ticket', 'DOCTOR');
  const other = await withPhone('Dr Other', 'DOCTOR');
  const ticket = ticketOf(await browser().signIn(colleague));
  const stolen = await verify(browser(), { ticket, code: other.phone.code() });
  expect(stolen.code).toBe('UNAUTHENTICATED');
  const forged = `${other.colleague.id}.${ticket.split('.')[1]}`;
  expect((await verify(browser(), { ticket: forged, code: other.phone.code() })).code).toBe('UNAUTHENTICATED');
  const bearer = browser();
  bearer.token = ticket;
  expect(await bearer.whoami()).toBeNull();
  expect((await verify(browser(), { ticket, code: phone.code() })).code).toBeUndefined();
  desk.wait(STEP);
  expect((await verify(browser(), { ticket, code: phone.code() })).code).toBe('UNAUTHENTICATED');

  const late = ticketOf(await browser().signIn(colleague));
  desk.wait(5 * 60_000 + 1000);
  expect((await verify(browser(), { ticket: late, code: phone.code() })).code).toBe('UNAUTHENTICATED');

  const his = browser();
  await verify(his, { ticket: ticketOf(await his.signIn(colleague)), code: phone.code() });
  const stale = ticketOf(await browser().signIn(colleague));
  const input = { currentPassword: colleague.password, newPassword: 'quite another long one' };
  await his.ask('mutation ($input: ChangePasswordInput!) { changePassword(input: $input) }', { input });
  desk.wait(STEP);
  expect((await verify(browser(), { ticket: stale, code: phone.code() })).code).toBe('UNAUTHENTICATED');
});

test('guessing codes is paused after five from one place and twenty in all; passwords are counted apart', async () => {
  const { colleague, phone } = await withPhone('Nurse Guessed');
  const ticket = ticketOf(await browser().signIn(colleague));
  const guesser = browser();
  for (let guess = 0; guess < 5; guess += 1)
    expect((await verify(guesser, { ticket, code: '000000' })).code).toBe('UNAUTHENTICATED');
  expect((await verify(guesser, { ticket, code: phone.code() })).code).toBe('LOCKED');
  for (let guess = 5; guess < 20; guess += 1)
    expect((await verify(browser(), { ticket, code: '000000' })).code).toBe('UNAUTHENTICATED');
  const everywhere = await verify(browser(), { ticket, code: '000000' });
  expect(everywhere).toMatchObject({
    code: 'LOCKED',
    error: { extensions: { retryAfterSeconds: expect.any(Number) as unknown } },
  });
  expect((await browser().signIn(colleague)).code).toBe('MFA_REQUIRED'); // the password itself is not locked
  const somebody = await withPhone('Nurse Beside');
  const beside = ticketOf(await browser().signIn(somebody.colleague));
  expect((await verify(browser(), { ticket: beside, code: somebody.phone.code() })).code).toBeUndefined();
  expect((await actions()).filter((action) => action === 'lockout refused').length).toBeGreaterThan(0);
});

test('a recovery code works once, as it is typed from paper, and only for its owner', async () => {
  const { colleague, recoveryCodes } = await withPhone('Dr Adeyemi', 'DOCTOR');
  const other = await withPhone('Dr Okonkwo', 'DOCTOR');
  const ticket = async () => ticketOf(await browser().signIn(colleague));
  const [mine, next] = recoveryCodes as [string, string];
  const foreign = await verify(browser(), { ticket: await ticket(), recoveryCode: other.recoveryCodes[0] });
  expect(foreign.code).toBe('UNAUTHENTICATED');
  const typed = mine.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l');
  const tickets = [await ticket(), await ticket()];
  const both = await Promise.all(tickets.map((one) => verify(browser(), { ticket: one, recoveryCode: typed })));
  expect(both.filter(({ code }) => code === undefined)).toHaveLength(1);
  const his = browser();
  await verify(his, { ticket: await ticket(), recoveryCode: next });
  expect((await his.ask(MINE)).data).toMatchObject({ me: { secondFactor: { recoveryCodesLeft: 8 } } });
  expect((await his.ask('mutation { renewRecoveryCodes { recoveryCodes } }')).code).toBe('MFA_REQUIRED');
  expect((await actions()).filter((action) => action === 'use-recovery-code').length).toBeGreaterThan(1);
});

test('exactly one proof is given', async () => {
  const { colleague, phone, recoveryCodes } = await withPhone('Nurse Both');
  const ticket = ticketOf(await browser().signIn(colleague));
  const both = { ticket, code: phone.code(), recoveryCode: recoveryCodes[0] };
  expect((await verify(browser(), both)).code).toBe('BAD_USER_INPUT');
  expect((await verify(browser(), { ticket })).code).toBe('BAD_USER_INPUT');
});

test('a stolen session enrols nothing without the password, and replaces nothing without the factor', async () => {
  const colleague = await desk.hire('Nurse Absent', 'NURSE');
  const hers = await signedIn(colleague);
  const thief = hers.copy();
  expect((await thief.ask(ENROL, { input: { password: 'a guess at it' } })).code).toBe('BAD_USER_INPUT');
  const { phone } = await enrol(hers, colleague, now);
  expect((await thief.ask(ENROL, { input: { password: colleague.password } })).code).toBe('MFA_REQUIRED');
  expect((await thief.ask(REMOVE)).code).toBe('MFA_REQUIRED');
  expect((await thief.ask(STEP_UP, { input: { password: colleague.password } })).code).toBe('BAD_USER_INPUT');
  expect((await thief.ask(STEP_UP, { input: { code: phone.code() } })).code).toBe('BAD_USER_INPUT'); // used to confirm
  desk.wait(STEP);
  expect((await hers.ask(STEP_UP, { input: { code: phone.code() } })).data).toEqual({ stepUp: true });
  expect((await hers.ask(ENROL, { input: { password: colleague.password } })).code).toBeUndefined();
  expect((await hers.ask(REMOVE)).data).toEqual({ removeTotp: true });
  expect((await browser().signIn(colleague)).code).toBeUndefined();
  expect((await hers.ask(MINE)).data).toMatchObject({ me: { secondFactor: { totp: false, recoveryCodesLeft: 0 } } });
});

test('a begun enrolment waits for a quarter of an hour', async () => {
  const colleague = await desk.hire('Nurse Slow', 'NURSE');
  const hers = await signedIn(colleague);
  const { data } = await hers.ask(ENROL, { input: { password: colleague.password } });
  desk.wait(10 * 60_000);
  await hers.refresh();
  desk.wait(5 * 60_000 + 1000);
  const phone = new Phone((data?.enrolTotp as { secret: string }).secret, now);
  expect((await hers.ask(CONFIRM, { input: { code: phone.code() } })).code).toBe('BAD_USER_INPUT');
});

test('a role that wants a factor gets nowhere without one, and cannot take off the last', async () => {
  const park = await desk.hire('Admin Park', 'ADMIN');
  const hers = browser();
  const { data } = await hers.signIn(park);
  expect(data).toMatchObject({ signIn: { me: { permissions: [] } } });
  expect((await hers.ask(MINE)).data).toMatchObject({ me: { mustEnrol: true, secondFactor: { required: true } } });
  for (const query of [
    '{ users { totalCount } }',
    '{ staff { id } }',
    '{ patients { totalCount } }',
    '{ keyring { custody } }',
  ])
    expect((await hers.ask(query)).code).toBe('MFA_REQUIRED');
  expect((await hers.ask(`{ node(id: "${park.id}") { id } }`)).code).toBe('MFA_REQUIRED');
  const together = `mutation ($one: SignInInput!, $two: CreateUserInput!) {
    signIn(input: $one) { expiresAt } createUser(input: $two) { expiresAt } }`;
  const one = { email: park.email, password: park.password };
  const smuggled = await browser().ask(together, { one, two: { email: 'x@ward.example', name: 'X', role: 'ADMIN' } });
  expect(smuggled.code).toBe('MFA_REQUIRED');

  const { phone } = await enrol(hers, park, now);
  expect((await hers.ask('{ users { totalCount } }')).code).toBeUndefined();
  desk.wait(STEP);
  await hers.ask(STEP_UP, { input: { code: phone.code() } });
  expect((await hers.ask(REMOVE)).code).toBe('FORBIDDEN');
});

test('a reset link is no second factor', async () => {
  const { colleague, phone } = await withPhone('Dr Forgetful', 'DOCTOR');
  const admin = await withPhone('Admin Ito', 'ADMIN');
  const reset = 'mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { setupUrl } }';
  expect((await admin.theirs.ask(reset, { input: { id: colleague.id } })).code).toBe('MFA_REQUIRED');
  await admin.theirs.ask(STEP_UP, { input: { code: admin.phone.code() } });
  const { data } = await admin.theirs.ask(reset, { input: { id: colleague.id } });
  const token = new URL((data?.resetPassword as { setupUrl: string }).setupUrl).hash.slice(1);
  const his = browser();
  const accepted = await his.accept({ token, password: 'a new one, well thought of' });
  expect(accepted.code).toBe('MFA_REQUIRED');
  desk.wait(STEP);
  expect((await verify(his, { ticket: ticketOf(accepted), code: phone.code() })).code).toBeUndefined();
});

test('an administrator takes away the factor of somebody who lost it; nobody else does, and not without proof', async () => {
  const lost = await withPhone('Nurse Lost');
  const admin = await withPhone('Admin Weber', 'ADMIN');
  const input = { id: lost.colleague.id };
  const nurse = await signedIn(await desk.hire('Nurse Plain', 'NURSE'));
  expect((await nurse.ask(RESET, { input })).code).toBe('FORBIDDEN');
  expect((await browser().ask(RESET, { input })).code).toBe('UNAUTHENTICATED');
  expect((await admin.theirs.ask(RESET, { input })).code).toBe('MFA_REQUIRED');
  await admin.theirs.ask(STEP_UP, { input: { code: admin.phone.code() } });
  expect((await admin.theirs.ask(RESET, { input: { id: admin.colleague.id } })).code).toBe('FORBIDDEN');
  expect((await admin.theirs.ask(RESET, { input })).data).toEqual({ resetSecondFactor: { id: lost.colleague.id } });
  expect(await lost.theirs.whoami()).toBeNull();
  expect((await browser().signIn(lost.colleague)).code).toBeUndefined();
  expect(await actions()).toContain('reset-second-factor');
});

test('a secret moved to another account behind the application proves nothing', async () => {
  const { phone: own, colleague: thief } = await withPhone('Nurse Thief');
  const { colleague: victim } = await withPhone('Dr Victim', 'DOCTOR');
  await asSuperuser(
    desk.runtime,
    `ALTER TABLE totp_secret DISABLE TRIGGER audited; DELETE FROM totp_secret WHERE user_id = '${victim.id}';
     UPDATE totp_secret SET user_id = '${victim.id}' WHERE user_id = '${thief.id}'; ALTER TABLE totp_secret ENABLE TRIGGER audited`,
  );
  const ticket = ticketOf(await browser().signIn(victim));
  expect((await verify(browser(), { ticket, code: own.code() })).code).toBe('INTEGRITY_VIOLATION');
});

test('what nobody can use any more is cleared away; who signed in last stays known', async () => {
  const { colleague } = await withPhone('Nurse Gone');
  const { upkeep } = desk.runtime.identity;
  const count = async (from: string) =>
    (await asSuperuser<{ n: number }>(desk.runtime, `SELECT count(*)::integer AS n FROM ${from}`))[0]!.n;
  const sessions = () => count(`session WHERE user_id = '${colleague.id}'`);
  await asSuperuser(
    desk.runtime,
    `INSERT INTO session SELECT gen_random_uuid(), user_id, refresh_hash, generation, NULL, created_at - interval '1 day',
       last_used_at, expires_at, ended_at, end_reason FROM session WHERE user_id = '${colleague.id}'`,
  );
  desk.wait(5 * 60_000);
  await upkeep.sweep();
  expect([await count('spent_proof'), await sessions()]).toEqual([0, 2]); // proofs live for minutes, sessions are kept a month
  desk.wait(31 * 24 * 60 * 60_000);
  expect(await upkeep.sweep()).toBeGreaterThan(0);
  expect(await sessions()).toBe(1);
});
