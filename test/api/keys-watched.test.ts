import { createLogger } from '../../server/platform/logger';
import { Hospital } from '../support/hospital';
import { until } from '../support/until';

/** What a server finds wrong with its sealed columns by itself, and `keys verify` when it is asked. */
let hospital: Hospital;
let logged = '';

beforeAll(async () => {
  const stream = { write: (line: string) => void (logged += line) };
  hospital = await Hospital.open({}, createLogger({ level: 'info', production: true, stream }));
  await hospital.visit(await hospital.patient(), { reason: 'Cough' });
});
afterAll(() => hospital?.close());

const verify = () => hospital.runtime.services.keys.verify({ open: false });

test('nothing is wrong with a hospital that nobody touched', async () => {
  expect(await verify()).toEqual([]);
});

test('a sealed column that no entity declares, and one that would take plaintext, are told, and at the start of a server too', async () => {
  await hospital.sql(`ALTER TABLE visit ADD COLUMN smuggled sealed;
    ALTER TABLE treatment_update ALTER COLUMN text TYPE bytea`); // prettier-ignore
  const faults = [
    'treatment_update.text is not of the domain sealed: it would take plaintext',
    'visit.smuggled is sealed, but no entity declares it',
  ];
  expect((await verify()).sort()).toEqual(faults);
  hospital.runtime.services.keys.watch();
  await until(() => faults.every((fault) => logged.includes(`"fault":"${fault}"`)));
  expect(logged).toContain('A SEALED COLUMN ESCAPED THE CATALOGUE');
});

test('values whose key is gone are told by the count of each day', async () => {
  await hospital.sql("SET session_replication_role = replica; DELETE FROM data_key WHERE purpose = 'patient'");
  expect(await verify()).toContain('visit.reason: 1 values without a key');
  await hospital.runtime.services.keys.count(() => undefined);
  expect(logged).toMatch(/"column":"visit\.reason","values":1.*SEALED VALUES WITHOUT A KEY/);
});
