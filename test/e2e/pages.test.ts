import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import type { Role } from '../../server/graphql/context';
import { desktop, openWard, phone, picture, quickSearch, settle, still, type Ward } from '../support/browser';

/** What the pages promise: WCAG 2.2 at level AA. */
const STANDARD = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

let ward: Ward;

beforeAll(async () => {
  ward = await openWard();
});
afterAll(() => ward?.close());

/** Each look is pictured; colours and layout are both checked twice, once in each of their two forms. */
const looks = [
  { look: 'desktop', colorScheme: 'light', viewport: desktop, checked: true },
  { look: 'phone', colorScheme: 'dark', viewport: phone, checked: true },
  { look: 'dark', colorScheme: 'dark', viewport: desktop, checked: false },
] as const;

/** Whose pages are looked through: the others see parts of the same ones, which are pictured and measured. */
const thorough: Role[] = ['DOCTOR', 'ADMIN'];

/** No serious finding in light or dark, on a desktop or a phone, and nothing to be scrolled sideways. */
async function expectAccessible(page: Page, name: string, findings = true): Promise<void> {
  const found: string[] = [];
  await settle(page);
  for (const { look, colorScheme, viewport, checked } of looks) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(viewport);
    await still(page);
    await picture(page, `${name}-${look}`);
    const wide = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
    if (wide > 0) found.push(`${look}: ${wide} px too wide`);
    if (!checked || !findings) continue;
    // Without frames there is nothing for the other mode to find; it takes twice the time.
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().withTags(STANDARD).analyze();
    for (const { id, impact, nodes } of violations) {
      if (impact !== 'serious' && impact !== 'critical') continue;
      found.push(`${look}: ${id} (${impact}) at ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`);
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(desktop);
  expect(found).toEqual([]);
}

const everyTab = ['', 'visits', 'vitals', 'treatments', 'details', 'access'];

describe('every page, for those who see most of it', () => {
  const pages: [Role, string[], string[]][] = [
    ['DOCTOR', ['/', '/patients', '/patients/new', '/treatments', '/audit'], [...everyTab, 'edit', 'visits/new']],
    ['ADMIN', ['/', '/patients', '/audit', '/users', '/profile', '/nowhere'], ['', 'details', 'stored', 'edit']],
    ['CLINICIAN', ['/'], ['visits']],
    ['NURSE', ['/', '/users'], ['']],
    ['AUDITOR', ['/', '/audit'], []],
    ['INTEGRATION', ['/', '/profile'], []],
  ];

  it.each(pages)(
    '%s',
    async (role, places, tabs) => {
      const treating = ['DOCTOR', 'CLINICIAN', 'NURSE'].filter((one) => one === role) as Role[];
      const patient = await ward.patient({ on: treating });
      const { page, context, faults } = await ward.signedIn(role);
      for (const place of [...places, ...tabs.map((tab) => `/patients/${patient}/${tab}`)]) {
        await page.goto(place);
        const name = place.replace(patient, 'record').replaceAll('/', ' ').trim().replaceAll(' ', '-');
        await expectAccessible(page, `${role.toLowerCase()}-${name || 'dashboard'}`, thorough.includes(role));
      }
      expect(faults).toEqual([]);
      await context.close();
    },
    240_000,
  );

  it('a stranger, at the sign-in and at a link that is not complete', async () => {
    const { page, context, faults } = await ward.visitor();
    await page.goto('/');
    await expectAccessible(page, 'sign-in');
    await page.goto('/invite');
    await expectAccessible(page, 'invite-incomplete');
    await page.goto('/invite#made-up');
    await expectAccessible(page, 'invite');
    expect(faults).toEqual([]);
    await context.close();
  });
});

describe('dialogs', () => {
  it('are as accessible as pages', async () => {
    const { page, context, faults } = await ward.signedIn('ADMIN');
    await page.goto('/users');
    await page.getByRole('button', { name: 'Invite user' }).click();
    await expectAccessible(page, 'dialog-invite');
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
    await page.goto('/patients');
    await settle(page);
    await page.keyboard.press('Control+k');
    await quickSearch(page).fill('an');
    await expectAccessible(page, 'dialog-search');
    expect(faults).toEqual([]);
    await context.close();
  });

  it('keep the form below them for whoever answers no', async () => {
    const { page, context } = await ward.signedIn('DOCTOR');
    await page.goto(`/patients/${await ward.patient({ on: ['DOCTOR'] })}/visits/new`);
    await page.getByLabel('Temperature (°C)').fill('25');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('dialog', { name: /^Are these values right/ }).waitFor();
    await expectAccessible(page, 'dialog-vitals');
    await page.keyboard.press('Escape');
    expect(await page.getByLabel('Temperature (°C)').inputValue()).toBe('25');
    await context.close();
  });
});
