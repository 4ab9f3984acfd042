import { cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { runIn } from '../../server/crypto/access-scope';
import { systemContext } from '../../server/graphql/context';
import { isConsistent, readCheckpoint, rootByInclusion } from '../../server/ledger';
import { newId } from '../../server/platform/ids';
import { openHospital, type OpenedHospital } from '../support/opened-hospital';
import { asSuperuser, superuserUrl } from '../support/superuser';
import { untilFigure } from '../support/until';
import { Dba } from './ledger-dba';
import { buildVerifier, demandVerdict } from './ledger-stranger';

/** Entries of the first shard; one more closes it and begins the second, which has ten. */
const FIRST = 300;
const SIZE = 310;

let hospital: OpenedHospital;
let dba: Dba;
let file: string;
let notes: string;
let folder: string;
let verifier: string;
/** An export that was begun before the first shard was closed, and one from then. */
let sound: string;
let early: string;
let since: string;

const verify = () => hospital.runtime.auditLog.verifyAll();
const origins = async () =>
  (await dba.run('SELECT origin FROM audit_shard UNION ALL SELECT origin FROM audit_head')).map(({ origin }) =>
    String(origin),
  );

async function grow(to: number): Promise<void> {
  const { audit } = hospital.runtime.base;
  const size = await hospital.count('SELECT size FROM audit_head');
  const read = () => audit.record({ action: 'read', patients: [newId()] });
  await runIn(systemContext('test'), () => Promise.all(Array.from({ length: to - size }, read)));
  const signed = `SELECT count(*) FROM audit_newest_checkpoint n, audit_head h
    WHERE starts_with(n.note, h.origin) AND n.size = h.size - h.first_index AND h.size = ${to}`;
  await untilFigure(hospital, signed, 1);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chartseal-shards-'));
  [sound, early, since] = [join(folder, 'sound'), join(folder, 'early'), join(folder, 'since')];
  verifier = await buildVerifier();
  hospital = await openHospital();
  await untilFigure(hospital, 'SELECT size FROM audit_head', 0);
  await grow(280);
  await hospital.runtime.auditLog.export(sound, { verifier });
  await cp(sound, early, { recursive: true });
  await demandVerdict(sound, 'OK', null, '--since', since);
  await grow(FIRST);
  await hospital.runtime.auditLog.shards.close();
  await grow(SIZE);
  dba = await Dba.of(superuserUrl(hospital.runtime));
  await dba.backUp(hospital.runtime.auditLog);
  file = join(hospital.dataDir, 'checkpoints');
  notes = await readFile(file, 'utf8');
  expect(await hospital.runtime.auditLog.export(sound, { verifier })).toEqual({ size: SIZE, added: SIZE - 280 });
});

afterEach(async () => {
  await dba.restore();
  await writeFile(file, notes);
});

afterAll(async () => {
  await dba.end();
  await hospital.close();
  await rm(folder, { recursive: true });
});

test('closed and gone on: entries are numbered through, the new log has an origin and a tree of its own', async () => {
  const [first, second] = await origins();
  expect(first).not.toBe(second);
  const told = await dba.run('SELECT shard, first_index::int AS first, size::int AS size FROM audit_head');
  expect(told).toEqual([{ shard: 2, first: FIRST, size: SIZE }]);
  const [{ entry }] = (await dba.run('SELECT entry FROM audit_entry WHERE index = $1', [FIRST])) as [{ entry: Buffer }];
  expect(JSON.parse(entry.toString())).toMatchObject({ a: 'shard', o: { t: 'shard', i: null }, by: { k: 'system' } });
  expect(await verify()).toMatchObject({ word: 'OK', size: SIZE, at: null, finding: null });
  expect(await hospital.runtime.auditLog.verifyNew()).toMatchObject({ word: 'OK', size: SIZE });
  const note = (await hospital.runtime.auditLog.proofs.newestNote())!;
  expect(readCheckpoint(note)).toMatchObject({ origin: second, size: SIZE - FIRST });
});

