import { runIn } from '../../server/crypto/access-scope';
import { systemContext } from '../../server/graphql/context';
import { countedTerms, type Generation } from '../../server/patients/search/generation';
import { Plan, patientsPerToken } from '../../server/patients/search/plan';
import { prefixLengths } from '../../server/patients/search/terms';
import { chance, population } from '../support/population';
import { plain, Recall, searches, wordsOf } from '../support/recall';

/**
 * In a hospital of a million a token stands for 122 patients. Here these are three thousand, and their index is split as that one's
 * would be: steps are fewer and longer, and rows between those that fit are more.
 */
const { people } = population(3_000, 11, 300);
const PER_TOKEN = patientsPerToken(1_000_000);
const draw = chance(5);
const anybody = () => people[Math.floor(draw() * people.length)]!;

let recall: Recall;
let generation: Generation;

/** Into as many partitions as it takes for so many patients a token. */
function planOf(draft: Generation): Plan {
  const counts = new Map<string, number>();
  const lengths = prefixLengths(true);
  for (const person of people) {
    for (const { token } of countedTerms(draft.keys, person, lengths)) {
      const name = token.toString('latin1', 0, 8);
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  const split = [...counts].filter(([, count]) => count > PER_TOKEN);
  const partitions = split.map(([name, count]) => [name, 2 ** Math.ceil(Math.log2(count / PER_TOKEN))] as const);
  return new Plan(lengths, 1, new Map(partitions), people.length, PER_TOKEN);
}

beforeAll(async () => {
  recall = await Recall.open(people);
  const { runtime } = recall.hospital;
  const { patientIndex, searchUpkeep } = runtime.services;
  await runIn(systemContext('test'), async () => {
    const minted = await patientIndex.generations.mint(2, planOf);
    await runtime.dataSource.transaction((manager) => patientIndex.generations.add(manager, minted, 'building'));
  });
  await searchUpkeep.reindex({ graceMs: 0 }); // goes on with the one that was begun
  generation = await patientIndex.generations.active();
}, 300_000);
afterAll(() => recall?.close());

test('the index is one of many patients a token', async () => {
  expect([generation.version, generation.plan.meanPerToken]).toEqual([2, 0.75 * PER_TOKEN]);
  const [family] = recall.mostCommon(({ name }) => plain(name.family));
  const bearers = people.filter((person) => wordsOf(person).includes(family)).length;
  const tokens = generation.partitionsOf({ cls: 'name', value: family });
  expect(tokens).toBeGreaterThanOrEqual(4); // it is split all the same
  expect(bearers / tokens).toBeGreaterThan(32);
  expect(bearers / tokens).toBeLessThanOrEqual(PER_TOKEN);
});

test.each(Object.keys(searches))(
  '%s: the index finds exactly those that reading everything finds',
  async (kind) => {
    for (let n = 0; n < 8; n += 1) await recall.demandSame(searches[kind]!(anybody()));
  },
  120_000,
);

test('the commonest words and beginnings, alone and together: nobody is missed', async () => {
  const [family, given] = recall.mostCommon(
    ({ name }) => name.family,
    ({ name }) => name.given[0]!,
  );
  const [f, g] = [plain(family).slice(0, 2), plain(given).slice(0, 2)];
  const year = people[0]!.birthDate.slice(0, 4);
  const typed = [family, f, g, `${f} ${g}`, `${given} ${family}`, `${f} ${given}`, `${family} ${year}`];
  for (const one of typed) await recall.demandSame(one);
}, 120_000);
