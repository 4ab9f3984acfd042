/**
 * What verification can find, in the words an auditor reads, and what a command answers for each. OK: everything that was
 * looked at is what was signed. TAMPERED: bytes, hashes and signatures contradict each other. TRUNCATED: something that was
 * there is gone. FORKED: the log's own key signed two histories. STALE: intact, but the newest signature is too old.
 * INCOMPLETE: what is needed to judge is missing.
 */
export const verdictCodes = { OK: 0, TAMPERED: 10, TRUNCATED: 11, FORKED: 12, STALE: 13, INCOMPLETE: 14 } as const;

export type VerdictWord = keyof typeof verdictCodes;

export interface Verdict {
  word: VerdictWord;
  /** Entries that verified: all of them when OK, else those before the fault. */
  size: number;
  root: Buffer;
  /** Index of the first entry that is wrong, or missing. */
  at: number | null;
  finding: string | null;
  /** The fault is a clock that was set back, and neither bytes nor hashes. */
  clock?: boolean;
}

/** Ends a verification: the log is not what it was. */
export class Fault extends Error {
  constructor(
    readonly word: Exclude<VerdictWord, 'OK'>,
    readonly at: number | null,
    message: string,
  ) {
    super(message);
  }
}

/** The hashes agree, but an entry is older than one before it. */
export class ClockFault extends Fault {
  /** Both times in milliseconds since 1970. */
  constructor(at: number, time: number, before: number) {
    super(
      'TAMPERED',
      at,
      `the clock went back: ${new Date(time).toISOString()} after ${new Date(before).toISOString()}`,
    );
  }
}
