import type { Page } from 'playwright-core';
import type { Role } from '../../server/graphql/context';
import { openWard, picture, prove, settle, signIn, type Visitor, type Ward } from '../support/browser';
import { asSuperuser } from '../support/superuser';

let ward: Ward;

beforeAll(async () => {
  // This service is never asked: that there is one shows what an administrator may do.
  ward = await openWard({
    OIDC_ISSUER: 'https://sign-in.example',
    OIDC_CLIENT_ID: 'chartseal',
    OIDC_CLIENT_SECRET: 'a secret of the test, long enough',
    OIDC_NAME: 'St Erik',
  });
});
afterAll(() => ward?.close());

const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name });
const entries = (page: Page) => page.getByRole('region', { name: 'Entries of the audit log' });

/** Opens an address and expects the page that says who can open it. */
async function expectNoAccess(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await heading(page, 'No access').waitFor();
  await page.getByText('An administrator can change your role.').waitFor();
}

describe('what each role finds in the navigation', () => {
  const places: [Role, string[]][] = [
    [
      'ADMIN',
      ['Dashboard', 'Patients', 'Audit log', 'Break-glass', 'Privacy', 'Users', 'API clients', 'Keys', 'GraphiQL'],
    ],
    ['DOCTOR', ['Dashboard', 'Patients', 'Treatment updates', 'Audit log']],
    ['CLINICIAN', ['Dashboard', 'Patients', 'Treatment updates', 'Audit log']],
    ['NURSE', ['Dashboard', 'Patients', 'Treatment updates', 'Audit log']],
    ['AUDITOR', ['Dashboard', 'Audit log', 'Break-glass', 'Privacy']],
    ['INTEGRATION', ['Dashboard']],
  ];

  it.each(places)('%s: %s', async (role, expected) => {
    const { page, context, faults } = await ward.signedIn(role);
    await settle(page);
    const links = page.getByRole('navigation', { name: 'Main navigation' }).getByRole('link');
    const names = (await links.allInnerTexts()).map((text) => text.split('\n')[0]); // what waits there may be counted below
    expect(names).toEqual(expected);
    expect(faults).toEqual([]);
    await context.close();
  });

  it('another hospital’s system signs in and finds nothing on the screen for it', async () => {
    const { page, context } = await ward.signedIn('INTEGRATION');
    await page.getByText('There is nothing on the dashboard for your role.').waitFor();
    await expectNoAccess(page, '/patients');
    await expectNoAccess(page, '/audit');
    await context.close();
  });
});

describe('Nurse Lindqvist', () => {
  let nurse: Visitor;
  let page: Page;
  beforeAll(async () => {
    nurse = await ward.signedIn('NURSE');
    page = nurse.page;
  });

  it('has no business with accounts, registration or editing', async () => {
    const own = await ward.patient({ on: ['NURSE'] });
    await expectNoAccess(page, '/users');
    await expectNoAccess(page, '/patients/new');
    await expectNoAccess(page, `/patients/${own}/edit`);
    await expectNoAccess(page, `/patients/${own}/visits/new`);
    await expectNoAccess(page, `/patients/${own}/stored`);
  });

  it('reads her own patients, and is offered only what she may do', async () => {
    await page.goto(`/patients/${await ward.patient({ on: ['NURSE'] })}`);
    await heading(page, 'Patient record').waitFor();
    await settle(page);
    for (const label of ['New visit', 'Edit patient']) {
      expect(await page.getByRole('link', { name: label }).count()).toBe(0);
    }
    expect(await page.getByRole('button', { name: 'More' }).count()).toBe(0);
    expect(await page.getByRole('link', { name: 'As stored' }).count()).toBe(0);
  });

  it('does not see a patient of others, and is told who can help', async () => {
    const other = await ward.patient({ on: ['DOCTOR'], off: ['NURSE'] });
    await page.goto(`/patients/${other}`);
    await page.getByText('This patient is in the care of others').waitFor();
    await page.getByText('These colleagues can put you on the care team').waitFor();
    await settle(page);
    expect(await page.getByRole('region', { name: 'Patient' }).count()).toBe(0);
    expect(await page.getByText(/MRN \d|Born|Diagnosis/).count()).toBe(0);
    await picture(page, 'nurse-refused');
  });

  it('leaves a refusal in the log', async () => {
    await page.goto('/audit');
    await entries(page)
      .getByRole('row', { name: /Refused/ })
      .first()
      .waitFor();
  });

  it('measures vitals at an open visit, and nothing else of it', async () => {
    await page.goto(`/patients/${await ward.patient({ on: ['NURSE'], open: true })}/visits`);
    await page
      .getByRole('link', { name: /^Record vitals/ })
      .first()
      .click();
    const form = page.getByRole('form', { name: 'Record vitals' });
    await form.getByLabel('Heart rate (/min)').fill('71');
    expect(await form.getByRole('textbox', { name: /Notes|Reason|Diagnosis/ }).count()).toBe(0);
    await form.getByRole('button', { name: 'Save vitals' }).click();
    await page.getByText('The vitals were saved').waitFor();
  });

  it('met no fault on the way', () => expect(nurse.faults).toEqual([]));
});

