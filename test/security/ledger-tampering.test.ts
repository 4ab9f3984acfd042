import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connection, PoolClient } from 'pg';
import { verifyEntries } from '../../server/audit';
import { runIn } from '../../server/crypto/access-scope';
import { onConnection } from '../../server/database/on-connection';
import { poolOf } from '../../server/database/reader';
import { systemContext } from '../../server/graphql/context';
import { notesInFile } from '../../server/ledger';
import { newId } from '../../server/platform/ids';
import { superuserUrl } from '../support/superuser';
import { openHospital, type OpenedHospital } from '../support/opened-hospital';
import { untilFigure } from '../support/until';
import { Dba } from './ledger-dba';

/** The log is signed at these sizes, so a rewrite with all hashes recomputed is found between two of them. */
const SIGNED = [10, 20, 30];
const SIZE = 30;

let hospital: OpenedHospital;
let dba: Dba;
let notes: string;
let file: string;

const verify = () => hospital.runtime.auditLog.verifyAll();

beforeAll(async () => {
  hospital = await openHospital();
  const { audit } = hospital.runtime.base;
  await untilFigure(hospital, 'SELECT size FROM audit_head', 0);
  for (const size of SIGNED) {
    const reads = Array.from({ length: 10 }, () => () => audit.record({ action: 'read', patients: [newId()] }));
    await runIn(systemContext('test'), () => Promise.all(reads.map((read) => read())));
    await untilFigure(hospital, 'SELECT coalesce(max(size), 0) FROM audit_checkpoint', size);
  }
  const url = superuserUrl(hospital.runtime);
  dba = await Dba.of(url);
  await dba.backUp(hospital.runtime.auditLog);
  file = join(hospital.dataDir, 'checkpoints');
  notes = await readFile(file, 'utf8');
});

afterEach(async () => {
  await dba.restore();
  await writeFile(file, notes);
  expect(await verify()).toMatchObject({ word: 'OK', size: SIZE });
});

afterAll(async () => {
  await dba.end();
  await hospital.close();
});

test('a log nobody touched verifies, whole and onward from where the last verification ended', async () => {
  expect(await verify()).toMatchObject({ word: 'OK', size: SIZE, at: null, finding: null });
  expect(await hospital.runtime.auditLog.verifyNew()).toMatchObject({ word: 'OK', size: SIZE });
  expect(await hospital.runtime.auditLog.status()).toMatchObject({ state: 'VERIFIED', verifiedTo: SIZE, pending: 0 });
});

/** As the background verifies: some entries at once, and something else between. */
async function verifyInParts(atOnce: number, between: () => Promise<void>) {
  const { pool, keys } = { pool: poolOf(hospital.runtime.base.dataSource), keys: hospital.runtime.auditLog.keys };
  const kept = async () => notesInFile(await readFile(file, 'utf8'));
  return (await verifyEntries(pool, { keys: await keys.verifiers(), kept, pace: { atOnce, between } })).verdict;
}

test('a verification that gives way to other work finds the same, and ends when it is told to', async () => {
  let gaveWay = 0;
  const between = () => Promise.resolve(void (gaveWay += 1));
  expect(await verifyInParts(7, between)).toMatchObject({ word: 'OK', size: SIZE });
  expect(gaveWay).toBe(4); // 7, 14, 21 and 28 of 30
  await dba.run(EDIT);
  expect(await verifyInParts(7, between)).toMatchObject({ word: 'TAMPERED', at: 13 });
  expect(gaveWay).toBe(5);
  await expect(verifyInParts(7, () => Promise.reject(new Error('enough')))).rejects.toThrow('enough');
});

const EDIT = `UPDATE audit_entry SET entry = convert_to(replace(convert_from(entry, 'UTF8'), '"read"', '"peek"'), 'UTF8'),
  action = 'peek' WHERE index = 13`;
const DELETE = 'DELETE FROM audit_entry WHERE index = 13';
const INSERT = `UPDATE audit_entry SET index = -index - 1 WHERE index > 13;
  UPDATE audit_entry SET index = -index WHERE index < 0;
  INSERT INTO audit_entry SELECT 14, entry, leaf, chain, at, actor_id, action, outcome, target_type, target_id, request_id,
    role, operation, purpose, ip, fields FROM audit_entry WHERE index = 13`;
const SWAP = `UPDATE audit_entry SET index = CASE index WHEN 13 THEN -14 ELSE -13 END WHERE index IN (13, 14);
  UPDATE audit_entry SET index = -index WHERE index < 0`;

