import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';

/** A signature line of a note: who, the first bytes of the key's hash, and what follows them. */
export interface NoteSignature {
  name: string;
  hint: Buffer;
  bytes: Buffer;
}

/** A signed note taken apart (C2SP signed-note): the text, its last line feed included, and its signature lines. */
export interface SignedNote {
  text: string;
  signatures: readonly NoteSignature[];
}

/** A key that notes are checked with, and the name it signs under (C2SP signed-note, "verifier key"). */
export interface VerifierKey {
  name: string;
  key: KeyObject;
}

/** How a line was signed: over the text alone, or over a time and the text (C2SP tlog-cosignature). */
export const signatureTypes = { ed25519: 1, cosignature: 4 } as const;
export type SignatureType = (typeof signatureTypes)[keyof typeof signatureTypes];

const HINT_BYTES = 4;
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const TIME_BYTES = 8;
const LINE = /^— ([^\s+]+) ([A-Za-z\d+/]+={0,2})$/;

/** Takes a note apart; null when it is none. Who signed is for `signedBy` and `cosignedAt` to tell. */
export function readNote(note: string): SignedNote | null {
  const gap = note.lastIndexOf('\n\n');
  if (gap < 1 || !note.endsWith('\n')) return null;
  const signatures: NoteSignature[] = [];
  for (const line of note.slice(gap + 2, -1).split('\n')) {
    const [, name, encoded] = LINE.exec(line) ?? [];
    if (!name || !encoded) return null;
    const bytes = Buffer.from(encoded, 'base64');
    if (bytes.length <= HINT_BYTES) return null;
    signatures.push({ name, hint: bytes.subarray(0, HINT_BYTES), bytes: bytes.subarray(HINT_BYTES) });
  }
  return { text: note.slice(0, gap + 1), signatures };
}

/** Whether a line of this note is this key's signature over the text. */
export function signedBy({ text, signatures }: SignedNote, { name, key }: VerifierKey): boolean {
  const hint = keyHint(name, key);
  return signatures.some(
    (line) => line.name === name && line.hint.equals(hint) && verify(null, Buffer.from(text), key, line.bytes),
  );
}

/** The newest time at which this key said that it had seen the text; null when no line of the note says so. */
export function cosignedAt({ text, signatures }: SignedNote, { name, key }: VerifierKey): Date | null {
  const hint = keyHint(name, key, signatureTypes.cosignature);
  let newest: Date | null = null;
  for (const line of signatures) {
    if (line.name !== name || !line.hint.equals(hint) || line.bytes.length <= TIME_BYTES) continue;
    const seconds = Number(line.bytes.readBigUInt64BE());
    const signature = line.bytes.subarray(TIME_BYTES);
    if (seconds > LAST_SECOND || !verify(null, timedText(seconds, text), key, signature)) continue;
    if (!newest || newest.valueOf() < seconds * 1000) newest = new Date(seconds * 1000);
  }
  return newest;
}

/** A signature line over the text of a note. */
export function signatureLine(text: string, name: string, key: KeyObject): string {
  return line(name, keyHint(name, createPublicKey(key)), sign(null, Buffer.from(text), key));
}

/** A line by which a key says that it had seen the text at this time, to the second (C2SP tlog-cosignature). */
export function cosignatureLine(text: string, name: string, key: KeyObject, at: Date): string {
  const seconds = Math.floor(at.valueOf() / 1000);
  const time = Buffer.alloc(TIME_BYTES);
  time.writeBigUInt64BE(BigInt(seconds));
  const hint = keyHint(name, createPublicKey(key), signatureTypes.cosignature);
  return line(name, hint, Buffer.concat([time, sign(null, timedText(seconds, text), key)]));
}

/** First four bytes of SHA-256(name ‖ newline ‖ type ‖ public key), by which a line names its key. */
export function keyHint(name: string, key: KeyObject, type: SignatureType = signatureTypes.ed25519): Buffer {
  return createHash('sha256')
    .update(`${name}\n`)
    .update(Buffer.of(type))
    .update(rawKey(key))
    .digest()
    .subarray(0, HINT_BYTES);
}

/** A key as one line, `name+hint+key`, for policy files. */
export function writeVerifierKey({ name, key }: VerifierKey, type: SignatureType = signatureTypes.ed25519): string {
  const encoded = Buffer.concat([Buffer.of(type), rawKey(key)]).toString('base64');
  return `${name}+${keyHint(name, key, type).toString('hex')}+${encoded}`;
}

/** Reads such a line, of either type; null when it is none, or its hint is not that of the key. */
export function readVerifierKey(line: string): VerifierKey | null {
  const [, name, hint, encoded] = /^([^\s+]+)\+([\da-f]{8})\+([A-Za-z\d+/]{44})$/.exec(line) ?? [];
  if (!name || !hint || !encoded) return null;
  const bytes = Buffer.from(encoded, 'base64');
  const type = Object.values(signatureTypes).find((known) => known === bytes[0]);
  if (type === undefined) return null;
  const key = publicKeyOf(bytes.subarray(1));
  return keyHint(name, key, type).toString('hex') === hint ? { name, key } : null;
}

/** The 32 bytes of an Ed25519 public key (RFC 8032). */
export function rawKey(key: KeyObject): Buffer {
  const known = rawKeys.get(key);
  if (known) return known;
  const raw = key.export({ type: 'spki', format: 'der' }).subarray(SPKI_PREFIX.length);
  rawKeys.set(key, raw);
  return raw;
}

/** An export takes as long as half a verification, and one key verifies thousands of notes. */
const rawKeys = new WeakMap<KeyObject, Buffer>();

/** An Ed25519 public key from its 32 bytes. Throws when they are none. */
export function publicKeyOf(raw: Buffer): KeyObject {
  return createPublicKey({ key: Buffer.concat([SPKI_PREFIX, raw]), format: 'der', type: 'spki' });
}

const LAST_SECOND = 8.64e12; // what a Date can say

function timedText(seconds: number, text: string): Buffer {
  return Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`);
}

function line(name: string, hint: Buffer, bytes: Buffer): string {
  return `— ${name} ${Buffer.concat([hint, bytes]).toString('base64')}\n`;
}
