import { createPrivateKey } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { verifyOpened, type DatabaseVerifyOptions } from '../../server/cli/audit-verify';
import { noteInFile, readCheckpoint, signCheckpoint, verdictCodes } from '../../server/ledger';
import { Hospital, type Patient } from '../support/hospital';
import { superuserUrl } from '../support/superuser';
import { untilFigure } from '../support/until';
import { Dba } from './ledger-dba';

// What `audit verify` prints and answers when the owner of the database was at work: the verdict, where, and the exit code.

let hospital: Hospital;
let dba: Dba;
let astrid: Patient;
let birgit: Patient;
let file: string;

beforeAll(async () => {
  hospital = await Hospital.open();
  astrid = await hospital.patient({ phone: '+46 8 123 456' });
  birgit = await hospital.patient({ name: { family: 'Marchetti', given: ['Birgit'] } });
  dba = await Dba.of(superuserUrl(hospital.runtime));
  file = join(hospital.runtime.config.dataDir, 'checkpoints');
  await settled();
});

afterAll(async () => {
  await dba.end();
  await hospital.close();
});

interface Told {
  word: string;
  exitCode: number;
  at: number | null;
  finding: string | null;
  rows?: { wrong: number; findings: { table: string; rowId: string; fault: string; lastTrue: string | null }[] };
  tokens?: { wrong: number; findings: { table: string; patientId: string; fault: string; detail: string | null }[] };
}

async function printed(options: Partial<DatabaseVerifyOptions>): Promise<{ code: number; output: string }> {
  let output = '';
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((output += String(text))));
  const progress = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    const code = await verifyOpened(hospital.runtime, { rows: false, tokens: false, json: false, ...options });
    return { code, output };
  } finally {
    write.mockRestore();
    progress.mockRestore();
  }
}

/** One JSON document, whatever was asked for. */
async function verify(options: Partial<DatabaseVerifyOptions> = {}): Promise<Told & { code: number }> {
  const { code, output } = await printed({ json: true, ...options });
  const told = JSON.parse(output) as Told;
  return { ...told, code };
}

/** Waits until everything is sealed and signed. */
async function settled(): Promise<void> {
  const waiting = `SELECT (SELECT count(*) FROM audit_pending) + (SELECT count(*) FROM audit_head h
    LEFT JOIN audit_newest_checkpoint n USING (one) WHERE n.size IS DISTINCT FROM h.size)`;
  await untilFigure(hospital, waiting);
  await hospital.runtime.auditLog.askAfterWritten(); // else an attack may bring one more entry, of an alarm
}

/** Does something as the owner of the database, lets it be found, and puts it back. */
async function after<T>(attack: string, remedy: string, look: () => Promise<T>): Promise<T> {
  await dba.run(attack);
  try {
    return await look();
  } finally {
    await dba.run(remedy);
  }
}

const EVERYTHING = { rows: true, tokens: true };

test('a hospital nobody touched: OK, and the run is an entry', async () => {
  expect(await verify(EVERYTHING)).toMatchObject({
    ...{ code: 0, word: 'OK', exitCode: 0, at: null },
    ...{ rows: { wrong: 0, findings: [] }, tokens: { wrong: 0, findings: [] } },
  });
  const { code, output } = await printed(EVERYTHING);
  expect(code).toBe(0);
  expect(output).toMatch(/^OK: \d+ entries verified.*\nOK: every row is .*\nOK: every search row is .*\n$/);
  const actions = (await hospital.entries()).map(({ a }) => a);
  expect(actions).toEqual(expect.arrayContaining(['verify-log', 'verify-tokens']));
});

