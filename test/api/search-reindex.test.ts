import { runIn } from '../../server/crypto/access-scope';
import { systemContext } from '../../server/graphql/context';
import { Gender } from '../../server/patients';
import { Hospital } from '../support/hospital';
import { openTwoServers, type TwoServers } from '../support/two-servers';

let servers: TwoServers;
let one: Hospital;
let other: Hospital;
let settings: Record<string, string>;

beforeAll(async () => {
  servers = await openTwoServers();
  ({ one, other, settings } = servers);
});
afterAll(() => servers?.close());

/** Registers people of this family name past the front door; their ids. */
function people(family: string, count: number, at = one): Promise<string[]> {
  const { services, dataSource } = at.runtime;
  const context = systemContext('test');
  const wanted = Array.from({ length: count }, (_, n) => ({
    input: { name: { family, given: [`Person${n}`] }, gender: Gender.UNKNOWN },
  }));
  return runIn(context, () =>
    dataSource.transaction(async (manager) =>
      (await services.patients.registerAll(context, manager, wanted)).map(({ id }) => id),
    ),
  );
}

interface Page {
  edges: { node: { id: string } }[];
  pageInfo: { hasNextPage: boolean; endCursor: string };
}

/** Walks a whole search page by page; `between` runs after each page. */
async function walk(typed: string, size: number, between: () => Promise<unknown>): Promise<string[]> {
  const seen: string[] = [];
  for (let after = '', more = true; more;) {
    const { patients } = await one.as('park').get<{ patients: Page }>(
      'query ($s: String, $n: Int, $after: String) { patients(search: $s, first: $n, after: $after) { edges { node { id } } pageInfo { hasNextPage endCursor } } }',
      { s: typed, n: size, after: after || null },
    ); // prettier-ignore
    seen.push(...patients.edges.map(({ node }) => node.id));
    ({ hasNextPage: more, endCursor: after } = patients.pageInfo);
    await between();
  }
  return seen;
}

const generations = () => one.sql<{ version: number; state: string }>('SELECT version, state FROM search_generation ORDER BY version'); // prettier-ignore
const unindexed = () =>
  one.count(
    `SELECT count(*) FROM patient p, search_generation g
     WHERE NOT EXISTS (SELECT 1 FROM patient_search s WHERE s.patient_id = p.id AND s.generation = g.version)`,
  );

test('everybody is seen once by who pages through a search, also while people are registered and the index is built anew', async () => {
  const there = await people('Ekström', 60);
  let built: Promise<boolean> | null = null;
  const seen = await walk('ekstrom', 7, async () => {
    built ??= one.runtime.services.searchUpkeep.reindex({ graceMs: 3_000 });
    await people('Ekström', 5, other);
  });
  expect(seen.length).toBe(new Set(seen).size);
  expect(there.filter((id) => !seen.includes(id))).toEqual([]);
  expect(await built).toBe(true);
  expect(await unindexed()).toBe(0);
  const again = await walk('ekstrom', 100, async () => undefined);
  expect(again.length).toBe(await one.count('SELECT count(*) FROM patient'));
});

test('nobody registered or changed by another server meanwhile is missing from the new index', async () => {
  const [changed] = await people('Fransson', 1);
  let registered = 0;
  let building = true;
  const writing = (async () => {
    for (; building; registered += 20) await people('Fransson', 20, other);
  })();
  const versions: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    expect(await one.runtime.services.searchUpkeep.reindex({ graceMs: 0 })).toBe(true);
    versions.push((await generations()).at(-1)!.version);
    const { patient } = await other.as('park').get<{ patient: { version: number } }>(`{ patient(id: "${changed}") { version } }`); // prettier-ignore
    await other.as('park').do('updatePatient', { id: changed, expectedVersion: patient.version, name: { family: `Fransson Round${round}`, given: [] } }); // prettier-ignore
  }
  building = false;
  await writing;
  expect(await generations()).toEqual([{ version: versions[2], state: 'active' }]);
  expect(await unindexed()).toBe(0);
  expect(await walk('fransson round2', 10, async () => undefined)).toEqual([changed]);
  expect(await walk('round1', 10, async () => undefined)).toEqual([]);
  expect((await walk('fransson', 100, async () => undefined)).length).toBe(registered + 1);
});

test('a build that was cut off is taken up where it stood, and only one is under way at a time', async () => {
  await people('Grahn', 250);
  const { searchUpkeep } = one.runtime.services;
  const cut = new AbortController();
  const begun = searchUpkeep.reindex({ graceMs: 0, signal: cut.signal, onProgress: (done) => done > 0 && cut.abort() });
  await expect(begun).rejects.toThrow('abort');
  const [active, left] = await generations();
  expect([active!.state, left!.state]).toEqual(['active', 'building']);
  const filled = await one.count('SELECT count(*) FROM patient_search WHERE generation = $1', [left!.version]);
  expect(filled).toBeGreaterThan(0);
  expect(await walk('grahn', 100, async () => undefined)).toHaveLength(250);
  await people('Grahn', 1, other); // written into both

  const progress: number[] = [];
  const both = await Promise.all([
    searchUpkeep.reindex({ graceMs: 0, onProgress: (done) => progress.push(done) }),
    other.runtime.services.searchUpkeep.reindex({ graceMs: 0 }),
  ]);
  expect(both.sort()).toEqual([false, true]);
  if (progress.length > 0) expect(progress[0]).toBeGreaterThanOrEqual(filled);
  expect(await generations()).toEqual([{ version: left!.version, state: 'active' }]);
  expect(await unindexed()).toBe(0);
  expect(await walk('grahn', 100, async () => undefined)).toHaveLength(251);
});

