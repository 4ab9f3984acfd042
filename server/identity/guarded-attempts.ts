import { createHash } from 'node:crypto';
import type { AuditQueue } from '../audit';
import type { RequestContext } from '../graphql/context';
import type { Attempt, SignInThrottle } from './sign-in-throttle';
import type { User } from './user.entity';

/** Whom a proof was about, and whether it held. */
export interface Proof {
  /** Null: nobody we know. */
  user: User | null;
  proven: boolean;
}

/** What guesses are counted by. Codes are counted apart from passwords: only who has the password gets as far as a code. */
export type GuessKind = 'password' | 'code' | 'passkey';

/** Every proof of who somebody is goes through here: guesses are counted before they are looked at, failures entered. */
export class GuardedAttempts {
  constructor(
    private readonly audit: AuditQueue,
    private readonly throttle: SignInThrottle,
  ) {}

  /**
   * Runs one proof; a failure is entered as that of `action`. Throws LOCKED or RATE_LIMITED while guessing is paused.
   *
   * @param account what stands for the account in the counts, also of one there is not
   */
  async prove<P extends Proof>(
    context: RequestContext,
    { kind, account, action }: { kind: GuessKind; account: Buffer; action: string },
    proof: () => Promise<P>,
  ): Promise<P> {
    const attempt = await this.throttle.begin(counted(kind, account), context.ip);
    const result = await proof();
    if (result.proven) await this.throttle.succeeded(attempt);
    else await this.noteFailure(action, result.user, attempt);
    return result;
  }

  /** The entry names the account if there is one, never the address that was tried. */
  private async noteFailure(action: string, user: User | null, attempt: Attempt): Promise<void> {
    const target = { type: 'user', id: user?.id ?? null };
    const entries = [this.audit.record({ action, outcome: 'failed', target })];
    if (attempt.pauses) entries.push(this.audit.record({ action: 'lockout', outcome: 'refused', target }));
    await Promise.all(entries);
  }
}

function counted(kind: GuessKind, account: Buffer): Buffer {
  return kind === 'password' ? account : createHash('sha256').update(kind).update(account).digest();
}
