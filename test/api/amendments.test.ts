import { Client } from 'pg';
import { actingAs } from '../../server/database/roles';
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

  test('overwritten past every guard of the database is found, and does not open', async () => {
    await hospital.sql(`DO $$ BEGIN SET LOCAL session_replication_role = replica;
      UPDATE visit_amendment t SET before = o.before FROM visit_amendment o WHERE t.id = '${id}' AND o.id <> t.id; END $$`);
    expect(await rowFaults()).toEqual([expect.objectContaining({ table: 'visit_amendment', fault: 'changed' })]);
  });
});
