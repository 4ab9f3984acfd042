import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runIn } from '../../server/crypto/access-scope';
import { systemContext } from '../../server/graphql/context';
import { cosignedAt, readNote, readPolicy, signatureTypes, writeVerifierKey } from '../../server/ledger';
import { newId } from '../../server/platform/ids';
import { Witness, witnessServer, WitnessState } from '../../server/witness';
import { verifyDirectory } from '../../verifier/verify-directory';
import { openFrontDesk, type FrontDesk } from '../support/front-desk';
import { superuserUrl } from '../support/superuser';
import { until } from '../support/until';
import { Dba } from './ledger-dba';
import { buildVerifier } from './ledger-stranger';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chartseal-witness-'));
});

afterAll(() => rm(folder, { recursive: true }));

describe('a hospital with a witness', () => {
  const name = 'witness.example/auditor';
  const { privateKey: key, publicKey } = generateKeyPairSync('ed25519');
  let desk: FrontDesk;
  let server: Server;
  let port: number;
  let state: WitnessState;
  let policy: string;
  let verifier: string;
  let dba: Dba;

  const record = () =>
    runIn(systemContext('test'), () => desk.runtime.base.audit.record({ action: 'read', patients: [newId()] }));
  const status = () => desk.runtime.auditLog.status();
  const cosignedAll = async () => {
    const { size, cosignedSize, pending } = await status();
    return pending === 0 && size > 0 && size === cosignedSize;
  };

  beforeAll(async () => {
    verifier = await buildVerifier();
    policy = join(folder, 'policy');
    state = await WitnessState.open(join(folder, 'state.json'));
    // the witness must know the log, whose name and key come into being with the hospital: begin with a policy, then start
    const logs: { name: string; key: KeyObject }[] = [];
    server = witnessServer(new Witness({ name, key, logs, state }));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ({ port } = server.address() as AddressInfo);
    const line = writeVerifierKey({ name, key: publicKey }, signatureTypes.cosignature);
    await writeFile(policy, `witness ${name} ${line} http://127.0.0.1:${port}\nquorum ${name}\n`);
    desk = await openFrontDesk({ WITNESS_POLICY: policy });
    await until(async () => (await desk.runtime.auditLog.origin()) !== null);
    logs.push({ name: 'chartseal/*', key: desk.runtime.auditLog.publicKey });
    for (let round = 0; round < 3; round += 1) await Promise.all(Array.from({ length: 100 }, record));
    await until(cosignedAll);
    dba = await Dba.of(superuserUrl(desk.runtime));
  });

  afterAll(async () => {
    await dba.end();
    await desk.close();
    server.close();
  });

  test('what the witness has signed is shown, published, exported, and demanded by who verifies', async () => {
    expect(await status()).toMatchObject({ cosignedSize: (await status()).size, cosignedAt: expect.any(Date) as Date });
    const published = await desk.app.fastify.inject({ method: 'GET', url: '/audit/checkpoint' });
    expect(cosignedAt(readNote(published.body)!, { name, key: publicKey })).toBeInstanceOf(Date);
    const path = join(folder, 'export');
    await desk.runtime.auditLog.export(path, { verifier });
    const report = await verifyDirectory(path);
    expect(report.verdict).toMatchObject({ word: 'OK', finding: null });
    expect(report.cosignedAt).toBeInstanceOf(Date);
    const note = await readFile(join(path, 'checkpoint'), 'utf8');
    await writeFile(join(path, 'checkpoint'), note.replace(/^— witness.*\n/m, ''));
    expect((await verifyDirectory(path)).verdict).toMatchObject({ word: 'INCOMPLETE' });
    await writeFile(join(path, 'checkpoint'), note);
    const later = new Date(Date.now() + 3_600_000);
    expect((await verifyDirectory(path, { maxAge: 60_000, now: later })).verdict).toMatchObject({ word: 'STALE' });
    const asked = readPolicy(await readFile(join(path, 'policy'), 'utf8'));
    expect(asked).toMatchObject({ quorum: name, witnesses: [{ name }] });
  });

  test('rewritten with the log’s key stolen: the witness refuses from then on, and what it signed before says FORKED', async () => {
    const { cosignedSize } = await status();
    await dba.backUp(desk.runtime.auditLog);
    const kept = join(desk.runtime.config.dataDir, 'checkpoints');
    const notes = await readFile(kept, 'utf8');
    const stolen = createPrivateKey(await readFile(desk.runtime.config.logSigningKeyFile, 'utf8'));
    await dba.run(`UPDATE audit_entry SET entry = convert_to(replace(convert_from(entry, 'UTF8'), '"read"', '"peek"'), 'UTF8'),
      action = 'peek' WHERE index = 130`);
    await dba.recomputeEverything();
    await dba.signEverything(stolen);
    await record();
    const newest = async () => (await desk.runtime.dataSource.query<{ size: string }[]>('SELECT size FROM audit_newest_checkpoint'))[0]!; // prettier-ignore
    await until(async () => Number((await newest()).size) > cosignedSize!);
    await new Promise((resolve) => setTimeout(resolve, 6_000)); // a round of asking
    expect((await status()).cosignedSize).toBe(cosignedSize);
    expect(state.of((await desk.runtime.auditLog.origin())!).size).toBe(cosignedSize);
    expect(await desk.runtime.auditLog.verifyAll()).toMatchObject({ word: 'FORKED' });
    await dba.restore();
    await writeFile(kept, notes);
  });

  test('the witness signs the end of a shard before it is closed, and then the next', async () => {
    const before = (await status()).size;
    const origin = (await desk.runtime.auditLog.origin())!;
    const { closed, first } = await desk.runtime.auditLog.shards.close();
    expect(state.of(origin)).toMatchObject({ size: closed.size });
    expect(first).toBeGreaterThanOrEqual(before);
    await record();
    await until(cosignedAll);
    const next = (await desk.runtime.auditLog.origin())!;
    expect(next).not.toBe(origin);
    expect(state.of(next).size).toBe((await status()).size - first);
    const path = join(folder, 'shards');
    await desk.runtime.auditLog.export(path, { verifier });
    expect((await verifyDirectory(path)).verdict).toMatchObject({ word: 'OK', size: (await status()).size });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await expect(desk.runtime.auditLog.shards.close()).rejects.toThrow(/witnesses did not sign/);
    expect(await desk.runtime.auditLog.origin()).toBe(next);
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  });
});
