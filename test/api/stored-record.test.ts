import { sealedColumnsInDatabase, keyIdIn } from '../../server/database/key-report';
import { breakGlass } from '../support/emergency';
import { Hospital, type Patient } from '../support/hospital';
import { asOfNow, merged } from '../support/merging';

/** The page of a record as it is stored shows what lies in the tables, all of it, byte for byte, and nothing that can be read. */
interface Cell {
  table: string;
  rowId: string;
  column: string;
  suite: string;
  keyId: string;
  nonce: string;
  ciphertext: string;
  tag: string;
  bytes: number;
}

let hospital: Hospital;
let patient: Patient;

beforeAll(async () => {
  hospital = await Hospital.open();
  patient = await hospital.patient({ birthDate: '1907-11-14', phone: '+46 8 555 0101', diagnosis: 'Gout' });
  const visit = await hospital.visit(patient, { reason: 'Cough', status: 'FINISHED', vitals: { heartRate: 70 } });
  const amendment = { id: visit.id, expectedVersion: visit.version, changes: { notes: 'Dry' }, reason: 'Forgotten' };
  await hospital.as('adeyemi').do('amendVisit', amendment);
  await hospital.treatment(patient, 'Rest');
  const park = hospital.as('park');
  const place = { patientId: patient.id, userId: hospital.idOf('lindqvist'), reason: 'Night shift' };
  await park.do('addCareTeamMember', place);
  await hospital.as('okonkwo').stepUp(hospital.account('okonkwo'));
  await breakGlass(hospital.as('okonkwo'), patient);
  await park.stepUp(hospital.account('park'));
  await merged(park, await asOfNow(hospital, patient), await hospital.patient({ phone: '+46 8 555 0102' }));
}, 60_000);
afterAll(() => hospital?.close());

async function shown(): Promise<Cell[]> {
  const cells = 'table rowId column suite keyId nonce ciphertext tag bytes';
  const query = `{ encryptedRecord(patientId: "${patient.id}") { ${cells} } }`;
  return (await hospital.as('park').get<{ encryptedRecord: Cell[] }>(query)).encryptedRecord;
}

/** Every cell, wherever, that is sealed under a key of this patient: asked of PostgreSQL’s own catalogue. */
async function stored(): Promise<Map<string, Buffer>> {
  const found = new Map<string, Buffer>();
  for (const [table, columns] of await sealedColumnsInDatabase(hospital.runtime.dataSource)) {
    for (const column of columns) {
      const rows = await hospital.sql<{ id: string; cell: Buffer }>(
        `SELECT t.id, t.${column}::bytea AS cell FROM ${table} t
         JOIN data_key k ON k.id = ${keyIdIn(`t.${column}`)} WHERE k.owner = $1`,
        [patient.id],
      );
      for (const { id, cell } of rows) found.set(`${table} ${id} ${column}`, cell);
    }
  }
  return found;
}

/** The bytes that a cell on the page says it has: magic, suite, key, nonce, ciphertext, tag. */
function bytesOf({ keyId, nonce, ciphertext, tag }: Cell): Buffer {
  const id = Buffer.alloc(8);
  id.writeBigUInt64BE(BigInt(keyId));
  const parts = [nonce, ciphertext, tag].map((hex) => Buffer.from(hex, 'hex'));
  return Buffer.concat([Buffer.of(0xe1, 0x01), id, ...parts]);
}

const keyOf = ({ table, rowId, column }: Cell) => `${table} ${rowId} ${column}`;
const hexOf = (cells: Iterable<readonly [string, Buffer]>) =>
  [...cells].map(([key, bytes]) => [key, bytes.toString('hex')]).sort(([one], [other]) => (one! < other! ? -1 : 1));

test('Admin Park sees every cell under a key of the patient, as the bytes that lie there', async () => {
  const cells = await shown();
  expect(new Set(cells.map(({ table }) => table)).size).toBe(7);
  expect(hexOf(cells.map((cell) => [keyOf(cell), bytesOf(cell)]))).toEqual(hexOf(await stored()));
  for (const cell of cells) expect([cell.suite, cell.bytes]).toEqual(['AES-256-GCM', bytesOf(cell).length]);
});

test('a cell that somebody changed behind the application is shown as it is now', async () => {
  await hospital.sql(
    `SET session_replication_role = replica;
     UPDATE patient SET phone = overlay(phone::bytea placing '\\xdecade' from 30)::sealed WHERE id = '${patient.id}'`,
  );
  const phone = (await shown()).find(({ table, column }) => table === 'patient' && column === 'phone')!;
  expect(phone.ciphertext.slice(14, 20)).toBe('decade');
  expect(hexOf([[keyOf(phone), bytesOf(phone)]])).toEqual(
    hexOf([...(await stored())].filter(([key]) => key === keyOf(phone))),
  );
});

test('looking is an entry and opens nothing; Dr Adeyemi, whose patient it is, may not', async () => {
  const entries = await hospital.entriesOf(shown);
  expect(entries.map(({ a, p, f }) => [a, p, f])).toEqual([['read-stored', [patient.id], []]]);
  const query = `{ encryptedRecord(patientId: "${patient.id}") { tag } }`;
  expect((await hospital.as('adeyemi').ask(query)).code).toBe('FORBIDDEN');
});
