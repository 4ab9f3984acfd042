import fc from 'fast-check';
import { decades } from '../../../server/demographics/age-bands';
import { addedUp, readingOf, type Finest, type Reading } from '../../../server/demographics/reading';
import { Gender } from '../../../server/patients';

interface Person {
  birthDate: string | null;
  gender: Gender;
}

const iso = (date: Date) => date.toISOString().slice(0, 10);
const dayBetween = (min: string, max: string) =>
  fc.date({ min: new Date(min), max: new Date(max), noInvalidDate: true }).map(iso);

/** Birthdays around today, leap days and the turn of the year, where mistakes would be. */
const todays = fc.oneof(
  dayBetween('2026-01-01', '2031-12-31'),
  fc.constantFrom('2027-02-28', '2028-02-28', '2028-02-29', '2028-03-01', '2027-01-01', '2027-12-31', '2027-04-30'),
);
const personOn = (today: string) =>
  fc.record<Person>({
    gender: fc.constantFrom(...Object.values(Gender)),
    birthDate: fc.option(
      fc.oneof(
        dayBetween('1895-01-01', today),
        fc.nat(100).map((years) => (Number(today.slice(0, 4)) - years) + today.slice(4)).map((day) => iso(new Date(day))),
        fc.constantFrom('1936-02-29', '1996-02-29', '2008-02-29', '2017-12-31', '1967-01-01'),
      ).filter((day) => day <= today),
    ),
  }); // prettier-ignore
const hospitals = todays.chain((today) =>
  fc.record({ today: fc.constant(today), people: fc.array(personOn(today), { maxLength: 60 }) }),
);

/** Counters by what they count, as the table would hold them. */
function countersOf(people: readonly Person[]): Map<string, number> {
  const kept = new Map<string, number>();
  for (const { birthDate, gender } of people)
    for (const born of birthDate ? [4, 7, 10].map((letters) => birthDate.slice(0, letters)) : ['unknown'])
      kept.set(`${born}|${gender}`, (kept.get(`${born}|${gender}`) ?? 0) + 1);
  return kept;
}

const readings = new Map<string, Reading>();
const remembered = (today: string, finest: Finest) => {
  const reading = readings.get(today + finest) ?? readingOf(today, finest);
  readings.set(today + finest, reading);
  return reading;
};

/** What PostgreSQL would add up. */
function read(kept: ReadonlyMap<string, number>, today: string, finest: Finest) {
  const reading = remembered(today, finest);
  const sums = new Map<number, number>();
  for (const { born, gender, place } of reading.asked)
    sums.set(place, (sums.get(place) ?? 0) + (kept.get(`${born}|${gender}`) ?? 0));
  const { facts, uneven } = addedUp(reading, [...sums].map(([place, people]) => ({ place, people }))); // prettier-ignore
  return { uneven, table: tableOf(facts.map(({ age, gender, people }) => ({ step: age, gender, people }))) };
}

function tableOf(cells: readonly { step: number | null; gender: Gender; people: number }[]): Record<string, number> {
  const table: Record<string, number> = {};
  for (const { step, gender, people } of cells)
    if (people !== 0) table[`${step} ${gender}`] = (table[`${step} ${gender}`] ?? 0) + people;
  return table;
}

/** Everybody looked at one by one: as many years as there were birthdays. */
function oracle(people: readonly Person[], today: string): Record<string, number> {
  const stepOf = (birthDate: string) => {
    let age = 0;
    while (`${Number(birthDate.slice(0, 4)) + age + 1}${birthDate.slice(4)}` <= today) age += 1;
    return Math.max(...decades.map(({ from }) => from!).filter((from) => from <= age));
  };
  return tableOf(
    people.map(({ birthDate, gender }) => ({ step: birthDate ? stepOf(birthDate) : null, gender, people: 1 })),
  );
}

test('what is read by months, and by days, is what looking at everybody says', () => {
  fc.assert(
    fc.property(hospitals, ({ today, people }) => {
      const kept = countersOf(people);
      const table = oracle(people, today);
      expect(read(kept, today, 'month')).toEqual({ uneven: [], table });
      expect(read(kept, today, 'day')).toEqual({ uneven: [], table });
    }),
    { numRuns: 25 },
  );
});

test('months that leave somebody out are told by their year; days do without them', () => {
  fc.assert(
    fc.property(hospitals, fc.func(fc.boolean()), ({ today, people }, leftOut) => {
      const kept = countersOf(people);
      for (const name of kept.keys()) if (/^\d{4}-\d{2}\|/.test(name) && leftOut(name)) kept.delete(name);
      const byMonth = read(kept, today, 'month');
      const table = oracle(people, today);
      if (byMonth.uneven.length === 0) expect(byMonth.table).toEqual(table);
      else for (const year of byMonth.uneven) expect(people.map(({ birthDate }) => birthDate?.slice(0, 4))).toContain(year); // prettier-ignore
      expect(read(kept, today, 'day')).toEqual({ uneven: [], table });
    }),
    { numRuns: 25 },
  );
});

test('a page asks for about two thousand counters on any day of the year', () => {
  for (const today of ['2028-01-01', '2028-01-02', '2028-02-29', '2028-07-31', '2028-12-30', '2028-12-31']) {
    const asked = new Set(readingOf(today, 'month').asked.map(({ born, gender }) => born + gender));
    expect(asked.size).toBeLessThan(2_200);
  }
});
