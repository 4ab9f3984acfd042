import { Client } from 'pg';
import type { Logger } from '../platform/logger';

/** What the sealer notifies of, once per batch. */
const CHANNEL = 'audit_sealed';

/** Waits between attempts to listen again: doubled from the first to the last, in milliseconds. */
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5_000;
/** How often the connection is tried: one that broke without a word would leave everybody waiting. */
const TRIED_EVERY_MS = 5_000;
const ANSWER_WITHIN_MS = 5_000;

/**
 * Tells this process that entries were sealed, by whichever server. It only rings; whoever listens reads the log on from where
 * it was, by index, so that a ring lost or doubled loses and doubles nothing. One connection for all who listen, none while
 * nobody does; it rings whenever it is made anew, since what happened in between was not heard.
 */
export class SealedNews {
  private readonly listeners = new Set<() => void>();
  private client: Client | null = null;
  private timer: NodeJS.Timeout | null = null;
  private waitMs = FIRST_WAIT_MS;

  constructor(
    private readonly url: string,
    private readonly logger: Logger,
  ) {}

  /** Calls `listener` after every batch, and now and then for nothing; the returned function ends that. */
  on(listener: () => void): () => void {
    this.listeners.add(listener);
    if (this.listeners.size === 1) this.again(0, () => this.listen());
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) void this.close();
    };
  }

  async close(): Promise<void> {
    this.listeners.clear();
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    const { client } = this;
    this.client = null;
    await client?.end().catch(() => undefined);
  }

  private async listen(): Promise<void> {
    if (this.client) return this.tryOut(this.client);
    const client = new Client({
      connectionString: this.url,
      application_name: 'chartseal live',
      connectionTimeoutMillis: ANSWER_WITHIN_MS,
      query_timeout: ANSWER_WITHIN_MS,
      keepAlive: true,
    });
    this.client = client;
    client.on('error', () => this.lost(client));
    client.on('end', () => this.lost(client));
    client.on('notification', () => this.ring());
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
    } catch {
      return this.lost(client);
    }
    if (this.client !== client) return; // let go of meanwhile; whoever listens since has a connection of their own
    this.waitMs = FIRST_WAIT_MS;
    this.ring();
    this.again(TRIED_EVERY_MS, () => this.tryOut(client));
  }

  private async tryOut(client: Client): Promise<void> {
    try {
      await client.query('SELECT 1');
    } catch {
      return this.lost(client);
    }
    if (this.client === client) this.again(TRIED_EVERY_MS, () => this.tryOut(client));
  }

  private lost(client: Client): void {
    void client.end().catch(() => undefined);
    if (this.client !== client) return; // let go of on purpose, or lost already
    this.client = null;
    this.logger.warn('the connection for news of the log was lost; live views wait until it stands again');
    this.again(this.waitMs, () => this.listen());
    this.waitMs = Math.min(this.waitMs * 2, LONGEST_WAIT_MS);
  }

  private again(afterMs: number, work: () => Promise<void>): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = this.listeners.size > 0 ? setTimeout(() => void work(), afterMs).unref() : null;
  }

  private ring(): void {
    for (const listener of this.listeners) listener();
  }
}
