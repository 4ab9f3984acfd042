import { IsNull, Not, type EntityManager } from 'typeorm';
import type { Foundation } from '../../access/foundation';
import { IntegrityError } from '../../crypto/errors';
import { envelopesOf, privately } from '../../database/sealed-column';
import type { RequestContext } from '../../graphql/context';
import { badInput, forbidden } from '../../graphql/errors';
import { newId } from '../../platform/ids';
import type { User } from '../user.entity';
import type { Factors } from './factors';
import type { RecoveryCodes } from './recovery-codes';
import { TotpSecret } from './totp-secret.entity';
import { newTotpSecret, stepOfCode, totpUri } from './totp';

/** How long a begun enrolment waits for its first code, in milliseconds. */
const ENROLMENT_MS = 15 * 60_000;

/** Authenticator apps: time-based one-time passwords (RFC 6238). */
export class TotpService {
  constructor(
    private readonly base: Foundation,
    private readonly factors: Factors,
    private readonly codes: RecoveryCodes,
  ) {}

  /**
   * Begins an enrolment: a fresh secret, shown this once, in force when `confirm` gets a code of it. The caller has proved
   * the password; an account that has a factor already proves that one too, else MFA_REQUIRED.
   */
  async enrol(context: RequestContext, user: User): Promise<{ secret: string; uri: string }> {
    const { dataSource, clock, audit, policy } = this.base;
    if (await this.factors.any(user.id)) policy.demandStepUp(context);
    const secret = newTotpSecret();
    const row = Object.assign(new TotpSecret(), { id: newId(), userId: user.id });
    Object.assign(row, { secret: { userId: user.id, secret }, createdAt: clock.now(), confirmedAt: null });
    await dataSource.transaction(async (manager) => {
      await this.factors.lock(manager, user.id);
      await manager.remove(await manager.find(TotpSecret, { where: { userId: user.id, confirmedAt: IsNull() } }));
      await manager.insert(TotpSecret, row);
    });
    await audit.record({ action: 'enrol-totp', target: { type: 'user', id: user.id } });
    return {
      secret,
      uri: totpUri(
        secret,
        privately(() => user.email),
      ),
    };
  }

  /** Turns a begun enrolment on by its first code; ten recovery codes come back. Throws BAD_USER_INPUT for a wrong code. */
  async confirm(context: RequestContext, code: string): Promise<string[]> {
    const { clock, audit } = this.base;
    const userId = context.actor.id!;
    const codes = await this.factors.change(userId, context.actor.sessionId, async (manager) => {
      const begun = await this.load(manager, userId, false);
      if (!begun || clock.now().getTime() - begun.createdAt.getTime() > ENROLMENT_MS) throw notBegun();
      const step = stepOfCode(secretOf(begun), code, clock.now());
      if (step === null) throw badInput('code', 'This code does not fit. Is the clock of the device right?');
      await manager.remove(await manager.find(TotpSecret, { where: { userId, confirmedAt: Not(IsNull()) } }));
      begun.confirmedAt = clock.now();
      await manager.save(begun, { reload: false });
      await manager.query('INSERT INTO totp_use (secret_id, last_step) VALUES ($1, $2)', [begun.id, step]);
      return this.codes.renew(manager, userId);
    });
    await audit.record({ action: 'confirm-totp', target: { type: 'user', id: userId } });
    return codes;
  }

  /** Turns codes off. Throws MFA_REQUIRED without a fresh proof, FORBIDDEN when the role wants a factor and this is the last. */
  async remove(context: RequestContext): Promise<void> {
    const { policy, audit } = this.base;
    policy.demandStepUp(context);
    const userId = context.actor.id!;
    await this.factors.change(userId, context.actor.sessionId, async (manager, user) => {
      const rows = await manager.find(TotpSecret, { where: { userId } });
      if (rows.length === 0) throw forbidden('No authenticator app is set up.');
      await manager.remove(rows);
      await this.factors.afterRemoval(manager, user);
    });
    await audit.record({ action: 'remove-totp', target: { type: 'user', id: userId } });
  }

  /** Uses a code up; false for a wrong one and for one whose step was used. Two at once: one gets true. */
  async use(manager: EntityManager, userId: string, code: string): Promise<boolean> {
    const row = await this.load(manager, userId, true);
    const step = row && stepOfCode(secretOf(row), code, this.base.clock.now());
    if (!row || step === null) return false;
    const [, count] = await manager.query<[unknown, number]>(
      'UPDATE totp_use SET last_step = $2 WHERE secret_id = $1 AND last_step < $2',
      [row.id, step],
    );
    return count > 0;
  }

  private async load(manager: EntityManager, userId: string, confirmed: boolean): Promise<TotpSecret | null> {
    const confirmedAt = confirmed ? Not(IsNull()) : IsNull();
    const row = await manager.findOne(TotpSecret, { where: { userId, confirmedAt } });
    if (row) await this.base.keyring.hold(envelopesOf([row]));
    return row;
  }
}

function secretOf(row: TotpSecret): string {
  const { userId, secret } = privately(() => row.secret);
  if (userId !== row.userId) throw new IntegrityError('A sealed secret belongs to another account.');
  return secret;
}

const notBegun = () => badInput('code', 'Begin the enrolment first; a begun one waits for a quarter of an hour.');
