import { createHmac } from 'node:crypto';
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import type { EntityManager } from 'typeorm';
import { parse } from 'uuid';
import type { Foundation } from '../../access/foundation';
import { IntegrityError } from '../../crypto/errors';
import { uniqueViolation } from '../../database/postgres-errors';
import { envelopesOf, privately } from '../../database/sealed-column';
import type { RequestContext } from '../../graphql/context';
import { badInput, notFound } from '../../graphql/errors';
import { newId } from '../../platform/ids';
import type { User } from '../user.entity';
import type { Factors } from './factors';
import type { OneTimeProofs, ProofPurpose } from './one-time-proofs';
import { Passkey, PasskeyView, type SealedCredential } from './passkey.entity';
import type { RecoveryCodes } from './recovery-codes';
import * as webauthn from './webauthn';

export interface PasskeyTools {
  proofs: OneTimeProofs;
  codes: RecoveryCodes;
  factors: Factors;
  /** 32 bytes, derived for hashing credential ids alone. */
  secret: Buffer;
  publicUrl: string | null;
}

/** Passkeys (WebAuthn Level 3): made, named, removed, and used as the proof of who somebody is. */
export class PasskeysService {
  constructor(
    private readonly base: Foundation,
    private readonly tools: PasskeyTools,
  ) {}

  /** A user's passkeys, oldest first. */
  async list(userId: string): Promise<PasskeyView[]> {
    const rows = await this.rowsOf(userId);
    const uses = await this.base.dataSource.query<{ id: string; at: Date | null }[]>(
      'SELECT passkey_id AS id, last_used_at AS at FROM passkey_use WHERE passkey_id = ANY($1::uuid[])',
      [rows.map(({ id }) => id)],
    );
    const usedAt = new Map(uses.map(({ id, at }) => [id, at]));
    return rows.map((row) => new PasskeyView(row, usedAt.get(row.id) ?? null));
  }

  /** What the browser needs to make a passkey for this session's account. Throws MFA_REQUIRED without a fresh proof. */
  async beginRegistration(context: RequestContext, user: User): Promise<object> {
    this.base.policy.demandStepUp(context);
    const { proof } = this.tools.proofs.issue('registration', context.actor.sessionId!, webauthn.CEREMONY_MS);
    const known = (await this.rowsOf(user.id)).map((row) => credentialOf(row).id);
    const [name, displayName] = privately(() => [user.email, user.name] as const);
    const account = { id: Buffer.from(parse(user.id)), name, displayName, known };
    return webauthn.registrationOptions(this.party(context), proof, account);
  }

  /** Keeps the passkey a browser has made; recovery codes come back when the account had none. */
  async register(
    context: RequestContext,
    { name, response }: { name: string; response: string },
  ): Promise<{ passkey: PasskeyView; recoveryCodes: string[] | null }> {
    this.base.policy.demandStepUp(context);
    const { id: userId, sessionId } = context.actor;
    const { proofs, codes, factors } = this.tools;
    const answer = webauthn.parseAnswer<RegistrationResponseJSON>(response, 'response');
    const holds = (challenge: string) => proofs.holds('registration', sessionId!, challenge);
    const made = await webauthn.verifyRegistration(this.party(context), answer, holds);
    if (!made) throw badInput('response', 'This passkey could not be verified.');
    const row = Object.assign(new Passkey(), { id: newId(), userId, createdAt: this.base.clock.now() });
    const credential = { userId: userId!, id: made.id, publicKey: made.publicKey };
    Object.assign(row, { name, credential, credentialHash: this.hashOf(made.id) });
    const recoveryCodes = await factors.change(userId!, sessionId, async (manager) => {
      if (!(await proofs.spend(manager, made.challenge))) throw badInput('response', 'This answer was used.');
      await insertNew(manager, row, made.counter);
      return (await codes.left(userId!, manager)) > 0 ? null : codes.renew(manager, userId!);
    });
    await this.base.audit.record({ action: 'register-passkey', target: { type: 'user', id: userId } });
    return { passkey: new PasskeyView(row, null), recoveryCodes };
  }

  /** Throws NOT_FOUND for another's. */
  async rename(context: RequestContext, { id, name }: { id: string; name: string }): Promise<PasskeyView> {
    const row = await this.base.dataSource.transaction(async (manager) => {
      await this.tools.factors.lock(manager, context.actor.id!);
      const found = await this.own(manager, context, id);
      found.name = name;
      return manager.save(found, { reload: false });
    });
    return new PasskeyView(row, null);
  }

