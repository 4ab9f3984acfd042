import { Client } from 'pg';
import { AuditLog } from '../../server/audit';
import { runIn } from '../../server/crypto/access-scope';
import { systemContext } from '../../server/graphql/context';
import { migrate } from '../../server/database/migrate';
import { migrations } from '../../server/database/migrations';
import { LogViews1767225600012 } from '../../server/database/migrations/1767225600012-log-views';
import { encodeEntry, factsOf, type LedgerEntry } from '../../server/ledger';
import { Browser, openFrontDesk, type FrontDesk } from '../support/front-desk';
import { emptyDatabase } from '../support/postgres';
import { until } from '../support/until';

let desk: FrontDesk;
beforeAll(async () => {
  desk = await openFrontDesk();
});
afterAll(() => desk.close());

describe('the log on a hospital’s first day', () => {
  test('checked while still empty, it verifies once it has entries', async () => {
    const { runtime } = desk;
    expect(runtime.auditLog).toBeInstanceOf(AuditLog);
    expect((await runtime.auditLog.verifyNew()).word).toBe('OK');
    await runIn(systemContext('test'), () => runtime.base.audit.record({ action: 'first' }));
    await sealed(desk);
    expect(await runtime.auditLog.verifyNew()).toMatchObject({ word: 'OK', at: null });
    expect(await runtime.auditLog.status()).toMatchObject({ state: 'VERIFIED', pending: 0 });
  });

  test('Admin Park sees where it is verified to, and that looking is an entry too', async () => {
    const park = await desk.hire('Admin Park', 'ADMIN');
    const browser = new Browser(desk);
    await browser.signIn(park);
    const looked = await browser.ask('{ auditEntries(first: 5) { edges { node { index action } } } }');
    expect(looked.code).toBeUndefined();
    await sealed(desk);
    const verified = await browser.ask('mutation { verifyAuditLog { size state verifiedTo brokenAt } }');
    expect(verified.data?.verifyAuditLog).toMatchObject({ state: 'VERIFIED', brokenAt: null });
    await sealed(desk);
    const again = await browser.ask('{ auditEntries(first: 50) { edges { node { action outcome } } } }');
    const actions = JSON.stringify(again.data);
    expect(actions).toContain('"view-log"');
    expect(actions).toContain('"verify-log"');
  });
});

test('Nurse Lindqvist asks by an id in capitals: entries go on being sealed, and hers names it as all others do', async () => {
  const browser = new Browser(desk);
  await browser.signIn(await desk.hire('Nurse Lindqvist', 'NURSE'));
  const id = '01a20387-06d3-77b8-8a52-f4251fda21ac';
  const asked = await browser.ask(`{ auditEntries(filter: { patientId: "${id.toUpperCase()}" }) { totalCount } }`);
  expect(asked.code).toBeUndefined();
  await sealed(desk);
  const [entry] = await desk.runtime.dataSource.query<{ entry: Buffer }[]>(
    'SELECT entry FROM audit_entry WHERE request_id = $1',
    [asked.requestId],
  );
  expect(factsOf(entry!.entry)).toMatchObject({ action: 'view-log', patients: [id] });
});

