import type { Pool } from 'pg';
import { binaryArray } from '../database/binary-array';
import { leafOf } from '../ledger';
import type { Logger } from '../platform/logger';
import type { PendingEntry } from './entry-draft';
import { onPendingWritten } from './wake';

interface Written {
  leaf: Buffer;
  requestId: string;
  /** The entry's index is at least this. */
  from: number;
  at: number;
}

const ASKED_AFTER = `SELECT (place - 1)::int AS place FROM unnest($1::bytea[]) WITH ORDINALITY AS asked (leaf, place)`;
const STILL_PENDING = `${ASKED_AFTER}
  WHERE EXISTS (SELECT FROM audit_pending p WHERE sha256('\\x00'::bytea || p.entry) = asked.leaf)`;
/** By what is missing: that is nothing, mostly, and need not be sent. */
const NOT_SEALED = `${ASKED_AFTER}
  WHERE NOT EXISTS (SELECT FROM audit_entry e WHERE e.index >= $2 AND e.leaf = asked.leaf)`;

/** Time an entry has to become sealed before this process asks after it. */
const GRACE_MS = 3_000;
/** Still pending after this long: the sealer is not doing its work. */
const LATE_MS = 10_000;

/**
 * Remembers what this process has written until it is sealed. Before that an entry is in no chain yet, and somebody with the
 * database could take it away unseen; who wrote it misses it.
 */
export class UnsealedWatch {
  private waiting: Written[] = [];
  private size = 0;
  private timer: NodeJS.Timeout | null = null;
  private looking: Promise<void> = Promise.resolve();
  private readonly unsubscribe: () => void;

  constructor(
    private readonly pool: Pool,
    private readonly logger: Logger,
    private readonly onVanished: (requestIds: readonly string[]) => Promise<void>,
    private readonly graceMs = GRACE_MS,
  ) {
    this.unsubscribe = onPendingWritten((where, entries) => {
      if (where === pool) this.remember(entries);
    });
  }

  /** The log has this many entries, and this process has written nothing yet: older ones need not be looked through. */
  beginAt(size: number): void {
    this.size = size;
  }

  /** Asks once more after everything, and stops. */
  async close(): Promise<void> {
    this.unsubscribe();
    if (this.timer) clearTimeout(this.timer);
    await this.askNow().catch(() => undefined);
  }

  /** Asks after everything written so far, however short ago. */
  async askNow(): Promise<void> {
    await this.looking;
    await this.look(0);
  }

  private remember(entries: readonly PendingEntry[]): void {
    const at = Date.now();
    for (const { bytes, requestId } of entries)
      this.waiting.push({ leaf: leafOf(bytes), requestId, from: this.size, at });
    this.schedule();
  }

  private schedule(): void {
    this.timer ??= setTimeout(() => {
      this.looking = this.look(this.graceMs)
        .catch((error: unknown) => this.logger.warn({ err: error }, 'could not ask after unsealed entries'))
        .finally(() => {
          this.timer = null;
          if (this.waiting.length > 0) this.schedule();
        });
    }, this.graceMs).unref();
  }

  private async look(grace: number): Promise<void> {
    const now = Date.now();
    const due = this.waiting.filter(({ at }) => now - at >= grace);
    if (due.length === 0) return;
    const leaves = binaryArray('bytea', due.map(({ leaf }) => leaf)); // prettier-ignore
    const size = await this.currentSize();
    // Pending first: an entry sealed between the two questions is found by the second.
    const pending = await this.places(STILL_PENDING, [leaves]);
    const unsealed = await this.places(NOT_SEALED, [leaves, Math.min(...due.map(({ from }) => from))]);
    const settled = new Set(due.filter((_written, place) => !pending.has(place)));
    this.waiting = this.waiting.filter((written) => !settled.has(written));
    this.size = size;
    await this.report(due.filter((written, place) => settled.has(written) && unsealed.has(place)));
    const late = due.filter((written) => !settled.has(written) && now - written.at >= LATE_MS);
    if (late.length > 0) this.logger.warn({ entries: late.length }, 'entries are not being sealed');
  }

  private async report(vanished: readonly Written[]): Promise<void> {
    if (vanished.length === 0) return;
    const requestIds = [...new Set(vanished.map(({ requestId }) => requestId))];
    this.logger.error({ requestIds, entries: vanished.length }, 'AUDIT ENTRIES VANISHED BEFORE THEY WERE SEALED');
    await this.onVanished(requestIds);
  }

  /** Which of the leaves a statement answers, counted from 0. */
  private async places(text: string, values: unknown[]): Promise<Set<number>> {
    const { rows } = await this.pool.query<{ place: number }>(text, values);
    return new Set(rows.map(({ place }) => place));
  }

  private async currentSize(): Promise<number> {
    const { rows } = await this.pool.query<{ size: string }>('SELECT size::text FROM audit_head');
    return Number(rows[0]?.size ?? 0);
  }
}
