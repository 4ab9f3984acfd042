import { createSecretKey, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { bytes, json, text } from '../../../server/crypto/codec';
import { openEnvelope, sealEnvelope, type Binding } from '../../../server/crypto/envelope';
import { IntegrityError } from '../../../server/crypto/errors';

const key = createSecretKey(randomBytes(32));
const ids = fc.bigInt({ min: 1n, max: 2n ** 63n - 1n });
const bindings: fc.Arbitrary<Binding> = fc.record({
  table: fc.stringMatching(/^[a-zé_]{1,40}$/),
  column: fc.stringMatching(/^[a-zé_]{1,40}$/),
  row: fc.uuid(),
  owner: fc.uuid(),
});
const values = fc.uint8Array({ maxLength: 300 }).map((value) => Buffer.from(value));
/** Somewhere in an envelope, whatever its length. */
const somewhere = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

const refused = (envelope: Buffer, binding: Binding): void => {
  expect(() => openEnvelope(envelope, key, binding)).toThrow(IntegrityError);
};

test('a value of any kind comes back as it was, and as no other kind', () => {
  const anything = fc.oneof(
    fc.record({ codec: fc.constant(text), value: fc.string({ unit: 'grapheme' }) }),
    fc.record({ codec: fc.constant(json<unknown>()), value: fc.jsonValue() }),
    fc.record({ codec: fc.constant(bytes), value: values }),
  );
  fc.assert(
    fc.property(anything, bindings, ids, ({ codec, value }, binding, id) => {
      const opened = openEnvelope(sealEnvelope(codec.encode(value as never), key, id, binding), key, binding);
      const back: unknown = codec.decode(opened);
      expect(Buffer.isBuffer(value) ? (back as Buffer).equals(value) : JSON.stringify(back)).toEqual(
        Buffer.isBuffer(value) ? true : JSON.stringify(value),
      );
      for (const other of [text, json<unknown>(), bytes].filter(({ type }) => type !== codec.type)) {
        expect(() => other.decode(opened)).toThrow(IntegrityError);
      }
    }),
  );
});

test('one bit flipped anywhere, in any envelope, is refused', () => {
  fc.assert(
    fc.property(values, bindings, ids, somewhere, (value, binding, id, where) => {
      const envelope = sealEnvelope(value, key, id, binding);
      const bit = Math.floor(where * envelope.length * 8);
      envelope[bit >> 3]! ^= 1 << (bit & 7);
      refused(envelope, binding);
    }),
  );
});

test('cut at either end, lengthened, or with a block left out or doubled, it is refused', () => {
  const more = fc.uint8Array({ minLength: 1, maxLength: 96 });
  fc.assert(
    fc.property(values, bindings, ids, somewhere, more, (value, binding, id, where, tail) => {
      const envelope = sealEnvelope(value, key, id, binding);
      const at = Math.floor(where * envelope.length);
      refused(envelope.subarray(0, at), binding);
      refused(envelope.subarray(at + 1), binding);
      refused(Buffer.concat([envelope, tail]), binding);
      refused(Buffer.concat([envelope.subarray(0, 22), envelope.subarray(54)]), binding);
      refused(Buffer.concat([envelope.subarray(0, 54), envelope.subarray(22)]), binding);
    }),
  );
});

test('brought to any other place, or given the head or tail of another envelope, it is refused', () => {
  fc.assert(
    fc.property(values, values, bindings, bindings, ids, (value, other, here, there, id) => {
      const envelope = sealEnvelope(value, key, id, here);
      for (const part of ['table', 'column', 'row', 'owner'] as const) {
        if (here[part] !== there[part]) refused(envelope, { ...here, [part]: there[part] });
      }
      const second = sealEnvelope(other, key, id, here);
      refused(Buffer.concat([second.subarray(0, 22), envelope.subarray(22)]), here);
      refused(Buffer.concat([envelope.subarray(0, -16), second.subarray(-16)]), here);
    }),
  );
});

test('its length tells the number of padded blocks and nothing else', () => {
  fc.assert(
    fc.property(values, values, bindings, bindings, ids, ids, (one, two, here, there, id, otherId) => {
      const [first, second] = [sealEnvelope(one, key, id, here), sealEnvelope(two, key, otherId, there)];
      const blocks = (value: Buffer): number => Math.floor(value.length / 32);
      expect(first.length === second.length).toBe(blocks(one) === blocks(two));
      expect(first).toHaveLength(22 + 32 * (blocks(one) + 1) + 16);
    }),
  );
});

test('sealed twice, the same value has nothing in common but its head', () => {
  fc.assert(
    fc.property(values, bindings, ids, (value, binding, id) => {
      const [one, two] = [sealEnvelope(value, key, id, binding), sealEnvelope(value, key, id, binding)];
      expect(one.subarray(0, 10)).toEqual(two.subarray(0, 10));
      expect(one.subarray(10, 22)).not.toEqual(two.subarray(10, 22));
      expect(one.subarray(22, 54)).not.toEqual(two.subarray(22, 54));
    }),
  );
});
