import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand, type Outcome } from '../support/command';
import { everythingStored } from '../support/everything-stored';
import { openHsm, type Hsm } from '../support/hsm';
import { freshDatabase } from '../support/postgres';
import { rotateAt, signInAt } from '../support/remote';
import { startServer, type ServerProcess } from '../support/server-process';

// every command and server here is a process of its own
jest.setTimeout(180_000);

let hsm: Hsm;
let folder: string;
let settings: Record<string, string>;
let running: ServerProcess[];

beforeEach(async () => {
  running = [];
  hsm = await openHsm();
  folder = mkdtempSync(join(tmpdir(), 'chartseal-hsm-hospital-'));
  settings = { DATABASE_URL: await freshDatabase(), DATA_DIR: join(folder, 'var'), ...hsm.settings };
});
afterEach(async () => {
  for (const server of running) {
    server.process.kill('SIGKILL');
    await server.ended;
  }
  hsm?.remove();
  rmSync(folder, { recursive: true, force: true });
});

const command = (...args: string[]): Promise<Outcome> => runCommand(settings, ...args);

function start(): ServerProcess {
  const server = startServer(settings);
  running.push(server);
  return server;
}

/** How many keys the token holds, as its user sees it. */
const keysInToken = (): Promise<unknown> =>
  hsm.probe(`
    const raw = load('crypto/custody/pkcs11-module').moduleAt(hsm.module).use();
    const slot = raw.C_GetSlotList(true).find((each) => raw.C_GetTokenInfo(each).label.trim() === 'ward');
    const session = raw.C_OpenSession(slot, ck.CKF_SERIAL_SESSION);
    raw.C_Login(session, ck.CKU_USER, hsm.pin);
    raw.C_FindObjectsInit(session, []);
    answer(raw.C_FindObjects(session, 100).length);`);

/** Starts over old data with settings or a token that are not right: one line, exit code 1, nothing written. */
async function demandRefusal(line: RegExp | string, changed: Record<string, string> = {}): Promise<void> {
  const before = await everythingStored(settings.DATABASE_URL!);
  for (const start of [
    () => runCommand({ ...settings, ...changed }, 'audit', 'verify'),
    async () => {
      const server = startServer({ ...settings, ...changed });
      return { code: await server.ended, errors: server.errors(), output: server.output() };
    },
  ]) {
    const { code, errors, output } = await start();
    const told = errors.replace(/^PostgreSQL [\d.]+ .*\n/, ''); // what a command opens is said there, too
    expect({ code, told }).toEqual({
      code: 1,
      told: typeof line === 'string' ? `${line}\n` : expect.stringMatching(line),
    });
    expect(told.split('\n')).toHaveLength(2);
    expect(errors + output).not.toContain(hsm.pin);
  }
  expect(await everythingStored(settings.DATABASE_URL!)).toEqual(before);
}

test('the first start makes the key in the token, the second opens with it, and no file holds one', async () => {
  expect(await command('demo', '--patients', '2')).toMatchObject({ code: 0 });
  expect(await keysInToken()).toBe(1);
  const status = await command('keys', 'status');
  expect(status).toMatchObject({
    code: 0,
    output: expect.stringContaining('key "chartseal-root" in the PKCS#11 token "ward"'),
  });
  expect(status.output).toMatch(/patient\.name +2 +0/);
  expect(await keysInToken()).toBe(1);
  expect(readdirSync(settings.DATA_DIR!)).not.toContain('root.key');
  for (const name of readdirSync(settings.DATA_DIR!)) {
    expect(readFileSync(join(settings.DATA_DIR!, name), 'utf8')).not.toContain(hsm.pin);
  }
});

test('two first starts at once make one key, and both serve', async () => {
  const servers = [start(), start()];
  for (const server of servers) {
    await server.ready;
    expect(server.errors()).toBe(''); // it says here why it does not serve
    expect(await server.ready).not.toBeNull();
  }
  expect(await keysInToken()).toBe(1);
});

