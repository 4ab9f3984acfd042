import { Client } from 'pg';
import { databaseRoles, actingAs } from '../../server/database/roles';
import { Hospital, type Patient } from '../support/hospital';
import { superuserUrl } from '../support/superuser';

let hospital: Hospital;
let patient: Patient;
const connections: Client[] = [];

beforeAll(async () => {
  hospital = await Hospital.open();
  patient = await hospital.patient({ phone: '+46 8 123 456' });
});

afterAll(async () => {
  for (const client of connections) await client.end();
  await hospital.close();
});

/** Somebody who has got hold of one part's connection to the database. */
async function holding(role: keyof typeof databaseRoles): Promise<Client> {
  const client = new Client({ connectionString: actingAs(superuserUrl(hospital.runtime), role) });
  await client.connect();
  connections.push(client);
  return client;
}

/** PostgreSQL's own codes: not allowed to, or not the owner (42501). */
const denied = { code: '42501' };

interface Privilege {
  table: string;
  privilege: string;
}

async function privilegesOf(role: string): Promise<Privilege[]> {
  return hospital.sql<Privilege>(
    `SELECT c.relname AS "table", p.privilege FROM pg_class c
     CROSS JOIN unnest('{SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER}'::text[]) AS p (privilege)
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') AND NOT c.relispartition
       AND has_table_privilege($1, c.oid, p.privilege) ORDER BY 1, 2`,
    [role],
  );
}

const LOG = /^audit_/;

describe('the application’s own connections', () => {
  test('are the application’s, not the owner’s', async () => {
    const [row] = await hospital.runtime.dataSource.query<{ current_user: string }[]>('SELECT current_user');
    expect(row).toEqual({ current_user: databaseRoles.app });
  });

  test('may add an entry to the log, read it, and nothing else', async () => {
    const ofLog = (await privilegesOf(databaseRoles.app)).filter(({ table }) => LOG.test(table));
    const beyondReading = ofLog.filter(({ privilege }) => privilege !== 'SELECT');
    expect(beyondReading).toEqual([
      { table: 'audit_alarm', privilege: 'INSERT' }, // and to answer for one, column by column
      { table: 'audit_pending', privilege: 'INSERT' },
      { table: 'audit_subtree', privilege: 'INSERT' }, // roots of runs, for proofs; wrong ones are found by the verifier
    ]);
    expect(ofLog.length).toBeGreaterThan(5);
  });

  test('read views and write through none: what a view shows is its owner’s to give', async () => {
    const views = await hospital.sql<{ name: string }>(
      "SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('v', 'm')",
    );
    const names = views.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['break_glass_open', 'care_team_now']));
    const ofViews = (await privilegesOf(databaseRoles.app)).filter(({ table }) => names.includes(table));
    expect(ofViews).toEqual(names.sort().map((table) => ({ table, privilege: 'SELECT' })));
  });

  test('never truncate, and cannot turn a trigger off, drop or alter what is audited', async () => {
    const privileges = await privilegesOf(databaseRoles.app);
    expect(privileges.filter(({ privilege }) => ['TRUNCATE', 'TRIGGER', 'REFERENCES'].includes(privilege))).toEqual([]);
    const app = await holding('app');
    for (const attack of [
      'ALTER TABLE patient DISABLE TRIGGER ALL',
      'DROP TRIGGER audited ON patient',
      'TRUNCATE audit_pending',
      'DELETE FROM audit_pending',
      'DELETE FROM audit_entry',
      `UPDATE audit_entry SET action = 'x'`,
      `INSERT INTO audit_entry SELECT index + 1000000, entry, leaf, chain, at, actor_id, action, outcome, target_type, target_id, request_id FROM audit_entry`,
      'UPDATE audit_head SET size = 0',
      'DELETE FROM audit_checkpoint',
      `CREATE OR REPLACE FUNCTION audit_must_have_entry() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'`,
      'CREATE TABLE mine (id int)',
      'ALTER DOMAIN sealed DROP CONSTRAINT sealed_envelope',
      'SET session_replication_role = replica',
      'DELETE FROM patient',
      'DELETE FROM app_user',
      'DELETE FROM schema_migration',
    ]) {
      await expect(app.query(attack)).rejects.toMatchObject(denied);
    }
  });

  test('cannot slip tables of their own to what runs with the owner’s rights', async () => {
    const app = await holding('app');
    await app.query('CREATE TEMP TABLE search_generation (version integer, state text, key_id bigint)');
    await app.query("INSERT INTO search_generation VALUES (999, 'retired', 1)");
    await app.query('SELECT search_drop_generation(999)');
    const { rowCount } = await app.query('SELECT FROM pg_temp.search_generation');
    expect(rowCount).toBe(1); // the function looked at the hospital's table, where there is no such generation
  });

  test('cannot show the trigger a pending table of their own for the log’s', async () => {
    const app = await holding('app');
    await app.query('CREATE TEMP TABLE audit_pending (LIKE public.audit_pending INCLUDING DEFAULTS)');
    await app.query('BEGIN');
    await app.query(
      `INSERT INTO pg_temp.audit_pending (id, action, target_type, target_id, entry)
       SELECT 1, 'update', 'patient', id, '{}' FROM patient WHERE id = $1`,
      [patient.id],
    );
    await app.query('UPDATE patient SET confidential = true WHERE id = $1', [patient.id]);
    await expect(app.query('COMMIT')).rejects.toThrow(/without its audit entry/);
  });

  test('do all that the hospital asks of them', async () => {
    const { phone } = (await hospital.as('adeyemi').get<{ patient: { phone: string } }>(`{ patient(id: "${patient.id}") { phone } }`)).patient; // prettier-ignore
    expect(phone).toBe('+46 8 123 456');
  });
});

