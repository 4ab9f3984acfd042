import { execFile } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '../..');

/** What a command left behind. */
export interface Outcome {
  code: number;
  output: string;
  errors: string;
}

/** Runs `chartseal` in a process of its own, with these settings and nothing of ours but the path to programs. */
export function runCommand(settings: Record<string, string | undefined>, ...args: string[]): Promise<Outcome> {
  const script = `require(${JSON.stringify(join(root, 'server/cli/main.ts'))}).run()`;
  const command = ['-r', join(root, 'test/support/register.cjs'), '-e', script, '--', ...args];
  const env = { PATH: process.env.PATH, NODE_ENV: 'test', BCRYPT_COST: '4', ...settings };
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: root, env }, (error, output, errors) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : Number(error !== null), output, errors });
    });
  });
}
