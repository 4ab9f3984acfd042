import { createHmac } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { Foundation } from '../../access/foundation';
import { noteAct } from '../../audit';
import { Reader } from '../../database/reader';
import { envelopesOf, privately } from '../../database/sealed-column';
import type { RequestContext, Role } from '../../graphql/context';
import { newId } from '../../platform/ids';
import type { Accounts } from '../accounts';
import type { SessionRepository } from '../session.repository';
import type { User } from '../user.entity';
import type { UserRepository } from '../user.repository';
import { OidcLink } from './oidc-link.entity';
import type { Identified } from './provider';

/** Why somebody whom the provider knows does not get in here; kept in the log, never shown. */
export type OidcRefusal = 'no role here' | 'address not verified' | 'no account' | 'address of another' | 'deactivated' | 'last administrator'; // prettier-ignore

export class OidcRefused extends Error {
  constructor(
    readonly why: OidcRefusal,
    readonly userId: string | null = null,
  ) {
    super(why);
    this.name = 'OidcRefused';
  }
}

export interface AccountRules {
  /** Values of the role claim and what they mean here, dearest first; null: roles are given here alone. */
  roles: ReadonlyMap<string, Role> | null;
  create: boolean;
  localPasswords: boolean;
}

export interface AccountTools {
  users: UserRepository;
  accounts: Accounts;
  sessions: SessionRepository;
  /** 32 bytes, derived for the hashes of subjects alone. */
  secret: Buffer;
}

/** Whose account somebody has whom the provider names: linked by the subject, the first time by the verified address. */
export class OidcAccounts {
  private readonly links: Reader<OidcLink>;

  constructor(
    private readonly base: Foundation,
    private readonly tools: AccountTools,
    private readonly rules: AccountRules,
  ) {
    this.links = new Reader(base.dataSource, OidcLink);
  }

  /**
   * The account, brought to what the provider says of its role: never more than the mapping gives, and nobody gets in to whom
   * it gives none. Throws OidcRefused.
   */
  async accountOf(context: RequestContext, identified: Identified): Promise<User> {
    const role = this.roleOf(identified);
    const hash = this.hashOf(identified);
    return this.base.dataSource.transaction(async (manager) => {
      await this.tools.users.holdStaffKey(manager);
      // one sign-in of this subject at a time: two first ones must not make two accounts
      await manager.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [hash.toString('hex')]); // prettier-ignore
      // before the account itself, as when an administrator changes it: two orders would wait for each other
      if (role) await this.tools.accounts.lockAdmins(manager);
      const user = (await this.linked(manager, identified, hash)) ?? (await this.link(context, manager, identified, hash, role)); // prettier-ignore
      if (!user.active) throw new OidcRefused('deactivated', user.id);
      if (role && role !== user.role) await this.takeOver(context, manager, user, role);
      if (!this.rules.localPasswords && user.passwordHash !== null) {
        await this.tools.accounts.setPassword(context, manager, user, null, 'PASSWORD');
        noteAct(manager, { action: 'remove-password', target: { type: 'user', id: user.id } });
      }
      return user;
    });
  }

  private roleOf({ roles }: Identified): Role | null {
    if (!this.rules.roles) return null;
    for (const [value, role] of this.rules.roles) if (roles.includes(value)) return role;
    throw new OidcRefused('no role here');
  }

  private async linked(manager: EntityManager, identified: Identified, hash: Buffer): Promise<User | null> {
    const [found] = await this.links.many('WHERE t.subject_hash = $1', [hash], manager);
    if (!found) return null;
    await this.base.keyring.hold(envelopesOf([found]));
    const { userId, issuer, subject } = privately(() => found.link);
    const sound = userId === found.userId && issuer === identified.issuer && subject === identified.subject;
    if (!sound) throw new Error('A link to the sign-in service is not what was sealed.');
    return this.tools.users.lock(manager, userId);
  }

  private async link(
    context: RequestContext,
    manager: EntityManager,
    { issuer, subject, email, name }: Identified,
    subjectHash: Buffer,
    role: Role | null,
  ): Promise<User> {
    const { users, accounts } = this.tools;
    if (email === null) throw new OidcRefused('address not verified');
    const known = await users.findByEmail(email);
    if (!known && !(this.rules.create && role)) throw new OidcRefused('no account');
    if (known && !privately(() => isSameMailbox(known.email, email)))
      throw new OidcRefused('address of another', known.id);
    const user = known
      ? await users.lock(manager, known.id)
      : await accounts.insert(context, manager, { email, name: name ?? email, role: role!, passwordHash: null });
    const taken = await manager.query<unknown[]>('SELECT 1 FROM oidc_link WHERE user_id = $1', [user.id]);
    if (taken.length > 0) throw new OidcRefused('address of another', user.id);
    if (!user.active) throw new OidcRefused('deactivated', user.id);
    const link = Object.assign(new OidcLink(), { id: newId(), userId: user.id, subjectHash });
    Object.assign(link, { link: { userId: user.id, issuer, subject }, createdAt: this.base.clock.now() });
    await manager.insert(OidcLink, link);
    return user;
  }

  /** As an administrator would change it: sessions end, and the last administrator stays one. Administrators are locked. */
  private async takeOver(context: RequestContext, manager: EntityManager, user: User, role: Role): Promise<void> {
    const { accounts, sessions } = this.tools;
    if (await accounts.isLastAdmin(manager, user)) throw new OidcRefused('last administrator', user.id);
    user.role = role;
    await accounts.save(context, manager, user);
    await sessions.endAll(manager, user.id, 'ROLE');
    noteAct(manager, {
      action: 'change-role',
      target: { type: 'user', id: user.id },
      reason: 'as the sign-in service says',
    });
  }

  private hashOf({ issuer, subject }: Identified): Buffer {
    return createHmac('sha256', this.tools.secret).update(`${issuer}\0${subject}`).digest();
  }
}

/**
 * Whether two addresses reach one mailbox for certain: alike but for capitals of ASCII. Finding an account by its address is more
 * lenient, and to the provider a letter of another script makes an address of somebody else.
 */
function isSameMailbox(one: string, other: string): boolean {
  const plain = (address: string) => address.trim().replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return plain(one) === plain(other);
}
