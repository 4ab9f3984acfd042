import type { KeyObject } from 'node:crypto';
import { join } from 'node:path';
import type { Pool } from 'pg';
import type { DataSource, EntityManager } from 'typeorm';
import { poolOf } from '../database/reader';
import { ChartsealError } from '../graphql/errors';
import { openErasure, signErasure, type ErasureCertificate, type Policy, type Verdict } from '../ledger';
import type { Logger } from '../platform/logger';
import type { Clock } from '../platform/clock';
import type { Metrics } from '../platform/metrics';
import { LogAlarms } from './alarms';
import { AlarmsWatch } from './alarms-watch';
import { CheckpointFile } from './checkpoint-file';
import { exportLog, type Exported, type ExportOptions } from './export';
import { readStatus, type LogStatus } from './log-status';
import { LogVerifier, type VerifyAllOptions } from './log-verifier';
import { Notary } from './notary';
import { LogProofs } from './proofs';
import { SealedNews } from './sealed-news';
import { Sealer } from './sealer';
import { ShardCloser } from './shard-closer';
import { ShardKeeper } from './shard-keeper';
import { LogKeys } from './signing-key';
import { exportTimeStamps, TimeStamps, type TimeStampSettings } from './time-stamps';
import { UnsealedWatch } from './unsealed-watch';
import type { VerifiedTo } from './verify-log';
import { Witnesses } from './witnesses';
import { verifyRows, type RowFinding } from './verify-rows';

export type { LogStatus } from './log-status';

export interface AuditLogOptions {
  dataSource: DataSource;
  url: string;
  /** Of the owner of the tables, who alone can drop entries. */
  ownerUrl: string;
  dataDir: string;
  signingKeyFile: string;
  logger: Logger;
  metrics: Metrics;
  /** Who else must have signed checkpoints; null: nobody is asked. */
  witnesses: Policy | null;
  /** Close the log's shard when its year is over. */
  yearlyShards: boolean;
  /** The authority that time-stamps checkpoints; null: none. */
  timeStamps: TimeStampSettings | null;
  clock: Clock;
}

/** What an erasure destroyed, before the log's name is put to it. */
export type ErasureFacts = Omit<ErasureCertificate, 'v' | 'type' | 'ledger'> & { request: string };

/** The log as a whole: its sealer, its verifier, its state. */
export class AuditLog {
  readonly proofs: LogProofs;
  /** Rings whenever entries were sealed. */
  readonly news: SealedNews;
  readonly shards: ShardKeeper;
  readonly alarms: LogAlarms;
  /** Null when no authority is asked. */
  timeStamps: TimeStamps | null = null;
  /** As it was before this process began to seal and sign. */
  foundAtOpening!: Pick<LogStatus, 'size' | 'checkpoint'>;
  private readonly pool: Pool;
  private readonly sealer: Sealer;
  private readonly unsealed: UnsealedWatch;
  private readonly verifier: LogVerifier;
  private readonly witnesses: Witnesses | null;
  private readonly alarmsWatch: AlarmsWatch;

  private constructor(
    options: AuditLogOptions,
    readonly keys: LogKeys,
    known: readonly KeyObject[],
    readonly file: CheckpointFile,
  ) {
    const { url, logger, metrics } = options;
    this.pool = poolOf(options.dataSource);
    this.proofs = new LogProofs(this.pool);
    this.news = new SealedNews(url, logger);
    this.alarms = new LogAlarms(options.dataSource);
    const onVerdict = (verdict: Verdict, whole: boolean) => this.alarmsWatch.onVerdict(verdict, whole);
    this.verifier = new LogVerifier({ pool: this.pool, keys, file, logger, onVerdict }, known);
    const notary = new Notary(keys, file);
    this.witnesses = options.witnesses
      ? new Witnesses(options.witnesses, { proofs: this.proofs, keep: notary.takeCosigned, logger })
      : null;
    if (this.witnesses) notary.onSigned = this.witnesses.onSigned;
    const { witnesses } = this;
    const cosign = witnesses?.policy.quorum ? witnesses.cosign.bind(witnesses) : null;
    const { yearlyShards: yearly, ownerUrl, clock } = options;
    const closer = new ShardCloser({ keys, file, cosign, yearly, clock, logger });
    this.shards = new ShardKeeper({ sealerUrl: url, ownerUrl, pool: this.pool, closer, notary, keys, file, clock });
    this.sealer = new Sealer({ url, notary, shards: closer, logger, metrics });
    const { pool, alarms, verifier } = this;
    this.alarmsWatch = new AlarmsWatch({ pool, alarms, verifier, policy: options.witnesses, logger, metrics });
    this.unsealed = new UnsealedWatch(this.pool, logger, (requestIds) => this.alarmsWatch.onVanished(requestIds));
  }

