import type { Page } from 'playwright-core';
import { backlogBelow } from '../../server/audit';
import { expectAccessible } from '../support/accessible';
import { openWard, prove, settle, type Visitor, type Ward } from '../support/browser';

let ward: Ward;
let nurse: Visitor;
let page: Page;
let patient: string;

beforeAll(async () => {
  ward = await openWard();
  nurse = await ward.signedIn('NURSE');
  page = nurse.page;
  patient = await ward.patient({ on: ['DOCTOR'], off: ['NURSE'] });
});
afterAll(() => ward?.close());

const heading = (name: string) => page.getByRole('heading', { level: 1, name });
const strip = () => page.getByRole('group', { name: 'Emergency access' });
const form = () => page.getByRole('form', { name: 'Emergency access' });

/** Fills in the form that stands in the way, and proves the password when it is asked for. */
async function breakTheGlass(): Promise<void> {
  await form().getByRole('combobox', { name: 'Reason' }).click();
  await page.getByRole('option', { name: 'Emergency' }).click();
  await form().getByLabel('What happened').fill('Found unconscious on the stairs, nobody of the team is in');
  await form().getByText('15', { exact: true }).click();
  await form().getByRole('button', { name: 'Open the record' }).click();
}

test('a record in the care of others says who can help and shows nothing else', async () => {
  await page.goto(`/patients/${patient}`);
  await page.getByText('These colleagues can put you on the care team').waitFor();
  expect(await page.getByRole('listitem').filter({ hasText: 'Doctor' }).count()).toBeGreaterThan(0);
  expect(await page.getByText(/MRN \d|Born|Diagnosis/).count()).toBe(0);
  await expectAccessible(page, 'restricted-record');
});

test('the glass stands in the way, wants a reason and the password, and opens the record under an amber strip', async () => {
  await page.getByRole('button', { name: /^Emergency access/ }).click();
  await heading('Emergency access').waitFor();
  await form().getByRole('button', { name: 'Open the record' }).click();
  await page.getByText('Say in at least 10 characters what happened').waitFor();
  await expectAccessible(page, 'break-glass');
  await breakTheGlass();
  await prove(page, ward.account('NURSE'));
  await heading('Patient record').waitFor();
  await strip()
    .getByText(/^1[45]:\d\d left$/)
    .waitFor();
  await expectAccessible(page, 'break-glass-strip');
});

test('End now takes the record from the screen', async () => {
  await strip().getByRole('button', { name: 'End now' }).click();
  await page.getByText('These colleagues can put you on the care team').waitFor();
  expect(await page.getByRole('region', { name: 'Patient' }).count()).toBe(0);
});

test('who cannot find a patient has the record number; a wrong one is nobody’s', async () => {
  await page.goto('/emergency');
  await form().getByLabel('Record number (MRN)').fill('H000000');
  await breakTheGlass();
  await page.getByText('There is no patient with this record number.').waitFor();
  await expectAccessible(page, 'break-glass-mrn');
  expect(nurse.faults.filter((fault) => !/400|Bad Request/.test(fault))).toEqual([]);
});

test('the auditor is told, looks at what was accessed, and questions not without a word', async () => {
  const auditor = await ward.signedIn('AUDITOR');
  const { page: desk } = auditor;
  await desk.getByText('1 emergency access waits for review').first().waitFor();
  await expectAccessible(desk, 'auditor-dashboard');
  await desk.getByRole('link', { name: /^Break-glass/ }).click();
  await desk.getByText('Found unconscious on the stairs').waitFor();
  await settle(desk);
  await expectAccessible(desk, 'break-glass-review');
  await desk.getByRole('button', { name: /in the log$/ }).click();
  await desk.getByRole('dialog', { name: 'Accesses in the log' }).getByRole('row', { name: /Read/ }).first().waitFor();
  await desk.keyboard.press('Escape');
  await desk.getByRole('button', { name: /^Question/ }).click();
  const dialog = desk.getByRole('dialog', { name: 'Question this access' });
  await dialog.getByRole('button', { name: 'Question' }).click();
  await dialog.getByText('Say what is questioned').waitFor();
  await dialog.getByLabel('Note').fill('The team was on the ward');
  await dialog.getByRole('button', { name: 'Question' }).click();
  await desk.getByText('Nothing here').waitFor();
  await desk.getByText('Reviewed', { exact: true }).click();
  await desk.getByText('The team was on the ward').waitFor();
  await expectAccessible(desk, 'break-glass-reviewed');
  expect(auditor.faults).toEqual([]);
});

test('the privacy queue asks about it as well: the auditor looks at the entries and says what it was', async () => {
  const { services, dataSource } = ward.runtime;
  await backlogBelow(dataSource, 1);
  await services.snooping.watch.round();
  const auditor = await ward.signedIn('AUDITOR');
  const { page: desk } = auditor;
  await desk.getByRole('link', { name: /^Privacy/ }).click();
  await desk.getByRole('combobox', { name: 'Rule' }).click();
  await desk.getByRole('option', { name: 'Not on the care team' }).click();
  const finding = desk.getByRole('listitem').filter({ hasText: 'Nurse Lindqvist' });
  await finding.first().waitFor();
  await settle(desk);
  await expectAccessible(desk, 'privacy-review');
  await finding
    .first()
    .getByRole('button', { name: /in the log$/ })
    .click();
  await desk.getByRole('dialog', { name: 'Entries in the log' }).getByRole('row').nth(1).waitFor();
  await desk.keyboard.press('Escape');
  await finding
    .first()
    .getByRole('button', { name: /^Review/ })
    .click();
  const dialog = desk.getByRole('dialog', { name: 'Review this finding' });
  await dialog.getByRole('button', { name: 'Save verdict' }).click();
  await dialog.getByText('Choose a verdict').waitFor();
  await dialog.getByRole('radio', { name: 'Misuse' }).check();
  await dialog.getByText('Say what was misused').waitFor();
  await expectAccessible(desk, 'privacy-verdict');
  await dialog.getByLabel('Note').fill('Nobody was on the stairs');
  await dialog.getByRole('button', { name: 'Save verdict' }).click();
  await dialog.waitFor({ state: 'detached' });
  await desk.getByText('Misuse', { exact: true }).click();
  await desk.getByText('Nobody was on the stairs').waitFor();
  expect(auditor.faults).toEqual([]);
});
