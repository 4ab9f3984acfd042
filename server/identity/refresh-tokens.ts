import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { parse, stringify } from 'uuid';

const ID_BYTES = 16;
const SECRET_BYTES = 32;
const TAG_BYTES = 16;
const TOKEN_BYTES = ID_BYTES + SECRET_BYTES + TAG_BYTES;
const TOKEN_CHARACTERS = Math.ceil((TOKEN_BYTES * 4) / 3);

export interface IssuedRefreshToken {
  token: string;
  /** What the database keeps. */
  hash: Buffer;
}

/**
 * Refresh tokens: session id ‖ 32 random bytes ‖ tag, base64url. The database keeps a hash of the random part only. The tag
 * (HMAC-SHA-256 under a derived key) tells a token we once issued from an invented one, so that nobody can end another's
 * session by sending rubbish with its id.
 */
export class RefreshTokens {
  /** @param secret 32 bytes, derived for this purpose alone */
  constructor(private readonly secret: Buffer) {}

  issue(sessionId: string): IssuedRefreshToken {
    const body = Buffer.concat([parse(sessionId), randomBytes(SECRET_BYTES)]);
    return {
      token: Buffer.concat([body, this.tag(body)]).toString('base64url'),
      hash: hashOf(body),
    };
  }

  /** The session a token belongs to and the hash to compare; null when it was never issued here. */
  read(token: string): { sessionId: string; hash: Buffer } | null {
    if (token.length !== TOKEN_CHARACTERS) return null;
    const bytes = Buffer.from(token, 'base64url');
    if (bytes.length !== TOKEN_BYTES) return null;
    const body = bytes.subarray(0, -TAG_BYTES);
    if (!timingSafeEqual(this.tag(body), bytes.subarray(-TAG_BYTES))) return null;
    return { sessionId: stringify(body.subarray(0, ID_BYTES)), hash: hashOf(body) };
  }

  private tag(body: Buffer): Buffer {
    return createHmac('sha256', this.secret).update(body).digest().subarray(0, TAG_BYTES);
  }
}

function hashOf(body: Buffer): Buffer {
  return createHash('sha256').update(body.subarray(ID_BYTES)).digest();
}
