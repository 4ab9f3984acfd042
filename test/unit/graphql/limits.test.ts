import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { buildSchema, parse, type OperationDefinitionNode } from 'graphql';
import { getMetadataStorage } from 'type-graphql';
import { DEEPEST_MS } from '../../../server/graphql/budget-meter';
import { Budgets, type BudgetStore, type PaidAt, type Spending } from '../../../server/graphql/budget';
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

/** What PostgreSQL keeps for all servers, in memory. */
class Ledger implements BudgetStore {
  away = false;
  private readonly paid = new Map<string, PaidAt>();

  async fold(spendings: readonly Spending[], now: number): Promise<PaidAt[]> {
    await Promise.resolve();
    if (this.away) throw new Error('no database');
    return spendings.map(({ caller, since, ...spent }) => {
      const before = this.paid.get(caller) ?? { requests: 0, cost: 0 };
      const add = (kind: 'requests' | 'cost') =>
        Math.min(Math.max(before[kind], since) + spent[kind], now + DEEPEST_MS);
      const after = { requests: add('requests'), cost: add('cost') };
      this.paid.set(caller, after);
      return after;
    });
  }
}

describe('a budget', () => {
  let now: number;
  let lost: unknown[];
  const open: Budgets[] = [];
  const server = (ledger: BudgetStore = new Ledger()) => {
    open.push(new Budgets(ledger, { now: () => new Date(now) }, (error) => void lost.push(error)));
    return open.at(-1)!;
  };
  beforeEach(() => void ((lost = []), (now = 10_000_000)));
  afterEach(() => Promise.all(open.splice(0).map((budgets) => budgets.close())));
  const allowance = { requestsPerMinute: null, costPerMinute: 600 };
  /** What these servers grant in documents of one cost, asked in turn or all at once, until all refuse. */
  async function granted(servers: Budgets[], cost: number, atOnce = 1): Promise<number> {
    let sum = 0;
    for (let more = true; more;) {
      const asked = servers.flatMap((one) => Array.from({ length: atOnce }, () => one.spend('a', cost, allowance)));
      const paid = (await Promise.all(asked)).filter(({ retryAfterSeconds }) => retryAfterSeconds === 0);
      sum += paid.length * cost;
      more = paid.length > 0;
    }
    return sum;
  }

  test('is spent, told, and fills up steadily', async () => {
    const purse = server();
    expect(await purse.spend('a', 500, allowance)).toEqual({ told: { requested: 500, budgetLeft: 100, limit: 600 }, retryAfterSeconds: 0 }); // prettier-ignore
    expect(await purse.spend('a', 200, allowance)).toEqual({ told: { requested: 200, budgetLeft: 100, limit: 600 }, retryAfterSeconds: 10 }); // prettier-ignore
    now += 10_000;
    expect((await purse.spend('a', 200, allowance)).told.budgetLeft).toBe(0);
    now += 3_600_000;
    expect((await purse.spend('a', 1, allowance)).told.budgetLeft).toBe(599);
  });

  test('is each caller’s own', async () => {
    const purse = server();
    await purse.spend('a', 600, allowance);
    expect((await purse.spend('a', 1, allowance)).retryAfterSeconds).toBe(1);
    expect((await purse.spend('b', 600, allowance)).retryAfterSeconds).toBe(0);
  });

  test('of requests is another than of cost, and who is refused pays nothing', async () => {
    const purse = server();
    const both = { requestsPerMinute: 2, costPerMinute: 600 };
    await purse.spend('a', 1, both);
    await purse.spend('a', 1, both);
    expect(await purse.spend('a', 100, both)).toMatchObject({ told: { budgetLeft: 598 }, retryAfterSeconds: 30 });
    now += 30_000;
    expect((await purse.spend('a', 100, both)).retryAfterSeconds).toBe(0);
  });

  test('a clock that goes back gives nothing, and takes little', async () => {
    const purse = server();
    await purse.spend('a', 600, allowance);
    now -= 3_600_000;
    const { retryAfterSeconds } = await purse.spend('a', 1, allowance);
    expect(retryAfterSeconds).toBeGreaterThanOrEqual(1);
    expect(retryAfterSeconds).toBeLessThanOrEqual(7);
  });

  test('without limits nothing is refused', async () => {
    const spent = await server().spend('a', 1e9, { requestsPerMinute: null, costPerMinute: null });
    expect(spent).toEqual({ told: { requested: 1e9, budgetLeft: null, limit: null }, retryAfterSeconds: 0 });
  });

  test.each([
    ['in turn', 7, 1],
    ['many at once', 7, 20],
    ['dearer than a chunk', 200, 3],
  ])('is one for two servers, to a chunk or one document: %s', async (_how, cost, atOnce) => {
    const ledger = new Ledger();
    const sum = await granted([server(ledger), server(ledger)], cost, atOnce);
    expect(sum).toBeGreaterThanOrEqual(600 - cost);
    expect(sum).toBeLessThanOrEqual(600 + Math.max(60, cost));
  });

  test('what few ask is granted without asking anybody', async () => {
    const ledger = new Ledger();
    const asked = jest.spyOn(ledger, 'fold');
    const one = server(ledger);
    for (let n = 0; n < 6; n += 1) await one.spend('a', 10, allowance);
    expect(asked).not.toHaveBeenCalled();
    await one.spend('a', 10, allowance);
    expect(asked).toHaveBeenCalledTimes(1);
  });

  test('without the store each server holds the budget by itself, says so once, and tells when it is back', async () => {
    const ledger = new Ledger();
    const [one, other] = [server(ledger), server(ledger)];
    ledger.away = true;
    expect([await granted([one], 7, 5), await granted([other], 7, 5)]).toEqual([595, 595]);
    expect(lost).toHaveLength(2);
    ledger.away = false;
    await Promise.all([one.close(), other.close()]);
    expect((await server(ledger).spend('a', 600, allowance)).retryAfterSeconds).toBeGreaterThan(50);
  });

  test('a store that never answers holds nobody up for ever', async () => {
    jest.useFakeTimers();
    try {
      const one = server({ fold: () => new Promise(() => undefined) });
      const asked = one.spend('a', 300, allowance);
      await jest.advanceTimersByTimeAsync(1000);
      expect((await asked).retryAfterSeconds).toBe(0);
      expect((await one.spend('a', 300, allowance)).retryAfterSeconds).toBe(0);
      expect((await one.spend('a', 1, allowance)).retryAfterSeconds).toBe(1);
      expect(lost).toHaveLength(1);
      const closing = one.close();
      await jest.advanceTimersByTimeAsync(1000);
      await closing;
      open.splice(0);
    } finally {
      jest.useRealTimers();
    }
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
