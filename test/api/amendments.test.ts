import { Client } from 'pg';
import { keyIdIn } from '../../server/database/key-report';
import { actingAs } from '../../server/database/roles';
import { clientAt, registerClient } from '../support/api-client';
import { erased } from '../support/erasing';
import { Hospital, type Name, type Patient, type Visit } from '../support/hospital';
import { superuserUrl } from '../support/superuser';

let hospital: Hospital;
let patient: Patient;
beforeAll(async () => {
  hospital = await Hospital.open();
  patient = await hospital.patient({}, 'adeyemi', ['lindqvist', 'okafor']);
});
afterAll(() => hospital?.close());

interface Version {
  notes: string | null;
  vitals: { heartRate: number | null } | null;
  writtenBy: { name: string } | null;
  status: string;
}
interface Amended {
  version: number;
  notes: string | null;
  vitals: { heartRate: number | null } | null;
  status: string;
  amendments: { version: number; reason: string | null; author: { name: string } | null; before: Version }[];
}
const everything = `{
  version notes status vitals { heartRate }
  amendments { version reason author { name } before { notes status vitals { heartRate } writtenBy { name } } }
}`;

const read = async ({ id }: Visit, by: Name = 'adeyemi') =>
  (await hospital.as(by).get<{ visit: Amended }>(`{ visit(id: "${id}") ${everything} }`)).visit;
const finished = (input: Record<string, unknown> = {}) => hospital.visit(patient, { status: 'FINISHED', ...input });
const amendment = (visit: Visit, changes: Record<string, unknown>, reason = 'Letter came late') => ({
  id: visit.id,
  expectedVersion: visit.version,
  changes,
  reason,
});
const amend = (visit: Visit, changes: Record<string, unknown>, by: Name = 'adeyemi', reason?: string) =>
  hospital.as(by).do('amendVisit', amendment(visit, changes, reason));
const refusal = async (input: Record<string, unknown>, by: Name = 'adeyemi') => {
  const { code, error } = await hospital.as(by).ask('mutation ($input: AmendVisitInput!) { amendVisit(input: $input) { id } }', { input }); // prettier-ignore
  return [code, (error?.extensions.fields as { path: string }[] | undefined)?.map(({ path }) => path)];
};

test('a finished visit is amended twice: it shows the newest, and every version with author and reason stays', async () => {
  const written = await finished({ notes: 'Right knee', vitals: { heartRate: 70 } });
  const once = await amend(written, { notes: 'Left knee' }, 'okafor', 'Wrong side noted');
  const twice = await amend(once, { vitals: { heartRate: 78 } }, 'lindqvist', 'Read off the wrong monitor');
  expect(await read(twice)).toEqual({
    version: 3,
    notes: 'Left knee',
    status: 'FINISHED',
    vitals: { heartRate: 78 },
    amendments: [
      {
        version: 2,
        reason: 'Read off the wrong monitor',
        author: { name: 'Nurse Lindqvist' },
        before: { notes: 'Left knee', status: 'FINISHED', vitals: { heartRate: 70 }, writtenBy: { name: 'Clinician Okafor' } },
      },
      {
        version: 1,
        reason: 'Wrong side noted',
        author: { name: 'Clinician Okafor' },
        before: { notes: 'Right knee', status: 'FINISHED', vitals: { heartRate: 70 }, writtenBy: { name: 'Dr Adeyemi' } },
      },
    ],
  }); // prettier-ignore
  const entries = (await hospital.entries()).filter(({ o, a }) => o?.t === 'visitAmendment' || (o?.i === twice.id && a === 'update')); // prettier-ignore
  expect(entries.map(({ a, o, f, p }) => [a, o?.t, f, p])).toEqual([
    ['create', 'visitAmendment', ['at', 'author_id', 'before', 'patient_id', 'reason', 'visit_id'], [patient.id]],
    ['update', 'visit', ['notes'], [patient.id]],
    ['create', 'visitAmendment', ['at', 'author_id', 'before', 'patient_id', 'reason', 'visit_id'], [patient.id]],
    ['update', 'visit', ['vitals'], [patient.id]],
  ]);
});

