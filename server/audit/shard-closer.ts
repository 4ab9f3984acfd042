import { randomUUID } from 'node:crypto';
import type { ClientBase } from 'pg';
import { systemContext } from '../graphql/context';
import {
  chainStart,
  Frontier,
  noteHashOf,
  openingFields,
  signCheckpoint,
  type Checkpoint,
  type LostEntries,
} from '../ledger';
import type { Clock } from '../platform/clock';
import { ExitError } from '../platform/exit';
import type { Logger } from '../platform/logger';
import type { CheckpointFile } from './checkpoint-file';
import { finish } from './entry-draft';
import type { CosignedNote } from './notary';
import { appendEntries, lockHead, type Head } from './seal-entries';
import type { LogKeys } from './signing-key';

export interface ShardCloserDeps {
  keys: LogKeys;
  file: CheckpointFile;
  /** Has the witnesses sign, who must; null: nobody needs to. */
  cosign: ((checkpoint: Checkpoint, note: string) => Promise<CosignedNote | null>) | null;
  /** Close the open shard when its year is over. */
  yearly: boolean;
  clock: Clock;
  logger: Logger;
}

/** A shard just closed, and the one that goes on from it. */
export interface ShardClosed {
  number: number;
  closed: Checkpoint;
  origin: string;
  /** Index of the first entry of the next shard. */
  first: number;
  lost: readonly LostEntries[];
}

type LostOf = (head: Head) => Promise<readonly LostEntries[]>;

/** How long to wait before an automatic closing that failed is tried again. */
const RETRY_MS = 10 * 60_000;

/**
 * Ends one log and begins the next, in one transaction under the head: a final checkpoint, and a first entry that names it.
 * Whatever happens in between, there is either the old open shard or the new one.
 */
export class ShardCloser {
  private begun: { shard: number; year: number } | null = null;
  private retryAt = 0;

  constructor(private readonly deps: ShardCloserDeps) {}

  /**
   * Closes the open shard as it is.
   *
   * @param lostOf looks, while nobody else can seal, which entries are gone since a backup was restored; the next shard tells
   *   of them, and witnesses, who have seen more, are not asked
   * @throws ExitError when the shard has no entries, or the quorum of witnesses does not sign
   */
  async close(client: ClientBase, lostOf: LostOf = () => Promise.resolve([])): Promise<ShardClosed> {
    await client.query('BEGIN');
    try {
      const head = await lockHead(client);
      if (head.tree.size === 0) throw new ExitError('The open shard has no entries yet; there is nothing to close.');
      const lost = await lostOf(head);
      const closed = { origin: head.origin, size: head.tree.size, root: head.tree.root() };
      const note = await this.finalNote(closed, lost.length > 0);
      await this.keep(client, head, closed, note);
      const origin = `chartseal/${randomUUID()}`;
      const first = head.first + closed.size;
      const number = head.number + 1;
      const chain = chainStart(origin);
      await client.query('UPDATE audit_head SET origin = $1, shard = $2, first_index = $3, chain = $4', [
        origin,
        number,
        first,
        chain,
      ]);
      const entry = await this.firstEntry({ origin, closed, note, lost });
      const next = { number, origin, first, chain, tree: Frontier.empty() };
      await appendEntries(client, next, [{ id: null, entry }]);
      await client.query('COMMIT');
      return { number: head.number, closed, origin, first, lost };
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }

  /** Closes the open shard when it was begun in an earlier year (UTC). Says why when it cannot, and lets sealing go on. */
  async closeWhenYearIsOver(client: ClientBase): Promise<void> {
    const { yearly, clock, logger } = this.deps;
    const now = clock.now();
    if (!yearly || this.begun?.year === now.getUTCFullYear() || now.valueOf() < this.retryAt) return;
    const { rows } = await client.query<{ shard: number; at: Date | null }>(
      'SELECT shard, (SELECT at FROM audit_entry WHERE index = first_index) AS at FROM audit_head',
    );
    const { shard, at } = rows[0] ?? { shard: 0, at: null };
    if (!at) return;
    this.begun = { shard, year: at.getUTCFullYear() };
    if (this.begun.year >= now.getUTCFullYear()) return;
    try {
      const { number, closed } = await this.close(client);
      logger.info({ shard: number, entries: closed.size }, 'the year is over: the shard of the audit log is closed');
    } catch (error) {
      this.retryAt = now.valueOf() + RETRY_MS;
      logger.warn({ err: error, shard }, 'the year is over, but the shard of the audit log could not be closed');
    }
  }

  /** Signed by the log and, unless the shard ends in a restore, by as many witnesses as the policy asks for. */
  private async finalNote(closed: Checkpoint, restored: boolean): Promise<string> {
    const note = signCheckpoint(closed, await this.deps.keys.signers(), this.deps.clock.now());
    const { cosign } = this.deps;
    const cosigned = !cosign || restored ? null : await cosign(closed, note);
    if (cosign && !restored && !cosigned)
      throw new ExitError('The witnesses did not sign the final checkpoint; the shard stays open. Try again.');
    // Outside the database first: a final note is the log's own, whether the transaction ends well or not.
    await this.deps.file.append(cosigned?.note ?? note);
    return cosigned?.note ?? note;
  }

  private async keep(client: ClientBase, head: Head, { size, root, origin }: Checkpoint, note: string): Promise<void> {
    await client.query(
      `INSERT INTO audit_shard (number, origin, first_index, size, root, chain, note, closed_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [head.number, origin, head.first, size, root, head.chain, note, this.deps.clock.now()],
    );
  }

  private async firstEntry(facts: {
    origin: string;
    closed: Checkpoint;
    note: string;
    lost: readonly LostEntries[];
  }): Promise<Buffer> {
    const { origin, closed, note, lost } = facts;
    const action = lost.length > 0 ? 'restore-log' : 'shard';
    const key = (await this.deps.keys.signers())[0]!;
    const fields = openingFields({ action, origin, closed, noteHash: noteHashOf(note), lost }, key);
    const draft = { action, target: { type: 'shard', id: null }, fields };
    return finish(draft, systemContext('audit', 'oversight'), this.deps.clock).bytes;
  }
}
