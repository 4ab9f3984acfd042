import type { EntityManager } from 'typeorm';
import type { Foundation } from '../access/foundation';
import { Reader } from '../database/reader';
import { envelopesOf } from '../database/sealed-column';
import { Session, type EndReason } from './session.entity';
import { IDLE_MS } from './session-limits';

/** Rows of sessions. Whose they are, and who may end them, is the callers' matter. */
export class SessionRepository {
  private readonly reader: Reader<Session>;

  constructor(private readonly base: Foundation) {
    this.reader = new Reader(base.dataSource, Session);
  }

  /** The session unless it was ended; it may have run out. Its device is not ready to be opened. */
  findUnended(id: string): Promise<Session | null> {
    return this.reader.one('WHERE t.id = $1 AND t.ended_at IS NULL', [id]);
  }

  /** Standing sessions of a user, newest first. */
  async standing(userId: string): Promise<Session[]> {
    const now = this.base.clock.now();
    const rows = await this.reader.many(
      'WHERE t.user_id = $1 AND t.ended_at IS NULL AND t.expires_at > $2 AND t.last_used_at > $3 ORDER BY t.created_at DESC LIMIT 50',
      [userId, now, new Date(now.getTime() - IDLE_MS)],
    );
    await this.base.keyring.hold(envelopesOf(rows));
    return rows;
  }

  /** The session, ended or not, locked until the transaction ends. */
  lock(manager: EntityManager, id: string): Promise<Session | null> {
    return manager.findOne(Session, { where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  /** Makes the refresh token with this hash the newest of the session. */
  async rotate(manager: EntityManager, id: string, refreshHash: Buffer, lastUsedAt: Date): Promise<void> {
    await manager.query(
      'UPDATE session SET refresh_hash = $2, generation = generation + 1, last_used_at = $3 WHERE id = $1',
      [id, refreshHash, lastUsedAt],
    );
  }

  /** False when it had ended already. */
  async end(id: string, reason: EndReason, manager = this.base.dataSource.manager): Promise<boolean> {
    const [, count] = await manager.query<[unknown, number]>(
      'UPDATE session SET ended_at = $2, end_reason = $3 WHERE id = $1 AND ended_at IS NULL',
      [id, this.base.clock.now(), reason],
    );
    return count > 0;
  }

  /** Ends all sessions of a user, but for `except`, in the transaction of what gave reason to. */
  async endAll(manager: EntityManager, userId: string, reason: EndReason, except: string | null = null): Promise<void> {
    await manager.query(
      `UPDATE session SET ended_at = $2, end_reason = $3
       WHERE user_id = $1 AND ended_at IS NULL AND ($4::uuid IS NULL OR id <> $4)`,
      [userId, this.base.clock.now(), reason, except],
    );
  }
}
