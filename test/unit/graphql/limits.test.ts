import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { buildSchema, parse, type OperationDefinitionNode } from 'graphql';
import { getMetadataStorage } from 'type-graphql';
import { Budgets } from '../../../server/graphql/budget';
import { declaredComplexities } from '../../../server/graphql/complexity';
import { demandModest, limits } from '../../../server/graphql/limits';
import { MAX_PAGE } from '../../../server/graphql/pagination';
import { buildChartsealSchema } from '../../../server/graphql/schema';
import '../../../server/registry';

const schema = buildSchema(`
  type Query { ward(id: ID): Ward  wards(first: Int, last: Int): WardConnection  search(text: String): [Ward!]!  anything: Thing }
  interface Thing { id: ID! }
  type Ward implements Thing { id: ID!  name: String  beds: [Bed!]!  next: Ward  wards(first: Int): WardConnection }
  type Bed { id: ID! }
  type WardEdge { cursor: String!  node: Ward! }
  type WardConnection { edges: [WardEdge!]!  totalCount: Int }
  type Mutation { close(id: ID!): Ward }
`);
schema.getQueryType()!.getFields().search!.extensions = { complexity: 50 };

const cost = (text: string, variables: Record<string, unknown> = {}) => demandModest(schema, parse(text), variables);

describe('the cost of a document', () => {
  test.each<[string, number, Record<string, unknown>?]>([
    ['{ __typename }', 1],
    ['{ ward { id name } }', 3],
    ['mutation { close(id: 1) { id } }', 2],
    ['{ wards(first: 10) { edges { node { id } } } }', 1 + 10 * 3],
    ['{ wards(last: 10) { edges { node { id } } } }', 1 + 10 * 3],
    ['{ wards { edges { cursor } totalCount } }', 1 + 20 * 2 + 1],
    ['{ wards(first: 1000) { edges { cursor } } }', 1 + 100 * 2],
    ['{ wards(first: -5) { edges { cursor } } }', 1 + 2],
    ['query ($n: Int) { wards(first: $n) { edges { cursor } } }', 1 + 7 * 2, { n: 7 }],
    ['query ($n: Int = 7) { wards(first: $n) { edges { cursor } } }', 1 + 7 * 2],
    ['query ($n: Int = 7) { wards(first: $n) { edges { cursor } } }', 1 + 3 * 2, { n: 3 }],
    ['{ ward { beds { id } } }', 1 + 5 * 2],
    ['{ ward { ...F } } fragment F on Ward { id name }', 3],
    ['{ anything { id ... on Ward { name beds { id } } } }', 2 + 1 + 5 * 2],
    ['{ search { id } }', 5 * 50 + 5],
    ['query A { ward { id } } query B { ward { id name } }', 3],
    ['{ __schema { types { name fields { name } } } }', 5],
  ])('%s: %i', (text, expected, variables = {}) => {
    expect(cost(text, variables)).toBe(expected);
  });

  test('is that of the operation that is asked for', () => {
    const document = parse('query A { ward { id } } query B { ward { id name } }');
    const [first] = document.definitions as [OperationDefinitionNode];
    expect(demandModest(schema, document, {}, first)).toBe(2);
  });

  test('what a decorator declares is known of the schema', () => {
    expect([...declaredComplexities(Object.values(schema.getTypeMap()))]).toEqual([['Query.search', 50]]);
  });
});

describe('documents beyond the limits', () => {
  const many = (times: number, text: (n: number) => string) =>
    Array.from({ length: times }, (_, n) => text(n)).join(' ');

  test.each([
    ['thirteen deep', `{ ${'ward { next { '.repeat(7)} id ${'} } '.repeat(7)} }`, 'deeper than 12 fields'],
    ['aliases', `{ ${many(31, (n) => `a${n}: __typename`)} }`, 'more than 30 aliases'],
    ['directives', `{ ${many(31, (n) => `ward @skip(if: ${n > 5}) { id }`)} }`, 'more than 30'],
    ['repeats', `{ ward { ${many(32, () => 'id')} } }`, 'more than 30 fields twice'],
    ['repeats in many places', `{ ward { ${many(16, () => 'id')} next { ${many(17, () => 'id')} } } }`, 'more than 30 fields twice'],
    ['repeats by fragments', `{ ward { ${many(20, () => '...F')} } } fragment F on Ward { id id id }`, 'more than 30 fields twice'],
    ['cost', '{ wards(first: 100) { edges { node { wards(first: 100) { edges { node { id } } } } } } }', 'a cost above 20000'],
    ['cost by way of many', `{ ${many(20, (n) => `a${n}: wards(first: 100) { edges { node { beds { id } } } }`)} }`, 'a cost above 20000'],
    ['cost of an operation that is not asked for', 'query A { ward { id } } query B { wards(first: 100) { edges { node { wards(first: 100) { edges { node { id } } } } } } }', 'a cost above 20000'],
  ])('%s', (_what, text, why) => {
    expect(() => cost(text)).toThrow(why);
  }); // prettier-ignore

  test('thirty of each are well', () => {
    expect(() => cost(`{ ${many(30, (n) => `a${n}: __typename`)} }`)).not.toThrow();
    expect(() => cost(`{ ward { ${many(31, () => 'id')} } }`)).not.toThrow();
  });
});

