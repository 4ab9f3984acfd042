import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { readConfig, type Config } from '../../server/config/config';
import { runIn } from '../../server/crypto/access-scope';
import { systemContext } from '../../server/graphql/context';
import { createStaff } from '../../server/identity';
import { notesInFile } from '../../server/ledger';
import { newId } from '../../server/platform/ids';
import { openRuntime, type Runtime } from '../../server/runtime';
import { verifyDirectory } from '../../verifier/verify-directory';
import { freshDatabase } from '../support/postgres';
import { asSuperuser, superuserUrl } from '../support/superuser';
import { untilFigure } from '../support/until';
import { Dba } from './ledger-dba';
import { buildVerifier, demandVerdict } from './ledger-stranger';

let folder: string;
let verifier: string;
let ahead = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chartseal-kept-'));
  verifier = await buildVerifier();
});

afterAll(() => rm(folder, { recursive: true }));

/** A hospital that can be closed and opened again, and whose clock can be moved. */
class Ward {
  runtime!: Runtime;

  private constructor(private readonly config: Config) {}

  static async begin(): Promise<Ward> {
    const DATA_DIR = await mkdtemp(join(folder, 'ward-'));
    const DATABASE_URL = await freshDatabase();
    const ward = new Ward(
      readConfig({ NODE_ENV: 'test', DATABASE_URL, DATA_DIR, BCRYPT_COST: '4', LOG_LEVEL: 'silent' }),
    );
    await ward.open();
    return ward;
  }

  async open(): Promise<void> {
    const clock = { now: () => new Date(Date.now() + ahead) };
    this.runtime = await openRuntime(this.config, { logger: pino({ level: 'silent' }), clock });
  }

  get log() {
    return this.runtime.auditLog;
  }

  get file(): string {
    return join(this.config.dataDir, 'checkpoints');
  }

  sql(text: string): Promise<Record<string, unknown>[]> {
    return asSuperuser(this.runtime, text);
  }

  async count(text: string): Promise<number> {
    return Number(Object.values((await this.sql(text))[0] ?? {})[0]);
  }

  hire(name: string): Promise<{ id: string }> {
    const email = `${name.toLowerCase().replaceAll(' ', '.')}@ward.example`;
    const password = `${name} has a long password`;
    return runIn(systemContext('test'), () => createStaff(this.runtime, { email, name, role: 'NURSE', password }));
  }

  async grow(count: number): Promise<void> {
    const read = () => this.runtime.base.audit.record({ action: 'read', patients: [newId()] });
    await runIn(systemContext('test'), () => Promise.all(Array.from({ length: count }, read)));
    await this.signed();
  }

  /** Everything is sealed, and the newest checkpoint names it. */
  async signed(): Promise<void> {
    await untilFigure(this, `SELECT (SELECT count(*) FROM audit_pending) + (SELECT count(*) FROM audit_head h WHERE NOT EXISTS
      (SELECT FROM audit_newest_checkpoint n WHERE starts_with(n.note, h.origin) AND n.size = h.size - h.first_index))`); // prettier-ignore
  }

  verify() {
    return this.log.verifyAll();
  }

  async exported(path: string): Promise<{ verdict: Awaited<ReturnType<Ward['verify']>>; notes: readonly string[] }> {
    return verifyDirectory(path, { policy: await this.log.shards.policy() });
  }
}

