import { BindingError } from './errors';

const NOT_HEX = 0xff;
const nibbles = new Uint8Array(256).fill(NOT_HEX);
for (let value = 0; value < 16; value++) {
  nibbles[value.toString(16).charCodeAt(0)] = value;
  nibbles[value.toString(16).toUpperCase().charCodeAt(0)] = value;
}

const DASH = '-'.charCodeAt(0);
const TEXT_LENGTH = 36;

/** Writes the 16 bytes of a textual UUID (RFC 9562) at `offset`. Throws BindingError for any other text. */
export function writeUuid(uuid: string, target: Buffer, offset: number): void {
  let at = 0;
  let end = offset;
  let seen = uuid.length === TEXT_LENGTH ? 0 : NOT_HEX;
  while (at < TEXT_LENGTH && seen < 16) {
    if (at === 8 || at === 13 || at === 18 || at === 23) {
      if (uuid.charCodeAt(at++) !== DASH) break;
      continue;
    }
    const high = nibbles[uuid.charCodeAt(at++)] ?? NOT_HEX;
    const low = nibbles[uuid.charCodeAt(at++)] ?? NOT_HEX;
    seen = high | low;
    target[end++] = (high << 4) | low;
  }
  if (seen >= 16 || end !== offset + 16) throw new BindingError('A row or owner is not named by a UUID.');
}
