import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';

/** What a checkpoint says of a log (C2SP tlog-checkpoint). */
export interface Checkpoint {
  origin: string;
  size: number;
  root: Buffer;
}

const ED25519 = 1;
const HINT_BYTES = 4;
const SPKI_PREFIX_BYTES = 12;

/** Text of a checkpoint: origin, size, root in base64, a line each. */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${root.toString('base64')}\n`;
}

/** A signed note (C2SP signed-note): the text, an empty line, the signature line of this key under the origin's name. */
export function signCheckpoint(checkpoint: Checkpoint, key: KeyObject): string {
  const text = checkpointText(checkpoint);
  const signature = Buffer.concat([
    keyHint(checkpoint.origin, createPublicKey(key)),
    sign(null, Buffer.from(text), key),
  ]);
  return `${text}\n— ${checkpoint.origin} ${signature.toString('base64')}\n`;
}

/**
 * Reads a signed note and checks the signature of this public key. Null when it is malformed or not signed by it; further
 * signature lines (of witnesses) are passed over.
 */
export function openCheckpoint(note: string, key: KeyObject): Checkpoint | null {
  const [text, signatures] = splitNote(note);
  if (!text || !signatures) return null;
  const [origin, size, root, ...rest] = text.split('\n');
  if (!origin || !size || !root || rest.join('') !== '' || !/^(0|[1-9]\d{0,15})$/.test(size)) return null;
  const hint = keyHint(origin, key);
  const signed = signatures.split('\n').some((line) => {
    const [dash, name, encoded] = line.split(' ');
    if (dash !== '—' || name !== origin || !encoded) return false;
    const bytes = Buffer.from(encoded, 'base64');
    return (
      bytes.subarray(0, HINT_BYTES).equals(hint) && verify(null, Buffer.from(text), key, bytes.subarray(HINT_BYTES))
    );
  });
  return signed ? { origin, size: Number(size), root: Buffer.from(root, 'base64') } : null;
}

function splitNote(note: string): [string, string] | [null, null] {
  const gap = note.indexOf('\n\n');
  return gap < 0 ? [null, null] : [note.slice(0, gap + 1), note.slice(gap + 2)];
}

/** First four bytes of SHA-256(name ‖ newline ‖ 01 ‖ public key), C2SP signed-note. */
export function keyHint(name: string, key: KeyObject): Buffer {
  const raw = key.export({ type: 'spki', format: 'der' }).subarray(SPKI_PREFIX_BYTES);
  return createHash('sha256')
    .update(name)
    .update('\n')
    .update(Buffer.of(ED25519))
    .update(raw)
    .digest()
    .subarray(0, HINT_BYTES);
}
