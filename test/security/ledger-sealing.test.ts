import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from 'pg';
import { pino } from 'pino';
import { AuditQueue, backlogBelow } from '../../server/audit';
import { Batches } from '../../server/audit/seal-entries';
import { UnsealedWatch } from '../../server/audit/unsealed-watch';
import { runIn } from '../../server/crypto/access-scope';
import { poolOf } from '../../server/database/reader';
import { RequestContext, anonymous, systemContext } from '../../server/graphql/context';
import { encodeEntry } from '../../server/ledger';
import { madeUpEntry, seeded } from '../support/made-up-entries';
import { superuserUrl } from '../support/superuser';
import { openHospital, type OpenedHospital } from '../support/opened-hospital';
import { allSealed, until, untilFigure } from '../support/until';
import { Dba } from './ledger-dba';

let hospital: OpenedHospital;
let url: string;

beforeEach(async () => {
  hospital = await openHospital();
  url = superuserUrl(hospital.runtime);
  await untilFigure(hospital, 'SELECT count(*) FROM audit_head', 1);
});

afterEach(async () => {
  for (const dba of dbas.splice(0)) await dba.end();
  for (const { process: child } of writers.splice(0)) child.kill('SIGKILL');
  await hospital.close();
});

/** Connections and processes of the running test, ended with it however it ends. */
const dbas: Dba[] = [];
const writers: Writer[] = [];

async function newDba(): Promise<Dba> {
  const dba = await Dba.of(url);
  dbas.push(dba);
  return dba;
}

interface Writer {
  process: ChildProcess;
  committed: string[];
  open: Promise<void>;
  ended: Promise<void>;
}

