import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(__dirname, '../..');

/** Builds the stand-alone verifier from today's sources; answers its file. */
export async function buildVerifier(): Promise<string> {
  await promisify(execFile)(process.execPath, [join(root, 'scripts/build-verifier.mjs')], { cwd: root });
  const file = join(root, 'dist/verifier/chartseal-verify.mjs');
  await access(file);
  return file;
}