describe('Auditor Brandt', () => {
  it('sees the whole log and whether it verifies, and no patient', async () => {
    const { page, faults } = await ward.signedIn('AUDITOR');
    await page.getByRole('region', { name: 'State of the audit log' }).waitFor();
    await expectNoAccess(page, '/patients');
    await expectNoAccess(page, `/patients/${await ward.patient({})}`);
    await page.goto('/audit');
    await entries(page).getByRole('row').nth(5).waitFor();
    await entries(page)
      .getByRole('row', { name: /patient/ })
      .first()
      .getByRole('button')
      .click();
    const drawer = page.getByRole('dialog', { name: /^Entry/ });
    await drawer.getByText('1 patient').first().waitFor();
    expect(await drawer.getByRole('link').count()).toBe(0);
    expect(faults).toEqual([]);
  });

  it('sees how far others have signed the log, and that nobody has', async () => {
    const { page, faults } = await ward.signedIn('AUDITOR');
    const signed = async () => {
      await page.goto('/audit');
      const card = page.getByRole('region', { name: 'State of the audit log' });
      await card.getByRole('button', { name: 'Show signatures and root' }).click();
      return (label: string) => card.locator('dt', { hasText: label }).locator('+ dd').innerText();
    };
    let by = await signed();
    expect(await by('Signed by this hospital')).toMatch(/\d:\d\d/);
    expect([await by('Signed by witnesses'), await by('Time-stamped')]).toEqual(['By nobody yet', 'By nobody yet']);
    await picture(page, 'log-signatures');
    // as it is kept when a witness has answered
    await asSuperuser(ward.runtime, 'UPDATE audit_newest_checkpoint SET cosigned_note = note, cosigned_size = 3, cosigned_at = now()'); // prettier-ignore
    by = await signed();
    expect(await by('Signed by witnesses')).toMatch(/^3 entries, .*\d:\d\d/);
    expect(faults).toEqual([]);
  });
});

