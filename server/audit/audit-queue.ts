import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { poolOf } from '../database/reader';
import { ChartsealError } from '../graphql/errors';
import { currentContext } from '../graphql/context';
import type { Clock } from '../platform/clock';
import { finish, INSERT_PENDING, oneByOne, pendingValues, type EntryDraft, type PendingEntry } from './entry-draft';
import { pendingWritten } from './wake';

interface Waiting {
  entry: PendingEntry;
  resolve: () => void;
  reject: (error: Error) => void;
}

/** How long an entry waits at most for those of other operations under way. */
const GATHER_MS = 8;

/**
 * Entries of reads and other acts that change no audited row. They go to the database together (group commit), as safe as one
 * commit each at a fraction of the cost: once half of the operations under way have brought theirs, or after a moment.
 * Whoever is alone waits for nobody; half, so that the others are worked on while these are written.
 */
export class AuditQueue {
  private readonly pool: Pool;
  private waiting: Waiting[] = [];
  private underWay = 0;
  private gathering: NodeJS.Timeout | null = null;
  private leaving = false;
  private flushing: Promise<void> = Promise.resolve();

  constructor(
    dataSource: DataSource,
    private readonly clock: Clock,
    private readonly gatherMs = GATHER_MS,
  ) {
    this.pool = poolOf(dataSource);
  }

  /** Says that an operation has begun, which may bring entries; the answer says that it has ended. */
  expect(): () => void {
    this.underWay += 1;
    return () => {
      this.underWay -= 1;
      this.leaveWhenEnough();
    };
  }

  /**
   * Resolves once the entry is committed, and nothing may be disclosed before; patients seen under a break-glass grant have
   * one of their own, and more patients than fit one have several. Throws AUDIT_UNAVAILABLE when it could not be.
   */
  async record(draft: EntryDraft): Promise<void> {
    const drafts = oneByOne(draft, currentContext().actor);
    await Promise.all(drafts.map((one) => this.recordOne(one)));
  }

  private recordOne(draft: EntryDraft): Promise<void> {
    return new Promise((resolve, reject) => {
      const entry = finish(draft, currentContext(), this.clock);
      this.waiting.push({ entry, resolve, reject });
      this.gathering ??= setTimeout(() => this.leave(), this.gatherMs);
      this.leaveWhenEnough();
    });
  }

  private leaveWhenEnough(): void {
    if (this.waiting.length > 0 && 2 * this.waiting.length >= this.underWay) this.leave();
  }

  /** All that come in this turn of the event loop go, too. */
  private leave(): void {
    if (!this.leaving) setImmediate(() => this.flushSoon());
    this.leaving = true;
  }

  /** Waits for what is on its way. */
  async close(): Promise<void> {
    this.flushSoon();
    await this.flushing;
  }

  private flushSoon(): void {
    this.leaving = false;
    if (this.gathering) clearTimeout(this.gathering);
    this.gathering = null;
    this.flushing = this.flushing.then(() => this.flush());
  }

  private async flush(): Promise<void> {
    const batch = this.waiting;
    this.waiting = [];
    if (batch.length === 0) return;
    try {
      const values = pendingValues(batch.map(({ entry }) => entry));
      await this.pool.query({ name: 'insert-audit-pending', text: INSERT_PENDING, values });
      for (const { resolve } of batch) resolve();
      pendingWritten(
        this.pool,
        batch.map(({ entry }) => entry),
      );
    } catch {
      for (const { reject } of batch) reject(new ChartsealError('AUDIT_UNAVAILABLE'));
    }
  }
}
