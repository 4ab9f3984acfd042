import type { Locator, Page } from 'playwright-core';
import { openWard, settle, signIn, signOut, type Visitor, type Ward } from '../support/browser';

let ward: Ward;
let patientId: string;
let doctor: Visitor;
let nurse: Visitor;

beforeAll(async () => {
  ward = await openWard();
  patientId = await ward.patient({ on: ['DOCTOR', 'NURSE'], open: true });
  doctor = await ward.signedIn('DOCTOR');
  nurse = await ward.signedIn('NURSE');
});
afterAll(() => ward?.close());

const vitals = (of: Page) => of.getByRole('form', { name: 'Record vitals' });
const visit = (of: Page) => of.getByRole('form', { name: /^(New|Edit) visit$/ });
const saved = (of: Page) => of.getByText('The visit was saved');

async function open(of: Page, link: RegExp): Promise<void> {
  await of.goto(`/patients/${patientId}/visits`);
  await of.getByRole('link', { name: link }).first().click();
  await of.getByRole('form').last().waitFor();
}

async function write(of: Page, notes: string): Promise<void> {
  await open(of, /^Edit visit/);
  await visit(of).getByLabel('Notes').fill(notes);
  await of.keyboard.press('Control+Enter');
  await saved(of).first().waitFor();
}

describe('Nurse Lindqvist measures', () => {
  it('while Dr Adeyemi writes at the same visit: she sees both versions, and nothing is lost', async () => {
    const { page } = nurse;
    await open(page, /^Record vitals/);
    await write(doctor.page, 'Sleeps well');
    await vitals(page).getByLabel('Pain score (/10)').fill('7');
    await page.keyboard.press('Control+Enter');
    const dialog = page.getByRole('dialog', { name: /^Both versions/ });
    await dialog.getByText(/^Dr Adeyemi saved this on/).waitFor();
    await dialog.getByRole('row', { name: /^Pain score 7 \/10/ }).waitFor();
    expect(await dialog.getByRole('row', { name: /Sleeps well/ }).count()).toBe(0); // not hers to decide
    await dialog.getByRole('button', { name: 'Keep my changes' }).click();
    await vitals(page).getByRole('button', { name: 'Save vitals' }).click();
    await page.getByText('The vitals were saved').waitFor();
    await page.getByText('Sleeps well').waitFor();
    await page.getByText('7 /10').first().waitFor();
  });

  it('and takes away what was measured at somebody else', async () => {
    const { page } = nurse;
    await open(page, /^Record vitals/);
    await vitals(page).getByLabel('Pain score (/10)').fill('');
    await vitals(page).getByRole('button', { name: 'Save vitals' }).click();
    await page.getByText('The vitals were saved').first().waitFor();
    await open(page, /^Record vitals/);
    expect(await vitals(page).getByLabel('Pain score (/10)').inputValue()).toBe('');
  });
});

describe('Nurse Lindqvist writes a decimal comma', () => {
  it.each([
    ['typed', '37,9', (field: Locator) => field.pressSequentially('37,9')],
    ['pasted or dictated', '38,4', (field: Locator) => field.fill('38,4')],
  ])('%s: %s', async (_, written, write) => {
    const { page } = nurse;
    await open(page, /^Record vitals/);
    const field = vitals(page).getByLabel('Temperature (°C)');
    await field.fill('');
    await write(field);
    expect(await field.inputValue()).toBe(written.replace(',', '.'));
    await vitals(page).getByRole('button', { name: 'Save vitals' }).click();
    await page
      .getByText(`${written.replace(',', '.')} °C`)
      .first()
      .waitFor();
  });
});

describe('Dr Adeyemi writes', () => {
  it('a time as it is written on paper, and saves without leaving the field', async () => {
    const { page } = doctor;
    await page.goto(`/patients/${patientId}/visits/new`);
    await visit(page).getByLabel('Reason').fill('Seen at night');
    const time = (of: string) => visit(page).getByRole('textbox', { name: `${of}: time` });
    await time('Ended').fill('1530');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('alert').getByText('Ended: Give a day and a time, such as 14:05').waitFor();
    expect(await time('Ended').inputValue()).toBe('15:30');
    await time('Ended').fill('');
    await time('Started').fill('030');
    await page.keyboard.press('Control+Enter');
    await saved(page).first().waitFor();
    await page.getByRole('heading', { name: / 00:30 · Outpatient/ }).waitFor();
  });

  it('on after the answer to saving was lost on the way: one visit, as written last', async () => {
    const { page, context } = await ward.signedIn('DOCTOR');
    await page.goto(`/patients/${patientId}/visits/new`);
    await visit(page).getByLabel('Reason').fill('Heard nothing');
    let lost = 0;
    await page.route('**/graphql', async (route) => {
      if (lost > 0 || !/createVisit|WriteVisit/.test(route.request().postData() ?? '')) return route.continue();
      lost += 1;
      await route.fetch(); // it arrives and is saved
      await route.abort();
    });
    await page.keyboard.press('Control+Enter');
    await page.getByRole('alert').getByText('The server cannot be reached').waitFor();
    await visit(page).getByLabel('Reason').fill('Heard nothing, wrote on');
    await page.keyboard.press('Control+Enter');
    await saved(page).waitFor();
    await page.getByText('Heard nothing, wrote on').waitFor();
    expect(await page.getByText('Heard nothing', { exact: true }).count()).toBe(0);
    expect(await page.getByText(/^Heard nothing/).count()).toBe(1);
    expect(lost).toBe(1);
    await context.close();
  });

  it('what a session that ended left unsaved does not go over what another wrote since', async () => {
    const { page, context } = await ward.signedIn('DOCTOR');
    await open(page, /^Edit visit/);
    await visit(page).getByLabel('Reason').fill('From before the break');
    const other = await context.newPage();
    await other.goto('/');
    await signOut(other);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await write(doctor.page, 'Written meanwhile');
    await signIn(page, ward.account('DOCTOR'));
    await visit(page).waitFor();
    expect(await visit(page).getByLabel('Reason').inputValue()).toBe('From before the break');
    await visit(page).getByRole('button', { name: 'Save visit' }).click();
    const dialog = page.getByRole('dialog', { name: /^Both versions/ });
    await dialog.getByRole('button', { name: 'Keep my changes' }).click();
    await visit(page).getByRole('button', { name: 'Save visit' }).click();
    await saved(page).waitFor();
    await page.getByText('From before the break').waitFor();
    await page.getByText('Written meanwhile').waitFor();
    await context.close();
  });

  it('that a visit was entered in error: its vitals are no longer the patient’s', async () => {
    const { page } = doctor;
    await page.goto(`/patients/${patientId}/visits/new`);
    await visit(page).getByLabel('Temperature (°C)').fill('41.7');
    await page.keyboard.press('Control+Enter');
    await saved(page).first().waitFor();
    const last = () => page.getByRole('region', { name: 'Last vitals' });
    await page.goto(`/patients/${patientId}`);
    await last().getByText('41.7 °C').waitFor();
    await open(page, /^Edit visit/);
    await visit(page).getByRole('combobox', { name: 'Status' }).click();
    await page.getByRole('option', { name: 'Entered in error' }).click();
    await page.keyboard.press('Control+Enter');
    await saved(page).first().waitFor();
    await page.goto(`/patients/${patientId}`);
    await last().waitFor();
    expect(await last().innerText()).not.toContain('41.7');
    await page.goto(`/patients/${patientId}/vitals`);
    await settle(page);
    expect(await page.locator('main').innerText()).not.toContain('41.7');
  });
});
