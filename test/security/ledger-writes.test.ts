import type { EntityManager } from 'typeorm';
import { watchedTables } from '../../server/audit';
import { runIn } from '../../server/crypto/access-scope';
import { send } from '../../server/database/transaction-runner';
import { updateRow } from '../../server/database/update-row';
import { currentContext, systemContext } from '../../server/graphql/context';
import { User } from '../../server/identity';
import { Patient } from '../../server/patients';
import { cellBytes, decodeEntry, rowHash, type LedgerEntry } from '../../server/ledger';
import { asSuperuser, superuserUrl } from '../support/superuser';
import { Browser, openFrontDesk, type Colleague, type FrontDesk } from '../support/front-desk';
import { Dba } from './ledger-dba';

let desk: FrontDesk;
let adeyemi: Colleague;
let hers: Browser;
let patientId: string;
let marks = 0;

/** Tables without the trigger, and what takes its place. */
const keptTrue: Record<string, string> = {
  audit_entry_patient: 'part of the log: every row is compared with the bytes of its entry',
  erasure: 'each row carries a certificate signed with the key of the log, which names the entry',
  patient_search: 'made from the record: audit verify --tokens makes it anew and compares',
  search_generation: 'about no patient: how terms are split; its making is an entry',
  snooping_seen: 'made from the log, for a day: who was shown whom last',
  session: 'touched by every request; beginning and end are entries',
};

const REGISTER = 'mutation Register($input: CreatePatientInput!) { createPatient(input: $input) { id version } }';

async function entries(): Promise<LedgerEntry[]> {
  const rows = await desk.runtime.dataSource.query<{ entry: Buffer }[]>(
    `SELECT entry FROM (SELECT 0 AS late, index AS place, entry FROM audit_entry
      UNION ALL SELECT 1, id, entry FROM audit_pending) AS e ORDER BY late, place`,
  );
  return rows.map(({ entry }) => decodeEntry(entry));
}

/** Entries since the last call. */
async function news(): Promise<LedgerEntry[]> {
  const all = await entries();
  const fresh = all.slice(marks);
  marks = all.length;
  return fresh;
}

beforeAll(async () => {
  desk = await openFrontDesk();
  adeyemi = await desk.hire('Dr Adeyemi', 'DOCTOR');
  hers = new Browser(desk);
  await hers.signIn(adeyemi);
  const name = { family: 'Canaryfamily', given: ['Canarygiven'] };
  const answer = await hers.ask(REGISTER, {
    input: { mrn: 'CANARY-MRN', name, gender: 'FEMALE', birthDate: '1985-09-09', phone: '+44 20 7946 0000' },
  });
  expect(answer.error).toBeUndefined();
  patientId = (answer.data?.createPatient as { id: string }).id;
});

beforeEach(() => news());

afterAll(() => desk.close());

