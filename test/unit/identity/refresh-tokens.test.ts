import { createHash, randomBytes } from 'node:crypto';
import { RefreshTokens } from '../../../server/identity/refresh-tokens';
import { newId } from '../../../server/platform/ids';

const tokens = new RefreshTokens(randomBytes(32));
const session = newId();

describe('refresh tokens', () => {
  test('name their session; the database learns only a hash', () => {
    const { token, hash } = tokens.issue(session);
    expect(tokens.read(token)).toEqual({ sessionId: session, hash });
    const secret = Buffer.from(token, 'base64url').subarray(16, 48);
    expect(hash).toEqual(createHash('sha256').update(secret).digest());
  });

  test('never twice the same', () => {
    const issued = Array.from({ length: 100 }, () => tokens.issue(session).token);
    expect(new Set(issued).size).toBe(100);
  });

  test('any flipped bit makes it foreign', () => {
    const bytes = Buffer.from(tokens.issue(session).token, 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      expect(tokens.read(flipped.toString('base64url'))).toBeNull();
    }
  });

  test.each(['', 'x', 'A'.repeat(86), 'A'.repeat(10_000), '🔑'.repeat(43)])('rubbish is nobody’s', (rubbish) => {
    expect(tokens.read(rubbish)).toBeNull();
  });

  test('of another hospital: foreign', () => {
    expect(new RefreshTokens(randomBytes(32)).read(tokens.issue(session).token)).toBeNull();
  });
});
