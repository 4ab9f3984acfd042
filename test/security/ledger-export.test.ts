import { chmod, cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runIn } from '../../server/crypto/access-scope';
import { systemContext } from '../../server/graphql/context';
import { verdictCodes } from '../../server/ledger';
import { newId } from '../../server/platform/ids';
import { verifyDirectory } from '../../verifier/verify-directory';
import { openHospital, type OpenedHospital } from '../support/opened-hospital';
import { superuserUrl } from '../support/superuser';
import { untilFigure } from '../support/until';
import { Dba } from './ledger-dba';
import { buildVerifier, demandVerdict, strangersVerdict } from './ledger-stranger';

/** Crosses two full tiles and has a partial one. */
const SIZE = 700;

let hospital: OpenedHospital;
let dba: Dba;
let folder: string;
let verifier: string;
/** An export nobody touched; tests work on copies. */
let sound: string;

async function grow(to: number): Promise<void> {
  const { audit } = hospital.runtime.base;
  const size = await hospital.count('SELECT size FROM audit_head');
  for (let left = to - size; left > 0; left -= 100) {
    const read = () => audit.record({ action: 'read', patients: [newId()] });
    await runIn(systemContext('test'), () => Promise.all(Array.from({ length: Math.min(left, 100) }, read)));
  }
  await untilFigure(hospital, 'SELECT coalesce(max(size), 0) FROM audit_checkpoint', to);
}

const exportTo = (path: string) => hospital.runtime.auditLog.export(path, { verifier });

async function copyOf(path: string): Promise<string> {
  const copy = await mkdtemp(join(folder, 'copy-'));
  await cp(path, copy, { recursive: true });
  return copy;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chartseal-export-'));
  verifier = await buildVerifier();
  hospital = await openHospital();
  await untilFigure(hospital, 'SELECT size FROM audit_head', 0);
  await grow(300);
  await grow(SIZE);
  dba = await Dba.of(superuserUrl(hospital.runtime));
  await dba.backUp(hospital.runtime.auditLog);
  sound = join(folder, 'sound');
  await exportTo(sound);
});

afterAll(async () => {
  await dba.end();
  await hospital.close();
  await rm(folder, { recursive: true });
});

async function filesBelow(path: string): Promise<string[]> {
  const found = await readdir(path, { recursive: true, withFileTypes: true });
  return found
    .flatMap((file) => (file.isFile() ? [join(file.parentPath, file.name).slice(path.length + 1)] : []))
    .sort();
}

test('an export is a directory of C2SP tlog-tiles that a stranger can verify with the one file that lies in it', async () => {
  expect(await filesBelow(sound)).toEqual([
    'README.md',
    'chain',
    'chartseal-verify.mjs',
    'checkpoint',
    'checkpoints',
    'policy',
    'tile/0/000',
    'tile/0/001',
    'tile/0/002.p/188',
    'tile/1/000.p/2',
    'tile/entries/000',
    'tile/entries/001',
    'tile/entries/002.p/188',
  ]);
  expect((await readFile(join(sound, 'tile/0/000'))).length).toBe(256 * 32);
  await demandVerdict(sound, 'OK', null);
  const { verdict, signedAt } = await verifyDirectory(sound);
  expect(verdict.size).toBe(SIZE);
  expect(signedAt).toBeInstanceOf(Date);
});

