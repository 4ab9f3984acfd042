import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Answer, Question } from './answer-bench';
import { freePort } from '../server/database/embedded-cluster';

const PATIENCE_MS = 60_000;
const VERIFIED_WITHIN_MS = 600_000;

export interface StartOptions {
  script: string;
  environment: Record<string, string>;
  /** Where the server's `.env` would be looked for: none of ours may be found. */
  folder: string;
}

/** A server the bench has started, in a process of its own. */
export class Server {
  private constructor(
    readonly url: string,
    /** Milliseconds from the start of the process until it said it was ready. */
    readonly readyMs: number,
    private readonly process: ChildProcess,
  ) {}

  /** Starts a server and waits until it answers. Throws when it ends before, or takes a minute. */
  static async start({ script, environment, folder }: StartOptions): Promise<Server> {
    const port = await freePort();
    const begun = performance.now();
    const child = fork(script, {
      cwd: folder,
      env: { ...plainEnvironment(), ...environment, PORT: String(port), NODE_ENV: 'production', COST_PER_MINUTE: '0' },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      serialization: 'advanced',
    });
    const url = `http://127.0.0.1:${port}`;
    while (!(await answers(`${url}/health/ready`))) {
      if (child.exitCode !== null) throw new Error(`${script} ended before it was ready.`);
      if (performance.now() - begun > PATIENCE_MS) throw new Error(`${script} does not become ready.`);
      await pause(10);
    }
    return new Server(url, performance.now() - begun, child);
  }

  /** Halts the process, so that its background work takes nothing from the one being measured. */
  suspend(): void {
    this.process.kill('SIGSTOP');
  }

  resume(): void {
    this.process.kill('SIGCONT');
  }

  async ask<A extends Answer>(question: Question): Promise<A> {
    const reply = once(this.process, 'message');
    this.process.send(question);
    return (await reply)[0] as A;
  }

  async stop(): Promise<void> {
    if (this.process.exitCode !== null) return;
    const ended = once(this.process, 'exit');
    this.resume();
    this.process.kill('SIGTERM');
    await ended;
  }
}

/** Runs a script to its end. Throws when it fails. */
export async function runScript(script: string, args: string[], options: Omit<StartOptions, 'script'>): Promise<void> {
  const child = fork(script, args, {
    cwd: options.folder,
    env: { ...plainEnvironment(), ...options.environment },
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`${script} failed.`);
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Waits until the server's own gauge says that it has verified the log; the longer the log, the longer it takes. */
export async function verified({ url }: Server): Promise<void> {
  for (const giveUp = Date.now() + VERIFIED_WITHIN_MS; Date.now() < giveUp; await pause(200)) {
    const metrics = await fetch(`${url}/metrics`).then((response) => response.text());
    if (/^chartseal_audit_log_intact 1$/m.test(metrics)) return;
  }
  throw new Error('The log of the bench does not verify.');
}

/** Settings of the caller's shell must not reach the servers. */
function plainEnvironment(): Record<string, string | undefined> {
  const { PATH, HOME, TMPDIR } = process.env;
  return { PATH, HOME, TMPDIR };
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}
