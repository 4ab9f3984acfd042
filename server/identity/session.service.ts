import type { EntityManager } from 'typeorm';
import type { Foundation } from '../access/foundation';
import type { RequestContext, Role } from '../graphql/context';
import { notFound, unauthenticated } from '../graphql/errors';
import { newId } from '../platform/ids';
import type { AccessToken, AccessTokens } from './access-tokens';
import { inBackground } from './background';
import type { RefreshCookie } from './refresh-cookie';
import type { RefreshTokens } from './refresh-tokens';
import { demandSameOrigin } from './same-origin';
import { hasFactorSql } from './second-factor/factor-sql';
import { Session } from './session.entity';
import type { SessionRepository } from './session.repository';
import { IDLE_MS, SESSION_MS } from './session-limits';
import type { User } from './user.entity';
import type { UserRepository } from './user.repository';

const LONGEST_DEVICE = 200;

export interface SessionTools {
  accessTokens: AccessTokens;
  refreshTokens: RefreshTokens;
  cookie: RefreshCookie;
  publicUrl: string | null;
  /** Roles whose accounts may do nothing until they have a second factor. */
  mfaRequiredRoles: readonly Role[];
}

/** What whoever signed in gets. */
export interface SignedIn extends AccessToken {
  user: User;
  /** The role wants a second factor that is not set up yet: the session is good for that alone. */
  mustEnrol: boolean;
}

type Exchange = { outcome: 'rotated'; userId: string; token: string; expiresAt: Date } | { outcome: 'reused'; userId: string } | { outcome: 'over' }; // prettier-ignore

/** Sessions: begun by a sign-in, carried on by exchanging the refresh token, ended by either side. */
export class SessionService {
  constructor(
    private readonly base: Foundation,
    private readonly users: UserRepository,
    private readonly sessions: SessionRepository,
    private readonly tools: SessionTools,
  ) {}

  /**
   * Begins a session for somebody who has proved to be this user; the rest of the request acts as them. Throws
   * UNAUTHENTICATED when the account changed meanwhile, or has a second factor and only the password was proved; FORBIDDEN
   * in a request of somebody else's.
   */
  async begin(context: RequestContext, user: User, proved: 'password' | 'factor'): Promise<SignedIn> {
    this.base.policy.demandSelf(context.actor, user.id);
    const now = this.base.clock.now();
    const id = newId();
    const refresh = this.tools.refreshTokens.issue(id);
    const session = Object.assign(new Session(), {
      id,
      userId: user.id,
      refreshHash: refresh.hash,
      generation: 1,
      device: context.http?.request.headers['user-agent']?.slice(0, LONGEST_DEVICE) ?? null,
      createdAt: now,
      lastUsedAt: now,
      expiresAt: new Date(now.getTime() + SESSION_MS),
      endedAt: null,
      endReason: null,
    });
    await this.base.dataSource.transaction(async (manager) => {
      await this.users.holdStaffKey(manager);
      await this.demandUnchanged(manager, user, proved);
      await manager.insert(Session, session);
    });
    const mustEnrol = await this.actAs(context, user, id);
    await this.base.audit.record({ action: 'sign-in', target: { type: 'user', id: user.id } });
    if (context.http) this.tools.cookie.set(context.http, refresh.token, session.expiresAt);
    return { user, mustEnrol, ...this.tools.accessTokens.issue(user, id) };
  }

  /**
   * Exchanges the refresh cookie for a new one and an access token. An older token of the session means that two hold copies:
   * the session ends for both. Throws FORBIDDEN from a foreign page and in a request of somebody else's, UNAUTHENTICATED when
   * the session is over.
   */
  async refresh(context: RequestContext): Promise<SignedIn> {
    const { sessionId, hash } = this.cookieToken(context) ?? {};
    if (!sessionId || !hash) throw this.refused(context);
    const used = !context.http || !inBackground(context.http.request.headers);
    const exchange = await this.base.dataSource.transaction((manager) =>
      this.exchange(context, manager, { id: sessionId, hash, used }),
    );
    if (exchange.outcome === 'reused') {
      const target = { type: 'user', id: exchange.userId };
      await this.base.audit.record({ action: 'refresh-reused', outcome: 'refused', target });
    }
    if (exchange.outcome !== 'rotated') throw this.refused(context);
    const user = await this.users.get(exchange.userId);
    const mustEnrol = await this.actAs(context, user, sessionId);
    if (context.http) this.tools.cookie.set(context.http, exchange.token, exchange.expiresAt);
    return { user, mustEnrol, ...this.tools.accessTokens.issue(user, sessionId) };
  }

