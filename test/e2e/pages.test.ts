import type { Role } from '../../server/graphql/context';
import { expectAccessible } from '../support/accessible';
import { openWard, type Ward } from '../support/browser';

let ward: Ward;

beforeAll(async () => {
  ward = await openWard();
});
afterAll(() => ward?.close());

/** Whose pages are looked through: the others see parts of the same ones, which are pictured and measured. */
const thorough: Role[] = ['DOCTOR', 'ADMIN'];

const everyTab = ['', 'visits', 'vitals', 'treatments', 'details', 'access'];

describe('every page, for those who see most of it', () => {
  const pages: [Role, string[], string[]][] = [
    ['DOCTOR', ['/', '/patients', '/patients/new', '/treatments', '/audit', '/emergency'], []],
    ['DOCTOR', [], [...everyTab, 'edit', 'visits/new']],
    [
      'ADMIN',
      ['/', '/patients', '/audit', '/reviews', '/users', '/api-clients', '/keys', '/profile', '/nowhere'],
      ['', 'details', 'stored', 'edit'],
    ],
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

  it('a record in the care of others, and the drawer of further filters', async () => {
    const { page, context, faults } = await ward.signedIn('NURSE');
    await page.goto(`/patients/${await ward.patient({ on: ['DOCTOR'], off: ['NURSE'] })}`);
    await page.getByRole('button', { name: /^Emergency access/ }).waitFor();
    await expectAccessible(page, 'nurse-restricted');
    await page.goto('/audit');
    await page.getByRole('button', { name: 'More filters' }).click();
    await expectAccessible(page, 'nurse-filters');
    expect(faults).toEqual([]);
    await context.close();
  });

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