function startWriter(): Writer {
  const child = spawn(
    process.execPath,
    ['-r', join(__dirname, '../support/register.cjs'), join(__dirname, 'ledger-writer.ts')],
    {
      env: { ...process.env, NODE_ENV: 'test', DATABASE_URL: url, DATA_DIR: hospital.dataDir, BCRYPT_COST: '4' },
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const committed: string[] = [];
  const lines = createInterface(child.stdout);
  const open = new Promise<void>((resolve, reject) => {
    lines.on('line', (line) => (line === '-' ? resolve() : committed.push(line)));
    child.once('exit', () => reject(new Error('the writer ended before it was open')));
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const writer = { process: child, committed, open, ended };
  writers.push(writer);
  return writer;
}

/** Every committed entry is sealed exactly once, and the log verifies. */
async function demandNoneLost(committed: readonly string[]): Promise<void> {
  await allSealed(hospital);
  expect(await hospital.runtime.auditLog.verifyAll()).toMatchObject({ word: 'OK' });
  const rows = await hospital.runtime.dataSource.query<{ request_id: string; times: string }[]>(
    'SELECT request_id, count(*) AS times FROM audit_entry WHERE request_id = ANY($1) GROUP BY request_id',
    [committed],
  );
  expect(rows.filter(({ times }) => Number(times) !== 1)).toEqual([]);
  expect(rows).toHaveLength(committed.length);
  expect(await hospital.count('SELECT count(*) - (max(index) + 1) FROM audit_entry')).toBe(0);
}

test('the sealer’s connection is cut again and again while others write: it, or another, goes on', async () => {
  const dba = await newDba();
  const writer = startWriter();
  await writer.open;
  for (let cuts = 0; cuts < 8; cuts += 1) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    await dba.run(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'chartseal sealer' AND datname = current_database()`,
    );
  }
  writer.process.stdin!.end();
  await writer.ended;
  expect(writer.committed.length).toBeGreaterThan(100);
  await demandNoneLost(writer.committed);
});

test('killed between write and seal: the next start seals what was committed', async () => {
  const { runtime } = hospital;
  const holder = await newDba();
  await holder.run('BEGIN');
  await holder.run('SELECT FROM audit_head FOR UPDATE'); // nobody can seal
  const writer = startWriter();
  await writer.open;
  await until(() => writer.committed.length > 50);
  writer.process.kill('SIGKILL');
  await writer.ended;
  const waiting = await hospital.count('SELECT count(*) FROM audit_pending');
  expect(waiting).toBeGreaterThanOrEqual(writer.committed.length);
  await holder.run('ROLLBACK');
  await demandNoneLost(writer.committed);
  expect(runtime.auditLog).toBeDefined();
});

test('all entries of one turn go in one statement, and are sealed in the order they came', async () => {
  const pool = poolOf(hospital.runtime.dataSource);
  const query = jest.spyOn(pool, 'query');
  const { audit } = hospital.runtime.base;
  const actions = Array.from({ length: 100 }, (_, place) => `act ${place}`);
  await runIn(systemContext('test'), () => Promise.all(actions.map((action) => audit.record({ action }))));
  const inserts = query.mock.calls.filter(([what]) => JSON.stringify(what).includes('INSERT INTO audit_pending'));
  expect(inserts).toHaveLength(1);
  query.mockRestore();
  await allSealed(hospital);
  const sealed = await hospital.runtime.dataSource.query<{ action: string }[]>(
    "SELECT action FROM audit_entry WHERE action LIKE 'act %' ORDER BY index",
  );
  expect(sealed.map(({ action }) => action)).toEqual(actions);
});

test('several who seal at once, each taking itself for the only one, seal one log', async () => {
  const clients = [new Client({ connectionString: url }), new Client({ connectionString: url })];
  try {
    const batches = await Promise.all(clients.map(async (client) => (await client.connect(), new Batches(client))));
    const committed: string[] = [];
    for (let turn = 0; turn < 30; turn += 1) {
      const contexts = Array.from({ length: 5 }, () => new RequestContext({ actor: anonymous }));
      const { audit } = hospital.runtime.base;
      await Promise.all(contexts.map((context) => runIn(context, () => audit.record({ action: 'read' }))));
      committed.push(...contexts.map(({ requestId }) => requestId));
      await Promise.all(batches.map((one) => one.seal()));
    }
    await demandNoneLost(committed);
  } finally {
    for (const client of clients) await client.end();
  }
});

test('what is no entry is left waiting, whatever is wrong with it; all others are sealed, before it and after', async () => {
  const { audit } = hospital.runtime.base;
  const dba = await newDba();
  const record = async () => {
    const contexts = Array.from({ length: 5 }, () => new RequestContext({ actor: anonymous }));
    await Promise.all(contexts.map((context) => runIn(context, () => audit.record({ action: 'read' }))));
    return contexts.map(({ requestId }) => requestId);
  };
  const holder = await newDba();
  await holder.run('BEGIN');
  await holder.run('SELECT FROM audit_head FOR UPDATE'); // so that all of them wait together
  const before = await record();
  const entry = madeUpEntry(seeded(1), ['read']);
  const none = [
    Buffer.from([0]),
    Buffer.from('{"v":2}'),
    encodeEntry({ ...entry, p: ['01A20387-06D3-77B8-8A52-F4251FDA21AC'] }),
    encodeEntry({ ...entry, by: { ...entry.by, u: 'nobody' } }),
    encodeEntry({ ...entry, op: '\0' }),
    encodeEntry({ ...entry, t: 'today' }),
    encodeEntry({ ...entry, a: randomBytes(8_000).toString('base64') }), // too long for the index of actions
  ];
  for (const bytes of none) await dba.run(`INSERT INTO audit_pending (action, entry) VALUES ('read', $1)`, [bytes]);
  const after = await record();
  await holder.run('ROLLBACK');
  await untilFigure(hospital, 'SELECT count(*) FROM audit_pending', none.length);
  await backlogBelow(hospital.runtime.dataSource, 20); // nobody who loads patients waits for them
  const waiting = await dba.run('SELECT entry FROM audit_pending ORDER BY id');
  expect(waiting.map((row) => row.entry)).toEqual(none);
  await dba.run('DELETE FROM audit_pending');
  await demandNoneLost([...before, ...after]);
});

test('a batch that takes longer than a statement may is sealed in smaller ones', async () => {
  const { audit } = hospital.runtime.base;
  const holder = await newDba();
  await holder.run('BEGIN');
  await holder.run('SELECT FROM audit_head FOR UPDATE'); // so that all of them wait together
  const contexts = Array.from({ length: 6 }, () => new RequestContext({ actor: anonymous }));
  await Promise.all(contexts.map((context) => runIn(context, () => audit.record({ action: 'read' }))));
  // a disk so slow that more than four entries take too long
  await holder.run(`CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN IF (SELECT count(*) FROM added) > 4 THEN PERFORM pg_sleep(3600); END IF; RETURN NULL; END'`);
  await holder.run(`CREATE TRIGGER slow AFTER INSERT ON audit_entry REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION slow()`);
  await holder.run('COMMIT');
  await allSealed(hospital);
  await demandNoneLost(contexts.map(({ requestId }) => requestId));
});

test('closing waits for what was recorded', async () => {
  const { dataSource } = hospital.runtime;
  const queue = new AuditQueue(dataSource, { now: () => new Date() });
  const recorded = runIn(systemContext('test'), () => queue.record({ action: 'print' }));
  await queue.close();
  await recorded;
  await allSealed(hospital);
  expect(await hospital.count(`SELECT count(*) FROM audit_entry WHERE action = 'print'`)).toBe(1);
});

test('entries of operations under way together are written together; nobody waits for those that have left', async () => {
  const NEVER_MS = 3_600_000;
  const { dataSource } = hospital.runtime;
  const queue = new AuditQueue(dataSource, { now: () => new Date() }, NEVER_MS);
  const record = () => runIn(systemContext('test'), () => queue.record({ action: 'print' }));
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const sent = jest.spyOn(poolOf(dataSource), 'query');
  const written = () =>
    sent.mock.calls.filter(([query]) => (query as { name?: string }).name === 'insert-audit-pending');
  try {
    const left = [1, 2, 3, 4, 5].map(() => queue.expect());
    const early = [record(), record()];
    for (let turns = 0; turns < 5; turns += 1) await turn();
    expect(written()).toHaveLength(0);
    await Promise.all([...early, record()]); // three of five
    expect(written()).toHaveLength(1);
    const late = record();
    for (const leave of left.slice(2)) leave();
    await late;
    expect(written()).toHaveLength(2);
  } finally {
    sent.mockRestore();
  }
});

test('an entry taken away before it was sealed: alarm, naming the request', async () => {
  const dba = await newDba();
  const said: { requestIds?: string[]; msg: string }[] = [];
  const logger = pino({}, { write: (line: string) => void said.push(JSON.parse(line) as { msg: string }) });
  const vanished = jest.fn();
  const { dataSource, base } = hospital.runtime;
  const watch = new UnsealedWatch(poolOf(dataSource), logger, vanished, 100);
  await dba.run('BEGIN');
  await dba.run('SELECT FROM audit_head FOR UPDATE');
  const [kept, taken] = [new RequestContext({ actor: anonymous }), new RequestContext({ actor: anonymous })];
  for (const context of [kept, taken]) await runIn(context, () => base.audit.record({ action: 'read' }));
  const thief = await newDba();
  await thief.run(`DELETE FROM audit_pending WHERE convert_from(entry, 'UTF8')::jsonb ->> 'q' = $1`, [taken.requestId]);
  await until(() => vanished.mock.calls.length > 0);
  expect(said).toEqual([expect.objectContaining({ level: 50, requestIds: [taken.requestId], entries: 1 })]);
  await dba.run('ROLLBACK');
  await allSealed(hospital);
  await watch.close();
  expect(vanished).toHaveBeenCalledTimes(1);
});

test('a write wakes a sealer that sleeps', async () => {
  const tick = globalThis.setTimeout;
  const LONGEST_SLEEP_MS = 1_000;
  let asleep = false;
  const timers = jest.spyOn(globalThis, 'setTimeout').mockImplementation(((work: () => void, delay?: number) => {
    if (delay !== LONGEST_SLEEP_MS) return tick(work, delay);
    asleep = true;
    return tick(work, 3_600_000).unref(); // only news can wake it now
  }) as typeof setTimeout);
  try {
    await until(() => asleep);
    await runIn(systemContext('test'), () => hospital.runtime.base.audit.record({ action: 'read' }));
    await allSealed(hospital);
  } finally {
    timers.mockRestore();
  }
});

test('a log at rest is signed again before ten minutes are over: a stranger can tell it from one held back', async () => {
  await runIn(systemContext('test'), () => hospital.runtime.base.audit.record({ action: 'read' }));
  await allSealed(hospital);
  const entries = 'SELECT size FROM audit_head';
  const kept = 'SELECT count(*) FROM audit_checkpoint';
  const signedAt = 'SELECT extract(epoch FROM at) FROM audit_newest_checkpoint';
  await untilFigure(hospital, `SELECT (${entries}) - coalesce(max(size), 0) FROM audit_newest_checkpoint`);
  const figures = () => Promise.all([entries, kept].map((figure) => hospital.count(figure)));
  const [before, at, now] = [await figures(), await hospital.count(signedAt), Date.now.bind(Date)];
  const clock = jest.spyOn(Date, 'now').mockImplementation(() => now() + 9.5 * 60_000);
  try {
    await until(async () => (await hospital.count(signedAt)) > at);
  } finally {
    clock.mockRestore();
  }
  expect(await figures()).toEqual(before); // the newest note alone is another: only those of a grown log are kept
});
