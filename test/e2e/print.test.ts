import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { openWard, picture, type Visitor, type Ward } from '../support/browser';

let ward: Ward;
let doctor: Visitor;
let patientId: string;

/** What came out of the printer, and how many entries the log had of it at that moment. */
let papers: { pdf: Buffer; noted: number }[];

beforeAll(async () => {
  ward = await openWard();
  patientId = await ward.patient({ on: ['DOCTOR'] });
});
afterAll(() => ward?.close());

beforeEach(async () => {
  papers = [];
  doctor = await ward.signedIn('DOCTOR');
  await loadPrinter(doctor.page);
  await doctor.page.goto(`/patients/${patientId}`);
  await doctor.page.getByRole('button', { name: 'Print' }).waitFor();
});
afterEach(async () => {
  expect(doctor.faults).toEqual([]);
  await doctor.context.close();
});

/** A4 within its margins, in CSS pixels. */
const SHEET = { width: 688, height: 986 };

/** The dialog is the browser's own; whatever it would print is printed at the very moment it is asked for. */
async function loadPrinter(page: Page): Promise<void> {
  await page.exposeFunction('toPaper', async () => {
    papers.push({ noted: await printings(), pdf: await page.pdf({ preferCSSPageSize: true, format: 'A4' }) });
  });
  await page.addInitScript(
    `window.print = () => void window.toPaper().then(() => window.dispatchEvent(new Event('afterprint')))`,
  );
}

async function printings(): Promise<number> {
  const [row] = await ward.runtime.dataSource.query<{ n: string }[]>(
    `SELECT (SELECT count(*) FROM audit_pending WHERE action = 'print' AND target_id = $1)
          + (SELECT count(*) FROM audit_entry WHERE action = 'print' AND target_id = $1) AS n`,
    [patientId],
  );
  return Number(row!.n);
}

const notice = (page: Page) => page.getByText('To print a record, use the Print button');

test('Dr Adeyemi prints a record: the log knows before the printer, and each sheet says whose it is and who printed it', async () => {
  const { page } = doctor;
  const before = await printings();
  await page.getByRole('button', { name: 'Print' }).click();
  for (let tries = 0; papers.length === 0 && tries < 200; tries += 1) await page.waitForTimeout(50);
  expect(papers).toEqual([{ noted: before + 1, pdf: expect.any(Buffer) }]);
  const artefacts = join(__dirname, '../artefacts');
  mkdirSync(artefacts, { recursive: true });
  writeFileSync(join(artefacts, 'printed-record.pdf'), papers[0]!.pdf);
  // Afterwards the page is as it was: the next Ctrl+P prints no record.
  await page.waitForFunction(`!document.documentElement.hasAttribute('data-print-ready')`);
  expect(await page.evaluate('document.adoptedStyleSheets.length')).toBe(0);
});

test('a table that is scrolled on the screen is whole on paper', async () => {
  const { page } = doctor;
  await page.addInitScript('window.print = () => undefined'); // the dialog stays open
  await page.goto(`/patients/${patientId}/vitals`);
  await page.getByRole('button', { name: 'Print' }).click();
  await page.locator('html[data-print-ready]').waitFor();
  await page.emulateMedia({ media: 'print' });
  await page.setViewportSize(SHEET);
  const table = page.getByRole('region', { name: 'All values' }).getByRole('table');
  const hidden = await page.evaluate<string[]>(`(() => {
    const around = [];
    for (let one = document.querySelector('table').parentElement; one; one = one.parentElement) around.push(one);
    return around.filter((one) => getComputedStyle(one).overflow !== 'visible').map((one) => one.className);
  })()`);
  expect(hidden).toEqual([]);
  await picture(page, 'printed-table');
  const { x, width } = (await table.boundingBox())!;
  expect(x + width).toBeLessThanOrEqual(SHEET.width);
});

test('Ctrl+P past the button prints a notice and nothing of the patient', async () => {
  const { page } = doctor;
  expect(await notice(page).isVisible()).toBe(false);
  await page.emulateMedia({ media: 'print' });
  expect(await notice(page).isVisible()).toBe(true);
  expect(await page.getByRole('region', { name: 'Patient' }).isVisible()).toBe(false);
  expect(await page.locator('#content').innerText()).not.toMatch(/MRN/);
});

test('without an entry there is no paper', async () => {
  const { page, faults } = doctor;
  await page.route('**/graphql', (route) =>
    route.request().postData()?.includes('NotePrinting') ? route.abort() : route.continue(),
  );
  await page.getByRole('button', { name: 'Print' }).click();
  await page.getByRole('alert').waitFor();
  expect(papers).toEqual([]);
  faults.splice(0); // the request that was cut is told on the console
});
