import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { sealEnvelope } from '../../server/crypto/envelope';
import { runIn } from '../../server/crypto/access-scope';
import { insertDataKey, insertDataKeys } from '../../server/database/key-store';
import { systemContext } from '../../server/graphql/context';
import type { KeyJobKind } from '../../server/keys';
import { Hospital, type Patient } from '../support/hospital';

let hospital: Hospital;
/** Somebody who owns the database: triggers do not bind them. */
let dba: Client;
beforeAll(async () => {
  hospital = await Hospital.open();
  dba = new Client({ connectionString: hospital.runtime.config.databaseUrl! });
  await dba.connect();
  await dba.query('SET session_replication_role = replica');
});
afterAll(async () => {
  await dba.end();
  await hospital.close();
});

const verify = (open = false) => hospital.runtime.services.keys.verify({ open });

async function job(kind: KeyJobKind, detail: string | null = null) {
  const { jobs } = hospital.runtime.services.keys;
  const { id } = await runIn(systemContext('test'), () => jobs.begin(kind, detail));
  return jobs.finish(id);
}

const keyOf = async ({ id }: Patient) =>
  (await hospital.sql<{ id: string; wrapped: Buffer; kcv: Buffer; kek_epoch: number }>(
    'SELECT id::text, wrapped, kcv, kek_epoch FROM data_key WHERE owner = $1 AND retired_at IS NULL',
    [id],
  ))[0]!; // prettier-ignore

const look = (patient: Patient) => hospital.as('adeyemi').ask(`{ patient(id: "${patient.id}") { name { family } } }`);

/** Changes something, sees what `keys verify` says of it, puts it back, and sees that all is well again. */
async function found(change: () => Promise<unknown>, back: () => Promise<unknown>, open = false): Promise<string[]> {
  expect(await verify(true)).toEqual([]);
  await change();
  const faults = await verify(open);
  await back();
  expect(await verify(true)).toEqual([]);
  return faults;
}

