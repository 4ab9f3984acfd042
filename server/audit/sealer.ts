import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { binaryArray } from '../database/binary-array';
import { chainNext, chainStart, decodeEntry, EMPTY_ROOT, Frontier, leafOf } from '../ledger';
import type { Logger } from '../platform/logger';
import type { Metrics } from '../platform/metrics';
import { columnsOf } from './entry-columns';
import type { Notary } from './notary';
import { onPendingWritten } from './wake';

export interface SealerDeps {
  url: string;
  notary: Notary;
  logger: Logger;
  metrics: Metrics;
}

/** Advisory lock of the one sealer of a database. */
const SEALER_LOCK = 7_240_003;
/** Entries sealed in one commit at most: a long queue is worked off in few statements, some 20 ms of this process each. */
const BATCH = 1024;
/** Time to let a batch fill up, in milliseconds; also the longest an entry waits on a busy system. */
const GATHER_MS = 20;
/** How soon a sealer without news looks for entries of other processes, and a standby tries to become the sealer: */
const SHORTEST_IDLE_MS = 125;
/** doubled each time nothing was found, up to this. */
const LONGEST_IDLE_MS = 1_000;
/** Least time between two checkpoints. */
const CHECKPOINT_MS = 1_000;
/** A log at rest is signed again this often, so that its newest checkpoint is never ten minutes old. */
const REFRESH_MS = 9 * 60_000;
/** Somebody holding the head for this long must not keep a server from stopping. */
const STATEMENT_TIMEOUT_MS = 10_000;
/** An entry older than this is sealed too late; something is wrong. */
const LATE_SECONDS = 10;

/** Everything a batch changes, in one statement: each further one would cost a round trip as long as its work. */
const SEAL = `WITH
  entries AS (
    INSERT INTO audit_entry (index, entry, leaf, chain, at, actor_id, action, outcome, target_type, target_id, request_id,
      role, operation, purpose, ip, fields)
    SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::bytea[], $4::bytea[], $5::timestamptz[], $6::uuid[], $7::text[],
      $8::text[], $9::text[], $10::uuid[], $11::text[], $19::text[], $20::text[], $21::text[], $22::text[], $23::text[])),
  places AS (
    INSERT INTO audit_entry_patient (patient_id, index) SELECT * FROM unnest($12::uuid[], $13::bigint[])),
  sealed AS (DELETE FROM audit_pending WHERE id = ANY($14::bigint[])),
  told AS (SELECT pg_notify('audit_sealed', $15::text))
  UPDATE audit_head SET size = $15::bigint, chain = $16, root = $17, frontier = $18::bytea[] FROM told`;

interface Head {
  origin: string;
  chain: Buffer;
  tree: Frontier;
}

interface PendingRow {
  id: string;
  entry: Buffer;
}

/**
 * Moves pending entries into the chain and the tree. Every server runs one, one of them is elected by an advisory lock, and
 * the head row, locked in each batch, fences whoever still believes to be it. It takes what is committed: a late commit gets
 * a later index, nothing is skipped.
 */
export class Sealer {
  private client: Client | null = null;
  private elected = false;
  private stopping = false;
  private running: Promise<void> = Promise.resolve();
  private wake: () => void = () => undefined;
  private awake = false;
  private idleMs = SHORTEST_IDLE_MS;
  private unsubscribe: () => void = () => undefined;
  private grown = true;
  private checkpointed = { size: -1, at: 0 };

  constructor(private readonly deps: SealerDeps) {}

  start(): void {
    this.unsubscribe = onPendingWritten(() => this.ring());
    this.running = this.run();
  }

  /** Seals what is pending if it can, signs the last checkpoint, and lets another be elected. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.ring();
    await this.running;
    this.unsubscribe();
    try {
      if (await this.elect()) {
        while ((await this.sealBatch()) > 0);
        await this.checkpoint(true);
      }
    } catch (error) {
      this.deps.logger.warn({ err: error }, 'the last entries stay pending until the next start');
    }
    await this.client?.end().catch(() => undefined);
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      try {
        const sealed = (await this.elect()) ? await this.sealBatch() : 0;
        if (this.elected) await this.checkpoint();
        if (sealed === BATCH) continue;
        if (sealed > 0) this.idleMs = SHORTEST_IDLE_MS;
        else await this.idle();
        await pause(GATHER_MS);
      } catch (error) {
        this.deps.logger.error({ err: error }, 'sealing failed; trying again');
        await this.letGo();
        await pause(LONGEST_IDLE_MS);
      }
    }
  }

  /** True when this is the sealer, or has just become it. */
  private async elect(): Promise<boolean> {
    if (this.elected) return true;
    const client = (this.client ??= await this.connect());
    const { rows } = await client.query<{ mine: boolean }>('SELECT pg_try_advisory_lock($1) AS mine', [SEALER_LOCK]);
    this.elected = rows[0]!.mine;
    if (this.elected) await this.beginLog(client);
    return this.elected;
  }

  /** A new database gets the head of an empty log, under a name no other log has. */
  private async beginLog(client: Client): Promise<void> {
    const origin = `chartseal/${randomUUID()}`;
    await client.query(
      'INSERT INTO audit_head (origin, size, chain, root, frontier) VALUES ($1, 0, $2, $3, $4) ON CONFLICT DO NOTHING',
      [origin, chainStart(origin), EMPTY_ROOT, []],
    );
    const { rows } = await client.query<{ size: string | null }>(
      'SELECT max(size)::text AS size FROM audit_checkpoint',
    );
    this.checkpointed = { size: Number(rows[0]?.size ?? -1), at: 0 };
    this.grown = true;
  }

