import type { Page } from 'playwright-core';
import { expectAccessible } from '../support/accessible';
import { focused, openWard, quickSearch, settle, type Visitor, type Ward } from '../support/browser';
import { asSuperuser } from '../support/superuser';

let ward: Ward;

beforeAll(async () => {
  ward = await openWard();
});
afterAll(() => ward?.close());

describe('dialogs', () => {
  it('are as accessible as pages', async () => {
    const { page, context, faults } = await ward.signedIn('ADMIN');
    await page.goto('/users');
    await page.getByRole('button', { name: 'Invite user' }).click();
    await expectAccessible(page, 'dialog-invite');
    await page.keyboard.press('Escape');
    await focused(page.getByRole('button', { name: 'Invite user' }));
    await page.goto('/audit');
    await page
      .getByRole('button', { name: /^Open entry/ })
      .first()
      .click();
    await expectAccessible(page, 'dialog-entry');
    await page.goto(`/patients/${await ward.patient({})}`);
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Delete patient' }).click();
    await page.getByRole('button', { name: 'Delete patient' }).click();
    await expectAccessible(page, 'dialog-delete');
    await page.keyboard.press('Escape');
    await focused(page.getByRole('button', { name: 'More' })); // the menu that opened it is gone
    await page.goto('/patients');
    await settle(page);
    await page.keyboard.press('Control+k');
    await quickSearch(page).fill('an');
    await page
      .getByRole('dialog')
      .getByText(/ · MRN /)
      .first()
      .waitFor();
    await expectAccessible(page, 'dialog-search');
    expect(faults).toEqual([]);
    await context.close();
  }, 120_000);

  it('of the log: a proof is checked in the browser, everything can be asked for, reports are shown and saved', async () => {
    const { page, context, faults } = await ward.signedIn('ADMIN');
    await page.goto('/audit');
    await page
      .getByRole('button', { name: /^Open entry/ })
      .last()
      .click();
    await page.getByRole('button', { name: 'Check now' }).click();
    await page.getByText(/^Proven: these bytes are in the log/).waitFor();
    await expectAccessible(page, 'dialog-proof', false);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'More filters' }).click();
    await page.getByLabel('Id of the target').fill('no id');
    await expectAccessible(page, 'dialog-filters');
    await page.goto(`/patients/${await ward.patient({})}/access`);
    await page.getByRole('button', { name: 'Report…' }).click();
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await page.getByRole('table', { name: 'Accesses' }).waitFor();
    await expectAccessible(page, 'dialog-report');
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save as PDF' }).click();
    expect((await saved).suggestedFilename()).toMatch(/^accesses-[-\d]+\.pdf$/);
    expect(faults).toEqual([]);
    await context.close();
  }, 120_000);

  it('keep the form below them for whoever answers no', async () => {
    const { page, context } = await ward.signedIn('DOCTOR');
    await page.goto(`/patients/${await ward.patient({ on: ['DOCTOR'] })}/visits/new`);
    await page.getByLabel('Temperature (°C)').fill('25');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('dialog', { name: /^Are these values right for / }).waitFor();
    await expectAccessible(page, 'dialog-vitals');
    await page.keyboard.press('Escape');
    expect(await page.getByLabel('Temperature (°C)').inputValue()).toBe('25');
    await context.close();
  });
});

