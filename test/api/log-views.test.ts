import { Pool, type PoolClient, type QueryResultRow } from 'pg';
import { AuditOrderField, OrderDirection, type AuditFilter } from '../../server/audit/audit.inputs';
import { AuditOutcome } from '../../server/audit/audit.types';
import { peopleOf, type LogReach } from '../../server/audit/log-people';
import { LogOrder } from '../../server/audit/log-order';
import { BEGIN, LogView } from '../../server/audit/log-view';
import { LogWalks, type Asked, type EntryRow, type LogPage, type LogQuery } from '../../server/audit/log-walks';
import type { Page } from '../../server/graphql/pagination';
import { mergedInto } from '../../server/patients';
import { openFrontDesk, type FrontDesk } from '../support/front-desk';
import { superuserUrl } from '../support/superuser';

/**
 * The log by every element, sorted by every element: no look reads the whole table. Fabricated entries, as unevenly spread as
 * those of a hospital: most are reads by few roles, some actions and people are rare, and time goes with the index.
 */
const ENTRIES = 50_000;
/** Entries one index scan may pass, and all scans of a page together, out of those; a page shows 25. */
const A_SCAN = 2_501;
const A_PAGE = 6 * A_SCAN;

const id = (kind: string, n: string) => `('0192a000-0000-7000-8${kind}-' || lpad(to_hex(${n}), 12, '0'))::uuid`;
const fixed = (kind: string, n: number) => `0192a000-0000-7000-8${kind}-${n.toString(16).padStart(12, '0')}`;

const FABRICATE = `
  INSERT INTO audit_entry (index, entry, leaf, chain, at, actor_id, action, outcome, target_type, target_id, request_id,
    role, operation, purpose, ip, fields)
  SELECT n, convert_to(repeat(md5(n::text), 16), 'UTF8'), sha256(n::text::bytea), sha256(n::text::bytea),
    timestamptz '2026-01-01' + n * interval '1 minute', CASE WHEN n % 50 = 0 THEN NULL ELSE ${id('aaa', '(n * 7919) % 211')} END,
    CASE WHEN n % 5 < 4 THEN 'read' WHEN n % 997 = 0 THEN 'lockout' ELSE (ARRAY['update', 'create', 'search', 'sign-in'])[1 + n % 4] END,
    CASE WHEN n % 61 = 0 THEN 'refused' WHEN n % 499 = 0 THEN 'failed' ELSE 'ok' END,
    CASE WHEN n % 5 = 4 THEN (ARRAY['patient', 'visit', 'user'])[1 + n % 3] END, CASE WHEN n % 5 = 4 THEN ${id('bbb', 'n % 3000')} END,
    'request-' || n / 2, CASE WHEN n % 50 = 0 THEN '' ELSE (ARRAY['DOCTOR', 'NURSE', 'CLINICIAN', 'ADMIN'])[1 + n % 4] END,
    'Operation' || (n * 31) % 120, CASE WHEN n % 701 = 0 THEN 'emergency' WHEN n % 9 = 0 THEN 'oversight' ELSE 'treatment' END,
    '192.0.2.' || (n * 13) % 240, CASE WHEN n % 5 = 4 THEN '' WHEN n % 301 = 0 THEN 'name,diagnosis' ELSE 'birthDate,name' END
  FROM generate_series(0, ${ENTRIES - 1}) AS n;
  INSERT INTO audit_entry_patient (patient_id, index) SELECT ${id('ccc', '(n * 17) % 1500')}, n FROM generate_series(0, ${ENTRIES - 1}) AS n;
  INSERT INTO audit_entry_patient (patient_id, index) SELECT ${id('ccc', '7')}, n FROM generate_series(0, ${ENTRIES - 1}, 90) AS n ON CONFLICT DO NOTHING;
`;

