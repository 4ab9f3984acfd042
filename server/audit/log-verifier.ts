import type { KeyObject } from 'node:crypto';
import type { Pool } from 'pg';
import type { Verdict } from '../ledger';
import type { Logger } from '../platform/logger';
import type { CheckpointFile } from './checkpoint-file';
import type { LogKeys } from './signing-key';
import { Unhurried } from './unhurried';
import { verifyEntries, type VerifiedTo } from './verify-log';
import { FULL_SPEED, type Pace } from './verify-shard';

export interface LogVerifierDeps {
  pool: Pool;
  keys: LogKeys;
  file: CheckpointFile;
  logger: Logger;
  /** Told of each verdict, and whether the whole log was looked at. */
  onVerdict: (verdict: Verdict, whole: boolean) => Promise<void>;
}

export type LogState = 'VERIFIED' | 'CHECKING' | 'BROKEN' | 'UNVERIFIED';

export interface VerifyAllOptions {
  onProgress?: (done: number, total: number) => void;
  /** Look only at what came since. */
  since?: VerifiedTo;
}

/** How often the background verifier looks at what is new. */
const VERIFY_EVERY_MS = 30_000;
/** How often it begins anew with the first entry: what was verified may be changed later. */
const VERIFY_WHOLE_MS = 6 * 60 * 60_000;

/** Verifies the log, in the background or when told to, and remembers what it found. */
export class LogVerifier {
  verdict: Verdict | null = null;
  verifiedAt: Date | null = null;
  private reached: VerifiedTo | undefined;
  private wholeAt = 0;
  private checking: Promise<Verdict> | null = null;
  private timer: NodeJS.Timeout | null = null;
  /** Of the verification in the background that runs now. */
  private unhurried: Unhurried | null = null;
  private stopped = false;

  constructor(
    private readonly deps: LogVerifierDeps,
    private known: readonly KeyObject[],
  ) {}

  /** Public keys whose signatures counted last time, the one that signs first. */
  get keys(): readonly KeyObject[] {
    return this.known;
  }

  /** Where the last verification ended, when it found nothing wrong. */
  get verifiedTo(): VerifiedTo | undefined {
    return this.reached;
  }

  get state(): LogState {
    if (this.verdict && this.verdict.word !== 'OK') return 'BROKEN';
    if (this.checking) return 'CHECKING';
    return this.verdict ? 'VERIFIED' : 'UNVERIFIED';
  }

  /**
   * Verifies in the background from now on: at once, then what is new, resting most of the time. For servers; commands verify
   * when told to.
   */
  watch(): void {
    const look = async () => {
      this.unhurried = new Unhurried();
      try {
        await this.verifyOn(this.unhurried);
      } catch (error) {
        if (!this.stopped) this.deps.logger.error({ err: error }, 'the log could not be verified');
      }
      this.unhurried = null;
      if (!this.stopped) this.timer = setTimeout(() => void look(), VERIFY_EVERY_MS).unref();
    };
    void look();
  }

  /** Checks the whole log now, from its first byte; or what came since a place. */
  async verifyAll({ onProgress, since }: VerifyAllOptions = {}): Promise<Verdict> {
    this.unhurried?.hurry();
    await this.checking?.catch(() => undefined);
    this.reached = since;
    return this.check(FULL_SPEED, onProgress);
  }

  /** Checks what came since the last check. A broken log stays broken until it is checked whole. */
  verifyNew(): Promise<Verdict> {
    this.unhurried?.hurry();
    return this.verifyOn(FULL_SPEED);
  }

  /** Ends what is going on in the background; what somebody waits for is waited for. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.unhurried?.end();
    if (this.timer) clearTimeout(this.timer);
    await this.checking?.catch(() => undefined);
  }

  private async verifyOn(pace: Pace): Promise<Verdict> {
    if (this.verdict && !goesOn(this.verdict)) return this.verdict;
    if (!this.checking && Date.now() - this.wholeAt >= VERIFY_WHOLE_MS) this.reached = undefined;
    return this.check(pace);
  }

  private check(pace: Pace, onProgress?: VerifyAllOptions['onProgress']): Promise<Verdict> {
    this.checking ??= this.run(pace, onProgress).finally(() => (this.checking = null));
    return this.checking;
  }

  private async run(pace: Pace, onProgress: VerifyAllOptions['onProgress']): Promise<Verdict> {
    const { pool, keys, file, logger } = this.deps;
    const { reached: since } = this;
    this.known = await keys.verifiers();
    const kept = () => file.notes();
    const { verdict, reached } = await verifyEntries(pool, { keys: this.known, kept, since, pace, onProgress });
    if (!since) this.wholeAt = Date.now();
    // Set back is set back until the whole log is looked at: what is new says nothing of it.
    const flagged = since !== undefined && verdict.word === 'OK' && this.verdict?.clock ? this.verdict : null;
    this.verdict = flagged ?? verdict;
    // An empty log has no beginning to go on from: its origin may not have been written yet.
    this.reached = goesOn(verdict) && reached.tree.size > 0 ? reached : undefined;
    this.verifiedAt = new Date();
    if (verdict.word !== 'OK') logger.error({ word: verdict.word, at: verdict.at }, 'THE AUDIT LOG IS BROKEN');
    await this.deps.onVerdict(verdict, !since);
    return verdict;
  }
}

/** Whether the next verification may go on from where this one ended: hashes agree, whatever the clock did. */
function goesOn({ word, clock }: Verdict): boolean {
  return word === 'OK' || clock === true;
}
