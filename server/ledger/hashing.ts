import { hash } from 'node:crypto';

export const HASH_BYTES = 32;

/**
 * A hash as a string with a character for each byte (latin1). Node makes one in half the time of a Buffer, and whoever
 * verifies makes three for every entry.
 */
export type Digest = string;

const LEAF = 0;
const NODE = 1;
const CHAIN = 2;

/** SHA-256 of these bytes. */
function sha256(bytes: Uint8Array): Digest {
  return hash('sha256', bytes, 'binary');
}

export function toBuffer(digest: Digest): Buffer {
  return Buffer.from(digest, 'latin1');
}

export function toDigest(bytes: Buffer): Digest {
  return bytes.toString('latin1');
}

/** Room for a tag and two hashes, written over again for each: hashing is synchronous. */
const pair = Buffer.alloc(1 + 2 * HASH_BYTES);
/** Room for a tag and an entry. */
let tagged = Buffer.alloc(1024);

/**
 * Leaf of the entry that lies between these places: SHA-256(00 ‖ entry), RFC 6962 section 2.1. The byte before it, if any, is
 * the tag meanwhile: hashed where it lies, an entry need not be copied.
 */
export function leafDigest(bytes: Buffer, start = 0, end = bytes.length): Digest {
  if (start === 0) return copiedLeafDigest(bytes, end);
  const before = bytes[start - 1]!;
  bytes[start - 1] = LEAF;
  const digest = sha256(bytes.subarray(start - 1, end));
  bytes[start - 1] = before;
  return digest;
}

function copiedLeafDigest(bytes: Buffer, end: number): Digest {
  const length = end + 1;
  if (tagged.length < length) tagged = Buffer.alloc(2 * length);
  tagged[0] = LEAF;
  bytes.copy(tagged, 1, 0, end);
  return sha256(tagged.subarray(0, length));
}

/** Inner node: SHA-256(01 ‖ left ‖ right), RFC 6962 section 2.1. */
export function nodeDigest(left: Digest, right: Digest): Digest {
  return pairDigest(NODE, left, right);
}

/** The next link: SHA-256(02 ‖ previous link ‖ leaf). */
export function chainDigest(previous: Digest, leaf: Digest): Digest {
  return pairDigest(CHAIN, previous, leaf);
}

function pairDigest(tag: number, one: Digest, other: Digest): Digest {
  pair[0] = tag;
  pair.write(one, 1, HASH_BYTES, 'latin1');
  pair.write(other, 1 + HASH_BYTES, HASH_BYTES, 'latin1');
  return sha256(pair);
}

/** Leaf of an entry: SHA-256(00 ‖ entry), RFC 6962 section 2.1. */
export function leafOf(entry: Buffer): Buffer {
  return toBuffer(leafDigest(entry));
}

/** Inner node: SHA-256(01 ‖ left ‖ right), RFC 6962 section 2.1. */
export function nodeOf(left: Buffer, right: Buffer): Buffer {
  return toBuffer(nodeDigest(toDigest(left), toDigest(right)));
}

/** The link before the first entry: SHA-256(02 ‖ origin). */
export function chainStart(origin: string): Buffer {
  return toBuffer(sha256(Buffer.concat([Buffer.of(CHAIN), Buffer.from(origin)])));
}

/** The next link: SHA-256(02 ‖ previous link ‖ leaf). */
export function chainNext(previous: Buffer, leaf: Buffer): Buffer {
  return toBuffer(chainDigest(toDigest(previous), toDigest(leaf)));
}

/** Root of the empty tree: SHA-256 of nothing. */
export const EMPTY_ROOT = toBuffer(sha256(Buffer.alloc(0)));
