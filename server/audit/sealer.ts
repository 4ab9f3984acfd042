import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { advisoryLocks } from '../database/advisory-locks';
import { chainStart, decodeEntry, EMPTY_ROOT } from '../ledger';
import type { Logger } from '../platform/logger';
import type { Metrics } from '../platform/metrics';
import type { Notary } from './notary';
import { BATCH, Batches, type PendingRow } from './seal-entries';
import { demandNotOlder, OlderThanSigned } from './restored';
import { SealerPace } from './sealer-pace';
import type { ShardCloser } from './shard-closer';
import { onPendingWritten } from './wake';

export interface SealerDeps {
  url: string;
  notary: Notary;
  shards: ShardCloser;
  logger: Logger;
  metrics: Metrics;
}

/** How soon what failed is tried again. */
const TRY_AGAIN_MS = 1_000;
/** Least time between two checkpoints. */
const CHECKPOINT_MS = 1_000;
/** A log at rest is signed again this often, so that its newest checkpoint is never ten minutes old. */
const REFRESH_MS = 9 * 60_000;
/** Somebody holding the head for this long must not keep a server from stopping. */
const STATEMENT_TIMEOUT_MS = 10_000;
/** Less, so that a batch which only waits for somebody is not taken for one that is too large. */
const LOCK_TIMEOUT_MS = 5_000;
/** How often what only people can mend is told. */
const TELL_AGAIN_MS = 60_000;
/** An entry older than this is sealed too late; something is wrong. */
const LATE_SECONDS = 10;

/**
 * Moves pending entries into the chain and the tree. Every server runs one, one of them is elected by an advisory lock, and
 * the head row, locked in each batch, fences whoever still believes to be it. It takes what is committed: a late commit gets
 * a later index, nothing is skipped.
 */
export class Sealer {
  private client: Client | null = null;
  /** Null: another is the sealer. */
  private batches: Batches | null = null;
  private stopping = false;
  private running: Promise<void> = Promise.resolve();
  private readonly pace = new SealerPace();
  private unsubscribe: () => void = () => undefined;
  private grown = true;
  private toldAt = 0;
  private checkpointed = { shard: 0, size: -1, at: 0 };

  constructor(private readonly deps: SealerDeps) {}

  start(): void {
    // only the sealer has anything to do about news; who stands by asks now and then
    this.unsubscribe = onPendingWritten(() => this.batches && this.pace.ring());
    this.running = this.run();
  }

  /** Seals what is pending if it can, signs the last checkpoint, and lets another be elected. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.pace.end();
    await this.running;
    this.unsubscribe();
    try {
      const batches = await this.elect();
      if (batches) {
        while ((await this.sealBatch(batches)) > 0);
        await this.checkpoint(true);
      }
    } catch (error) {
      if (error instanceof OlderThanSigned) this.tell(error);
      else this.deps.logger.warn({ err: error }, 'the last entries stay pending until the next start');
    }
    await this.client?.end().catch(() => undefined);
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      try {
        const batches = await this.elect();
        const sealed = batches ? await this.sealBatch(batches) : 0;
        if (batches) await this.checkpoint();
        if (sealed < BATCH) await this.pace.gather(sealed);
      } catch (error) {
        await this.letGo();
        this.tell(error);
        await sleep(TRY_AGAIN_MS);
      }
    }
  }

  /** A restored backup is told once a minute: only somebody who answers for the loss can end it. */
  private tell(error: unknown): void {
    if (!(error instanceof OlderThanSigned)) {
      this.deps.logger.error({ err: error }, 'sealing failed; trying again');
    } else if (Date.now() - this.toldAt >= TELL_AGAIN_MS) {
      this.toldAt = Date.now();
      this.deps.logger.error(`THE AUDIT LOG IS OLDER THAN WHAT IT HAS SIGNED. ${error.message}`);
    }
  }

  private tellLeft(id: string, err: unknown): void {
    this.deps.logger.error(
      { id, err },
      'WHAT WAITS TO BE SEALED IS NO ENTRY; it is left in audit_pending, others go on',
    );
  }

  /** What to seal with when this is the sealer, or has just become it; else null. */
  private async elect(): Promise<Batches | null> {
    if (this.batches) return this.batches;
    const client = (this.client ??= await this.connect());
    const { rows } = await client.query<{ mine: boolean }>('SELECT pg_try_advisory_lock($1) AS mine', [
      advisoryLocks.sealing,
    ]);
    if (!rows[0]!.mine) return null;
    await this.beginLog(client);
    return (this.batches = new Batches(client, (id, cause) => this.tellLeft(id, cause)));
  }

