import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const root = join(__dirname, '../..');

/** A server in a process of its own, as `npm start` runs it. */
export interface ServerProcess {
  process: ChildProcess;
  /** Everything it has printed so far. */
  output(): string;
  errors(): string;
  /** The address it answers at, once it says that it is ready; null when it ended instead. */
  ready: Promise<string | null>;
  /** Its exit code, once it has ended. */
  ended: Promise<number | null>;
}

/** Starts a server with these settings and nothing of ours but the path to programs. */
export function startServer(settings: Record<string, string>): ServerProcess {
  const script = `require(${JSON.stringify(join(root, 'server/main.ts'))}).main()`;
  const child = spawn(process.execPath, ['-r', join(root, 'test/support/register.cjs'), '-e', script], {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'test',
      BCRYPT_COST: '4',
      PORT: '0',
      MFA_REQUIRED_ROLES: 'none',
      ...settings,
    },
  });
  let output = '';
  let errors = '';
  child.stderr.on('data', (text: Buffer) => (errors += text.toString()));
  const ended = once(child, 'close').then(([code]) => (typeof code === 'number' ? code : null));
  const ready = new Promise<string | null>((resolve) => {
    child.stdout.on('data', (text: Buffer) => {
      output += text.toString();
      const address = /^ {2}Open {2,}(http\S+)$[^]*^ {2}Stop/m.exec(output)?.[1];
      if (address !== undefined) resolve(address);
    });
    void ended.then(() => resolve(null));
  });
  return { process: child, output: () => output, errors: () => errors, ready, ended };
}
