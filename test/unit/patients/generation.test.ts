import { createHash, createSecretKey, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { Generation } from '../../../server/patients/search/generation';
import { GenerationKeys } from '../../../server/patients/search/generation-keys';
import { patientsPerToken, Plan, PlanCount } from '../../../server/patients/search/plan';
import { legsAtOnce, routeOf, type Leg } from '../../../server/patients/search/route';
import {
  hasToken,
  lookUpPrefix,
  prefixLengths,
  termClasses,
  termsOf,
  type SearchFacts,
  type Term,
} from '../../../server/patients/search/terms';
import { readTyped } from '../../../server/patients/search/typed-words';

const id = (n: number) => `01890000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const named = (family: string, given: string, more: Partial<SearchFacts> = {}): SearchFacts => ({
  mrn: 'H1', name: { family, given: [given] }, birthDate: null, phone: null, email: null, identifiers: null, ...more,
}); // prettier-ignore
const key = () => createSecretKey(randomBytes(32));
const lengths = prefixLengths(true);
const chunks = (bytes: Buffer, size: number) =>
  Array.from({ length: bytes.length / size }, (_, n) => bytes.subarray(n * size, (n + 1) * size).toString('hex'));

test('a row is the same each time, and another under another key or for another patient', () => {
  const one = key();
  const facts = named('Lindgren', 'Astrid', { birthDate: '1907-11-14', phone: '070-1234567' });
  const row = new Generation(1, one, Plan.unknown(true)).rowOf(facts, id(1));
  expect(new Generation(2, one, Plan.unknown(true)).rowOf(facts, id(1))).toEqual(row);
  const other = new Generation(1, key(), Plan.unknown(true)).rowOf(facts, id(1));
  const shared = chunks(other.tokens, 16).filter((token) => chunks(row.tokens, 16).includes(token));
  expect(shared).toEqual([]);
  const neighbour = new Generation(1, one, Plan.unknown(true)).rowOf(facts, id(2));
  expect(chunks(neighbour.tags, 6).filter((tag) => chunks(row.tags, 6).includes(tag))).toEqual([]);
});

test('tags are padded to a multiple of eight, sorted, and none of them tells its class', () => {
  const generation = new Generation(1, key(), Plan.unknown(true));
  for (const name of ['Li', 'Ång', 'Wolfeschlegelsteinhausen', 'Anna']) {
    const { tags, tokens } = generation.rowOf(named(name, 'Bo'), id(1));
    expect(tags.length % (8 * 6)).toBe(0);
    expect(chunks(tags, 6)).toEqual([...chunks(tags, 6)].sort());
    expect(chunks(tokens, 16)).toEqual([...chunks(tokens, 16)].sort());
  }
});

test('every token of a row is among the tokens of its terms, every tag opens by the key that PostgreSQL gets', () => {
  const generation = new Generation(1, key(), Plan.unknown(true));
  const facts = named('O’Brien-Lee', 'María José', { birthDate: '1985-09-09', identifiers: [{ system: 'urn:a', value: 'X1' }] }); // prettier-ignore
  const row = generation.rowOf(facts, id(7));
  const possible = new Set(termsOf(facts, lengths).filter((term) => hasToken(term, lengths)).flatMap((term) => generation.tokensOf(term).map((token) => token.toString('hex')))); // prettier-ignore
  expect(chunks(row.tokens, 16).every((token) => possible.has(token))).toBe(true);
  const salt = Buffer.from(id(7).replaceAll('-', ''), 'hex');
  for (const term of termsOf(facts, lengths)) {
    const digest = createHash('sha256').update(generation.tagKeyOf(term)).update(salt).digest();
    expect(chunks(row.tags, 6)).toContain(digest.subarray(0, 6).toString('hex'));
  }
});

test('a value has keys of its own in each class', () => {
  const keys = new GenerationKeys(key());
  const secrets = termClasses.flatMap((cls) => Object.values(keys.of({ cls, value: '1985' })).map((half) => half.toString('hex'))); // prettier-ignore
  expect(new Set(secrets).size).toBe(2 * termClasses.length);
});

test('patients of a common term are spread evenly over its partitions; numbers always have one', () => {
  const keys = key();
  const count = new PlanCount();
  const draft = new GenerationKeys(keys);
  for (let n = 0; n < 640; n += 1) count.add([draft.of({ cls: 'name', value: 'smith' })]);
  count.add([draft.of({ cls: 'name', value: 'rare' })]);
  const generation = new Generation(1, keys, Plan.read(count.plan(true, 641).stored()));
  expect(generation.partitionsOf({ cls: 'name', value: 'smith' })).toBe(32);
  expect(generation.partitionsOf({ cls: 'name', value: 'rare' })).toBe(1);
  expect(generation.partitionsOf({ cls: 'name', value: 'unheard of' })).toBe(1);
  expect(Plan.unknown(true).partitionsOf({ cls: 'mrn', value: 'H1' }, draft.of({ cls: 'mrn', value: 'H1' }))).toBe(1);
  const smiths = new Set(generation.tokensOf({ cls: 'name', value: 'smith' }).map((token) => token.toString('hex')));
  const sizes = new Map<string, number>();
  for (let n = 0; n < 640; n += 1) {
    const own = chunks(generation.rowOf(named('Smith', 'X'), id(n)).tokens, 16).filter((token) => smiths.has(token));
    expect(own).toHaveLength(1);
    sizes.set(own[0]!, (sizes.get(own[0]!) ?? 0) + 1);
  }
  expect(sizes.size).toBe(32);
  expect(Math.max(...sizes.values())).toBeLessThan(70);
});

test('a token of a word stands beside the same tokens of its beginnings and its sound, so none of these ties two together', () => {
  const keys = key();
  const count = new PlanCount();
  const draft = new GenerationKeys(keys);
  for (let n = 0; n < 640; n += 1) count.add(['name', 'prefix', 'sound'].map((cls) => draft.of(smith[cls]!)));
  const generation = new Generation(1, keys, count.plan(true, 640));
  const beside = { prefix: new Map<string, Set<string>>(), sound: new Map<string, Set<string>>() };
  for (let n = 0; n < 640; n += 1) {
    const token = generation.markOf(smith.name!, id(n)).token().toString('hex');
    for (const cls of ['prefix', 'sound'] as const) {
      const other = generation.markOf(smith[cls]!, id(n)).token().toString('hex');
      beside[cls].set(token, (beside[cls].get(token) ?? new Set()).add(other));
    }
  }
  for (const met of [beside.prefix, beside.sound]) {
    expect(met.size).toBe(32);
    expect([...met.values()].every((tokens) => tokens.size === 1)).toBe(true);
    expect(new Set([...met.values()].flatMap((tokens) => [...tokens])).size).toBe(32); // and no two words' tokens the same
  }
});

const smith: Record<string, Term> = Object.fromEntries(
  termsOf(named('Smith', 'Smith'), lengths)
    .filter(({ cls, value }) => cls === 'name' || value === 'smit' || cls === 'sound')
    .map((term) => [term.cls, term]),
);

test('a token stands for 32 patients, in a large hospital for one in 8,192; an index of before keeps what it was made with', () => {
  expect([0, 10_000, 262_144, 1_000_000].map(patientsPerToken)).toEqual([32, 32, 32, 122]);
  const common = { token: Buffer.alloc(32, 1), tag: Buffer.alloc(32) };
  const count = new PlanCount();
  for (let n = 0; n < 1_000; n += 1) count.add([common]);
  const plan = Plan.read(count.plan(true, 1_000_000).stored());
  expect(plan.partitionsOf({ cls: 'name', value: '' }, common)).toBe(16_384);
  expect([plan.patients, plan.meanPerToken]).toEqual([1_000_000, 91.5]);
  const { patients: _, perToken: __, ...before } = plan.stored();
  expect([Plan.read(before).patients, Plan.read(before).meanPerToken]).toEqual([0, 24]);
});

test('a plan survives being stored, whatever bytes its names have', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { maxLength: 20 }), (secrets) => {
      const terms = secrets.map((bytes) => ({ token: Buffer.from(bytes), tag: Buffer.alloc(32) }));
      const count = new PlanCount();
      for (let n = 0; n < 70; n += 1) count.add(terms);
      const plan = Plan.read(JSON.parse(JSON.stringify(count.plan(false, 70).stored())) as ReturnType<Plan['stored']>);
      expect(plan.prefixLengths).toEqual([]);
      for (const keys of terms) expect(plan.partitionsOf({ cls: 'name', value: '' }, keys)).toBeGreaterThan(1);
    }),
  );
});

describe('the route of a search', () => {
  const generation = new Generation(1, key(), Plan.unknown(true));
  const route = (typed: string, team = false) => routeOf(generation, readTyped(typed, lengths), team);

  test('goes from whole words to beginnings to sounds', () => {
    expect([...new Set(route('anders').map(({ match }) => match))]).toEqual(['EXACT', 'PREFIX', 'SOUND']);
    expect([...new Set(route('an').map(({ match }) => match))]).toEqual(['EXACT', 'PREFIX']);
    expect([...new Set(route('1985').map(({ match }) => match))]).toEqual(['EXACT']);
    expect(route('%')).toEqual([]);
  });

  test('goes through all rows of the rarest word at once and tests the others', () => {
    const legs = route('anders 100200');
    const [{ rows, having }] = legs as [Leg];
    expect(rows).toMatchObject({ kind: 'swept', size: 3 });
    if (rows.kind !== 'swept') throw new Error('no rows');
    expect(rows.tokens()).toContainEqual(generation.tokensOf({ cls: 'mrn', value: '100200' })[0]);
    expect(rows.also).toEqual({ tagKeys: readTyped('anders', lengths)[0]!.alternatives.SOUND.map(({ tag }) => generation.tagKeyOf(tag)) }); // prettier-ignore
    expect(having).toContainEqual([generation.tagKeyOf({ cls: 'name', value: 'anders' })]);
    expect(legsAtOnce(legs, 0, 1)).toEqual([...legs.keys()]);
  });

  /** A hospital where every name has so many tokens. */
  const where = (partitions: number, size: { patients?: number; perToken?: number } = {}) => {
    const plan = Plan.read({ prefixes: true, prefixLengths: lengths, otherwise: partitions, partitions: '', ...size });
    return routeOf(new Generation(1, key(), plan), readTyped('anders lindqvist', lengths), false);
  };

  test('of two common words it looks up the tokens of both; of two that very many have, step by step those of one', () => {
    expect(where(64)[0]!.rows).toMatchObject({ kind: 'swept', also: { tokens: expect.any(Function) as unknown } });
    const steps = where(2_048);
    expect(steps[0]!.rows).toMatchObject({ kind: 'tokens', size: 3 });
    expect(steps[0]!.having).toHaveLength(1);
  });

  test('where a token stands for more patients, a step looks up fewer', () => {
    expect(where(2_048, { perToken: 128 })[0]!.rows).toMatchObject({ kind: 'tokens', size: 1 });
  });

  test('who fits exactly comes alone where they fill a page: all of them at once, or some tokens of a very common word', () => {
    const exact = (legs: Leg[]) => legs.filter(({ match }) => match === 'EXACT');
    const atOnce = where(64, { patients: 20_000, perToken: 32 }); // some 118 have both
    expect(exact(atOnce)).toHaveLength(1);
    expect(legsAtOnce(atOnce, 0, 1)).toEqual([0]);
    const inSteps = exact(where(256, { patients: 50_000, perToken: 32 })); // some 755
    expect(inSteps.map(({ rows }) => rows.size)).toEqual([21, 84, 151]);
    const tokens = inSteps.flatMap(({ rows }) => (rows.kind === 'swept' ? rows.tokens() : []));
    expect(new Set(tokens.map(String)).size).toBe(256);
    const few = where(64, { patients: 200_000, perToken: 32 }); // some 12
    expect(new Set(few.map(({ rows }) => rows)).size).toBe(1);
  });

  test('legs that will fill a page are not followed further in the same statement', () => {
    const rare = (size: number): Leg => {
      return {
        match: 'EXACT',
        rows: { kind: 'tokens', tokens: () => [], size, work: 0 },
        having: [],
        without: [],
        notAll: [],
      };
    };
    expect(legsAtOnce([rare(1), rare(1), rare(3), rare(1)], 0, 1)).toEqual([0, 1, 2]);
    expect(legsAtOnce([rare(1), rare(16)], 0, 1)).toEqual([0]);
    expect(legsAtOnce([rare(1), rare(1)], 1, -1)).toEqual([1, 0]);
  });

  test('a beginning without tokens of its own is looked up by a shorter one', () => {
    const typed = ['li', 'lind', 'lindq', 'lindqvi', 'lindqvist', '王'];
    expect(typed.map((prefix) => lookUpPrefix(prefix, lengths))).toEqual(['li', 'lind', 'lindq', 'lindqv', 'lindqvis', '王']); // prettier-ignore
    const before = Plan.read({ prefixes: true, otherwise: 1, partitions: '' }).prefixLengths; // of an index built earlier
    expect(typed.map((prefix) => lookUpPrefix(prefix, before))).toEqual(['li', 'lind', 'lind', 'lindqv', 'lindqv', '王']); // prettier-ignore
  });

  test('through a care team: one leg for each way of fitting, and no token', () => {
    const legs = route('anders 1985', true);
    expect(legs.map(({ match, rows }) => [match, rows.kind])).toEqual([['EXACT', 'team'], ['PREFIX', 'team'], ['SOUND', 'team']]); // prettier-ignore
    expect(new Set(legs.map(({ rows }) => rows)).size).toBe(1);
    expect(legs.every(({ having }) => having.length === 2)).toBe(true);
  });
});
