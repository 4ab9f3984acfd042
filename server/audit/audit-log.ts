import type { KeyObject } from 'node:crypto';
import { join } from 'node:path';
import type { Pool } from 'pg';
import type { DataSource, EntityManager } from 'typeorm';
import { poolOf } from '../database/reader';
import { ChartsealError } from '../graphql/errors';
import { openErasure, signErasure, type ErasureCertificate, type Verdict } from '../ledger';
import type { Logger } from '../platform/logger';
import type { Metrics } from '../platform/metrics';
import { CheckpointFile } from './checkpoint-file';
import { Notary } from './notary';
import { LogProofs } from './proofs';
import { Sealer } from './sealer';
import { LogKeys } from './signing-key';
import { extendSubtrees } from './subtrees';
import { UnsealedWatch } from './unsealed-watch';
import { verifyEntries, type VerifiedTo } from './verify-log';
import { verifyRows, type RowFinding } from './verify-rows';

export interface AuditLogOptions {
  dataSource: DataSource;
  url: string;
  dataDir: string;
  signingKeyFile: string;
  logger: Logger;
  metrics: Metrics;
}

export type LogState = 'VERIFIED' | 'CHECKING' | 'BROKEN' | 'UNVERIFIED';

export interface LogStatus {
  size: number;
  root: string;
  checkpoint: string | null;
  pending: number;
  verifiedTo: number;
  verifiedAt: Date | null;
  state: LogState;
  brokenAt: number | null;
  finding: string | null;
}

/** What an erasure destroyed, before the log's name is put to it. */
export type ErasureFacts = Omit<ErasureCertificate, 'v' | 'type' | 'ledger'> & { request: string };

/** How often the background verifier looks at what is new. */
const VERIFY_EVERY_MS = 30_000;
/** How often it begins anew with the first entry: what was verified may be changed later. */
const VERIFY_WHOLE_MS = 6 * 60 * 60_000;

/** The log as a whole: its sealer, its verifier, its state. */
export class AuditLog {
  readonly proofs: LogProofs;
  private readonly pool: Pool;
  private readonly sealer: Sealer;
  private readonly unsealed: UnsealedWatch;
  private verdict: Verdict | null = null;
  private reached: VerifiedTo | undefined;
  private verifiedAt: Date | null = null;
  private wholeAt = 0;
  private checking: Promise<Verdict> | null = null;
  private timer: NodeJS.Timeout | null = null;

  private constructor(
    private readonly options: AuditLogOptions,
    readonly keys: LogKeys,
    private verifiers: readonly KeyObject[],
    readonly file: CheckpointFile,
  ) {
    const { url, logger, metrics } = options;
    this.pool = poolOf(options.dataSource);
    this.proofs = new LogProofs(this.pool);
    this.sealer = new Sealer({ url, notary: new Notary(keys, file), logger, metrics });
    this.unsealed = new UnsealedWatch(this.pool, logger, () => metrics.auditIntact.set(0));
  }

  /** Opens the log and begins to seal. Throws when the signing key cannot be used. */
  static async open(options: AuditLogOptions): Promise<AuditLog> {
    const keys = await LogKeys.open(options.signingKeyFile);
    const file = new CheckpointFile(join(options.dataDir, 'checkpoints'));
    const log = new AuditLog(options, keys, await keys.verifiers(), file);
    log.sealer.start();
    return log;
  }

  /** The key that signs now. */
  get publicKey(): KeyObject {
    return this.verifiers[0]!;
  }

  /** Verifies in the background from now on: at once, then what is new. For servers; commands verify when told to. */
  watch(): void {
    const look = () =>
      void this.verifyNew()
        .catch((error: unknown) => this.options.logger.error({ err: error }, 'the log could not be verified'))
        .finally(() => {
          this.timer = setTimeout(look, VERIFY_EVERY_MS).unref();
        });
    look();
  }

  /** Checks the whole log now, from its first byte; or what came since the place given. */
  async verifyAll(onProgress?: (done: number, total: number) => void, since?: VerifiedTo): Promise<Verdict> {
    await this.checking?.catch(() => undefined);
    this.reached = since;
    return this.check(onProgress);
  }

