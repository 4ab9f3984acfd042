import { Client } from 'pg';
import type { DataSource } from 'typeorm';

/**
 * An advisory lock that one process holds for as long as a piece of work takes, on a connection of its own: when the process
 * dies, however it dies, PostgreSQL lets go of it.
 */
export class SessionLock {
  private client: Client | null = null;

  constructor(
    private readonly dataSource: DataSource,
    private readonly key: number,
  ) {}

  /** True when it is held from now on; false when another holds it, in this process or elsewhere. */
  async take(): Promise<boolean> {
    if (this.client) return false;
    const { options } = this.dataSource;
    const client = new Client({
      connectionString: options.type === 'postgres' ? options.url : undefined,
      application_name: 'chartseal lock',
      keepAlive: true,
    });
    client.on('error', () => undefined); // the lock is gone with the connection; what it guards bears two at once
    this.client = client;
    try {
      await client.connect();
      const { rows } = await client.query<{ mine: boolean }>('SELECT pg_try_advisory_lock($1) AS mine', [this.key]);
      if (!rows[0]!.mine) await this.release();
      return rows[0]!.mine;
    } catch (error) {
      await this.release();
      throw error;
    }
  }

  async release(): Promise<void> {
    const client = this.client;
    await client?.end().catch(() => undefined);
    this.client = null;
  }
}
