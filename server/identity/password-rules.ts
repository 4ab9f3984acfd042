import { badInput } from '../graphql/errors';
import { normaliseEmail } from '../crypto/normalise';

export const SHORTEST_PASSWORD = 8;
export const LONGEST_PASSWORD = 128;

/** What is tried first by whoever guesses; a full list would be another's to keep current. */
const tooCommon = new Set([
  '12345678', '123456789', '1234567890', 'password', 'password1', 'passw0rd', 'qwertyui', 'qwertyuiop', 'qwerty123',
  'iloveyou', 'sunshine', 'princess', 'football', 'baseball', 'welcome1', 'letmein1', 'admin123', 'administrator',
  'changeme', 'hospital', 'chartseal', '11111111', '00000000', 'abcd1234', 'abc12345', '1q2w3e4r', 'trustno1',
]); // prettier-ignore

/**
 * Demands a usable password: 8 to 128 characters, any of them, not among the commonest and not the address itself
 * (NIST SP 800-63B, 5.1.1.2: length counts, composition rules do not). Throws BAD_USER_INPUT.
 *
 * @param path name of the input field, for the error
 */
export function demandGoodPassword(password: string, email: string, path: string): void {
  const length = [...password].length;
  if (length < SHORTEST_PASSWORD) throw badInput(path, `A password has at least ${SHORTEST_PASSWORD} characters.`);
  if (length > LONGEST_PASSWORD) throw badInput(path, `A password has at most ${LONGEST_PASSWORD} characters.`);
  const folded = password.normalize('NFKC').toLowerCase();
  if (tooCommon.has(folded) || new Set(folded).size < 3) throw badInput(path, 'This password is too easy to guess.');
  const address = normaliseEmail(email);
  if (folded === address || folded === address.split('@')[0]) {
    throw badInput(path, 'The password must differ from the e-mail address.');
  }
}