describe('keys verify finds', () => {
  test('two wrapped keys that changed places', async () => {
    const [hers, his] = [await hospital.patient(), await hospital.patient()];
    const swap = () =>
      dba.query(
        `UPDATE data_key k SET wrapped = o.wrapped, kcv = o.kcv FROM data_key o
         WHERE k.owner = ANY($1::uuid[]) AND o.owner = ANY($1::uuid[]) AND k.owner <> o.owner`,
        [[hers.id, his.id]],
      );
    const faults = await found(swap, swap);
    const told = ({ id }: Patient) => faults.filter((fault) => fault.includes(`of owner ${id} does not unwrap: A wrapped key`)); // prettier-ignore
    expect([faults.length, told(hers).length, told(his).length]).toEqual([2, 1, 1]);
  });

  test('each of more keys than one look takes, once; and all of them go when their time has come', async () => {
    const { base } = hospital.runtime;
    const owners = Array.from({ length: 1_200 }, () => randomUUID());
    await runIn(systemContext('test'), () =>
      base.dataSource.transaction((manager) =>
        insertDataKeys(manager, owners.map((owner) => base.keyring.mint(owner, 'patient'))),
      ),
    ); // prettier-ignore
    await dba.query("UPDATE data_key SET kcv = '\\x0000000000000000' WHERE owner = ANY($1::uuid[])", [owners]);
    const faults = await verify();
    expect(faults).toHaveLength(owners.length);
    expect(new Set(faults).size).toBe(owners.length);
    await dba.query("UPDATE data_key SET retired_at = now() - interval '1 hour' WHERE owner = ANY($1::uuid[])", [owners]);
    expect(await job('RESEAL', (await hospital.patient()).id)).toMatchObject({ state: 'DONE' });
    expect(await hospital.count('SELECT count(*) FROM data_key WHERE owner = ANY($1::uuid[])', [owners])).toBe(0);
    expect(await verify(true)).toEqual([]);
  }); // prettier-ignore

  test('a data key under a wrong epoch', async () => {
    expect(await job('ROTATE')).toMatchObject({ state: 'DONE' });
    const patient = await hospital.patient();
    const { kek_epoch: epoch } = await keyOf(patient);
    const put = (to: number) => dba.query('UPDATE data_key SET kek_epoch = $2 WHERE owner = $1', [patient.id, to]);
    const faults = await found(() => put(epoch - 1), () => put(epoch)); // prettier-ignore
    expect(faults).toEqual([expect.stringContaining(`There is no key-encryption key of epoch ${epoch - 1}.`)]);
  });

  test.each([
    ['a key epoch', 'key_epoch', /^Key epoch \d+ does not unwrap: What the root key \(key file\) unwraps differs/],
    ['a derivation root', 'index_key', /^Derivation root 1 does not unwrap: What the root key/],
  ])('a planted check value of %s', async (_, table, said) => {
    const [row] = await hospital.sql<{ kcv: Buffer }>(`SELECT kcv FROM ${table}`);
    const put = (kcv: Buffer) => dba.query(`UPDATE ${table} SET kcv = $1`, [kcv]);
    const faults = await found(() => put(Buffer.alloc(8)), () => put(row!.kcv)); // prettier-ignore
    expect(faults).toEqual([expect.stringMatching(said)]);
  });

  test('a value whose key is gone', async () => {
    const patient = await hospital.patient();
    const key = await keyOf(patient);
    const faults = await found(
      () => dba.query('DELETE FROM data_key WHERE owner = $1', [patient.id]),
      () =>
        dba.query("INSERT INTO data_key (id, owner, purpose, kek_epoch, wrapped, kcv) VALUES ($1, $2, 'patient', $3, $4, $5)", [
          key.id, patient.id, key.kek_epoch, key.wrapped, key.kcv,
        ]), // prettier-ignore
    );
    expect(faults).toEqual(expect.arrayContaining(['patient.name: 1 values without a key', 'patient.mrn: 1 values without a key'])); // prettier-ignore
  });

  test('a value planted under a replaced key, which then is not destroyed', async () => {
    const patient = await hospital.patient();
    const [row] = await hospital.sql<{ name: Buffer }>('SELECT name FROM patient WHERE id = $1', [patient.id]);
    expect(await job('RESEAL', patient.id)).toMatchObject({ state: 'DONE' });
    const [sealed] = await hospital.sql<{ name: Buffer }>('SELECT name FROM patient WHERE id = $1', [patient.id]);
    const put = (name: Buffer) => dba.query('UPDATE patient SET name = $2 WHERE id = $1', [patient.id, name]);
    await dba.query("UPDATE data_key SET retired_at = now() - interval '1 hour' WHERE retired_at IS NOT NULL");
    const keys = () => hospital.count('SELECT count(*) FROM data_key WHERE owner = $1', [patient.id]);
    const faults = await found(
      async () => {
        await put(row!.name);
        expect(await job('RESEAL', (await hospital.patient()).id)).toMatchObject({ state: 'DONE' }); // looks after keys too
        expect(await keys()).toBe(2);
      },
      () => put(sealed!.name),
    );
    expect(faults).toEqual(['patient.name: 1 values under replaced keys']);
    expect(await job('RESEAL', (await hospital.patient()).id)).toMatchObject({ state: 'DONE' });
    expect(await keys()).toBe(1);
  });

  test('a value moved to another row, when asked to open all', async () => {
    const [hers, his] = [await hospital.patient(), await hospital.patient()];
    const [row] = await hospital.sql<{ name: Buffer }>('SELECT name FROM patient WHERE id = $1', [his.id]);
    const faults = await found(
      () => dba.query('UPDATE patient t SET name = f.name FROM patient f WHERE t.id = $2 AND f.id = $1', [hers.id, his.id]),
      () => dba.query('UPDATE patient SET name = $2 WHERE id = $1', [his.id, row!.name]),
      true,
    ); // prettier-ignore
    expect(faults).toEqual([`patient.name of ${his.id} does not open: What is stored in patient.name was not sealed for this place.`]); // prettier-ignore
  });

  test('a sealed column that no entity declares, counted like every other', async () => {
    const faults = await found(
      () => dba.query('ALTER TABLE invite ADD COLUMN note sealed'),
      async () => {
        const columns = await hospital.runtime.services.keys.count(() => undefined);
        expect(columns.map(({ table, column }) => `${table}.${column}`)).toContain('invite.note');
        await dba.query('ALTER TABLE invite DROP COLUMN note');
      },
    );
    expect(faults).toEqual(['invite.note is sealed, but no entity declares it']);
  });

  test('a declared column that would take plaintext', async () => {
    const faults = await found(
      () => dba.query('ALTER TABLE session ALTER COLUMN device TYPE bytea'),
      () => dba.query('ALTER TABLE session ALTER COLUMN device TYPE sealed'),
    );
    expect(faults).toEqual(['session.device is not of the domain sealed: it would take plaintext']);
  });
});

