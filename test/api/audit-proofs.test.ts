import { createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { checkpointTime, isConsistent, leafOf, openCheckpoint, rootByInclusion } from '../../server/ledger';
import { runIn } from '../../server/crypto/access-scope';
import { systemContext } from '../../server/graphql/context';
import { newId } from '../../server/platform/ids';
import { Hospital, type Name } from '../support/hospital';
import { asSuperuser } from '../support/superuser';

let hospital: Hospital;
/** Entries under the newest checkpoint. */
let size: number;

interface Proof {
  index: number;
  leafHash: string;
  leafIndex: number;
  size: number;
  root: string;
  path: string[];
  checkpoint: string;
}

const PROOF =
  'query ($index: Int!) { auditProof(index: $index) { index leafIndex leafHash size root path checkpoint } }';
const CONSISTENCY =
  'query ($from: Int!, $to: Int!) { auditConsistency(from: $from, to: $to) { from fromRoot to toRoot path } }';
/** No trigger stops whoever owns the database. */
const AS_OWNER = 'SET session_replication_role = replica;';
const bytes = (hex: string) => Buffer.from(hex, 'hex');

async function logKey() {
  const { logSigningKeyFile } = hospital.runtime.config;
  return createPublicKey(await readFile(logSigningKeyFile, 'utf8'));
}

const checkpoint = () =>
  hospital.desk.app.fastify.inject({ method: 'GET', url: '/audit/checkpoint', remoteAddress: '203.0.113.9' });

beforeAll(async () => {
  hospital = await Hospital.open();
  const patient = await hospital.patient();
  for (let visit = 0; visit < 3; visit += 1) await hospital.visit(patient);
  for (size = 0; size < 10; size = await hospital.count('SELECT coalesce(max(size), 0) FROM audit_checkpoint'));
});

afterAll(() => hospital.close());

test.each<Name>(['park', 'brandt'])(
  '%s can prove any entry, and needs no trust in the server to check it',
  async (name) => {
    const { auditEntries } = await hospital
      .as(name)
      .get<{ auditEntries: { edges: { node: { index: number; canonical: string } }[] } }>(
        '{ auditEntries(first: 100) { edges { node { index canonical } } } }',
      );
    const entries = auditEntries.edges.map(({ node }) => node).filter(({ index }) => index < size);
    expect(entries.length).toBe(size);
    for (const { index, canonical } of entries) {
      const { auditProof } = await hospital.as(name).get<{ auditProof: Proof }>(PROOF, { index });
      const signed = openCheckpoint(auditProof.checkpoint, await logKey())!;
      const leaf = leafOf(Buffer.from(canonical));
      expect(auditProof).toMatchObject({ index, leafIndex: index, leafHash: leaf.toString('hex'), size: signed.size });
      expect(rootByInclusion(leaf, index, signed.size, auditProof.path.map(bytes))).toEqual(signed.root);
    }
  },
);

test('Auditor Brandt can prove that the log went on', async () => {
  for (const from of [1, 2, size - 1, size]) {
    const { auditConsistency: told } = await hospital.as('brandt').get<{
      auditConsistency: { from: number; fromRoot: string; to: number; toRoot: string; path: string[] };
    }>(CONSISTENCY, { from, to: size });
    const older = { size: from, root: bytes(told.fromRoot) };
    expect(isConsistent(older, { size, root: bytes(told.toRoot) }, told.path.map(bytes))).toBe(true);
  }
});

test.each<Name>(['adeyemi', 'okafor', 'lindqvist', 'lab'])(
  '%s, who does not see the whole log, gets no proof',
  async (name) => {
    expect((await hospital.as(name).ask(PROOF, { index: 0 })).code).toBe('FORBIDDEN');
    expect((await hospital.as(name).ask(CONSISTENCY, { from: 1, to: 2 })).code).toBe('FORBIDDEN');
  },
);

test('a stranger gets no proof, but the checkpoint, which says nothing of anybody', async () => {
  expect((await hospital.stranger.ask(PROOF, { index: 0 })).code).toBe('UNAUTHENTICATED');
  const answer = await checkpoint();
  expect(answer.statusCode).toBe(200);
  expect(answer.headers['content-type']).toMatch(/^text\/plain/);
  const signed = openCheckpoint(answer.body, await logKey())!;
  expect(signed.size).toBeGreaterThanOrEqual(size);
  expect(answer.body.split('\n').length).toBe(7);
  const age = Date.now() - checkpointTime(answer.body, await logKey())!.valueOf();
  expect(age).toBeLessThan(10 * 60_000);
});

test.each([
  [PROOF, { index: -1 }, 'BAD_USER_INPUT'],
  [PROOF, { index: 1_000_000 }, 'NOT_FOUND'],
  [CONSISTENCY, { from: 0, to: 2 }, 'BAD_USER_INPUT'],
  [CONSISTENCY, { from: 3, to: 2 }, 'BAD_USER_INPUT'],
  [CONSISTENCY, { from: 3, to: 1_000_000 }, 'NOT_FOUND'],
])('what cannot be proven: %s %j', async (query, variables, code) => {
  expect((await hospital.as('brandt').ask(query, variables)).code).toBe(code);
});

test('the roots kept for runs of 256 entries are those the entries come to, and another one is found', async () => {
  const { runtime } = hospital.desk;
  const read = () => runtime.base.audit.record({ action: 'read', patients: [newId()] });
  await runIn(systemContext('test'), () => Promise.all(Array.from({ length: 600 }, read)));
  while ((await hospital.count('SELECT size FROM audit_head')) < 600) await new Promise((done) => setTimeout(done, 25));
  expect(await runtime.auditLog.verifyAll()).toMatchObject({ word: 'OK' });
  expect(await hospital.count('SELECT count(*) FROM audit_subtree')).toBe(2);
  expect(await runtime.auditLog.verifyAll()).toMatchObject({ word: 'OK' });
  await asSuperuser(runtime, `${AS_OWNER} UPDATE audit_subtree SET root = sha256(root) WHERE index = 1`);
  expect(await runtime.auditLog.verifyAll()).toMatchObject({ word: 'TAMPERED', at: 256 });
  await asSuperuser(runtime, `${AS_OWNER} DELETE FROM audit_subtree`); // made anew from the entries
  expect(await runtime.auditLog.verifyAll()).toMatchObject({ word: 'OK' });
});

test('a log that was tampered with is not proven', async () => {
  await asSuperuser(hospital.runtime, 'ALTER TABLE audit_entry DISABLE TRIGGER USER');
  await asSuperuser(hospital.runtime, `UPDATE audit_entry SET leaf = sha256('x') WHERE index = 1`);
  expect((await hospital.as('brandt').ask(PROOF, { index: 0 })).code).toBe('INTEGRITY_VIOLATION');
});