test('the verifier is one file that needs Node and nothing else', async () => {
  const source = await readFile(join(sound, 'chartseal-verify.mjs'), 'utf8');
  const imports = [...source.matchAll(/^import .* from "(.*)";$/gm)].map(([, name]) => name);
  expect(imports.length).toBeGreaterThan(0);
  for (const name of imports) expect(name).toMatch(/^node:(crypto|fs\/promises|path|util)$/);
  expect(source).not.toMatch(/require\(|import\(|fetch\(/);
});

describe('bytes changed in a directory', () => {
  async function damage(name: string, change: (bytes: Buffer) => Buffer): Promise<string> {
    const copy = await copyOf(sound);
    const path = join(copy, name);
    await chmod(path, 0o600);
    await writeFile(path, change(await readFile(path)));
    return copy;
  }
  const flip = (at: number) => (bytes: Buffer) => {
    const copy = Buffer.from(bytes);
    copy[at]! ^= 1;
    return copy;
  };
  const entryStart = (bytes: Buffer, entry: number) => {
    let at = 0;
    for (let place = 0; place < entry; place += 1) at += 2 + bytes.readUInt16BE(at);
    return at + 2;
  };

  test('an entry: named', async () => {
    const copy = await damage('tile/entries/001', (bytes) => flip(entryStart(bytes, 10) + 20)(bytes));
    await demandVerdict(copy, 'TAMPERED', 266);
  });

  test('a leaf hash: named', async () => {
    await demandVerdict(await damage('tile/0/001', flip(10 * 32)), 'TAMPERED', 266);
  });

  test('an inner hash', async () => {
    await demandVerdict(await damage('tile/1/000.p/2', flip(40)), 'TAMPERED', 256);
  });

  test('a length in a bundle', async () => {
    const copy = await damage('tile/entries/000', flip(0));
    expect((await strangersVerdict(copy)).code).toBe(verdictCodes.TAMPERED);
  });

  test.each(['checkpoint', 'checkpoints'])('the signature in %s', async (name) => {
    const change = (bytes: Buffer) => Buffer.from(bytes.toString().replace(/^(— \S+ .{20})(.)/m, (_, kept: string, letter: string) => kept + (letter === 'A' ? 'B' : 'A'))); // prettier-ignore
    await demandVerdict(await damage(name, change), 'TAMPERED');
  });

  test('the last link', async () => {
    const change = (bytes: Buffer) => Buffer.from(bytes.toString().replace(/.\n$/, 'x\n'));
    await demandVerdict(await damage('chain', change), 'TAMPERED', SIZE);
  });

  test('a checkpoint set back to an earlier one of the same log: the newer one among the others tells', async () => {
    const notes = (await readFile(join(sound, 'checkpoints'), 'utf8')).split('\n---\n');
    const older = notes.find((note) => note.includes('\n300\n'));
    expect(older).toBeDefined();
    await demandVerdict(await damage('checkpoint', () => Buffer.from(older!)), 'INCOMPLETE');
  });
});

describe('files missing', () => {
  test.each<[string, number | null]>([
    ['checkpoint', null],
    ['policy', null],
    ['chain', null],
    ['tile/entries/001', 256],
    ['tile/0/002.p/188', 512],
    ['tile/1/000.p/2', 0],
  ])('%s', async (name, at) => {
    const copy = await copyOf(sound);
    await rm(join(copy, name));
    await demandVerdict(copy, 'INCOMPLETE', at);
  });
});

test('with a policy of one’s own: the log of another hospital is FORKED or not signed, whatever the directory says of itself', async () => {
  const other = await openHospital();
  const theirs = join(folder, 'theirs');
  const { audit } = other.runtime.base;
  await runIn(systemContext('test'), () => audit.record({ action: 'read' }));
  for (let size = 0; size === 0;) size = await other.count('SELECT coalesce(max(size), 0) FROM audit_checkpoint');
  await other.runtime.auditLog.export(theirs, { verifier });
  await other.close();
  await demandVerdict(theirs, 'OK');
  await demandVerdict(theirs, 'TAMPERED', null, '--policy', join(sound, 'policy'));
  await demandVerdict(sound, 'OK', null, '--policy', join(sound, 'policy'));
});

test('an old signature is STALE when one asks for a young one', async () => {
  await demandVerdict(sound, 'OK', null, '--max-age', '1h');
  const later = new Date(Date.now() + 2 * 3_600_000);
  const { verdict } = await verifyDirectory(sound, { maxAge: 3_600_000, now: later });
  expect(verdict).toMatchObject({ word: 'STALE', at: null });
});

describe('again and again', () => {
  let path: string;
  let since: string;

  beforeAll(async () => {
    path = await copyOf(sound);
    since = join(folder, 'since.json');
    await demandVerdict(path, 'OK', null, '--since', since);
  });

  test('adds what is new and never writes a full tile again', async () => {
    const full = ['tile/0/000', 'tile/0/001', 'tile/entries/000', 'tile/entries/001'];
    const stamps = () =>
      Promise.all(full.map(async (name) => (await stat(join(path, name), { bigint: true })).mtimeNs));
    const before = await stamps();
    await dba.restore();
    await grow(900);
    await dba.backUp(hospital.runtime.auditLog);
    expect(await exportTo(path)).toEqual({ size: 900, added: 200 });
    expect(await stamps()).toEqual(before);
    expect(await filesBelow(path)).not.toContain('tile/0/002.p/188');
    expect(await filesBelow(path)).toContain('tile/0/003.p/132');
    await demandVerdict(path, 'OK', null);
    await demandVerdict(path, 'OK', null, '--since', since);
    expect(JSON.parse(await readFile(since, 'utf8'))).toMatchObject({ size: 900 });
    expect(await exportTo(path)).toEqual({ size: 900, added: 0 });
    await demandVerdict(path, 'OK', null, '--since', since);
  });

  test('an earlier export given again is TRUNCATED to who remembers', async () => {
    await demandVerdict(sound, 'OK', null);
    await demandVerdict(sound, 'TRUNCATED', SIZE, '--since', since);
  });

  test('what an interrupted export left does not disturb the next', async () => {
    const copy = await copyOf(sound);
    for (const name of ['tile/0/002', 'tile/entries/002']) await cp(join(path, name), join(copy, name));
    await demandVerdict(copy, 'OK', null);
    expect(await exportTo(copy)).toEqual({ size: 900, added: 200 });
    await demandVerdict(copy, 'OK', null);
  });
});

describe('a database that does not hold what was signed is not exported', () => {
  const EDIT = `UPDATE audit_entry SET entry = convert_to(replace(convert_from(entry, 'UTF8'), '"read"', '"peek"'), 'UTF8'),
    action = 'peek' WHERE index = 430`;

  afterEach(() => dba.restore());

  const refused = (path: string) => exportTo(path).then(() => ({}), (error: unknown) => error); // prettier-ignore

  test.each([
    ['an entry edited', [EDIT], { word: 'TAMPERED', at: 430 }],
    ['an entry deleted', ['DELETE FROM audit_entry WHERE index = 430'], { word: 'TAMPERED', at: 430 }],
    ['the tail cut', ['DELETE FROM audit_entry WHERE index >= 850'], { word: 'TRUNCATED', at: 850 }],
  ])('%s', async (_, statements, fault) => {
    for (const sql of statements) await dba.run(sql);
    const path = join(folder, newId());
    expect(await refused(path)).toMatchObject(fault);
    await demandVerdict(path, 'INCOMPLETE').catch(() => undefined);
    expect(await filesBelow(path)).not.toContain('checkpoint');
  });

  test('an entry edited and everything recomputed', async () => {
    await dba.run(EDIT);
    await dba.recomputeEverything();
    expect(await refused(join(folder, newId()))).toMatchObject({ word: 'TAMPERED', at: 300 });
  });
});