  /** Seals one batch; answers how many entries. */
  private async sealBatch(): Promise<number> {
    const client = this.client!;
    const waiting = await client.query('SELECT 1 FROM audit_pending LIMIT 1');
    if (waiting.rowCount === 0) {
      this.deps.metrics.auditPending.set(0);
      this.deps.metrics.auditPendingAge.set(0);
      return 0;
    }
    const ended = this.deps.metrics.sealerBatches.startTimer();
    await client.query('BEGIN');
    try {
      const head = await this.lockHead(client);
      const { rows } = await client.query<PendingRow>({
        name: 'seal-pending',
        text: 'SELECT id::text, entry FROM audit_pending ORDER BY audit_pending.id LIMIT $1',
        values: [BATCH],
      });
      await this.append(client, head, rows);
      await client.query('COMMIT');
      this.grown ||= rows.length > 0;
      this.deps.metrics.auditSealed.inc(rows.length);
      await this.measure(client, rows);
      return rows.length;
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
      throw error;
    } finally {
      ended();
    }
  }

  private async append(client: Client, head: Head, pending: PendingRow[]): Promise<void> {
    const first = head.tree.size;
    let { chain } = head;
    const leaves: Buffer[] = [];
    const chains: Buffer[] = [];
    for (const { entry } of pending) {
      const leaf = leafOf(entry);
      chain = chainNext(chain, leaf);
      head.tree.append(leaf);
      leaves.push(leaf);
      chains.push(chain);
    }
    const facts = pending.map(({ entry }) => columnsOf(decodeEntry(entry)));
    const places = facts.flatMap(({ patients }, offset) =>
      patients.map((patient) => ({ patient, index: first + offset })),
    );
    await client.query({
      name: 'seal-entries',
      text: SEAL,
      values: [
        binaryArray('bigint', pending.map((_, offset) => first + offset)),
        binaryArray('bytea', pending.map(({ entry }) => entry)),
        binaryArray('bytea', leaves),
        binaryArray('bytea', chains),
        binaryArray('timestamptz', facts.map(({ at }) => at)),
        binaryArray('uuid', facts.map(({ actorId }) => actorId)),
        binaryArray('text', facts.map(({ action }) => action)),
        binaryArray('text', facts.map(({ outcome }) => outcome)),
        binaryArray('text', facts.map(({ targetType }) => targetType)),
        binaryArray('uuid', facts.map(({ targetId }) => targetId)),
        binaryArray('text', facts.map(({ requestId }) => requestId)),
        binaryArray('uuid', places.map(({ patient }) => patient)),
        binaryArray('bigint', places.map(({ index }) => index)),
        binaryArray('bigint', pending.map(({ id }) => id)),
        String(head.tree.size),
        chain,
        head.tree.root(),
        binaryArray('bytea', head.tree.nodes),
        binaryArray('text', facts.map(({ role }) => role)),
        binaryArray('text', facts.map(({ operation }) => operation)),
        binaryArray('text', facts.map(({ purpose }) => purpose)),
        binaryArray('text', facts.map(({ ip }) => ip)),
        binaryArray('text', facts.map(({ fields }) => fields)),
      ], // prettier-ignore
    });
  }

  private async lockHead(client: Client): Promise<Head> {
    const { rows } = await client.query<{ origin: string; size: string; chain: Buffer; frontier: Buffer[] }>({
      name: 'seal-lock-head',
      text: 'SELECT origin, size::text, chain, frontier FROM audit_head FOR UPDATE',
    });
    const head = rows[0];
    if (!head) throw new Error('The head of the audit log is missing.');
    return { origin: head.origin, chain: head.chain, tree: Frontier.of(Number(head.size), head.frontier) };
  }

  /** Signs the head when the log has grown, now or from time to time; and again when it has not for a while. */
  private async checkpoint(now = false): Promise<void> {
    const since = Date.now() - this.checkpointed.at;
    const due = since >= REFRESH_MS || (this.grown && (now || since >= CHECKPOINT_MS));
    if (this.client) await this.deps.notary.keepCosigned(this.client);
    if (!due || !this.client) return;
    const { rows } = await this.client.query<{ origin: string; size: string; root: Buffer }>({
      name: 'checkpoint-head',
      text: 'SELECT origin, size::text, root FROM audit_head',
    });
    const head = rows[0];
    const size = Number(head?.size ?? 0);
    this.grown = false;
    const grown = size > this.checkpointed.size;
    if (!head || size === 0 || (!grown && since < REFRESH_MS)) return;
    await this.deps.notary.sign(this.client, { origin: head.origin, size, root: head.root }, grown);
    this.checkpointed = { size, at: Date.now() };
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
      keepAlive: true,
    });
    client.on('error', () => void this.letGo());
    await client.connect();
    return client;
  }

  private async letGo(): Promise<void> {
    const { client } = this;
    this.client = null;
    this.elected = false;
    await client?.end().catch(() => undefined);
  }

  private ring(): void {
    this.awake = true;
    this.wake();
  }

  /** Waits for news, or a while. */
  private async idle(): Promise<void> {
    if (!this.awake) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, this.idleMs);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.idleMs = this.awake ? SHORTEST_IDLE_MS : Math.min(this.idleMs * 2, LONGEST_IDLE_MS);
    this.awake = false;
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
