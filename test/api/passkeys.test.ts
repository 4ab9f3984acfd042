import { SoftAuthenticator } from '../support/authenticator';
import { enrol, ticketOf, VERIFY } from '../support/factor';
import { Browser, openFrontDesk, type Answer, type Colleague, type FrontDesk } from '../support/front-desk';
import { asSuperuser } from '../support/superuser';

const REGISTER =
  'mutation ($input: RegisterPasskeyInput!) { registerPasskey(input: $input) { passkey { id name } recoveryCodes } }';
const SIGN_IN =
  'mutation ($input: PasskeySignInInput!) { signInWithPasskey(input: $input) { accessToken me { name } } }';
const STEP_UP = 'mutation ($input: StepUpInput!) { stepUp(input: $input) }';
const MINE = '{ me { secondFactor { totp recoveryCodesLeft passkeys { id name lastUsedAt } } } }';
const RENAME = 'mutation ($input: RenamePasskeyInput!) { renamePasskey(input: $input) { name } }';
const REMOVE = 'mutation ($input: RemovePasskeyInput!) { removePasskey(input: $input) }';

let desk: FrontDesk;
let addresses = 0;
const browser = () => new Browser(desk, `198.51.100.${(addresses += 1)}`);
const now = () => desk.runtime.clock.now();

beforeAll(async () => {
  desk = await openFrontDesk();
});
afterAll(() => desk?.close());

async function options(by: Browser, mutation: 'beginPasskey' | 'passkeySignIn' | 'passkeyProof'): Promise<string> {
  const { data, body } = await by.ask(`mutation { ${mutation} }`);
  if (typeof data?.[mutation] !== 'string') throw new Error(body);
  return data[mutation];
}

const signInWith = async (response: string, by = browser()): Promise<Answer> => {
  const answer = await by.ask(SIGN_IN, { input: { response } });
  const payload = answer.data?.signInWithPasskey as { accessToken: string } | undefined;
  if (payload) by.token = payload.accessToken;
  return answer;
};

async function signedIn(colleague: Colleague): Promise<Browser> {
  const theirs = browser();
  await theirs.signIn(colleague);
  await theirs.stepUp(colleague);
  return theirs;
}

interface Kept {
  passkey: { id: string };
  recoveryCodes: string[] | null;
}

async function withPasskey(name: string) {
  const colleague = await desk.hire(name, 'NURSE');
  const theirs = await signedIn(colleague);
  const key = new SoftAuthenticator();
  const response = key.create(await options(theirs, 'beginPasskey'));
  const { data } = await theirs.ask(REGISTER, { input: { name: 'Ward phone', response } });
  return { colleague, theirs, key, response, kept: data?.registerPasskey as Kept };
}

async function outcomes(action: string): Promise<string[]> {
  const rows = await asSuperuser<{ entry: Buffer }>(
    desk.runtime,
    'SELECT entry FROM audit_entry WHERE action = $1 UNION ALL SELECT entry FROM audit_pending WHERE action = $1',
    [action],
  );
  return rows.map(({ entry }) => (JSON.parse(entry.toString('utf8')) as { k: string }).k);
}

test('a passkey is registered, signs in without a password, is renamed and removed', async () => {
  const { colleague, theirs, key, kept } = await withPasskey('Nurse Lindqvist');
  expect(kept).toMatchObject({ passkey: { name: 'Ward phone' } });
  expect(kept.recoveryCodes).toHaveLength(10);
  const elsewhere = browser();
  const { data } = await signInWith(key.get(await options(elsewhere, 'passkeySignIn')), elsewhere);
  expect(data).toMatchObject({ signInWithPasskey: { me: { name: 'Nurse Lindqvist' } } });
  expect(await elsewhere.whoami()).toBe('Nurse Lindqvist');
  const { id } = kept.passkey;
  expect((await theirs.ask(RENAME, { input: { id, name: 'Blue key' } })).data).toEqual({
    renamePasskey: { name: 'Blue key' },
  });
  expect((await theirs.ask(MINE)).data).toEqual({
    me: { secondFactor: { totp: false, recoveryCodesLeft: 10, passkeys: [{ id, name: 'Blue key', lastUsedAt: expect.any(String) as unknown }] } },
  }); // prettier-ignore
  expect((await theirs.ask(REMOVE, { input: { id } })).data).toEqual({ removePasskey: true });
  expect(await elsewhere.whoami()).toBeNull(); // a change of factors ends all other sessions
  expect((await signInWith(key.get(await options(browser(), 'passkeySignIn')))).code).toBe('UNAUTHENTICATED');
  expect((await browser().signIn(colleague)).code).toBeUndefined(); // no factor left: the password again
  for (const action of ['register-passkey', 'remove-passkey']) expect(await outcomes(action)).toContain('ok');
});

