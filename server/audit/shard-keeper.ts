import { Client, type Pool } from 'pg';
import { openCheckpoint, type Policy } from '../ledger';
import type { Clock } from '../platform/clock';
import { ExitError } from '../platform/exit';
import type { CheckpointFile } from './checkpoint-file';
import type { Notary } from './notary';
import { demandNotOlder, lostEntries } from './restored';
import { BATCH, Batches } from './seal-entries';
import type { ShardCloser, ShardClosed } from './shard-closer';
import { demandDroppable, dropShard, type Dropped, type ExportVerified } from './shard-drop';
import { readShards, type ClosedShard } from './shards';
import type { LogKeys } from './signing-key';

export interface ShardKeeperDeps {
  /** Login that seals. */
  sealerUrl: string;
  /** Login that owns the tables. */
  ownerUrl: string;
  pool: Pool;
  closer: ShardCloser;
  notary: Notary;
  keys: LogKeys;
  file: CheckpointFile;
  clock: Clock;
}

/** Batches sealed before a shard is closed: people go on working, so there may always be one more. */
const MOST_BATCHES = 1_000;

/** What is done to whole shards by hand. */
export class ShardKeeper {
  constructor(private readonly deps: ShardKeeperDeps) {}

  /**
   * Seals what waits, closes the open shard and begins the next.
   *
   * @throws ExitError when there is nothing to close, or the witnesses do not sign
   * @throws OlderThanSigned when the database came out of a backup: then only `restore` goes on
   */
  close(): Promise<ShardClosed> {
    return this.connected(this.deps.sealerUrl, async (client) => {
      await demandNotOlder(client, this.deps.notary);
      const batches = new Batches(client);
      for (let batch = 0; batch < MOST_BATCHES && (await batches.seal()).length === BATCH; batch += 1);
      return this.deps.closer.close(client);
    });
  }

  /**
   * After a backup was restored: closes the open shard as it came out of the backup and begins the next, whose first entry
   * tells which entries are lost.
   *
   * @param notes checkpoints kept elsewhere, newer than the backup
   * @throws ExitError when none of them is of this log, or none names more than there is
   */
  async restore(notes: readonly string[]): Promise<ShardClosed> {
    const { pool, closer, file } = this.deps;
    const keys = await this.deps.keys.verifiers();
    const opened = (texts: readonly string[]) => texts.flatMap((text) => openCheckpoint(text, keys) ?? []);
    const given = opened(notes);
    if (given.length === 0) throw new ExitError('There is no checkpoint in there that this log has signed.');
    const kept = opened(await file.notes());
    return this.connected(this.deps.sealerUrl, (client) =>
      closer.close(client, (head) => {
        // one that names no more than there is may already be of the history that was begun on top of the backup
        const beyond = kept.filter(({ origin, size }) => origin !== head.origin || size > head.tree.size);
        return lostEntries(pool, head, [...given, ...beyond], keys);
      }),
    );
  }

  /** The closed shard that `drop` would drop. Throws ExitError when it would not. */
  droppable(number: number, exported: ExportVerified): Promise<ClosedShard> {
    return demandDroppable(this.deps.pool, number, exported);
  }

  /**
   * Drops the entries of a closed shard from the database, once an export has been verified that has them.
   *
   * @throws ExitError when there is no such shard, one before it is still there, or the export does not have it whole
   */
  drop(number: number, exported: ExportVerified): Promise<Dropped> {
    return this.connected(this.deps.ownerUrl, (client) => dropShard(client, number, { ...this.deps, exported }));
  }

  /** A policy that trusts the keys of this log and nobody else, whatever a directory says of itself. */
  async policy(): Promise<Policy> {
    const { closed, open } = await readShards(this.deps.pool);
    const keys = await this.deps.keys.verifiers();
    const origins = [...closed, ...(open ? [open] : [])].map(({ origin }) => origin);
    return {
      logs: origins.flatMap((name) => keys.map((key) => ({ name, key }))),
      witnesses: [],
      groups: [],
      quorum: null,
    };
  }

  private async connected<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
    const client = new Client({ connectionString: url, application_name: 'chartseal shards' });
    client.on('error', () => undefined); // a connection lost is told by the query that was under way
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }
}
