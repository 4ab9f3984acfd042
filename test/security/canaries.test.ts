import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { createLogger } from '../../server/platform/logger';
import { sealedEntities } from '../../server/database/sealed-column';
import { askToErase, provenPark } from '../support/erasing';
import { Hospital, type Patient } from '../support/hospital';
import { plantBesideRecords, signingInBy } from '../support/planted';
import { SignInService } from '../support/sign-in-service';

/** Every value planted holds one of these, so that finding none of them means that none is there. */
const CANARY = 'Zanary7Qx';
const NUMBERS = { birthDate: '1931-07-19', phone: '+46 73 198 76 54', onset: '1944-02-27' };

/** All the ways in which text may lie around: as it is, in capitals or small letters, in hex, in base64, in UTF-16. */
const tracesOf = (text: string): string[] => {
  const bytes = Buffer.from(text);
  const shifted = [0, 1, 2].map((lead) =>
    Buffer.concat([Buffer.alloc(lead), bytes]).toString('base64').slice(lead && 4, -4).toLowerCase(),
  );
  return [text.toLowerCase(), bytes.toString('hex'), Buffer.from(text, 'utf16le').toString('latin1').toLowerCase(), ...shifted].filter((trace) => trace.length >= 8);
}; // prettier-ignore
const traces = [CANARY, NUMBERS.birthDate, '731987654', '73 198 76 54', NUMBERS.onset].flatMap(tracesOf);

const tracesIn = (text: string): string[] => {
  const small = text.toLowerCase();
  return traces.filter((trace) => small.includes(trace));
};

let service: SignInService;
let hospital: Hospital;
let patient: Patient;
let logged = '';
const answers: string[] = [];

beforeAll(async () => {
  const stream = { write: (line: string) => void (logged += line) };
  service = await SignInService.start('http://localhost/oidc/callback');
  const settings = { LOG_LEVEL: 'trace', ...signingInBy(service) };
  hospital = await Hospital.open(settings, createLogger({ level: 'trace', production: true, stream }));
  patient = await hospital.patient(planted('one'), 'adeyemi');
});
afterAll(async () => {
  await hospital?.close();
  await service?.stop();
});

function planted(n: string): Record<string, unknown> {
  const c = (what: string) => `${CANARY} ${what} ${n}`;
  return {
    mrn: `${CANARY}-${n}`,
    name: { family: c('family'), given: [c('given')], prefix: c('prefix') },
    birthDate: NUMBERS.birthDate,
    gender: 'OTHER',
    phone: NUMBERS.phone,
    email: `${CANARY}.${n}@post.example`,
    address: { line: [c('line')], city: c('city'), state: c('state'), postalCode: 'Zanary7Qx', country: 'SE' },
    emergencyContact: { name: c('contact'), relationship: c('relation'), phone: NUMBERS.phone },
    identifiers: [{ system: `urn:${CANARY}`, value: c('value') }],
    allergies: [{ substance: c('substance'), reaction: c('reaction'), severity: 'SEVERE' }],
    problems: [{ code: CANARY, system: `urn:${CANARY}`, text: c('problem'), onset: NUMBERS.onset, status: 'ACTIVE' }],
    medications: [{ text: c('medication'), dose: c('dose'), status: 'ACTIVE' }],
    diagnosis: c('diagnosis'),
    medicalHistory: c('history'),
    deceasedAt: '2026-01-02T03:04:05Z',
    treatment: c('treatment'),
  };
}