describe('looking for entries', () => {
  interface Seen {
    index: number;
    action: string;
    operation: string | null;
    purpose: string | null;
    ip: string | null;
    requestId: string | null;
    fields: string[];
    outcome: string;
    actor: { id: string | null; role: string | null };
    target: { type: string; id: string | null } | null;
  }
  const FIELDS = 'index action operation purpose ip requestId fields outcome actor { id role } target { type id }';
  let brandt: Browser;
  /** Looking makes the log longer. */
  let end: number;

  const look = async (args: string, more = '') => {
    const query = `{ auditEntries(first: 100, ${args}) { edges { node { ${FIELDS} } } ${more} } }`;
    const { data, error } = await brandt.ask(query);
    if (error) throw error;
    const page = data?.auditEntries as { edges: { node: Seen }[]; pageInfo?: { endCursor: string } };
    return { entries: page.edges.map(({ node }) => node), cursor: page.pageInfo?.endCursor };
  };

  beforeAll(async () => {
    brandt = new Browser(desk, '192.0.2.77');
    await brandt.signIn(await desk.hire('Auditor Brandt', 'AUDITOR'));
    await look('filter: {}');
    await sealed(desk);
    end = (await desk.runtime.auditLog.status()).size;
  });

  test('each element finds the entries that have it, and all of them', async () => {
    const { entries } = await look(`filter: { toIndex: ${end} }`);
    const sample = entries.find(({ target, actor }) => target?.id && actor.id && actor.role)!;
    const opened = entries.find(({ fields }) => fields.length > 0)!;
    const by: [string, (entry: Seen) => boolean][] = [
      [`role: ${sample.actor.role}`, ({ actor }) => actor.role === sample.actor.role],
      [`actorId: "${sample.actor.id}"`, ({ actor }) => actor.id === sample.actor.id],
      [`operation: "test"`, ({ operation }) => operation === 'test'],
      [`purpose: "oversight"`, ({ purpose }) => purpose === 'oversight'],
      [`ip: "192.0.2.77"`, ({ ip }) => ip === '192.0.2.77'],
      [`requestId: "${sample.requestId}"`, ({ requestId }) => requestId === sample.requestId],
      [`targetType: "${sample.target!.type}"`, ({ target }) => target?.type === sample.target!.type],
      [`targetId: "${sample.target!.id}"`, ({ target }) => target?.id === sample.target!.id],
      [`field: "${opened.fields[0]}"`, ({ fields }) => fields.includes(opened.fields[0]!)],
      [`actions: ["first", "view-log"]`, ({ action }) => ['first', 'view-log'].includes(action)],
      ['fromIndex: 2', ({ index }) => index >= 2],
    ];
    for (const [filter, meets] of by) {
      const found = await look(`filter: { ${filter}, toIndex: ${end} }`);
      expect({ filter, found: found.entries }).toEqual({ filter, found: entries.filter(meets) });
      expect(found.entries.length).toBeGreaterThan(0);
    }
  });

  test('sorted by an element, newest first among those alike; the other way is the exact reverse', async () => {
    const by = (direction: string) =>
      look(`filter: { toIndex: ${end} }, orderBy: { field: ACTION, direction: ${direction} }`);
    const { entries } = await by('ASC');
    const keys = entries.map(({ action, index }) => [action, -index] as const);
    const sorted = [...keys].sort(([a, i], [b, j]) => (a === b ? i - j : a < b ? -1 : 1));
    expect(keys).toEqual(sorted);
    expect((await by('DESC')).entries).toEqual([...entries].reverse());
  });

  test('a cursor of one order is none of another', async () => {
    const { cursor } = await look('orderBy: { field: ROLE, direction: ASC }', 'pageInfo { endCursor }');
    const asked = (field: string) =>
      brandt.ask(
        `{ auditEntries(first: 1, after: "${cursor}", orderBy: { field: ${field}, direction: ASC }) { edges { cursor } } }`,
      );
    expect((await asked('ROLE')).code).toBeUndefined();
    expect((await asked('ACTION')).code).toBe('BAD_USER_INPUT');
  });

  test.each(['actorId: "x"', 'fromIndex: -1', `operation: "${'x'.repeat(101)}"`, `actions: [${'"a" '.repeat(21)}]`])(
    'a filter that cannot be meant is refused: %s',
    async (filter) => {
      const { code } = await brandt.ask(`{ auditEntries(filter: { ${filter} }) { edges { cursor } } }`);
      expect(code).toBe('BAD_USER_INPUT');
    },
  );
});

test('entries written before their elements had columns are found by them after the migration', async () => {
  const url = await emptyDatabase();
  const before = migrations.slice(0, migrations.indexOf(LogViews1767225600012));
  await migrate(url, before);
  const client = new Client({ connectionString: url });
  await client.connect();
  const entry = (changes: Partial<LedgerEntry>) => encodeEntry({ ...ENTRY, ...changes });
  const old = [
    entry({}),
    entry({ op: 'Überblick "1"', ip: null, f: [], by: { k: 'system', r: null, s: null, u: null } }),
  ];
  for (const [index, bytes] of old.entries()) {
    await client.query(
      `INSERT INTO audit_entry (index, entry, leaf, chain, at, action, outcome) VALUES ($1, $2, '', '', now(), 'read', 'ok')`,
      [index, bytes],
    );
  }
  await migrate(url, migrations);
  const { rows } = await client.query('SELECT role, operation, purpose, ip, fields FROM audit_entry ORDER BY index');
  await client.end();
  expect(rows).toEqual(
    old.map((bytes) => {
      const { role, operation, purpose, ip, fields } = factsOf(bytes);
      return { role, operation, purpose, ip, fields };
    }),
  );
  expect(rows[0]).toEqual({
    role: 'NURSE',
    operation: 'Ward',
    purpose: 'treatment',
    ip: '192.0.2.1',
    fields: 'name,vitals',
  });
});

const ENTRY: LedgerEntry = {
  a: 'read',
  by: { k: 'user', r: 'NURSE', s: null, u: '0192a000-0000-7000-8000-000000000001' },
  d: null,
  f: ['name', 'vitals'],
  id: '0192a000-0000-7000-8000-000000000002',
  ip: '192.0.2.1',
  k: 'ok',
  n: 0,
  o: null,
  op: 'Ward',
  p: [],
  q: '0192a000-0000-7000-8000-000000000003',
  rh: null,
  t: '2026-01-02T03:04:05.678Z',
  v: 1,
  w: 'treatment',
  why: null,
};

/** Waits until nothing is pending. */
async function sealed({ runtime }: FrontDesk): Promise<void> {
  await until(async () => (await runtime.auditLog.status()).pending === 0);
}
