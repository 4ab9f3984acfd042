import type { Page } from 'playwright-core';
import { openWard, picture, settle, signIn, type Visitor, type Ward } from '../support/browser';
import { asSuperuser } from '../support/superuser';

let ward: Ward;
let patientId: string;
let doctor: Visitor;
let page: Page;

beforeAll(async () => {
  ward = await openWard();
  patientId = await ward.patient({ on: ['DOCTOR', 'CLINICIAN'] });
  doctor = await ward.signedIn('DOCTOR');
  page = doctor.page;
});
afterAll(() => ward?.close());

const form = (of: Page) => of.getByRole('form', { name: 'Edit patient' });

async function edit(of: Page): Promise<void> {
  await of.goto(`/patients/${patientId}/edit`);
  await form(of).waitFor();
}

describe('two people edit the same patient', () => {
  it('shows both versions side by side, and merges what does not clash', async () => {
    const clinician = await ward.signedIn('CLINICIAN');
    await Promise.all([edit(page), edit(clinician.page)]);
    await form(page).getByLabel('Phone', { exact: true }).fill('+44 20 7946 0111');
    await form(page).getByLabel('E-mail').fill('from.the.doctor@mail.example');
    await form(page).getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('The patient was saved').waitFor();
    await clinician.page.getByText(/^Somebody else has just changed this record. What you type stays/).waitFor();

    const theirs = form(clinician.page);
    await theirs.getByLabel('Phone', { exact: true }).fill('+44 20 7946 0222');
    await theirs.getByLabel('City').fill('Leeds');
    await theirs.getByRole('button', { name: 'Save changes' }).click();
    const dialog = clinician.page.getByRole('dialog', { name: /^Both versions/ });
    await dialog.getByText(/^Dr Adeyemi saved this on/).waitFor();
    const phone = dialog.getByRole('row', { name: /^Phone/ });
    expect(await phone.getByRole('cell').allInnerTexts()).toEqual(['+44 20 7946 0222', '+44 20 7946 0111']);
    await dialog.getByRole('row', { name: /Leeds/ }).waitFor();
    await settle(clinician.page);
    await picture(clinician.page, 'conflict');

    await dialog.getByRole('button', { name: 'Keep my changes' }).click();
    await theirs.getByRole('button', { name: 'Save changes' }).click();
    await clinician.page.getByText('The patient was saved').waitFor();
    await clinician.page.getByText('+44 20 7946 0222').first().waitFor();
    await clinician.page.getByText('from.the.doctor@mail.example').first().waitFor();
    expect(clinician.faults).toEqual([]);
    await clinician.context.close();
  });

  it('asks before unsaved work is left behind', async () => {
    await edit(page);
    await form(page).getByLabel('City').fill('York');
    await page.getByRole('link', { name: 'Patients', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Leave this form?' });
    await dialog.getByRole('button', { name: 'Stay here' }).click();
    expect(await form(page).getByLabel('City').inputValue()).toBe('York');
    await page.getByRole('link', { name: 'Patients', exact: true }).click();
    await dialog.getByRole('button', { name: 'Leave without saving' }).click();
    await page.getByRole('heading', { level: 1, name: 'Patients' }).waitFor();
  });

  it('met no fault on the way', () => expect(doctor.faults).toEqual([]));
});

describe('when something is away', () => {
  let visitor: Visitor;
  beforeAll(async () => {
    visitor = await ward.signedIn('DOCTOR');
  });
  afterAll(() => visitor.context.close());

  it('says that the network is gone, keeps what was written, and saves it afterwards', async () => {
    await edit(visitor.page);
    await form(visitor.page).getByLabel('City').fill('Whitby');
    await visitor.context.setOffline(true);
    const notice = visitor.page.getByRole('status').filter({ hasText: 'No connection' });
    await notice.waitFor();
    await form(visitor.page).getByRole('button', { name: 'Save changes' }).click();
    await visitor.page.getByRole('alert').getByText('The server cannot be reached').waitFor();
    expect(await form(visitor.page).getByLabel('City').inputValue()).toBe('Whitby');
    await visitor.context.setOffline(false);
    await notice.waitFor({ state: 'detached' });
    await form(visitor.page).getByRole('button', { name: 'Save changes' }).click();
    await visitor.page.getByText('The patient was saved').waitFor();
  });

  it('keeps the application when a page not yet visited cannot be fetched, and opens it once it can', async () => {
    await visitor.page.goto('/');
    await settle(visitor.page);
    await visitor.context.setOffline(true);
    await visitor.page.getByRole('link', { name: 'Audit log' }).click();
    const fault = visitor.page.getByRole('alert').filter({ hasText: 'The server cannot be reached' });
    await fault.waitFor();
    await picture(visitor.page, 'part-missing');
    await visitor.context.setOffline(false);
    await fault.getByRole('button', { name: 'Try again' }).click();
    await visitor.page.getByRole('region', { name: 'Entries of the audit log' }).waitFor();
  });

  it('loads itself anew for a page that a new version has replaced, once, and then says that it failed here', async () => {
    await visitor.page.goto('/');
    await settle(visitor.page);
    let loaded = 0;
    visitor.page.on('load', () => (loaded += 1));
    await visitor.page.route('**/assets/WorklistPage-*.js', (route) => route.fulfill({ status: 404 }));
    await visitor.page.getByRole('link', { name: 'Treatment updates' }).click();
    await visitor.page.getByRole('alert').filter({ hasText: 'This page could not be shown' }).waitFor();
    expect(loaded).toBe(1);
    await visitor.page.unroute('**/assets/WorklistPage-*.js');
    await visitor.page.getByRole('button', { name: 'Try again' }).click();
    await visitor.page.getByRole('heading', { level: 1, name: 'Treatment updates' }).waitFor();
  });

  it('shows a fault of the server with the request id, and works again afterwards', async () => {
    const sql = (statement: string) => asSuperuser(ward.runtime, statement);
    await visitor.page.goto(`/patients/${patientId}`);
    await settle(visitor.page);
    await sql('ALTER TABLE treatment_update RENAME TO treatment_update_away');
    try {
      await visitor.page.getByRole('link', { name: 'Treatments' }).click();
      const fault = visitor.page.getByRole('alert').filter({ hasText: 'Something went wrong on the server' });
      expect(await fault.innerText()).toMatch(/Request id: [0-9a-f-]{36}/);
      expect(await visitor.page.locator('body').innerText()).not.toMatch(/treatment_update|relation|SELECT/);
    } finally {
      await sql('ALTER TABLE treatment_update_away RENAME TO treatment_update');
    }
    await visitor.page.getByRole('button', { name: 'Try again' }).click();
    await visitor.page.getByRole('list', { name: 'Treatment updates, newest first' }).waitFor();
  });

  it('says of a page that cannot be drawn that it failed here, not that the server is away', async () => {
    await visitor.page.route('**/graphql', async (route) => {
      if (!route.request().postData()?.includes('patients(')) return route.continue();
      const answer = await route.fetch();
      const spoilt = (await answer.text()).replaceAll('"name":{', '"name":null,"was":{');
      await route.fulfill({ response: answer, body: spoilt });
    });
    await visitor.page.goto('/patients');
    const fault = visitor.page.getByRole('alert').filter({ hasText: 'This page could not be shown' });
    await fault.waitFor();
    expect(await fault.innerText()).not.toMatch(/server|TypeError|undefined/);
    await picture(visitor.page, 'page-fault');
    await visitor.page.unroute('**/graphql');
    await visitor.page.reload();
    await visitor.page.getByRole('table').waitFor();
  });

  it('shows nothing of a patient while the log cannot be written', async () => {
    const sql = (statement: string) => asSuperuser(ward.runtime, statement);
    await sql('ALTER TABLE audit_pending RENAME COLUMN entry TO entry_away');
    try {
      await visitor.page.goto(`/patients/${patientId}`);
      await visitor.page.getByText('The audit log cannot be written').waitFor();
      expect(await visitor.page.getByRole('region', { name: 'Patient', exact: true }).count()).toBe(0);
    } finally {
      await sql('ALTER TABLE audit_pending RENAME COLUMN entry_away TO entry');
    }
    await visitor.page.goto(`/patients/${patientId}`);
    await visitor.page.getByRole('region', { name: 'Patient', exact: true }).waitFor();
  });
});

describe('what a browser is left with', () => {
  it('keeps nothing of a patient, in no store and in no address', async () => {
    const addresses = new Set<string>();
    page.on('framenavigated', (frame) => addresses.add(frame.url()));
    await page.goto('/');
    await page.getByRole('search').getByLabel('Find a patient').fill('har');
    await page.getByRole('button', { name: 'Search' }).click();
    await settle(page);
    await page.goto(`/patients/${patientId}`);
    const [family = ''] = (await page.getByRole('region', { name: 'Patient', exact: true }).innerText()).split(' ');
    await settle(page);
    await page.goto(`/patients/${patientId}/details`);
    await settle(page);
    expect([...addresses].join()).not.toMatch(new RegExp(`har|${family}`, 'i'));
    const stores = await page.evaluate<string>(
      `Promise.all([caches.keys(), indexedDB.databases()]).then(([caches, databases]) =>
         JSON.stringify({ caches, databases, local: { ...localStorage }, session: { ...sessionStorage } }))`,
    );
    expect(JSON.parse(stores)).toMatchObject({ caches: [], databases: [] });
    expect(stores).not.toMatch(new RegExp(`${family}|har|${patientId}|eyJ`, 'i'));
  });

  it('is not to keep answers in its cache, nor to show the pages inside others', async () => {
    const { request } = doctor.context;
    const document = await request.get('/patients', { headers: { accept: 'text/html' } });
    expect(document.headers()['cache-control']).toBe('no-store');
    expect(document.headers()['content-security-policy']).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
    expect(document.headers()['content-security-policy']).not.toMatch(/unsafe|https?:/);
    const answer = await request.post('/graphql', { data: { query: '{ me { id } }' } });
    expect(answer.headers()['cache-control']).toBe('no-store');
  });

  it('met no fault on the way', () => expect(doctor.faults).toEqual([]));
});

describe('a workstation left alone', () => {
  it('asks after thirteen minutes, stays when somebody answers, and is signed out after fifteen', async () => {
    const { page, context, faults } = await ward.visitor();
    await page.clock.install();
    await page.goto('/');
    await signIn(page, ward.account('NURSE'));
    await settle(page);
    const stay = page.getByRole('alertdialog').getByRole('button', { name: 'Stay signed in' });
    await page.clock.fastForward('13:10');
    await stay.click();
    await stay.waitFor({ state: 'detached' });

    // the token that is exchanged before it ends comes when nobody is there any more: it opens nothing
    let answer = () => undefined as void;
    const late = new Promise<void>((resolve) => (answer = resolve));
    let answered = Promise.resolve();
    await page.route('**/graphql', async (route) => {
      if (!route.request().postData()?.includes('RefreshSession')) return route.continue();
      const response = await route.fetch();
      answered = late.then(() => route.fulfill({ response }));
      return answered;
    });
    await page.clock.fastForward('13:10');
    await stay.waitFor();
    await page.clock.fastForward('02:00');
    const told = page.getByText('this workstation was not used for 15 minutes');
    await told.waitFor();
    answer();
    await answered;
    await settle(page);
    expect(await told.isVisible()).toBe(true);
    expect(faults).toEqual([]);
    await context.close();
  });
});

describe('GraphiQL', () => {
  it('asks a stranger to sign in first', async () => {
    const stranger = await ward.visitor();
    await stranger.page.goto('/graphiql');
    await stranger.page.getByRole('link', { name: 'Sign in to Chartseal' }).waitFor();
    await stranger.context.close();
  });

  it('runs a query as oneself', async () => {
    const admin = await ward.signedIn('ADMIN');
    await admin.page.goto('/graphiql');
    await admin.page.getByText('Chartseal · Admin Park').waitFor();
    const editor = admin.page.locator('.graphiql-query-editor .monaco-editor').first();
    await editor.click();
    await admin.page.keyboard.press('Control+A');
    await admin.page.keyboard.type('{ me { name role'); // the editor closes the braces
    await admin.page.getByRole('tab', { name: '<untitled>' }).waitFor();
    await admin.page.keyboard.press('Control+Enter');
    await admin.page.locator('.result-window').getByText('"Admin Park"').waitFor();
    await picture(admin.page, 'graphiql');
    expect(admin.faults).toEqual([]);
    await admin.context.close();
  });
});
