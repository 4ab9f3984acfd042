import { readFileSync } from 'node:fs';
import {
  emptyPatient,
  patientSchema,
  toCreateInput,
  type PatientValues,
} from '../../client/src/features/patients/patient-values';
import { Browser, openFrontDesk, type FrontDesk } from '../support/front-desk';

interface Case {
  what: string;
  set: Partial<PatientValues>;
  /** Path of the field that is wrong; null when nothing is. */
  fault: string | null;
}

/** What the form calls wrong before asking, the server calls wrong as well, in the same place; and the other way round. */
const cases = JSON.parse(readFileSync('test/vectors/patient-form.json', 'utf8')) as Case[];

let desk: FrontDesk;
let adeyemi: Browser;
beforeAll(async () => {
  desk = await openFrontDesk();
  adeyemi = new Browser(desk);
  await adeyemi.signIn(await desk.hire('Dr Adeyemi', 'DOCTOR'));
});
afterAll(() => desk.close());

describe.each(cases)('$what', ({ set, fault }) => {
  const values: PatientValues = { ...emptyPatient, name: { family: 'Ek', given: '', prefix: '' }, ...set };

  test('in the form', () => {
    const { error } = patientSchema.safeParse(values);
    expect(error?.issues.map(({ path }) => path.join('.')) ?? []).toEqual(fault === null ? [] : [fault]);
  });

  test('at the server', async () => {
    const input = toCreateInput(values, true, `form ${Math.random()}`);
    const answer = await adeyemi.ask('mutation($input: CreatePatientInput!) { createPatient(input: $input) { id } }', {
      input,
    });
    const fields = (answer.error?.extensions.fields ?? []) as { path: string }[];
    expect([...new Set(fields.map(({ path }) => path))]).toEqual(fault === null ? [] : [fault]);
    expect(answer.code).toBe(fault === null ? undefined : 'BAD_USER_INPUT');
  });
});
