import { BindingError } from './errors';

const NOT_HEX = 0xff;
const nibbles = new Uint8Array(256).fill(NOT_HEX);
for (let value = 0; value < 16; value++) {
  nibbles[value.toString(16).charCodeAt(0)] = value;
  nibbles[value.toString(16).toUpperCase().charCodeAt(0)] = value;
}

const DASH = '-'.charCodeAt(0);
const TEXT_LENGTH = 36;

/**
 * Writes the 16 bytes of a textual UUID (RFC 9562) at `offset`. Throws BindingError for any other text. By table rather
 * than `Buffer.from(hex)`, since every sealing and opening does it twice.
 */
export function writeUuid(uuid: string, target: Buffer, offset: number): void {
  let bad = uuid.length !== TEXT_LENGTH;
  let end = offset;
  for (let at = 0; at < TEXT_LENGTH && !bad;) {
    if (at === 8 || at === 13 || at === 18 || at === 23) {
      bad = uuid.charCodeAt(at++) !== DASH;
      continue;
    }
    const high = nibbles[uuid.charCodeAt(at++)] ?? NOT_HEX;
    const low = nibbles[uuid.charCodeAt(at++)] ?? NOT_HEX;
    bad = (high | low) > 0x0f;
    target[end++] = (high << 4) | low;
  }
  if (bad) throw new BindingError('A row or owner is not named by a UUID.');
}
