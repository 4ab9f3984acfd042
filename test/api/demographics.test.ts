import { Client } from 'pg';
import { runIn } from '../../server/crypto/access-scope';
import { systemContext } from '../../server/graphql/context';
import { DemographicBuckets } from '../../server/demographics';
import type { Demographics } from '../../server/demographics/demographics.service';
import { Hospital, type Patient } from '../support/hospital';
import { until } from '../support/until';

const DAY = 24 * 3600 * 1000;

let hospital: Hospital;
let today: Date;

beforeEach(async () => {
  hospital = await Hospital.open();
  // noon, so that no test is caught by midnight
  const now = hospital.runtime.clock.now();
  const noon = new Date(now.toISOString().slice(0, 10) + 'T12:00:00Z').getTime() + DAY;
  hospital.desk.wait(noon - now.getTime());
  today = hospital.runtime.clock.now();
  await hospital.signEverybodyIn();
});
afterEach(() => hospital?.close());

/** `YYYY-MM-DD`, this many years before today and days after that. */
function born(years: number, days = 0): string {
  const date = new Date(today.getTime() + days * DAY);
  date.setUTCFullYear(date.getUTCFullYear() - years);
  return date.toISOString().slice(0, 10);
}

async function register(people: number, birthDate: string | null, gender = 'FEMALE'): Promise<Patient[]> {
  return Promise.all(Array.from({ length: people }, () => hospital.patient({ birthDate, gender })));
}

/** Names of the counters, of year, month and day, that women born on a day are counted in. */
function counters(birthDate: string, gender = 'FEMALE'): string[] {
  return new DemographicBuckets(hospital.runtime.base.tokens).of({ birthDate, gender });
}

async function bands(gender = 'FEMALE'): Promise<Record<string, number | null>> {
  const { ageBands } = await hospital.runtime.services.demographics.read();
  return Object.fromEntries(
    ageBands.filter((cell) => cell.gender === gender).map(({ label, count }) => [label, count]),
  );
}

const recount = (fix: boolean) =>
  runIn(systemContext('recount'), () => hospital.runtime.services.demographics.recount(fix));
const total = async () => (await hospital.runtime.services.demographics.read()).total;
const nobody = { '<20': 0, '20-39': 0, '40-59': 0, '60+': 0, 'unknown': 0 }; // prettier-ignore

test('people change bands on their birthday, not a day before and not when the year turns', async () => {
  await register(5, born(20));
  await register(6, born(20, 1));
  await register(7, born(40, 1));
  await register(8, born(60));
  expect(await bands()).toEqual({ '<20': 6, '20-39': 12, '40-59': 0, '60+': 8, 'unknown': 0 }); // prettier-ignore
  hospital.desk.wait(DAY);
  expect(await bands()).toEqual({ '<20': 0, '20-39': 11, '40-59': 7, '60+': 8, 'unknown': 0 }); // prettier-ignore
  expect(await recount(false)).toEqual([]);
});

test('ten-year steps, genders and the unknown; newborns and the very old', async () => {
  await register(5, born(0));
  await register(5, born(101), 'MALE');
  await register(6, null, 'OTHER');
  const { decades, genders, total } = await hospital.as('lindqvist').get<{ demographics: Demographics }>(
    '{ demographics { total decades { label from to gender count } genders { label gender count } } }',
  ).then(({ demographics }) => demographics); // prettier-ignore
  const filled = decades.filter(({ count }) => count !== 0);
  expect(filled.map(({ label, gender, count }) => [label, gender, count])).toEqual([
    ['0-9', 'FEMALE', 5],
    ['90+', 'MALE', 5],
    ['unknown', 'OTHER', 6],
  ]);
  expect(Object.fromEntries(genders.map(({ gender, count }) => [gender, count]))).toEqual({
    FEMALE: 5,
    MALE: 5,
    OTHER: 6,
    UNKNOWN: 0,
  });
  expect(total).toBe(16);
});

test('one to four are hidden, five and none are not', async () => {
  expect(await bands()).toEqual(nobody);
  await register(4, born(30));
  expect(await bands()).toEqual({ ...nobody, '20-39': null });
  await register(1, born(31));
  expect(await bands()).toEqual({ ...nobody, '20-39': 5 });
});

