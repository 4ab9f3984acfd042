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

test('the charts of the vital signs put readings as far apart as they were taken', async () => {
  const { page, context } = await ward.signedIn('DOCTOR');
  const { id, taken } = await unevenlyMeasured();
  await page.goto(`/patients/${id}/vitals`);
  const points = page.getByRole('img', { name: /^Line chart of Heart rate/ }).locator('.recharts-line-dot');
  await points.first().waitFor();
  const across = await points.evaluateAll((circles) => circles.map((circle) => Number(circle.getAttribute('cx'))));
  expect(portions(across)).toEqual(portions(taken).map((portion) => expect.closeTo(portion, 3) as number));
  await context.close();
});

/** A patient of Dr Adeyemi's, and the times of three visits or more, of which the widest gap is thrice the narrowest. */
async function unevenlyMeasured(): Promise<{ id: string; taken: number[] }> {
  const [row] = await ward.runtime.dataSource.query<{ id: string; taken: number[] }[]>(
    `SELECT patient_id AS id, array_agg(extract(epoch FROM started_at)::float8 ORDER BY started_at) AS taken
     FROM (SELECT *, started_at - lag(started_at) OVER (PARTITION BY patient_id ORDER BY started_at) AS gap FROM visit) AS v
     WHERE patient_id IN (SELECT patient_id FROM care_team_member m JOIN app_user u ON u.id = m.user_id AND u.role = 'DOCTOR')
     GROUP BY patient_id HAVING bool_and(vitals IS NOT NULL) AND count(gap) > 1 AND max(gap) > 3 * min(gap)
     ORDER BY patient_id LIMIT 1`,
  );
  if (!row) throw new Error('The demo hospital has no patient who was measured at uneven times');
  return row;
}

/** How far along the way from the first to the last each is, from 0 to 1. */
function portions(values: number[]): number[] {
  const [first, last] = [values[0]!, values.at(-1)!];
  return values.map((value) => (value - first) / (last - first));
}
