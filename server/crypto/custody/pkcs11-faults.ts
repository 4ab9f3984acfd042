import { CustodyError } from '../errors';
import { returnValueOf } from './pkcs11-module';

const GONE = 'is not there any more; is the device connected and switched on?';

/** What the return values that people can do something about mean. */
const MEANINGS: Record<string, string> = {
  CKR_PIN_INCORRECT:
    'refuses the PIN. Tokens count wrong tries and lock themselves, so it is not tried again: correct it, then start again.',
  CKR_PIN_LEN_RANGE: 'refuses the PIN for its length; it is not tried again.',
  CKR_PIN_LOCKED: 'has locked its PIN after too many wrong tries. Its security officer unlocks it.',
  CKR_PIN_EXPIRED: 'wants a new PIN first.',
  CKR_USER_PIN_NOT_INITIALIZED: 'has no user PIN yet; its security officer sets one.',
  CKR_MECHANISM_INVALID: 'cannot do AES-GCM (CKM_AES_GCM), which wraps the keys.',
  CKR_MECHANISM_PARAM_INVALID: 'does not take a nonce of ours for AES-GCM (CKM_AES_GCM).',
  CKR_TOKEN_NOT_PRESENT: GONE,
  CKR_TOKEN_NOT_RECOGNIZED: GONE,
  CKR_SLOT_ID_INVALID: GONE,
  CKR_DEVICE_REMOVED: GONE,
};

/** Return values that mean that this PIN must not be offered again. */
const OF_THE_PIN = ['CKR_PIN_INCORRECT', 'CKR_PIN_LEN_RANGE', 'CKR_PIN_LOCKED', 'CKR_PIN_EXPIRED'];

/** A fault of the module in one line. */
export function custodyFault(token: string, error: unknown): CustodyError {
  if (error instanceof CustodyError) return error;
  const code = returnValueOf(error);
  return new CustodyError(`The token "${token}" ${MEANINGS[code] ?? `does not do what it was asked (${code}).`}`);
}

/** True when offering the same PIN again would only bring the token closer to locking itself. */
export function refusesPin(error: unknown): boolean {
  return OF_THE_PIN.includes(returnValueOf(error));
}
