import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand, type Outcome } from '../support/command';
import { freshDatabase } from '../support/postgres';

// every command and server here is a process of its own
jest.setTimeout(180_000);

/** Two people, and one who is not asked. Their keys are made here, with the library's own generator. */
const names = ['park', 'brandt', 'stranger'] as const;
type Name = (typeof names)[number];

let folder: string;
let settings: Record<string, string>;
let recipients: Record<Name, string>;
const at = (name: string): string => join(folder, name);
const chartseal = (...args: string[]): Promise<Outcome> => runCommand(settings, ...args);
const recover = (file: string, people: Name[], out: string, ...more: string[]): Promise<Outcome> =>
  chartseal(
    'keys',
    'recover',
    file,
    ...people.flatMap((name) => ['--identity-file', at(`${name}.txt`)]),
    '--out',
    out,
    ...more,
  );

function makePerson(name: Name): string {
  const script = `import('age-encryption').then(async ({ generateX25519Identity, identityToRecipient }) => {
    const identity = await generateX25519Identity();
    process.stdout.write(JSON.stringify([identity, await identityToRecipient(identity)]));
  });`;
  const [identity, recipient] = JSON.parse(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' })) as [
    string,
    string,
  ];
  writeFileSync(at(`${name}.txt`), `# created: today\n# public key: ${recipient}\n${identity}\n`, { mode: 0o600 });
  return recipient;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'chartseal-escrow-'));
  settings = { DATABASE_URL: await freshDatabase(), DATA_DIR: at('var') };
  recipients = Object.fromEntries(names.map((name) => [name, makePerson(name)])) as Record<Name, string>;
  expect(await chartseal('audit', 'verify')).toMatchObject({ code: 0 });
  const made = await chartseal(
    ...[
      'keys',
      'escrow',
      '--recipient',
      recipients.park,
      '--recipient',
      recipients.brandt,
      '--out',
      at('escrow.age'),
      '--log-key',
    ],
  );
  expect(made).toMatchObject({ code: 0, output: '', errors: expect.stringContaining('2 people are needed') });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const escrowed = (): string => readFileSync(at('escrow.age'), 'utf8');

test('the escrow is armored age and shows nothing of the key', () => {
  expect(escrowed()).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----\n[^]*-----END AGE ENCRYPTED FILE-----\n$/);
  expect(escrowed()).not.toContain(readFileSync(at('var/root.key'), 'utf8').trim());
  expect(statSync(at('escrow.age')).mode & 0o777).toBe(0o600);
});

test.each([
  ['park', 'brandt'],
  ['brandt', 'park'],
] as const)('%s and %s together get back the keys, which open this database', async (...people) => {
  const [out, log] = [at(`${people[0]}-root.key`), at(`${people[0]}-log.key`)];
  expect(await recover(at('escrow.age'), [...people], out, '--log-key', log)).toMatchObject({ code: 0, errors: '' });
  expect(readFileSync(out, 'utf8')).toBe(readFileSync(at('var/root.key'), 'utf8'));
  expect(readFileSync(log, 'utf8')).toBe(readFileSync(at('var/log-signing.key'), 'utf8'));
  for (const path of [out, log]) expect(statSync(path).mode & 0o777).toBe(0o600);
  const opened = { ...settings, DATA_DIR: at(`${people[0]}-var`), ROOT_KEY_FILE: out, LOG_SIGNING_KEY_FILE: log };
  expect(await runCommand(opened, 'audit', 'verify')).toMatchObject({ code: 0 });
});

test('what is to be checked before people come back, is well with the recovered keys', async () => {
  const opened = { ...settings, DATA_DIR: at('restored-var'), ROOT_KEY_FILE: at('checked.key') };
  expect(await recover(at('escrow.age'), ['park', 'brandt'], at('checked.key'))).toMatchObject({ code: 0 });
  const own = { ...opened, LOG_SIGNING_KEY_FILE: at('var/log-signing.key') };
  const status = await runCommand(own, 'keys', 'status');
  expect(status).toMatchObject({ code: 0, output: expect.stringContaining('Root key:') as string });
  expect(await runCommand(own, 'keys', 'verify')).toMatchObject({ code: 0 });
});

