import { checkedPatient, checkedVisit } from '../../../server/interop/fhir/checked';
import { Chance } from '../../../server/interop/demo/chance';
import { makePerson } from '../../../server/interop/demo/people';
import { makeStory } from '../../../server/interop/demo/story';
import { newId } from '../../../server/platform/ids';

const NOW = new Date('2026-11-21T13:00:00Z');
const stories = Array.from({ length: 1500 }, (_, step) => makeStory(step + 1, NOW));

describe('made-up patients', () => {
  test('keep every rule that registration and visits have', () => {
    const patientId = newId();
    for (const { patient, visits } of stories) {
      expect(() => checkedPatient({ ...patient })).not.toThrow();
      for (const visit of visits) expect(() => checkedVisit({ ...visit, patientId })).not.toThrow();
    }
  });

  test('are the same on every installation', () => {
    expect(makeStory(7, NOW)).toEqual(makeStory(7, NOW));
    expect(makeStory(7, NOW)).not.toEqual(makeStory(8, NOW));
  });

  test('live in order: born before seen, seen before dead, finished before now', () => {
    for (const { patient, visits, treatments } of stories) {
      expect(visits.length).toBeGreaterThanOrEqual(1);
      expect(visits.length).toBeLessThanOrEqual(6);
      const starts = visits.map(({ startedAt }) => startedAt.getTime());
      expect(starts).toEqual([...starts].sort((one, other) => one - other));
      for (const { startedAt, endedAt, status } of visits) {
        expect(startedAt.toISOString().slice(0, 10) >= patient.birthDate!).toBe(true);
        if (status === 'FINISHED')
          expect(endedAt!.getTime()).toBeLessThanOrEqual((patient.deceasedAt ?? NOW).getTime());
        if (status === 'PLANNED') expect(startedAt.getTime()).toBeGreaterThan(NOW.getTime());
        expect(endedAt ? endedAt > startedAt : status !== 'FINISHED').toBe(true);
      }
      expect(treatments.length).toBeGreaterThan(0);
    }
  });

  test('can be nobody: fictitious numbers, reserved addresses', () => {
    for (const { patient } of stories) {
      if (patient.phone) expect(patient.phone).toMatch(/^\+1 \d{3} 555 01\d\d$/);
      if (patient.email) expect(patient.email).toMatch(/^[a-z]+\.[a-z]+\d+@post\.example$/);
      expect(patient.address?.country).toBe('Example Country');
    }
  });

  test('have names as a population has them: many families, none common, and numbers nobody shares', () => {
    const people = Array.from({ length: 40_000 }, (_, step) => makePerson(new Chance(step + 1), step + 1, NOW));
    const bearers = new Map<string, number>();
    for (const { name } of people) bearers.set(name.family, (bearers.get(name.family) ?? 0) + 1);
    const most = Math.max(...bearers.values());
    expect(bearers.size).toBeGreaterThan(4_000);
    expect(most / people.length).toBeGreaterThan(0.005);
    expect(most / people.length).toBeLessThan(0.02);
    const born = people.map(({ birthDate }) => birthDate).sort();
    expect(Number(born.at(-1)!.slice(0, 4)) - Number(born[0]!.slice(0, 4))).toBeGreaterThanOrEqual(100);

    const far = [1, 2, 3, 78_899, 78_900, 78_901, 157_800, 500_000, 999_999, 1_000_000];
    const phones = [...people, ...far.map((number) => makePerson(new Chance(1), number, NOW))].map(
      ({ phone }) => phone,
    );
    const given = phones.filter((phone) => phone !== null);
    expect(new Set(given).size).toBeGreaterThanOrEqual(given.length - 3); // 1 to 3 are there twice
    expect(given.every((phone) => /^(\+1 \d{3} 555 01\d\d|\+999 \d{3} \d{3} \d{3})$/.test(phone))).toBe(true);
  });

  test('fill every age, gender and part of the ward', () => {
    const sixty = stories.slice(0, 60);
    const count = (of: (story: (typeof stories)[number]) => boolean) => sixty.filter(of).length;
    expect(new Set(sixty.map(({ patient }) => patient.gender)).size).toBe(4);
    expect(count(({ patient }) => patient.deceasedAt !== null)).toBe(1);
    expect(count(({ team }) => team.includes('DOCTOR'))).toBe(40);
    expect(count(({ team }) => team.includes('CLINICIAN'))).toBe(30);
    expect(count(({ team }) => team.includes('NURSE'))).toBe(35);
    expect(count(({ team }) => team.length === 0)).toBe(5);
    expect(
      count(({ visits }) => visits.some(({ type, status }) => type === 'INPATIENT' && status === 'IN_PROGRESS')),
    ).toBeGreaterThan(1);
    expect(count(({ patient }) => (patient.allergies?.length ?? 0) > 0)).toBeGreaterThan(10);
  });
});
