import type { Foundation } from '../../access/foundation';
import type { RequestContext } from '../../graphql/context';
import { badInput, ChartsealError } from '../../graphql/errors';
import { isId } from '../../platform/ids';
import type { GuardedAttempts } from '../guarded-attempts';
import type { SessionService, SignedIn } from '../session.service';
import type { User } from '../user.entity';
import type { UserRepository } from '../user.repository';
import type { Factors } from './factors';
import type { OneTimeProofs } from './one-time-proofs';
import type { PasskeysService } from './passkeys.service';
import type { RecoveryCodes } from './recovery-codes';
import type { TotpService } from './totp.service';

/** How long somebody may look for their phone, in milliseconds. */
const TICKET_MS = 5 * 60_000;

export interface SecondStepTools {
  attempts: GuardedAttempts;
  proofs: OneTimeProofs;
  factors: Factors;
  totp: TotpService;
  codes: RecoveryCodes;
  passkeys: PasskeysService;
}

/** One of the ways to prove a second factor. */
export interface FactorProof {
  code?: string | null;
  recoveryCode?: string | null;
  passkey?: string | null;
}

/** The second step of signing in: whoever has a second factor has no session until it is proved. */
export class SecondStepService {
  constructor(
    private readonly base: Foundation,
    private readonly users: UserRepository,
    private readonly sessions: SessionService,
    private readonly tools: SecondStepTools,
  ) {}

  /**
   * After the password: a session for who has no second factor; else MFA_REQUIRED, with a ticket that is good for five
   * minutes and for `verifyTotp` alone, and with the kinds of factor there are.
   */
  async goOn(context: RequestContext, user: User): Promise<SignedIn> {
    const { totp, passkeys } = await this.tools.factors.of(user.id);
    if (!totp && passkeys === 0) return this.sessions.begin(context, user, 'password');
    await this.base.audit.record({ action: 'ask-second-factor', target: { type: 'user', id: user.id } });
    const { proof } = this.tools.proofs.issue('ticket', subjectOf(user), TICKET_MS);
    const ticket = `${user.id}.${proof}`;
    const factors = [...(totp ? (['TOTP'] as const) : []), ...(passkeys > 0 ? (['PASSKEY'] as const) : [])];
    throw new ChartsealError('MFA_REQUIRED', 'The second factor is wanted.', { ticket, factors });
  }

  /**
   * Completes a sign-in by a code of the authenticator app or a recovery code. A ticket is good for one session, and for none
   * once the password or the account has changed. Throws UNAUTHENTICATED for a ticket or code that does not hold, LOCKED or
   * RATE_LIMITED while guessing is paused.
   */
  async verify(context: RequestContext, { ticket, ...given }: FactorProof & { ticket: string }): Promise<SignedIn> {
    const [userId = '', proof = ''] = ticket.split('.');
    const user = isId(userId) ? await this.users.find(userId) : null;
    if (!user?.active || !this.tools.proofs.holds('ticket', subjectOf(user), proof)) throw refused();
    if (!(await this.proves(context, user, { ...given, passkey: null }, 'sign-in'))) throw refused();
    const spent = await this.base.dataSource.transaction((manager) => this.tools.proofs.spend(manager, proof));
    if (!spent) throw refused();
    return this.sessions.begin(context, user, 'factor');
  }

  /** Signs in by a passkey alone: the device it lives on has verified the person. Throws UNAUTHENTICATED. */
  async signInByPasskey(context: RequestContext, response: string): Promise<SignedIn> {
    const { attempts, passkeys } = this.tools;
    const about = { kind: 'passkey', account: passkeys.accountOf(response), action: 'sign-in' } as const;
    const { user, proven } = await attempts.prove(context, about, async () => {
      const userId = await passkeys.prove(context, response, 'passkey sign-in');
      const found = userId ? await this.users.find(userId) : null;
      return { user: found, proven: found?.active ?? false };
    });
    if (!user || !proven) throw refused();
    return this.sessions.begin(context, user, 'factor');
  }

  /**
   * Whether one of the given proofs holds for this account; it is used up. A failure is entered as that of `action`. Throws
   * BAD_USER_INPUT unless exactly one is given, LOCKED or RATE_LIMITED while guessing is paused.
   */
  async proves(context: RequestContext, user: User, given: FactorProof, action: string): Promise<boolean> {
    const { code, recoveryCode, passkey } = given;
    if ([code, recoveryCode, passkey].filter(Boolean).length !== 1) throw badInput('', 'Give exactly one proof.');
    const about = { kind: 'code', account: user.emailToken, action } as const;
    const { proven } = await this.tools.attempts.prove(context, about, async () => ({
      user,
      proven: passkey
        ? (await this.tools.passkeys.prove(context, passkey, 'passkey step-up')) === user.id
        : await this.usesCode(user, code, recoveryCode),
    }));
    if (proven && recoveryCode) {
      await this.base.audit.record({ action: 'use-recovery-code', target: { type: 'user', id: user.id } });
    }
    return proven;
  }

  private usesCode(user: User, code?: string | null, recoveryCode?: string | null): Promise<boolean> {
    const { totp, codes } = this.tools;
    return this.base.dataSource.transaction((manager) =>
      recoveryCode ? codes.use(manager, user.id, recoveryCode) : totp.use(manager, user.id, code ?? ''),
    );
  }
}

/** A ticket dies with the state of the account it was made for. */
function subjectOf({ id, version }: User): string {
  return `${id}|${version}`;
}

const refused = () => new ChartsealError('UNAUTHENTICATED', 'This proof is wrong, was used or has expired.');
