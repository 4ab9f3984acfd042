import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { onCareTeam } from '../../server/access/reach-sql';
import { runIn } from '../../server/crypto/access-scope';
import { binaryArray } from '../../server/database/binary-array';
import { RequestContext, systemContext } from '../../server/graphql/context';
import { Gender } from '../../server/patients';
import { legsSql } from '../../server/patients/search/leg-sql';
import { routeOf, type Leg } from '../../server/patients/search/route';
import { readTyped } from '../../server/patients/search/typed-words';
import { newId } from '../../server/platform/ids';
import type { OpenedHospital } from '../support/opened-hospital';
import { chance, population, type Inhabitant } from '../support/population';
import { numbersOf, plain, Recall, searches, wordsOf } from '../support/recall';
import { asSuperuser } from '../support/superuser';

/** Ten thousand people, found through the index as by reading everything. */
const { people } = population(10_000, 7, 2_000);
const draw = chance(99);
const anybody = () => people[Math.floor(draw() * people.length)]!;

let recall: Recall;
let hospital: OpenedHospital;

beforeAll(async () => {
  recall = await Recall.open(people);
  hospital = recall.hospital;
  await hospital.runtime.services.searchUpkeep.reindex({ graceMs: 0 });
}, 300_000);
afterAll(() => recall?.close());

test.each(Object.keys(searches))(
  '%s: the index finds exactly those that reading everything finds',
  async (kind) => {
    for (let n = 0; n < 15; n += 1) await recall.demandSame(searches[kind]!(anybody()));
  },
  120_000,
);

test('two letters: hundreds, and all of them', async () => {
  for (let n = 0; n < 3; n += 1) await recall.demandSame(plain(anybody().name.family.slice(0, 2)));
}, 120_000);

test('two beginnings that very many have: the index intersects them and reads no other rows, and nobody is missed', async () => {
  const [one, other] = recall.mostCommon(
    ({ name }) => plain(name.family).slice(0, 2),
    ({ name }) => plain(name.given[0]!).slice(0, 2),
  );
  const generation = await hospital.runtime.services.patientIndex.generations.active();
  const tokensOf = (value: string) => generation.tokensOf({ cls: 'prefix', value });
  const both = people.filter((person) =>
    [one, other].every((letters) => wordsOf(person).some((word) => word.startsWith(letters))),
  );
  const [read] = await asSuperuser<{ found: number; fetched: number }>(
    hospital.runtime,
    `SELECT count(*)::int AS found, (SELECT idx_tup_fetch::int FROM pg_stat_xact_user_tables
       WHERE relname = 'patient_search_${generation.version}') AS fetched
     FROM search_swept($1, $2, $3)`,
    [generation.version, binaryArray('bytea', tokensOf(one)), binaryArray('bytea', tokensOf(other))],
  );
  expect(Math.min(tokensOf(one).length, tokensOf(other).length)).toBeGreaterThanOrEqual(16);
  expect(both.length).toBeGreaterThan(20);
  expect(read).toEqual({ found: both.length, fetched: both.length });
}, 60_000);

test('two names that very many have together: who fits exactly comes first, and nobody is missed', async () => {
  const [family, given] = recall.mostCommon(
    ({ name }) => name.family,
    ({ name }) => name.given[0]!,
  );
  const generation = await hospital.runtime.services.patientIndex.generations.active();
  const legs = routeOf(generation, readTyped(`${family} ${given}`, generation.plan.prefixLengths), false);
  expect(new Set(legs.map(({ rows }) => rows)).size).toBeGreaterThan(1); // the exact ones by themselves
  await recall.demandSame(`${given} ${family}`);
  const { fitting } = await recall.found(`${given} ${family}`);
  const exact = (person: Inhabitant) => [family, given].every((word) => wordsOf(person).includes(plain(word)));
  expect(fitting.map(exact)).toEqual([...fitting.map(exact)].sort((one, other) => Number(other) - Number(one)));
}, 60_000);

test('identifiers, and names nobody has', async () => {
  for (let n = 0; n < 10; n += 1) {
    const person = anybody();
    const identifier = person.identifiers![0]!.value;
    expect(numbersOf((await recall.found(identifier)).fitting)).toEqual([person.mrn]);
    expect((await recall.found(`Xq${person.name.family}`)).fitting).toEqual([]);
    expect((await recall.found(`${person.name.family} 1801`)).fitting).toEqual([]);
  }
}, 60_000);

/** Spellings that are heard as the same. */
const misheard: [RegExp, string][] = [
  [/ei/g, 'ai'], [/ck/g, 'k'], [/v/g, 'f'], [/ss?/g, 's'], [/nn?/g, 'n'], [/k(?!l)/g, 'c'], [/er$/, 'ar'], [/au/g, 'ow'],
]; // prettier-ignore

test('a misheard name finds the patient', async () => {
  let [asked, heard] = [0, 0];
  for (let n = 0; n < 120; n += 1) {
    const person = anybody();
    const name = plain(person.name.family);
    const ways = misheard.map(([from, to]) => name.replace(from, to)).filter((typed) => typed !== name);
    const typed = ways[n % ways.length];
    if (!typed || name.includes('-')) continue;
    asked += 1;
    const { fitting, sounding } = await recall.found(`${typed} ${person.birthDate}`);
    if ([...fitting, ...sounding].includes(person)) heard += 1;
  }
  process.stdout.write(`Misheard names that found the patient: ${heard} of ${asked}\n`);
  expect(heard / asked).toBeGreaterThan(0.7);
}, 120_000);

