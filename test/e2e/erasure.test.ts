import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expectAccessible } from '../support/accessible';
import { runIn } from '../../server/crypto/access-scope';
import { systemContext } from '../../server/graphql/context';
import { Gender } from '../../server/patients';
import { focused, openWard, prove, settle, type Visitor, type Ward } from '../support/browser';

let ward: Ward;
let admin: Visitor;
let page: Page;
let patientId: string;
let name: string;
let mrn: string;

beforeAll(async () => {
  ward = await openWard();
  patientId = await ward.patient({ on: ['DOCTOR', 'NURSE'] });
  admin = await ward.signedIn('ADMIN');
  page = admin.page;
  await page.goto(`/patients/${patientId}`);
  const banner = await page.getByRole('region', { name: 'Patient', exact: true }).innerText();
  [, name = '', mrn = ''] = /^(.+?)\n[^]*MRN\s+(\S+)/.exec(banner) ?? [];
});
afterAll(() => ward?.close());

const dialog = () => page.getByRole('dialog', { name: `Erase patient: ${name}` });
const stepUp = () => page.getByRole('dialog', { name: 'Your password once more' });
const erase = () => dialog().getByRole('button', { name: 'Erase for ever' }).click();

async function openDialog(): Promise<void> {
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Erase patient' }).click();
  await dialog().waitFor();
}

async function givePassword(password: string): Promise<void> {
  await stepUp().getByRole('textbox', { name: 'Password' }).fill(password);
  await stepUp().getByRole('button', { name: 'Confirm' }).click();
}

describe('those who may not erase', () => {
  it.each(['DOCTOR', 'NURSE'] as const)('%s is not offered it', async (role) => {
    const visitor = await ward.signedIn(role);
    await visitor.page.goto(`/patients/${patientId}`);
    await settle(visitor.page);
    const more = visitor.page.getByRole('button', { name: 'More' });
    if (await more.count()) {
      await more.click();
      await visitor.page.getByRole('menuitem', { name: 'Delete patient' }).waitFor();
    }
    expect(await visitor.page.getByRole('menuitem', { name: 'Erase patient' }).count()).toBe(0);
    await visitor.context.close();
  });
});

describe('Admin Park erases a patient', () => {
  it('is told what goes and what stays, and must give a reason and the right MRN', async () => {
    await openDialog();
    await expectAccessible(page, 'dialog-erase');
    await dialog().getByRole('textbox', { name: 'MRN of the patient' }).fill(`${mrn}9`);
    await erase();
    await dialog().getByText('Give a reason of at least 3 characters').waitFor();
    await dialog().getByText('This is not the MRN of this patient').waitFor();
  });

  it('must give the password again, and without it nothing happens', async () => {
    await dialog().getByRole('textbox', { name: 'Reason' }).fill('Asked for in writing');
    await dialog().getByRole('textbox', { name: 'MRN of the patient' }).fill(mrn);
    await erase();
    await focused(stepUp().getByRole('textbox', { name: 'Password' }));
    await expectAccessible(page, 'dialog-step-up');
    await givePassword('not the password');
    await stepUp().getByText('This is not the current password').waitFor();
    await page.keyboard.press('Escape');
    await stepUp().waitFor({ state: 'detached' });
    // Only the upper dialog closed, and the lower one says why nothing was done.
    await focused(dialog().getByRole('alert').filter({ hasText: 'Without it nothing was done' }));
    const keys = await ward.runtime.dataSource.query<unknown[]>('SELECT FROM data_key WHERE owner = $1', [patientId]);
    expect(keys).toHaveLength(1);
  });

  it('goes on by itself once the password was right, and gets the certificate to keep', async () => {
    await erase();
    await givePassword(ward.account('ADMIN').password);
    await focused(page.getByRole('heading', { level: 1, name: 'Patient erased' }));
    await expectAccessible(page, 'patient-erased');
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download certificate' }).click();
    expect((await download).suggestedFilename()).toBe(`erasure-${patientId}.json`);
    const text = await readFile(await (await download).path(), 'utf8');
    expect(JSON.parse(text)).toMatchObject({
      certificate: { type: 'chartseal-erasure' },
      signature: expect.any(String),
    });
    expect(text).toContain(patientId);
    for (const part of [...name.split(' '), mrn]) expect(text.toUpperCase()).not.toContain(part.toUpperCase());
  });

  it('finds nothing of the patient any more, neither kept by the page nor at the server', async () => {
    expect(await page.getByText(name).count()).toBe(0);
    await page.getByRole('link', { name: 'To the patients' }).click();
    await settle(page);
    expect(await page.getByLabel('Search patients').inputValue()).toBe('');
    await page.goBack();
    await page.getByRole('alert').filter({ hasText: 'Not found' }).waitFor();
    expect(await page.getByText(name).count()).toBe(0);
    await page.goto('/patients');
    await page.getByLabel('Search patients').fill(mrn);
    await page.getByText('Nobody found').waitFor();
  });

  it('leaves the former accesses and the erasure in the log', async () => {
    await page.goto('/audit');
    await page.getByRole('button', { name: 'More filters' }).click();
    await page.getByLabel('Id of a patient').fill(patientId);
    await page.getByRole('button', { name: 'Show entries' }).click();
    const entries = page.getByRole('region', { name: 'Entries of the audit log' });
    await entries.getByRole('row', { name: /Erase/ }).first().waitFor();
    await entries
      .getByRole('row', { name: /Nurse Lindqvist.*Read/ })
      .first()
      .waitFor();
    expect(admin.faults).toEqual([]);
  });
});

