import { exitCodes, ExitError } from './exit';
import { scrub } from './scrub';

/**
 * Ends the process after a fault: one clear line (or the list of faulty settings) on standard error, and an exit code.
 * The stack is shown only with LOG_LEVEL=debug or trace.
 */
export function reportAndExit(error: unknown, detailed = false): never {
  process.stderr.write(`${describe(error)}\n`);
  if (detailed) process.stderr.write(`${scrub(error).stack ?? ''}\n`);
  process.exit(exitCodeOf(error));
}

function describe(error: unknown): string {
  const { type, message, code } = scrub(error);
  if (error instanceof ExitError) return error.message;
  return `${message || type}${code === undefined || message.includes(code) ? '' : ` (${code})`}`;
}

function exitCodeOf(error: unknown): number {
  return error instanceof ExitError ? error.exitCode : exitCodes.failure;
}
