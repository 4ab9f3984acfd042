import { Browser, openFrontDesk, type Colleague, type FrontDesk } from '../support/front-desk';

/**
 * Work inside a transaction reads keys, accounts and care teams on other connections. With a pool of two, eight people at once
 * would wait for each other for ever if transactions could take every connection.
 */
let desk: FrontDesk;
let adeyemi: Colleague;
beforeAll(async () => {
  desk = await openFrontDesk({ POOL_SIZE: '2' });
  adeyemi = await desk.hire('Dr Adeyemi', 'DOCTOR');
});
afterAll(() => desk.close());

const AT_ONCE = 8;

test('eight tabs sign in, register, write and refresh at once over two connections', async () => {
  const tabs = Array.from({ length: AT_ONCE }, (_, n) => new Browser(desk, `192.0.2.${n + 1}`));
  for (const tab of tabs) await tab.signIn(adeyemi);
  const all = (ask: (tab: Browser, n: number) => Promise<{ code: string | undefined; data: unknown }>) =>
    Promise.all(tabs.map(ask));

  const registered = await all((tab, n) =>
    tab.ask(`mutation { createPatient(input: { name: { family: "Pool", given: ["N${n}x"] }, gender: OTHER }) { id } }`),
  );
  const ids = registered.map(({ data }) => (data as { createPatient: { id: string } }).createPatient.id);
  expect(new Set(ids).size).toBe(AT_ONCE);

  // Another process would have no key at hand: forgetting them makes every transaction load one.
  for (const id of ids) desk.runtime.base.keyring.forget(id);
  const edited = await all((tab, n) =>
    tab.ask(
      `mutation { updatePatient(input: { id: "${ids[n]}", expectedVersion: 1, phone: "070 1234${n}0" }) { version } }`,
    ),
  );
  const visited = await all((tab, n) =>
    tab.ask(
      `mutation { createVisit(input: { patientId: "${ids[n]}", type: HOME, startedAt: "2026-01-02T03:04:05Z" }) { id } }`,
    ),
  );
  const refreshed = await all((tab) => tab.refresh());
  for (const answer of [...edited, ...visited, ...refreshed]) expect(answer.code).toBeUndefined();
}, 30_000);