describe('over old data', () => {
  beforeEach(async () => {
    expect(await command('audit', 'verify')).toMatchObject({ code: 0 });
  });

  test('a wrong PIN, another token, a missing token and a missing module are one line each, and nothing is written', async () => {
    const wrongPin = join(folder, 'wrong-pin');
    writeFileSync(wrongPin, '00000000\n', { mode: 0o600 });
    await demandRefusal(/^The token "ward" refuses the PIN\. Tokens count wrong tries .*\n$/, {
      ROOT_KEY_PKCS11_PIN_FILE: wrongPin,
    });
    await demandRefusal(`The PKCS#11 module ${hsm.module} shows no token labelled "theatre".`, {
      ROOT_KEY_PKCS11_TOKEN: 'theatre',
    });
    await demandRefusal('There is no PKCS#11 module at /nowhere/hsm.so.', {
      ROOT_KEY_PKCS11_MODULE: '/nowhere/hsm.so',
    });
    await demandRefusal('The token "ward" holds no key labelled "other".', { ROOT_KEY_PKCS11_LABEL: 'other' });
    expect(await keysInToken()).toBe(1);
  });

  test('an empty token under the same label gets no new key, and a token with another key opens nothing', async () => {
    hsm.unplug();
    await hsm.token('ward');
    await demandRefusal('The token "ward" holds no key labelled "chartseal-root".');
    expect(await keysInToken()).toBe(0);

    // a hospital of its own, with checkpoints of its own
    const other = { ...settings, DATABASE_URL: await freshDatabase(), DATA_DIR: join(folder, 'other') };
    expect(await runCommand(other, 'audit', 'verify')).toMatchObject({ code: 0 });
    await demandRefusal('This root key (PKCS#11 token) is not the one the database was sealed under.');
  });

  test('a key file in place of the token is refused, and none is made', async () => {
    const { ROOT_KEY_PKCS11_MODULE, ROOT_KEY_PKCS11_TOKEN, ROOT_KEY_PKCS11_PIN_FILE, ...plain } = settings;
    expect([ROOT_KEY_PKCS11_MODULE, ROOT_KEY_PKCS11_TOKEN, ROOT_KEY_PKCS11_PIN_FILE]).not.toContain(undefined);
    const refused = await runCommand(plain, 'audit', 'verify');
    expect(refused).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/There is no root key file at .*root\.key\.\n$/),
    });
    expect(existsSync(join(settings.DATA_DIR!, 'root.key'))).toBe(false);
  });
});

test('a token gone while the server runs stops no work on patients; a rotation fails and says why, and succeeds later', async () => {
  await command('demo', '--patients', '3');
  const server = start();
  const address = (await server.ready)!;
  const doctor = await signInAt(address, settings.DATA_DIR!, 'DOCTOR');
  const admin = await signInAt(address, settings.DATA_DIR!, 'ADMIN');
  const create = async (family: string) =>
    (await doctor.get(CREATE, { input: { name: { family, given: ['Astrid'] }, gender: 'FEMALE' } })).createPatient!;
  const before = await create('Lindgren');

  hsm.unplug();
  const change = { id: before.id, expectedVersion: before.version, phone: '070-123 45 67' };
  expect((await doctor.get(UPDATE, { input: change })).updatePatient).toMatchObject({ phone: '070-123 45 67' });
  const after = await create('Sandberg');
  expect(await rotateAt(admin)).toBe('FAILED');
  for (const [{ id }, family] of [
    [before, 'Lindgren'],
    [after, 'Sandberg'],
  ] as const) {
    expect((await doctor.get(READ, { id })).patient).toMatchObject({ name: { family } });
  }
  expect((await fetch(`${address}/health/ready`)).status).toBe(200);
  const gone = expect.stringContaining('shows no token labelled "ward"');
  expect(await command('audit', 'verify')).toMatchObject({ code: 1, errors: gone });

  hsm.plug();
  expect(await command('keys', 'status')).toMatchObject({ code: 0, output: gone });
  expect(await rotateAt(admin)).toBe('DONE');
  expect((await doctor.get(READ, { id: after.id })).patient).toMatchObject({ name: { family: 'Sandberg' } });
  expect(server.errors() + server.output()).not.toContain(hsm.pin);
});

const CREATE = 'mutation ($input: CreatePatientInput!) { createPatient(input: $input) { id version name { family } } }';
const UPDATE = 'mutation ($input: UpdatePatientInput!) { updatePatient(input: $input) { version phone } }';
const READ = 'query ($id: ID!) { patient(id: $id) { name { family } phone } }';
