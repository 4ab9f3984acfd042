import type { Page } from 'playwright-core';
import type { Role } from '../../server/graphql/context';
import { expectAccessible } from '../support/accessible';
import { openWard, settle, type Visitor, type Ward } from '../support/browser';

let ward: Ward;
let admin: Visitor;
let page: Page;

beforeAll(async () => {
  ward = await openWard();
  admin = await ward.signedIn('ADMIN');
  page = admin.page;
});
afterAll(() => ward?.close());

const state = () => page.getByRole('region', { name: 'State of the keys' });
const stepUp = () => page.getByRole('dialog', { name: 'Your password once more' });

async function start(action: string, confirm: string): Promise<void> {
  await page.getByRole('button', { name: action }).click();
  await page.getByRole('dialog', { name: action }).getByRole('button', { name: confirm }).click();
}

describe('those who may not manage keys', () => {
  it.each<Role>(['DOCTOR', 'NURSE', 'AUDITOR'])('%s has no such page', async (role) => {
    const visitor = await ward.signedIn(role);
    expect(await visitor.page.getByRole('link', { name: 'Keys' }).count()).toBe(0);
    await visitor.page.goto('/keys');
    await visitor.page.getByText('Your role does not include this page').waitFor();
    await settle(visitor.page);
    expect(await visitor.page.getByText(/Epoch|Sealed columns/).count()).toBe(0);
    expect(visitor.faults).toEqual([]);
    await visitor.context.close();
  });
});

describe('Admin Park', () => {
  it('sees custody, epochs, columns and the search index', async () => {
    await page.getByRole('link', { name: 'Keys' }).click();
    await page.getByRole('heading', { level: 1, name: 'Keys' }).waitFor();
    await page
      .getByRole('table', { name: 'Key epochs' })
      .getByRole('row', { name: /Epoch 1.*Current/ })
      .waitFor();
    await state().getByText('Not counted yet').waitFor();
    await page
      .getByRole('table', { name: 'Search index' })
      .getByRole('row', { name: /Active/ })
      .waitFor();
    await expectAccessible(page, 'admin-keys');
  });

  it('rotates the keys after giving the password again, and watches it happen', async () => {
    // Somebody writes into one record: the job has to wait for that data key, and is seen at work.
    const writer = ward.runtime.dataSource.createQueryRunner();
    await writer.startTransaction();
    try {
      await writer.query('SELECT id FROM data_key ORDER BY id DESC LIMIT 1 FOR UPDATE');
      await start('Rotate keys', 'Start rotation');
      await stepUp().getByRole('textbox', { name: 'Password' }).fill(ward.account('ADMIN').password);
      await page.keyboard.press('Enter');
      const work = page.getByRole('region', { name: 'Work under way' });
      await work.getByRole('progressbar', { name: 'Rotation of keys' }).waitFor();
      await expectAccessible(page, 'admin-keys-running');
      expect(await page.getByRole('button', { name: 'Re-seal records' }).isDisabled()).toBe(true);
    } finally {
      await writer.rollbackTransaction();
      await writer.release();
    }
    await page.getByText(/Rotation of keys: finished/).waitFor();
    const epochs = page.getByRole('table', { name: 'Key epochs' });
    await epochs.getByRole('row', { name: /Epoch 2.*Current/ }).waitFor();
  });

  it('re-seals the records within the five minutes without being asked again', async () => {
    await start('Re-seal records', 'Start re-sealing');
    await page.getByText(/Re-sealing of records: finished/).waitFor();
    expect(await stepUp().count()).toBe(0);
  });

  it('then sees every sealed column counted, each value with its key', async () => {
    await state()
      .getByText(/sealed values, each with its key/)
      .waitFor();
    const columns = page.getByRole('table', { name: 'Sealed columns' });
    await columns.getByRole('row', { name: /patient\.name/ }).waitFor();
    await expectAccessible(page, 'admin-keys-counted');
  });

  it('rotates the index key', async () => {
    await start('Rotate index key', 'Start rotation');
    const generations = page.getByRole('table', { name: 'Search index' });
    await generations.getByRole('row', { name: /Generation 2.*Active/ }).waitFor();
    // The old index stays for half a minute, for searches that began in it.
    await page.getByText(/Rotation of the index key: finished/).waitFor({ timeout: 50_000 });
  });

  it('is alarmed by values that have lost their key', async () => {
    const owner = await ward.patient({ on: ['NURSE'] });
    await ward.runtime.dataSource.query('DELETE FROM data_key WHERE owner = $1', [owner]);
    await start('Re-seal records', 'Start re-sealing');
    await state()
      .getByText(/sealed values have no key/)
      .waitFor();
    await expectAccessible(page, 'admin-keys-lost');
    expect(admin.faults).toEqual([]);
  });
});