  /** A new database gets the head of an empty log, under a name no other log has. */
  private async beginLog(client: Client): Promise<void> {
    const origin = `chartseal/${randomUUID()}`;
    await client.query(
      'INSERT INTO audit_head (origin, size, chain, root, frontier) VALUES ($1, 0, $2, $3, $4) ON CONFLICT DO NOTHING',
      [origin, chainStart(origin), EMPTY_ROOT, []],
    );
    await demandNotOlder(client, this.deps.notary);
    const { rows } = await client.query<{ shard: number; size: string | null }>(
      'SELECT shard, (SELECT max(c.size)::text FROM audit_checkpoint c WHERE c.shard = h.shard) AS size FROM audit_head h',
    );
    this.checkpointed = { shard: rows[0]?.shard ?? 0, size: Number(rows[0]?.size ?? -1), at: 0 };
    this.grown = true;
  }

  /** Seals one batch; answers how many entries. */
  private async sealBatch(batches: Batches): Promise<number> {
    const client = this.client!;
    await this.deps.shards.closeWhenYearIsOver(client);
    const ended = this.deps.metrics.sealerBatches.startTimer();
    const sealed = await batches.seal();
    if (sealed.length > 0) ended();
    else await this.lookAtShard(client);
    this.grown ||= sealed.length > 0;
    this.deps.metrics.auditSealed.inc(sealed.length);
    await this.measure(client, sealed);
    return sealed.length;
  }

  /** Somebody else may have closed the shard: its successor is not signed yet. */
  private async lookAtShard(client: Client): Promise<void> {
    const { rows } = await client.query<{ shard: number }>({
      name: 'seal-look',
      text: 'SELECT shard FROM audit_head',
    });
    this.grown ||= rows[0]?.shard !== this.checkpointed.shard;
  }

  /** Signs the head when the log has grown, now or from time to time; and again when it has not for a while. */
  private async checkpoint(now = false): Promise<void> {
    const since = Date.now() - this.checkpointed.at;
    const due = since >= REFRESH_MS || (this.grown && (now || since >= CHECKPOINT_MS));
    if (this.client) await this.deps.notary.keepCosigned(this.client);
    if (!due || !this.client) return;
    const { rows } = await this.client.query<{ origin: string; shard: number; size: string; root: Buffer }>({
      name: 'checkpoint-head',
      text: 'SELECT origin, shard, (size - first_index)::text AS size, root FROM audit_head',
    });
    const head = rows[0];
    const size = Number(head?.size ?? 0);
    this.grown = false;
    const grown = head?.shard !== this.checkpointed.shard || size > this.checkpointed.size;
    if (!head || size === 0 || (!grown && since < REFRESH_MS)) return;
    const { shard, origin, root } = head;
    await this.deps.notary.sign(this.client, shard, { origin, size, root }, grown);
    this.checkpointed = { shard, size, at: Date.now() };
  }

  private async measure(client: Client, sealed: PendingRow[]): Promise<void> {
    const backlog =
      sealed.length === BATCH ? await client.query<{ n: string }>('SELECT count(*) AS n FROM audit_pending') : null;
    this.deps.metrics.auditPending.set(Number(backlog?.rows[0]?.n ?? 0));
    const oldest = sealed[0] ? (Date.now() - Date.parse(decodeEntry(sealed[0].entry).t)) / 1000 : 0;
    this.deps.metrics.auditPendingAge.set(oldest);
    if (oldest > LATE_SECONDS) this.deps.logger.warn({ seconds: Math.round(oldest) }, 'entries were sealed late');
  }

  private async connect(): Promise<Client> {
    const client = new Client({
      connectionString: this.deps.url,
      application_name: 'chartseal sealer',
      statement_timeout: STATEMENT_TIMEOUT_MS,
      lock_timeout: LOCK_TIMEOUT_MS,
      keepAlive: true,
    });
    client.on('error', () => void this.letGo());
    await client.connect();
    return client;
  }

  private async letGo(): Promise<void> {
    const { client } = this;
    this.client = null;
    this.batches = null;
    await client?.end().catch(() => undefined);
  }
}
