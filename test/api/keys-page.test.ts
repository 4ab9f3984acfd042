import { SYSTEM_OWNER } from '../../server/crypto/keyring';
import { Hospital, type Name, type Patient } from '../support/hospital';

let hospital: Hospital;
let patient: Patient;
beforeAll(async () => {
  hospital = await Hospital.open({ KEY_MAX_AGE_DAYS: '30' });
  patient = await hospital.patient({ phone: '070-123 45 67' });
  await hospital.visit(patient, { reason: 'Cough' });
});
afterAll(() => hospital.close());

interface Job {
  id: string;
  kind: string;
  state: string;
  done: number;
  total: number;
  finishedAt: string | null;
}

const KEYRING = `{ keyring {
  custody epochs { epoch current dataKeys } dataKeys { inUse retired due oldest } countedAt
  columns { table column meaning envelopes withoutKey underRetiredKeys }
  generations { version state patients } job { id kind state done total finishedAt }
} }`;

interface Keyring {
  custody: string;
  epochs: { epoch: number; current: boolean; dataKeys: number }[];
  dataKeys: { inUse: number; retired: number; due: number; oldest: string | null };
  countedAt: string | null;
  columns: { table: string; column: string; meaning: string; envelopes: number; withoutKey: number; underRetiredKeys: number }[];
  generations: { version: number; state: string; patients: number }[];
  job: Job | null;
} // prettier-ignore

interface DataKey {
  id: string;
  owner: string;
  purpose: string;
  epoch: number;
  retiredAt: string | null;
  due: boolean;
  envelopes: number;
}

const keyring = async () => (await hospital.as('park').get<{ keyring: Keyring }>(KEYRING)).keyring;

async function keys(args: string) {
  const { keyring: found } = await hospital.as('park').get<{
    keyring: { keys: { edges: { cursor: string; node: DataKey }[]; pageInfo: { hasNextPage: boolean; endCursor: string }; totalCount: number } };
  }>(`{ keyring { keys${args} { totalCount pageInfo { hasNextPage endCursor }
    edges { cursor node { id owner purpose epoch retiredAt due envelopes } } } } }`);
  return { ...found.keys, nodes: found.keys.edges.map(({ node }) => node) };
} // prettier-ignore

const proveAgain = (name: Name) =>
  hospital.as(name).get(`mutation { stepUp(input: { password: "${hospital.account(name).password}" }) }`);

async function turned(mutation: string): Promise<Job> {
  await proveAgain('park');
  const answer = await hospital.as('park').get<Record<string, Job>>(`mutation { ${mutation} { id kind state done total finishedAt } }`);
  const begun = Object.values(answer)[0]!;
  expect(begun).toMatchObject({ state: 'RUNNING', finishedAt: null });
  for (;;) {
    const { job } = await keyring();
    expect(job!.id).toBe(begun.id);
    if (job!.state !== 'RUNNING') return job!;
    await new Promise((done) => setTimeout(done, 50));
  }
} // prettier-ignore

describe('The keyring', () => {
  test('shows Admin Park custody, epochs, keys and indexes, and no key', async () => {
    const found = await keyring();
    expect(found.custody).toBe('key file');
    expect(found.epochs).toEqual([{ epoch: 1, current: true, dataKeys: found.dataKeys.inUse }]);
    expect(found.dataKeys).toMatchObject({ retired: 0, due: 0, oldest: expect.any(String) });
    expect(found.generations).toEqual([{ version: 1, state: 'ACTIVE', patients: expect.any(Number) }]);
  });

  test('counts what is under each key of a page, page by page', async () => {
    const all = await keys('(first: 100)');
    expect(all.totalCount).toBe(all.nodes.length);
    const paged: DataKey[] = [];
    for (let after = ''; ;) {
      const page = await keys(`(first: 1${after})`);
      paged.push(...page.nodes);
      if (!page.pageInfo.hasNextPage) break;
      after = `, after: "${page.pageInfo.endCursor}"`;
    }
    expect(paged).toEqual(all.nodes);
    const hers = all.nodes.find(({ owner }) => owner === patient.id);
    const counted = await hospital.count(
      'SELECT num_nonnulls(mrn, name, gender, phone) + (SELECT count(*) FROM visit WHERE patient_id = $1 AND reason IS NOT NULL) FROM patient WHERE id = $1',
      [patient.id],
    );
    expect(hers).toMatchObject({ purpose: 'patient', epoch: 1, retiredAt: null, due: false, envelopes: counted });
    const staff = all.nodes.find(({ owner }) => owner === SYSTEM_OWNER);
    expect(staff!.purpose).toBe('staff');
    expect(staff!.envelopes).toBeGreaterThanOrEqual(2 * (await hospital.count('SELECT count(*) FROM app_user')));
  });

  test('says which keys are due: by age, or by how much they have sealed', async () => {
    expect((await keys('(due: true)')).nodes).toEqual([]);
    await hospital.sql("UPDATE data_key SET created_at = now() - interval '31 days' WHERE owner = $1", [patient.id]);
    expect((await keys('(due: true)')).nodes.map(({ owner }) => owner)).toEqual([patient.id]);
    expect((await keys('(due: false, first: 100)')).nodes.map(({ owner }) => owner)).not.toContain(patient.id);
    await hospital.sql('INSERT INTO key_use (key_id, messages) SELECT id, 268435456 FROM data_key WHERE owner = $1', [SYSTEM_OWNER]); // prettier-ignore
    expect((await keys('(due: true)')).nodes.map(({ owner }) => owner)).toEqual([patient.id, SYSTEM_OWNER]);
    expect((await keyring()).dataKeys.due).toBe(2);
  });

  test.each<Name>(['adeyemi', 'lindqvist', 'okafor', 'brandt', 'lab'])('is nothing for %s', async (name) => {
    expect((await hospital.as(name).ask(KEYRING)).code).toBe('FORBIDDEN');
    expect((await hospital.as(name).ask('mutation { rotateKeys { id } }')).code).toBe('FORBIDDEN');
  });

  test('is nothing for a stranger', async () => {
    expect((await hospital.stranger.ask(KEYRING)).code).toBe('UNAUTHENTICATED');
  });
});

