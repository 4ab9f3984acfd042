import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { runCommand, startCommand, type Outcome } from '../support/command';
import { everythingStored } from '../support/everything-stored';
import { openHsm, type Hsm } from '../support/hsm';
import { freshDatabase } from '../support/postgres';
import { rotateAt, signInAt } from '../support/remote';
import { startServer } from '../support/server-process';
import { until } from '../support/until';

// every command and server here is a process of its own
jest.setTimeout(180_000);

let hsm: Hsm;
let folder: string;
let base: Record<string, string>;

beforeEach(async () => {
  hsm = await openHsm();
  folder = mkdtempSync(join(tmpdir(), 'chartseal-move-'));
  base = {
    DATABASE_URL: await freshDatabase(),
    DATA_DIR: join(folder, 'var'),
    SOFTHSM2_CONF: hsm.settings.SOFTHSM2_CONF!,
  };
});
afterEach(() => {
  hsm?.remove();
  rmSync(folder, { recursive: true, force: true });
});

const toToken = ['--to', 'pkcs11', '--module', 'MODULE', '--token', 'ward', '--pin-file', 'PIN'];
const move = (settings: Record<string, string>, ...to: string[]): Promise<Outcome> =>
  runCommand(settings, 'keys', 'move', ...to.map((word) => ({ MODULE: hsm.module, PIN: hsm.pinFile })[word] ?? word));
const opens = async (settings: Record<string, string>): Promise<boolean> => {
  const { code, errors } = await runCommand(settings, 'audit', 'verify', '--rows');
  if (code !== 0) expect(errors).toMatch(/This root key \(.*\) is not the one the database was sealed under\.\n$/);
  return code === 0;
};

/** The settings that a move said are right from now on. */
function told({ output }: Outcome): Record<string, string> {
  const lines = [...output.matchAll(/^ {2}(ROOT_KEY\w+)=(.*)$/gm)];
  return Object.fromEntries(lines.map(([, name, value]) => [name!, value!]));
}

async function rows<T extends object>(sql: string): Promise<T[]> {
  const client = new Client({ connectionString: base.DATABASE_URL });
  await client.connect();
  return client
    .query<T>(sql)
    .then((result) => result.rows)
    .finally(() => client.end());
}
const wrapped = () =>
  rows<{ wrapped: Buffer; kcv: Buffer }>(
    'SELECT wrapped, kcv FROM key_epoch UNION ALL SELECT wrapped, kcv FROM index_key',
  );

test('from a file into a token and on into another file: what it says opens the database, what was before does not', async () => {
  expect(await runCommand(base, 'demo', '--patients', '2')).toMatchObject({ code: 0 });
  const first = await wrapped();

  const there = await move(base, ...toToken);
  expect(there).toMatchObject({
    code: 0,
    output: expect.stringContaining('Wrapped again: 1 key epochs, 1 derivation roots.'),
  });
  const inToken = { ...base, ...told(there) };
  expect(Object.keys(told(there)).sort()).toEqual([
    'ROOT_KEY_PKCS11_LABEL',
    'ROOT_KEY_PKCS11_MODULE',
    'ROOT_KEY_PKCS11_PIN_FILE',
    'ROOT_KEY_PKCS11_TOKEN',
  ]);
  expect(there.output).not.toContain(hsm.pin);
  expect([await opens(inToken), await opens(base)]).toEqual([true, false]);

  const path = join(folder, 'safe.key');
  const back = await move(inToken, '--to', `file:${path}`);
  expect(told(back)).toEqual({ ROOT_KEY_FILE: path });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const inFile = { ...base, ...told(back) };
  expect([await opens(inFile), await opens(inToken), await opens(base)]).toEqual([true, false, false]);

  const last = await wrapped();
  expect(last.map(({ kcv }) => kcv)).toEqual(first.map(({ kcv }) => kcv));
  for (const [at, row] of last.entries()) expect(row.wrapped).not.toEqual(first[at]!.wrapped);
  const entries = await rows(`SELECT 1 FROM (SELECT entry FROM audit_entry UNION ALL SELECT entry FROM audit_pending) e
    WHERE convert_from(entry, 'UTF8')::jsonb @> '{"a": "move-root-key", "op": "keys move", "by": {"k": "system"}}'`);
  expect(entries).toHaveLength(2);
});

test('a mounted secret moves into a file of its own; the same key in another place is said to be the same', async () => {
  const hex = randomBytes(32).toString('hex');
  const secret = { ...base, ROOT_KEY: hex };
  const copy = join(folder, 'copy.key');
  writeFileSync(copy, `${hex}\n`, { mode: 0o600 });
  expect(await move(secret, '--to', `file:${copy}`)).toMatchObject({
    code: 0,
    output: expect.stringContaining('It is the same root key in another place; who had it before still has it.'),
  });
  expect([await opens(secret), await opens({ ...base, ROOT_KEY_FILE: copy })]).toEqual([true, true]);
  const other = join(folder, 'other.key');
  expect(await move(secret, '--to', `file:${other}`)).toMatchObject({
    code: 0,
    output: expect.stringContaining('The old root key opens only backups made before.'),
  });
  expect(readFileSync(other, 'utf8')).not.toContain(hex);
  expect([await opens(secret), await opens({ ...base, ROOT_KEY_FILE: other })]).toEqual([false, true]);
});

