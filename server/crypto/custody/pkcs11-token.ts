import { setTimeout as pause } from 'node:timers/promises';
import { CustodyError, WrongRootKeyError } from '../errors';
import { custodyFault, refusesPin } from './pkcs11-faults';
import { ck, returnValueOf, type Handle, type TokenModule } from './pkcs11-module';

/** Where a root key is that never leaves its token. */
export interface TokenPlace {
  /** Path of the PKCS#11 module. */
  module: string;
  /** Label of the token. */
  token: string;
  /** Label of the key. */
  label: string;
  /** The user's PIN. */
  pin: string;
}

/** A module may not show a token for the moment in which another process writes to it, so it is looked for again. */
const LOOKS = 5;
const BETWEEN_LOOKS_MS = 100;

class TokenNotShown extends CustodyError {}

/** A token found by its label: each piece of work has a session of its own, signed in with the PIN. */
export class Token {
  /** Set once the token has refused the PIN: it is never offered again. */
  private pinRefused: CustodyError | null = null;

  constructor(
    private readonly module: TokenModule,
    private readonly place: TokenPlace,
  ) {}

  /**
   * A session that is signed in, for as long as the work takes; the module ends the sign-in with its last session.
   * Throws CustodyError when the token does not do its part, and passes on WrongRootKeyError of the work.
   */
  async inSession<T>(work: (session: Handle, slot: Handle) => T): Promise<T> {
    for (let look = 1; ; look += 1) {
      try {
        return this.oneSession(work);
      } catch (error) {
        if (!(error instanceof TokenNotShown) || look === LOOKS) throw error;
      }
      await pause(BETWEEN_LOOKS_MS);
    }
  }

  private oneSession<T>(work: (session: Handle, slot: Handle) => T): T {
    if (this.pinRefused) throw this.pinRefused;
    let session: Handle | null = null;
    let faulty = false;
    try {
      const slot = this.slot();
      session = this.module.use().C_OpenSession(slot, ck.CKF_SERIAL_SESSION | ck.CKF_RW_SESSION);
      this.signIn(session);
      return work(session, slot);
    } catch (error) {
      if (error instanceof WrongRootKeyError) throw error;
      faulty = true;
      throw custodyFault(this.place.token, error);
    } finally {
      if (session !== null) this.close(session);
      if (faulty) this.module.stop();
    }
  }

  private slot(): Handle {
    const { token, module } = this.place;
    const slot = this.module
      .use()
      .C_GetSlotList(true)
      .find((each) => this.tokenIn(each)?.label.trimEnd() === token);
    if (!slot) throw new TokenNotShown(`The PKCS#11 module ${module} shows no token labelled "${token}".`);
    if (((this.tokenIn(slot)?.flags ?? 0) & ck.CKF_USER_PIN_FINAL_TRY) !== 0) {
      throw new CustodyError(
        `The token "${token}" has one try of the PIN left before it locks, so it is not tried here: ` +
          "sign in once with the token's own program, then start again.",
      );
    }
    return slot;
  }

  /** What is in a slot; null when it was taken out since the slots were listed. */
  private tokenIn(slot: Handle): { label: string; flags: number } | null {
    try {
      return this.module.use().C_GetTokenInfo(slot);
    } catch {
      return null;
    }
  }

  private signIn(session: Handle): void {
    try {
      this.module.use().C_Login(session, ck.CKU_USER, this.place.pin);
    } catch (error) {
      if (returnValueOf(error) === 'CKR_USER_ALREADY_LOGGED_IN') return;
      if (refusesPin(error)) this.pinRefused = custodyFault(this.place.token, error);
      throw error;
    }
  }

  private close(session: Handle): void {
    try {
      this.module.use().C_CloseSession(session);
    } catch {
      // the session went with its token; what failed before says so
    }
  }
}