describe('a budget', () => {
  let now = 1_000_000;
  const budgets = () => new Budgets({ now: () => new Date(now) });
  const allowance = { requestsPerMinute: null, costPerMinute: 600 };

  test('is spent, told, and fills up steadily', () => {
    const purse = budgets();
    expect(purse.spend('a', 500, allowance)).toEqual({ told: { requested: 500, budgetLeft: 100, limit: 600 }, retryAfterSeconds: 0 }); // prettier-ignore
    expect(purse.spend('a', 200, allowance)).toEqual({ told: { requested: 200, budgetLeft: 100, limit: 600 }, retryAfterSeconds: 10 }); // prettier-ignore
    now += 10_000;
    expect(purse.spend('a', 200, allowance).told.budgetLeft).toBe(0);
    now += 3_600_000;
    expect(purse.spend('a', 1, allowance).told.budgetLeft).toBe(599);
  });

  test('is each caller’s own', () => {
    const purse = budgets();
    purse.spend('a', 600, allowance);
    expect(purse.spend('a', 1, allowance).retryAfterSeconds).toBe(1);
    expect(purse.spend('b', 600, allowance).retryAfterSeconds).toBe(0);
  });

  test('of requests is another than of cost, and who is refused pays nothing', () => {
    const purse = budgets();
    const both = { requestsPerMinute: 2, costPerMinute: 600 };
    purse.spend('a', 1, both);
    purse.spend('a', 1, both);
    expect(purse.spend('a', 100, both)).toMatchObject({ told: { budgetLeft: 598 }, retryAfterSeconds: 30 });
    now += 30_000;
    expect(purse.spend('a', 100, both).retryAfterSeconds).toBe(0);
  });

  test('a clock that goes back gives nothing', () => {
    const purse = budgets();
    purse.spend('a', 600, allowance);
    now -= 60_000;
    expect(purse.spend('a', 1, allowance).retryAfterSeconds).toBe(1);
  });

  test('without limits nothing is refused', () => {
    const spent = budgets().spend('a', 1e9, { requestsPerMinute: null, costPerMinute: null });
    expect(spent).toEqual({ told: { requested: 1e9, budgetLeft: null, limit: null }, retryAfterSeconds: 0 });
  });
});

describe('docs/integrating.md', () => {
  const page = readFileSync('docs/integrating.md', 'utf8');

  test('lists what costs more than one visit, and nothing else', () => {
    const rows = [...page.matchAll(/^\| (\d+) +\| (.*\S) +\|$/gm)];
    const told = rows.flatMap(([, cost, fields]) =>
      [...fields!.matchAll(/`(\w+)`/g)].map(([, name]) => `${name} ${cost}`),
    );
    const resolvers = getMetadataStorage().resolverClasses.map(
      ({ target }) => Object.create(target.prototype) as object,
    );
    const types = Object.values(buildChartsealSchema(resolvers).getTypeMap());
    const declared = [...declaredComplexities(types)].map(([field, each]) => `${field.split('.')[1]} ${each}`);
    expect([...new Set(told)].sort()).toEqual([...new Set(declared)].sort());
  });

  test('says the limits there are', () => {
    const figures = [
      limits.depth,
      limits.aliases,
      limits.tokens,
      limits.values,
      limits.valueDepth,
      MAX_PAGE,
      limits.cost,
    ];
    for (const figure of figures) expect(page).toMatch(new RegExp(`\\| +${figure.toLocaleString('en')}\\b`));
    expect([limits.directives, limits.repeats]).toEqual([limits.aliases, limits.aliases]);
  });
});
