import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../support/command';
import { everythingStored } from '../support/everything-stored';
import { emptyDatabase } from '../support/postgres';
import { startServer } from '../support/server-process';

// every command and server here is a process of its own
jest.setTimeout(180_000);

let folder: string;
let settings: Record<string, string>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'chartseal-old-data-'));
  settings = { DATABASE_URL: await emptyDatabase(), DATA_DIR: join(folder, 'var') };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A server and a command over old data: one line, exit code 1, and every table as it was. */
async function demandRefusal(wrong: Record<string, string>, line: RegExp): Promise<void> {
  const before = await everythingStored(settings.DATABASE_URL!);
  const files = readdirSync(settings.DATA_DIR!).sort();
  const server = startServer(wrong);
  expect(await server.ended).toBe(1);
  expect(server.errors()).toMatch(line);
  const command = await runCommand(wrong, 'demo', '--patients', '1');
  expect(command).toMatchObject({ code: 1, output: '' });
  expect(command.errors.replace(/^PostgreSQL [\d.]+ .*\n/, '')).toMatch(line);
  expect(await everythingStored(settings.DATABASE_URL!)).toEqual(before);
  expect(readdirSync(settings.DATA_DIR!).sort()).toEqual(files);
}

test('over old data, a key file that is missing, another one, malformed or open to others: nothing is written, no key made', async () => {
  expect(await runCommand(settings, 'demo', '--patients', '1')).toMatchObject({ code: 0 });
  const file = join(settings.DATA_DIR!, 'root.key');
  renameSync(file, join(folder, 'safe.key'));
  await demandRefusal(settings, /^There is no root key file at .*root\.key\.\n$/);
  expect(existsSync(file)).toBe(false);

  const other = join(folder, 'other.key');
  for (const [text, mode, line] of [
    [
      randomBytes(32).toString('hex'),
      0o600,
      /^This root key \(key file\) is not the one the database was sealed under\.\n$/,
    ],
    ['no key', 0o600, /^The root key must be 32 bytes written as hex .*\n$/],
    [randomBytes(32).toString('hex'), 0o640, /^The root key file .* is open to others: chmod 600 it\.\n$/],
  ] as const) {
    rmSync(other, { force: true });
    writeFileSync(other, text, { mode });
    await demandRefusal({ ...settings, ROOT_KEY_FILE: other }, line);
  }
  const right = { ...settings, ROOT_KEY_FILE: join(folder, 'safe.key') };
  expect(await runCommand(right, 'audit', 'verify', '--rows')).toMatchObject({ code: 0 });
});

test('over old data, another secret, or none: nothing is written, no key made', async () => {
  const secret = { ...settings, ROOT_KEY: randomBytes(32).toString('hex') };
  expect(await runCommand(secret, 'demo', '--patients', '1')).toMatchObject({ code: 0 });
  const other = { ...settings, ROOT_KEY: randomBytes(32).toString('hex') };
  await demandRefusal(other, /^This root key \(secret\) is not the one the database was sealed under\.\n$/);
  await demandRefusal(settings, /^There is no root key file at .*root\.key\.\n$/);
  expect(await runCommand(secret, 'audit', 'verify', '--rows')).toMatchObject({ code: 0 });
});
