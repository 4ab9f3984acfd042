import type { KeyObject } from 'node:crypto';
import { HASH_BYTES } from './hashing';
import { cosignatureLine, cosignedAt, readNote, signatureLine, signedBy } from './note';

/** What a checkpoint says of a log (C2SP tlog-checkpoint). */
export interface Checkpoint {
  origin: string;
  size: number;
  root: Buffer;
}

/** Text of a checkpoint: origin, size, root in base64, a line each. */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${root.toString('base64')}\n`;
}

/**
 * A signed note (C2SP signed-note): the text, an empty line, a signature line of each key under the origin's name. Given a
 * time, the first key also signs when that was (C2SP tlog-cosignature), so that a reader can tell an old note from a new one.
 */
export function signCheckpoint(checkpoint: Checkpoint, keys: KeyObject | readonly KeyObject[], at?: Date): string {
  const signers = [keys].flat();
  const text = checkpointText(checkpoint);
  const lines = signers.map((key) => signatureLine(text, checkpoint.origin, key));
  if (at && signers[0]) lines.push(cosignatureLine(text, checkpoint.origin, signers[0], at));
  return `${text}\n${lines.join('')}`;
}

/** What a note says, whoever signed it; null when it is no checkpoint. */
export function readCheckpoint(note: string): Checkpoint | null {
  const [origin, size, encoded] = readNote(note)?.text.split('\n') ?? [];
  if (!origin || !size || !encoded || !/^(0|[1-9]\d{0,14})$/.test(size)) return null;
  const checkpoint = { origin, size: Number(size), root: Buffer.from(encoded, 'base64') };
  const exact = checkpoint.root.length === HASH_BYTES && note.startsWith(`${checkpointText(checkpoint)}\n`);
  return exact ? checkpoint : null;
}

/**
 * Reads a checkpoint that carries the signature of one of these keys. Null when it is malformed or signed by none of them;
 * further signature lines (of witnesses) are passed over.
 */
export function openCheckpoint(note: string, keys: KeyObject | readonly KeyObject[]): Checkpoint | null {
  const checkpoint = readCheckpoint(note);
  const signed = readNote(note);
  if (!checkpoint || !signed) return null;
  const genuine = [keys].flat().some((key) => signedBy(signed, { name: checkpoint.origin, key }));
  return genuine ? checkpoint : null;
}

/** When the log itself signed this checkpoint last, by one of these keys; null when it does not say. */
export function checkpointTime(note: string, keys: KeyObject | readonly KeyObject[]): Date | null {
  const signed = readNote(note);
  const name = signed?.text.split('\n')[0];
  if (!signed || !name) return null;
  const times = [keys].flat().map((key) => cosignedAt(signed, { name, key })?.valueOf() ?? 0);
  const newest = Math.max(0, ...times);
  return newest > 0 ? new Date(newest) : null;
}