describe('with the keyboard alone', () => {
  it('signs in, finds a patient, reads, registers, gives up', async () => {
    const { page, context } = await ward.visitor({ reducedMotion: 'reduce' });
    const heading = (name: string) => page.getByRole('heading', { level: 1, name });
    const { email, password } = ward.account('DOCTOR');
    await page.goto('/');
    await focused(page.getByLabel('E-mail'));
    await page.keyboard.type(email);
    await page.keyboard.press('Tab');
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
    await focused(heading('Dashboard'));

    await page.keyboard.press('Control+k');
    await focused(quickSearch(page));
    await page.keyboard.type('an');
    await page.keyboard.press('Enter'); // too early: nobody is found yet, and nothing else may open
    await page
      .getByRole('dialog')
      .getByText(/ · MRN /)
      .first()
      .waitFor();
    await page.keyboard.press('Enter');
    await focused(heading('Patient record'));

    const tabs = page.getByRole('navigation', { name: 'Parts of the record' });
    await tabTo(page, tabs.getByRole('link', { name: 'Vitals' }));
    await page.keyboard.press('Enter');
    await tabs.locator('[aria-current=page]', { hasText: 'Vitals' }).waitFor();
    await settle(page);

    await page.goto('/patients/new');
    await focused(heading('Register patient'));
    await tabTo(page, page.getByLabel('Family name'));
    await page.keyboard.type('Keys');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Only');
    await page.keyboard.press('Control+Enter');
    await focused(heading('Patient record'));
    await page.getByRole('region', { name: 'Patient', exact: true }).getByText('KEYS Only').waitFor();

    await tabTo(page, page.getByRole('link', { name: 'Edit patient' }));
    await page.keyboard.press('Enter');
    await focused(heading('Edit patient'));
    await tabTo(page, page.getByLabel('Family name'));
    await page.keyboard.press('Escape');
    await focused(heading('Patient record'));
    await context.close();
  });

  it('skips to the content, and meets nothing that moves when motion is not wanted', async () => {
    const { page, context } = await ward.signedIn('DOCTOR', { reducedMotion: 'reduce' });
    await page.goto('/patients');
    await settle(page);
    await page.evaluate<void>('document.activeElement.blur()');
    const skip = page.getByRole('link', { name: 'Skip to content' });
    await tabTo(page, skip);
    await page.keyboard.press('Enter');
    await focused(page.getByRole('main'));
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').waitFor();
    const moving = await page.evaluate<number>(
      'document.getAnimations().filter((one) => one.effect.getComputedTiming().duration > 1).length',
    );
    expect(moving).toBe(0);
    await context.close();
  });
});

/** Presses Tab until the element has the focus. */
async function tabTo(page: Page, element: ReturnType<Page['locator']>): Promise<void> {
  const here = element.and(page.locator(':focus'));
  for (let pressed = 0; pressed < 60; pressed += 1) {
    if ((await here.count()) > 0) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never reached ${String(element)}`);
}

describe('a broken log', () => {
  let admin: Visitor;
  let page: Page;
  beforeAll(async () => {
    const past = 'SET session_replication_role = replica'; // no trigger stops who owns the database
    await asSuperuser(ward.runtime, `${past}; UPDATE audit_entry SET entry = entry || ' '::bytea WHERE index = 13`);
    admin = await ward.signedIn('ADMIN');
    page = admin.page;
  });
  afterAll(() => admin.context.close());

  it('is told where it is broken and by what, on every screen', async () => {
    await page.goto('/audit');
    await page.getByRole('button', { name: 'Verify now' }).click();
    await page.getByText('Broken at entry 13', { exact: true }).waitFor();
    await expectAccessible(page, 'log-broken');
  });

  it('stands above every page until an administrator takes note of it, with the keyboard', async () => {
    const alarms = page.getByRole('region', { name: 'Alarms of the audit log' });
    const asked = page.waitForRequest((request) => request.postDataJSON()?.operationName === 'LogAlarms');
    for (const place of ['/patients', '/users']) {
      await page.goto(place);
      await alarms.getByText('The audit log is broken at entry 13').waitFor();
    }
    await page.getByRole('status').filter({ hasText: 'The audit log is broken at entry 13' }).waitFor(); // said, not only shown
    // Asked by the page and not by the person: it must not keep the session alive.
    expect((await asked).headers()['x-chartseal-background']).toBe('1');
    await expectAccessible(page, 'alarm');
    await alarms.getByRole('button', { name: 'Acknowledge…' }).press('Enter');
    await page.getByRole('dialog').getByLabel('What is done about it').fill('Restored from the copy of the auditor');
    await expectAccessible(page, 'dialog-alarm');
    await page.getByRole('button', { name: 'Acknowledge', exact: true }).press('Enter');
    await alarms.waitFor({ state: 'detached' });
    await focused(page.locator('#content'));
    await page.goto('/audit');
    await page.getByText(/^Acknowledged by .*: Restored from the copy of the auditor$/).waitFor();
    expect(admin.faults).toEqual([]);
  });
});
