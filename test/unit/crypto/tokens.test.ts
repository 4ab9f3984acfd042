import { randomBytes } from 'node:crypto';
import { TokenKeys, type TokenField } from '../../../server/crypto/tokens';
import vectors from '../../vectors/tokens-v1.json';
import { referenceToken } from './reference';

const fields: TokenField[] = ['mrn', 'identifier', 'demographics', 'staff-email', 'idempotency'];

test.each(vectors)('vector: $field of $normalised', ({ root, field, normalised, token }) => {
  const bytes = Buffer.from(root, 'hex');
  expect(new TokenKeys(bytes).token(field as TokenField, normalised).toString('hex')).toBe(token);
  expect(referenceToken(bytes, field, normalised).toString('hex')).toBe(token);
});

test('the same value has the same token, in this process and the next', () => {
  const root = randomBytes(32);
  expect(new TokenKeys(root).token('mrn', 'okafor')).toEqual(new TokenKeys(Buffer.from(root)).token('mrn', 'okafor'));
});

test('tokens of one value differ by field, by hospital and are 16 bytes', () => {
  const keys = new TokenKeys(randomBytes(32));
  const tokens = fields.map((field) => keys.token(field, '1980-01-01'));
  tokens.push(new TokenKeys(randomBytes(32)).token('mrn', '1980-01-01'));
  expect(new Set(tokens.map((token) => token.toString('hex'))).size).toBe(fields.length + 1);
  expect(tokens.every((token) => token.length === 16)).toBe(true);
});

test('derived secrets differ by purpose, are as long as asked, and are no token key', () => {
  const keys = new TokenKeys(randomBytes(32));
  expect(keys.derive('cursor')).toHaveLength(32);
  expect(keys.derive('jwt', 64)).toHaveLength(64);
  expect(keys.derive('cursor')).toEqual(keys.derive('cursor'));
  expect(keys.derive('cursor')).not.toEqual(keys.derive('jwt'));
  expect(keys.derive('token/v1/mrn')).not.toEqual(keys.derive('mrn'));
});

test('a root of another length is refused', () => {
  expect(() => new TokenKeys(randomBytes(16))).toThrow(RangeError);
});
