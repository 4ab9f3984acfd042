import type { Page } from 'playwright-core';
import { focused, openWard, picture, settle, signIn, signOut, type Visitor, type Ward } from '../support/browser';

let ward: Ward;
let doctor: Visitor;
let page: Page;

beforeAll(async () => {
  // the whole shift with the client's own documents and no other
  ward = await openWard({ TRUSTED_DOCUMENTS: 'dist/client/trusted-documents.json' });
  doctor = await ward.visitor();
  page = doctor.page;
});
afterAll(() => ward?.close());

const heading = (name: string | RegExp, on = page) => on.getByRole('heading', { level: 1, name });
const tab = (name: string) => page.getByRole('navigation', { name: 'Parts of the record' }).getByRole('link', { name });
const banner = () => page.getByRole('region', { name: 'Patient' });

describe('a shift of Dr Adeyemi', () => {
  it('is refused with a wrong password, without a word on which half was wrong', async () => {
    await page.goto('/');
    await page.getByLabel('E-mail').fill(ward.account('DOCTOR').email);
    await page.getByLabel('Password', { exact: true }).fill('not the password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    expect(await page.getByRole('alert').innerText()).toBe('E-mail or password is not right.');
  });

  it('begins at the dashboard', async () => {
    await signIn(page, ward.account('DOCTOR'));
    await heading('Dashboard').waitFor();
    await page.getByText('Dr Adeyemi · Doctor').waitFor();
  });

  it('finds a patient by a part of the name and reads the record', async () => {
    const known = page.getByRole('link', { name: /^[A-Z]{4,}/ }).first();
    const name = await known.innerText();
    await page.getByRole('search').getByLabel('Find a patient').fill(name.slice(0, 4).toLowerCase());
    await page.getByRole('button', { name: 'Search' }).click();
    await heading('Patients').waitFor();
    await page.getByRole('table', { name: 'Patients' }).getByRole('link', { name }).first().click();
    await heading('Patient record').waitFor();
    expect(await banner().innerText()).toContain(name);
    for (const part of ['Visits', 'Vitals', 'Treatments', 'Details', 'Summary']) {
      await tab(part).click();
      await settle(page);
      expect(await tab(part).getAttribute('aria-current')).toBe('page');
    }
    expect(page.url()).not.toContain(name.slice(0, 4).toLowerCase());
  });

  it('registers a patient, after the form has said what is missing', async () => {
    await page.goto('/patients');
    await page.getByRole('link', { name: 'Register patient' }).click();
    const form = page.getByRole('form', { name: 'Register patient' });
    await form.getByLabel('Phone', { exact: true }).fill('none');
    await form.getByRole('button', { name: 'Register' }).click();

    const summary = page.getByRole('alert').filter({ hasText: '2 fields need attention' });
    await summary.waitFor();
    await focused(summary);
    await summary.getByRole('link', { name: /Family name/ }).click();
    await focused(form.getByLabel('Family name'));

    await form.getByLabel('Family name').fill('Ångström-Nwosu');
    await form.getByLabel('Given names').fill('Zsófia Wren');
    await form.getByLabel('Birth date').fill('9-Sep-1985');
    await form.getByLabel('Phone', { exact: true }).fill('+44 20 7946 0321');
    await form.getByRole('button', { name: 'Register' }).click();
    await heading('Patient record').waitFor();
    expect(await banner().innerText()).toMatch(/ÅNGSTRÖM-NWOSU Zsófia Wren[^]*09-Sep-1985 \(\d+ y\)/);
  });

  it('is warned before the same person is registered twice', async () => {
    const record = page.url();
    await page.goto('/patients/new');
    const form = page.getByRole('form', { name: 'Register patient' });
    await form.getByLabel('Family name').fill('Angstrom-Nwosu');
    await form.getByLabel('Given names').fill('Zsofia');
    await form.getByLabel('Phone', { exact: true }).fill('020 7946 0321');
    await form.getByRole('button', { name: 'Register' }).click();
    const warning = page.getByRole('dialog', { name: 'Is it one of these?' });
    await warning.getByText(/ÅNGSTRÖM-NWOSU/).waitFor();
    await warning.getByRole('button', { name: /Open record/ }).click();
    await heading('Patient record').waitFor();
    expect(page.url()).toBe(record);
  });

  it('writes a visit with vitals, asked about the one that can hardly be true', async () => {
    await page.getByRole('link', { name: 'New visit' }).first().click();
    const form = page.getByRole('form', { name: 'New visit' });
    await form.getByLabel('Reason').fill('Dizzy since the morning');
    await form.getByLabel('Temperature (°C)').fill('24.5');
    await form.getByLabel('Systolic pressure (mmHg)').fill('131');
    await form.getByLabel('Diastolic pressure (mmHg)').fill('84');
    await form.getByRole('button', { name: 'Save visit' }).click();

    const question = page.getByRole('dialog', { name: /^Are these values right for ÅNGSTRÖM-NWOSU/ });
    expect(await question.innerText()).toContain('Temperature 24.5 °C (usually 33 to 42 °C)');
    await question.getByRole('button', { name: 'Look again' }).click();
    await form.getByLabel('Temperature (°C)').fill('36.9');
    await form.getByRole('button', { name: 'Save visit' }).click();
    await page.getByText('The visit was saved').waitFor();
    const visit = page.getByRole('article').first();
    await visit.waitFor();
    expect(await visit.innerText()).toMatch(/Attended by Dr Adeyemi[^]*Dizzy since the morning[^]*36\.9/);
  });

  it('amends the visit once it is closed: what it said stands beside what it shall say, and stays', async () => {
    await page
      .getByRole('link', { name: /^Edit visit/ })
      .first()
      .click();
    await page.getByRole('combobox', { name: 'Status' }).click();
    await page.getByRole('option', { name: 'Finished' }).click();
    await page.getByRole('button', { name: 'Save visit' }).click();
    await page
      .getByRole('link', { name: /^Open visit/ })
      .first()
      .click();
    await page.getByRole('button', { name: 'Amend visit' }).click();
    const form = page.getByRole('form', { name: 'Amend visit' });
    expect(await form.innerText()).toMatch(/Reason until now\s+Dizzy since the morning/);
    await form.getByLabel('Reason', { exact: true }).fill('Dizzy since the day before');
    await form.getByLabel('Reason of the amendment').fill('Her son told us');
    await form.getByRole('button', { name: 'Save amendment' }).click();
    const history = page.getByRole('region', { name: 'Amendments' });
    expect(await history.innerText()).toMatch(
      /Amended by Dr Adeyemi[^]*Her son told us[^]*Dizzy since the morning[^]*Dizzy since the day before/,
    );
    await page.getByRole('link', { name: 'All visits' }).click();
  });

  it('updates the treatment: one click from the worklist, and Escape throws nothing away unasked', async () => {
    await page.getByRole('link', { name: 'Treatment updates' }).click();
    await page.getByRole('link', { name: /^Update the treatment of ÅNGSTRÖM-NWOSU/ }).click();
    const text = page.getByRole('form', { name: 'Update treatment' }).getByLabel('New treatment');
    await focused(text);
    await page.keyboard.type('Two litres of water a day, ');
    const asked = page.getByRole('dialog', { name: 'Leave this form?' });
    await page.keyboard.press('Escape');
    await focused(asked.getByRole('button', { name: 'Stay here' }));
    await page.keyboard.press('Escape');
    await asked.waitFor({ state: 'detached' });
    await focused(text);
    await page.keyboard.press('End');
    await page.keyboard.type('blood pressure in the evening');
    await page.keyboard.press('Control+Enter');
    await page.getByText('The treatment was updated').waitFor();
    await focused(page.getByRole('button', { name: 'Update treatment' }));
    const updates = page.getByRole('list', { name: 'Treatment updates, newest first' });
    expect(await updates.getByRole('listitem').first().innerText()).toMatch(/Dr Adeyemi[^]*Two litres of water/);
    await tab('Summary').click();
    await page.getByText('Two litres of water a day').first().waitFor();
  });

  it('shows in the access history who did all this, and no word of what was written', async () => {
    await tab('Access history').click();
    const table = page.getByRole('region', { name: 'Entries of the audit log' });
    await table.getByRole('row').nth(3).waitFor();
    const text = await table.innerText();
    expect(text).toContain('Dr Adeyemi');
    for (const what of ['Create', 'Read', 'visit', 'treatment']) expect(text).toContain(what);
    expect(text).not.toMatch(/Dizzy|water|Zsófia/);
    await picture(page, 'journey-access-history');
  });

  it('is in the audit log, where the doctor sees an entry in full', async () => {
    await page.getByRole('link', { name: 'Audit log' }).click();
    await heading('Audit log').waitFor();
    const table = page.getByRole('region', { name: 'Entries of the audit log' });
    await table
      .getByRole('row', { name: /Create/ })
      .first()
      .getByRole('button')
      .click();
    const drawer = page.getByRole('dialog', { name: /^Entry \d+$/ });
    const canonical = await drawer.getByRole('region', { name: 'Canonical bytes' }).innerText();
    expect(JSON.parse(canonical)).toMatchObject({ a: 'create', by: { k: 'user', r: 'DOCTOR' }, k: 'ok', v: 1 });
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
  });

  it('keeps the session over a reload, without anything of it in the storage', async () => {
    await page.reload();
    await heading('Audit log').waitFor();
    const kept = await page.evaluate<string>('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])');
    expect(kept).not.toMatch(/eyJ|token|adeyemi/i);
    const [cookie] = await doctor.context.cookies();
    expect(cookie).toMatchObject({ name: 'chartseal_refresh', httpOnly: true, sameSite: 'Strict' });
  });

  it('is shared by a second tab, and ends in both', async () => {
    const second = await doctor.context.newPage();
    await second.goto('/patients');
    await heading('Patients', second).waitFor();
    await signOut(page);
    await second.getByText('You were signed out in another tab.').waitFor();
    await second.reload();
    await heading('Sign in', second).waitFor();
    expect(await second.getByText('MRN').count()).toBe(0);
    await second.close();
  });

  it('leaves no fault on any page', () => {
    expect(doctor.faults).toEqual([]);
  });
});