describe('a change that brings no entry cannot commit, whatever way it takes', () => {
  const refused = /without its audit entry|append-only/;
  const inScope = <T>(work: () => T) => runIn(systemContext('test'), work);

  test.each([
    ['UPDATE', `UPDATE patient SET confidential = true`],
    ['DELETE', `DELETE FROM patient_search; DELETE FROM care_team_member; DELETE FROM patient`],
    [
      'INSERT',
      `INSERT INTO app_user SELECT gen_random_uuid(), email, '\\x01', name, 'ADMIN', password_hash, active, version,
      created_at, updated_at, updated_by FROM app_user`,
    ],
    ['upsert', `INSERT INTO app_user SELECT * FROM app_user ON CONFLICT (id) DO UPDATE SET role = 'ADMIN'`],
    ['TRUNCATE', 'TRUNCATE patient CASCADE'],
    [
      'an entry about something else',
      `WITH entry AS (INSERT INTO audit_pending (action, target_type, target_id, entry)
      SELECT 'update', 'visit', id, '{}' FROM patient) UPDATE patient SET confidential = true`,
    ],
    [
      'an entry of another act',
      `WITH entry AS (INSERT INTO audit_pending (action, target_type, target_id, entry)
      SELECT 'create', 'patient', id, '{}' FROM patient) UPDATE patient SET confidential = true`,
    ],
  ])('SQL: %s', async (_, sql) => {
    await expect(asSuperuser(desk.runtime, sql)).rejects.toThrow(refused); // several statements are one transaction
    expect(await asSuperuser(desk.runtime, `SELECT 1 FROM patient WHERE NOT confidential`)).toHaveLength(1);
  });

  test('TypeORM: update(), delete(), upsert() and the query builder', async () => {
    const users = desk.runtime.dataSource.getRepository(User);
    const work: (() => Promise<unknown>)[] = [
      () => users.update({ id: adeyemi.id }, { role: 'ADMIN' }),
      () => users.delete({ id: adeyemi.id }),
      () => users.createQueryBuilder().update().set({ role: 'ADMIN' }).execute(),
      () => users.increment({ id: adeyemi.id }, 'version', 1),
      async () => {
        const [row] = await users.find();
        const { id, emailSealed, emailToken, nameSealed, createdAt } = row as User & Record<string, never>;
        const plain = { id, emailSealed, emailToken, nameSealed, createdAt, updatedAt: createdAt };
        await users.upsert({ ...plain, role: 'ADMIN', active: true, version: 9 }, ['id']);
      },
    ];
    for (const attempt of work) await expect(inScope(attempt)).rejects.toThrow(/audit entry|permission denied/);
    expect(await users.countBy({ role: 'ADMIN' })).toBe(0);
    expect(await news()).toEqual([]);
  });

  test('without anybody to attribute it to, nothing is written', async () => {
    const users = desk.runtime.dataSource.getRepository(User);
    const user = (await users.findOneByOrFail({ id: adeyemi.id }))!;
    user.active = false;
    await expect(users.save(user)).rejects.toThrow(/outside any request context/);
    expect(await users.countBy({ active: true })).toBe(1);
  });

  test('what is sealed cannot be changed, nor what waits', async () => {
    for (const sql of [
      `UPDATE audit_entry SET action = 'x'`,
      'DELETE FROM audit_entry',
      'TRUNCATE audit_entry',
      'DELETE FROM audit_checkpoint',
      `UPDATE audit_pending SET action = 'x'`,
      'TRUNCATE audit_pending',
    ]) {
      await expect(asSuperuser(desk.runtime, sql)).rejects.toThrow(refused);
    }
  });
});

describe('a transaction whose statements nobody waited for', () => {
  const counter = Buffer.alloc(16, 7);
  const count = (manager: EntityManager, people: number) =>
    send(manager, { text: 'INSERT INTO demographic_count (bucket, people) VALUES ($1, $2)' }, [counter, people]);
  const within = (work: (manager: EntityManager) => Promise<unknown>) => desk.runtime.dataSource.transaction(work);

  afterEach(async () => {
    const sql = 'DELETE FROM demographic_count WHERE bucket = $1 RETURNING 1';
    const [, written] = await desk.runtime.dataSource.query<[unknown, number]>(sql, [counter]);
    expect(written).toBe(0);
  });

  test('does not commit when one of them failed, and tells which', async () => {
    const work = (manager: EntityManager) => Promise.resolve(void count(manager, -1));
    await expect(within(work)).rejects.toThrow('demographic_count_not_negative');
  });

  test('tells what failed first, not what was refused because of it', async () => {
    const work = async (manager: EntityManager) => {
      void count(manager, -1);
      await manager.query('SELECT 1');
    };
    await expect(within(work)).rejects.toThrow('demographic_count_not_negative');
  });

  test('does not pretend to have committed when a failure was passed over', async () => {
    const work = async (manager: EntityManager) => {
      void count(manager, 1);
      await manager.query('SELECT 1 / 0').catch(() => undefined);
    };
    await expect(within(work)).rejects.toThrow('rolled back');
  });

  test('writes nothing when the work itself gives up', async () => {
    const work = (manager: EntityManager) => count(manager, 1).then(() => Promise.reject(new Error('no')));
    await expect(within(work)).rejects.toThrow('no');
  });
});

test('a row is updated by what it was under its lock: one read without is not written', async () => {
  const patient = Object.assign(new Patient(), { id: patientId });
  await expect(desk.runtime.dataSource.transaction((manager) => updateRow(manager, patient))).rejects.toThrow('lock');
});