describe('Admin Park merges a duplicate, and takes the records apart again', () => {
  let visitor: Visitor;
  let duplicate: { id: string; mrn: string };

  /** Another record of the same person, as somebody in a hurry registers it. */
  const registered = (phone: string | null, diagnosis: string | null) => {
    const name = { family: 'Doppelgren', given: ['Maja'] };
    const input = { name, birthDate: '1985-09-09', gender: Gender.FEMALE, phone, diagnosis };
    const context = systemContext('test');
    return runIn(context, async () => {
      const { id, mrn } = await ward.runtime.services.patients.create(context, input);
      return { id, mrn };
    });
  };

  it('finds it among records that look alike, chooses, and gives reason and password', async () => {
    const kept = await registered('+46 8 111 22 33', null);
    duplicate = await registered('+46 8 999 88 77', 'Asthma');
    visitor = await ward.signedIn('ADMIN');
    const { page } = visitor;
    await page.goto(`/patients/${kept.id}`);
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Merge duplicate' }).click();
    await page.getByText('Same name and birth date').waitFor();
    await settle(page);
    await expectAccessible(page, 'merge-find');
    await page.getByRole('link', { name: new RegExp(`Compare: .* ${duplicate.mrn}`) }).click();
    await page.getByRole('radiogroup', { name: 'Phone' }).waitFor();
    await settle(page);
    // what only the duplicate has is taken unless somebody says otherwise
    const diagnosis = page.getByRole('radiogroup', { name: 'Diagnosis' });
    expect(await diagnosis.getByRole('radio', { name: 'Asthma' }).isChecked()).toBe(true);
    await page.getByRole('radiogroup', { name: 'Phone' }).getByRole('radio', { name: '+46 8 999 88 77' }).check();
    await expectAccessible(page, 'merge-compare');
    await page.getByRole('button', { name: 'Merge records' }).click();
    await page.getByText('Give a reason of at least 3 characters').waitFor();
    const reason = page.getByRole('textbox', { name: 'Reason' });
    await reason.fill('Same passport');
    await page.keyboard.press('Escape');
    const leaving = page.getByRole('dialog', { name: 'Leave this form?' });
    await leaving.getByRole('button', { name: 'Stay here' }).click();
    expect(await reason.inputValue()).toBe('Same passport');
    await page.getByRole('button', { name: 'Merge records' }).click();
    await prove(page, ward.account('ADMIN'));
    const notice = page.getByRole('alert').filter({ hasText: 'Another record was merged into this one' });
    await notice.getByText(`MRN ${duplicate.mrn}`).waitFor();
    await page.getByText('Asthma').first().waitFor();
  });

  it('is told of it on the record, and undoes it', async () => {
    const { page } = visitor;
    await expectAccessible(page, 'merged');
    const notice = page.getByRole('alert').filter({ hasText: 'Another record was merged into this one' });
    await notice.getByRole('button', { name: 'Unmerge' }).click();
    const asked = page.getByRole('dialog', { name: `Unmerge: MRN ${duplicate.mrn}` });
    await asked.getByRole('textbox', { name: 'Reason' }).fill('Twins after all');
    await asked.getByRole('button', { name: 'Unmerge' }).click();
    await page.getByRole('link', { name: `Open the record with MRN ${duplicate.mrn}` }).click();
    await page.getByRole('region', { name: 'Patient', exact: true }).getByText(duplicate.mrn).waitFor();
    await page.getByText('Asthma').first().waitFor();
    expect(visitor.faults).toEqual([]);
  });
});
