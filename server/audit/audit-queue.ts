import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { poolOf } from '../database/reader';
import { ChartsealError } from '../graphql/errors';
import { currentContext } from '../graphql/context';
import type { Clock } from '../platform/clock';
import { apartByGrant, finish, INSERT_PENDING, pendingValues, type EntryDraft, type PendingEntry } from './entry-draft';
import { pendingWritten } from './wake';

interface Waiting {
  entry: PendingEntry;
  resolve: () => void;
  reject: (error: Error) => void;
}

/**
 * Entries of reads and other acts that change no audited row. All that come in one turn of the event loop, or while the
 * ones before them are being written, go to the database in one statement (group commit): as safe as one commit each, at a
 * fraction of the cost.
 */
export class AuditQueue {
  private readonly pool: Pool;
  private waiting: Waiting[] = [];
  private flushing: Promise<void> = Promise.resolve();

  constructor(
    dataSource: DataSource,
    private readonly clock: Clock,
  ) {
    this.pool = poolOf(dataSource);
  }

  /**
   * Resolves once the entry is committed, and nothing may be disclosed before; patients seen under a break-glass grant have
   * one of their own. Throws AUDIT_UNAVAILABLE when it could not be.
   */
  async record(draft: EntryDraft): Promise<void> {
    const drafts = apartByGrant(draft, currentContext().actor);
    await Promise.all(drafts.map((one) => this.recordOne(one)));
  }

  private recordOne(draft: EntryDraft): Promise<void> {
    return new Promise((resolve, reject) => {
      const entry = finish(draft, currentContext(), this.clock);
      if (this.waiting.push({ entry, resolve, reject }) === 1) setImmediate(() => this.flushSoon());
    });
  }

  /** Waits for what is on its way. */
  async close(): Promise<void> {
    this.flushSoon();
    await this.flushing;
  }

  private flushSoon(): void {
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