test('counts follow edits, deletion, restoring and death', async () => {
  const patients = await register(7, born(30));
  const [first, second, third] = patients as [Patient, Patient, Patient];
  const doctor = hospital.as('adeyemi');
  const edit = ({ id }: Patient, expectedVersion: number, input: object) =>
    doctor.do('updatePatient', { id, expectedVersion, ...input });
  await edit(first, 1, { birthDate: born(70) });
  expect(await bands()).toEqual({ ...nobody, '20-39': 6, '60+': null });
  await edit(first, 2, { gender: 'MALE' });
  expect([await bands(), await bands('MALE')]).toEqual([
    { ...nobody, '20-39': 6 },
    { ...nobody, '60+': null },
  ]);
  await doctor.do('deletePatient', { id: second.id, expectedVersion: 1, reason: 'Registered twice' });
  expect([await bands(), await total()]).toEqual([{ ...nobody, '20-39': 5 }, 6]);
  await doctor.do('restorePatient', { id: second.id, expectedVersion: 2 });
  expect([await bands(), await total()]).toEqual([{ ...nobody, '20-39': 6 }, 7]);
  await edit(third, 1, { deceasedAt: new Date(Date.now() - DAY).toISOString() });
  expect([await bands(), await total()]).toEqual([{ ...nobody, '20-39': 5 }, 6]);
  await edit(third, 2, { birthDate: born(31) });
  await doctor.do('deletePatient', { id: third.id, expectedVersion: 3, reason: 'Registered twice' });
  await doctor.do('restorePatient', { id: third.id, expectedVersion: 4 });
  expect([await bands(), await total()]).toEqual([{ ...nobody, '20-39': 5 }, 6]);
  await edit(third, 5, { deceasedAt: null, birthDate: null });
  expect([await bands(), await total()]).toEqual([{ ...nobody, '20-39': 5, 'unknown': null }, 7]); // prettier-ignore
  expect(await recount(false)).toEqual([]);
});

test('a refused change counts nothing', async () => {
  const [patient] = await register(5, born(30));
  const doctor = hospital.as('adeyemi');
  await doctor.refused('updatePatient', { id: patient!.id, expectedVersion: 9, birthDate: born(70) });
  await doctor.refused('createPatient', { mrn: patient!.mrn, name: { family: 'X', given: ['X'] }, gender: 'FEMALE', birthDate: born(30) }); // prettier-ignore
  expect([await bands(), await total()]).toEqual([{ ...nobody, '20-39': 5 }, 5]);
});

test('changes that cross each other at the same moment all count, and none fails', async () => {
  const patients = await register(8, '1980-05-05');
  const years = ['1979-04-04', '1980-05-05', '1981-06-06', '1982-07-07'];
  for (let round = 1; round <= 6; round += 1) {
    const answers = await Promise.all(
      patients.map(({ id }, position) =>
        hospital.as('adeyemi').refused('updatePatient', {
          id,
          expectedVersion: round,
          birthDate: years[(position + (position % 2 ? round : 4 * round - round)) % 4],
          phone: `070 000 00 ${round}${position}`,
        }),
      ),
    );
    expect(answers).toEqual(patients.map(() => undefined));
  }
  expect(await recount(false)).toEqual([]);
});

test('a recount finds planted miscounts, fixes them, and then finds nothing', async () => {
  await register(5, born(30));
  await hospital.sql('UPDATE demographic_count SET people = 9'); // year, month and day
  await hospital.sql(
    "INSERT INTO demographic_count (bucket, people) VALUES ('\\x00112233445566778899aabbccddeeff', 3)",
  );
  const wrong = [
    ...counters(born(30)).map((bucket) => ({ bucket, stored: 9, counted: 5 })),
    { bucket: '00112233445566778899aabbccddeeff', stored: 3, counted: 0 },
  ];
  const found = await recount(false);
  expect(found).toHaveLength(wrong.length);
  expect(found).toEqual(expect.arrayContaining(wrong));
  expect(await recount(true)).toHaveLength(wrong.length);
  expect(await recount(false)).toEqual([]);
  expect(await bands()).toEqual({ ...nobody, '20-39': 5 });
});

