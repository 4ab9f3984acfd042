import { generateKeyPairSync, randomBytes, createHash, createPublicKey } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { runIn } from '../../server/crypto/access-scope';
import { systemContext } from '../../server/graphql/context';
import { openErasure, signErasure } from '../../server/ledger';
import { runCommand } from '../support/command';
import { erased } from '../support/erasing';
import { Hospital, type Patient } from '../support/hospital';
import { freshDatabase, startTestPostgres } from '../support/postgres';

type Settings = Record<string, string>;

let folder: string;
let settings: Settings;
/** Who works there; the accounts outlive each opening. */
let people: Hospital | undefined;
const open: Hospital[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chartseal-backups-'));
  settings = {
    DATABASE_URL: await freshDatabase(),
    ROOT_KEY: randomBytes(32).toString('hex'),
    LOG_SIGNING_KEY_FILE: join(folder, 'log-signing.key'),
  };
});
afterEach(async () => {
  for (const hospital of open.splice(0)) await hospital.close();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function opened(of: Settings): Promise<Hospital> {
  const hospital = await Hospital.open(of, undefined, people);
  people ??= hospital;
  open.push(hospital);
  return hospital;
}

async function closed(hospital: Hospital): Promise<void> {
  open.splice(open.indexOf(hospital), 1);
  await hospital.close();
}

const newFolder = () => mkdtemp(join(folder, 'data-'));

/** A copy of the database as it is now: what a dump brings back. Nobody may be connected. */
async function backedUp(of: Settings): Promise<Settings> {
  const from = new URL(of.DATABASE_URL!);
  const to = new URL(of.DATABASE_URL!);
  to.pathname = `${from.pathname}_${randomBytes(4).toString('hex')}`;
  const client = new Client({ connectionString: (await startTestPostgres()).url });
  await client.connect();
  await client.query(`CREATE DATABASE ${to.pathname.slice(1)} TEMPLATE ${from.pathname.slice(1)}`);
  await client.end();
  return { ...of, DATABASE_URL: to.toString() };
}

const look = (hospital: Hospital, { id }: Patient) =>
  hospital.as('adeyemi').ask(`{ patient(id: "${id}") { name { family } phone visits { edges { node { reason } } } } }`);

async function demandSound(hospital: Hospital): Promise<void> {
  while ((await hospital.count('SELECT count(*) FROM audit_pending')) > 0) await new Promise((done) => setTimeout(done, 10));
  expect(await hospital.runtime.auditLog.verifyAll()).toMatchObject({ word: 'OK' });
  expect(await hospital.runtime.auditLog.verifyRows()).toEqual([]);
  const recount = () => hospital.runtime.services.demographics.recount(false);
  expect(await runIn(systemContext('recount'), recount)).toEqual([]);
} // prettier-ignore

async function demandErased(hospital: Hospital, patient: Patient, certificate: string): Promise<void> {
  expect((await look(hospital, patient)).code).toBe('NOT_FOUND');
  expect(await hospital.count('SELECT count(*) FROM data_key WHERE owner = $1', [patient.id])).toBe(0);
  expect(await hospital.count('SELECT count(*) FROM patient_search WHERE patient_id = $1', [patient.id])).toBe(0);
  expect(await hospital.sql('SELECT certificate, applied FROM erasure WHERE id = $1', [patient.id])).toEqual([{ certificate, applied: true }]);
  const file = join(hospital.runtime.config.dataDir, 'erasures', `${patient.id}.json`);
  expect(await readFile(file, 'utf8')).toBe(certificate);
} // prettier-ignore

/** Everything of the key store, to see that a refused import changed nothing. */
async function keyTables(of: Settings): Promise<string> {
  const client = new Client({ connectionString: of.DATABASE_URL });
  await client.connect();
  const tables = ['key_epoch', 'index_key', 'data_key', 'destroyed_key', 'erasure', 'key_use'];
  const answers: string[] = [];
  for (const table of tables)
    answers.push(JSON.stringify((await client.query(`SELECT t::text FROM ${table} t ORDER BY 1`)).rows));
  await client.end();
  return answers.join('\n');
}

describe('a database from before the erasure, and the key store of today', () => {
  let old: Settings;
  let store: string;
  let certificate: string;
  const patients: Record<'kept' | 'resealed' | 'gone' | 'newcomer', Patient> = {} as never;

  beforeAll(async () => {
    let hospital = await opened(settings);
    for (const name of ['kept', 'resealed', 'gone'] as const) {
      patients[name] = await hospital.patient({ phone: '070-123 45 67', birthDate: '1980-05-05' });
      await hospital.visit(patients[name], { reason: `Visit of ${name}` });
    }
    await closed(hospital);
    old = await backedUp(settings);

    hospital = await opened(settings);
    certificate = await erased(hospital, patients.gone);
    patients.newcomer = await hospital.patient();
    await closed(hospital);
    const own = { ...settings, DATA_DIR: await newFolder() };
    expect(await runCommand(own, 'keys', 'reseal', '--patient', patients.resealed.id)).toMatchObject({ code: 0 });
    expect(await runCommand(own, 'keys', 'rotate')).toMatchObject({ code: 0 });
    store = join(folder, 'key-store');
    expect(await runCommand(own, 'keys', 'export', store)).toMatchObject({ code: 0 });
  });

  test('the key store is for its owner only, whole, and says nothing', async () => {
    expect((await stat(store)).mode & 0o777).toBe(0o600);
    const text = await readFile(store, 'utf8');
    expect(text).toContain(patients.gone.id); // erased: a fact, and without it a restore would not know
    expect(text).not.toContain('Lindgren');
    expect(text).not.toContain(settings.ROOT_KEY);
    expect(text.trimEnd().split('\n').at(-1)).toMatch(/^\{"rows":\d+,"sha256":"[\da-f]{64}"\}$/);
  });

  test('together restore everybody but the erased', async () => {
    const restored = { ...(await backedUp(old)), DATA_DIR: await newFolder() };
    const brought = await runCommand(restored, 'keys', 'import', store);
    expect(brought).toMatchObject({ code: 0, output: expect.stringContaining('did not know of: 1.') as string });
    expect(brought.errors).toContain('Erased again: 1 ');

    const hospital = await opened(restored);
    for (const name of ['kept', 'resealed'] as const) {
      expect((await look(hospital, patients[name])).body).toContain(`Visit of ${name}`);
    }
    await demandErased(hospital, patients.gone, certificate);
    expect((await look(hospital, patients.newcomer)).code).toBe('NOT_FOUND'); // came after the backup
    await hospital
      .as('adeyemi')
      .do('updatePatient', { id: patients.resealed.id, expectedVersion: 1, phone: '1234567' });
    const perOwner = 'SELECT count(*) FROM data_key WHERE owner = $1 AND retired_at IS NULL';
    expect(await hospital.count(perOwner, [patients.resealed.id])).toBe(1);
    await demandSound(hospital);
    await closed(hospital);
    expect(brought.output).toContain('Re-sealed since this backup: 1 owners.');
    expect(await runCommand(restored, 'keys', 'reseal', '--patient', patients.resealed.id)).toMatchObject({ code: 0 });
    expect(await runCommand(restored, 'keys', 'verify', '--open')).toMatchObject({ code: 0 });
  });

  test('the certificate says so by itself: opening with the folder of certificates erases again', async () => {
    const again = { ...(await backedUp(old)), DATA_DIR: await newFolder() };
    await mkdir(join(again.DATA_DIR, 'erasures'));
    const path = join(again.DATA_DIR, 'erasures', `${patients.gone.id}.json`);
    await writeFile(path, certificate);
    const hospital = await opened(again);
    await demandErased(hospital, patients.gone, certificate);
    expect((await look(hospital, patients.kept)).code).toBeUndefined();
    const entries = (await hospital.entries()).filter(({ a }) => a === 'erase');
    expect(entries).toEqual([expect.objectContaining({ o: { i: patients.gone.id, t: 'patient' }, by: expect.objectContaining({ k: 'system' }) as unknown })]);
    await demandSound(hospital);
    await hospital.runtime.services.erasures.again.run();
    expect((await hospital.entries()).filter(({ a }) => a === 'erase')).toHaveLength(1); // done once
  }); // prettier-ignore

  test('a certificate that another key signed, or of somebody else, erases nobody', async () => {
    const victim = { ...(await backedUp(old)), DATA_DIR: await newFolder() };
    const genuine = openErasure(certificate, createPublicKey(await readFile(settings.LOG_SIGNING_KEY_FILE!)))!;
    const { privateKey } = generateKeyPairSync('ed25519');
    await mkdir(join(victim.DATA_DIR, 'erasures'));
    const write = (id: string, text: string) => writeFile(join(victim.DATA_DIR, 'erasures', `${id}.json`), text);
    await write(patients.kept.id, signErasure({ ...genuine, patient: patients.kept.id }, privateKey));
    await write(patients.resealed.id, certificate);
    const hospital = await opened(victim);
    for (const name of ['kept', 'resealed'] as const)
      expect((await look(hospital, patients[name])).code).toBeUndefined();
    expect(await hospital.count('SELECT count(*) FROM erasure')).toBe(0);
  });
});

describe('an import keeps what only the database has', () => {
  test('patients registered after the export, and erasures done after it', async () => {
    let hospital = await opened(settings);
    const [kept, gone] = [await hospital.patient(), await hospital.patient()];
    await closed(hospital);
    const own = { ...settings, DATA_DIR: await newFolder() };
    const store = join(folder, 'older-store');
    await runCommand(own, 'keys', 'export', store);
    hospital = await opened(settings);
    const certificate = await erased(hospital, gone);
    const newcomer = await hospital.patient();
    await closed(hospital);
    const { code, errors } = await runCommand(own, 'keys', 'import', store);
    expect(code).toBe(0);
    expect(errors).not.toContain('Erased again'); // the file's older key was not even taken
    hospital = await opened({ ...settings, DATA_DIR: own.DATA_DIR });
    for (const patient of [kept, newcomer]) expect((await look(hospital, patient)).code).toBeUndefined();
    await demandErased(hospital, gone, certificate);
    await demandSound(hospital);
  });
});

test('a backup from before the root key was moved opens by the root key of today, once its keys are brought up to date', async () => {
  const first = { DATABASE_URL: await freshDatabase(), DATA_DIR: await newFolder() };
  const hospital = await Hospital.open(first);
  const patient = await hospital.patient({ phone: '070-123 45 67' });
  await hospital.close();
  const old = { ...(await backedUp(first)), DATA_DIR: await newFolder() };
  const root = join(folder, 'moved.key');
  expect(await runCommand(first, 'keys', 'move', '--to', `file:${root}`)).toMatchObject({ code: 0 });
  const today = { ROOT_KEY_FILE: root };
  const store = join(folder, 'store-after-move');
  expect(await runCommand({ ...first, ...today }, 'keys', 'export', store)).toMatchObject({ code: 0 });

  expect((await runCommand({ ...old, ...today }, 'keys', 'status')).code).toBeGreaterThan(0); // under the old one still
  expect(await runCommand({ ...old, ...today }, 'keys', 'import', store)).toMatchObject({ code: 0 });
  const restored = await Hospital.open({ ...old, ...today }, undefined, hospital);
  open.push(restored);
  expect((await look(restored, patient)).data).toMatchObject({ patient: { phone: '070-123 45 67' } });
}); // prettier-ignore

describe('an import is refused in one line, and changes nothing', () => {
  let store: string;
  let own: Settings;
  let before: string;
  beforeAll(async () => {
    own = { ...settings, DATA_DIR: await newFolder() };
    store = join(folder, 'good-store');
    await runCommand(own, 'keys', 'export', store);
    before = await keyTables(own);
  });
  afterEach(async () => expect(await keyTables(own)).toBe(before));

  async function refusedWith(file: string, of: Settings = own): Promise<string> {
    const { code, errors } = await runCommand(of, 'keys', 'import', file);
    expect(code).toBeGreaterThan(0);
    expect(errors).not.toContain('    at ');
    return errors;
  }

  /** The store with another text, and with a digest as if it had been written so. */
  async function forged(change: (text: string) => string): Promise<string> {
    const text = change(await readFile(store, 'utf8'));
    const lines = text.trimEnd().split('\n').slice(0, -1);
    const body = `${lines.join('\n')}\n`;
    const path = join(folder, `forged-${randomBytes(4).toString('hex')}`);
    const sha256 = createHash('sha256').update(body).digest('hex');
    await writeFile(path, `${body}{"rows":${lines.length - 1},"sha256":"${sha256}"}\n`);
    return path;
  }

  test('no such file; a file cut short; one letter changed', async () => {
    expect(await refusedWith(join(folder, 'nothing-here'))).toContain('cannot be read (ENOENT)');
    const cut = join(folder, 'cut');
    const text = await readFile(store, 'utf8');
    await writeFile(cut, text.slice(0, text.length / 2));
    expect(await refusedWith(cut)).toContain('its end is missing');
    await writeFile(cut, text.replace('"purpose":"patient"', '"purpose":"patienT"'));
    expect(await refusedWith(cut)).toContain('it was changed');
    await writeFile(cut, 'key store\n');
    expect(await refusedWith(cut)).toContain('its first line');
  });

  test('two wrapped keys that changed places', async () => {
    const path = await forged((text) => {
      const wrapped = [...text.matchAll(/"table":"data_key".*"wrapped":"(\\\\x[\da-f]+)"/g)].map(([, hex]) => hex!);
      return text.replace(wrapped[0]!, 'FIRST').replace(wrapped[1]!, wrapped[0]!).replace('FIRST', wrapped[1]!);
    });
    expect(await refusedWith(path)).toContain('does not unwrap');
  });

  test('under another root key', async () => {
    const stranger = { ...own, ROOT_KEY: randomBytes(32).toString('hex') };
    expect(await refusedWith(store, stranger)).toContain('another root key');
  });

  test('of another hospital under the same root key', async () => {
    const elsewhere = { ...settings, DATABASE_URL: await freshDatabase(), DATA_DIR: await newFolder() };
    const foreign = join(folder, 'foreign-store');
    expect(await runCommand(elsewhere, 'keys', 'export', foreign)).toMatchObject({ code: 0 });
    expect(await refusedWith(foreign)).toContain('of another hospital');
  });
});

describe('a certificate is checked by a command', () => {
  let file: string;
  let own: Settings;
  let certificate: string;
  let patient: Patient;
  beforeAll(async () => {
    const hospital = await opened(settings);
    patient = await hospital.patient();
    certificate = await erased(hospital, patient);
    await closed(hospital);
    own = { ...settings, DATA_DIR: await newFolder() };
    file = join(folder, 'certificate.json');
    await writeFile(file, certificate);
  });

  test('genuine by the log’s own keys, and by its public key without any database', async () => {
    const here = await runCommand(own, 'audit', 'certificate', file);
    expect(here).toMatchObject({
      code: 0,
      output: expect.stringContaining(`GENUINE: patient ${patient.id}`) as string,
    });
    const pem = createPublicKey(await readFile(settings.LOG_SIGNING_KEY_FILE!)).export({ type: 'spki', format: 'pem' });
    const key = join(folder, 'log.pem');
    await writeFile(key, pem);
    const away = await runCommand({}, 'audit', 'certificate', file, '--key', key);
    expect(away).toMatchObject({ code: 0, output: here.output });
  });

  test('not genuine when anything in it is changed', async () => {
    const changed = join(folder, 'changed.json');
    for (const [was, is] of [['"treatment_update', '"treatment_upd4te'], [patient.id.slice(0, 8), '00000000'], ['"patient.mrn":1', '"patient.mrn":0']] as const) {
      await copyFile(file, changed);
      const text = certificate.replace(was, is);
      if (text === certificate) continue;
      await writeFile(changed, text);
      expect(await runCommand(own, 'audit', 'certificate', changed)).toMatchObject({ code: 1, output: expect.stringContaining('NOT GENUINE') as string });
    }
  }); // prettier-ignore
});