describe('entries changed by the owner of the database', () => {
  test.each([
    ['edited', EDIT, 13],
    ['deleted', DELETE, 13],
    ['inserted', INSERT, 14],
    ['swapped', SWAP, 13],
  ])('%s, without touching the hashes: found at that entry', async (_, sql, at) => {
    await dba.run(sql);
    expect(await verify()).toMatchObject({ word: 'TAMPERED', at });
    expect(await hospital.runtime.auditLog.status()).toMatchObject({ state: 'BROKEN', brokenAt: at, verifiedTo: at });
  });

  test.each([
    ['edited', EDIT],
    ['deleted', DELETE],
    ['inserted', INSERT],
    ['swapped', SWAP],
  ])('%s, every hash recomputed: found between the two signed checkpoints around it', async (_, sql) => {
    await dba.run(sql);
    await dba.recomputeEverything();
    const verdict = await verify();
    expect(verdict).toMatchObject({ word: 'TAMPERED', at: 10 });
    expect(verdict.finding).toMatch(/^entries 10 to 19 are not those signed/);
  });

  test('and the checkpoints in the database thrown away too: those outside it still know', async () => {
    await dba.run(EDIT);
    await dba.recomputeEverything();
    await dba.run('DELETE FROM audit_checkpoint');
    expect(await verify()).toMatchObject({ word: 'TAMPERED', at: 10 });
  });

  test('and the checkpoint file thrown away instead: those in the database still know', async () => {
    await dba.run(EDIT);
    await dba.recomputeEverything();
    await writeFile(file, '');
    expect(await verify()).toMatchObject({ word: 'TAMPERED', at: 10 });
  });

  test.each([
    ['bytes that are not JSON', `UPDATE audit_entry SET entry = '\\xff00' WHERE index = 13`],
    ['a patient that is no id', `UPDATE audit_entry SET entry = '{"v":1,"a":"x","by":{},"p":["x"]}' WHERE index = 13`],
    ['a time that is none', `UPDATE audit_entry SET at = 'infinity' WHERE index = 13`],
  ])('%s: a verdict, not a failure of the verifier', async (_, sql) => {
    await dba.run(sql);
    expect(await verify()).toMatchObject({ word: 'TAMPERED', at: 13 });
    await dba.run(`DELETE FROM audit_entry_patient WHERE index = 13`);
    expect(await verify()).toMatchObject({ word: 'TAMPERED', at: 13 });
  });

  test('nonsense with its hashes recomputed is no entry', async () => {
    await dba.run(`UPDATE audit_entry SET entry = '{"p":[]}' WHERE index = 13`);
    await dba.recomputeEverything();
    expect(await verify()).toMatchObject({ word: 'TAMPERED', at: 13, finding: 'the bytes are no entry' });
  });
});

describe('what people filter by must be what was hashed', () => {
  test.each([
    ['who', `UPDATE audit_entry SET actor_id = gen_random_uuid() WHERE index = 21`],
    ['what', `UPDATE audit_entry SET action = 'update' WHERE index = 21`],
    ['outcome', `UPDATE audit_entry SET outcome = 'refused' WHERE index = 21`],
    ['when', `UPDATE audit_entry SET at = at + interval '1 second' WHERE index = 21`],
    ['which request', `UPDATE audit_entry SET request_id = 'x' WHERE index = 21`],
    ['in which role', `UPDATE audit_entry SET role = 'x' WHERE index = 21`],
    ['in which operation', `UPDATE audit_entry SET operation = 'x' WHERE index = 21`],
    ['why', `UPDATE audit_entry SET purpose = 'x' WHERE index = 21`],
    ['from where', `UPDATE audit_entry SET ip = 'x' WHERE index = 21`],
    ['what of the record', `UPDATE audit_entry SET fields = 'x' WHERE index = 21`],
    ['whom: taken away', 'DELETE FROM audit_entry_patient WHERE index = 21'],
    ['whom: added', 'INSERT INTO audit_entry_patient VALUES (gen_random_uuid(), 21)'],
    ['whom: another', 'UPDATE audit_entry_patient SET patient_id = gen_random_uuid() WHERE index = 21'],
  ])('%s', async (_, sql) => {
    await dba.run(sql);
    expect(await verify()).toMatchObject({ word: 'TAMPERED', at: 21 });
  });
});