describe('Turning keys from the page', () => {
  test.each(['rotateKeys', 'resealRecords(input: {})', 'rotateIndexKey'])('%s wants the password again', async (mutation) => {
    expect((await hospital.as('park').ask(`mutation { ${mutation} { id } }`)).code).toBe('MFA_REQUIRED');
    expect(await hospital.count('SELECT count(*) FROM key_job')).toBe(0);
  }); // prettier-ignore

  test('rotates, in the name of whoever asked', async () => {
    const entries = await hospital.entriesOf(async () => {
      expect(await turned('rotateKeys')).toMatchObject({ kind: 'ROTATE', state: 'DONE' });
    });
    const begun = entries.find(({ a, f }) => a === 'rotate-keys' && f[0] === 'started');
    expect(begun!.by).toMatchObject({ k: 'user', u: hospital.idOf('park') });
    expect((await keyring()).epochs).toEqual([{ epoch: 2, current: true, dataKeys: expect.any(Number) }]);
  });

  test('seals everything anew; then nothing is due, and the columns are counted', async () => {
    expect(await turned('resealRecords(input: {})')).toMatchObject({ kind: 'RESEAL', state: 'DONE' });
    const found = await keyring();
    expect(found.dataKeys.due).toBe(0);
    expect(found.countedAt).not.toBeNull();
    const names = found.columns.find(({ table, column }) => table === 'patient' && column === 'name');
    const people = await hospital.count('SELECT count(*) FROM patient');
    expect(names).toEqual({ table: 'patient', column: 'name', meaning: 'Name', envelopes: people, withoutKey: 0, underRetiredKeys: 0 });
    for (const { withoutKey, underRetiredKeys } of found.columns) expect([withoutKey, underRetiredKeys]).toEqual([0, 0]);
  }); // prettier-ignore

  test('seals one patient anew; nobody’s id is nobody', async () => {
    expect(await turned(`resealRecords(input: { patientId: "${patient.id}" })`)).toMatchObject({ done: 1, total: 1 });
    const nobody = 'mutation { resealRecords(input: { patientId: "01890000-0000-7000-8000-000000000000" }) { id } }';
    expect((await hospital.as('park').ask(nobody)).code).toBe('NOT_FOUND');
    const wrong = 'mutation { resealRecords(input: { patientId: "x" }) { id } }';
    expect((await hospital.as('park').ask(wrong)).code).toBe('BAD_USER_INPUT');
  });

  test('runs one job at a time: the same again is the same job, another has to wait', async () => {
    await proveAgain('park');
    await hospital.sql("INSERT INTO key_job (id, kind, state) VALUES (gen_random_uuid(), 'RESEAL', 'RUNNING')");
    const { services } = hospital.runtime;
    const holding = jest.spyOn(services.keys.jobs, 'attempt').mockResolvedValue(false); // as if another process were at it
    const refused = await hospital.as('park').ask('mutation { rotateKeys { id } }');
    expect(refused.error).toMatchObject({ extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'job', message: 'Another job on keys is running: reseal.' }] } });
    const again = await hospital.as('park').get<{ resealRecords: { id: string } }>('mutation { resealRecords(input: {}) { id } }');
    expect(again.resealRecords.id).toBe((await keyring()).job!.id);
    holding.mockRestore();
    expect(await services.keys.jobs.finish(again.resealRecords.id)).toMatchObject({ state: 'DONE' }); // taken up here
  }); // prettier-ignore
});