describe('the log', () => {
  beforeEach(settled);

  test('an entry edited: TAMPERED, and an alarm stands for all to see', async () => {
    const verdict = await after(
      `UPDATE audit_entry SET action = 'peek' WHERE index = 5`,
      `UPDATE audit_entry SET action = convert_from(entry, 'UTF8')::jsonb ->> 'a' WHERE index = 5`,
      verify,
    );
    expect(verdict).toMatchObject({ code: verdictCodes.TAMPERED, exitCode: 10, word: 'TAMPERED', at: 5 });
    const { logAlarms } = await hospital.as('park').get<{ logAlarms: object[] }>('{ logAlarms { kind entryIndex } }');
    expect(logAlarms).toEqual([{ kind: 'BROKEN', entryIndex: 5 }]);
  });

  test('the tail cut: TRUNCATED', async () => {
    const size = await hospital.count('SELECT size FROM audit_head');
    await dba.run(`CREATE TABLE cut AS SELECT * FROM audit_entry WHERE index >= ${size - 2}`);
    const verdict = await after(
      `DELETE FROM audit_entry WHERE index >= ${size - 2}; UPDATE audit_head SET size = ${size - 2}`,
      `DELETE FROM audit_entry WHERE index >= ${size - 2}; INSERT INTO audit_entry SELECT * FROM cut; DROP TABLE cut`,
      async () => {
        const found = await hospital.runtime.auditLog.verifyAll(); // no entry of its own: it would be sealed in place of what was cut
        await dba.run(`UPDATE audit_head SET size = ${size}`);
        return found;
      },
    );
    expect(verdict).toMatchObject({ word: 'TRUNCATED', at: size - 2 });
    expect(verdictCodes[verdict.word]).toBe(11);
  });

  test('the key of the log stolen, and another history signed with it: FORKED', async () => {
    const key = createPrivateKey(await readFile(hospital.runtime.config.logSigningKeyFile, 'utf8'));
    const [newest] = await hospital.sql<{ note: string }>('SELECT note FROM audit_newest_checkpoint');
    const note = signCheckpoint({ ...readCheckpoint(newest!.note)!, root: Buffer.alloc(32, 1) }, key, new Date());
    const notes = await readFile(file, 'utf8');
    await writeFile(file, notes + noteInFile(note));
    try {
      expect(await verify()).toMatchObject({ code: 12, word: 'FORKED' });
    } finally {
      await writeFile(file, (await readFile(file, 'utf8')).replace(noteInFile(note), ''));
    }
    expect(await verify()).toMatchObject({ code: 0, word: 'OK' });
  });

  test('nothing signed for longer than is allowed: STALE, by the signed time and not by that of a column', async () => {
    const { auditLog } = hospital.runtime;
    const found = auditLog.foundAtOpening;
    const key = createPrivateKey(await readFile(hospital.runtime.config.logSigningKeyFile, 'utf8'));
    const { size, checkpoint } = await auditLog.status();
    const old = signCheckpoint(readCheckpoint(checkpoint!)!, key, new Date(Date.now() - 7_200_000));
    try {
      auditLog.foundAtOpening = { size, checkpoint: old }; // what lies there when a server has not run for two hours
      expect(await verify()).toMatchObject({ code: 13, word: 'STALE', at: null });
      expect(await verify({ maxAge: 86_400_000 })).toMatchObject({ code: 0, word: 'OK' });
      auditLog.foundAtOpening = { size, checkpoint: null };
      expect(await verify()).toMatchObject({ code: 13, finding: 'the newest checkpoint is missing' });
    } finally {
      auditLog.foundAtOpening = found;
    }
  });
});

describe('rows and search rows', () => {
  test('a row changed: table, row and the time when it was last true', async () => {
    const last = (await hospital.entries()).findLast(({ o }) => o?.t === 'patient' && o.i === birgit.id)!;
    const verdict = await after(
      `UPDATE patient SET confidential = true WHERE id = '${birgit.id}'`,
      `UPDATE patient SET confidential = false WHERE id = '${birgit.id}'`,
      () => verify({ rows: true }),
    );
    const finding = { table: 'patient', rowId: birgit.id, fault: 'changed', lastTrue: last.t };
    expect(verdict).toMatchObject({ code: 1, word: 'OK', rows: { wrong: 1, findings: [finding] } });
  });

  test.each([
    ['deleted', `DELETE FROM patient_search WHERE patient_id = $1`, ['missing']],
    [
      'swapped between two patients',
      `UPDATE patient_search s SET tokens = o.tokens, tags = o.tags FROM patient_search o
       WHERE (s.patient_id = $1 AND o.patient_id = $2) OR (s.patient_id = $2 AND o.patient_id = $1)`,
      ['changed', 'changed'],
    ],
    ['a token taken out of it', `UPDATE patient_search SET tokens = tokens[2:] WHERE patient_id = $1`, ['changed']],
    [
      'other tags',
      `UPDATE patient_search SET tags = overlay(tags placing '\\x000000'::bytea from 1) WHERE patient_id = $1`,
      ['changed'],
    ],
    [
      'planted for nobody',
      `INSERT INTO patient_search SELECT generation, gen_random_uuid(), tokens, tags FROM patient_search WHERE patient_id = $1`,
      ['unknown'],
    ],
    [
      'of a record whose name was taken from another',
      `UPDATE patient SET name = (SELECT name FROM patient WHERE id = $2) WHERE id = $1`,
      ['unreadable'],
    ],
  ])('%s', async (_, attack, faults) => {
    await dba.run(
      'CREATE TABLE kept_search AS TABLE patient_search; CREATE TABLE kept_name AS SELECT id, name FROM patient',
    );
    const sql = attack.replaceAll('$1', `'${astrid.id}'`).replaceAll('$2', `'${birgit.id}'`);
    const verdict = await after(
      sql,
      `DELETE FROM patient_search; INSERT INTO patient_search SELECT * FROM kept_search; DROP TABLE kept_search;
       UPDATE patient p SET name = k.name FROM kept_name k WHERE k.id = p.id; DROP TABLE kept_name`,
      () => verify({ tokens: true }),
    );
    expect(verdict).toMatchObject({ code: 1, word: 'OK', tokens: { wrong: faults.length } });
    expect(verdict.tokens!.findings.map(({ fault }) => fault)).toEqual(faults);
    expect(verdict.tokens!.findings.every(({ table }) => table === 'patient_search')).toBe(true);
    if (faults[0] !== 'unknown') expect(verdict.tokens!.findings[0]!.patientId).toBe(astrid.id);
  });

  test('in words', async () => {
    const { code, output } = await after(
      `CREATE TABLE kept_search AS TABLE patient_search; DELETE FROM patient_search WHERE patient_id = '${astrid.id}'`,
      'DELETE FROM patient_search; INSERT INTO patient_search SELECT * FROM kept_search; DROP TABLE kept_search',
      () => printed({ tokens: true }),
    );
    expect(code).toBe(1);
    expect(output).toContain(
      `patient_search ${astrid.id}: is missing: the patient is not found by anything\n1 search rows `,
    );
    expect((await verify(EVERYTHING)).code).toBe(0);
  });
});