/** Writes, edits, reads, searches and deletes what is planted, and makes mistakes with it. */
async function useIt(): Promise<void> {
  const doctor = hospital.as('adeyemi');
  const keep = async (query: string, variables?: Record<string, unknown>) => {
    const { code, body } = await doctor.ask(query, variables);
    if (code) answers.push(body);
    return code;
  };
  const texts = { reason: `${CANARY} reason`, notes: `${CANARY} notes`, diagnosis: `${CANARY} finding` };
  const visit = await hospital.visit(patient, { ...texts, vitals: { heartRate: 71 } });
  const closed = await hospital.visit(patient, { ...texts, status: 'FINISHED' });
  const amendment = { id: closed.id, expectedVersion: 1, changes: { notes: `${CANARY} amended` } };
  await doctor.do('amendVisit', { ...amendment, reason: `${CANARY} slip` });
  await hospital.treatment(patient, `${CANARY} update`);
  await doctor.do('updatePatient', { id: patient.id, expectedVersion: 1, diagnosis: `${CANARY} changed` });
  await hospital.as('park').stepUp(hospital.account('park'));
  await hospital.as('park').get(`mutation { createUser(input: { email: "${CANARY}@ward.example", name: "${CANARY} Staff", role: NURSE, address: { line: ["${CANARY} street"] } }) { expiresAt } }`); // prettier-ignore
  const tab = hospital.visitor();
  tab.headers['user-agent'] = `${CANARY} browser`;
  await tab.signIn(hospital.account('okafor'));
  await tab.signIn({ email: `${CANARY}@nowhere.example`, password: `${CANARY} password` });

  const search = 'query ($s: String) { patients(search: $s) { edges { node { id name { family } } } } }';
  for (const s of [`${CANARY} family one`, NUMBERS.phone, NUMBERS.birthDate, `${CANARY}nobody`])
    await keep(search, { s });
  const create = 'mutation ($input: CreatePatientInput!) { createPatient(input: $input) { id } }';
  const update = 'mutation ($input: UpdatePatientInput!) { updatePatient(input: $input) { id } }';
  const edit = { id: patient.id, expectedVersion: 2 };
  const codes = [
    await keep(create, { input: planted('one') }), // taken number
    await keep(create, { input: { ...planted('two'), email: CANARY, phone: CANARY, mrn: `${CANARY} ${CANARY}` } }),
    await keep(create, { input: { ...planted('two'), gender: CANARY } }),
    await keep(create, { input: { ...planted('two'), [CANARY]: CANARY } }),
    await keep(create, { input: { ...planted('two'), birthDate: CANARY, name: CANARY } }),
    await keep(update, { input: { ...edit, expectedVersion: 1, diagnosis: CANARY } }),
    await keep(update, { input: { ...edit, id: CANARY } }),
    await keep(`mutation { createVisit(input: { patientId: "${patient.id}", type: HOME, startedAt: "${CANARY}" }) { id } }`),
    await keep(`{ patients(search: "${CANARY}" "${CANARY}") { edges { cursor } } }`),
  ]; // prettier-ignore
  expect(codes).toEqual(codes.map((_code, n) => (n === 5 ? 'CONFLICT' : 'BAD_USER_INPUT')));

  await hospital.sql('ALTER TABLE patient ADD CONSTRAINT broken CHECK (version < 0) NOT VALID');
  expect(await keep(create, { input: { ...planted('two'), mrn: undefined } })).toBe('INTERNAL');
  expect(await keep(update, { input: { ...edit, phone: NUMBERS.phone, diagnosis: `${CANARY} lost` } })).toBe(
    'INTERNAL',
  );
  await hospital.sql('ALTER TABLE patient DROP CONSTRAINT broken');
  await hospital.sql('ALTER TABLE patient_search RENAME TO token_gone');
  expect(await keep(search, { s: CANARY })).toBe('INTERNAL');
  await hospital.sql('ALTER TABLE token_gone RENAME TO patient_search');

  await doctor.do('recordVitals', { visitId: visit.id, expectedVersion: 1, vitals: { heartRate: 99 } });
  await doctor.do('deletePatient', { ...edit, reason: `${CANARY} reason of deletion` });

  const lost = await hospital.patient(planted('lost'), 'adeyemi');
  const park = await provenPark(hospital);
  answers.push((await askToErase(park, lost, { confirmMrn: `${CANARY} wrong` })).body);
  const { body, code: refused } = await askToErase(park, lost, { reason: `${CANARY} reason of erasure` });
  expect([refused, tracesIn(body)]).toEqual([undefined, []]); // the certificate goes out and stays for ever
}