test('the password alone no longer signs in, and no longer steps up', async () => {
  const { colleague, theirs, key, kept } = await withPasskey('Nurse Only');
  const answer = await browser().signIn(colleague);
  expect(answer).toMatchObject({ code: 'MFA_REQUIRED', error: { extensions: { factors: ['PASSKEY'] } } });
  desk.wait(6 * 60_000);
  expect((await theirs.ask('mutation { beginPasskey }')).code).toBe('MFA_REQUIRED');
  expect((await theirs.stepUp(colleague)).code).toBe('BAD_USER_INPUT');
  const proof = key.get(await options(theirs, 'passkeyProof'));
  expect((await theirs.ask(STEP_UP, { input: { passkey: proof } })).data).toEqual({ stepUp: true });
  expect((await theirs.ask(STEP_UP, { input: { passkey: proof } })).code).toBe('BAD_USER_INPUT'); // used
  const ticket = ticketOf(await browser().signIn(colleague));
  const recovered = await browser().ask(VERIFY, { input: { ticket, recoveryCode: kept.recoveryCodes![0] } });
  expect(recovered.code).toBeUndefined();
});

test('an answer is good once: sent again, at once or later, it is refused', async () => {
  const { key, theirs, response } = await withPasskey('Nurse Replay');
  const assertion = key.get(await options(browser(), 'passkeySignIn'));
  const both = await Promise.all([signInWith(assertion), signInWith(assertion)]);
  expect(both.map(({ code }) => code).filter((code) => code === undefined)).toHaveLength(1);
  expect((await signInWith(assertion)).code).toBe('UNAUTHENTICATED');
  expect((await theirs.ask(REGISTER, { input: { name: 'Again', response } })).code).toBe('BAD_USER_INPUT');
});

test('a challenge expires, and is good for nothing but what it was made for', async () => {
  const { key, theirs } = await withPasskey('Nurse Challenge');
  const late = key.get(await options(browser(), 'passkeySignIn'));
  const forStepUp = key.get(await options(theirs, 'passkeyProof'));
  expect((await signInWith(forStepUp)).code).toBe('UNAUTHENTICATED');
  const forSignIn = key.get(await options(theirs, 'passkeySignIn'));
  expect((await theirs.ask(STEP_UP, { input: { passkey: forSignIn } })).code).toBe('BAD_USER_INPUT');
  const invented = JSON.stringify({ challenge: Buffer.alloc(38, 7).toString('base64url'), rpId: 'localhost' });
  expect((await signInWith(key.get(invented))).code).toBe('UNAUTHENTICATED');
  desk.wait(5 * 60_000 + 1000);
  expect((await signInWith(late)).code).toBe('UNAUTHENTICATED');
});

test('another origin, another host, nobody verified: refused', async () => {
  const { key } = await withPasskey('Nurse Phished');
  const falsify: ((key: SoftAuthenticator) => void)[] = [
    (one) => (one.origin = 'http://localhost.evil.example'),
    (one) => (one.origin = 'https://localhost'),
    (one) => ((one.origin = 'http://localhost'), (one.rpId = 'evil.example')),
    (one) => ((one.rpId = null), (one.verifies = false)),
  ];
  for (const change of falsify) {
    change(key);
    expect((await signInWith(key.get(await options(browser(), 'passkeySignIn')))).code).toBe('UNAUTHENTICATED');
  }
  key.verifies = true;
  expect((await signInWith(key.get(await options(browser(), 'passkeySignIn')))).code).toBeUndefined();
  for (const rubbish of ['', 'null', '{}', '{"id":1}', '{"id":"x","response":{}}'])
    expect(['BAD_USER_INPUT', 'UNAUTHENTICATED']).toContain((await signInWith(rubbish)).code);
});

