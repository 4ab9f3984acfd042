/** What a process of Chartseal answers to its caller; docs/operations/running.md lists them. */
export const exitCodes = {
  ok: 0,
  failure: 1,
  usage: 2,
  settings: 3,
  database: 4,
  port: 5,
} as const;

/** A fault that ends the process with one clear line instead of a stack. */
export class ExitError extends Error {
  constructor(
    message: string,
    readonly exitCode: number = exitCodes.failure,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'ExitError';
  }
}

/** Says progress in one plain line. */
export type Say = (line: string) => void;