describe('re-sealing', () => {
  test('leaves an owner whose value was tampered with untouched, does the rest, and says so', async () => {
    const [hers, his] = [await hospital.patient(), await hospital.patient()];
    const [row] = await hospital.sql<{ name: Buffer }>('SELECT name FROM patient WHERE id = $1', [hers.id]);
    const flipped = Buffer.from(row!.name.map((byte, at) => byte ^ +(at === 30)));
    await dba.query('UPDATE patient SET name = $2 WHERE id = $1', [hers.id, flipped]);
    const before = await keyOf(hers);
    const kept = await keyOf(his);
    const failed = await job('RESEAL');
    expect(failed).toMatchObject({ state: 'FAILED', error: `1 owners hold values that do not open and kept their old keys: ${hers.id}. See keys verify --open.` }); // prettier-ignore
    expect(await keyOf(hers)).toEqual(before);
    expect((await keyOf(his)).id).not.toBe(kept.id);
    expect((await look(hers)).code).toBe('INTEGRITY_VIOLATION');
    await dba.query('UPDATE patient SET name = $2 WHERE id = $1', [hers.id, row!.name]);
    expect(await job('RESEAL')).toMatchObject({ state: 'DONE' });
    expect((await keyOf(hers)).id).not.toBe(before.id);
    expect(await verify(true)).toEqual([]);
    expect(await hospital.runtime.auditLog.verifyRows()).toEqual([]);
  });

  test('cannot be done past the log: the database refuses a re-sealed row without its entry', async () => {
    const patient = await hospital.patient();
    const { base } = hospital.runtime;
    const forge = runIn(systemContext('test'), () =>
      base.dataSource.transaction(async (manager) => {
        const key = base.keyring.mint(patient.id, 'patient');
        await insertDataKey(manager, key);
        const place = { table: 'patient', column: 'phone', row: patient.id, owner: patient.id };
        const phone = sealEnvelope(Buffer.from('\u0001555'), base.keyring.keyFor(key.id), key.id, place);
        await manager.query('UPDATE patient SET phone = $2 WHERE id = $1', [patient.id, phone]);
      }),
    );
    await expect(forge).rejects.toThrow('a change of patient without its audit entry');
    expect(await verify(true)).toEqual([]);
  });

  test('destroys replaced keys when their time has come, not before', async () => {
    const patient = await hospital.patient();
    await job('RESEAL', patient.id);
    const keys = () => hospital.count('SELECT count(*) FROM data_key WHERE owner = $1', [patient.id]);
    await job('RESEAL', (await hospital.patient()).id);
    expect(await keys()).toBe(2);
    await dba.query("UPDATE data_key SET retired_at = now() - interval '61 seconds' WHERE retired_at IS NOT NULL");
    const entries = await hospital.entriesOf(() => job('RESEAL', patient.id));
    expect(await keys()).toBe(2); // the one just replaced, and the new one
    expect(entries.some(({ a, f }) => a === 'destroy-keys' && /^\d+ keys$/.test(f[0]!))).toBe(true);
    expect((await look(patient)).data).toMatchObject({ patient: { name: { family: 'Lindgren' } } });
    expect(await verify(true)).toEqual([]);
  });
});
