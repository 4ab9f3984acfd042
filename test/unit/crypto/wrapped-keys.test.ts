import { createSecretKey, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { custodyFromSecret } from '../../../server/crypto/custody/secret';
import { IntegrityError, WrongRootKeyError } from '../../../server/crypto/errors';
import { moveEpoch, newEpoch, unwrapEpoch, unwrapIndexRoot } from '../../../server/crypto/kek';
import { TokenKeys } from '../../../server/crypto/tokens';
import { keyCheckValue, unwrapBytes, unwrapDataKey, wrapBytes, wrapDataKey } from '../../../server/crypto/wrap';
import vectors from '../../vectors/wrapped-keys-v1.json';
import { referenceCheckValue, referenceDataKeyContext, referenceSecret, referenceWrap } from './reference';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const flipped = (bytes: Buffer, bit: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy[bit >> 3]! ^= 1 << (bit & 7);
  return copy;
};

describe('vectors', () => {
  const custody = custodyFromSecret(vectors.root);
  const wrapped = ({ key, nonce, context }: { key: string; nonce: string; context: string }): string =>
    referenceWrap(hex(key), hex(vectors.root), hex(nonce), Buffer.from(context)).toString('hex');

  test('the key-encryption key of an epoch', async () => {
    const { epoch, key, kcv } = vectors.keyEpoch;
    expect(wrapped(vectors.keyEpoch)).toBe(vectors.keyEpoch.wrapped);
    const row = { epoch, wrapped: hex(vectors.keyEpoch.wrapped), kcv: hex(kcv) };
    expect((await unwrapEpoch(custody, row)).export().toString('hex')).toBe(key);
    expect(referenceCheckValue(hex(key)).toString('hex')).toBe(kcv);
  });

  test('the derivation root, and a secret derived from it', async () => {
    const { version, key, kcv, secrets } = vectors.derivationRoot;
    expect(wrapped(vectors.derivationRoot)).toBe(vectors.derivationRoot.wrapped);
    const row = { version, wrapped: hex(vectors.derivationRoot.wrapped), kcv: hex(kcv) };
    const root = await unwrapIndexRoot(custody, row);
    expect(root.toString('hex')).toBe(key);
    for (const { purpose, secret } of secrets) {
      expect(new TokenKeys(root).derive(purpose).toString('hex')).toBe(secret);
      expect(referenceSecret(hex(key), purpose).toString('hex')).toBe(secret);
    }
  });

  test.each(vectors.dataKeys)(
    'the data key of $purpose',
    ({ id, owner, purpose, epoch, key, nonce, kcv, ...stored }) => {
      const context = referenceDataKeyContext(BigInt(id), owner, epoch, purpose);
      expect(referenceWrap(hex(key), hex(vectors.keyEpoch.key), hex(nonce), context).toString('hex')).toBe(
        stored.wrapped,
      );
      const row = { id: BigInt(id), owner, purpose, kekEpoch: epoch, wrapped: hex(stored.wrapped), kcv: hex(kcv) };
      const kek = createSecretKey(hex(vectors.keyEpoch.key));
      expect(unwrapDataKey(row, kek).export().toString('hex')).toBe(key);
      expect(keyCheckValue(hex(key)).toString('hex')).toBe(kcv);
    },
  );
});

const keys = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes));
const identities = fc.record({
  id: fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }),
  owner: fc.uuid(),
  purpose: fc.stringMatching(/^[a-z-]{1,20}$/),
  kekEpoch: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
});

test('any key wrapped for any context comes back, 60 bytes, and the independent implementation agrees', () => {
  fc.assert(
    fc.property(keys, keys, fc.string(), (key, under, words) => {
      const context = Buffer.from(words);
      const wrapped = wrapBytes(key, createSecretKey(under), context);
      expect(wrapped).toHaveLength(60);
      expect(unwrapBytes(wrapped, createSecretKey(under), context).equals(key)).toBe(true);
      expect(referenceWrap(key, under, wrapped.subarray(0, 12), context).equals(wrapped)).toBe(true);
    }),
  );
});

test('any bit flipped, any cut, any extension, any other context or key is refused', () => {
  fc.assert(
    fc.property(
      keys,
      keys,
      fc.string(),
      fc.nat(479),
      fc.nat(59),
      fc.uint8Array({ minLength: 1, maxLength: 64 }),
      (key, under, words, bit, length, more) => {
        const [secret, context] = [createSecretKey(under), Buffer.from(words)];
        const wrapped = wrapBytes(key, secret, context);
        const refused = (bytes: Buffer, other = context, by = secret) =>
          expect(() => unwrapBytes(bytes, by, other)).toThrow(IntegrityError);
        refused(flipped(wrapped, bit));
        refused(wrapped.subarray(0, length));
        refused(Buffer.concat([wrapped, more]));
        refused(wrapped, Buffer.from(`${words}.`));
        refused(wrapped, context, createSecretKey(randomBytes(32)));
      },
    ),
  );
});

test('a wrapped data key opens as itself only: another id, owner, purpose or epoch is refused', () => {
  fc.assert(
    fc.property(keys, identities, identities, (key, identity, other) => {
      const kek = createSecretKey(randomBytes(32));
      const row = { ...identity, wrapped: wrapDataKey(key, kek, identity), kcv: keyCheckValue(key) };
      expect(unwrapDataKey(row, kek).export().equals(key)).toBe(true);
      for (const part of ['id', 'owner', 'purpose', 'kekEpoch'] as const) {
        if (identity[part] === other[part]) continue;
        expect(() => unwrapDataKey({ ...row, [part]: other[part] }, kek)).toThrow(IntegrityError);
      }
      expect(() => unwrapDataKey({ ...row, kcv: flipped(row.kcv, 0) }, kek)).toThrow(IntegrityError);
    }),
  );
});

test('a moved epoch is the same key under the new root key only', async () => {
  const [from, to] = [
    custodyFromSecret(randomBytes(32).toString('hex')),
    custodyFromSecret(randomBytes(32).toString('hex')),
  ];
  const row = await newEpoch(from, 7);
  const moved = await moveEpoch(row, from, to);
  expect({ ...moved, wrapped: null }).toEqual({ ...row, wrapped: null });
  expect((await unwrapEpoch(to, moved)).export()).toEqual((await unwrapEpoch(from, row)).export());
  await expect(unwrapEpoch(from, moved)).rejects.toThrow(WrongRootKeyError);
  await expect(moveEpoch(moved, from, to)).rejects.toThrow(WrongRootKeyError);
});
