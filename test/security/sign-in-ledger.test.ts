import { Browser, openFrontDesk, type Colleague, type FrontDesk } from '../support/front-desk';
import { asSuperuser } from '../support/superuser';

let desk: FrontDesk;
let park: Colleague;
let adeyemi: Colleague;

interface Entry {
  a: string;
  k: string;
  by: { k: string; u: string | null; s: string | null; r: string | null };
  o: { t: string; i: string | null } | null;
  f: string[];
  why: string | null;
}

beforeEach(async () => {
  desk = await openFrontDesk();
  park = await desk.hire('Admin Park', 'ADMIN');
  adeyemi = await desk.hire('Dr Adeyemi', 'DOCTOR');
});

afterEach(() => desk.close());

/** Every entry so far, sealed or pending, as written. */
async function texts(): Promise<string[]> {
  const rows = await desk.runtime.dataSource.query<{ entry: Buffer }[]>(
    'SELECT entry FROM (SELECT entry FROM audit_entry UNION ALL SELECT entry FROM audit_pending) AS e',
  );
  return rows.map(({ entry }) => entry.toString('utf8'));
}

async function entries(action: string): Promise<Entry[]> {
  return (await texts()).map((text) => JSON.parse(text) as Entry).filter(({ a }) => a === action);
}

const user = (id: string | null) => ({ t: 'user', i: id });

test('signing in and out is written down, with who and in which session', async () => {
  const hers = new Browser(desk);
  await hers.signIn(adeyemi);
  await hers.ask('mutation { signOut }');
  const [signIn] = await entries('sign-in');
  expect(signIn).toMatchObject({ k: 'ok', by: { k: 'user', u: adeyemi.id, r: 'DOCTOR' }, o: user(adeyemi.id) });
  const [signOut] = await entries('sign-out');
  expect(signOut).toMatchObject({
    k: 'ok',
    by: { u: adeyemi.id, s: signIn!.by.s },
    o: { t: 'session', i: signIn!.by.s },
  });
});

test('a failed sign-in names the account if there is one, never the address that was tried', async () => {
  const theirs = new Browser(desk);
  await theirs.signIn({ ...adeyemi, password: 'a guess at it' });
  await theirs.signIn({ email: 'mistyped.secret@ward.example', password: 'a guess at it' });
  const failed = await entries('sign-in');
  expect(failed).toEqual([
    expect.objectContaining({ k: 'failed', by: { k: 'anonymous', u: null, r: null, s: null }, o: user(adeyemi.id) }),
    expect.objectContaining({ k: 'failed', o: user(null) }),
  ]);
  expect((await texts()).join('\n')).not.toMatch(/mistyped|ward\.example|guess/);
});

test('a lockout is written down once, when it begins', async () => {
  const guesser = new Browser(desk);
  for (let time = 0; time < 8; time += 1) await guesser.signIn({ ...adeyemi, password: 'a guess at it' });
  expect(await entries('lockout')).toEqual([expect.objectContaining({ k: 'refused', o: user(adeyemi.id) })]);
  expect(await entries('sign-in')).toHaveLength(5);
});

test('a refresh token that comes back is written down', async () => {
  const hers = new Browser(desk);
  await hers.signIn(adeyemi);
  const thief = hers.copy();
  await hers.refresh();
  await thief.refresh();
  expect(await entries('refresh-reused')).toEqual([expect.objectContaining({ k: 'refused', o: user(adeyemi.id) })]);
});

test('changes of accounts: the row by the subscriber, the act with its reason beside it', async () => {
  const admin = new Browser(desk);
  await admin.signIn(park);
  await admin.stepUp(park);
  const change = (fields: string) => `mutation { updateUser(input: { id: "${adeyemi.id}", ${fields} }) { version } }`;
  await admin.ask(change('expectedVersion: 1, role: CLINICIAN, reason: "Moved to outpatients"'));
  await admin.ask(change('expectedVersion: 2, name: "Dr Adeyemi-Cole"'));
  await admin.ask(
    `mutation { deactivateUser(input: { id: "${adeyemi.id}", expectedVersion: 3, reason: "Left the house" }) { id } }`,
  );
  const updates = (await entries('update')).filter(({ o }) => o?.i === adeyemi.id);
  expect(updates.map(({ f, by }) => [f, by.u])).toEqual([
    [['role'], park.id],
    [['name'], park.id],
    [['active'], park.id],
  ]);
  expect(await entries('change-role')).toEqual([
    expect.objectContaining({ o: user(adeyemi.id), why: 'Moved to outpatients' }),
  ]);
  expect(await entries('deactivate')).toEqual([
    expect.objectContaining({ o: user(adeyemi.id), why: 'Left the house' }),
  ]);
  expect((await texts()).join('\n')).not.toContain('Cole');
});

