import type { Foundation } from '../../access/foundation';
import type { Role } from '../../graphql/context';
import type { GuardedAttempts } from '../guarded-attempts';
import type { SessionRepository } from '../session.repository';
import type { SessionService } from '../session.service';
import type { SignInService } from '../sign-in.service';
import type { UserRepository } from '../user.repository';
import { Factors } from './factors';
import { OneTimeProofs } from './one-time-proofs';
import { PasskeysResolver } from './passkeys.resolver';
import { PasskeysService } from './passkeys.service';
import { RecoveryCodes } from './recovery-codes';
import { SecondFactorResolver } from './second-factor.resolver';
import { SecondStepService } from './second-step.service';
import { TotpService } from './totp.service';

export { Passkey } from './passkey.entity';
export { TotpSecret } from './totp-secret.entity';

export interface SecondFactorParts {
  users: UserRepository;
  sessions: SessionRepository;
  sessionService: SessionService;
  attempts: GuardedAttempts;
  publicUrl: string | null;
  mfaRequiredRoles: readonly Role[];
}

/** Puts the parts of the second factor together. Each secret is derived for its one purpose. */
export function createSecondFactor(base: Foundation, parts: SecondFactorParts) {
  const { users, sessions, sessionService, attempts, publicUrl } = parts;
  const { dataSource, tokens, clock } = base;
  const proofs = new OneTimeProofs(tokens.derive('one-time proofs'), clock);
  const codes = new RecoveryCodes(dataSource, tokens.derive('recovery codes'), clock);
  const factors = new Factors(base, users, sessions, codes, parts.mfaRequiredRoles);
  const totp = new TotpService(base, factors, codes);
  const secret = tokens.derive('passkey credentials');
  const passkeys = new PasskeysService(base, { proofs, codes, factors, secret, publicUrl });
  const tools = { attempts, proofs, factors, totp, codes, passkeys };
  const secondStep = new SecondStepService(base, users, sessionService, tools);
  return {
    factors,
    secondStep,
    resolvers: (signIns: SignInService): readonly object[] => [
      new SecondFactorResolver(users, signIns, secondStep, factors, totp, passkeys),
      new PasskeysResolver(users, passkeys, secondStep),
    ],
  };
}
