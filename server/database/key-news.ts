import { Client } from 'pg';
import type { EntityManager } from 'typeorm';
import type { Keyring } from '../crypto/keyring';
import type { Logger } from '../platform/logger';

const CHANNEL = 'chartseal_keys';

/** `forget`: an owner's keys were destroyed. `epochs`: a key epoch came or went. `search`: search generations changed. */
export type KeyNewsKind = 'forget' | 'epochs' | 'search';
export type KeyNewsItem = `forget:${string}` | 'epochs' | 'search';

/** Told when news came; `owner` with `forget` only. After a lost connection `epochs` and `search` are told to be safe. */
type Listener = (owner: string | null) => void;

/** Waits between attempts to listen again: doubled from the first to the last, in milliseconds. */
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5_000;
/** How often the connection is tried: one that broke without a word would keep destroyed keys in memory. */
const TRIED_EVERY_MS = 10_000;
const ANSWER_WITHIN_MS = 5_000;

/** Tells every server process, once the caller's transaction has committed. */
export async function announce(manager: EntityManager, news: KeyNewsItem): Promise<void> {
  await manager.query('SELECT pg_notify($1, $2)', [CHANNEL, news]);
}

/**
 * What other processes have done to keys. Listens on a connection of its own; while there is none, the keyring remembers
 * no key beyond the request that needs it.
 */
export class KeyNews {
  private readonly listeners = new Map<KeyNewsKind, Set<Listener>>();
  private client: Client | null = null;
  private closed = false;
  private timer: NodeJS.Timeout | null = null;
  private waitMs = FIRST_WAIT_MS;

  private constructor(
    private readonly url: string,
    private readonly keyring: Keyring,
    private readonly logger: Logger,
  ) {}

  /** Throws when the database does not let it listen. */
  static async open(options: { url: string; keyring: Keyring; logger: Logger }): Promise<KeyNews> {
    const news = new KeyNews(options.url, options.keyring, options.logger);
    await news.listen();
    return news;
  }

  /** Calls `listener` with every news of this kind; the returned function ends that. */
  on(kind: KeyNewsKind, listener: Listener): () => void {
    const known = this.listeners.get(kind) ?? new Set();
    this.listeners.set(kind, known.add(listener));
    return () => known.delete(listener);
  }

  async close(): Promise<void> {
    this.closed = true;
    if (this.timer) clearTimeout(this.timer);
    await this.client?.end().catch(() => undefined);
  }

  private async listen(): Promise<void> {
    const client = new Client({
      connectionString: this.url,
      application_name: 'chartseal keys',
      connectionTimeoutMillis: ANSWER_WITHIN_MS,
      query_timeout: ANSWER_WITHIN_MS,
      keepAlive: true,
    });
    client.on('error', () => this.lost(client));
    client.on('end', () => this.lost(client));
    client.on('notification', ({ payload = '' }) => this.hear(payload));
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    this.client = client;
    this.waitMs = FIRST_WAIT_MS;
    this.keyring.remember(true);
    this.again(TRIED_EVERY_MS, () => this.tryOut(client));
  }

  private async tryOut(client: Client): Promise<void> {
    await client.query('SELECT 1').then(
      () => this.again(TRIED_EVERY_MS, () => this.tryOut(client)),
      () => this.lost(client),
    );
  }

  private lost(client: Client): void {
    if (this.client !== client) return;
    this.client = null;
    void client.end().catch(() => undefined);
    if (this.closed) return;
    this.keyring.remember(false);
    this.logger.warn('the connection for news of keys was lost; no key is remembered until it stands again');
    this.again(this.waitMs, () => this.listenAgain());
  }

  private async listenAgain(): Promise<void> {
    try {
      await this.listen();
      this.hear('epochs');
      this.hear('search');
    } catch {
      this.waitMs = Math.min(this.waitMs * 2, LONGEST_WAIT_MS);
      this.again(this.waitMs, () => this.listenAgain());
    }
  }

  private again(afterMs: number, work: () => Promise<void>): void {
    if (this.timer) clearTimeout(this.timer);
    if (!this.closed) this.timer = setTimeout(() => void work(), afterMs).unref();
  }

  private hear(payload: string): void {
    const [kind, owner = null] = payload.split(':') as [KeyNewsKind, string?];
    if (kind === 'forget' && owner) this.keyring.forget(owner);
    if (kind === 'epochs') {
      this.keyring.refreshEpochs().catch((error: unknown) => {
        this.logger.error(
          { err: error },
          'a new key epoch cannot be unwrapped; keys under it stay closed until it can',
        );
      });
    }
    for (const listener of this.listeners.get(kind) ?? []) listener(owner);
  }
}
