import { Client } from 'pg';
import { BATCH, sealPending } from './seal-entries';
import type { ShardCloser, ShardClosed } from './shard-closer';

export interface ShardKeeperDeps {
  /** Login that seals. */
  sealerUrl: string;
  closer: ShardCloser;
}

/** Batches sealed before a shard is closed: people go on working, so there may always be one more. */
const MOST_BATCHES = 1_000;
/** The head may be held by the sealer, and by witnesses being asked. */
const STATEMENT_TIMEOUT_MS = 60_000;

/** What is done to whole shards by hand. */
export class ShardKeeper {
  constructor(private readonly deps: ShardKeeperDeps) {}

  /**
   * Seals what waits, closes the open shard and begins the next.
   *
   * @throws ExitError when there is nothing to close, or the witnesses do not sign
   */
  close(): Promise<ShardClosed> {
    return this.withSealer(async (client) => {
      for (let batch = 0; batch < MOST_BATCHES && (await sealPending(client)).length === BATCH; batch += 1);
      return this.deps.closer.close(client);
    });
  }

  private async withSealer<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const client = new Client({
      connectionString: this.deps.sealerUrl,
      application_name: 'chartseal shards',
      statement_timeout: STATEMENT_TIMEOUT_MS,
    });
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }
}
