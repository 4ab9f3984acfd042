import type { Config } from '../config/config';
import { processConfig } from '../config/environment';
import { createLogger } from '../platform/logger';
import { openRuntime, type Runtime } from '../runtime';

/**
 * Opens this installation (beside a running server or without one), does a command's work and closes it again.
 * What the work returns becomes the exit code; nothing means 0. Standard output is the command's own: everything else
 * is said on standard error.
 */
export async function withRuntime(work: (runtime: Runtime, config: Config) => Promise<number | void>): Promise<void> {
  const config = processConfig();
  const logger = createLogger({ level: config.logLevel, production: config.production });
  const runtime = await openRuntime(config, { logger, say: tell });
  try {
    process.exitCode = (await work(runtime, config)) ?? 0;
  } finally {
    await runtime.close();
  }
}

/** One line on standard error. */
export function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** One line on standard output: what the command was asked for. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