test('each step is in the log; the key of the old index is destroyed with it', async () => {
  const [{ key_id: key }] = (await one.sql<{ key_id: string }>('SELECT key_id FROM search_generation')) as [{ key_id: string }]; // prettier-ignore
  const entries = await one.entriesOf(() => one.runtime.services.searchUpkeep.reindex({ graceMs: 0 }));
  const steps = entries.filter(({ a }) => a === 'reindex');
  expect(steps.map(({ f, by, o }) => [f[0], by.k, o!.t])).toEqual([
    ['began', 'system', 'searchIndex'],
    ['switched', 'system', 'searchIndex'],
    ['dropped', 'system', 'searchIndex'],
  ]);
  expect(await one.count('SELECT count(*) FROM data_key WHERE id = $1', [key])).toBe(0);
  expect(await one.count("SELECT count(*) FROM data_key WHERE purpose = 'search'")).toBe(1);
});

test('a cursor into an index that is no more says so', async () => {
  const ask = (after: string) => one.as('park').ask(`{ patients(search: "grahn", first: 5${after}) { pageInfo { endCursor } } }`); // prettier-ignore
  const { data } = await ask('');
  const { endCursor } = (data as { patients: { pageInfo: { endCursor: string } } }).patients.pageInfo;
  expect((await ask(`, after: "${endCursor}"`)).code).toBeUndefined();
  await one.runtime.services.searchUpkeep.reindex({ graceMs: 0 });
  expect((await ask(`, after: "${endCursor}"`)).code).toBe('BAD_USER_INPUT');
});

test('a common name is split once the hospital has grown: the server sees that by itself', async () => {
  const upkeep = one.runtime.services.searchUpkeep;
  const before = (await generations())[0]!.version;
  await upkeep.lookAfter();
  expect((await generations())[0]!.version).toBe(before); // not twice as many yet
  const many = Math.max(1_000, await one.count('SELECT count(*) FROM patient'));
  await people('Hedlund', many);
  await upkeep.lookAfter({ graceMs: 0 });
  const generation = await one.runtime.services.patientIndex.generations.active();
  expect(generation.version).toBeGreaterThan(before);
  expect(generation.partitionsOf({ cls: 'name', value: 'hedlund' })).toBe(2 ** Math.ceil(Math.log2(many / 32)));
  const sizes = await one.sql<{ n: number }>(
    'SELECT count(*)::int AS n FROM patient_search s, unnest($2::bytea[]) AS t (token) WHERE s.generation = $1 AND s.tokens @> ARRAY[token] GROUP BY token',
    [generation.version, generation.tokensOf({ cls: 'name', value: 'hedlund' })],
  );
  expect(sizes.reduce((sum, { n }) => sum + n, 0)).toBe(many);
  expect(Math.max(...sizes.map(({ n }) => n))).toBeLessThan(75);
});

test('prefixes switched off: no beginning is found or stored, whole words and sounds are; switched on again, they are back', async () => {
  const off = await Hospital.open({ ...settings, NAME_PREFIX_SEARCH: 'off' }, undefined, one);
  try {
    await off.runtime.services.searchUpkeep.lookAfter({ graceMs: 0 });
    const find = async (search: string) => {
      const data = await one.as('park').get<{ patients: { totalCount: number } }>('query ($search: String) { patients(search: $search) { totalCount } }', { search }); // prettier-ignore
      return data.patients.totalCount;
    };
    expect([await find('grah'), await find('grahn'), await find('grahnn')]).toEqual([0, 251, 251]);
    const generation = await one.runtime.services.patientIndex.generations.active();
    const stored = await one.count('SELECT count(*) FROM patient_search WHERE tokens && $1::bytea[]', [
      generation.tokensOf({ cls: 'prefix', value: 'grah' }),
    ]);
    expect([generation.plan.prefixLengths, stored]).toEqual([[], 0]);
    await one.runtime.services.searchUpkeep.lookAfter({ graceMs: 0 });
    expect(await find('grah')).toBe(251);
  } finally {
    await off.close();
  }
});

test('a database with patients but no index, as after an upgrade, gets one before the server opens', async () => {
  const { version } = (await generations())[0]!;
  await one.sql("UPDATE search_generation SET state = 'retired', retired_at = now()");
  await one.sql('SELECT search_drop_generation($1)', [version]);
  expect(await one.count('SELECT count(*) FROM patient_search')).toBe(0);
  const opened = await Hospital.open(settings, undefined, one);
  try {
    expect(await generations()).toEqual([{ version: 1, state: 'active' }]);
    expect(await unindexed()).toBe(0);
  } finally {
    await opened.close();
  }
});