  /** Throws NOT_FOUND for another's, MFA_REQUIRED without a fresh proof, FORBIDDEN for the last factor of a role that wants one. */
  async remove(context: RequestContext, id: string): Promise<void> {
    const { policy, audit } = this.base;
    policy.demandStepUp(context);
    const { id: userId, sessionId } = context.actor;
    await this.tools.factors.change(userId!, sessionId, async (manager, user) => {
      await manager.remove(await this.own(manager, context, id));
      await this.tools.factors.afterRemoval(manager, user);
    });
    await audit.record({ action: 'remove-passkey', target: { type: 'user', id: userId } });
  }

  /** What the browser needs to prove a passkey: any one, or with `of` one of this account for this session. */
  async beginProof(context: RequestContext, purpose: ProofPurpose, of: User | null = null): Promise<object> {
    const { proof } = this.tools.proofs.issue(purpose, subjectOf(context, purpose), webauthn.CEREMONY_MS);
    const known = of ? (await this.rowsOf(of.id)).map((row) => credentialOf(row).id) : [];
    return webauthn.assertionOptions(this.party(context), proof, known);
  }

  /** What stands for a passkey where guesses are counted. */
  accountOf(response: string): Buffer {
    return this.hashOf(webauthn.parseAnswer<AuthenticationResponseJSON>(response, 'response').id);
  }

  /**
   * The account a browser's answer proves; null when it proves none. The challenge is spent, and a counter that does not grow
   * (somebody may have copied the authenticator, WebAuthn 6.1.1) is refused and entered.
   */
  async prove(context: RequestContext, response: string, purpose: ProofPurpose): Promise<string | null> {
    const answer = webauthn.parseAnswer<AuthenticationResponseJSON>(response, 'response');
    const { dataSource, keyring, audit } = this.base;
    const row = await dataSource.manager.findOne(Passkey, { where: { credentialHash: this.hashOf(answer.id) } });
    if (!row) return null;
    await keyring.hold(envelopesOf([row]));
    const holds = (challenge: string) => this.tools.proofs.holds(purpose, subjectOf(context, purpose), challenge);
    const proof = await webauthn.verifyAssertion(this.party(context), answer, credentialOf(row), holds);
    if (!proof) return null;
    const outcome = await dataSource.transaction(async (manager) => {
      if (!(await this.tools.proofs.spend(manager, proof.challenge))) return 'replayed';
      return (await this.count(manager, row.id, proof.counter)) ? 'proven' : 'cloned';
    });
    const target = { type: 'user', id: row.userId };
    if (outcome === 'cloned') await audit.record({ action: 'passkey-cloned', outcome: 'refused', target });
    return outcome === 'proven' ? row.userId : null;
  }

  /** Zero for ever is an authenticator that does not count. */
  private async count(manager: EntityManager, id: string, counter: number): Promise<boolean> {
    const [, count] = await manager.query<[unknown, number]>(
      `UPDATE passkey_use SET counter = $2, last_used_at = $3
       WHERE passkey_id = $1 AND (counter < $2 OR (counter = 0 AND $2 = 0))`,
      [id, counter, this.base.clock.now()],
    );
    return count > 0;
  }

  private async own(manager: EntityManager, context: RequestContext, id: string): Promise<Passkey> {
    const row = await manager.findOne(Passkey, { where: { id, userId: context.actor.id! } });
    if (!row) throw notFound('passkey');
    await this.base.keyring.hold(envelopesOf([row]));
    return row;
  }

  private async rowsOf(userId: string): Promise<Passkey[]> {
    const { dataSource, keyring } = this.base;
    const rows = await dataSource.manager.find(Passkey, { where: { userId }, order: { createdAt: 'ASC' } });
    await keyring.hold(envelopesOf(rows));
    return rows;
  }

  private hashOf(credentialId: string): Buffer {
    return createHmac('sha256', this.tools.secret).update(credentialId).digest();
  }

  private party(context: RequestContext): webauthn.RelyingParty {
    return webauthn.relyingParty(context, this.tools.publicUrl);
  }
}

/** Signing in is nobody's yet; proving oneself again is this session's. */
function subjectOf(context: RequestContext, purpose: ProofPurpose): string {
  return purpose === 'passkey sign-in' ? '' : context.actor.sessionId!;
}

function credentialOf(row: Passkey): SealedCredential {
  const credential = privately(() => row.credential);
  if (credential.userId !== row.userId) throw new IntegrityError('A sealed passkey belongs to another account.');
  return credential;
}

async function insertNew(manager: EntityManager, row: Passkey, counter: number): Promise<void> {
  try {
    await manager.insert(Passkey, row);
  } catch (error) {
    if (uniqueViolation(error) === 'passkey_credential_unique')
      throw badInput('response', 'This passkey is registered already.');
    throw error;
  }
  await manager.query('INSERT INTO passkey_use (passkey_id, counter) VALUES ($1, $2)', [row.id, counter]);
}
