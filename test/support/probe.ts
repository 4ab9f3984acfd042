import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(__dirname, '../..');

/**
 * Runs a script in a process of its own, with `load` (a module of server/) and `answer` (its JSON is the result): for what
 * reads the real environment, or is an ES module.
 */
export async function probe(script: string, env: Record<string, string | undefined> = {}): Promise<unknown> {
  const prelude = `
    const load = (path) => require(${JSON.stringify(join(root, 'server'))} + '/' + path);
    const answer = (value) => process.stdout.write(JSON.stringify(value ?? null));
    (async () => {${script}})().catch((error) => { console.error(error); process.exit(1); });`;
  const args = ['-r', join(root, 'test/support/register.cjs'), '-e', prelude];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: root,
    env: { PATH: process.env.PATH, ...env },
  });
  return JSON.parse(stdout) as unknown;
}