test('another’s passkey is nobody else’s: not to register, not to step up, not to rename or remove', async () => {
  const one = await withPasskey('Nurse One');
  const two = await withPasskey('Nurse Two');
  const stolen = one.key.create(await options(two.theirs, 'beginPasskey'));
  expect((await two.theirs.ask(REGISTER, { input: { name: 'Stolen', response: stolen } })).code).toBe('BAD_USER_INPUT');
  const hers = one.key.get(await options(two.theirs, 'passkeyProof'));
  expect((await two.theirs.ask(STEP_UP, { input: { passkey: hers } })).code).toBe('BAD_USER_INPUT');
  const { id } = one.kept.passkey;
  expect((await two.theirs.ask(RENAME, { input: { id, name: 'Mine' } })).code).toBe('NOT_FOUND');
  expect((await two.theirs.ask(REMOVE, { input: { id } })).code).toBe('NOT_FOUND');
  const session = await options(one.theirs, 'beginPasskey');
  const other = new SoftAuthenticator().create(session); // begun in one session, brought by another
  expect((await two.theirs.ask(REGISTER, { input: { name: 'Other', response: other } })).code).toBe('BAD_USER_INPUT');
  expect((await browser().ask('mutation { beginPasskey }')).code).toBe('UNAUTHENTICATED');
});

test('a counter that does not grow is refused and rings: somebody may hold a copy', async () => {
  const { key } = await withPasskey('Nurse Cloned');
  expect((await signInWith(key.get(await options(browser(), 'passkeySignIn')))).code).toBeUndefined();
  key.counter -= 1;
  expect((await signInWith(key.get(await options(browser(), 'passkeySignIn')))).code).toBe('UNAUTHENTICATED');
  expect(await outcomes('passkey-cloned')).toEqual(['refused']);
});

test('a deactivated account does not come in; a row planted or moved behind the application proves nothing', async () => {
  const { key, colleague } = await withPasskey('Nurse Thief');
  const victim = await withPasskey('Dr Victim');
  await asSuperuser(
    desk.runtime,
    `ALTER TABLE passkey DISABLE TRIGGER audited; UPDATE passkey SET user_id = '${victim.colleague.id}' WHERE user_id = '${colleague.id}';
     ALTER TABLE passkey ENABLE TRIGGER audited`,
  );
  expect((await signInWith(key.get(await options(browser(), 'passkeySignIn')))).code).toBe('INTEGRITY_VIOLATION');
  await asSuperuser(
    desk.runtime,
    `ALTER TABLE app_user DISABLE TRIGGER audited; UPDATE app_user SET active = false WHERE id = '${victim.colleague.id}';
     ALTER TABLE app_user ENABLE TRIGGER audited`,
  );
  expect((await signInWith(victim.key.get(await options(browser(), 'passkeySignIn')))).code).toBe('UNAUTHENTICATED');
});

test('beside an authenticator app, either does, and the recovery codes stay', async () => {
  const colleague = await desk.hire('Admin Park', 'ADMIN');
  const hers = browser();
  await hers.signIn(colleague);
  const { phone, recoveryCodes } = await enrol(hers, colleague, now);
  desk.wait(30_000);
  await hers.ask(STEP_UP, { input: { code: phone.code() } });
  const key = new SoftAuthenticator();
  const response = key.create(await options(hers, 'beginPasskey'));
  const { data } = await hers.ask(REGISTER, { input: { name: 'Desk', response } });
  expect(data).toMatchObject({ registerPasskey: { recoveryCodes: null } });
  const answer = await browser().signIn(colleague);
  expect(answer.error?.extensions.factors).toEqual(['TOTP', 'PASSKEY']);
  const input = { ticket: ticketOf(answer), recoveryCode: recoveryCodes[9] };
  expect((await browser().ask(VERIFY, { input })).code).toBeUndefined();
});