describe('a log cut short', () => {
  test('the tail cut, the head left as it was', async () => {
    await dba.run('DELETE FROM audit_entry WHERE index >= 25');
    expect(await verify()).toMatchObject({ word: 'TRUNCATED', at: 25 });
  });

  test('the tail cut and everything recomputed', async () => {
    await dba.run('DELETE FROM audit_entry WHERE index >= 25');
    await dba.recomputeEverything();
    expect(await verify()).toMatchObject({ word: 'TRUNCATED', at: 25 });
  });

  test('an old backup, checkpoints of the database included', async () => {
    await dba.run('DELETE FROM audit_entry WHERE index >= 20');
    await dba.run('DELETE FROM audit_checkpoint WHERE size > 20');
    await dba.recomputeEverything();
    expect(await verify()).toMatchObject({ word: 'TRUNCATED', at: 20 });
  });

  test('cut between two verifications: the next one knows how far the log had come', async () => {
    await verify();
    await writeFile(file, '');
    await dba.run('DELETE FROM audit_checkpoint');
    await dba.run('DELETE FROM audit_entry WHERE index >= 20');
    await dba.recomputeEverything();
    expect(await hospital.runtime.auditLog.verifyNew()).toMatchObject({ word: 'TRUNCATED', at: 20 });
  });

  test('everything gone', async () => {
    for (const table of ['audit_entry', 'audit_entry_patient', 'audit_head', 'audit_checkpoint']) {
      await dba.run(`DELETE FROM ${table}`);
    }
    expect(await verify()).toMatchObject({ word: 'TRUNCATED', at: 0 });
  });

  test('everything gone, and a new log begun', async () => {
    for (const table of ['audit_entry', 'audit_entry_patient', 'audit_checkpoint'])
      await dba.run(`DELETE FROM ${table}`);
    await dba.run(`UPDATE audit_head SET origin = 'chartseal/new'`);
    await dba.recomputeEverything();
    expect(await verify()).toMatchObject({ word: 'FORKED' });
  });
});

describe('the head and the checkpoints', () => {
  test.each([
    ['an older size', `UPDATE audit_head SET size = 29`],
    ['another root', `UPDATE audit_head SET root = sha256('x')`],
    ['another link', `UPDATE audit_head SET chain = sha256('x')`],
    ['another frontier', `UPDATE audit_head SET frontier[1] = sha256('x')`],
  ])('%s in the head', async (_, sql) => {
    await dba.run(sql);
    expect((await verify()).word).toMatch(/TAMPERED|TRUNCATED/);
  });

  test('entries beyond the head', async () => {
    await dba.run(`INSERT INTO audit_entry SELECT index + 1, entry, leaf, chain, at, actor_id, action, outcome, target_type,
      target_id, request_id FROM audit_entry WHERE index = 29`);
    expect(await verify()).toMatchObject({ word: 'TAMPERED', at: SIZE });
  });

  test('a checkpoint nobody signed', async () => {
    const place = String.raw`position(E'\n\n' IN note) + 90`; // within the signature: another letter, whichever stands there
    const other = `CASE substr(note, ${place}, 1) WHEN 'A' THEN 'B' ELSE 'A' END`;
    await dba.run(`UPDATE audit_checkpoint SET note = overlay(note placing ${other} from ${place}) WHERE size = 20`);
    expect(await verify()).toMatchObject({ word: 'TAMPERED', finding: expect.stringContaining('signature') as string });
  });

  test('a checkpoint file ending in the middle of a note is no tampering', async () => {
    await appendFile(file, '\n---\nchartseal/x\n12\nAAAA');
    expect(await verify()).toMatchObject({ word: 'OK' });
  });
});

test('a clock set back is flagged', async () => {
  await dba.run(`UPDATE audit_entry SET at = at - interval '1 hour',
    entry = convert_to(jsonb_set(convert_from(entry, 'UTF8')::jsonb, '{t}',
      to_jsonb(to_char((at - interval '1 hour') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))::text, 'UTF8')
    WHERE index = 25`);
  await dba.recomputeEverything();
  expect(await verify()).toMatchObject({ word: 'TAMPERED', at: 20, clock: false }); // worse: it is not what was signed
  await writeFile(file, '');
  await dba.run('DELETE FROM audit_checkpoint');
  const flagged = { word: 'TAMPERED', at: 25, clock: true, finding: expect.stringMatching(/clock/) as string };
  expect(await verify()).toMatchObject(flagged);
  expect(await hospital.runtime.auditLog.verifyNew()).toMatchObject({ word: 'OK', size: SIZE }); // it goes on behind it
  expect(await hospital.runtime.auditLog.status()).toMatchObject({ state: 'BROKEN', brokenAt: 25 });
  await dba.run('UPDATE audit_entry SET leaf = sha256(leaf) WHERE index = 28');
  expect(await verify()).toMatchObject({ word: 'TAMPERED', at: 28, clock: false }); // and hides nothing that comes after
});

test('a connection cut in the middle of a look ends that look, and nothing else', async () => {
  const pool = poolOf(hospital.runtime.dataSource);
  const look = onConnection(pool, async (client) => {
    const asleep = client.query('SELECT pg_sleep(60)');
    (client as PoolClient & { connection: Connection }).connection.stream.destroy();
    await asleep;
  });
  await expect(look).rejects.toThrow('Connection terminated');
  expect((await pool.query('SELECT 1')).rowCount).toBe(1);
});