/** All but the time of the newest checkpoint: whoever opens a log at rest signs it anew. */
async function stored(): Promise<Record<string, string>> {
  const { audit_newest_checkpoint: _, ...others } = await everythingStored(base.DATABASE_URL!);
  return others;
}

test('a destination that does not work changes nothing', async () => {
  expect(await opens(base)).toBe(true);
  const before = await stored();
  writeFileSync(join(folder, 'pin'), '00000000');
  writeFileSync(join(folder, 'open.key'), randomBytes(32).toString('hex'), { mode: 0o644 });
  for (const [to, code, line] of [
    [[...toToken.slice(0, -1), join(folder, 'pin')], 1, /refuses the PIN/],
    [[...toToken.slice(0, 5), 'theatre', ...toToken.slice(6)], 1, /shows no token labelled "theatre"/],
    [['--to', `file:${join(folder, 'open.key')}`], 1, /open to others/],
    [['--to', `file:${join(folder, 'var/root.key')}`], 2, /The root key is there already: key file/],
    [['--to', 'elsewhere'], 2, /must be file:PATH or pkcs11/],
    [['--to', 'pkcs11', '--module', 'MODULE'], 2, /needs --module, --token and --pin-file/],
    [[], 2, /required option/],
  ] as const) {
    expect(await move(base, ...to)).toMatchObject({ code, output: '', errors: expect.stringMatching(line) });
  }
  expect(await stored()).toEqual(before);
  expect(await opens(base)).toBe(true);
});

test('killed half-way, the old root key still opens everything; the next try succeeds', async () => {
  expect(await opens(base)).toBe(true);
  const blocker = new Client({ connectionString: base.DATABASE_URL });
  await blocker.connect();
  // the move has wrapped the epochs again and wants to write the derivation root: there it stands until it is killed
  await blocker.query('BEGIN; SELECT 1 FROM index_key FOR UPDATE');
  const path = join(folder, 'next.key');
  const moving = startCommand(base, 'keys', 'move', '--to', `file:${path}`);
  const waiting = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
    AND query LIKE 'UPDATE index_key%'`;
  await until(async () => (await rows(waiting)).length > 0);
  moving.process.kill('SIGKILL');
  expect(await moving.outcome).toMatchObject({ code: -1, output: '' });
  await blocker.query('ROLLBACK');
  await blocker.end();

  expect(existsSync(path)).toBe(true);
  expect([await opens(base), await opens({ ...base, ROOT_KEY_FILE: path })]).toEqual([true, false]);
  expect(await move(base, '--to', `file:${path}`)).toMatchObject({ code: 0 });
  expect([await opens(base), await opens({ ...base, ROOT_KEY_FILE: path })]).toEqual([false, true]);
});

test('a server that still has the old root key works on, but cannot rotate: what it wrapped nobody could open', async () => {
  await runCommand(base, 'demo', '--patients', '1');
  const next = { ...base, ROOT_KEY_FILE: join(folder, 'next.key') };
  const server = startServer(base);
  try {
    const address = (await server.ready)!;
    const admin = await signInAt(address, base.DATA_DIR!, 'ADMIN');
    expect(await move(base, '--to', `file:${next.ROOT_KEY_FILE}`)).toMatchObject({ code: 0 });
    expect(await rotateAt(admin)).toBe('FAILED');
    const doctor = await signInAt(address, base.DATA_DIR!, 'DOCTOR');
    await doctor.get('{ patients { edges { node { id name { family } } } } }');
  } finally {
    server.process.kill('SIGKILL');
    await server.ended;
  }
  const status = await runCommand(next, 'keys', 'status');
  expect(status).toMatchObject({
    code: 0,
    output: expect.stringContaining('is not the one the database was sealed under'),
  });
  expect(await runCommand(next, 'keys', 'rotate')).toMatchObject({ code: 0 });
  expect(await opens(next)).toBe(true);
});

test('a root key in a token cannot be put into escrow, and that is said', async () => {
  const settings = { ...base, ...hsm.settings };
  const people = [
    'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p',
    'age1lggyhqrw2nlhcxprm67z43rta597azn8gknawjehu9d9dl0jq3yqqvfafg',
  ];
  const refused = await runCommand(settings, 'keys', 'escrow', ...people.flatMap((key) => ['--recipient', key]));
  expect(refused).toMatchObject({
    code: 1,
    output: '',
    errors: expect.stringContaining('a token that never gives it out'),
  });
});
