/** What verification found, in the words an auditor reads. */
export type VerdictWord = 'OK' | 'TAMPERED' | 'TRUNCATED' | 'FORKED';

export interface Verdict {
  word: VerdictWord;
  /** Entries that verified: all of them when OK, else those before the fault. */
  size: number;
  root: Buffer;
  /** Index of the first entry that is wrong, or missing. */
  at: number | null;
  finding: string | null;
}

/** Ends a verification: the log is not what it was. */
export class Fault extends Error {
  constructor(
    readonly word: Exclude<VerdictWord, 'OK'>,
    readonly at: number,
    message: string,
  ) {
    super(message);
  }
}
