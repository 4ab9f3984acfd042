import { compare, genSaltSync, hash as bcryptHash } from 'bcrypt';
import { createHmac, randomInt } from 'node:crypto';
import { ChartsealError } from '../graphql/errors';
import { Gate } from '../platform/gate';

/** Checks at a time. libuv has four threads; the others stay free for files and name look-ups. */
const AT_A_TIME = 2;
/** Checks that may wait, some five seconds' worth; beyond that a flood is turned away instead of queued. */
const MAY_WAIT = 50;
const RETRY_SECONDS = 5;

const BCRYPT_ALPHABET = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const BCRYPT_DIGEST_LENGTH = 31;

/**
 * Password hashing: bcrypt over base64(HMAC-SHA-384(pepper, NFKC(password))). The inner hash lifts bcrypt's limit of 72 bytes
 * and, being keyed from the derivation root, makes a stolen table of hashes worthless without the root key.
 */
export class Passwords {
  private readonly decoy: string;
  private readonly gate = new Gate(AT_A_TIME, MAY_WAIT);

  /**
   * @param pepper 32 bytes, derived for this purpose alone
   * @param cost bcrypt's cost: 2^cost rounds
   */
  constructor(
    private readonly pepper: Buffer,
    private readonly cost: number,
  ) {
    this.decoy = decoyOf(cost);
  }

  /** bcrypt's hash of a password. Throws RATE_LIMITED when too many wait. */
  hash(password: string): Promise<string> {
    return this.gate.pass(() => bcryptHash(this.condensed(password), this.cost), tooMany);
  }

  /**
   * True when the password belongs to the hash. Without a hash (no such account, no password yet) it works as long and
   * answers false. Throws RATE_LIMITED when too many wait.
   */
  verify(password: string, hash: string | null): Promise<boolean> {
    return this.gate.pass(async () => {
      const equal = await compare(this.condensed(password), hash ?? this.decoy);
      return equal && hash !== null;
    }, tooMany);
  }

  private condensed(password: string): string {
    return createHmac('sha384', this.pepper).update(password.normalize('NFKC')).digest('base64');
  }
}

function tooMany(): Error {
  return new ChartsealError('RATE_LIMITED', undefined, { retryAfterSeconds: RETRY_SECONDS });
}

/** A well-formed hash that no password has: checking against it takes as long as against a true one. */
function decoyOf(cost: number): string {
  const digest = Array.from({ length: BCRYPT_DIGEST_LENGTH }, () => BCRYPT_ALPHABET[randomInt(64)]).join('');
  return genSaltSync(cost) + digest;
}