test('whoever is told what it was, or that it was never amended, is in the log', async () => {
  const visit = await finished();
  const [entry] = await hospital.entriesOf(() => hospital.as('lindqvist').get(`{ visit(id: "${visit.id}") { amendments { id } } }`)); // prettier-ignore
  expect([entry?.a, entry?.f, entry?.p]).toEqual(['read', ['amendments', 'visits'], [patient.id]]);
});

describe('refused', () => {
  test('overwriting says what to do instead; an open visit is not amended, a closed one not opened', async () => {
    const visit = await finished({ notes: 'As it was' });
    for (const [mutation, input] of [
      ['updateVisit', { id: visit.id, expectedVersion: 1, notes: 'Other' }],
      ['deleteVisit', { id: visit.id, expectedVersion: 1 }],
      ['recordVitals', { visitId: visit.id, expectedVersion: 1, vitals: { heartRate: 60 } }],
    ] as const) {
      const type = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input`;
      const { code, error } = await hospital.as('adeyemi').ask(`mutation ($input: ${type}!) { ${mutation}(input: $input) { id } }`, { input }); // prettier-ignore
      const [fault] = error?.extensions.fields as { path: string; message: string }[];
      expect([code, fault?.message]).toEqual(['BAD_USER_INPUT', expect.stringContaining('amendVisit')]);
    }
    expect(await refusal(amendment(visit, { status: 'IN_PROGRESS' }))).toEqual(['BAD_USER_INPUT', ['changes.status']]);
    expect(await refusal(amendment(visit, { type: null }))).toEqual(['BAD_USER_INPUT', ['changes.type']]);
    expect(await refusal(amendment(visit, { endedAt: '2026-02-01T09:00:00Z' }))).toEqual(['BAD_USER_INPUT', ['changes.endedAt']]); // prettier-ignore
    expect(await refusal(amendment(visit, { notes: 'As it was' }))).toEqual(['BAD_USER_INPUT', ['changes']]);
    expect(await refusal(amendment(visit, { notes: 'Other' }, ' '))).toEqual(['BAD_USER_INPUT', ['reason']]);
    expect(await refusal(amendment(await hospital.visit(patient), { notes: 'Other' }))).toEqual(['BAD_USER_INPUT', ['id']]); // prettier-ignore
    expect(await read(visit)).toMatchObject({ version: 1, notes: 'As it was', amendments: [] });
  });

  test('beyond vital signs for nurses; outside the care team; for whoever saw an older version', async () => {
    const visit = await finished({ notes: 'As it was' });
    expect(await refusal(amendment(visit, { notes: 'Other' }), 'lindqvist')).toEqual(['FORBIDDEN', undefined]);
    expect(await refusal(amendment(visit, { notes: 'Other' }), 'okonkwo')).toEqual(['BREAK_GLASS_AVAILABLE', undefined]); // prettier-ignore
    expect(await refusal(amendment(visit, { notes: 'Other' }), 'park')).toEqual(['FORBIDDEN', undefined]);
    expect(await refusal(amendment(visit, { notes: 'Other' }), 'brandt')).toEqual(['FORBIDDEN', undefined]);
    const both = await Promise.all(['One', 'Two'].map((notes) => refusal(amendment(visit, { notes }))));
    expect(both.map(([code]) => code ?? 'OK').sort()).toEqual(['CONFLICT', 'OK']);
    expect((await read(visit)).amendments).toHaveLength(1);
  });
});

test('another system amends by the scope visit.write, and reads versions only by one that names them', async () => {
  const visit = await finished({ notes: 'As it was' });
  const writer = await clientAt(hospital, await registerClient(hospital, { scopes: ['visit.write:notes', 'visit.read:notes'] }));
  const once = await writer.do<Visit>('amendVisit', amendment(visit, { notes: 'By letter' }));
  expect(await writer.refused('amendVisit', amendment(once, { diagnosis: 'Gout' }))).toBe('FORBIDDEN');
  const versions = `{ visit(id: "${visit.id}") { notes amendments { before { notes } } } }`;
  expect((await writer.ask(versions)).code).toBe('FORBIDDEN');
  const measurer = await clientAt(hospital, await registerClient(hospital, { scopes: ['vitals.write'] }));
  expect(await measurer.refused('amendVisit', amendment(once, { vitals: { heartRate: 60 } }))).toBe('FORBIDDEN');
  const reader = await clientAt(hospital, await registerClient(hospital, { scopes: ['visit.read:notes,amendments'] }));
  expect(await reader.get(versions)).toEqual({ visit: { notes: 'By letter', amendments: [{ before: { notes: 'As it was' } }] } });
}); // prettier-ignore

test('versions are in the record as stored, and are erased with the patient', async () => {
  const lost = await hospital.patient();
  const visit = await hospital.visit(lost, { status: 'FINISHED', notes: 'The first' });
  await amend(visit, { notes: 'The second' });
  const { encryptedRecord } = await hospital
    .as('park')
    .get<{ encryptedRecord: { table: string; column: string }[] }>(
      `{ encryptedRecord(patientId: "${lost.id}") { table column } }`,
    );
  const columns = encryptedRecord.filter(({ table }) => table === 'visit_amendment').map(({ column }) => column);
  expect(columns).toEqual(['reason', 'before']);
  const certificate = JSON.parse(await erased(hospital, lost)) as Record<string, unknown>;
  expect(JSON.stringify(certificate)).toContain('visit_amendment.before');
  expect((await hospital.as('adeyemi').ask(`{ visit(id: "${visit.id}") { amendments { id } } }`)).code).toBe('NOT_FOUND'); // prettier-ignore
  const keys = `SELECT count(*) FROM data_key WHERE id IN (SELECT ${keyIdIn('before')} FROM visit_amendment WHERE patient_id = $1)`; // prettier-ignore
  expect(await hospital.count(keys, [lost.id])).toBe(0);
});

describe('a kept version', () => {
  let id: string;
  beforeAll(async () => {
    await amend(await finished({ notes: 'The very first' }), { notes: 'Another' });
    [{ id }] = (await hospital.sql('SELECT id FROM visit_amendment ORDER BY id DESC LIMIT 1')) as [{ id: string }];
  });

  const rowFaults = async () => (await hospital.runtime.auditLog.verifyRows()).filter(({ rowId }) => rowId === id);

  test.each([
    ['is not removed', 'DELETE FROM visit_amendment WHERE id = $1', 'permission denied'],
    ['has no other author', 'UPDATE visit_amendment SET author_id = NULL WHERE id = $1', 'permission denied'],
    ['is not overwritten', 'UPDATE visit_amendment SET reason = before WHERE id = $1', 'append-only'],
    ['nor by another', 'UPDATE visit_amendment SET before = (SELECT before FROM visit_amendment WHERE id <> $1 LIMIT 1) WHERE id = $1', 'append-only'],
  ])('%s by the application’s own login', async (_what, statement, refused) => {
    const client = new Client({ connectionString: actingAs(superuserUrl(hospital.runtime), 'app') });
    await client.connect();
    await expect(client.query(statement, [id]).finally(() => client.end())).rejects.toThrow(refused);
    expect(await rowFaults()).toEqual([]);
  }); // prettier-ignore

  test('is not overwritten behind keys that the application’s login has made up in a table of its own', async () => {
    const client = new Client({ connectionString: actingAs(superuserUrl(hospital.runtime), 'app') });
    await client.connect();
    await client.query('CREATE TEMP TABLE data_key AS TABLE public.data_key');
    await client.query("INSERT INTO data_key SELECT id, owner, purpose, kek_epoch, wrapped, kcv, created_at + interval '1 day' FROM public.data_key"); // prettier-ignore
    await client.query('BEGIN'); // the entry that its end demands would be forged
    const overwritten = 'UPDATE visit_amendment SET before = reason WHERE id = $1';
    await expect(client.query(overwritten, [id]).finally(() => client.end())).rejects.toThrow('append-only');
  });

  test('overwritten past every guard of the database is found, and does not open', async () => {
    await hospital.sql(`DO $$ BEGIN SET LOCAL session_replication_role = replica;
      UPDATE visit_amendment t SET before = o.before FROM visit_amendment o WHERE t.id = '${id}' AND o.id <> t.id; END $$`);
    expect(await rowFaults()).toEqual([expect.objectContaining({ table: 'visit_amendment', fault: 'changed' })]);
  });
});
