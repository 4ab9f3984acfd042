import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { desktop, phone, picture, settle, still } from './browser';

/** What the pages promise: WCAG 2.2 at level AA. */
const STANDARD = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Each look may be pictured; colours and layout are both checked twice, once in each of their two forms. */
const looks = [
  { look: 'desktop', colorScheme: 'light', viewport: desktop, checked: true },
  { look: 'phone', colorScheme: 'dark', viewport: phone, checked: true },
  { look: 'dark', colorScheme: 'dark', viewport: desktop, checked: false },
] as const;

/** No serious finding in light or dark, on a desktop or a phone, and nothing to be scrolled sideways. */
export async function expectAccessible(page: Page, name: string, findings = true): Promise<void> {
  const found: string[] = [];
  await settle(page);
  for (const { look, colorScheme, viewport, checked } of looks) {
    if (!checked && !process.env.PICTURES) continue;
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(viewport);
    await still(page);
    await picture(page, `${name}-${look}`);
    const wide = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
    if (wide > 0) found.push(`${look}: ${wide} px too wide`);
    if (!checked || !findings) continue;
    // Every violation is told; describing all that is well, too, takes as long again. So does the mode for frames, of
    // which there are none.
    const axe = new AxeBuilder({ page })
      .options({ resultTypes: ['violations'] })
      .setLegacyMode()
      .withTags(STANDARD);
    const { violations } = await axe.analyze();
    for (const { id, impact, nodes } of violations) {
      if (impact !== 'serious' && impact !== 'critical') continue;
      found.push(`${look}: ${id} (${impact}) at ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`);
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(desktop);
  expect(found).toEqual([]);
}
