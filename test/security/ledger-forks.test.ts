import { execFile } from 'node:child_process';
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runIn } from '../../server/crypto/access-scope';
import { systemContext } from '../../server/graphql/context';
import { noteInFile, verdictCodes, type VerdictWord } from '../../server/ledger';
import { newId } from '../../server/platform/ids';
import { readSince, writeSince } from '../../verifier/since-file';
import { openHospital, type OpenedHospital } from '../support/opened-hospital';
import { superuserUrl } from '../support/superuser';
import { untilFigure } from '../support/until';
import { Dba } from './ledger-dba';
import { buildVerifier } from './ledger-stranger';

// Somebody owns the database and has stolen the key of the log as well: whatever they write is signed. Only what lies
// elsewhere can tell: the checkpoint file, an earlier export, a state file, a witness.

const SIGNED = [10, 20, 30];
const EDIT = `UPDATE audit_entry SET entry = convert_to(replace(convert_from(entry, 'UTF8'), '"read"', '"peek"'), 'UTF8'),
  action = 'peek' WHERE index = 13`;

let hospital: OpenedHospital;
let dba: Dba;
let stolen: KeyObject;
let folder: string;
let verifier: string;
let file: string;
let notes: string;
let since: string;
/** Exported before anything happened. */
let before: string;

const log = () => hospital.runtime.auditLog;
const exportTo = (path: string) => log().export(path, { verifier });

async function strangersVerdict(path: string, ...more: string[]): Promise<{ word: VerdictWord; code: number }> {
  const { stdout, code } = await promisify(execFile)(process.execPath, [verifier, path, '--json', ...more]).then(
    ({ stdout }) => ({ stdout, code: 0 }),
    (error: { stdout: string; code: number }) => error,
  );
  return { ...(JSON.parse(stdout) as { word: VerdictWord }), code };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chartseal-forks-'));
  verifier = await buildVerifier();
  hospital = await openHospital();
  const { audit } = hospital.runtime.base;
  await untilFigure(hospital, 'SELECT size FROM audit_head', 0);
  for (const size of SIGNED) {
    const read = () => audit.record({ action: 'read', patients: [newId()] });
    await runIn(systemContext('test'), () => Promise.all(Array.from({ length: 10 }, read)));
    await untilFigure(hospital, 'SELECT coalesce(max(size), 0) FROM audit_checkpoint', size);
  }
  dba = await Dba.of(superuserUrl(hospital.runtime));
  await dba.backUp(hospital.runtime.auditLog);
  file = join(hospital.dataDir, 'checkpoints');
  notes = await readFile(file, 'utf8');
  stolen = createPrivateKey(await readFile(hospital.runtime.config.logSigningKeyFile, 'utf8'));
  before = join(folder, 'before');
  await exportTo(before);
  since = join(folder, 'since.json');
  expect(await strangersVerdict(before, '--since', since)).toMatchObject({ word: 'OK', code: 0 });
});

afterEach(async () => {
  await dba.restore();
  await writeFile(file, notes);
  expect(await log().verifyAll()).toMatchObject({ word: 'OK', size: 30 });
});

afterAll(async () => {
  await dba.end();
  await hospital.close();
  await rm(folder, { recursive: true });
});

async function rewrite(sql: string): Promise<string[]> {
  await dba.run(sql);
  await dba.recomputeEverything();
  return dba.signEverything(stolen);
}

test.each([
  ['edited', EDIT],
  ['deleted', 'DELETE FROM audit_entry WHERE index = 13; DELETE FROM audit_checkpoint WHERE size = 30'],
])(
  'an entry %s, all hashes recomputed, all checkpoints signed anew: those outside tell that there were two histories',
  async (_, sql) => {
    await rewrite(sql);
    const verdict = await log().verifyAll();
    expect(verdict).toMatchObject({ word: 'FORKED', at: 10, size: 10 });
    expect(verdict.finding).toMatch(/^this log's key signed two histories: entries 10 to 19/);
    expect(await log().status()).toMatchObject({ state: 'BROKEN', brokenAt: 10 });
  },
);

describe('and the checkpoint file exchanged too, so that nothing in the hospital contradicts', () => {
  let forged: string;

  beforeEach(async () => {
    const resigned = await rewrite(EDIT);
    await writeFile(file, resigned.map(noteInFile).join(''));
    forged = join(folder, newId());
    await exportTo(forged);
  });

  test('alone, such a log is a log: this is why copies belong to somebody else', async () => {
    expect(await log().verifyAll()).toMatchObject({ word: 'OK' });
    expect(await strangersVerdict(forged)).toMatchObject({ word: 'OK' });
  });

  test('who kept a state file says FORKED, of the database and of the export', async () => {
    const state = (await readSince(since))!;
    expect(await log().verifyAll({ since: state })).toMatchObject({ word: 'FORKED' });
    const told = await strangersVerdict(forged, '--since', since);
    expect(told).toMatchObject({ word: 'FORKED', code: verdictCodes.FORKED });
  });

  test('an earlier export refuses to be added to', async () => {
    await expect(exportTo(before)).rejects.toMatchObject({ word: 'TAMPERED' });
    expect(await strangersVerdict(before)).toMatchObject({ word: 'OK' });
  });
});

test('a state file of another log, and one that was edited', async () => {
  const state = (await readSince(since))!;
  const other = join(folder, 'other.json');
  await writeSince(other, { ...state, origin: 'chartseal/other' });
  expect(await strangersVerdict(before, '--since', other)).toMatchObject({ word: 'FORKED' });
  await writeFile(other, (await readFile(since, 'utf8')).replace('"size": 30', '"size": 28'));
  await expect(readSince(other)).rejects.toThrow(/does not say/);
});

test('without the key, the same is TAMPERED to who kept a state file', async () => {
  await dba.run(EDIT);
  await dba.recomputeEverything();
  const state = (await readSince(since))!;
  expect(await log().verifyAll({ since: state })).toMatchObject({ word: 'TAMPERED' });
});
