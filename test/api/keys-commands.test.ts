import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startCommand, type Outcome } from '../support/command';
import { freshDatabase } from '../support/postgres';

let settings: Record<string, string>;
let database: Client;

const chartseal = (...args: string[]): Promise<Outcome> => startCommand(settings, ...args).outcome;

async function one<T>(text: string, values: unknown[] = []): Promise<T> {
  const { rows } = await database.query<Record<string, T>>(text, values);
  return Object.values(rows[0]!)[0]!;
}

beforeAll(async () => {
  settings = {
    DATABASE_URL: await freshDatabase(),
    DATA_DIR: await mkdtemp(join(tmpdir(), 'chartseal-keys-')),
    ROOT_KEY: randomBytes(32).toString('hex'),
  };
  database = new Client({ connectionString: settings.DATABASE_URL });
  await database.connect();
  expect(await chartseal('demo', '--patients', '5')).toMatchObject({ code: 0 });
}, 120_000);
afterAll(async () => {
  await database.end();
  await rm(settings.DATA_DIR!, { recursive: true, force: true });
});

test('rotate, reseal and reindex say in a line what they have done, with progress on standard error', async () => {
  const rotated = await chartseal('keys', 'rotate');
  expect(rotated).toMatchObject({ code: 0, output: expect.stringMatching(/^Epoch 2 wraps every data key; \d+ were wrapped anew\.\n$/) }); // prettier-ignore
  expect(rotated.errors).toMatch(/Wrapping data keys anew (\d+) of \1 \(100 %\)\n/);
  const resealed = await chartseal('keys', 'reseal');
  expect(resealed).toMatchObject({ code: 0, output: expect.stringMatching(/^\d[\d ]* values in \d+ columns counted, 0 under older keys; 6 owners have a new key\.\n$/) }); // prettier-ignore
  const reindexed = await chartseal('keys', 'reindex');
  expect(reindexed).toMatchObject({ code: 0, output: 'The search index was built anew under a new key.\n' });
  expect(await one<string>("SELECT state FROM search_generation WHERE version = 2")).toBe('active');
  expect(await chartseal('audit', 'verify', '--rows')).toMatchObject({ code: 0 });
}, 180_000); // prettier-ignore

test('reseal --patient takes one patient, and nobody else’s id', async () => {
  const id = await one<string>('SELECT id FROM patient LIMIT 1');
  const standing = () => one<string>('SELECT id::text FROM data_key WHERE owner = $1 AND retired_at IS NULL', [id]);
  const before = await standing();
  const done = { code: 0, output: 'Every value of this patient is under a new key.\n' };
  expect(await chartseal('keys', 'reseal', '--patient', id)).toMatchObject(done);
  expect(await standing()).not.toBe(before);
  const nobody = await chartseal('keys', 'reseal', '--patient', '01890000-0000-7000-8000-000000000000');
  expect(nobody).toMatchObject({ code: 1, output: '', errors: expect.stringMatching(/^No such patient\./m) });
  expect(await chartseal('keys', 'reseal', '--patient', 'x')).toMatchObject({ code: 2, output: '' });
});

test('status tells epochs, data keys and the last job', async () => {
  const { code, output } = await chartseal('keys', 'status');
  expect(code).toBe(0);
  expect(output).toMatch(/^Root key: given by ROOT_KEY\n/);
  expect(output).toMatch(/^ +2 .* current$/m);
  expect(output).toMatch(/^Data keys: 7 in use, \d+ replaced, 0 due to be replaced$/m); // 5 patients, the staff, a search index
  expect(output).toMatch(/^Last job: reseal, .*, 1 of 1, done$/m);
  expect(output).toMatch(/^patient\.name +5 +0 +0$/m);
});

test('a job that a killed command has left behind is finished before another kind begins', async () => {
  await database.query("INSERT INTO key_job (id, kind, state) VALUES (gen_random_uuid(), 'RESEAL', 'RUNNING')");
  expect(await chartseal('keys', 'rotate')).toMatchObject({ code: 0 });
  const { rows } = await database.query('SELECT kind, state FROM key_job ORDER BY started_at DESC LIMIT 2');
  expect(rows).toEqual([{ kind: 'ROTATE', state: 'DONE' }, { kind: 'RESEAL', state: 'DONE' }]); // prettier-ignore
});

test('verify says that all is well, or what is not, and its exit code says so too', async () => {
  const well = { code: 0, output: 'OK: every key is right and every sealed value has one.\n' };
  expect(await chartseal('keys', 'verify', '--open')).toMatchObject(well);
  await database.query('SET session_replication_role = replica');
  await database.query('CREATE TABLE kept_key AS SELECT * FROM data_key');
  await database.query('DELETE FROM data_key WHERE owner = (SELECT id FROM patient LIMIT 1)');
  const found = await chartseal('keys', 'verify', '--open');
  expect(found.code).toBe(1);
  expect(found.output).toMatch(/^patient\.name: 1 values without a key$/m);
  expect(found.output).toMatch(/^patient\.name of [0-9a-f-]{36} does not open: The data key is erased or was not loaded\.$/m); // prettier-ignore
  expect(found.output).toMatch(/^\d+ findings\.\n$/m);
  await database.query('INSERT INTO data_key SELECT * FROM kept_key ON CONFLICT DO NOTHING');
  await database.query('DROP TABLE kept_key');
  expect(await chartseal('keys', 'verify')).toMatchObject(well);
});

test.each([['rotate'], ['reseal'], ['reindex'], ['verify', '--open'], ['status']])(
  'under another root key, keys %s is one line and nothing is written',
  async (...args) => {
    const everything = () =>
      one<string>(`SELECT concat_ws(' ', (SELECT count(*) FROM key_epoch), (SELECT count(*) FROM data_key),
        (SELECT count(*) FROM key_job), (SELECT count(*) FROM search_generation),
        (SELECT count(*) FROM audit_entry) + (SELECT count(*) FROM audit_pending))`);
    const before = await everything();
    const wrong = { ...settings, ROOT_KEY: randomBytes(32).toString('hex') };
    const refused = await startCommand(wrong, 'keys', ...args).outcome;
    expect(refused).toMatchObject({ code: 1, output: '' });
    expect(refused.errors.trimEnd().split('\n').at(-1)).toBe('This root key (secret) is not the one the database was sealed under.'); // prettier-ignore
    expect(await everything()).toBe(before);
  },
);
