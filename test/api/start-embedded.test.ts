import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const support = join(__dirname, '../support');
let dataDir: string;
let users: Holder[];

interface Holder {
  how: string;
  rows: number;
  port: number;
  process: ChildProcess;
}

/** Starts a process that uses the embedded PostgreSQL; rejects with its one line of complaint. */
async function use(): Promise<Holder> {
  const child = spawn(process.execPath, ['-r', `${support}/register.cjs`, `${support}/hold-database.ts`, dataDir]);
  let complaint = '';
  child.stderr.on('data', (text: Buffer) => (complaint += text.toString()));
  const told = await Promise.race([once(createInterface(child.stdout), 'line'), once(child, 'close')]);
  if (typeof told[0] !== 'string') throw new Error(`${child.exitCode}: ${complaint.trim()}`);
  const holder = { ...(JSON.parse(told[0]) as Omit<Holder, 'process'>), process: child };
  users.push(holder);
  return holder;
}

async function letGo({ process: child }: Holder): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.stdin?.end();
  await once(child, 'close');
}

async function kill({ process: child }: Holder): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'close');
}

function postmaster(): number | null {
  const file = join(dataDir, 'postgresql/data/postmaster.pid');
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : null;
}

beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'chartseal-embedded-'));
  // as root, PostgreSQL's user passes through
  if (process.getuid?.() === 0) rmSync(dataDir, { recursive: true });
});
beforeEach(() => {
  users = [];
});
afterEach(async () => {
  for (const user of users) await letGo(user);
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

test('three processes start it at once: one cluster, all rows in it, the last one out stops it', async () => {
  const three = await Promise.all([use(), use(), use()]);
  expect(new Set(three.map(({ port }) => port)).size).toBe(1);
  expect(Math.max(...three.map(({ rows }) => rows))).toBe(3);
  await Promise.all(three.slice(0, 2).map(letGo));
  expect(postmaster()).not.toBeNull();
  await letGo(three[2]!);
  expect(postmaster()).toBeNull();
});

test('its password is for its owner only', () => {
  expect(statSync(join(dataDir, 'postgresql.password')).mode & 0o777).toBe(0o600);
  expect(statSync(join(dataDir, 'postgresql')).mode & 0o777).toBe(0o700);
});

test('a killed process leaves it running; the next one attaches, and stops it at the end', async () => {
  await kill(await use());
  expect(postmaster()).not.toBeNull();
  const next = await use();
  expect(next).toMatchObject({ rows: 5, how: expect.stringContaining('already running') });
  await letGo(next);
  expect(postmaster()).toBeNull();
});

test('PostgreSQL itself killed under two processes comes back by itself, on its port, with everything', async () => {
  const one = await use();
  process.kill(postmaster()!, 'SIGKILL');
  const other = await use();
  expect(other.rows).toBe(one.rows + 1);
  await letGo(other);
  // Whoever had not come back to it yet was not seen by the one that left, and starts it once more.
  while (postmaster() === null) await new Promise((done) => setTimeout(done, 20));
  await letGo(one);
  expect(postmaster()).toBeNull();
});

test('a pid file whose number a stranger has now is no obstacle', async () => {
  const data = join(dataDir, 'postgresql/data');
  writeFileSync(join(data, 'postmaster.pid'), `${process.pid}\n${data}\n1\n5432\n\n127.0.0.1\n\nready\n`);
  expect(await use()).toMatchObject({ how: 'Embedded PostgreSQL started' });
});

test('a cluster of another major version, or under another password, is told in one line', async () => {
  const version = join(dataDir, 'postgresql/data/PG_VERSION');
  const kept = readFileSync(version);
  writeFileSync(version, '17\n');
  await expect(use()).rejects.toThrow(/^4: The database in .* was made by PostgreSQL 17; .*$/);
  writeFileSync(version, kept);

  const password = join(dataDir, 'postgresql.password');
  const right = readFileSync(password);
  writeFileSync(password, 'wrong');
  await expect(use()).rejects.toThrow(/^4: The password in .* does not fit .*$/);
  expect(postmaster()).toBeNull();
  writeFileSync(password, right);
  expect((await use()).rows).toBe(9);
});
