import fc from 'fast-check';
import {
  consistencyProof,
  inclusionProof,
  isConsistent,
  leafOf,
  rootByInclusion,
  rootByTiles,
} from '../../../server/ledger';
import vectors from '../../vectors/ledger-merkle.json';
import { consistencyByDefinition, leavesOf, pathByDefinition, rootByDefinition, tilesOf } from './trees';

const hex = (hashes: readonly Buffer[]) => hashes.map((hash) => hash.toString('hex'));

describe('the RFC 6962 vectors of eight leaves', () => {
  const leaves = vectors.leaves.map((leaf) => leafOf(Buffer.from(leaf, 'hex')));
  const root = (size: number) => Buffer.from(vectors.roots[size]!, 'hex');

  test.each(vectors.paths)('inclusion of leaf $leaf in a tree of $size', async ({ leaf, size, path }) => {
    const made = await inclusionProof(leaf, size, tilesOf(leaves.slice(0, size)));
    expect(hex(made)).toEqual(path);
    expect(rootByInclusion(leaves[leaf]!, leaf, size, made)).toEqual(root(size));
  });

  test.each(vectors.proofs)('consistency of $from with $to', async ({ from, to, path }) => {
    const made = await consistencyProof(from, to, tilesOf(leaves.slice(0, to)));
    expect(hex(made)).toEqual(path);
    expect(isConsistent({ size: from, root: root(from) }, { size: to, root: root(to) }, made)).toBe(true);
  });
});

test('every proof of every tree up to 70 leaves is the one of the definition, and is accepted', async () => {
  const all = leavesOf(70);
  for (let size = 1; size <= all.length; size += 1) {
    const leaves = all.slice(0, size);
    const root = rootByDefinition(leaves);
    const read = tilesOf(leaves);
    for (let index = 0; index < size; index += 1) {
      const proof = await inclusionProof(index, size, read);
      expect(hex(proof)).toEqual(hex(pathByDefinition(index, leaves)));
      expect(rootByInclusion(leaves[index]!, index, size, proof)).toEqual(root);
    }
    for (let from = 1; from <= size; from += 1) {
      const proof = await consistencyProof(from, size, read);
      expect(hex(proof)).toEqual(hex(consistencyByDefinition(from, leaves)));
      const older = { size: from, root: rootByDefinition(leaves.slice(0, from)) };
      expect(isConsistent(older, { size, root }, proof)).toBe(true);
    }
  }
});

const large = leavesOf(2_000);

test('large trees, across tiles: made from tiles, equal to the definition, mutations refused', async () => {
  const known = new Map<string, Promise<Buffer>>();
  const places = fc
    .tuple(fc.integer({ min: 1, max: large.length }), fc.nat(), fc.nat())
    .map(([size, one, other]) => ({ size, index: one % size, from: 1 + (other % size) }));
  await fc.assert(
    fc.asyncProperty(places, fc.nat(), fc.nat({ max: 255 }), async ({ size, index, from }, place, bit) => {
      const leaves = large.slice(0, size);
      const root = rootByDefinition(leaves);
      const read = tilesOf(leaves);
      expect(await rootByTiles(size, read)).toEqual(root);

      const path = await inclusionProof(index, size, read);
      expect(hex(path)).toEqual(hex(pathByDefinition(index, leaves)));
      expect(await inclusionProof(index, size, read, known)).toEqual(path);
      for (const wrong of mutations(path, place, bit)) {
        expect(rootByInclusion(leaves[index]!, index, size, wrong)?.equals(root) ?? false).toBe(false);
      }
      if (index > 0) expect(rootByInclusion(leaves[index]!, index - 1, size, path)?.equals(root) ?? false).toBe(false);

      const older = { size: from, root: rootByDefinition(leaves.slice(0, from)) };
      const proof = await consistencyProof(from, size, read);
      expect(hex(proof)).toEqual(hex(consistencyByDefinition(from, leaves)));
      for (const wrong of mutations(proof, place, bit)) expect(isConsistent(older, { size, root }, wrong)).toBe(false);
      expect(isConsistent({ size: from, root: flipped(older.root, bit) }, { size, root }, proof)).toBe(false);
      expect(isConsistent(older, { size, root: flipped(root, bit) }, proof)).toBe(false);
    }),
    { numRuns: 60, seed: 6962 },
  );
});

test('what cannot be: an index outside, a tree that shrank, numbers that are none', async () => {
  const read = tilesOf(large);
  await expect(async () => inclusionProof(5, 5, read)).rejects.toThrow(RangeError);
  await expect(async () => inclusionProof(-1, 5, read)).rejects.toThrow(RangeError);
  await expect(async () => consistencyProof(6, 5, read)).rejects.toThrow(RangeError);
  await expect(async () => consistencyProof(0.5, 5, read)).rejects.toThrow(RangeError);
  const root = rootByDefinition(large);
  expect(rootByInclusion(large[0]!, 2_000, 2_000, [])).toBeNull();
  expect(rootByInclusion(large[0]!, 0, 2_000, [])).toBeNull();
  expect(isConsistent({ size: 2_001, root }, { size: 2_000, root }, [])).toBe(false);
  expect(isConsistent({ size: 0, root }, { size: 2_000, root }, [])).toBe(false);
  expect(isConsistent({ size: 0, root: rootByDefinition([]) }, { size: 2_000, root }, [])).toBe(true);
});

function flipped(hash: Buffer, bit: number): Buffer {
  const copy = Buffer.from(hash);
  copy[bit >> 3]! ^= 1 << (bit & 7);
  return copy;
}

/** The proof with a bit flipped, a node missing, one too many, and two in the wrong order. */
function mutations(proof: readonly Buffer[], place: number, bit: number): Buffer[][] {
  const longer = [...proof, large[place % large.length]!];
  if (proof.length === 0) return [longer];
  const at = place % proof.length;
  const swapped = proof.length > 1 ? [[...proof.slice(1), proof[0]!]] : [];
  return [
    proof.map((node, other) => (other === at ? flipped(node, bit) : node)),
    proof.slice(0, -1),
    longer,
    ...swapped,
  ];
}
