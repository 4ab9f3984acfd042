import { runIn } from '../../server/crypto/access-scope';
import { systemContext } from '../../server/graphql/context';
import { hasAdmin, inviteFirstAdmin } from '../../server/identity';
import { Browser, openFrontDesk, type Answer, type Colleague, type FrontDesk } from '../support/front-desk';
import { asSuperuser } from '../support/superuser';

let desk: FrontDesk;
let park: Colleague;
let admin: Browser;

const create =
  'mutation($input: CreateUserInput!) { createUser(input: $input) { setupUrl expiresAt user { id email name role active version lastSignInAt } } }';
const update = 'mutation($input: UpdateUserInput!) { updateUser(input: $input) { id name role version } }';
const reactivate = 'mutation($input: ReactivateUserInput!) { reactivateUser(input: $input) { active version } }';
const deactivate = 'mutation($input: DeactivateUserInput!) { deactivateUser(input: $input) { id active version } }';
const reset = 'mutation($input: ResetPasswordInput!) { resetPassword(input: $input) { setupUrl user { id version } } }';

interface Invited {
  setupUrl: string;
  expiresAt: string;
  user: { id: string; version: number; lastSignInAt: string | null };
}

beforeAll(async () => {
  desk = await openFrontDesk();
});

afterAll(() => desk.close());

let addresses = 0;
const browser = () => new Browser(desk, `203.0.113.${(addresses += 1)}`);
const tokenOf = (url: string) => new URL(url).hash.slice(1);
const fieldsOf = (answer: Answer) => answer.error?.extensions.fields;

async function signedIn(colleague: Colleague): Promise<Browser> {
  const theirs = browser();
  expect((await theirs.signIn(colleague)).code).toBeUndefined();
  return theirs;
}

async function invite(name: string, role: string): Promise<Invited & { email: string }> {
  const email = `${name.toLowerCase().replaceAll(' ', '.')}@invited.example`;
  await admin.stepUp(park);
  const { data } = await admin.ask(create, { input: { email, name, role } });
  return { ...(data?.createUser as Invited), email };
}

describe('the first administrator', () => {
  test('comes in by a one-time link, choosing address, name and password', async () => {
    expect(await hasAdmin(desk.runtime)).toBe(false);
    const link = await inviteFirstAdmin(desk.runtime, 'http://127.0.0.1:4000');
    const later = await inviteFirstAdmin(desk.runtime, 'http://127.0.0.1:4000/');
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:4000\/invite#[\w-]{43}$/);

    admin = browser();
    const incomplete = await admin.accept({ token: tokenOf(link), password: 'the keys of the house' });
    expect(fieldsOf(incomplete)).toEqual([{ path: 'email', message: expect.any(String) as unknown }]);

    const input = {
      token: tokenOf(link),
      password: 'the keys of the house',
      email: 'admin.park@ward.example',
      name: 'Admin Park',
    };
    const { data } = await admin.accept(input);
    expect(data).toMatchObject({ acceptInvite: { me: { name: 'Admin Park', role: 'ADMIN' } } });
    expect(await hasAdmin(desk.runtime)).toBe(true);
    const me = (data?.acceptInvite as { me: { id: string } }).me;
    const user = await desk.runtime.identity.users.get(me.id);
    park = { user, id: me.id, email: input.email, password: input.password };

    const again = await browser().accept(input);
    expect(fieldsOf(again)).toEqual([{ path: 'token', message: expect.any(String) as unknown }]);
    const other = await browser().accept({ ...input, token: tokenOf(later), email: 'second@ward.example' });
    expect(fieldsOf(other)).toEqual([{ path: 'token', message: expect.any(String) as unknown }]);
  });
});

