import { badInput } from '../graphql/errors';
import { normaliseEmail } from '../crypto/normalise';
import { isCommonPassword, isOwnWord } from './common-passwords';

const SHORTEST_PASSWORD = 8;
const LONGEST_PASSWORD = 128;

/**
 * Demands a usable password: 8 to 128 characters, any of them, not among the commonest, not a word of this house and not the
 * address itself (NIST SP 800-63B, 5.1.1.2: length counts, composition rules do not). Compared after NFKC and in lower case.
 * Throws BAD_USER_INPUT.
 *
 * @param path name of the input field, for the error
 */
export async function demandGoodPassword(password: string, email: string, path: string): Promise<void> {
  const length = [...password].length;
  if (length < SHORTEST_PASSWORD) throw badInput(path, `A password has at least ${SHORTEST_PASSWORD} characters.`);
  if (length > LONGEST_PASSWORD) throw badInput(path, `A password has at most ${LONGEST_PASSWORD} characters.`);
  const folded = password.normalize('NFKC').toLowerCase();
  if (new Set(folded).size < 3 || isOwnWord(folded) || (await isCommonPassword(folded))) {
    throw badInput(path, 'This password is too easy to guess.');
  }
  const address = normaliseEmail(email);
  if (folded === address || folded === address.split('@')[0]) {
    throw badInput(path, 'The password must differ from the e-mail address.');
  }
}
