import { createHash } from 'node:crypto';
import { HASH_BYTES, leafOf, TILE_WIDTH, type ReadTile } from '../../../server/ledger';

const sha256 = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();

/** Leaf hashes of so many entries. */
export function leavesOf(size: number): Buffer[] {
  return Array.from({ length: size }, (_, index) => leafOf(entryAt(index)));
}

export function entryAt(index: number): Buffer {
  return Buffer.from(`entry ${index}`);
}

const split = (count: number) => 2 ** Math.floor(Math.log2(count - 1));

/** MTH of RFC 6962 section 2.1, as it is written there. */
export function rootByDefinition(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return leaves[0]!;
  const k = split(leaves.length);
  return sha256(Buffer.of(1), rootByDefinition(leaves.slice(0, k)), rootByDefinition(leaves.slice(k)));
}

/** PATH of RFC 6962 section 2.1.1, as it is written there. */
export function pathByDefinition(m: number, leaves: readonly Buffer[]): Buffer[] {
  if (leaves.length === 1) return [];
  const k = split(leaves.length);
  return m < k
    ? [...pathByDefinition(m, leaves.slice(0, k)), rootByDefinition(leaves.slice(k))]
    : [...pathByDefinition(m - k, leaves.slice(k)), rootByDefinition(leaves.slice(0, k))];
}

/** SUBPROOF of RFC 6962 section 2.1.2, as it is written there; PROOF(m, D) is SUBPROOF(m, D, true). */
export function consistencyByDefinition(m: number, leaves: readonly Buffer[], whole = true): Buffer[] {
  if (m === leaves.length) return whole ? [] : [rootByDefinition(leaves)];
  const k = split(leaves.length);
  return m <= k
    ? [...consistencyByDefinition(m, leaves.slice(0, k), whole), rootByDefinition(leaves.slice(k))]
    : [...consistencyByDefinition(m - k, leaves.slice(k), false), rootByDefinition(leaves.slice(0, k))];
}

/** Tiles of these leaves; one wider than the leaves allow is refused. */
export function tilesOf(leaves: readonly Buffer[]): ReadTile {
  const levels = [leaves];
  while (levels.at(-1)!.length >= TILE_WIDTH) {
    const below = levels.at(-1)!;
    const full = Math.floor(below.length / TILE_WIDTH);
    levels.push(
      Array.from({ length: full }, (_, at) => rootByDefinition(below.slice(at * TILE_WIDTH, (at + 1) * TILE_WIDTH))),
    );
  }
  return async ({ level, index, width }) => {
    const hashes = levels[level]!.slice(index * TILE_WIDTH, index * TILE_WIDTH + width);
    if (hashes.length !== width || width < 1 || width > TILE_WIDTH) throw new Error('there is no such tile');
    return Buffer.concat(hashes, width * HASH_BYTES);
  };
}
