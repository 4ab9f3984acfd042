import { newId } from '../../server/platform/ids';
import { askToErase, STEP_UP } from '../support/erasing';
import { Hospital, Person } from '../support/hospital';

let hospital: Hospital;
beforeAll(async () => {
  hospital = await Hospital.open();
});
afterAll(() => hospital?.close());

const MINUTE = 60_000;

const prove = (person: Person, password: string) => person.ask(STEP_UP, { password });

/** A signed-in visitor of their own, so that no test leans on another's session. */
async function park(): Promise<Person> {
  const person = hospital.visitor();
  await person.signIn(hospital.account('park'));
  return person;
}

test('who tries a grave act without proving themselves is in the log, with the patient', async () => {
  const patient = await hospital.patient();
  const entries = await hospital.entriesOf(async () => {
    expect((await askToErase(hospital.as('park'), patient)).code).toBe('MFA_REQUIRED');
  });
  expect(entries).toEqual([expect.objectContaining({ a: 'erasePatient', k: 'refused', p: [patient.id] })]);
});

/** Whether this person's session is proven, as an act that wants it answers: erasing somebody who is not there. */
async function demanded(person: Person): Promise<string> {
  const { code } = await askToErase(person, { id: newId(), mrn: 'H1', version: 1 });
  return code === 'NOT_FOUND' ? 'proven' : String(code);
}

test('the password proved again is good for five minutes, in this session', async () => {
  const person = await park();
  expect(await demanded(person)).toBe('MFA_REQUIRED');
  expect((await prove(person, hospital.account('park').password)).data).toEqual({ stepUp: true });
  expect(await demanded(person)).toBe('proven');
  hospital.desk.wait(5 * MINUTE - 1000);
  expect(await demanded(person)).toBe('proven');
  hospital.desk.wait(2000);
  expect(await demanded(person)).toBe('MFA_REQUIRED');
});

test('another session of the same person, a later one, and everybody else are not meant', async () => {
  const [here, elsewhere] = [await park(), await park()];
  const ito = hospital.visitor();
  await ito.signIn(await hospital.desk.hire('Admin Ito', 'ADMIN'));
  await prove(here, hospital.account('park').password);
  expect(await demanded(here)).toBe('proven');
  expect(await demanded(elsewhere)).toBe('MFA_REQUIRED');
  expect(await demanded(ito)).toBe('MFA_REQUIRED');
  await here.get('mutation { signOut }');
  await here.signIn(hospital.account('park'));
  expect(await demanded(here)).toBe('MFA_REQUIRED');
});

test('it carries over to the token that a refresh brings: the session is the same', async () => {
  const person = await park();
  await prove(person, hospital.account('park').password);
  expect((await person.refresh()).code).toBeUndefined();
  expect(await demanded(person)).toBe('proven');
});

test('a wrong password proves nothing and is in the log; so is the right one', async () => {
  const person = await park();
  const entries = await hospital.entriesOf(async () => {
    const wrong = await prove(person, 'not the password');
    expect(wrong.code).toBe('BAD_USER_INPUT');
    expect(wrong.error?.extensions.fields).toEqual([
      { path: 'password', message: 'This is not the current password.' },
    ]);
    expect(await demanded(person)).toBe('MFA_REQUIRED');
    await prove(person, hospital.account('park').password);
  });
  const target = { i: hospital.idOf('park'), t: 'user' };
  expect(entries.map(({ a, k, o }) => ({ a, k, o }))).toEqual([
    { a: 'step-up', k: 'failed', o: target },
    { a: 'erasePatient', k: 'refused', o: null },
    { a: 'step-up', k: 'ok', o: target },
  ]);
});

test('guessing is paused like guessing at sign-in, and the right password waits too', async () => {
  const colleague = await hospital.desk.hire('Admin Weber', 'ADMIN');
  const person = hospital.visitor();
  await person.signIn(colleague);
  for (let guess = 0; guess < 5; guess += 1)
    expect((await prove(person, `guess ${guess}`)).code).toBe('BAD_USER_INPUT');
  const paused = await prove(person, colleague.password);
  expect(paused.code).toBe('LOCKED');
  expect(paused.error?.extensions.retryAfterSeconds).toBeGreaterThan(0);
  expect(await demanded(person)).toBe('MFA_REQUIRED');
  hospital.desk.wait(MINUTE);
  expect((await prove(person, colleague.password)).data).toEqual({ stepUp: true });
});

test('a stranger has no session to prove', async () => {
  expect((await prove(hospital.stranger, 'whatever')).code).toBe('UNAUTHENTICATED');
});

test('a password changed elsewhere ends the session with its proof', async () => {
  const colleague = await hospital.desk.hire('Admin Novak', 'ADMIN');
  const [here, elsewhere] = [hospital.visitor(), hospital.visitor()];
  await here.signIn(colleague);
  await elsewhere.signIn(colleague);
  await prove(here, colleague.password);
  await elsewhere.get(
    'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) }',
    { input: { currentPassword: colleague.password, newPassword: 'quite another long one' } },
  ); // prettier-ignore
  expect((await prove(here, colleague.password)).code).toBe('UNAUTHENTICATED');
});