describe('retention', () => {
  let ward: Ward;
  let dba: Dba;
  let path: string;
  let first: { id: string };

  beforeAll(async () => {
    ahead = -366 * 24 * 3_600_000;
    ward = await Ward.begin();
    path = join(folder, 'export');
    await ward.grow(30);
    await ward.log.export(path, { verifier });
    dba = await Dba.of(superuserUrl(ward.runtime));
  });

  afterAll(async () => {
    await dba.end();
    await ward.runtime.close();
  });

  test('the shard of a year ends with the first entry sealed in the next', async () => {
    await ward.grow(10);
    ahead = 0;
    await ward.grow(5);
    expect(await ward.sql('SELECT number, size::int AS size FROM audit_shard')).toEqual([{ number: 1, size: 40 }]);
    first = await ward.hire('Nurse Lindqvist');
    await ward.signed();
    expect(await ward.count('SELECT count(*) FROM audit_shard')).toBe(1);
    expect(await ward.verify()).toMatchObject({ word: 'OK', size: 47, finding: null });
  });

  test('a shard is dropped only when it is closed, first in line and in an export to its end', async () => {
    const { shards } = ward.log;
    await ward.log.shards.close();
    await ward.signed();
    const old = await ward.exported(path);
    expect(old.verdict.word).toBe('OK');
    await expect(shards.drop(1, old)).rejects.toThrow(/does not have shard 1 to its final checkpoint/);
    await expect(shards.drop(1, await ward.exported(join(folder, 'nowhere')))).rejects.toThrow(/INCOMPLETE/);
    await ward.log.export(path, { verifier });
    const whole = await ward.exported(path);
    await expect(shards.drop(2, whole)).rejects.toThrow(/Shard 1 comes first/);
    await expect(shards.drop(3, whole)).rejects.toThrow(/no closed shard 3/);
    expect(await shards.droppable(1, whole)).toMatchObject({ number: 1, dropped: false });
    expect(await ward.count('SELECT min(index) FROM audit_entry')).toBe(0);
  });

  test('dropped: the log verifies and says so, and rows written in dropped entries are still watched', async () => {
    await ward.hire('Nurse Okafor');
    await ward.signed();
    for (const number of [1, 2]) await ward.log.shards.drop(number, await ward.exported(path));
    const [{ begin } = {}] = await ward.sql('SELECT first_index AS begin FROM audit_head');
    expect(await ward.count('SELECT min(index) FROM audit_entry')).toBe(Number(begin));
    expect(await ward.count(`SELECT count(*) FROM audit_entry_patient WHERE index < ${Number(begin)}`)).toBe(0);
    await ward.signed();
    const verdict = await ward.verify();
    expect(verdict).toMatchObject({ word: 'OK', at: null });
    expect(verdict.finding).toMatch(
      /shard 1, were dropped after export; the checkpoint is kept; .*shard 2, were dropped/,
    );
    expect(await ward.log.verifyNew()).toMatchObject({ word: 'OK' });
    expect(await ward.log.proofs.inclusion(0)).toBeNull();
    expect(await ward.log.proofs.inclusion(Number(begin))).not.toBeNull();
    expect(await ward.log.verifyRows()).toEqual([]);
    await dba.run(`UPDATE app_user SET role = 'ADMIN' WHERE id = $1`, [first.id]);
    expect(await ward.log.verifyRows()).toMatchObject([{ table: 'app_user', rowId: first.id, fault: 'changed' }]);
    await dba.run(`UPDATE app_user SET role = 'NURSE' WHERE id = $1`, [first.id]);
    expect(await ward.log.verifyRows()).toEqual([]);
  });

  test('what is kept of dropped entries cannot be changed unseen, nor can the dropping be forged', async () => {
    const anchors = await dba.run('SELECT * FROM audit_row_anchor');
    expect(anchors.length).toBeGreaterThan(0);
    await dba.run(`UPDATE audit_row_anchor SET row_hash = repeat('0', 64) WHERE target_id = $1`, [first.id]);
    expect((await ward.log.verifyRows()).map(({ table }) => table)).toContain('audit_row_anchor');
    await dba.run('UPDATE audit_row_anchor SET row_hash = $2 WHERE target_id = $1', [first.id, anchors.find((row) => row.target_id === first.id)!.row_hash]); // prettier-ignore
    expect(await ward.log.verifyRows()).toEqual([]);
    await ward.log.shards.close();
    await ward.signed();
    await dba.backUp(ward.log);
    await dba.run('DELETE FROM audit_entry WHERE index < (SELECT first_index FROM audit_head)');
    await dba.run('UPDATE audit_shard SET dropped_at = now()');
    expect(await ward.verify()).toMatchObject({ word: 'TRUNCATED' });
    await dba.restore();
    expect(await ward.verify()).toMatchObject({ word: 'OK' });
  });

  test('the next one is dropped after it; a new export then begins with their checkpoints', async () => {
    await ward.log.export(path, { verifier });
    const whole = await ward.exported(path);
    const [meanwhile] = await Promise.all([ward.verify(), ward.log.shards.drop(3, whole)]);
    expect(meanwhile.word).toBe('OK');
    await ward.log.shards.drop(3, await ward.exported(path)); // once more: there is nothing left to do
    await ward.signed();
    expect(await ward.verify()).toMatchObject({ word: 'OK', finding: expect.stringMatching(/shard 3, were dropped/) as string }); // prettier-ignore
    expect(await ward.log.verifyRows()).toEqual([]);
    await ward.log.export(path, { verifier });
    expect((await demandVerdict(path, 'OK', null)).finding).toBeNull();
    const late = join(folder, 'late');
    const { size } = await ward.log.export(late, { verifier });
    const told = await demandVerdict(late, 'OK', null);
    expect(told.finding).toMatch(/shard 1, were dropped .*shard 3, were dropped/);
    expect(told.size).toBe(size);
    await writeFile(join(late, 'dropped'), notesInFile(await readFile(join(late, 'dropped'), 'utf8'))[0]!);
    await demandVerdict(late, 'INCOMPLETE');
  });
});