test('everything planted can be read by those who may, so it is there', async () => {
  await useIt();
  const kept = await hospital.patient(planted('kept'), 'okonkwo');
  const secrets = await plantBesideRecords(hospital, service, kept, CANARY);
  expect(secrets.length).toBeGreaterThan(5);
  traces.push(...secrets.flatMap(tracesOf));
  await hospital.as('adeyemi').do('restorePatient', { id: patient.id, expectedVersion: 3 });
  const found = await hospital.as('adeyemi').ask(`{ patient(id: "${patient.id}") {
    name { family given } birthDate phone diagnosis medicalHistory treatment visits { edges { node { reason notes diagnosis } } } } }`);
  expect(tracesIn(found.body)).toEqual(
    expect.arrayContaining([CANARY.toLowerCase(), NUMBERS.birthDate, '73 198 76 54']),
  );
  const cells = await Promise.all(
    sealedEntities().flatMap(({ table, columns }) =>
      columns.map(async ({ column }) => [`${table}.${column}`, await hospital.count(`SELECT count(${column}) FROM ${table}`)] as const),
    ),
  ); // prettier-ignore
  // restoring clears the reason of deletion; the bytes it had are still in the table's files below
  expect(cells.filter(([, filled]) => filled === 0).map(([name]) => name)).toEqual(['patient.delete_reason']);
});

test('no error showed any of it', () => {
  expect(answers.length).toBeGreaterThan(10);
  expect(answers.flatMap(tracesIn)).toEqual([]);
  expect(answers.join()).not.toMatch(/patient_search|SELECT|constraint/);
});

test('nor did the log, which told of the failures', () => {
  expect(logged).toContain('an operation failed');
  expect(tracesIn(logged)).toEqual([]);
  expect(logged).not.toContain(hospital.account('adeyemi').password);
});

test('nor is any in a dump: the text of every row of every table', async () => {
  const tables = await hospital.sql<{ name: string }>(
    "SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'",
  );
  expect(tables.length).toBeGreaterThan(18);
  for (const { name } of tables) {
    const rows = await hospital.sql<{ row: string; raw: string }>(`SELECT t::text AS row FROM ${name} t`);
    const text = rows.map(({ row }) => row).join('\n');
    // bytea shows as hex: what it says as text must be free of canaries too
    const opened = [...text.matchAll(/\\x([0-9a-f]+)/g)].map(([, hex]) => Buffer.from(hex!, 'hex').toString('latin1'));
    expect([name, tracesIn(text), tracesIn(opened.join('\n'))]).toEqual([name, [], []]);
  }
});

test('nor in the files of the tables and of the write-ahead log', async () => {
  await hospital.sql('CREATE TABLE found_again (text text)');
  await hospital.sql("INSERT INTO found_again VALUES ('Kontrolle9Zz, planted in clear')"); // else a scan that finds nothing proves nothing
  await hospital.sql('CHECKPOINT');
  const [{ data_directory: data }] = (await hospital.sql<{ data_directory: string }>('SHOW data_directory')) as [{ data_directory: string }]; // prettier-ignore
  const [{ oid }] = (await hospital.sql<{ oid: string }>("SELECT oid::text FROM pg_database WHERE datname = current_database()")) as [{ oid: string }]; // prettier-ignore
  const found: string[] = [];
  let control = 0;
  for (const folder of [join(data, 'base', oid), join(data, 'pg_wal')]) {
    for (const file of await readdir(folder, { withFileTypes: true })) {
      if (!file.isFile()) continue;
      const text = (await readFile(join(folder, file.name))).toString('latin1');
      if (text.includes('Kontrolle9Zz')) control += 1;
      for (const trace of tracesIn(text)) found.push(`${file.name}: ${trace}`);
    }
  }
  expect(control).toBeGreaterThanOrEqual(2); // in the table and in the log
  expect(found).toEqual([]);
});

test('a log in clear would have been caught', () => {
  let lines = '';
  pino({ level: 'info' }, { write: (line: string) => void (lines += line) }).info({ name: planted('x') }, 'careless');
  expect(tracesIn(lines).length).toBeGreaterThan(2);
  expect(tracesIn(Buffer.from(CANARY).toString('base64')).length).toBeGreaterThan(0);
});