describe('entries are true', () => {
  test('a change rolled back leaves none; one that changes nothing leaves none', async () => {
    const users = desk.runtime.dataSource.getRepository(User);
    await runIn(systemContext('test'), async () => {
      const change = users.manager.transaction(async (manager) => {
        const user = await manager.findOneByOrFail(User, { id: adeyemi.id });
        user.version += 1;
        await manager.save(user);
        throw new Error('never mind');
      });
      await expect(change).rejects.toThrow('never mind');
      await users.save(await users.findOneByOrFail({ id: adeyemi.id }));
    });
    expect(await news()).toEqual([]);
  });

  test('a read names the patient and what was opened of them, once, with who, whence and in which operation', async () => {
    const answer = await hers.ask(`query Banner { a: patient(id: "${patientId}") { id name { family } }
      b: patient(id: "${patientId}") { phone } }`);
    expect(answer.data).toMatchObject({ a: { name: { family: 'Canaryfamily' } } });
    const written = await news();
    expect(written).toHaveLength(1);
    expect(written[0]).toMatchObject({
      a: 'read',
      k: 'ok',
      f: ['name', 'phone'],
      p: [patientId],
      op: 'Banner',
      ip: '192.0.2.10',
      by: { k: 'user', u: adeyemi.id, r: 'DOCTOR' },
    });
    expect(written[0]!.d).toMatch(/^[\da-f]{64}$/);
  });

  test('opening nothing is no read', async () => {
    await hers.ask(`{ patient(id: "${patientId}") { id version } }`);
    expect(await news()).toEqual([]);
  });

  test('no entry holds a value', async () => {
    const texts = (await entries()).map((entry) => JSON.stringify(entry)).join('\n');
    expect(texts).not.toMatch(/canary|1985-09-09|7946 0000/i);
  });
});

describe('the ledger cannot be written', () => {
  beforeAll(() =>
    asSuperuser(desk.runtime, 'ALTER TABLE audit_pending ADD CONSTRAINT full_disk CHECK (false) NOT VALID'),
  );
  afterAll(() => asSuperuser(desk.runtime, 'ALTER TABLE audit_pending DROP CONSTRAINT full_disk'));

  test('a read answers AUDIT_UNAVAILABLE and not one byte of the patient', async () => {
    const answer = await hers.ask(`{ patient(id: "${patientId}") { mrn name { family given } birthDate phone } }`);
    expect(answer).toMatchObject({ status: 503, code: 'AUDIT_UNAVAILABLE', data: null });
    expect(answer.body).not.toMatch(/canary|1985-09-09|7946 0000/i);
  });

  test('nor when it begins to refuse while the record lies open already', async () => {
    await asSuperuser(desk.runtime, 'ALTER TABLE audit_pending DROP CONSTRAINT full_disk');
    const dba = await Dba.of(superuserUrl(desk.runtime));
    await dba.run('BEGIN');
    await dba.run('LOCK TABLE audit_pending IN ACCESS EXCLUSIVE MODE');
    const asked = hers.ask(`{ patient(id: "${patientId}") { mrn name { family given } birthDate phone } }`);
    const waiting = `SELECT FROM pg_locks WHERE relation = 'audit_pending'::regclass AND mode = 'RowExclusiveLock' AND NOT granted`;
    for (let tries = 0; tries < 400 && (await dba.run(waiting)).length === 0; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 25));
    expect(await dba.run(waiting)).not.toEqual([]); // it was opened, and its entry is on its way
    await dba.run('ALTER TABLE audit_pending ADD CONSTRAINT full_disk CHECK (false) NOT VALID');
    await dba.run('COMMIT');
    await dba.end();
    const answer = await asked;
    expect(answer).toMatchObject({ status: 503, code: 'AUDIT_UNAVAILABLE', data: null });
    expect(answer.body).not.toMatch(/canary|1985-09-09|7946 0000/i);
  });

  test('a change is not made', async () => {
    const answer = await hers.ask(REGISTER, {
      input: { mrn: 'CANARY-2', name: { family: 'Canary', given: [] }, gender: 'MALE' },
    });
    expect(answer.error).toBeDefined();
    expect(answer.body).not.toMatch(/audit_pending|full_disk|CANARY-2/);
    expect(await desk.runtime.dataSource.getRepository(Patient).count()).toBe(1);
  });
});