test('a page in the middle of a very large care team reads as few rows as the first', async () => {
  const id = newId();
  await asSuperuser(
    hospital.runtime,
    `SET session_replication_role = replica; -- neither a real account nor entries are wanted here
     INSERT INTO care_team_member (id, patient_id, user_id, since)
       SELECT gen_random_uuid(), id, '${id}', created_at FROM patient;
     ANALYZE patient, care_team_member`,
  );
  const doctor = new RequestContext({ actor: { kind: 'user', id, role: 'DOCTOR', sessionId: null } });
  const page = (after?: string) =>
    runIn(doctor, () => hospital.runtime.services.patientList.list(doctor, { first: 20, after }));
  const first = await read(() => page());
  let { endCursor } = (await page()).pageInfo;
  for (let n = 0; n < 200; n += 1) ({ endCursor } = (await page(endCursor!)).pageInfo);
  expect((await read(() => page(endCursor!))) / first).toBeLessThan(3);
}, 60_000);

test('a look of a search reads the rows of its tokens and the patients it shows, whatever PostgreSQL believes', async () => {
  const [{ id }] = (await hospital.runtime.dataSource.query('SELECT min(user_id::text) AS id FROM care_team_member')) as [{ id: string }]; // prettier-ignore
  const generation = await hospital.runtime.services.patientIndex.generations.active();
  const letters = plain(people[0]!.name.family.slice(0, 2));
  const common = generation.tokensOf({ cls: 'prefix', value: letters });
  const empty = Array.from({ length: 512 }, () => randomBytes(16)); // of a word that is common where more people are
  const leg: Leg = {
    match: 'PREFIX',
    rows: { kind: 'tokens', tokens: () => [...common, ...empty], size: 0, work: 0 },
    having: [],
    without: [],
    notAll: [],
  };
  const look = { version: generation.version, memberId: null, from: null, descending: false, limit: 21 };
  const where = { text: `t.deleted_at IS NULL AND ${onCareTeam('t.id', '$1')}`, values: [id] };
  const { source, values } = legsSql([leg], look, where);
  const plan = await planOf(`SELECT t.id FROM ${source}`, values);
  const beginning = people.filter((person) => wordsOf(person).some((word) => word.startsWith(letters))).length;
  expect(beginning).toBeGreaterThan(look.limit);
  expect(touched(plan, 'patient_search')).toBeLessThan(1.05 * beginning); // averages of many small steps are rounded
  expect(touched(plan, 'patient')).toBeLessThan(3 * look.limit);
  expect(touched(plan, 'care_team_member')).toBeLessThan(3 * look.limit);
});

test('a number that may be of five kinds, and a name nobody has, wait for the index once', async () => {
  for (const search of [anybody().mrn, '1985-09-09', 'Xqrt Blmno']) {
    const sent = await statementsOf(() =>
      runIn(systemContext('test'), () => hospital.runtime.services.patientList.list(systemContext('test'), { search })),
    );
    expect([search, sent.filter(({ text }) => /patient_search|search_swept/.test(text ?? '')).length]).toEqual([
      search,
      1,
    ]);
  }
});

test('of a search that a filter keeps a tenth of, records are opened by the page, not one by one', async () => {
  const [letters] = recall.mostCommon(({ name }) => plain(name.family).slice(0, 2));
  const filter = { gender: Gender.OTHER };
  const { patientList } = hospital.runtime.services;
  const context = systemContext('test');
  const sent = await statementsOf(() => runIn(context, () => patientList.list(context, { search: letters, filter })));
  const looks = sent.filter(({ text }) => text?.includes('FROM patient_search'));
  expect(recall.oracle(letters).length).toBeGreaterThan(400);
  expect(looks.length).toBeLessThan(20);
});

/** Rows PostgreSQL touches for the patients of a list. */
async function read(list: () => Promise<unknown>): Promise<number> {
  const { text, values } = (await statementsOf(list)).find((one) => one.text?.includes('FROM patient t'))!;
  return touched(await planOf(text!, values));
}

interface Sent {
  text?: string;
  values?: unknown[];
}

async function statementsOf(work: () => Promise<unknown>): Promise<Sent[]> {
  const sent = jest.spyOn(Client.prototype, 'query');
  await work();
  const asked = sent.mock.calls.map(([config]) => config as Sent);
  sent.mockRestore();
  return asked;
}

async function planOf(text: string, values: unknown[] = []): Promise<Plan> {
  const [plan] = await asSuperuser<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
    hospital.runtime,
    `EXPLAIN (ANALYZE, FORMAT JSON) ${text}`,
    values,
  );
  return plan!['QUERY PLAN'][0].Plan;
}

interface Plan {
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: Plan[];
}

/** Rows of a relation (or a partition of it) that a plan touches; without one, of all of them, each as often as it is handed on. */
function touched(plan: Plan, relation?: string): number {
  const own = (plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0)) * plan['Actual Loops'];
  const name = plan['Relation Name']?.replace(/_\d+$/, '');
  const counted = relation === undefined || name === relation ? own : 0;
  return (plan.Plans ?? []).reduce((sum, below) => sum + touched(below, relation), counted);
}