  /** Opens the log and begins to seal. Throws when the signing key cannot be used. */
  static async open(options: AuditLogOptions): Promise<AuditLog> {
    const keys = await LogKeys.open(options.signingKeyFile);
    const file = new CheckpointFile(join(options.dataDir, 'checkpoints'));
    const log = new AuditLog(options, keys, await keys.verifiers(), file);
    const { timeStamps, url: sealerUrl, logger } = options;
    if (timeStamps) log.timeStamps = await TimeStamps.open({ ...timeStamps, sealerUrl, logger });
    log.foundAtOpening = await log.status();
    log.unsealed.beginAt(log.foundAtOpening.size);
    log.sealer.start();
    return log;
  }

  /** The key that signs now. */
  get publicKey(): KeyObject {
    return this.verifier.keys[0]!;
  }

  /** Verifies in the background from now on, and raises alarms. For servers; commands verify when told to. */
  watch(): void {
    this.verifier.watch();
    this.timeStamps?.watch();
    this.alarmsWatch.start();
  }

  /** Raises the alarm that a verdict calls for, or ends what a sound log does away with; a watching server needs no telling. */
  tellAlarm(verdict: Verdict, whole: boolean): Promise<void> {
    return this.alarmsWatch.tell(verdict, whole);
  }

  /** Checks the whole log now, from its first byte; or what came since a place. */
  verifyAll(options: VerifyAllOptions = {}): Promise<Verdict> {
    return this.verifier.verifyAll(options);
  }

  /** Checks what came since the last check. A broken log stays broken until it is checked whole. */
  verifyNew(): Promise<Verdict> {
    return this.verifier.verifyNew();
  }

  /** Where the last verification ended, when it found nothing wrong. */
  get verifiedTo(): VerifiedTo | undefined {
    return this.verifier.verifiedTo;
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
    return openErasure(text, this.verifier.keys);
  }

  /** Name of the log; null before its first sealer. */
  async origin(): Promise<string | null> {
    const { rows } = await this.pool.query<{ origin: string }>('SELECT origin FROM audit_head');
    return rows[0]?.origin ?? null;
  }

  /** Writes the log into a directory, or what is new; see `exportLog`. */
  async export(path: string, options: ExportOptions): Promise<Exported> {
    const exported = await exportLog(this.pool, this, path, { policy: this.witnesses?.policy, ...options });
    await exportTimeStamps(this.pool, path);
    return exported;
  }

  /** Compares every sealed row with what the log says was last written. */
  verifyRows(onProgress?: (done: number) => void): Promise<RowFinding[]> {
    return verifyRows(this.pool, this.verifier.keys, onProgress);
  }

  /** What pages and commands tell of the log. */
  status(): Promise<LogStatus> {
    return readStatus(this.pool, this.verifier);
  }

  /** Asks now after every entry this process has written, as it does by itself in some seconds; vanished ones raise an alarm. */
  askAfterWritten(): Promise<void> {
    return this.unsealed.askNow();
  }

  async close(): Promise<void> {
    await this.news.close();
    await this.timeStamps?.stop();
    await this.alarmsWatch.stop();
    await this.verifier.stop();
    await this.sealer.stop();
    await this.witnesses?.stop();
    await this.unsealed.close();
  }
}