describe('rows compared with the log (--rows)', () => {
  let dba: Dba;
  beforeAll(async () => {
    dba = await Dba.of(superuserUrl(desk.runtime));
  });
  afterAll(() => dba.end());

  const findings = () => desk.runtime.auditLog.verifyRows();

  test('rows written by the application are true', async () => {
    expect(await findings()).toEqual([]);
  });

  test('a cell put back to its own older value: named, with the time of the last true version', async () => {
    const [before] = await dba.run('SELECT phone FROM patient WHERE id = $1', [patientId]);
    const change = 'mutation($input: UpdatePatientInput!) { updatePatient(input: $input) { version } }';
    const answer = await hers.ask(change, { input: { id: patientId, expectedVersion: 1, phone: '+44 20 7946 0111' } });
    expect(answer.error).toBeUndefined();
    const update = (await news()).find(({ a }) => a === 'update')!;
    expect(update).toMatchObject({ f: ['phone'], p: [patientId], o: { t: 'patient', i: patientId } });
    expect(await findings()).toEqual([]);
    await dba.run('UPDATE patient SET phone = $2 WHERE id = $1', [patientId, before!.phone]);
    expect(await findings()).toEqual([{ table: 'patient', rowId: patientId, fault: 'changed', lastTrue: update.t }]);
  });

  test('a role raised by SQL: clear columns are anchored too', async () => {
    const nurse = await desk.hire('Nurse Lindqvist', 'NURSE');
    await dba.run("UPDATE app_user SET role = 'ADMIN' WHERE id = $1", [nurse.id]);
    const finding = { table: 'app_user', rowId: nurse.id, fault: 'changed', lastTrue: expect.any(String) as string };
    expect(await findings()).toContainEqual(finding);
    await dba.run("UPDATE app_user SET role = 'NURSE' WHERE id = $1", [nurse.id]);
    expect(await findings()).not.toContainEqual(finding);
  });

  test('a role raised by SQL beside something that waits, says that this is right, and can never be sealed', async () => {
    const nurse = await desk.hire('Nurse Berg', 'NURSE');
    const [row] = await dba.run("UPDATE app_user SET role = 'ADMIN' WHERE id = $1 RETURNING *", [nurse.id]);
    const cells = Object.entries(row!).map(([column, value]) => ({ column, bytes: cellBytes(value) }));
    const rh = rowHash('app_user', nurse.id, cells).toString('hex');
    const bytes = Buffer.from(JSON.stringify({ v: 1, a: 'update', p: [], rh, t: new Date().toISOString() }));
    await dba.run(
      "INSERT INTO audit_pending (action, target_type, target_id, entry) VALUES ('update', 'user', $1, $2)",
      [nurse.id, bytes],
    );
    expect(await findings()).toContainEqual(expect.objectContaining({ rowId: nurse.id, fault: 'changed' }));
    await dba.run('DELETE FROM audit_pending WHERE entry = $1', [bytes]);
    await dba.run("UPDATE app_user SET role = 'NURSE' WHERE id = $1", [nurse.id]);
  });

  test('a place on a care team planted by SQL, and one taken away', async () => {
    const [place] = await dba.run('SELECT id, user_id FROM care_team_member WHERE patient_id = $1', [patientId]);
    await dba.run('DELETE FROM care_team_member WHERE id = $1', [place!.id]);
    await dba.run('INSERT INTO care_team_member SELECT gen_random_uuid(), $1, $2, now()', [patientId, place!.user_id]);
    const found = (await findings()).filter(({ table }) => table === 'care_team_member').map(({ fault }) => fault);
    expect(found.sort()).toEqual(['missing', 'unknown']);
  });

  test('every audited table of the database is compared', async () => {
    const rows = await dba.run(
      "SELECT tgrelid::regclass::text AS name FROM pg_trigger WHERE tgname = 'audited' ORDER BY 1",
    );
    expect(rows.map(({ name }) => name)).toEqual(watchedTables.map(({ table }) => table).sort());
  });

  test('every table that holds something sealed, or is about a patient, is audited, or kept true by something else', async () => {
    const rows = await dba.run(
      `SELECT DISTINCT c.relname AS name FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
       WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND NOT a.attisdropped
         AND (a.atttypid = 'sealed'::regtype OR a.attname = 'patient_id')
         AND NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = 'audited' AND t.tgdeferrable
           AND t.tginitdeferred AND t.tgenabled = 'O') ORDER BY 1`,
    );
    expect(rows.map(({ name }) => name)).toEqual(Object.keys(keptTrue).sort());
  });

  test('a row the log does not know', async () => {
    await dba.run(`INSERT INTO app_user SELECT gen_random_uuid(), email, '\\x00', name, role, password_hash, active, version,
      created_at, updated_at, updated_by FROM app_user LIMIT 1`);
    expect(await findings()).toContainEqual({
      table: 'app_user',
      rowId: expect.any(String) as string,
      fault: 'unknown',
      lastTrue: null,
    });
  });
});

test('an entry needs a context; there is none by accident', () => {
  expect(() => currentContext()).toThrow(/outside any request context/);
});