describe('the sealer', () => {
  test('moves entries into the log and knows nothing of patients, staff or keys', async () => {
    const privileges = await privilegesOf(databaseRoles.sealer);
    expect(privileges.filter(({ table }) => !LOG.test(table))).toEqual([]);
    const sealer = await holding('sealer');
    for (const attack of [
      'SELECT * FROM patient',
      'SELECT * FROM app_user',
      'SELECT * FROM data_key',
      'SELECT * FROM patient_search',
      'DELETE FROM audit_entry',
      `UPDATE audit_entry SET action = 'x'`,
      'DELETE FROM audit_checkpoint',
      `INSERT INTO audit_pending (action, entry) VALUES ('read', '\\x00')`,
    ]) {
      await expect(sealer.query(attack)).rejects.toMatchObject(denied);
    }
    await expect(sealer.query('SELECT count(*) FROM audit_entry')).resolves.toBeDefined();
  });
});

describe('an auditor with a connection of his own', () => {
  test('reads the log, and that alone', async () => {
    const privileges = await privilegesOf(databaseRoles.auditor);
    expect(new Set(privileges.map(({ privilege }) => privilege))).toEqual(new Set(['SELECT']));
    expect(privileges.filter(({ table }) => !LOG.test(table))).toEqual([]);
    const auditor = await holding('auditor');
    await expect(auditor.query('SELECT count(*) FROM audit_entry')).resolves.toBeDefined();
    await expect(auditor.query('SELECT * FROM patient')).rejects.toMatchObject(denied);
    await expect(
      auditor.query(`INSERT INTO audit_pending (action, entry) VALUES ('x', '\\x00')`),
    ).rejects.toMatchObject(denied);
  });
});

test('each table that holds sealed values or names a patient has its trigger, or a reason not to', async () => {
  const unwatched = await hospital.sql<{ table: string }>(
    `SELECT DISTINCT table_name AS "table" FROM information_schema.columns c JOIN information_schema.tables USING (table_schema, table_name)
     WHERE table_type = 'BASE TABLE' AND table_schema = 'public' AND (domain_name = 'sealed' OR column_name IN ('patient_id', 'owner'))
       AND NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = format('public.%I', table_name)::regclass AND tgname = 'audited' AND tgenabled IN ('O', 'A'))
       AND NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = format('public.%I', table_name)::regclass)
     ORDER BY 1`,
  );
  expect(unwatched.map(({ table }) => table)).toEqual(Object.keys(withoutTrigger).sort());
});

/** Tables that say nothing of a patient that is not said, and entered, elsewhere. */
const withoutTrigger: Record<string, string> = {
  audit_entry_patient: 'the log itself',
  data_key: 'keys: their life is entered by what makes, re-seals and erases',
  destroyed_key: 'written with the erasure, which is entered',
  erasure: 'written with the erasure, which is entered',
  patient_search: 'follows the patient’s row',
  search_generation: 'holds no patient; each reindex is entered',
  snooping_seen: 'made from the log, for a day',
  session: 'holds no patient; sign-in and sign-out are entered',
};

test('each function of the database asks the hospital’s own tables, whatever a caller calls theirs, or none', async () => {
  const open = await hospital.sql<{ name: string }>(
    `SELECT proname AS name FROM pg_proc WHERE pronamespace = 'public'::regnamespace
       AND NOT EXISTS (SELECT FROM unnest(proconfig) AS fixed (setting) WHERE fixed.setting IN ('search_path=public, pg_temp', 'search_path=pg_catalog, pg_temp'))
     ORDER BY 1`,
  );
  expect(open.map(({ name }) => name)).toEqual(Object.keys(withoutPath).sort());
});

/** Functions that take their search path from whoever calls. */
const withoutPath: Record<string, string> = {
  audit_must_have_entry: 'names audit_pending in full, and costs less so: it runs for every row that is written',
  audit_refuse: 'asks no table',
  audit_shard_stays: 'asks no table',
  audit_watch: 'runs with the rights of whoever calls: only the owner may make triggers',
};
