import { execFile } from 'node:child_process';
import type { KeyObject } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { runIn } from '../../server/crypto/access-scope';
import { custodyFromSecret } from '../../server/crypto/custody/secret';
import { keyIdOf, openEnvelope } from '../../server/crypto/envelope';
import { unwrapEpoch, type KeyEpochRow } from '../../server/crypto/kek';
import { unwrapDataKey } from '../../server/crypto/wrap';
import { toDataKey } from '../../server/database/key-store';
import { systemContext } from '../../server/graphql/context';
import { sealedEntities } from '../../server/database/sealed-column';
import { askToErase, ERASE, erased, provenPark, STEP_UP } from '../support/erasing';
import { Hospital, Person, type Patient } from '../support/hospital';
import { startServer, type ServerProcess } from '../support/server-process';
import { openTwoServers, type TwoServers } from '../support/two-servers';
import { allSealed, until } from '../support/until';

let servers: TwoServers;
let one: Hospital;
let other: Hospital;
let settings: Record<string, string>;
let folder: string;

beforeAll(async () => {
  servers = await openTwoServers();
  ({ one, other, settings, folder } = servers);
});
afterAll(() => servers?.close());

const look = (person: Person, { id }: Patient) =>
  person.ask(`{ patient(id: "${id}") { id name { family } treatment } }`);
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

interface Cell {
  table: string;
  column: string;
  row: string;
  envelope: Buffer;
}

/** Every envelope of a patient, wherever it lies. */
async function cellsOf(owner: string): Promise<Cell[]> {
  const cells: Cell[] = [];
  for (const { table, owner: named, columns } of sealedEntities()) {
    if ('id' in named) continue;
    const rows = await one.sql<Record<string, Buffer>>(`SELECT * FROM ${table} WHERE ${named.column} = $1`, [owner]);
    for (const row of rows) {
      for (const { column } of columns) {
        const envelope = row[column];
        if (envelope) cells.push({ table, column, row: String(row.id), envelope });
      }
    }
  }
  return cells;
}

/** Every data key the database holds, unwrapped by whoever also has the root key. */
async function everyKey(): Promise<KeyObject[]> {
  const keks = new Map<number, KeyObject>();
  for (const row of await one.sql<KeyEpochRow>('SELECT epoch, wrapped, kcv FROM key_epoch')) {
    keks.set(row.epoch, await unwrapEpoch(custodyFromSecret(settings.ROOT_KEY!), row));
  }
  const rows = await one.sql<Parameters<typeof toDataKey>[0]>('SELECT id::text, owner, purpose, kek_epoch, wrapped, kcv FROM data_key');
  return rows.map(toDataKey).map((row) => unwrapDataKey(row, keks.get(row.kekEpoch)!));
} // prettier-ignore

function opens({ table, column, row, envelope }: Cell, owner: string, keys: readonly KeyObject[]): boolean {
  return keys.some((key) => {
    try {
      return openEnvelope(envelope, key, { table, column, row, owner }).length >= 0;
    } catch {
      return false;
    }
  });
}

async function demandSoundLog(): Promise<void> {
  await allSealed(one);
  expect(await one.runtime.auditLog.verifyAll()).toMatchObject({ word: 'OK' });
  expect(await one.runtime.auditLog.verifyRows()).toEqual([]);
}

test('with the root key and everything in the database, none of the old envelopes opens any more', async () => {
  const patient = await one.patient({ phone: '070-123 45 67', diagnosis: 'Gout', treatment: 'Rest' });
  await one.visit(patient, { reason: 'Pain', notes: 'Left foot' });
  const before = await cellsOf(patient.id);
  expect(before.length).toBeGreaterThanOrEqual(8);
  const keys = await everyKey();
  expect(before.filter((cell) => !opens(cell, patient.id, keys))).toEqual([]); // so the attack works where it can
  await erased(one, patient);
  const after = await cellsOf(patient.id);
  expect(after).toEqual(before);
  const left = await everyKey();
  expect(left.length).toBe(keys.length - 1);
  expect(after.filter((cell) => opens(cell, patient.id, left))).toEqual([]);
  await demandSoundLog();
});