  /** Where the last verification ended, when it found nothing wrong. */
  get verifiedTo(): VerifiedTo | undefined {
    return this.reached;
  }

  /** Checks what came since the last check. A broken log stays broken until it is checked whole. */
  async verifyNew(): Promise<Verdict> {
    if (this.verdict && this.verdict.word !== 'OK') return this.verdict;
    if (!this.checking && Date.now() - this.wholeAt >= VERIFY_WHOLE_MS) this.reached = undefined;
    return this.check();
  }

  /**
   * Signs what an erasure destroyed with the key of the checkpoints, in the transaction of the erasure. Throws
   * AUDIT_UNAVAILABLE while the log has no beginning.
   */
  async certifyErasure(manager: EntityManager, { request, ...facts }: ErasureFacts): Promise<string> {
    const [head] = await manager.query<{ origin: string }[]>('SELECT origin FROM audit_head');
    if (!head) throw new ChartsealError('AUDIT_UNAVAILABLE');
    const ledger = { origin: head.origin, request };
    return signErasure({ v: 1, type: 'chartseal-erasure', ...facts, ledger }, (await this.keys.signers())[0]!);
  }

  /** Reads an erasure certificate. Null when it is malformed or not signed by a key of this log. */
  openErasure(text: string): ErasureCertificate | null {
    return openErasure(text, this.verifiers);
  }

  /** Compares every sealed row with what the log says was last written. */
  verifyRows(onProgress?: (done: number) => void): Promise<RowFinding[]> {
    return verifyRows(this.pool, onProgress);
  }

  async status(): Promise<LogStatus> {
    const { rows } = await this.pool.query<{ size: string; root: Buffer; note: string | null; pending: string }>(
      `SELECT size::text, root, (SELECT note FROM audit_newest_checkpoint) AS note,
         (SELECT count(*) FROM audit_pending) AS pending
       FROM audit_head`,
    );
    const head = rows[0];
    return {
      size: Number(head?.size ?? 0),
      root: head?.root.toString('hex') ?? '',
      checkpoint: head?.note ?? null,
      pending: Number(head?.pending ?? 0),
      verifiedTo: this.verdict?.size ?? 0,
      verifiedAt: this.verifiedAt,
      state: this.state(),
      brokenAt: this.verdict?.at ?? null,
      finding: this.verdict?.finding ?? null,
    };
  }

  async close(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    await this.checking?.catch(() => undefined);
    await this.sealer.stop();
    await this.unsealed.close();
  }

  private state(): LogState {
    if (this.verdict && this.verdict.word !== 'OK') return 'BROKEN';
    if (this.checking) return 'CHECKING';
    return this.verdict ? 'VERIFIED' : 'UNVERIFIED';
  }

  private check(onProgress?: (done: number, total: number) => void): Promise<Verdict> {
    this.checking ??= this.run(onProgress).finally(() => (this.checking = null));
    return this.checking;
  }

  private async run(onProgress?: (done: number, total: number) => void): Promise<Verdict> {
    const { reached: since } = this;
    this.verifiers = await this.keys.verifiers();
    const kept = () => this.file.notes();
    const options = { keys: this.verifiers, kept, since, onProgress };
    const { verdict, reached } = await verifyEntries(this.pool, options);
    if (verdict.word === 'OK') await extendSubtrees(this.pool, verdict.size);
    if (!since) this.wholeAt = Date.now();
    this.verdict = verdict;
    // An empty log has no beginning to go on from: its origin may not have been written yet.
    this.reached = verdict.word === 'OK' && verdict.size > 0 ? reached : undefined;
    this.verifiedAt = new Date();
    this.options.metrics.auditIntact.set(verdict.word === 'OK' ? 1 : 0);
    if (verdict.word !== 'OK')
      this.options.logger.error({ word: verdict.word, at: verdict.at }, 'THE AUDIT LOG IS BROKEN');
    return verdict;
  }
}
