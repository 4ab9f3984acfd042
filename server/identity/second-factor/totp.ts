import { Secret, TOTP } from 'otpauth';

/** Length of a step, in seconds, and digits of a code: what every authenticator app assumes (RFC 6238, 4.1 and 5.3). */
const STEP_SECONDS = 30;
const DIGITS = 6;
/** Steps before and after the present one whose codes count, for clocks that differ (RFC 6238, 5.2). */
const WINDOW = 1;
/** 160 bits, the length of the hash (RFC 4226, 4, R6). */
const SECRET_BYTES = 20;

/** A fresh secret in base32. */
export function newTotpSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32;
}

/** The `otpauth://` address of the QR code. */
export function totpUri(secret: string, account: string): string {
  return totpOf(secret, account).toString();
}

/** The time step a code belongs to, within one step of now; null when it is of none of them. */
export function stepOfCode(secret: string, code: string, now: Date): number | null {
  const digits = code.replace(/\s/g, '');
  if (!/^\d{6}$/.test(digits)) return null;
  const delta = totpOf(secret).validate({ token: digits, timestamp: now.getTime(), window: WINDOW });
  return delta === null ? null : stepAt(now) + delta;
}

/** The code of the step that `now` falls into. */
export function totpCode(secret: string, now: Date): string {
  return totpOf(secret).generate({ timestamp: now.getTime() });
}

function stepAt(now: Date): number {
  return Math.floor(now.getTime() / 1000 / STEP_SECONDS);
}

function totpOf(secret: string, label?: string): TOTP {
  const settings = { issuer: 'Chartseal', algorithm: 'SHA1', digits: DIGITS, period: STEP_SECONDS };
  return new TOTP({ ...settings, ...(label ? { label } : {}), secret: Secret.fromBase32(secret) });
}