describe('inviting staff', () => {
  test('a new nurse sets her own password by the link, once, and is signed in', async () => {
    const { setupUrl, user, email } = await invite('Nurse Lindqvist', 'NURSE');
    expect(setupUrl).toMatch(/^http:\/\/localhost\/invite#[\w-]{43}$/);
    expect(user).toMatchObject({
      name: 'Nurse Lindqvist',
      role: 'NURSE',
      active: true,
      version: 1,
      lastSignInAt: null,
    });
    const hers = browser();
    const before = await hers.signIn({ email, password: 'anything at all' });
    expect(before.code).toBe('UNAUTHENTICATED');
    const weak = await hers.accept({ token: tokenOf(setupUrl), password: '12345678' });
    expect(fieldsOf(weak)).toEqual([{ path: 'password', message: expect.any(String) as unknown }]);
    const { data } = await hers.accept({ token: tokenOf(setupUrl), password: 'night shifts are quiet' });
    expect(data).toMatchObject({ acceptInvite: { me: { name: 'Nurse Lindqvist' } } });
    expect(await hers.whoami()).toBe('Nurse Lindqvist');
    expect((await browser().accept({ token: tokenOf(setupUrl), password: 'night shifts are quiet' })).code).toBe(
      'BAD_USER_INPUT',
    );
    const listed = await admin.ask(
      '{ users(filter: { role: NURSE }, first: 5) { edges { node { email lastSignInAt } } totalCount } }',
    );
    expect(listed.data).toMatchObject({
      users: { totalCount: 1, edges: [{ node: { email, lastSignInAt: expect.any(String) as unknown } }] },
    });
  });

  test('a screen left open makes nobody an account of their own: it wants a fresh proof', async () => {
    const left = await signedIn(park);
    const input = { email: 'mine@evil.example', name: 'Admin Mine', role: 'ADMIN' };
    expect((await left.ask(create, { input })).code).toBe('MFA_REQUIRED');
    expect((await left.ask(create, { input: { ...input, role: 'NURSE' } })).code).toBe('MFA_REQUIRED');
    expect((await browser().signIn({ ...input, password: 'anything at all' })).code).toBe('UNAUTHENTICATED');
  });

  test('a link sets no password in a request of somebody else’s, and stays good', async () => {
    const { setupUrl } = await invite('Nurse Alone', 'NURSE');
    const token = tokenOf(setupUrl);
    expect((await admin.accept({ token, password: 'night shifts are quiet' })).code).toBe('FORBIDDEN');
    expect((await browser().accept({ token, password: 'night shifts are quiet' })).code).toBeUndefined();
  });

  test('a link is good for a day', async () => {
    const { setupUrl } = await invite('Nurse Late', 'NURSE');
    desk.wait(24 * 60 * 60_000 + 1000);
    expect((await browser().accept({ token: tokenOf(setupUrl), password: 'night shifts are quiet' })).code).toBe(
      'BAD_USER_INPUT',
    );
    await admin.signIn(park);
  });

  test('two who use one link at once: one gets in', async () => {
    const { setupUrl } = await invite('Nurse Twice', 'NURSE');
    const tries = await Promise.all(
      [1, 2, 3].map(() => browser().accept({ token: tokenOf(setupUrl), password: 'night shifts are quiet' })),
    );
    expect(tries.map(({ code }) => code ?? 'in').sort()).toEqual(['BAD_USER_INPUT', 'BAD_USER_INPUT', 'in']);
  });

  test('no two accounts share an address, whatever its case', async () => {
    const taken = await admin.ask(create, {
      input: { email: 'ADMIN.Park@ward.example', name: 'Another', role: 'NURSE' },
    });
    expect(fieldsOf(taken)).toEqual([{ path: 'email', message: 'Another account has this address.' }]);
  });

  test('input is checked: no address, no name', async () => {
    const bad = await admin.ask(create, { input: { email: 'not an address', name: '', role: 'NURSE' } });
    expect(bad.code).toBe('BAD_USER_INPUT');
  });

  test.each(['DOCTOR', 'CLINICIAN', 'NURSE', 'AUDITOR'] as const)('a %s may not', async (role) => {
    const theirs = await signedIn(await desk.hire(`Curious ${role}`, role));
    const input = { email: 'x@ward.example', name: 'X', role: 'ADMIN' };
    expect((await theirs.ask(create, { input })).code).toBe('FORBIDDEN');
    expect((await theirs.ask('{ users(first: 1) { totalCount } }')).code).toBe('FORBIDDEN');
  });
});

describe('changing accounts', () => {
  test('a name: the person stays signed in', async () => {
    const okafor = await desk.hire('Clinician Okafor', 'CLINICIAN');
    const theirs = await signedIn(okafor);
    const { data } = await admin.ask(update, {
      input: { id: okafor.id, expectedVersion: 1, name: 'Clinician Okafor-Reyes' },
    });
    expect(data).toMatchObject({ updateUser: { name: 'Clinician Okafor-Reyes', version: 2 } });
    expect(await theirs.whoami()).toBe('Clinician Okafor-Reyes');
    const same = await admin.ask(update, {
      input: { id: okafor.id, expectedVersion: 2, name: 'Clinician Okafor-Reyes' },
    });
    expect(same.data).toMatchObject({ updateUser: { version: 2 } });
  });

  test('somebody was faster: CONFLICT says who', async () => {
    const { id } = await desk.hire('Dr Changed', 'DOCTOR');
    await admin.ask(update, { input: { id, expectedVersion: 1, name: 'Dr Changed Once' } });
    const late = await admin.ask(update, { input: { id, expectedVersion: 1, name: 'Dr Changed Twice' } });
    expect(late.error?.extensions).toMatchObject({ code: 'CONFLICT', current: { version: 2, changedBy: park.id } });
  });

  test('a role wants a reason and ends the sessions; the new role counts at once', async () => {
    const nurse = await desk.hire('Nurse Rising', 'NURSE');
    const theirs = await signedIn(nurse);
    const unexplained = await admin.ask(update, { input: { id: nurse.id, expectedVersion: 1, role: 'DOCTOR' } });
    expect(fieldsOf(unexplained)).toEqual([{ path: 'reason', message: expect.any(String) as unknown }]);
    expect(await theirs.whoami()).toBe('Nurse Rising');
    const input = { id: nurse.id, expectedVersion: 1, role: 'DOCTOR', reason: 'Passed the exam' };
    expect((await (await signedIn(park)).ask(update, { input })).code).toBe('MFA_REQUIRED');
    await admin.stepUp(park);
    expect((await admin.ask(update, { input })).data).toMatchObject({ updateUser: { role: 'DOCTOR', version: 2 } });
    expect(await theirs.whoami()).toBeNull();
    expect((await theirs.refresh()).code).toBe('UNAUTHENTICATED');
    const { data } = await theirs.signIn(nurse);
    expect(data).toMatchObject({ signIn: { me: { role: 'DOCTOR' } } });
  });

  test('deactivating ends everything on the very next request, and the way back in', async () => {
    const leaving = await desk.hire('Dr Leaving', 'DOCTOR');
    const theirs = await signedIn(leaving);
    const { data } = await admin.ask(deactivate, {
      input: { id: leaving.id, expectedVersion: 1, reason: 'Moved to another town' },
    });
    expect(data).toMatchObject({ deactivateUser: { active: false } });
    expect(await theirs.whoami()).toBeNull();
    expect((await theirs.ask('{ staff { id } }')).code).toBe('UNAUTHENTICATED');
    expect((await theirs.refresh()).code).toBe('UNAUTHENTICATED');
    expect((await theirs.signIn(leaving)).code).toBe('UNAUTHENTICATED');
    expect((await admin.ask(reset, { input: { id: leaving.id } })).code).toBe('BAD_USER_INPUT');
    const staff = await admin.ask('{ staff { name } }');
    expect(staff.body).not.toContain('Dr Leaving');

    // back after a year: by somebody who proves who they are, and is not somebody who only found the screen open
    const input = { id: leaving.id, expectedVersion: 2, reason: 'Moved back' };
    expect((await (await signedIn(park)).ask(reactivate, { input })).code).toBe('MFA_REQUIRED');
    await admin.stepUp(park);
    expect((await admin.ask(reactivate, { input })).data).toEqual({ reactivateUser: { active: true, version: 3 } });
    expect((await admin.ask(reactivate, { input })).code).toBe('CONFLICT');
    expect(await theirs.whoami()).toBeNull(); // sessions of before stay ended
    expect((await theirs.signIn(leaving)).data).toMatchObject({ signIn: { me: { role: 'DOCTOR' } } });
  });

  test('a closed account stays closed even if a session of it were left standing', async () => {
    const leaving = await desk.hire('Dr Left Standing', 'DOCTOR');
    const theirs = await signedIn(leaving);
    await admin.ask(deactivate, { input: { id: leaving.id, expectedVersion: 1, reason: 'Moved to another town' } });
    await asSuperuser(desk.runtime, 'UPDATE session SET ended_at = NULL, end_reason = NULL WHERE user_id = $1', [
      leaving.id,
    ]);
    expect(await theirs.whoami()).toBeNull();
    expect((await theirs.refresh()).code).toBe('UNAUTHENTICATED');
  });

  test('a sign-in that was under way while the password was reset gets no session', async () => {
    const { user, id } = await desk.hire('Dr Under Way', 'DOCTOR');
    await admin.stepUp(park);
    await admin.ask(reset, { input: { id } });
    const context = systemContext('test');
    const begin = runIn(context, () => desk.runtime.identity.sessions.begin(context, user, 'password'));
    await expect(begin).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  test('a reset makes the old password useless, ends the sessions and gives a link', async () => {
    const forgetful = await desk.hire('Dr Forgetful', 'DOCTOR');
    const theirs = await signedIn(forgetful);
    await admin.stepUp(park);
    const first = (await admin.ask(reset, { input: { id: forgetful.id } })).data?.resetPassword as Invited;
    expect(await theirs.whoami()).toBeNull();
    expect((await theirs.signIn(forgetful)).code).toBe('UNAUTHENTICATED');
    const second = (await admin.ask(reset, { input: { id: forgetful.id } })).data?.resetPassword as Invited;
    const password = 'remembered this time';
    expect((await theirs.accept({ token: tokenOf(first.setupUrl), password })).code).toBe('BAD_USER_INPUT');
    expect((await theirs.accept({ token: tokenOf(second.setupUrl), password })).code).toBeUndefined();
    expect(await theirs.whoami()).toBe('Dr Forgetful');
  });
});

describe('what nobody may do to themselves, or to the last administrator', () => {
  test('not one’s own role, account or reset', async () => {
    const { version } = await desk.runtime.identity.users.get(park.id);
    const refused = [
      await admin.ask(update, {
        input: { id: park.id, expectedVersion: version, role: 'DOCTOR', reason: 'Would rather treat' },
      }),
      await admin.ask(deactivate, { input: { id: park.id, expectedVersion: version, reason: 'Retiring today' } }),
      await admin.ask(reset, { input: { id: park.id } }),
    ];
    expect(refused.map(({ code }) => code)).toEqual(['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN']);
    const renamed = await admin.ask(update, {
      input: { id: park.id, expectedVersion: version, name: 'Admin Park-Soto' },
    });
    expect(renamed.code).toBeUndefined();
  });

  test('two administrators who remove each other at once: one stays', async () => {
    const second = await desk.hire('Admin Second', 'ADMIN');
    const theirs = await signedIn(second);
    const { version } = await desk.runtime.identity.users.get(park.id);
    const answers = await Promise.all([
      admin.ask(deactivate, { input: { id: second.id, expectedVersion: 1, reason: 'They or me' } }),
      theirs.ask(update, { input: { id: park.id, expectedVersion: version, role: 'NURSE', reason: 'They or me' } }),
    ]);
    const done = answers.filter(({ code }) => code === undefined);
    expect(done).toHaveLength(1);
    const [row] = await desk.runtime.dataSource.query<{ count: string }[]>(
      "SELECT count(*) FROM app_user WHERE role = 'ADMIN' AND active",
    );
    expect(row?.count).toBe('1');
  });
});
