import fc from 'fast-check';
import { bytes, json, text } from '../../../server/crypto/codec';
import { IntegrityError } from '../../../server/crypto/errors';

test('text comes back as it went in', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (value) => expect(text.decode(text.encode(value))).toBe(value)),
  );
});

test('JSON comes back as it went in', () => {
  const codec = json<unknown>();
  fc.assert(
    fc.property(fc.json(), (written) => {
      const value: unknown = JSON.parse(written);
      expect(codec.decode(codec.encode(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('bytes come back as they went in', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (value) =>
      expect(bytes.decode(bytes.encode(Buffer.from(value)))).toEqual(Buffer.from(value)),
    ),
  );
});

test('the type byte leads', () => {
  expect(text.encode('né')).toEqual(Buffer.from('016ec3a9', 'hex'));
  expect(json().encode([])).toEqual(Buffer.from('025b5d', 'hex'));
});

test('a value never opens as another type', () => {
  expect(() => text.decode(json().encode('x'))).toThrow(IntegrityError);
  expect(() => json().decode(text.encode('{}'))).toThrow(IntegrityError);
  expect(() => bytes.decode(text.encode('x'))).toThrow(IntegrityError);
  expect(() => text.decode(Buffer.alloc(0))).toThrow(IntegrityError);
});

test('what JSON opens to cannot be changed in place, since the change would be lost', () => {
  const codec = json<{ given: string[] }>();
  const name = codec.decode(codec.encode({ given: ['Ada'] }));
  expect(() => name.given.push('B.')).toThrow(TypeError);
});

test('undefined has no JSON form', () => {
  expect(() => json<unknown>().encode(undefined)).toThrow(TypeError);
});
