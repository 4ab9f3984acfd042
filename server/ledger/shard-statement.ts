import { createHash, type KeyObject } from 'node:crypto';
import type { Checkpoint } from './checkpoint';
import { decodeEntry } from './entry';
import { HASH_BYTES } from './hashing';
import { readNote, signatureLine, signedBy } from './note';

/** Entries that were signed once and are gone since a backup was restored: those of this log from `from` to `size - 1`. */
export interface LostEntries extends Checkpoint {
  from: number;
}

/** What the first entry of a shard after the first one says: which log it is, and of which one it is the continuation. */
export interface ShardOpening {
  action: 'shard' | 'restore-log';
  origin: string;
  closed: Checkpoint;
  /** Of the final note of the closed shard. */
  noteHash: string;
  /** Only of a restore. */
  lost: readonly LostEntries[];
}

/** That this shard and all before it were dropped, and what was last written of the rows of which they alone speak. */
export interface ShardsDropped {
  dropped: Checkpoint;
  noteHash: string;
  /** How many rows, and the hash over what is kept of them. */
  rows: { count: number; hash: string };
  /** What restores had lost until then: the entries that told of it may be among those dropped. */
  lost: readonly LostEntries[];
}

/** Hash by which an entry names a final note: SHA-256 of its text and all its signature lines, hex. */
export function noteHashOf(note: string): string {
  return createHash('sha256').update(note).digest('hex');
}

/**
 * The fields (`f`) of a shard's first entry: a line for each fact, and last the log key's signature over them (C2SP
 * signed-note), so that nobody who only holds the database can pretend that a shard was closed or a backup restored.
 */
export function openingFields({ action, origin, closed, noteHash, lost }: ShardOpening, key: KeyObject): string[] {
  const lines = [`origin ${origin}`, `closed ${checkpointLine(closed)}`, `note ${noteHash}`, ...lost.map(lostLine)];
  return signed(action, lines, origin, key);
}

/** The fields of the entry that says that shards were dropped; signed as those of an opening are. */
export function droppedFields({ dropped, noteHash, rows, lost }: ShardsDropped, key: KeyObject): string[] {
  const lines = [
    `dropped ${checkpointLine(dropped)}`,
    `note ${noteHash}`,
    `rows ${rows.count} ${rows.hash}`,
    ...lost.map(lostLine),
  ];
  return signed('drop-shard', lines, dropped.origin, key);
}

/** Reads the first entry of a shard. Null when it is no opening, or not signed by one of the keys. */
export function readOpening(entry: Buffer, keys: readonly KeyObject[]): ShardOpening | null {
  const found = readSigned(entry, ['shard', 'restore-log'], keys);
  if (!found) return null;
  const [own = '', old = '', note = '', ...others] = found.lines;
  const [, origin] = /^origin (\S+)$/.exec(own) ?? [];
  const [, noteHash] = /^note ([\da-f]{64})$/.exec(note) ?? [];
  const closed = readCheckpointLine(/^closed (.*)$/.exec(old)?.[1]);
  const lost = others.map(readLost);
  if (!origin || origin !== found.name || !noteHash || !closed || !lost.every((one) => one !== null)) return null;
  return { action: found.action as ShardOpening['action'], origin, closed, noteHash, lost };
}

/** Reads an entry about dropped shards. Null when it is none, or not signed by one of the keys. */
export function readDropped(entry: Buffer, keys: readonly KeyObject[]): ShardsDropped | null {
  const found = readSigned(entry, ['drop-shard'], keys);
  if (!found) return null;
  const [gone = '', note = '', kept = '', ...others] = found.lines;
  const [, noteHash] = /^note ([\da-f]{64})$/.exec(note) ?? [];
  const [, count, hash] = /^rows (\d{1,15}) ([\da-f]{64})$/.exec(kept) ?? [];
  const dropped = readCheckpointLine(/^dropped (.*)$/.exec(gone)?.[1]);
  const lost = others.map(readLost);
  const sound = lost.every((one) => one !== null);
  if (!dropped || dropped.origin !== found.name || !noteHash || !count || !hash || !sound) return null;
  return { dropped, noteHash, rows: { count: Number(count), hash }, lost };
}

/** What is signed. Its first two lines make sure that it can never be taken for a checkpoint, signed by the same key. */
function signedText(action: string, lines: readonly string[]): string {
  return [`chartseal/${action}/v1`, ...lines, ''].join('\n');
}

function signed(action: string, lines: readonly string[], name: string, key: KeyObject): string[] {
  return [...lines, signatureLine(signedText(action, lines), name, key).trimEnd()];
}

function readSigned(entry: Buffer, actions: readonly string[], keys: readonly KeyObject[]) {
  const { a: action, f: fields } = decodeEntry(entry);
  if (!actions.includes(action) || !Array.isArray(fields)) return null;
  const lines = fields.slice(0, -1);
  const note = readNote(`${signedText(action, lines)}\n${fields.at(-1)}\n`);
  const name = note?.signatures[0]?.name;
  if (!note || !name || note.text !== signedText(action, lines)) return null;
  return keys.some((key) => signedBy(note, { name, key })) ? { action, lines, name } : null;
}

function checkpointLine({ origin, size, root }: Checkpoint): string {
  return `${origin} ${size} ${root.toString('base64')}`;
}

function lostLine(lost: LostEntries): string {
  return `lost ${checkpointLine(lost)} ${lost.from}`;
}

function readCheckpointLine(line = ''): Checkpoint | null {
  const [, origin, size, encoded] = /^(\S+) ([1-9]\d{0,14}) ([A-Za-z\d+/]{43}=)$/.exec(line) ?? [];
  if (!origin || !size || !encoded) return null;
  const root = Buffer.from(encoded, 'base64');
  return root.length === HASH_BYTES ? { origin, size: Number(size), root } : null;
}

function readLost(line: string): LostEntries | null {
  const [, checkpoint, from] = /^lost (\S+ \S+ \S+) (0|[1-9]\d{0,14})$/.exec(line) ?? [];
  const read = readCheckpointLine(checkpoint);
  return read && from && Number(from) < read.size ? { ...read, from: Number(from) } : null;
}
