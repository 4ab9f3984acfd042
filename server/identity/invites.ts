import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { badInput } from '../graphql/errors';
import type { Clock } from '../platform/clock';
import { newId } from '../platform/ids';
import { INVITE_MS } from './session-limits';

export type InvitePurpose = 'firstAdmin' | 'setUp' | 'reset';

export interface Invite {
  id: string;
  /** Whose account it opens; null for the first admin's, who has none yet. */
  userId: string | null;
}

export interface IssuedInvite {
  /** The secret of the link: 32 random bytes, base64url. The database keeps its hash only. */
  token: string;
  expiresAt: Date;
}

const TOKEN_BYTES = 32;

/** One-time links, good for 24 hours: to set a first password, to reset one, to make the first admin. */
export class Invites {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    /** Makes the secrets of links that can be told again. */
    private readonly secret: Buffer,
  ) {}

  /** Issues a link. Earlier ones for the same account stop working; the first admin’s do when one of them is used. */
  async issue(
    manager: EntityManager,
    invite: { userId: string | null; purpose: InvitePurpose; by: string | null; token?: string },
  ): Promise<IssuedInvite> {
    const now = this.clock.now();
    const token = invite.token ?? randomBytes(TOKEN_BYTES).toString('base64url');
    const expiresAt = new Date(now.getTime() + INVITE_MS);
    if (invite.userId !== null) await this.withdraw(manager, invite.userId);
    await manager.query(
      `INSERT INTO invite (id, token_hash, user_id, purpose, created_at, created_by, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [newId(), hashOf(token), invite.userId, invite.purpose, now, invite.by, expiresAt],
    );
    return { token, expiresAt };
  }

  /**
   * The secret of a link that answers a request with an idempotency key: made from both, so that a lost answer can be given
   * again although only its hash is stored.
   */
  tokenFor(caller: string | null, idempotencyKey: string): string {
    return createHmac('sha256', this.secret).update(`${caller}|${idempotencyKey}`).digest('base64url');
  }

  /** A link as it was issued, whatever became of it. Throws BAD_USER_INPUT when there never was one. */
  async issued(manager: EntityManager, token: string): Promise<IssuedInvite> {
    const sql = 'SELECT expires_at FROM invite WHERE token_hash = $1';
    const [row] = await manager.query<{ expires_at: Date }[]>(sql, [hashOf(token)]);
    if (!row) throw usedUp();
    return { token, expiresAt: row.expires_at };
  }

  /** The link's invite, while it is good. Throws BAD_USER_INPUT. */
  async get(token: string): Promise<Invite> {
    const [row] = await this.dataSource.query<{ id: string; user_id: string | null }[]>(
      'SELECT id, user_id FROM invite WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2',
      [hashOf(token), this.clock.now()],
    );
    if (!row) throw usedUp();
    return { id: row.id, userId: row.user_id };
  }

  /** Uses the link up, in the transaction of what it allows. Throws BAD_USER_INPUT when somebody was faster. */
  async use(manager: EntityManager, invite: Invite): Promise<void> {
    const [, count] = await manager.query<[unknown, number]>(
      'UPDATE invite SET used_at = $2 WHERE id = $1 AND used_at IS NULL AND expires_at > $2',
      [invite.id, this.clock.now()],
    );
    if (count === 0) throw usedUp();
  }

  /** Makes every open link of an account (null: of the first admin) useless. */
  async withdraw(manager: EntityManager, userId: string | null): Promise<void> {
    await manager.query(
      'UPDATE invite SET used_at = $2 WHERE user_id IS NOT DISTINCT FROM $1::uuid AND used_at IS NULL',
      [userId, this.clock.now()],
    );
  }
}

const usedUp = () => badInput('token', 'This link was used, has expired or was replaced by a newer one.');

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