/** Two records merged into one of the doctor's patients, the second of them by way of the first; one taken apart again; one of others. */
const [MERGES, TEAM] = [
  [[80, 81, null], [81, 82, null], [80, 83, new Date()], [60, 61, null]],
  [44, 80],
] as const; // prettier-ignore
/** Somebody with patients who have a quarter of all entries each, and many others. */
const BUSY = fixed('eee', 1);
const BUSY_TEAM = Array.from({ length: 40 }, (_, n) => 1_000 + n);
const FREQUENT = `INSERT INTO audit_entry_patient (patient_id, index)
  SELECT ${id('ccc', '1000 + n % 2')}, n FROM generate_series(0, ${ENTRIES - 1}) AS n WHERE n % 4 < 2 ON CONFLICT DO NOTHING`;

async function relate(): Promise<void> {
  const client = await pool.connect();
  await client.query('BEGIN; SET LOCAL session_replication_role = replica'); // of patients there are only ids
  const teams = [...TEAM.map((n) => [doctor, fixed('ccc', n)]), ...BUSY_TEAM.map((n) => [BUSY, fixed('ccc', n)])];
  for (const place of teams)
    await client.query(
      'INSERT INTO care_team_member (id, user_id, patient_id, since) VALUES (gen_random_uuid(), $1, $2, now())',
      place,
    );
  const envelope = Buffer.alloc(70, 225);
  for (const [kept, merged, until] of MERGES)
    await client.query(
      `INSERT INTO patient_merge (id, kept_id, merged_id, mrn, reason, undo, merged_at, unmerged_at)
       VALUES (gen_random_uuid(), $1, $2, $4, $4, $4, now(), $3)`,
      [fixed('ccc', kept), fixed('ccc', merged), until, envelope],
    );
  await client.query('COMMIT');
  client.release();
}

/** Under which ids the log knows each patient. */
const RECORDS = `CREATE TABLE records AS WITH RECURSIVE records (patient, record) AS (
  SELECT DISTINCT patient_id, patient_id FROM audit_entry_patient UNION
  SELECT r.patient, g.merged_id FROM records r JOIN patient_merge g ON g.kept_id = r.record AND g.unmerged_at IS NULL)
  SELECT * FROM records`;

const filters: Record<string, AuditFilter> = {
  'nothing': {},
  'a person': { actorId: fixed('aaa', 12) },
  'a role': { role: 'NURSE' },
  'a patient': { patientId: fixed('ccc', 7) },
  'a patient with merged records': { patientId: fixed('ccc', 80) },
  'one merged on': { patientId: fixed('ccc', 81) },
  'one of others, beside own patients': { patientId: fixed('ccc', 1_000) },
  'one of others, with a merged record': { patientId: fixed('ccc', 60).toUpperCase() },
  'a frequent action': { action: 'read' },
  'a rare action': { action: 'lockout' },
  'several actions': { actions: ['create', 'lockout'] },
  'an outcome': { outcome: AuditOutcome.REFUSED },
  'what most are': { outcome: AuditOutcome.OK, targetType: '', purpose: 'treatment' },
  'an operation': { operation: 'Operation17' },
  'a kind of target': { targetType: 'visit' },
  'a target': { targetId: fixed('bbb', 44) },
  'a column group': { field: 'diagnosis' },
  'a purpose': { purpose: 'emergency' },
  'a request': { requestId: 'request-1200' },
  'an address': { ip: '192.0.2.14' },
  'a week long ago': { from: new Date('2026-01-03T00:00:00Z'), to: new Date('2026-01-06T00:00:00Z') },
  'places': { fromIndex: 100, toIndex: 2_000 },
  'nobody there': { actorId: fixed('ddd', 1), action: 'read' },
  'a person and an action': { actorId: fixed('aaa', 12), action: 'update' },
}; // prettier-ignore

const orders = Object.values(AuditOrderField).flatMap((field) =>
  Object.values(OrderDirection).map((direction) => ({ field, direction })),
);

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: PlanNode[];
}

