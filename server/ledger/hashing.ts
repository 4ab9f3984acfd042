import { hash } from 'node:crypto';

const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);
const CHAIN = Buffer.of(2);

export const HASH_BYTES = 32;

/** In one call: for inputs this short, most of a hash object's time would be its making. */
function sha256(...parts: Uint8Array[]): Buffer {
  return hash('sha256', Buffer.concat(parts), 'buffer');
}

/** Leaf of an entry: SHA-256(00 ‖ entry), RFC 6962 section 2.1. */
export function leafOf(entry: Buffer): Buffer {
  return sha256(LEAF, entry);
}

/** Inner node: SHA-256(01 ‖ left ‖ right), RFC 6962 section 2.1. */
export function nodeOf(left: Buffer, right: Buffer): Buffer {
  return sha256(NODE, left, right);
}

/** The link before the first entry: SHA-256(02 ‖ origin). */
export function chainStart(origin: string): Buffer {
  return sha256(CHAIN, Buffer.from(origin));
}

/** The next link: SHA-256(02 ‖ previous link ‖ leaf). */
export function chainNext(previous: Buffer, leaf: Buffer): Buffer {
  return sha256(CHAIN, previous, leaf);
}

/** Root of the empty tree: SHA-256 of nothing. */
export const EMPTY_ROOT = sha256();
