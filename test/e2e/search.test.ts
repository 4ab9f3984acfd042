import type { Page } from 'playwright-core';
import { expectAccessible } from '../support/accessible';
import { openWard, quickSearch, settle, type Visitor, type Ward } from '../support/browser';

/** Names nobody of the demo hospital has; the two sound the same. */
const written = 'Zimberlund';
const misheard = 'Zymberlont';

interface Person {
  family: string;
  given: string;
  born?: string;
  phone?: string;
  identifier?: string;
}

let ward: Ward;
let doctor: Visitor;
let page: Page;

beforeAll(async () => {
  ward = await openWard();
  doctor = await ward.signedIn('DOCTOR');
  page = doctor.page;
});
afterAll(() => ward?.close());

const heading = (name: string) => page.getByRole('heading', { level: 1, name });
const table = () => page.getByRole('table', { name: 'Patients' });
const row = (name: RegExp) => table().getByRole('row', { name });
const warning = () => page.getByRole('dialog', { name: 'Is it one of these?' });

async function fillIn({ family, given, born, phone, identifier }: Person): Promise<void> {
  await page.goto('/patients/new');
  const form = page.getByRole('form', { name: 'Register patient' });
  await form.getByLabel('Family name').fill(family);
  await form.getByLabel('Given names').fill(given);
  if (born) await form.getByLabel('Birth date').fill(born);
  if (phone) await form.getByLabel('Phone', { exact: true }).fill(phone);
  if (identifier) {
    await form.getByRole('button', { name: 'Add identifier' }).click();
    await form.getByLabel('Issued by').fill('urn:example:passport');
    await form.getByLabel('Number').fill(identifier);
  }
  await form.getByRole('button', { name: 'Register' }).click();
}

async function register(person: Person): Promise<void> {
  await fillIn(person);
  await heading('Patient record').waitFor();
}

/** Types into the patients' page, and waits for what comes of it. */
async function look(words: string): Promise<void> {
  await page.getByLabel('Search patients').fill(words);
  await page.waitForResponse((answer) => answer.request().postData()?.includes(JSON.stringify(words)) ?? false);
  await settle(page);
}

describe('registering', () => {
  it('goes through for somebody nobody resembles', async () => {
    await register({ family: written, given: 'Ottilie', born: '4-Mar-1961', phone: '+44 161 496 0999' });
    await register({ family: misheard, given: 'Bruno', born: '17-Aug-1990', identifier: 'X-4711' });
  });

  it.each<[string, Person, RegExp]>([
    ['Same name and birth date', { family: 'ZIMBERLUND', given: 'ottilie', born: '4-Mar-1961' }, /ZIMBERLUND Ottilie/],
    ['Same phone', { family: 'Anders', given: 'Fay', phone: '0161 4960999' }, /ZIMBERLUND Ottilie/],
    ['Same identifier', { family: 'Anders', given: 'Fay', identifier: 'X-4711' }, /ZYMBERLONT Bruno/],
  ])('is held up, and says why: %s', async (reason, person, whom) => {
    await fillIn(person);
    await warning().getByText(whom).waitFor();
    expect(await warning().getByText(reason, { exact: true }).count()).toBe(1);
    await warning().getByRole('button', { name: 'Back to the form' }).click();
    await warning().waitFor({ state: 'detached' });
  });

  it('shows the warning so that everybody can read it, and goes on when it is somebody else', async () => {
    await fillIn({ family: written, given: 'Ottilie', born: '4-Mar-1961' });
    await warning().waitFor();
    await expectAccessible(page, 'dialog-duplicate');
    await warning().getByRole('button', { name: 'None of these: register' }).click();
    await heading('Patient record').waitFor();
  });
});