test.each([[['park']], [['brandt', 'stranger']]] as [Name[]][])('%j alone get nothing', async (people) => {
  const { code, output, errors } = await recover(at('escrow.age'), people, at('alone.key'));
  expect({ code, output }).toEqual({ code: 1, output: '' });
  expect(errors).toMatch(
    /^None of these identities opens layer [12] of the escrow\. Everybody it was made for is needed .*\n$/,
  );
  expect(() => statSync(at('alone.key'))).toThrow('ENOENT');
});

test('an escrow that was cut is refused in one line', async () => {
  writeFileSync(at('cut.age'), escrowed().split('\n').slice(0, -4).join('\n'));
  const { code, errors } = await recover(at('cut.age'), ['park', 'brandt'], at('cut.key'));
  expect({ code, errors }).toEqual({
    code: 1,
    errors: expect.stringMatching(/^This is no escrow file .*, or it was changed\.\n$/),
  });
  expect(() => statSync(at('cut.key'))).toThrow('ENOENT');
});

test('nothing is overwritten: neither by an escrow nor by a key', async () => {
  writeFileSync(at('kept'), 'kept');
  expect(await recover(at('escrow.age'), ['park', 'brandt'], at('kept'))).toMatchObject({
    code: 1,
    errors: expect.stringContaining('is there already; nothing is overwritten.'),
  });
  const again = [
    'keys',
    'escrow',
    '--recipient',
    recipients.park,
    '--recipient',
    recipients.brandt,
    '--out',
    at('kept'),
  ];
  expect(await chartseal(...again)).toMatchObject({
    code: 1,
    errors: expect.stringContaining('nothing is overwritten'),
  });
  expect(readFileSync(at('kept'), 'utf8')).toBe('kept');
});

test('one person makes no escrow, two do', async () => {
  const make = (...people: string[]) => chartseal('keys', 'escrow', ...people.flatMap((key) => ['--recipient', key]));
  expect(await make(recipients.park)).toMatchObject({
    code: 1,
    output: '',
    errors: expect.stringContaining('two or more different people'),
  });
  expect((await chartseal('keys', 'escrow')).code).toBe(2);
  expect(await make(recipients.park, recipients.brandt)).toMatchObject({
    code: 0,
    output: expect.stringMatching(/^-----BEGIN AGE ENCRYPTED FILE-----\n[^]*\n-----END AGE ENCRYPTED FILE-----\n$/),
  });
});

test('an identity file without a key is told by name', async () => {
  writeFileSync(at('empty.txt'), '# nothing\n');
  const line = await chartseal(
    'keys',
    'recover',
    at('escrow.age'),
    '--identity-file',
    at('empty.txt'),
    '--out',
    at('x.key'),
  );
  expect(line).toMatchObject({ code: 1, errors: expect.stringMatching(/empty\.txt holds no secret key of age/) });
});

test('making an escrow is in the audit log, and for whom', async () => {
  const { Client } = await import('pg');
  const client = new Client({ connectionString: settings.DATABASE_URL });
  await client.connect();
  const { rows } = await client.query<{ entry: { a: string; why: string; op: string } }>(
    `SELECT convert_from(entry, 'UTF8')::jsonb AS entry FROM (SELECT entry FROM audit_entry UNION ALL SELECT entry FROM audit_pending) e
     WHERE convert_from(entry, 'UTF8')::jsonb ->> 'a' = 'escrow-root-key'`,
  );
  await client.end();
  expect(rows[0]?.entry).toMatchObject({ op: 'keys escrow', why: `${recipients.park} ${recipients.brandt}` });
});
