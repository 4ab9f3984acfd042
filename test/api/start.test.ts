import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openHospital } from '../support/opened-hospital';
import { emptyDatabase } from '../support/postgres';
import { startServer, type ServerProcess } from '../support/server-process';

let folder: string;
let running: ServerProcess[];

function start(settings: Record<string, string>): ServerProcess {
  const server = startServer({ DATA_DIR: join(folder, 'var'), ...settings });
  running.push(server);
  return server;
}

async function stop(server: ServerProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
  server.process.kill(signal);
  return server.ended;
}

beforeEach(() => {
  running = [];
  folder = mkdtempSync(join(tmpdir(), 'chartseal-start-'));
  // with the embedded PostgreSQL as root, its system user passes through
  if (process.getuid?.() === 0) rmSync(folder, { recursive: true });
  mkdirSync(folder, { recursive: true });
});
afterEach(async () => {
  for (const server of running) await stop(server, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

test('an empty folder becomes a demo hospital; stopping is clean; the second start keeps it', async () => {
  const first = start({});
  const address = await first.ready;
  expect((await fetch(`${address}/health/ready`)).status).toBe(200);
  const kept = join(folder, 'var/demo-accounts.json');
  const accounts = JSON.parse(readFileSync(kept, 'utf8')) as { email: string; role: string; password: string }[];
  expect(accounts.map(({ role }) => role).sort()).toEqual(
    ['ADMIN', 'AUDITOR', 'CLINICIAN', 'DOCTOR', 'INTEGRATION', 'NURSE'].sort(),
  );
  for (const { email, password } of accounts) expect(first.output()).toMatch(new RegExp(`${email} +${password}`));
  for (const secret of ['demo-accounts.json', 'root.key', 'log-signing.key', 'postgresql.password']) {
    expect(statSync(join(folder, 'var', secret)).mode & 0o777).toBe(0o600);
  }
  expect(await stop(first, 'SIGINT')).toBe(0);
  expect(first.output()).toMatch(/Stopping.*\nStopped\.\n$/);

  const second = start({});
  expect(await second.ready).not.toBeNull();
  expect(second.output()).toContain('Embedded PostgreSQL started');
  for (const { password } of accounts) expect(second.output()).not.toContain(password);
  expect(await stop(second)).toBe(0);
});

test('two servers start at once on one empty database: both serve, and each offers a link for the first admin', async () => {
  const settings = { DATABASE_URL: await emptyDatabase(), ROOT_KEY: randomBytes(32).toString('hex') };
  const servers = [start(settings), start(settings)];
  for (const server of servers) {
    const address = await server.ready;
    expect((await fetch(`${address}/health/ready`)).status).toBe(200);
    expect(server.output()).toMatch(/\/invite#[\w-]{43}\n/);
    expect(server.output()).not.toMatch(/password/i);
  }
  expect(await Promise.all(servers.map((server) => stop(server)))).toEqual([0, 0]);
});

test('a wrong, a missing or an open root key is one line, and no new key is made over old data', async () => {
  const settings = { DATABASE_URL: await emptyDatabase() };
  const first = start(settings);
  await first.ready;
  await stop(first);
  const keyFile = join(folder, 'var/root.key');

  for (const [spoil, complaint] of [
    [() => rmSync(keyFile), /^There is no root key file at .*root\.key\.\n$/],
    [() => writeFileSync(keyFile, randomBytes(32).toString('hex'), { mode: 0o600 }), /^This root key .* is not .*\n$/],
    [() => writeFileSync(`${keyFile}.open`, randomBytes(32).toString('hex'), { mode: 0o644 }), /open to others/],
  ] as const) {
    spoil();
    const server = start({
      ...settings,
      ROOT_KEY_FILE: complaint.source.includes('open') ? `${keyFile}.open` : keyFile,
    });
    expect(await server.ended).toBe(1);
    expect(server.errors()).toMatch(complaint);
  }
});

test('a taken port is one line, told before anything is made', async () => {
  const squatter = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => squatter.once('listening', resolve));
  const { port } = squatter.address() as AddressInfo;
  const server = start({ PORT: String(port) });
  expect(await server.ended).toBe(5);
  expect(server.errors()).toBe(
    `localhost:${port} is taken by another program (perhaps a Chartseal that still runs). Stop it, or set PORT.\n`,
  );
  expect(() => statSync(join(folder, 'var'))).toThrow();
  squatter.close();
});

test('faulty settings are all told at once, a database out of reach in one line without its password', async () => {
  const faulty = start({ PORT: 'x', CARE_TEAM: 'maybe', POOL_SIZE: '0' });
  expect(await faulty.ended).toBe(3);
  expect(faulty.errors().split('\n')).toHaveLength(5);
  for (const name of ['PORT', 'CARE_TEAM', 'POOL_SIZE']) expect(faulty.errors()).toContain(`  ${name}: must be`);

  const unreachable = start({ DATABASE_URL: 'postgres://chartseal:hunter2@127.0.0.1:1/chartseal' });
  expect(await unreachable.ended).toBe(4);
  expect(unreachable.errors()).toMatch(/^PostgreSQL at 127\.0\.0\.1:1\/chartseal cannot be used: .*ECONNREFUSED.*\n$/);
  expect(unreachable.errors()).not.toContain('hunter2');
});

test('whatever fails while a hospital is closed, the rest of it is closed all the same, and the failure told', async () => {
  const { runtime, dataDir } = await openHospital();
  const { watch } = runtime.services.snooping;
  const closeWatch = watch.close.bind(watch);
  jest.spyOn(watch, 'close').mockImplementation(async () => {
    await closeWatch();
    throw new Error('The rules did not end.');
  });
  await expect(runtime.close()).rejects.toThrow('The rules did not end.');
  expect(runtime.dataSource.isInitialized).toBe(false);
  await runtime.close(); // twice is once
  rmSync(dataDir, { recursive: true, force: true });
});
