import { leafOf, readCheckpoint, rootByInclusion } from '../../server/ledger';
import { csvOf } from '../../server/reports/report-csv';
import { Hospital, type Name, type Patient } from '../support/hospital';
import { asSuperuser } from '../support/superuser';

/** Who saw a patient's record: to be told to the patient, and proven to a stranger. */
interface Row {
  entry: { index: number; action: string; outcome: string; purpose: string; fields: string[]; canonical: string; leafHash: string; actor: { name: string | null; role: string | null } };
  emergency: boolean;
  proof: { place: number; size: number; path: string[] };
} // prettier-ignore

interface Report {
  patientId: string;
  patient: { mrn: string } | null;
  madeBy: string;
  checkpoint: string;
  csv: string;
  pdf: string;
  rows: { edges: { node: Row }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
}

const ROWS = `edges { node { entry { index action outcome purpose fields canonical leafHash actor { name role } } emergency
  proof { place size path } } } pageInfo { hasNextPage endCursor }`;
const PERIOD = 'from: "2020-01-01T00:00:00Z", to: "2999-01-01T00:00:00Z"';

let hospital: Hospital;
let patient: Patient;
let other: Patient;
beforeAll(async () => {
  hospital = await Hospital.open();
  patient = await hospital.patient(
    { name: { family: '=Łódź', given: ['Ástríðr', 'Ζωή'] }, birthDate: '1985-09-09' },
    'adeyemi',
    ['lindqvist'],
  );
  other = await hospital.patient({ name: { family: 'Moss', given: ['Ada'] } }, 'okonkwo');
  await hospital
    .as('lindqvist')
    .get(`query Ward { patient(id: "${patient.id}") { name { family } allergies { substance } } }`);
  await hospital.as('okafor').ask(`{ patient(id: "${patient.id}") { name { family } } }`);
  await hospital.as('adeyemi').get(`mutation { printRecord(input: { patientId: "${patient.id}" }) { at } }`);
  await hospital.signed();
});
afterAll(() => hospital?.close());

async function report(name: Name, selection: string, of = patient): Promise<Report> {
  const query = `{ accessReport(patientId: "${of.id}", ${PERIOD}) { ${selection} } }`;
  return (await hospital.as(name).get<{ accessReport: Report }>(query)).accessReport;
}

test('says who did what to the record, when and why, refusals too, each row proven under the checkpoint', async () => {
  const { rows, checkpoint, madeBy } = await report('adeyemi', `madeBy checkpoint rows(first: 100) { ${ROWS} }`);
  const { root, size } = readCheckpoint(checkpoint)!;
  const told = rows.edges.map(({ node }) => node);
  expect(madeBy).toBe('Dr Adeyemi');
  expect(told.map(({ entry }) => [entry.action, entry.actor.name, entry.outcome])).toEqual(
    expect.arrayContaining([
      ['create', 'Dr Adeyemi', 'OK'],
      ['read', 'Nurse Lindqvist', 'OK'],
      ['patient', 'Clinician Okafor', 'REFUSED'],
      ['print', 'Dr Adeyemi', 'OK'],
    ]),
  );
  expect(told.find(({ entry }) => entry.actor.role === 'NURSE')?.entry.fields).toEqual(['allergies', 'name']);
  for (const { entry, proof } of told) {
    const leaf = leafOf(Buffer.from(entry.canonical));
    expect(leaf.toString('hex')).toBe(entry.leafHash);
    expect(proof.size).toBe(size);
    expect(
      rootByInclusion(
        leaf,
        proof.place,
        size,
        proof.path.map((hash) => Buffer.from(hash, 'hex')),
      ),
    ).toEqual(root);
    expect(JSON.parse(entry.canonical)).toMatchObject({ p: expect.arrayContaining([patient.id]) as unknown });
  }
});

test('its pages bring every row once, and none of another patient', async () => {
  const whole = (await report('park', `rows(first: 100) { ${ROWS} }`)).rows.edges.map(({ node }) => node.entry.index);
  const seen: number[] = [];
  for (let after = ''; ;) {
    const { rows } = await report('park', `rows(first: 2 ${after}) { ${ROWS} }`);
    seen.push(...rows.edges.map(({ node }) => node.entry.index));
    if (!rows.pageInfo.hasNextPage || seen.length >= whole.length) break;
    after = `, after: "${rows.pageInfo.endCursor}"`;
  }
  expect(seen.slice(0, whole.length)).toEqual(whole);
});

test('making one is an entry that names the patient, written before anything is shown', async () => {
  const entries = await hospital.entriesOf(() => report('brandt', 'patientId'));
  expect(entries).toEqual([expect.objectContaining({ a: 'report', p: [patient.id], f: ['accesses'], w: 'oversight' })]);
});

describe('who may have one', () => {
  test.each<[Name, string | undefined]>([
    ['park', undefined],
    ['brandt', undefined],
    ['adeyemi', undefined],
    ['okafor', 'BREAK_GLASS_AVAILABLE'],
    ['lindqvist', 'FORBIDDEN'],
    ['lab', 'FORBIDDEN'],
  ])('%s: %s', async (name, code) => {
    for (const document of [
      `{ accessReport(patientId: "${patient.id}", ${PERIOD}) { patientId } }`,
      `{ accountingOfDisclosures(patientId: "${patient.id}") { patientId } }`,
    ])
      expect((await hospital.as(name).ask(document)).code).toBe(code);
  });

  test('a doctor of another patient has none of this one; a stranger none at all', async () => {
    const document = `{ accessReport(patientId: "${patient.id}", ${PERIOD}) { csv } }`;
    const refused = await hospital.as('okonkwo').ask(document);
    expect(refused.code).toMatch(/FORBIDDEN|BREAK_GLASS_AVAILABLE/);
    expect(refused.body).not.toContain('Adeyemi');
    expect((await hospital.stranger.ask(document)).code).toBe('UNAUTHENTICATED');
  });

  test('nobody knows of a patient who was never there', async () => {
    const document = `{ accessReport(patientId: "0192a000-0000-7000-8000-000000000000", ${PERIOD}) { patientId } }`;
    for (const name of ['park', 'brandt', 'adeyemi'] as const)
      expect((await hospital.as(name).ask(document)).code).toBe('NOT_FOUND');
  });
});

describe('as a table', () => {
  test('has the checkpoint, the proofs and how to check them; a name cannot be a formula', async () => {
    const { csv, checkpoint } = await report('adeyemi', 'csv checkpoint');
    expect(csv.startsWith('\ufeffReport,Accesses to a patient’s record\r\n')).toBe(true);
    expect(csv).toContain('Ástríðr Ζωή =Łódź');
    expect(csv).toContain(checkpoint);
    expect(csv).toContain('Inclusion proof');
    expect(csv).toContain('How to check');
  });

  test.each(['=1+1', '+1', '-1', '@now', '\tx'])('a cell %j is text', (text) => {
    const csv = csvOf({
      title: 't',
      facts: [],
      columns: [{ title: 'Who', width: 1 }],
      rows: [[text]],
      checkpoints: [],
    });
    expect(csv).toContain(`'${text}`);
  });

  test('the name is opened for whoever may read it, with an entry; the auditor’s report has an id only', async () => {
    const entries = await hospital.entriesOf(() => report('adeyemi', 'csv'));
    const opened = entries.find(({ a }) => a === 'read') as { f?: string[]; p?: string[] } | undefined;
    expect(opened).toMatchObject({ f: ['birthDate', 'mrn', 'name'], p: [patient.id] });
    const { csv } = await report('brandt', 'csv');
    expect(csv).not.toContain('Łódź');
    expect(csv).toContain(patient.id);
    expect(await hospital.entriesOf(() => report('brandt', 'csv pdf'))).toHaveLength(1);
  });
});

test('an accounting of disclosures has what left the hospital, six years back, and nothing else', async () => {
  const selection = `from to checkpoint csv pdf rows(first: 100) { edges { node { recipient recipientAddress disclosed purpose
    entry { action } proof { path } } } }`;
  const query = `{ accountingOfDisclosures(patientId: "${patient.id}") { ${selection} } }`;
  const { accountingOfDisclosures: found } = await hospital.as('park').get<{
    accountingOfDisclosures: {
      from: string;
      to: string;
      csv: string;
      rows: { edges: { node: { entry: { action: string } } }[] };
    };
  }>(query);
  expect(new Date(found.to).getUTCFullYear() - new Date(found.from).getUTCFullYear()).toBe(6);
  expect(found.rows.edges.map(({ node }) => node)).toEqual([
    expect.objectContaining({
      recipient: 'Paper or file, made by Dr Adeyemi',
      disclosed: ['record'],
      entry: { action: 'print' },
    }),
  ]);
  expect(found.csv).toContain('Accounting of disclosures');
});

test('a report from a log somebody has written into says so instead of proving it', async () => {
  const [{ index } = { index: '' }] = await hospital.sql<{ index: string }>(
    `SELECT index::text FROM audit_entry WHERE action = 'create' AND target_id = $1`,
    [other.id],
  );
  await asSuperuser(hospital.runtime, 'ALTER TABLE audit_entry DISABLE TRIGGER USER');
  await asSuperuser(hospital.runtime, `UPDATE audit_entry SET leaf = sha256('x') WHERE index = ${index}`);
  const query = `{ accessReport(patientId: "${other.id}", ${PERIOD}) { rows { edges { node { proof { path } } } } } }`;
  expect((await hospital.as('park').ask(query)).code).toBe('INTEGRITY_VIOLATION');
});
