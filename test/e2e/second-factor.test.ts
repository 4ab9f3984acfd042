import type { Page } from 'playwright-core';
import { totpCode } from '../../server/identity/second-factor/totp';
import { expectAccessible } from '../support/accessible';
import { openWard, picture, settle, signIn, signOut, type Visitor, type Ward } from '../support/browser';

let ward: Ward;
let nurse: Visitor;
let page: Page;
let secret: string;

/** Passkeys want a host name, so this browser comes by another name of the same machine. */
const named = () => ward.url.replace('127.0.0.1', 'localhost');
const dialog = (name: string) => page.getByRole('dialog', { name });
const profile = () => page.goto(`${named()}/profile`).then(() => settle(page));

beforeAll(async () => {
  ward = await openWard({ MFA_REQUIRED_ROLES: 'AUDITOR' });
  nurse = await ward.visitor({ baseURL: named() });
  page = nurse.page;
  const devtools = await nurse.context.newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  await page.goto('/');
  await signIn(page, ward.account('NURSE'));
});
afterAll(() => ward?.close());

/** What went wrong on the page; that it comes by another name than the tests expect is meant. */
const faults = ({ faults: all }: Visitor) => all.filter((fault) => !fault.startsWith(`request to ${named()}`));

it('a passkey is added after the password, and recovery codes are shown once', async () => {
  await profile();
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await dialog('Add a passkey').getByRole('button', { name: 'Add a passkey' }).click();
  await dialog('Your password once more')
    .getByLabel(/^Password/)
    .fill(ward.account('NURSE').password);
  await page.keyboard.press('Enter');
  await dialog('Recovery codes').getByRole('listitem').nth(9).waitFor();
  await dialog('Recovery codes').getByRole('button', { name: 'I have kept them' }).click();
  await page.getByRole('button', { name: /^Remove passkey/ }).waitFor();
});

it('it signs in without a password, and the password alone no longer does', async () => {
  await signOut(page);
  await page.getByLabel('E-mail').fill(ward.account('NURSE').email);
  await page.getByLabel('Password', { exact: true }).fill(ward.account('NURSE').password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'One more proof' }).waitFor();
  await page.getByRole('button', { name: 'Back to e-mail and password' }).click();
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await page.getByRole('button', { name: /^Account of/ }).waitFor();
});

it('an authenticator app is set up by QR code or text, the passkey proving who asks', async () => {
  await profile();
  await page.getByRole('button', { name: 'Set up', exact: true }).click();
  await dialog('Set up an authenticator app')
    .getByLabel(/^Password/)
    .fill(ward.account('NURSE').password);
  await page.keyboard.press('Enter');
  await dialog('Is it still you?').getByRole('button', { name: 'Use a passkey' }).click();
  const shown = page.getByRole('region', { name: 'Secret of the authenticator app' });
  await shown.waitFor();
  secret = (await shown.innerText()).replaceAll(' ', '');
  await page.getByRole('img', { name: /^QR code/ }).waitFor();
  await page.getByLabel('The code it shows now').fill(totpCode(secret, new Date()));
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await page.getByRole('button', { name: 'Replace' }).waitFor();
  await picture(page, 'profile-both-factors');
});

it('signing in by a code, with the keyboard alone', async () => {
  await signOut(page);
  await page.getByLabel('E-mail').focus();
  await page.keyboard.type(ward.account('NURSE').email);
  await page.keyboard.press('Tab');
  await page.keyboard.type(ward.account('NURSE').password);
  await page.keyboard.press('Enter');
  await page.getByLabel('Digit 1 of 6').waitFor();
  await expectAccessible(page, 'sign-in-code');
  await page.keyboard.type('000000');
  await page.getByText('The code is wrong').waitFor();
  await page.getByLabel('Digit 1 of 6').focus();
  // The code of now was used to set the app up; the next one counts already.
  await page.keyboard.type(totpCode(secret, new Date(Date.now() + 30_000)));
  await page.getByRole('button', { name: /^Account of/ }).waitFor();
  expect(faults(nurse).filter((fault) => !/Failed to load resource/.test(fault))).toEqual([]);
});

it('a role that wants a second factor comes no further than setting one up', async () => {
  const auditor = await ward.visitor();
  await auditor.page.goto('/audit');
  await auditor.page.getByLabel('E-mail').fill(ward.account('AUDITOR').email);
  await auditor.page.getByLabel('Password', { exact: true }).fill(ward.account('AUDITOR').password);
  await auditor.page.getByRole('button', { name: 'Sign in' }).click();
  await auditor.page.getByRole('heading', { name: 'Set up a second factor' }).waitFor();
  expect(await auditor.page.getByRole('navigation').count()).toBe(0);
  await expectAccessible(auditor.page, 'must-enrol');
  await auditor.page.getByLabel(/^Password/).fill(ward.account('AUDITOR').password);
  await auditor.page.keyboard.press('Enter');
  const shown = auditor.page.getByRole('region', { name: 'Secret of the authenticator app' });
  await shown.waitFor();
  await expectAccessible(auditor.page, 'enrol-app');
  const code = totpCode((await shown.innerText()).replaceAll(' ', ''), new Date());
  await auditor.page.getByLabel('The code it shows now').fill(code);
  await auditor.page.keyboard.press('Enter');
  await auditor.page.getByRole('button', { name: 'I have kept them' }).waitFor();
  await expectAccessible(auditor.page, 'recovery-codes');
  await auditor.page.getByRole('button', { name: 'I have kept them' }).click();
  await auditor.page.getByRole('heading', { name: 'Audit log' }).waitFor();
});