test('whoever writes at the same time is in time or too late: no envelope lies under a key nobody knows of', async () => {
  for (let round = 0; round < 6; round += 1) {
    const patient = await one.patient({}, 'adeyemi', ['okonkwo']);
    const park = await provenPark(one);
    const write = async (house: Hospital, n: number) => {
      const input = { patientId: patient.id, text: `Dose ${n}`, status: 'ONGOING' };
      return (await house.as(n % 2 ? 'adeyemi' : 'okonkwo').refused('recordTreatment', input)) ?? 'written';
    };
    const writing = Array.from({ length: 10 }, (_, n) => pause(n * 3).then(() => write(n % 3 ? one : other, n)));
    await pause(5 + round * 4);
    const answer = await askToErase(park, patient);
    const outcomes = await Promise.all(writing);
    expect(answer.code).toBeUndefined();
    expect(outcomes.filter((outcome) => !['written', 'NOT_FOUND'].includes(outcome))).toEqual([]);

    const { certificate } = JSON.parse((answer.data!.erasePatient as { json: string }).json) as {
      certificate: { keys: string[]; envelopes: Record<string, number> };
    };
    const cells = await cellsOf(patient.id);
    const written = outcomes.filter((outcome) => outcome === 'written').length;
    expect(cells.filter(({ column }) => column === 'text')).toHaveLength(written);
    expect(certificate.envelopes['treatment_update.text'] ?? 0).toBe(written);
    expect(cells.filter(({ envelope }) => !certificate.keys.includes(keyIdOf(envelope).toString()))).toEqual([]);
    expect(await one.count('SELECT count(*) FROM data_key WHERE owner = $1', [patient.id])).toBe(0);
  }
  await demandSoundLog();
});

test('keys turned meanwhile: whichever of its keys a patient had, all are destroyed and every envelope is accounted for', async () => {
  const patients: Patient[] = [];
  for (let n = 0; n < 8; n += 1) patients.push(await one.patient({ diagnosis: 'Gout', treatment: 'Rest' }));
  const { jobs } = other.runtime.services.keys;
  const { id } = await runIn(systemContext('test'), () => jobs.begin('RESEAL', null));
  const resealing = jobs.finish(id);
  for (const patient of patients.toReversed()) await erased(one, patient);
  expect(await resealing).toMatchObject({ state: 'DONE' });
  const ids = patients.map((patient) => patient.id);
  expect(await one.count('SELECT count(*) FROM data_key WHERE owner = ANY($1::uuid[])', [ids])).toBe(0);
  const destroyed = await one.sql<{ id: string }>('SELECT id::text FROM destroyed_key WHERE owner = ANY($1::uuid[])', [ids]);
  const known = new Set(destroyed.map((key) => key.id));
  for (const patient of patients) {
    const cells = await cellsOf(patient.id);
    expect(cells.filter(({ envelope }) => !known.has(keyIdOf(envelope).toString()))).toEqual([]);
  }
  const columns = await one.runtime.services.keys.count(() => undefined);
  expect(columns.filter(({ withoutKey }) => withoutKey > 0)).toEqual([]);
  await demandSoundLog();
}); // prettier-ignore

describe('two servers', () => {
  test('both read all the while: after the answer neither opens anything, and neither remembers the key', async () => {
    const patient = await one.patient({ name: { family: 'Canarydotter', given: ['Eva'] } }, 'adeyemi');
    const seen: { asked: number; code: string | undefined; body: string }[] = [];
    let reading = true;
    const read = async (house: Hospital) => {
      while (reading) {
        const asked = Date.now();
        const { code, body } = await look(house.as('adeyemi'), patient);
        seen.push({ asked, code, body });
      }
    };
    const readers = [one, other, one, other].map(read);
    await until(() => seen.length > 20);
    expect([one, other].map(({ runtime }) => runtime.base.keyring.remembers(patient.id))).toEqual([true, true]);
    const { code } = await askToErase(await provenPark(one), patient);
    const answered = Date.now();
    expect(code).toBeUndefined();
    expect(one.runtime.base.keyring.remembers(patient.id)).toBe(false);
    await until(() => !other.runtime.base.keyring.remembers(patient.id));
    await until(() => seen.filter(({ asked }) => asked > answered).length > 20);
    reading = false;
    await Promise.all(readers);

    const after = seen.filter(({ asked }) => asked > answered);
    expect(new Set(after.map((answer) => answer.code))).toEqual(new Set(['NOT_FOUND']));
    expect(after.filter(({ body }) => body.includes('Canarydotter'))).toEqual([]);
    expect(seen.filter((answer) => answer.code === undefined && !answer.body.includes('Canarydotter'))).toEqual([]);
    expect(new Set(seen.map((answer) => answer.code))).toEqual(new Set([undefined, 'NOT_FOUND']));
    expect([one, other].map(({ runtime }) => runtime.base.keyring.remembers(patient.id))).toEqual([false, false]);
  });

  test('a password proved here is proved there', async () => {
    const patient = await one.patient();
    const park = await provenPark(one);
    const there = Object.assign(new Person(other.desk), { token: park.token });
    expect((await askToErase(there, patient)).code).toBeUndefined();
  });

  test('both erase the same patient: one does, one does not find', async () => {
    const patient = await one.patient();
    const [here, there] = [await provenPark(one), await provenPark(other)];
    const codes = await Promise.all([askToErase(here, patient), askToErase(there, patient)]);
    expect(codes.map(({ code }) => code).sort()).toEqual(['NOT_FOUND', undefined]);
    expect(await one.count("SELECT count(*) FROM erasure WHERE id = $1", [patient.id])).toBe(1);
  }); // prettier-ignore
});