describe('looking for a patient', () => {
  beforeAll(async () => {
    await page.goto('/patients');
    await settle(page);
  });

  it('finds a misheard name, below those that are written so', async () => {
    await look('zymberlont');
    const rows = await table().getByRole('row').allInnerTexts();
    const place = (what: RegExp) => rows.findIndex((text) => what.test(text));
    expect(place(/ZYMBERLONT Bruno/)).toBeGreaterThan(0);
    expect(place(/^Sound alike/)).toBeGreaterThan(place(/ZYMBERLONT Bruno/));
    expect(place(/ZIMBERLUND Ottilie[^]*Sounds like/)).toBeGreaterThan(place(/^Sound alike/));
    await expectAccessible(page, 'search-hits');
  });

  it('warns of people of the same name by their birth dates', async () => {
    await look('ottilie zimb');
    const twins = row(/ZIMBERLUND Ottilie/);
    expect(await twins.count()).toBe(2);
    expect(await twins.getByText('Same name').count()).toBe(2);
    expect(await table().getByText('Sound alike').count()).toBe(0);
  });

  it.each([
    ['names in any order', `ottilie ${written}`],
    ['a phone, written otherwise', '0161-496-0999'],
    ['a birth date, written otherwise', '04.03.1961'],
    ['a name and a year', 'zimberlund 1961'],
  ])('finds by %s', async (_, words) => {
    await look(words);
    await row(/ZIMBERLUND Ottilie/)
      .first()
      .waitFor();
  });

  it('finds by an identifier', async () => {
    await look('X-4711');
    await row(/ZYMBERLONT Bruno/).waitFor();
  });

  it('says what to do when nobody is found', async () => {
    await page.getByText('My care teams only').click();
    await look('nobody is called thus');
    await page.getByText('Nobody found').waitFor();
    expect(await page.getByText('Patients in the care of others are not listed.').count()).toBe(1);
    await expectAccessible(page, 'search-nobody');
    await page.getByRole('button', { name: 'Search without filters' }).click();
    await page.getByRole('button', { name: 'Search without filters' }).waitFor({ state: 'detached' });
    expect(await page.getByLabel('Search patients').inputValue()).toBe('nobody is called thus');
    await page.getByRole('button', { name: 'Clear search and filters' }).click();
    await table().waitFor();
  });

  it('tells a sounding hit apart in the quick search as well', async () => {
    await page.getByLabel('Search patients').focus(); // from a field as well as from anywhere else
    await page.keyboard.press('Control+k');
    await quickSearch(page).fill(misheard);
    await page
      .getByRole('dialog')
      .getByText(/Sounds like$/)
      .first()
      .waitFor();
    await page.keyboard.press('Escape');
  });

  it('leaves no word of it in the address or the storage', async () => {
    const kept = await page.evaluate<string>(
      'JSON.stringify([location.href, { ...localStorage }, { ...sessionStorage }])',
    );
    expect(kept).not.toMatch(/z[iy]mb/i);
    expect(doctor.faults).toEqual([]);
  });
});

describe('a confidential patient', () => {
  const mark = /Confidential/;
  const listed = (of: Page) => of.getByRole('listitem').filter({ hasText: /ZYMBERLONT Bruno/ });

  beforeAll(async () => {
    await look(misheard);
    await page.getByRole('link', { name: /ZYMBERLONT Bruno/ }).click();
    await heading('Patient record').waitFor();
    const admin = await ward.signedIn('ADMIN');
    await admin.page.goto(page.url());
    await admin.page.getByRole('button', { name: 'More' }).click();
    await admin.page.getByRole('menuitem', { name: 'Mark as confidential' }).click();
    await admin.page.getByRole('dialog').getByLabel('Reason').fill('Works at this hospital');
    await admin.page.getByRole('dialog').getByRole('button', { name: 'Mark as confidential' }).click();
    await admin.page.getByText('The patient is confidential now').waitFor();
    await admin.context.close();
  });

  it('is marked as such in the lists of whoever may see the patient, and nobody else is', async () => {
    await page.goto('/patients');
    await settle(page);
    await look(misheard);
    await row(/ZYMBERLONT Bruno/)
      .getByText(mark)
      .waitFor();
    expect(await table().getByText(mark).count()).toBe(1); // those who sound alike stand there too
    await expectAccessible(page, 'search-confidential');

    await page.keyboard.press('Control+k');
    await quickSearch(page).fill(misheard);
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^ZYMBERLONT Bruno.*Confidential$/ })
      .waitFor();
    expect(await page.getByRole('dialog').getByText(mark).count()).toBe(1);
    await page.keyboard.press('Escape');

    for (const [place, title] of [
      ['/', 'Dashboard'],
      ['/treatments', 'Treatment updates'],
    ] as const) {
      await page.goto(place);
      await heading(title).waitFor();
      await listed(page).getByText(mark).waitFor();
      expect(await page.locator('main').getByText(mark).count()).toBe(1);
    }
  });

  it('is in no list of a colleague’s outside the care team', async () => {
    const colleague = await ward.signedIn('CLINICIAN');
    await colleague.page.goto('/patients');
    await settle(colleague.page);
    await colleague.page.getByLabel('Search patients').fill(misheard);
    await colleague.page.getByText('Nobody found').waitFor();
    expect(
      await colleague.page
        .locator('main')
        .getByText(/bruno|confidential/i)
        .count(),
    ).toBe(0);
    await colleague.context.close();
  });
});
