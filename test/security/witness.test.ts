import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogProofs } from '../../server/audit/proofs';
import { Witnesses } from '../../server/audit/witnesses';
import {
  consistencyProof,
  cosignatureLine,
  cosignedAt,
  readNote,
  signCheckpoint,
  writeVerifierKey,
} from '../../server/ledger';
import { newId } from '../../server/platform/ids';
import { silentLogger } from '../../server/platform/logger';
import { Witness, witnessServer, WitnessState } from '../../server/witness';
import { startCommand } from '../support/command';
import { until } from '../support/until';
import { leavesOf, rootByDefinition, tilesOf } from '../unit/ledger/trees';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chartseal-witness-'));
});

afterAll(() => rm(folder, { recursive: true }));

describe('the protocol (C2SP tlog-witness)', () => {
  const origin = 'chartseal/ward';
  const log = generateKeyPairSync('ed25519');
  const { privateKey: key } = generateKeyPairSync('ed25519');
  const name = 'witness.example';
  const leaves = leavesOf(600);
  const other = [...leaves.slice(0, 100), ...leavesOf(500)];
  let server: Server;
  let path: string;

  async function start(): Promise<void> {
    const state = await WitnessState.open(path);
    server = witnessServer(new Witness({ name, key, logs: [{ name: origin, key: log.publicKey }], state }));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  }

  beforeEach(async () => {
    path = join(folder, newId());
    await start();
  });

  afterEach(() => void server.close());

  const noteOf = (tree: Buffer[], signer: KeyObject = log.privateKey, name = origin) =>
    signCheckpoint({ origin: name, size: tree.length, root: rootByDefinition(tree) }, signer);

  async function post(body: string) {
    const { port } = server.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}/add-checkpoint`, { method: 'POST', body });
    return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
  }

  async function bodyOf(old: number, tree: Buffer[], note = noteOf(tree), proven = tree): Promise<string> {
    const proof = old === 0 ? [] : await consistencyProof(old, tree.length, tilesOf(proven));
    return [`old ${old}`, ...proof.map((hash) => hash.toString('base64')), '', note].join('\n');
  }

  const add = async (old: number, tree: Buffer[], note?: string, proven?: Buffer[]) =>
    post(await bodyOf(old, tree, note, proven));

  test('signs what goes on, and says when', async () => {
    for (const [old, size] of [
      [0, 3],
      [3, 300],
      [300, 300],
      [300, 600],
    ] as const) {
      // prettier-ignore
      const tree = leaves.slice(0, size);
      const { status, text } = await add(old, tree);
      expect(status).toBe(200);
      const signed = readNote(noteOf(tree) + text)!;
      const { verifierKey } = new Witness({ name, key, logs: [], state: await WitnessState.open(path) });
      expect(Date.now() - cosignedAt(signed, verifierKey)!.valueOf()).toBeLessThan(60_000);
    }
  });

  test('409 and its own size to who starts from another', async () => {
    await add(0, leaves.slice(0, 300));
    const answer = await add(200, leaves);
    expect(answer).toEqual({ status: 409, type: 'text/x.tlog.size', text: '300\n' });
    expect((await add(0, leaves)).status).toBe(409);
  });

  test('422 to another history, of the same size or a larger one', async () => {
    await add(0, leaves.slice(0, 300));
    expect((await add(300, other.slice(0, 300))).status).toBe(422);
    expect((await add(300, other)).status).toBe(422);
    expect((await add(300, leaves, undefined, other)).status).toBe(422);
    expect((await add(300, leaves)).status).toBe(200);
  });

  test('403 without the log’s signature, 404 to a log it does not know, 400 to what is no request', async () => {
    const stranger = generateKeyPairSync('ed25519').privateKey;
    expect((await add(0, leaves, noteOf(leaves, stranger))).status).toBe(403);
    expect((await add(0, leaves, noteOf(leaves, log.privateKey, 'chartseal/other'))).status).toBe(404);
    expect((await post(await bodyOf(0, leaves).then((body) => body.replace('old 0', 'old 601')))).status).toBe(400);
    for (const body of ['', 'old 0', 'old x\n\nx', `old 00\n\n${noteOf(leaves)}`, `old 0\nAAAA\n\n${noteOf(leaves)}`]) {
      expect((await post(body)).status).toBe(400);
    }
    expect((await post('x'.repeat(20_000))).status).toBe(413);
  });

  test('remembers across a restart, and does not begin anew when its memory is damaged', async () => {
    await add(0, leaves.slice(0, 300));
    server.close();
    await start();
    expect((await add(0, other)).status).toBe(409);
    await writeFile(path, '{');
    await expect(WitnessState.open(path)).rejects.toThrow(/does not say/);
  });

  test('of two histories at the same moment it signs one', async () => {
    const answers = await Promise.all([add(0, leaves), add(0, other), add(0, other.slice(0, 400))]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
  });

  test('what it signs is on the disk, with its name, before it answers', async () => {
    const file = await open(__filename);
    const sync = jest.spyOn(Object.getPrototypeOf(file) as typeof file, 'sync');
    await file.close();
    let onDisk = (): void => undefined;
    sync.mockImplementation(() => new Promise<void>((done) => (onDisk = done)));
    try {
      let answered = false;
      const answer = add(0, leaves).finally(() => (answered = true));
      for (const synced of [1, 2]) {
        await until(() => sync.mock.calls.length === synced); // the file, then its folder
        await new Promise((resolve) => setTimeout(resolve, 100)); // long enough for an answer that did not wait
        expect(answered).toBe(false);
        onDisk();
      }
      expect((await answer).status).toBe(200);
    } finally {
      sync.mockRestore();
    }
  });

  test('`chartseal witness`, killed while it answers: what it signed it still knows, and another history it refuses', async () => {
    const line = writeVerifierKey({ name: origin, key: log.publicKey });
    const [policy, home] = [join(folder, newId()), join(folder, newId())];
    await writeFile(policy, `log ${line}\n`);
    let witness = await startWitness(home, policy);
    const sizeKnown = async () => Number((await witness.post(await bodyOf(599, leaves))).text); // 409 says what it knows
    expect((await witness.post(await bodyOf(0, leaves.slice(0, 100)))).status).toBe(200);
    expect((await witness.post(await bodyOf(100, leaves.slice(0, 300)))).status).toBe(200);
    await witness.kill();
    witness = await startWitness(home, policy);
    expect(await sizeKnown()).toBe(300);
    const cut = witness.post(await bodyOf(300, leaves.slice(0, 400))).catch(() => null);
    await Promise.all([cut, witness.kill()]);
    witness = await startWitness(home, policy);
    const known = await sizeKnown();
    expect((await cut)?.status === 200 ? [400] : [300, 400]).toContain(known);
    expect((await witness.post(await bodyOf(known, other))).status).toBe(422); // one log, two histories: this one is not signed
    expect((await witness.post(await bodyOf(known, leaves))).status).toBe(200);
    await witness.kill();
  }, 60_000);

  /** A witness as an auditor runs it, in a process of its own. */
  async function startWitness(home: string, policy: string) {
    const { process: child, outcome } = startCommand(
      {},
      'witness',
      home,
      '--policy',
      policy,
      '--name',
      name,
      '--port',
      '0',
    );
    const url = await new Promise<string>((resolve, reject) => {
      child.stdout!.on('data', (text: Buffer) => {
        const told = /^witness \S+ \S+ (\S+)$/m.exec(text.toString())?.[1];
        if (told !== undefined) resolve(told);
      });
      void outcome.then(({ errors }) => reject(new Error(errors)));
    });
    return {
      async post(body: string) {
        const answer = await fetch(`${url}/add-checkpoint`, { method: 'POST', body });
        return { status: answer.status, text: await answer.text() };
      },
      async kill() {
        child.kill('SIGKILL');
        await outcome;
      },
    };
  }

  test('signs nothing that it cannot remember', async () => {
    await rm(path, { force: true });
    const nowhere = join(folder, newId(), 'state.json');
    server.close();
    path = nowhere;
    await start();
    expect(await add(0, leaves)).toMatchObject({ status: 500, text: expect.not.stringContaining('—') as string });
  });
});

describe('a witness that lies to the hospital', () => {
  const name = 'witness.example/liar';
  const log = generateKeyPairSync('ed25519');
  const { privateKey: key, publicKey } = generateKeyPairSync('ed25519');
  const checkpoint = { origin: 'chartseal/ward', size: 3, root: rootByDefinition(leavesOf(3)) };
  const note = signCheckpoint(checkpoint, log.privateKey);
  const text = note.slice(0, note.lastIndexOf('\n\n') + 1);
  const HOUR = 3_600_000;

  const lineAt = (at: number, by = key) => cosignatureLine(text, name, by, new Date(at));

  /** What the hospital keeps of its answer. */
  async function kept(answer: (response: ServerResponse) => void): Promise<string | null> {
    const server = createServer((request, response) => void request.resume().on('end', () => answer(response)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const policy = { logs: [], witnesses: [{ name, key: { name, key: publicKey }, url }], groups: [], quorum: name };
    const deps = { proofs: {} as LogProofs, keep: () => undefined, logger: silentLogger }; // asked for no proof from 0
    try {
      return (await new Witnesses(policy, deps).cosign(checkpoint, note))?.note ?? null;
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }

  const seen = lineAt(Date.now());
  const asTheLog = signCheckpoint(checkpoint, key).slice(text.length + 1);

  test.each([
    ['its signature is kept', true, seen],
    ['but not with a line that the log seems to have signed', false, seen + asTheLog],
    ['nor from the future, which would hide that nothing new is signed', false, lineAt(Date.now() + HOUR)],
    ['nor somebody else’s', false, lineAt(Date.now(), log.privateKey)],
    ['nor with another note behind it', false, `${seen}\n\nmore\n`],
  ])('%s', async (_, taken, told) => {
    expect(await kept((response) => response.end(told))).toBe(taken ? note + told : null);
  });

  test('an answer without an end is cut off', async () => {
    let sent = 0;
    const endless = (response: ServerResponse) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(64 * 1024, 'a'))) sent += 1;
        response.once('drain', more);
      };
      more();
    };
    expect(await kept(endless)).toBeNull();
    expect(sent).toBeLessThan(1_000);
  });
});
