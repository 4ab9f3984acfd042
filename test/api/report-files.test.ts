import { createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { openCheckpoint, rootByInclusion } from '../../server/ledger';
import { clientAt, registerClient } from '../support/api-client';
import { Hospital, type Patient } from '../support/hospital';
import { pdfAttachment, pdfText } from '../support/pdf-text';

/** Reports as files: what a patient takes home must prove itself without us. */
let hospital: Hospital;
let patient: Patient;

beforeAll(async () => {
  hospital = await Hospital.open();
  const name = { family: 'Łódź', given: ['Ástríðr', 'Ζωή'] };
  patient = await hospital.patient({ name, birthDate: '1985-09-09', phone: '+46 8 555 0101' });
  const lab = await clientAt(hospital, await registerClient(hospital, { name: 'Blood bank', scopes: ['patient.read:name,phone'] })); // prettier-ignore
  await lab.get(`query Donors { patient(id: "${patient.id}") { phone } }`);
  await lab.ask(`{ patient(id: "${patient.id}") { diagnosis } }`);
  await hospital.as('adeyemi').get(`{ patient(id: "${patient.id}") { diagnosis } }`);
  await hospital.signed();
});
afterAll(() => hospital?.close());

const PERIOD = 'from: "2020-01-01T00:00:00Z", to: "2999-01-01T00:00:00Z"';

interface Files {
  csv: string;
  pdf: string;
  checkpoint: string;
}

async function files(report: 'accessReport' | 'accountingOfDisclosures'): Promise<Files> {
  const query = `{ ${report}(patientId: "${patient.id}", ${PERIOD}) { csv pdf checkpoint } }`;
  return (await hospital.as('park').get<Record<string, Files>>(query))[report]!;
}

/** Records of a CSV file (RFC 4180). */
function recordsOf(csv: string): string[][] {
  const records: string[][] = [[]];
  for (const [, quoted, bare, end] of csv.slice(1).matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    records.at(-1)!.push(quoted?.replaceAll('""', '"') ?? bare ?? '');
    if (end === '\r\n') records.push([]);
  }
  return records;
}

const bytes = (hex: string) => Buffer.from(hex, 'hex');

test.each([
  ['a CSV file', 'accessReport', ({ csv }: Files) => csv],
  ['a CSV file', 'accountingOfDisclosures', ({ csv }: Files) => csv],
  ['the table in a PDF', 'accessReport', ({ pdf }: Files) => pdfAttachment(Buffer.from(pdf, 'base64'))],
] as const)(
  'of %s (%s) each row leads to the root in the checkpoint at its end, by the file alone',
  async (_, report, tableOf) => {
    const records = recordsOf(tableOf(await files(report)));
    const key = createPublicKey(await readFile(hospital.runtime.config.logSigningKeyFile, 'utf8'));
    const [, note] = records.find(([what]) => what === 'Checkpoint')!;
    const signed = openCheckpoint(note!, key)!;
    const top = records.findIndex((record) => record.includes('Leaf hash'));
    const rows = records.slice(top + 1, records.findIndex(([first], at) => at > top && first === ''));
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) {
      const cell = (title: string) => row[records[top]!.indexOf(title)]!;
      const path = cell('Inclusion proof').split(' ').filter(Boolean).map(bytes);
      expect([cell('Log'), Number(cell('Size'))]).toEqual([signed.origin, signed.size]);
      expect(rootByInclusion(bytes(cell('Leaf hash')), Number(cell('Place')), signed.size, path)).toEqual(signed.root);
    }
  },
); // prettier-ignore

test('a PDF says whom it is about in their own letters, who did what, and under which checkpoint; its fonts are its own', async () => {
  const { pdf, checkpoint } = await files('accessReport');
  const document = Buffer.from(pdf, 'base64');
  expect(document.subarray(0, 5).toString()).toBe('%PDF-');
  expect(document.subarray(-6).toString()).toContain('%%EOF');
  expect(document.toString('latin1')).toContain('DejaVuSans');
  expect(document.toString('latin1')).not.toMatch(/https?:/);
  const close = (text: string) => text.replace(/\s/g, ''); // where lines break is the document's matter
  const text = close(pdfText(document));
  for (const said of [
    'Ástríðr Ζωή Łódź',
    '1985-09-09',
    patient.mrn,
    'Blood bank',
    'Dr Adeyemi',
    'refused',
    'page 1 of',
  ])
    expect(text.toLowerCase()).toContain(close(said).toLowerCase());
  expect(text).toContain(close(checkpoint));
});

test('what another system was given is a disclosure, to whom and of what; what it was refused is none', async () => {
  const query = `{ accountingOfDisclosures(patientId: "${patient.id}") {
    rows(first: 100) { edges { node { recipient recipientAddress disclosed entry { action operation } } } } } }`;
  const { accountingOfDisclosures: told } = await hospital
    .as('park')
    .get<{ accountingOfDisclosures: { rows: { edges: { node: unknown }[] } } }>(query);
  expect(told.rows.edges.map(({ node }) => node)).toEqual([
    {
      recipient: 'Blood bank',
      recipientAddress: '203.0.113.7',
      disclosed: ['phone'],
      entry: { action: 'read', operation: 'Donors' },
    },
  ]);
});
