import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp, type App } from '../../server/app';
import { TrustedDocuments } from '../../server/graphql/trusted-documents';
import { Hospital } from '../support/hospital';
import { statements } from '../support/statements';

const listed = 'query Who { me { name } }';
const two = 'query One { me { name } } query Two { me { role } }';
const change = 'mutation Away { endOtherSessions }';
const unlisted = 'query Who { me { name  } }';

let folder: string;
let hospital: Hospital;
let app: App;

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
const listOf = (...texts: string[]) => JSON.stringify(Object.fromEntries(texts.map((text) => [hashOf(text), text])));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chartseal-trusted-'));
  const [first, second] = [join(folder, 'client.json'), join(folder, 'laboratory.json')];
  await writeFile(first, listOf(listed, change));
  await writeFile(second, listOf(two));
  hospital = await Hospital.open();
  const { runtime } = hospital;
  app = await createApp({ ...runtime, config: { ...runtime.config, trustedDocuments: [first, second] } });
  await app.fastify.ready();
});
afterAll(async () => {
  await app?.close();
  await hospital?.close();
  await rm(folder, { recursive: true, force: true });
});

interface Told {
  data?: Record<string, unknown> | null;
  errors?: { message: string; extensions: { code: string } }[];
}

async function send(payload: Record<string, unknown>) {
  const headers = { authorization: `Bearer ${hospital.as('adeyemi').token}` };
  const response = await app.fastify.inject({ method: 'POST', url: '/graphql', headers, payload });
  const { data, errors } = response.json<Told>();
  return { status: response.statusCode, data, code: errors?.[0]?.extensions.code, body: response.body };
}

const answered = { status: 200, data: { me: { name: 'Dr Adeyemi' } } };
const refused = { status: 403, code: 'FORBIDDEN' };

test('a listed document is taken as text, by its id, and as Apollo names it; from every list', async () => {
  expect(await send({ query: listed })).toMatchObject(answered);
  expect(await send({ documentId: `sha256:${hashOf(listed)}` })).toMatchObject(answered);
  expect(await send({ extensions: { persistedQuery: { version: 1, sha256Hash: hashOf(listed) } } })).toMatchObject(answered); // prettier-ignore
  expect(await send({ query: two, operationName: 'Two' })).toMatchObject({ status: 200, data: { me: { role: 'DOCTOR' } } }); // prettier-ignore
  expect(await send({ query: change })).toMatchObject({ status: 200, data: { endOtherSessions: true } });
});

test.each<[string, Record<string, unknown>]>([
  ['another document', { query: unlisted }],
  ['a listed one with a word more', { query: `${listed} # now` }],
  ['two operations of which one is listed', { query: `${listed} ${change}`, operationName: 'Who' }],
  ['an id nobody listed', { documentId: `sha256:${hashOf(unlisted)}` }],
  ['an id that is none', { documentId: '__proto__' }],
  ['a document offered for the list', { query: unlisted, extensions: { persistedQuery: { version: 1, sha256Hash: hashOf(unlisted) } } }],
  ['one under the hash of another', { query: unlisted, extensions: { persistedQuery: { version: 1, sha256Hash: hashOf(listed) } } }],
  ['one beside the id of another', { query: unlisted, documentId: `sha256:${hashOf(listed)}` }],
  ['what is no GraphQL', { query: '{{{' }],
  ['a field the schema does not have', { query: '{ patientss { id } }' }],
  ['the schema', { query: '{ __schema { types { name } } }' }],
])('%s is refused, unread, before anything is asked of the database', async (_what, payload) => {
  const asked = await statements(async () => {
    const answer = await send(payload);
    expect(answer).toMatchObject(refused);
    expect(answer.body).not.toMatch(/patientss|Did you mean|Dr Adeyemi/);
  });
  expect(asked).toEqual([]);
}); // prettier-ignore

test('a request without any document is as faulty as elsewhere', async () => {
  expect(await send({ variables: {} })).toMatchObject({ status: 400, code: 'BAD_USER_INPUT' });
});

test.each([
  ['a list that is not there', null, 'cannot be read'],
  ['what is no JSON', 'listed', 'is no JSON object'],
  ['an array', '["{ me { id } }"]', 'is no JSON object'],
  ['a document under the hash of another', JSON.stringify({ [hashOf(listed)]: unlisted }), 'not under its SHA-256'],
  ['no text', JSON.stringify({ [hashOf(listed)]: null }), 'not under its SHA-256'],
])('the server does not start with %s', async (_what, text, why) => {
  const file = join(folder, 'broken.json');
  if (text === null) await rm(file, { force: true });
  else await writeFile(file, text);
  await expect(TrustedDocuments.open([file])).rejects.toThrow(why);
});
