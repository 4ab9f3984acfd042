import type { IncomingHttpHeaders } from 'node:http';
import type { Pool } from 'pg';
import { anonymous, type Actor, type Role } from '../graphql/context';
import { sharedLookUp } from '../database/shared-look-up';
import type { Clock } from '../platform/clock';
import type { AccessTokens } from './access-tokens';
import { inBackground } from './background';
import { hasFactorSql } from './second-factor/factor-sql';
import { IDLE_MS, TOUCH_MS } from './session-limits';

interface LiveSession {
  id: string;
  user_id: string;
  role: Role;
  last_used_at: Date;
  stepped_up_at: Date | null;
  must_enrol: boolean;
  grants: Record<string, string> | null;
}

const LIVE = `
  SELECT s.id, s.user_id, u.role, s.last_used_at, s.stepped_up_at,
    u.role = ANY($4) AND NOT ${hasFactorSql('u.id')} AS must_enrol,
    (SELECT json_object_agg(g.patient_id, g.id) FROM break_glass_open g WHERE g.user_id = s.user_id) AS grants
  FROM session s JOIN app_user u ON u.id = s.user_id
  WHERE s.id = ANY($1::uuid[]) AND s.ended_at IS NULL AND s.expires_at > $2 AND s.last_used_at > $3 AND u.active`;

const TOUCH = `
  UPDATE session SET last_used_at = $2
  WHERE id IN (SELECT id FROM session WHERE id = ANY($1::uuid[]) AND last_used_at < $2 FOR UPDATE SKIP LOCKED)`;

const BEARER = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i;

/**
 * Says who sends a request. The token is only a claim: session and account are looked up each time, so that signing out,
 * deactivating and a changed role count from the very next request on. Requests that come while a look-up is under way
 * share the next one.
 */
export class Authenticator {
  private readonly sessions = sharedLookUp((ids: readonly string[]) => this.load(ids));
  private readonly watched = sharedLookUp((ids: readonly string[]) => this.load(ids, false));

  constructor(
    private readonly pool: Pool,
    private readonly tokens: AccessTokens,
    private readonly clock: Clock,
    private readonly mfaRequiredRoles: readonly Role[],
  ) {}

  /**
   * The person a request's headers speak for; anonymous when they speak for nobody, or for a session that has ended. Counts as
   * use of the session, unless the page asked by itself.
   */
  async authenticate(headers: IncomingHttpHeaders): Promise<Actor> {
    return this.actorOf(headers.authorization, inBackground(headers) ? this.watched : this.sessions);
  }

  /** The same, without counting as use: a connection left open must not keep a session from ending when nobody is there. */
  async watch(headers: IncomingHttpHeaders): Promise<Actor> {
    return this.actorOf(headers.authorization, this.watched);
  }

  private async actorOf(authorization: string | undefined, sessions: typeof this.sessions): Promise<Actor> {
    const token = BEARER.exec(authorization ?? '')?.[1];
    const claims = token ? this.tokens.read(token) : null;
    if (!claims) return anonymous;
    const session = await sessions.load(claims.sessionId);
    if (!session || session.user_id !== claims.userId) return anonymous;
    const { id: sessionId, user_id: id, role, stepped_up_at: steppedUpAt, must_enrol: mustEnrol } = session;
    const grants = new Map(Object.entries(session.grants ?? {}));
    return Object.freeze({ kind: 'user', id, role, sessionId, steppedUpAt, mustEnrol, grants });
  }

  private async load(ids: readonly string[], used = true): Promise<(LiveSession | null)[]> {
    const now = this.clock.now();
    const distinct = [...new Set(ids)];
    const { rows } = await this.pool.query<LiveSession>({
      name: 'live-sessions',
      text: LIVE,
      values: [distinct, now, new Date(now.getTime() - IDLE_MS), this.mfaRequiredRoles],
    });
    if (used) await this.touch(rows, now);
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => byId.get(id.toLowerCase()) ?? null);
  }

  private async touch(rows: LiveSession[], now: Date): Promise<void> {
    const stale = rows
      .filter(({ last_used_at: used }) => now.getTime() - used.getTime() > TOUCH_MS)
      .map(({ id }) => id);
    if (stale.length > 0) await this.pool.query(TOUCH, [stale, now]);
  }
}