/** Entries each scan of a plan passes, and whether one reads a table from end to end. */
function scansOf(node: PlanNode): { passed: number[]; whole: boolean } {
  const below = (node.Plans ?? []).map(scansOf);
  const scan = node['Node Type'].includes('Scan') && node['Node Type'] !== 'Subquery Scan';
  const passed = (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'];
  const seq = node['Node Type'] === 'Seq Scan' && /^audit_entry/.test(node['Relation Name'] ?? '');
  return {
    passed: [...(scan ? [passed] : []), ...below.flatMap((one) => one.passed)],
    whole: seq || below.some(({ whole }) => whole),
  };
}

/** Explains every statement that is sent, and notes what it passed. */
class Watched implements Asked {
  readonly passed: number[] = [];
  whole = false;

  constructor(private readonly client: PoolClient) {}

  async query<Row extends QueryResultRow>(text: string, values: unknown[]): Promise<{ rows: Row[] }> {
    const plan = await this.client.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(
      `EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ${text}`,
      values,
    );
    const { passed, whole } = scansOf(plan.rows[0]!['QUERY PLAN'][0]!.Plan);
    this.passed.push(...passed);
    this.whole ||= whole;
    return this.client.query<Row>(text, values);
  }
}

let desk: FrontDesk;
let pool: Pool;
let view: LogView;
let doctor: string;
beforeAll(async () => {
  desk = await openFrontDesk();
  doctor = (await desk.hire('Dr Adeyemi', 'DOCTOR')).id;
  pool = new Pool({ connectionString: superuserUrl(desk.runtime), max: 4 });
  while (Number((await pool.query<{ n: string }>('SELECT count(*) AS n FROM audit_pending')).rows[0]?.n) > 0);
  await pool.query(
    'ALTER TABLE audit_entry DISABLE TRIGGER USER; DELETE FROM audit_entry_patient; DELETE FROM audit_entry',
  );
  await pool.query(FABRICATE);
  await pool.query(FREQUENT);
  await relate();
  await pool.query(RECORDS);
  await pool.query(`UPDATE audit_entry SET actor_id = $1 WHERE index % 131 = 0`, [doctor]);
  await pool.query('ANALYZE audit_entry; ANALYZE audit_entry_patient');
  view = new LogView(pool);
});
afterAll(async () => {
  await pool?.end();
  await desk?.close();
});

async function look(filter: AuditFilter, { reach, id = doctor }: { reach: LogReach; id?: string }): Promise<LogQuery> {
  const merged = (ids: readonly string[]) => mergedInto(desk.runtime.dataSource.manager, ids);
  return view.query(await peopleOf({ pool, mergedInto: merged }, { id, reach }, filter.patientId), filter);
}

const SIZE = 25;
const first: Page = { size: SIZE, backward: false, from: null };

async function demandBounded(
  filter: AuditFilter,
  order: (typeof orders)[number],
  { most = A_PAGE, longest = A_SCAN, ...viewer }: { reach: LogReach; id?: string; longest?: number; most?: number },
): Promise<string[]> {
  const sorting = new LogOrder(order);
  const query = await look(filter, viewer);
  const client = await pool.connect();
  const faults: string[] = [];
  await client.query(BEGIN);
  for (let page = first, turn = 0; turn < 2; turn += 1) {
    const watched = new Watched(client);
    const { rows } = await new LogWalks(watched).page(query, sorting, page);
    const passed = Math.max(...watched.passed, 0);
    const all = watched.passed.reduce((sum, one) => sum + one, 0);
    if (watched.whole || passed > longest || all > most)
      faults.push(`${order.field} ${order.direction}: ${passed} of ${all}${watched.whole ? ', the whole table' : ''}`);
    const row = rows[3];
    if (!row) break;
    page = { ...first, from: [row.sorted, row.index] };
  }
  await client.query('COMMIT');
  client.release();
  return faults;
}

test.each(Object.entries(filters))(
  '%s, sorted by each element both ways, is found by an index',
  async (_name, filter) => {
    const faults = await Promise.all(orders.map((order) => demandBounded(filter, order, { reach: 'all' })));
    expect(faults.flat()).toEqual([]);
  },
);

test.each(Object.entries(filters).filter(([, filter]) => Object.keys(filter).length < 2))(
  '%s, in the log’s own order: a page passes what it shows and hardly more, however long the log',
  async (_name, filter) => {
    const plain = orders.filter(({ field }) => field === AuditOrderField.INDEX);
    const faults = await Promise.all(
      plain.map((order) => demandBounded(filter, order, { reach: 'all', most: 4 * (SIZE + 1) })),
    );
    expect(faults.flat()).toEqual([]);
  },
);

test('of two things asked for, the rarer one is walked', async () => {
  const faults = await demandBounded(
    { role: 'ADMIN', operation: 'Operation17' },
    { field: AuditOrderField.INDEX, direction: OrderDirection.DESC },
    { reach: 'all', most: 2 * 64 + 3 * (SIZE + 1) },
  );
  expect(faults).toEqual([]);
});

describe('who sees a part of the log', () => {
  const some = orders.filter(({ field }) => ['INDEX', 'ACTION', 'IP'].includes(field));
  test.each(Object.entries(filters))('%s', async (_name, filter) => {
    const reaches: LogReach[] = ['ownPatients', 'own'];
    const faults = await Promise.all(
      reaches.flatMap((reach) => some.map((order) => demandBounded(filter, order, { reach }))),
    );
    expect(faults.flat()).toEqual([]);
  });

  test('many patients, some with very many entries: of each, no more are passed than a look may pass', async () => {
    const viewer = { reach: 'ownPatients', id: BUSY, longest: 3 * A_SCAN } as const;
    const faults = await Promise.all(some.map((order) => demandBounded({}, order, viewer)));
    expect(faults.flat()).toEqual([]);
  });
});

async function walk(
  filter: AuditFilter,
  order: (typeof orders)[number],
  backward: boolean,
  reach: LogReach = 'all',
): Promise<EntryRow[]> {
  const query = await look(filter, { reach });
  const sorting = new LogOrder(order);
  const seen: EntryRow[] = [];
  for (let from: string[] | null = null; ;) {
    const { rows, stoppedAt }: LogPage = await view.page(query, sorting, { size: 100, backward, from });
    seen.push(...rows.slice(0, 100));
    if (rows.length <= 100 && !stoppedAt) return backward ? seen.reverse() : seen;
    from = stoppedAt ?? [seen.at(-1)!.sorted, seen.at(-1)!.index];
  }
}

const TEAM_OF = 'SELECT patient_id FROM care_team_now WHERE user_id = $2';
const OWN = `SELECT record FROM records WHERE patient IN (${TEAM_OF})`;
/** The same question in plain SQL, one condition for each thing asked for: `$1` is the filter as JSON, `$2` the doctor, `$3` the reach. */
const ASKED: Record<keyof AuditFilter, string> = {
  actorId: `actor_id::text = f ->> 'actorId'`,
  role: `role = f ->> 'role'`,
  patientId: `index IN (SELECT index FROM audit_entry_patient JOIN records ON record = patient_id
    WHERE patient::text = lower(f ->> 'patientId') AND (record = patient OR $3 = 'all' OR patient IN (${TEAM_OF})))`,
  action: `action = f ->> 'action'`,
  actions: `f -> 'actions' ? action`,
  outcome: `outcome = lower(f ->> 'outcome')`,
  operation: `operation = f ->> 'operation'`,
  targetType: `coalesce(target_type, '') = f ->> 'targetType'`,
  targetId: `target_id::text = f ->> 'targetId'`,
  field: `',' || fields || ',' LIKE '%,' || (f ->> 'field') || ',%'`,
  purpose: `purpose = f ->> 'purpose'`,
  requestId: `request_id = f ->> 'requestId'`,
  ip: `ip = f ->> 'ip'`,
  from: `at >= (f ->> 'from')::timestamptz`,
  to: `at < (f ->> 'to')::timestamptz`,
  fromIndex: `index >= (f ->> 'fromIndex')::bigint`,
  toIndex: `index < (f ->> 'toIndex')::bigint`,
};
const SEEN: Record<LogReach, string> = {
  all: '$2::uuid IS NOT NULL',
  own: 'actor_id = $2',
  ownPatients: `(actor_id = $2 OR (index IN (SELECT index FROM audit_entry_patient WHERE patient_id IN (${OWN}))
    AND (NOT f ? 'patientId' OR lower(f ->> 'patientId')::uuid IN (${OWN}))))`,
};

async function asked(filter: AuditFilter, reach: LogReach): Promise<string[]> {
  const where = Object.keys(filter).map((name) => ASKED[name as keyof AuditFilter]);
  const { rows } = await pool.query<{ index: string }>(
    `SELECT index::text FROM audit_entry CROSS JOIN (SELECT $1::jsonb AS f) AS given
     WHERE ${["$3 <> ''", SEEN[reach], ...where].join(' AND ')} ORDER BY audit_entry.index DESC`,
    [JSON.stringify(filter), doctor, reach],
  );
  return rows.map(({ index }) => index);
}

describe('brings what was asked for, all of it and nothing else', () => {
  const STRETCH = { fromIndex: 30_000, toIndex: 33_000 };
  const few = {
    'a patient of few entries': { patientId: fixed('ccc', 44) },
    'another patient': { patientId: fixed('ccc', 1) },
  };
  const singles = Object.entries({ ...filters, ...few });
  const crossed = singles.filter(([name]) =>
    /patient|a person$|several|rare|frequent|address|group|purpose/.test(name),
  );
  const pairs = crossed.flatMap(([one, filter], at) =>
    crossed
      .slice(at + 1)
      .filter(([, also]) => !('patientId' in filter && 'patientId' in also))
      .map(([other, also]): [string, AuditFilter] => [`${one}, ${other}`, { ...filter, ...also }]),
  );
  const [newest, byAction] = [AuditOrderField.INDEX, AuditOrderField.ACTION].map((field) => ({
    field,
    direction: OrderDirection.DESC,
  })) as [(typeof orders)[number], (typeof orders)[number]];

  test.each([...singles, ...pairs])('%s', async (_name, given) => {
    for (const filter of [given, { ...given, ...STRETCH }]) {
      for (const reach of ['all', 'own', 'ownPatients'] as const) {
        const expected = await asked(filter, reach);
        if (expected.length > 1_000) continue; // the stretch has the same in short
        expect((await walk(filter, newest, false, reach)).map(({ index }) => index)).toEqual(expected);
        expect((await walk(filter, newest, true, reach)).map(({ index }) => index)).toEqual(expected);
        const sorted = (await walk(filter, byAction, false, reach)).map(({ index }) => index);
        expect([...sorted].sort((a, b) => Number(b) - Number(a))).toEqual(expected);
      }
    }
  });
});

async function demandAll(order: (typeof orders)[number], from: number, to: number): Promise<void> {
  const filter = { fromIndex: from, toIndex: to };
  const seen = await walk(filter, order, false);
  const places = seen.map(({ index }) => Number(index));
  expect([...places].sort((a, b) => a - b)).toEqual(Array.from({ length: to - from }, (_, n) => from + n));
  expect((await walk(filter, order, true)).map(({ index }) => Number(index))).toEqual(places);
  const values = [...new Set(seen.map(({ sorted }) => sorted))];
  const first = seen.filter(({ sorted }, at) => sorted !== seen[at - 1]?.sorted);
  expect(first.map(({ sorted }) => sorted)).toEqual(values);
  const newestFirst = (order.field === AuditOrderField.INDEX) !== (order.direction === OrderDirection.ASC);
  const astray = seen.filter(({ sorted }, at) => {
    if (sorted !== seen[at - 1]?.sorted) return false;
    return places[at]! > places[at - 1]! === newestFirst;
  });
  expect(astray).toEqual([]);
}

test.each(orders)('pages by $field $direction bring every entry once, forwards as backwards', (order) =>
  demandAll(order, 40_000, 40_450),
);

test.each(orders.filter(({ field }) => ['ACTION', 'OUTCOME', 'IP'].includes(field)))(
  'so they do by $field $direction where there are too many entries to sort',
  (order) => demandAll(order, 40_000, 40_000 + A_SCAN),
);

test('a period of clocks that differ a little still finds its entries', async () => {
  await pool.query(`UPDATE audit_entry SET at = at - interval '1 minute' WHERE index = 30001`);
  const period = { from: new Date(Date.UTC(2026, 0, 1, 0, 30_000)), to: new Date(Date.UTC(2026, 0, 1, 0, 30_001)) };
  const query = await look(period, { reach: 'all' });
  const { rows } = await view.page(query, new LogOrder(null), first);
  expect(rows.map(({ index }) => index)).toEqual(['30001', '30000']);
  expect(await view.count(query)).toBe(2);
});