describe('a server killed while it erases', () => {
  let server: ServerProcess | undefined;
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(folder, 'killed-'));
  });
  afterEach(() => void server?.process.kill('SIGKILL'));

  const start = async () => {
    server = startServer({ ...settings, DATA_DIR: dataDir });
    const address = await server.ready;
    if (address === null) throw new Error(server.output() + server.errors());
    return address;
  };

  /** Signs Admin Park in there, proves the password and asks; the answer may never come. */
  async function eraseAt(address: string, patient: Patient): Promise<{ answer: Promise<unknown> }> {
    const { email, password } = one.account('park');
    let token: string | null = null;
    const ask = async (query: string, variables: object) => {
      const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
      const response = await fetch(`${address}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
      return (await response.json()) as { data: Record<string, { accessToken: string }> };
    }; // prettier-ignore
    const signIn = 'mutation ($input: SignInInput!) { signIn(input: $input) { accessToken } }';
    token = (await ask(signIn, { input: { email, password } })).data.signIn!.accessToken;
    await ask(STEP_UP, { password });
    const input = { id: patient.id, confirmMrn: patient.mrn, reason: 'Asked for in writing' };
    return { answer: ask(ERASE, { input }).catch(() => null) };
  }

  test('before the commit: nothing is changed', async () => {
    const patient = await one.patient({ phone: '070-123 45 67' });
    const keys = 'SELECT count(*) FROM data_key WHERE owner = $1';
    const blocker = new Client({ connectionString: settings.DATABASE_URL });
    await blocker.connect();
    try {
      const address = await start();
      await blocker.query('BEGIN');
      await blocker.query('LOCK TABLE erasure IN SHARE MODE'); // the keys are destroyed by then, and the row is cleared
      const { answer } = await eraseAt(address, patient);
      await until(async () => {
        const waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'erasure'::regclass";
        return (await one.count(waiting)) > 0;
      });
      server!.process.kill('SIGKILL');
      await server!.ended;
      await answer;
      await blocker.query('ROLLBACK');
    } finally {
      await blocker.end();
    }
    await until(async () => (await one.count(keys, [patient.id])) === 1);
    expect((await look(one.as('adeyemi'), patient)).data).toMatchObject({ patient: { name: { family: 'Lindgren' } } });
    expect(await one.count('SELECT count(*) FROM erasure WHERE id = $1', [patient.id])).toBe(0);
    expect(await one.count('SELECT count(*) FROM destroyed_key WHERE owner = $1', [patient.id])).toBe(0);
    await demandSoundLog();
  });

  test('after the commit, before the file is written: the next start writes it', async () => {
    const patient = await one.patient();
    const path = join(dataDir, 'erasures', `${patient.id}.json`);
    await mkdir(join(dataDir, 'erasures'), { mode: 0o700 });
    await promisify(execFile)('mkfifo', [`${path}.part`]); // whoever opens it to write waits for a reader who never comes
    const { answer } = await eraseAt(await start(), patient);
    const stored = 'SELECT certificate FROM erasure WHERE id = $1';
    await until(async () => (await one.sql(stored, [patient.id])).length > 0);
    await expect(readFile(path)).rejects.toThrow('ENOENT');
    server!.process.kill('SIGKILL');
    await server!.ended;
    expect(await answer).toBeNull(); // nobody was told that it is on the disk
    expect((await look(one.as('adeyemi'), patient)).code).toBe('NOT_FOUND');

    await rm(`${path}.part`);
    await start();
    const [row] = await one.sql<{ certificate: string }>(stored, [patient.id]);
    expect(await readFile(path, 'utf8')).toBe(row!.certificate);
    await demandSoundLog();
  });
});