describe('a restored backup', () => {
  let ward: Ward;
  let dba: Dba;
  let kept: string;

  beforeAll(async () => {
    ahead = 0;
    ward = await Ward.begin();
    await ward.grow(50);
    dba = await Dba.of(superuserUrl(ward.runtime));
    await dba.backUp(ward.log);
    await ward.grow(30);
    kept = join(folder, 'kept');
    await ward.runtime.close();
    await copyFile(ward.file, kept);
    await dba.restore();
    await ward.open();
  });

  afterAll(async () => {
    await dba.end();
    await ward.runtime.close();
  });

  const size = () => ward.count('SELECT size FROM audit_head');
  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

  test('is TRUNCATED, and nothing is sealed on top of it', async () => {
    await runIn(systemContext('test'), () => ward.runtime.base.audit.record({ action: 'read' }));
    await wait(1_500);
    expect(await ward.count('SELECT count(*) FROM audit_pending')).toBe(1);
    await expect(ward.log.shards.close()).rejects.toThrow(/restored from a backup/);
    expect(await size()).toBe(50);
    expect(await ward.verify()).toMatchObject({ word: 'TRUNCATED', at: 50 });
  });

  test('is gone on from in a shard that tells what is lost', async () => {
    await expect(ward.log.shards.restore(['no note'])).rejects.toThrow(/no checkpoint in there/);
    ahead = 20 * 60_000; // what waits is older than what tells of the loss: no clock went back
    const closed = await ward.log.shards.restore(notesInFile(await readFile(kept, 'utf8')));
    expect(closed).toMatchObject({ number: 1, first: 50, lost: [{ from: 50, size: 80 }] });
    await ward.signed();
    const finding = 'entries 50 to 79 of shard 1 were lost in a restore, told in entry 50';
    expect(await ward.verify()).toMatchObject({ word: 'OK', size: 52, at: null, finding });
    const path = join(folder, 'restored');
    await ward.log.export(path, { verifier });
    expect(await demandVerdict(path, 'OK', null)).toMatchObject({ size: 52, finding });
    await expect(ward.log.shards.restore(notesInFile(await readFile(kept, 'utf8')))).rejects.toThrow(/Nothing is lost/);
  });

  test('opened again, it seals as before: what was told is known', async () => {
    await ward.runtime.close();
    await ward.open();
    await ward.grow(3);
    expect(await ward.verify()).toMatchObject({ word: 'OK', size: 55 });
  });

  test('a loss that the log’s key did not tell, or a smaller one than there was, is none', async () => {
    await dba.backUp(ward.log);
    const told = "entry = convert_to(replace(convert_from(entry, 'UTF8'), '\"lost ', '\"Lost '), 'UTF8')";
    await dba.run(`UPDATE audit_entry SET ${told} WHERE index = 50`);
    expect(await ward.verify()).toMatchObject({ word: 'TAMPERED', at: 50 });
    await dba.restore();
    expect(await ward.verify()).toMatchObject({ word: 'OK' });
  });

  test('when entries were signed on top of the backup before anybody noticed, the other history is told as lost', async () => {
    await dba.backUp(ward.log);
    await ward.grow(20);
    await ward.runtime.close();
    const outside = await readFile(ward.file, 'utf8');
    await dba.restore();
    await writeFile(ward.file, ''); // the folder was restored with the database
    await ward.open();
    await ward.grow(25);
    const closed = await ward.log.shards.restore(notesInFile(outside));
    expect(closed).toMatchObject({ number: 2, lost: [{ from: 5, size: 25 }] });
    await ward.signed();
    await writeFile(ward.file, outside + (await readFile(ward.file, 'utf8')));
    const verdict = await ward.verify();
    expect(verdict.finding).toMatch(/entries 55 to 74 of shard 2 were lost in a restore/);
    expect(verdict.word).toBe('OK');
  });
});
