import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { verdictCodes, type VerdictWord } from '../../server/ledger';
import { verifyDirectory } from '../../verifier/verify-directory';

const root = join(__dirname, '../..');

/** Builds the stand-alone verifier from today's sources; answers its file. */
export async function buildVerifier(): Promise<string> {
  await promisify(execFile)(process.execPath, [join(root, 'scripts/build-verifier.mjs')], { cwd: root });
  const file = join(root, 'dist/verifier/chartseal-verify.mjs');
  await access(file);
  return file;
}

interface Told {
  word: string;
  at: number | null;
  size: number;
  finding: string | null;
}

/** The stand-alone verifier in a process of its own, as an auditor runs it. */
export async function strangersVerdict(path: string, ...more: string[]): Promise<Told & { code: number }> {
  const args = [join(path, 'chartseal-verify.mjs'), '--json', ...more];
  const { stdout, code } = await promisify(execFile)(process.execPath, args, { cwd: tmpdir(), env: {} }).then(
    ({ stdout }) => ({ stdout, code: 0 }),
    (error: { stdout: string; code: number }) => error,
  );
  return { ...(JSON.parse(stdout) as Told), code };
}

/** Both must say the same, the one in this process and the stranger's. */
export async function demandVerdict(
  path: string,
  word: VerdictWord,
  at?: number | null,
  ...more: string[]
): Promise<Told> {
  const told = await strangersVerdict(path, ...more);
  expect(told).toMatchObject({ word, code: verdictCodes[word], ...(at === undefined ? {} : { at }) });
  if (more.length === 0) {
    const { verdict } = await verifyDirectory(path);
    expect(verdict).toMatchObject({ word, at: told.at, size: told.size, finding: told.finding });
  }
  return told;
}
