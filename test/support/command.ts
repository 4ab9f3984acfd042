import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const root = join(__dirname, '../..');

/** What a command left behind. */
export interface Outcome {
  /** -1 when it was killed. */
  code: number;
  output: string;
  errors: string;
}

/** A command that runs: it can be killed, and `outcome` waits for its end. */
export interface Running {
  process: ChildProcess;
  outcome: Promise<Outcome>;
}

/** Starts `chartseal` in a process of its own, with these settings and nothing of ours but the path to programs. */
export function startCommand(settings: Record<string, string | undefined>, ...args: string[]): Running {
  const script = `require(${JSON.stringify(join(root, 'server/cli/main.ts'))}).run()`;
  const command = ['-r', join(root, 'test/support/register.cjs'), '-e', script, '--', ...args];
  const child = spawn(process.execPath, command, {
    cwd: root,
    env: { PATH: process.env.PATH, NODE_ENV: 'test', BCRYPT_COST: '4', ...settings },
  });
  let [output, errors] = ['', ''];
  child.stdout.on('data', (text: Buffer) => (output += text.toString()));
  child.stderr.on('data', (text: Buffer) => (errors += text.toString()));
  const outcome = once(child, 'close').then(([code]) => ({
    code: typeof code === 'number' ? code : -1,
    output,
    errors,
  }));
  return { process: child, outcome };
}

/** Runs `chartseal` to its end. */
export function runCommand(settings: Record<string, string | undefined>, ...args: string[]): Promise<Outcome> {
  return startCommand(settings, ...args).outcome;
}