test('entries are proven in the shard they are in; each log is consistent by itself', async () => {
  const { proofs } = hospital.runtime.auditLog;
  const [first, second] = await origins();
  for (const [index, origin, place] of [
    [0, first, 0],
    [FIRST - 1, first, FIRST - 1],
    [FIRST, second, 0],
    [SIZE - 1, second, SIZE - 1 - FIRST],
  ] as const) {
    const proof = (await proofs.inclusion(index))!;
    expect(proof).toMatchObject({ place, checkpoint: { origin } });
    const root = rootByInclusion(proof.leaf, place, proof.checkpoint.size, proof.path);
    expect(root).toEqual(proof.checkpoint.root);
  }
  expect(await proofs.inclusion(SIZE)).toBeNull();
  const own = (await proofs.consistency(1, SIZE - FIRST))!;
  expect(isConsistent(own.from, own.to, own.path)).toBe(true);
  const earlier = (await proofs.consistency(100, FIRST, first))!;
  expect(isConsistent(earlier.from, earlier.to, earlier.path)).toBe(true);
  expect(await proofs.consistency(100, FIRST)).toBeNull();
});

describe('shards changed by the owner of the database', () => {
  const EDIT = (
    index: number,
  ) => `UPDATE audit_entry SET entry = convert_to(replace(convert_from(entry, 'UTF8'), '"read"',
    '"peek"'), 'UTF8'), action = 'peek' WHERE index = ${index}`;

  test.each([
    ['an entry of a closed shard', [EDIT(13)], 'TAMPERED', 13],
    ['an entry of the open one', [EDIT(305)], 'TAMPERED', 305],
    ['the last entry of a closed shard deleted', ['DELETE FROM audit_entry WHERE index = 299'], 'TRUNCATED', 299],
    ['the closed shard made shorter, to hide its last entries',
      ['DELETE FROM audit_entry WHERE index = 299', 'UPDATE audit_shard SET size = 299'], 'TAMPERED', null],
    ['its root changed', [`UPDATE audit_shard SET root = sha256('x')`], 'TAMPERED', null],
    ['its final checkpoint changed', [`UPDATE audit_shard SET note = replace(note, '300', '299')`], 'TAMPERED', null],
    ['its final checkpoint put back to an earlier signed one',
      ['UPDATE audit_shard SET note = (SELECT note FROM audit_checkpoint WHERE shard = 1 AND size < 300 LIMIT 1) WHERE EXISTS (SELECT FROM audit_checkpoint WHERE shard = 1 AND size < 300)',
        `UPDATE audit_shard SET note = note || 'x'`], 'TAMPERED', null],
    ['the row of the closed shard deleted', ['DELETE FROM audit_shard'], 'TAMPERED', 300],
    ['the first entry of the next shard', [`UPDATE audit_entry SET entry = convert_to(replace(convert_from(entry, 'UTF8'), 'closed chartseal/', 'closed chartseaI/'), 'UTF8') WHERE index = 300`], 'TAMPERED', 300],
    ['the first entry of the next shard deleted', ['DELETE FROM audit_entry WHERE index = 300'], 'TRUNCATED', 300],
    ['entries gone, and said to be dropped', ['DELETE FROM audit_entry WHERE index < 300', 'UPDATE audit_shard SET dropped_at = now()'], 'TRUNCATED', null],
  ])('%s', async (_, statements, word, at) => {
    for (const sql of statements) await dba.run(sql);
    const verdict = await verify();
    expect(verdict).toMatchObject(at === null ? { word } : { word, at });
  }); // prettier-ignore

  test('the next shard cut off, and the first made the open one again', async () => {
    await dba.run(`UPDATE audit_head h SET (origin, shard, first_index, size, root, chain) =
      (SELECT s.origin, 1, 0, s.size, s.root, s.chain FROM audit_shard s)`);
    await dba.run('DELETE FROM audit_shard');
    await dba.run('DELETE FROM audit_entry WHERE index >= 300');
    expect(await verify()).toMatchObject({ word: 'FORKED' }); // checkpoints of a log that there is no more
  });
});

