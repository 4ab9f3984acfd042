import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { text } from '../../../server/crypto/codec';
import { dissect, keyIdOf, openEnvelope, sealEnvelope, type Binding } from '../../../server/crypto/envelope';
import { BindingError, IntegrityError } from '../../../server/crypto/errors';
import vectors from '../../vectors/envelope-v1.json';
import { referenceOpen, referenceSeal } from './reference';

const raw = randomBytes(32);
const key = createSecretKey(raw);
const keyId = 0x0123_4567_89ab_cdefn;
const place: Binding = { table: 'patient', column: 'diagnosis', row: randomUUID(), owner: randomUUID() };
const value = text.encode('Influenza A');
const sealed = () => sealEnvelope(value, key, keyId, place);

const changed = (envelope: Buffer, at: number, to: number) => {
  const copy = Buffer.from(envelope);
  copy[at] = to;
  return copy;
};

describe('Envelope v1', () => {
  test.each(vectors)('vector: $name', (vector) => {
    const vectorKey = Buffer.from(vector.key, 'hex');
    const envelope = Buffer.from(vector.envelope, 'hex');
    const plain = Buffer.from(vector.value, 'hex');
    const nonce = Buffer.from(vector.nonce, 'hex');
    expect(referenceSeal(plain, vectorKey, BigInt(vector.keyId), nonce, vector.binding)).toEqual(envelope);
    expect(openEnvelope(envelope, createSecretKey(vectorKey), vector.binding)).toEqual(plain);
    expect(keyIdOf(envelope)).toBe(BigInt(vector.keyId));
  });

  const bindings = fc.record({
    table: fc.stringMatching(/^[a-z_]{1,30}$/),
    column: fc.stringMatching(/^[a-z_é]{1,30}$/),
    row: fc.uuid(),
    owner: fc.uuid(),
  });
  const values = fc.uint8Array({ maxLength: 9000 }).map((bytes) => Buffer.from(bytes));

  test('what is sealed opens again, and the independent implementation agrees both ways', () => {
    fc.assert(
      fc.property(values, bindings, fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }), (plain, binding, id) => {
        const envelope = sealEnvelope(plain, key, id, binding);
        expect(openEnvelope(envelope, key, binding).equals(plain)).toBe(true);
        expect(referenceOpen(envelope, raw, binding).equals(plain)).toBe(true);
        const theirs = referenceSeal(plain, raw, id, randomBytes(12), binding);
        expect(openEnvelope(theirs, key, binding).equals(plain)).toBe(true);
        expect(keyIdOf(envelope)).toBe(id);
      }),
    );
  });

  test('the database domain takes every envelope: 70 bytes or more, 6 modulo 32, magic 0xE1', () => {
    fc.assert(
      fc.property(values, (plain) => {
        const envelope = sealEnvelope(plain, key, 1n, place);
        expect(envelope.length).toBeGreaterThanOrEqual(70);
        expect(envelope.length % 32).toBe(6);
        expect(envelope[0]).toBe(225);
      }),
    );
  });

  test('one sealed while another is being looked at leaves it alone', () => {
    const first = sealed();
    const opened = openEnvelope(first, key, place);
    sealEnvelope(text.encode('something else entirely, and longer'), key, keyId, { ...place, row: randomUUID() });
    expect(opened.equals(value)).toBe(true);
    expect(openEnvelope(first, key, place).equals(value)).toBe(true);
  });

  test('a sealing that failed leaves nothing behind in the next', () => {
    const nowhere = { ...place, row: 'nowhere' };
    expect(() => sealEnvelope(Buffer.alloc(500, 0xaa), key, keyId, nowhere)).toThrow(BindingError);
    expect(openEnvelope(sealed(), key, place).equals(value)).toBe(true);
  });

  test('no nonce comes twice, also over many refills of the pool', () => {
    const nonces = new Set(Array.from({ length: 5000 }, () => dissect(sealed()).nonce.toString('hex')));
    expect(nonces.size).toBe(5000);
  });

  test('dissect shows the parts and opens nothing', () => {
    const envelope = sealed();
    const parts = dissect(envelope);
    expect(parts).toMatchObject({ suite: 'AES-256-GCM', keyId });
    expect([parts.nonce.length, parts.ciphertext.length, parts.tag.length]).toEqual([12, 32, 16]);
    expect(Buffer.concat([envelope.subarray(0, 10), parts.nonce, parts.ciphertext, parts.tag])).toEqual(envelope);
  });
});