test('passwords: changed, reset, set by link; never the password', async () => {
  const [hers, admin] = [new Browser(desk), new Browser(desk, '192.0.2.20')];
  await hers.signIn(adeyemi);
  const input = { currentPassword: adeyemi.password, newPassword: 'a new and longer one' };
  await hers.ask('mutation($input: ChangePasswordInput!) { changePassword(input: $input) }', { input });
  await admin.signIn(park);
  await admin.stepUp(park);
  const reset = await admin.ask(`mutation { resetPassword(input: { id: "${adeyemi.id}" }) { setupUrl } }`);
  const { setupUrl } = reset.data?.resetPassword as { setupUrl: string };
  await hers.accept({ token: setupUrl.split('#')[1], password: 'another still longer one' });
  for (const action of ['change-password', 'reset-password', 'accept-invite']) {
    expect(await entries(action)).toEqual([expect.objectContaining({ k: 'ok', o: user(adeyemi.id) })]);
  }
  const updates = (await entries('update')).filter(({ o }) => o?.i === adeyemi.id);
  expect(updates.map(({ f }) => f)).toEqual([['password_hash'], ['password_hash'], ['password_hash']]);
  const written = (await texts()).join('\n');
  for (const secret of [
    adeyemi.password,
    input.newPassword,
    'another still longer one',
    setupUrl.split('#')[1]!,
    '$2b$',
  ]) {
    expect(written).not.toContain(secret);
  }
});

test('an administrator reading addresses is written down; seeing one’s own is not', async () => {
  const admin = new Browser(desk);
  await admin.signIn(park);
  await admin.ask('{ me { email name } }');
  expect(await entries('read')).toEqual([]);
  await admin.ask('{ staff { name } }');
  expect(await entries('read')).toEqual([]);
  await admin.ask('{ users(first: 5) { edges { node { email } } } }');
  expect(await entries('read')).toEqual([expect.objectContaining({ o: user(null), f: ['email'] })]);
});

test('an account changed behind the application: the database refuses', async () => {
  const changes = [
    "UPDATE app_user SET role = 'ADMIN' WHERE id = $1",
    'WITH likeness AS (DELETE FROM staff_likeness WHERE user_id = $1) DELETE FROM app_user WHERE id = $1',
  ];
  for (const change of changes) {
    await expect(asSuperuser(desk.runtime, change, [adeyemi.id])).rejects.toThrow(/audit entry/);
  }
});

test('with the log unable to write, nobody gets in', async () => {
  await asSuperuser(desk.runtime, 'ALTER TABLE audit_pending ADD CONSTRAINT full_disk CHECK (false) NOT VALID');
  const hers = new Browser(desk);
  const answer = await hers.signIn(adeyemi);
  expect(answer.code).toBe('AUDIT_UNAVAILABLE');
  expect(answer.cookie).toBeUndefined();
  expect(answer.data?.signIn ?? null).toBeNull();
});

test('names, addresses and devices of staff are not readable in the database', async () => {
  const hers = new Browser(desk);
  hers.headers['user-agent'] = 'Canary browser';
  await hers.signIn(adeyemi);
  const rows = await desk.runtime.dataSource.query<{ row: string }[]>(`
    SELECT encode(convert_to(u::text, 'UTF8'), 'escape') || encode(u.name, 'escape') || encode(u.email, 'escape') AS row FROM app_user u
    UNION ALL SELECT s::text || encode(s.device, 'escape') FROM session s`);
  expect(rows).toHaveLength(3);
  expect(rows.map(({ row }) => row).join('\n')).not.toMatch(/adeyemi|ward\.example|canary/i);
});