test('killed between the final checkpoint and the next shard: the old one is open as before', async () => {
  const guard = new Client({ connectionString: superuserUrl(hospital.runtime) });
  await guard.connect();
  const busy = "application_name = 'chartseal shards' AND wait_event = 'relation' AND datname = current_database()";
  await guard.query('BEGIN');
  await guard.query('LOCK TABLE audit_shard IN SHARE MODE'); // the row that keeps the final checkpoint
  const closing = hospital.runtime.auditLog.shards.close().catch((error: unknown) => error);
  for (let tries = 0, killed = 0; killed === 0 && tries < 200; tries += 1) {
    killed = (await dba.run(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${busy}`)).length;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  await guard.end();
  expect(await closing).toBeInstanceOf(Error);
  expect(await readFile(file, 'utf8')).not.toBe(notes);
  expect(await hospital.count('SELECT count(*) FROM audit_shard')).toBe(1);
  const { word, size } = await verify(); // an alarm about the attacks before may be an entry more
  expect(word).toBe('OK');
  await grow(size + 2);
  expect(await verify()).toMatchObject({ word: 'OK', size: size + 2 });
});

describe('an export of several shards', () => {
  async function copyOf(path: string): Promise<string> {
    const copy = await mkdtemp(join(folder, 'copy-'));
    await cp(path, copy, { recursive: true });
    return copy;
  }
  const text = (path: string) => readFile(path, 'utf8');

  test('is one directory of tiles for each, which a stranger verifies as one log', async () => {
    expect(await demandVerdict(sound, 'OK', null)).toMatchObject({ size: SIZE, finding: null });
    expect(await demandVerdict(join(sound, '.'), 'OK', null, '--policy', join(early, 'policy'))).toMatchObject({
      size: SIZE,
    });
    expect(await text(join(sound, 'policy'))).toContain((await origins())[1]!);
    expect(await hospital.runtime.auditLog.export(sound, { verifier })).toEqual({ size: SIZE, added: 0 });
  });

  test('goes on from where an earlier verification ended, and is cut short to who remembers', async () => {
    await demandVerdict(sound, 'OK', null, '--since', since);
    await demandVerdict(sound, 'OK', null, '--since', since);
    await demandVerdict(early, 'TRUNCATED', 280, '--since', since);
    const copy = await copyOf(sound);
    await rm(join(copy, 'shard-2'), { recursive: true });
    await demandVerdict(copy, 'OK', null);
    await demandVerdict(copy, 'TRUNCATED', FIRST, '--since', since);
  });

  test('a closed shard replaced by its own earlier self, and one that names another', async () => {
    const earlier = await copyOf(sound);
    for (const name of ['checkpoint', 'chain', 'checkpoints', 'tile'])
      await rm(join(earlier, name), { recursive: true });
    await cp(early, earlier, { recursive: true });
    await demandVerdict(earlier, 'TAMPERED', 280);
    const changed = await copyOf(sound);
    const bundle = join(changed, 'shard-2/tile/entries/000.p/10');
    const bytes = await readFile(bundle);
    bytes[bytes.indexOf('closed chartseal/') + 20]! ^= 1;
    await writeFile(bundle, bytes);
    await demandVerdict(changed, 'TAMPERED', FIRST);
    const without = await copyOf(sound);
    await rename(join(without, 'shard-2'), join(without, 'shard-3'));
    await demandVerdict(without, 'INCOMPLETE');
  });

  test('entries of a later shard edited: named by the number they have for people', async () => {
    const copy = await copyOf(sound);
    const bundle = join(copy, 'shard-2/tile/entries/000.p/10');
    const bytes = await readFile(bundle);
    bytes[bytes.lastIndexOf('"read"') + 1]! ^= 1;
    await writeFile(bundle, bytes);
    await demandVerdict(copy, 'TAMPERED', SIZE - 1);
  });
});

test('the roles of the server can neither drop entries nor change a closed shard', async () => {
  const as = (role: string, sql: string) => asSuperuser(hospital.runtime, `SET ROLE ${role}; ${sql}`);
  for (const role of ['chartseal_app', 'chartseal_sealer', 'chartseal_auditor']) {
    for (const sql of [
      'UPDATE audit_shard SET dropped_at = now()',
      'DELETE FROM audit_shard',
      'DELETE FROM audit_entry',
      'DELETE FROM audit_entry WHERE index < 10',
      'INSERT INTO audit_row_anchor SELECT',
    ]) {
      // prettier-ignore
      await expect(as(role, sql)).rejects.toThrow(/permission denied/);
    }
  }
  await expect(asSuperuser(hospital.runtime, 'DELETE FROM audit_entry WHERE index < 10')).rejects.toThrow(
    /append-only/,
  );
  await expect(asSuperuser(hospital.runtime, 'UPDATE audit_shard SET size = 10')).rejects.toThrow(/append-only/);
  await expect(asSuperuser(hospital.runtime, 'DELETE FROM audit_shard')).rejects.toThrow(/append-only/);
});