test('a hospital from before months were counted is told right, and has them from the first page on', async () => {
  const year = hospital.runtime.clock.now().getUTCFullYear() + 1;
  hospital.desk.wait(Date.UTC(year, 5, 15) - hospital.runtime.clock.now().getTime());
  await hospital.signEverybodyIn();
  const [turning, spring, autumn, other] = [`${year - 40}-06-16`, `${year - 40}-03-01`, `${year - 40}-10-31`, `${year - 33}-07-07`] as const; // prettier-ignore
  const people = async (day: string) => {
    const rows = await hospital.sql<{ bucket: string; people: number }>("SELECT encode(bucket, 'hex') AS bucket, people FROM demographic_count"); // prettier-ignore
    return counters(day).map((bucket) => rows.find((row) => row.bucket === bucket)?.people);
  };
  const months = (sql: string, ...days: string[]) =>
    hospital.sql(`${sql} WHERE encode(bucket, 'hex') = ANY ($1)`, [days.map((day) => counters(day)[1])]);

  const [first, second] = (await register(7, turning)) as [Patient, Patient];
  await register(6, spring);
  await register(5, autumn);
  await register(5, other);
  await months('DELETE FROM demographic_count', turning, spring, autumn, other);
  // before anybody looks one more comes, who is counted by month, and two leave who were not
  await register(1, turning);
  for (const { id } of [first, second])
    await hospital.as('adeyemi').do('deletePatient', { id, expectedVersion: 1, reason: 'Registered twice' });
  expect(await people(turning)).toEqual([17, 0, 6]);
  const right = { ...nobody, '20-39': 16, '40-59': 6 };
  expect(await Promise.all([bands(), bands(), bands()])).toEqual([right, right, right]);
  expect([await people(turning), await people(spring)]).toEqual([[17, 6, 6], [17, 6, 6]]); // prettier-ignore
  expect(await bands()).toEqual(right);

  // a server of then still runs beside: it registers somebody, and deletes somebody
  await months('UPDATE demographic_count SET people = people - 1', autumn);
  expect(await bands()).toEqual(right);
  expect(await people(autumn)).toEqual([17, 5, 5]);
  await months('UPDATE demographic_count SET people = people + 1', spring);
  expect(await bands()).toEqual(right);
  expect(await people(spring)).toEqual([17, 6, 6]);

  // somebody is being registered while months are made: they wait, or would be one short for ever
  const { dataSource } = hospital.runtime;
  await months('DELETE FROM demographic_count', spring);
  let page: Promise<unknown> = Promise.resolve();
  await dataSource.transaction(async (manager) => {
    await manager.query("UPDATE demographic_count SET people = people + 1 WHERE encode(bucket, 'hex') = ANY ($1)", [counters(spring)]); // prettier-ignore
    page = bands();
    const waiting = "SELECT count(*) FROM pg_locks WHERE relation = 'demographic_count'::regclass AND NOT granted";
    await until(async () => (await hospital.count(waiting)) > 0);
  });
  expect(await page).toEqual({ ...right, '40-59': 7 });
  expect(await people(spring)).toEqual([18, 7, 7]);
  await hospital.sql("UPDATE demographic_count SET people = people - 1 WHERE encode(bucket, 'hex') = ANY ($1)", [counters(spring)]); // prettier-ignore

  // people come while pages make months anew
  await months('DELETE FROM demographic_count', spring);
  await Promise.all(Array.from({ length: 5 }, () => [register(2, spring), bands()]).flat());
  expect(await bands()).toEqual({ ...right, '40-59': 16 });
  hospital.desk.wait(DAY);
  expect(await bands()).toEqual({ ...nobody, '20-39': 10, '40-59': 22 });

  // years that no page has opened have their months from a recount on
  expect(await people(other)).toEqual([5, undefined, 5]);
  expect(await recount(false)).toEqual([]);
  expect(await people(other)).toEqual([5, 5, 5]);
});

test('the counters show no birth date and no gender in clear', async () => {
  await register(5, '1980-05-05');
  const rows = await hospital.sql<{ row: string }>("SELECT encode(bucket, 'escape') AS row FROM demographic_count");
  expect(rows.length).toBeGreaterThan(1);
  expect(rows.map(({ row }) => row).join()).not.toMatch(/1980|FEMALE/);
});

test('a page goes to its own counters, however many others there are', async () => {
  await register(5, born(30));
  await hospital.sql(
    "INSERT INTO demographic_count SELECT decode(md5(n::text), 'hex'), 1 FROM generate_series(1, 150000) n",
  );
  await hospital.sql('ANALYZE demographic_count');
  const sent = jest.spyOn(Client.prototype, 'query');
  expect(await bands()).toEqual({ ...nobody, '20-39': 5 });
  const asked = sent.mock.calls.find(([text]) => String(text).includes('demographic_count')) as unknown[] as [string, Buffer[]]; // prettier-ignore
  sent.mockRestore();
  const [explained] = await hospital.sql<{ 'QUERY PLAN': unknown }>(`EXPLAIN (ANALYZE, FORMAT JSON) ${asked[0]}`, asked[1]); // prettier-ignore
  const plan = JSON.stringify(explained!['QUERY PLAN']);
  expect(plan).toContain('"demographic_count_pk"');
  expect(plan).not.toContain('"Seq Scan"');
});