  /**
   * Ends the session of the access token or, without one, of the cookie, and clears the cookie. False when there was none.
   * Any cookie of the session will do, also an old one of a session that is over, so it proves nothing: nothing else of the
   * request acts as that person. Throws FORBIDDEN when only the cookie speaks and the request comes from a foreign page.
   */
  async signOut(context: RequestContext): Promise<boolean> {
    const sessionId = context.actor.sessionId ?? this.cookieToken(context)?.sessionId;
    if (context.http) this.tools.cookie.clear(context.http);
    const session = sessionId ? await this.sessions.findUnended(sessionId) : null;
    if (!session) return false;
    const { actor } = context;
    try {
      await this.actAs(context, await this.users.get(session.userId), session.id);
      await this.base.audit.record({ action: 'sign-out', target: { type: 'session', id: session.id } });
    } finally {
      context.actor = actor;
    }
    return this.sessions.end(session.id, 'SIGNED_OUT');
  }

  /** Ends one's own session or, with USER_MANAGE, anybody's. Throws NOT_FOUND for one that has ended or is another's. */
  async endOne(context: RequestContext, id: string): Promise<boolean> {
    const session = await this.sessions.findUnended(id);
    const allowed =
      session && (session.userId === context.actor.id || this.base.policy.may(context.actor, 'USER_MANAGE'));
    if (!allowed) throw notFound('session');
    await this.base.audit.record({ action: 'end-session', target: { type: 'session', id } });
    return this.sessions.end(id, 'ENDED');
  }

  /** Ends all one's other sessions. */
  async endOthers({ actor }: RequestContext): Promise<true> {
    await this.base.audit.record({ action: 'end-other-sessions', target: { type: 'user', id: actor.id } });
    await this.sessions.endAll(this.base.dataSource.manager, actor.id!, 'ENDED', actor.sessionId);
    return true;
  }

  private async exchange(
    { actor }: RequestContext,
    manager: EntityManager,
    { id, hash, used }: { id: string; hash: Buffer; used: boolean },
  ): Promise<Exchange> {
    const now = this.base.clock.now();
    const session = await this.sessions.lock(manager, id);
    if (!session || session.endedAt) return { outcome: 'over' };
    const { userId, expiresAt } = session;
    if (!session.refreshHash.equals(hash)) {
      await this.sessions.end(id, 'REUSED', manager);
      return { outcome: 'reused', userId };
    }
    this.base.policy.demandSelf(actor, userId);
    const idle = now.getTime() - session.lastUsedAt.getTime() >= IDLE_MS;
    if (idle || expiresAt <= now || !(await this.isActive(manager, userId))) return { outcome: 'over' };
    const refresh = this.tools.refreshTokens.issue(id);
    await this.sessions.rotate(manager, id, refresh.hash, used ? now : session.lastUsedAt);
    return { outcome: 'rotated', userId, token: refresh.token, expiresAt };
  }

  /** Whoever was deactivated or given another password since it was checked does not get a session any more. */
  private async demandUnchanged(
    manager: EntityManager,
    { id, version }: User,
    proved: 'password' | 'factor',
  ): Promise<void> {
    const sql = 'SELECT 1 FROM app_user WHERE id = $1 AND version = $2 AND active FOR SHARE';
    if ((await manager.query<unknown[]>(sql, [id, version])).length === 0) throw unauthenticated();
    // A statement of its own, with the lock held: one that waited for a change of factors would not see it.
    if (proved === 'password' && (await this.hasFactor(manager, id))) throw unauthenticated();
  }

  private async isActive(manager: EntityManager, userId: string): Promise<boolean> {
    const [row] = await manager.query<{ active: boolean }[]>('SELECT active FROM app_user WHERE id = $1', [userId]);
    return row?.active ?? false;
  }

  /** The genuine refresh token of the request's cookie, its origin checked; null without one. */
  private cookieToken({ http }: RequestContext) {
    const token = http && this.tools.cookie.read(http);
    if (!token) return null;
    demandSameOrigin(http.request, this.tools.publicUrl);
    return this.tools.refreshTokens.read(token);
  }

  private refused({ http }: RequestContext) {
    if (http) this.tools.cookie.clear(http);
    return unauthenticated();
  }

  /** Answers whether the role wants a second factor that is not there; what follows in the request is bound by it too. */
  private async actAs(context: RequestContext, { id, role }: User, sessionId: string): Promise<boolean> {
    const required = this.tools.mfaRequiredRoles.includes(role);
    const mustEnrol = required && !(await this.hasFactor(this.base.dataSource.manager, id));
    context.actor = Object.freeze({ kind: 'user', id, role, sessionId, mustEnrol });
    return mustEnrol;
  }

  private async hasFactor(manager: EntityManager, userId: string): Promise<boolean> {
    const [row] = await manager.query<{ has: boolean }[]>(`SELECT ${hasFactorSql('$1::uuid')} AS has`, [userId]);
    return row?.has ?? false;
  }
}
