import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { emptyDatabase, freshDatabase } from '../support/postgres';

const root = join(__dirname, '../..');
let settings: Record<string, string>;

interface Outcome {
  code: number;
  output: string;
  errors: string;
}

function chartseal(...args: string[]): Promise<Outcome> {
  const script = `require(${JSON.stringify(join(root, 'server/cli/main.ts'))}).run()`;
  const command = ['-r', join(root, 'test/support/register.cjs'), '-e', script, '--', ...args];
  const env = { PATH: process.env.PATH, NODE_ENV: 'test', BCRYPT_COST: '4', ...settings };
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: root, env }, (error, output, errors) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, output, errors });
    });
  });
}

async function sql(text: string): Promise<void> {
  const client = new Client({ connectionString: settings.DATABASE_URL });
  await client.connect();
  await client.query(text).finally(() => client.end());
}

beforeAll(async () => {
  settings = {
    DATABASE_URL: await emptyDatabase(),
    DATA_DIR: mkdtempSync(join(tmpdir(), 'chartseal-commands-')),
    ROOT_KEY: randomBytes(32).toString('hex'),
  };
});
afterAll(() => rmSync(settings.DATA_DIR ?? '', { recursive: true, force: true }));

test('patients are added with progress on standard error, and every report agrees afterwards', async () => {
  const demo = await chartseal('demo', '--patients', '5');
  expect(demo).toMatchObject({ code: 0, output: expect.stringMatching(/^5 made-up patients added\.\n/) });
  expect(demo.errors).toContain('Adding patients 5 of 5 (100 %)\n');

  expect(await chartseal('audit', 'verify', '--rows')).toMatchObject({
    code: 0,
    output: expect.stringMatching(
      /^OK: \d+ entries verified, root [0-9a-f]{64}, signed at \S+\nOK: every row is what the log says\.\n$/,
    ),
    errors: expect.stringMatching(/Verifying entries (\d+) of \1 \(100 %\)\n/),
  });
  const keys = await chartseal('keys', 'status');
  expect(keys.code).toBe(0);
  expect(keys.output).toMatch(/patient\.name +5 +0 +0\n/);
  expect(await chartseal('demographics', 'recount')).toMatchObject({ code: 0, output: 'The kept counts are right.\n' });
});

test('a wrong count is told, corrected on request, and right afterwards', async () => {
  await sql('UPDATE demographic_count SET people = people + 3');
  expect(await chartseal('demographics', 'recount')).toMatchObject({
    code: 1,
    output: expect.stringContaining('are wrong'),
  });
  expect((await chartseal('demographics', 'recount', '--fix')).code).toBe(0);
  expect((await chartseal('demographics', 'recount')).code).toBe(0);
});

test('a sealed value whose key is gone is told', async () => {
  await sql(
    'CREATE TABLE kept_key AS SELECT * FROM data_key; DELETE FROM data_key WHERE owner = (SELECT id FROM patient LIMIT 1)',
  );
  expect((await chartseal('keys', 'status')).code).toBe(1);
  await sql('INSERT INTO data_key SELECT * FROM kept_key ON CONFLICT DO NOTHING; DROP TABLE kept_key');
  expect((await chartseal('keys', 'status')).code).toBe(0);
});

test('a row changed behind the application makes the verification fail', async () => {
  await sql(`SET session_replication_role = replica;
    UPDATE patient SET name = (SELECT name FROM patient ORDER BY id LIMIT 1) WHERE id = (SELECT max(id::text)::uuid FROM patient)`);
  const verdict = await chartseal('audit', 'verify', '--rows');
  expect(verdict).toMatchObject({
    code: 1,
    output: expect.stringMatching(/patient [0-9a-f-]{36}: changed behind the application; last true at \d{4}-/),
  });
});

test('the link for an administrator is all that is printed', async () => {
  settings.PUBLIC_URL = 'https://records.example.org';
  const { code, output } = await chartseal('admin', 'create');
  expect(code).toBe(0);
  expect(output).toMatch(/^https:\/\/records\.example\.org\/invite#[\w-]{43}\n$/);
});

test('help is no failure, wrong usage is 2, wrong settings 3, and the contract needs no database', async () => {
  expect(await chartseal('--help')).toMatchObject({ code: 0, output: expect.stringContaining('Exit codes') });
  expect(await chartseal('audit', 'verify', '--help')).toMatchObject({
    code: 0,
    output: expect.stringContaining('Usage:'),
  });
  expect((await chartseal('audti')).code).toBe(2);
  expect((await chartseal('audit', 'verify', '--nope')).code).toBe(2);
  expect((await chartseal('audit', 'drop-shard', 'last', '--export', '.')).code).toBe(2);
  settings.DATABASE_URL = 'nonsense';
  expect((await chartseal('keys', 'status')).code).toBe(3);
  expect(await chartseal('schema', 'print')).toMatchObject({
    code: 0,
    output: expect.stringContaining('type Patient '),
  });
}, 120_000);

test('a database of a newer Chartseal is refused in one line', async () => {
  settings.DATABASE_URL = await freshDatabase();
  expect((await chartseal('keys', 'status')).code).toBe(0);
  await sql("INSERT INTO schema_migration (timestamp, name) VALUES (2000000000000, 'Future2000000000000')");
  const refused = await chartseal('keys', 'status');
  expect(refused.code).toBe(4);
  expect(refused.errors).toMatch(/migrated by a newer Chartseal \(Future2000000000000\)\. Start that one\.\n$/);
});