describe('An attacker with the database', () => {
  const refuses = (envelope: Buffer, binding: Binding = place) =>
    expect(() => openEnvelope(envelope, key, binding)).toThrow(IntegrityError);

  test.each(['row', 'owner'] as const)('moves a cell to another %s', (part) => {
    refuses(sealed(), { ...place, [part]: randomUUID() });
  });

  test.each(['table', 'column'] as const)('moves a cell to another %s', (part) => {
    refuses(sealed(), { ...place, [part]: 'treatment' });
  });

  test('shifts a letter from the table name to the column name', () => {
    const envelope = sealEnvelope(value, key, keyId, { ...place, table: 'ab', column: 'c' });
    refuses(envelope, { ...place, table: 'a', column: 'bc' });
  });

  test('swaps row and owner', () => {
    refuses(sealed(), { ...place, row: place.owner, owner: place.row });
  });

  test('flips any single bit', () => {
    const envelope = sealed();
    for (let bit = 0; bit < envelope.length * 8; bit++) {
      refuses(changed(envelope, bit >> 3, (envelope[bit >> 3] as number) ^ (1 << (bit & 7))));
    }
  });

  test('cuts the envelope anywhere, front or back, or lengthens it', () => {
    const envelope = sealEnvelope(Buffer.alloc(100, 7), key, keyId, place);
    for (let length = 0; length < envelope.length; length++) {
      refuses(envelope.subarray(0, length));
      refuses(envelope.subarray(envelope.length - length));
    }
    refuses(Buffer.concat([envelope, Buffer.alloc(32)]));
    refuses(Buffer.concat([envelope.subarray(0, 22), envelope.subarray(54)]));
  });

  test('plants plaintext, also in the shape the domain takes', () => {
    refuses(Buffer.from('Influenza A'));
    const shaped = Buffer.alloc(70, 'Influenza A ');
    shaped[0] = 0xe1;
    refuses(shaped);
    refuses(changed(shaped, 1, 1));
  });

  test('downgrades the suite', () => {
    for (const suite of [0, 2, 0xff]) {
      const downgraded = changed(sealed(), 1, suite);
      refuses(downgraded);
      expect(() => keyIdOf(downgraded)).toThrow(IntegrityError);
      expect(() => dissect(downgraded)).toThrow(IntegrityError);
    }
  });

  test('offers a tag of four bytes', () => {
    const envelope = sealed();
    refuses(envelope.subarray(0, envelope.length - 12));
    refuses(Buffer.concat([envelope.subarray(0, 22), Buffer.alloc(28), envelope.subarray(22 + 32, 22 + 32 + 4)]));
    refuses(Buffer.concat([envelope.subarray(0, -16), envelope.subarray(-16, -12), Buffer.alloc(12)]));
  });

  test('names another key id, or brings a value sealed under another key', () => {
    refuses(changed(sealed(), 9, 0));
    refuses(sealEnvelope(value, createSecretKey(randomBytes(32)), keyId, place));
  });

  test('learns nothing from an error', () => {
    const envelope = changed(sealed(), 30, 0);
    const error = (() => {
      try {
        openEnvelope(envelope, key, place);
      } catch (caught) {
        return caught as Error;
      }
      throw new Error('opened');
    })();
    const said = `${error.message} ${error.stack} ${JSON.stringify(error)}`;
    for (const secret of ['Influenza', raw.toString('hex'), place.row, place.owner]) expect(said).not.toContain(secret);
  });
});

test('every enum value, and a name of up to 30 letters, seals to one length', () => {
  const words = ['M', 'MALE', 'FEMALE', 'OTHER', 'UNKNOWN', 'ENTERED_IN_ERROR', '', 'x'.repeat(30)];
  const lengths = new Set(words.map((word) => sealEnvelope(text.encode(word), key, 1n, place).length));
  expect([...lengths]).toEqual([70]);
});

test('authenticated but malformed padding is refused', () => {
  const body = Buffer.alloc(32); // no 0x80 anywhere
  const proper = referenceSeal(Buffer.alloc(31), raw, 1n, Buffer.alloc(12, 1), place);
  const { createCipheriv } = jest.requireActual<typeof import('node:crypto')>('node:crypto');
  const cipher = createCipheriv('aes-256-gcm', raw, Buffer.alloc(12, 1));
  const uuid = (id: string) => Buffer.from(id.replaceAll('-', ''), 'hex');
  const name = (word: string) => Buffer.concat([Buffer.of(word.length), Buffer.from(word)]);
  cipher.setAAD(
    Buffer.concat([proper.subarray(0, 10), name(place.table), name(place.column), uuid(place.row), uuid(place.owner)]),
  );
  const ciphertext = Buffer.concat([cipher.update(body), cipher.final()]);
  const forged = Buffer.concat([proper.subarray(0, 22), ciphertext, cipher.getAuthTag()]);
  expect(() => openEnvelope(forged, key, place)).toThrow('padding');
});

test.each(['', 'not-a-uuid', `${place.row}0`, place.row.replace(/-/g, ''), place.row.replace(/.$/, 'g')])(
  'a row called %j is no row',
  (row) => {
    expect(() => sealEnvelope(value, key, 1n, { ...place, row })).toThrow(BindingError);
  },
);

test('a UUID in capitals is the same UUID', () => {
  expect(openEnvelope(sealed(), key, { ...place, row: place.row.toUpperCase() }).equals(value)).toBe(true);
});

test.each(['', 'x'.repeat(256)])('a column name of 0 or 256 bytes is refused', (column) => {
  expect(() => sealEnvelope(value, key, 1n, { ...place, column })).toThrow(BindingError);
});