describe('Admin Park', () => {
  let admin: Visitor;
  let guest: Visitor;
  let page: Page;
  const nurse = { email: 'oyelaran@hospital.example', password: 'four quiet words indeed' };
  const row = () => page.getByRole('row', { name: /Nurse Oyelaran/ });
  const choose = async (label: string, option: string) => {
    await page.getByRole('dialog').getByRole('combobox', { name: label }).click();
    await page.getByRole('option', { name: option }).click();
  };
  const task = async (name: string) => {
    await page.getByRole('button', { name: 'Actions for Nurse Oyelaran' }).click();
    await page.getByRole('menuitem', { name }).click();
  };

  beforeAll(async () => {
    admin = await ward.signedIn('ADMIN');
    guest = await ward.visitor();
    page = admin.page;
  });

  it('invites a nurse by a link that works once', async () => {
    await page.getByRole('link', { name: 'Users' }).click();
    await page.getByRole('button', { name: 'Invite user' }).click();
    const dialog = page.getByRole('dialog', { name: 'Invite user' });
    await dialog.getByLabel('Name').fill('Nurse Oyelaran');
    await dialog.getByLabel('E-mail').fill(nurse.email);
    await choose('Role', 'Nurse');
    await dialog.getByRole('button', { name: 'Create one-time link' }).click();
    await prove(page, ward.account('ADMIN'));
    const link = await dialog.getByRole('region', { name: 'One-time link' }).innerText();
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/invite#/);
    await dialog.getByRole('button', { name: 'Done' }).click();
    await row().waitFor();

    await usePasswordLink(guest.page, link, nurse.password);
    await heading(guest.page, 'Dashboard').waitFor();
    await guest.page.getByRole('button', { name: 'Account of Nurse Oyelaran, Nurse' }).waitFor();

    const second = await ward.visitor();
    await usePasswordLink(second.page, link, 'another password altogether');
    await second.page.getByText('The link may have been used or have expired.').first().waitFor();
    await second.page.goto('/');
    await signIn(second.page, nurse);
    await second.context.close();
  });

  it('changes the role, with a reason; the password was proved just now', async () => {
    await page.reload(); // the list is from before the link was used
    await task('Change name or role');
    await choose('Role', 'Clinician');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Save changes' }).click();
    await dialog.getByText('Give a reason of at least 3 characters').waitFor();
    await dialog.getByLabel('Reason').fill('Qualified as of today');
    await dialog.getByRole('button', { name: 'Save changes' }).click();
    await row().getByText('Clinician').waitFor();
    await guest.page.reload(); // a new role ends what was opened under the old one
    await signIn(guest.page, nurse);
    await guest.page.getByRole('button', { name: 'Account of Nurse Oyelaran, Clinician' }).waitFor();
  });

  it('deactivates the account, and its open page is out on the next request', async () => {
    await guest.page.getByRole('link', { name: 'Patients', exact: true }).click();
    await heading(guest.page, 'Patients').waitFor();
    await task('Deactivate');
    const dialog = page.getByRole('dialog', { name: 'Deactivate: Nurse Oyelaran' });
    await dialog.getByLabel('Reason').fill('Left the hospital');
    await dialog.getByRole('button', { name: 'Deactivate' }).click();
    await page.getByText('The account was deactivated').waitFor();
    await row().waitFor({ state: 'detached' });

    await guest.page.getByRole('link', { name: 'Treatment updates' }).click();
    await heading(guest.page, 'Sign in').waitFor();
    await guest.page.getByText('Your session has ended.').waitFor();
  });

  it('finds the closed account, and opens it again', async () => {
    const show = async (state: string) => {
      await page.getByRole('combobox', { name: 'State' }).click();
      await page.getByRole('option', { name: state, exact: true }).click();
    };
    await show('Deactivated');
    await task('Reactivate');
    const dialog = page.getByRole('dialog', { name: 'Reactivate: Nurse Oyelaran' });
    await dialog.getByLabel('Reason').fill('Back from leave');
    await picture(page, 'dialog-reactivate');
    await dialog.getByRole('button', { name: 'Reactivate' }).click();
    await page.getByText('The account is open again').waitFor();
    await row().waitFor({ state: 'detached' });
    await show('Active');
    await row().waitFor();
  });

  it('cannot deactivate the own account', async () => {
    const self = page.getByRole('row', { name: /Admin Park/ });
    await self.getByText('This is you').waitFor();
    expect(await self.getByRole('button').count()).toBe(0);
  });

  it('removes the password of whoever comes in by the hospital’s own service, and of nobody else', async () => {
    const nurse = await ward.signedIn('NURSE');
    await page.getByRole('button', { name: 'Actions for Nurse Lindqvist' }).click();
    await page.getByRole('menuitem', { name: 'Remove password' }).click();
    const dialog = page.getByRole('dialog', { name: 'Remove password: Nurse Lindqvist' });
    await dialog.getByRole('button', { name: 'Remove password' }).click();
    await dialog.getByRole('alert').waitFor();
    await picture(page, 'dialog-remove-password');
    await asSuperuser(
      ward.runtime,
      `SET session_replication_role = replica;
       INSERT INTO oidc_link SELECT id, id, id::text::bytea, name, now() FROM app_user WHERE role = 'NURSE'`,
    );
    await dialog.getByRole('button', { name: 'Remove password' }).click();
    await page.getByText('The password was removed').waitFor();
    await nurse.page.reload();
    await heading(nurse.page, 'Sign in').waitFor();
    await nurse.context.close();
  });

  it('sees a record as it is stored, and nothing to be read in it', async () => {
    const id = await ward.patient({});
    await page.goto(`/patients/${id}`);
    const banner = page.getByRole('region', { name: 'Patient', exact: true });
    const [family = ''] = (await banner.innerText()).split(' ');
    expect(family).toMatch(/^[\p{Lu}’-]{2,}$/u);
    await page.getByRole('link', { name: 'As stored' }).click();
    await page.getByRole('region', { name: 'patient.name', exact: true }).getByText(/AES/).waitFor();
    const stored = (
      await page.getByRole('region', { name: /^(patient|visit|treatment_update)\.\w+$/ }).allInnerTexts()
    ).join();
    expect(stored).toMatch(/([0-9a-f]{8} ){8}/);
    expect(stored.toLocaleLowerCase()).not.toContain(family.toLocaleLowerCase());
  });

  it('marks a patient as confidential, with a reason, and takes it back', async () => {
    await page.goto(`/patients/${await ward.patient({ on: ['DOCTOR'] })}`);
    const mark = page.getByRole('region', { name: 'Patient', exact: true }).getByText('Confidential');
    const answer = async (name: string) => {
      await page.getByRole('button', { name: 'More' }).click();
      await page.getByRole('menuitem', { name }).click();
      const dialog = page.getByRole('dialog', { name: new RegExp(`^${name}: `) });
      await dialog.getByRole('button', { name }).click();
      await dialog.getByText('Give a reason of at least 3 characters').waitFor();
      await picture(page, `dialog-${name.toLowerCase().replaceAll(' ', '-')}`);
      await dialog.getByLabel('Reason').fill('Works at this hospital');
      await dialog.getByRole('button', { name }).click();
    };
    await answer('Mark as confidential');
    await mark.waitFor();
    await answer('No longer confidential');
    await mark.waitFor({ state: 'detached' });
  });

  it('verifies the log: "Verified to entry N"', async () => {
    await page.goto('/audit');
    const card = page.getByRole('region', { name: 'State of the audit log' });
    await card.getByRole('button', { name: 'Verify now' }).click();
    await card.getByText('The whole log was checked just now.').waitFor();
    const [, verified = ''] = /^Verified to entry ([\d,]+) at/m.exec(await card.innerText()) ?? [];
    expect(Number(verified.replaceAll(',', ''))).toBeGreaterThan(100);
  });

  it('met no fault on the way', () => expect(admin.faults).toEqual([]));
});

async function usePasswordLink(page: Page, link: string, password: string): Promise<void> {
  await page.goto(link);
  await heading(page, 'Set your password').waitFor();
  expect(page.url()).not.toContain('#');
  await page.getByLabel(/^New password( \*)?$/).fill(password);
  await page.getByLabel('New password again').fill(password);
  await page.getByRole('button', { name: 'Set password and sign in' }).click();
}
