import { totpCode } from '../../server/identity/second-factor/totp';
import type { Answer, Browser } from './front-desk';

export const ENROL = 'mutation ($input: EnrolTotpInput!) { enrolTotp(input: $input) { secret uri } }';
export const CONFIRM = 'mutation ($input: ConfirmTotpInput!) { confirmTotp(input: $input) { recoveryCodes } }';
export const VERIFY =
  'mutation ($input: VerifyTotpInput!) { verifyTotp(input: $input) { accessToken me { name mustEnrol permissions } } }';

/** Somebody's authenticator app, whose clock is the hospital's. */
export class Phone {
  constructor(
    readonly secret: string,
    private readonly now: () => Date,
  ) {}

  /** The code it shows now, or this many seconds from now. */
  code(away = 0): string {
    return totpCode(this.secret, new Date(this.now().getTime() + away * 1000));
  }
}

/** Sets up an authenticator app for whoever is signed in here; answers the phone and the recovery codes. */
export async function enrol(browser: Browser, { password }: { password: string }, now: () => Date) {
  const begun = await browser.ask(ENROL, { input: { password } });
  const { secret } = begun.data?.enrolTotp as { secret: string };
  const phone = new Phone(secret, now);
  const confirmed = await browser.ask(CONFIRM, { input: { code: phone.code() } });
  const { recoveryCodes } = confirmed.data?.confirmTotp as { recoveryCodes: string[] };
  return { phone, recoveryCodes };
}

/** The ticket of a sign-in that wants a second factor. */
export function ticketOf(answer: Answer): string {
  return String(answer.error?.extensions.ticket);
}
