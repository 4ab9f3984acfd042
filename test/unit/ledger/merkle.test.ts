import { createHash } from 'node:crypto';
import { Frontier, chainNext, chainStart, leafOf, toDigest, type Digest } from '../../../server/ledger';
import vectors from '../../vectors/ledger-merkle.json';

const sha256 = (...parts: (Buffer | string)[]) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** RFC 6962 section 2.1 as it is written there: split at the largest power of two below the size. */
function rootByDefinition(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return leaves[0]!;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return sha256(Buffer.of(1), rootByDefinition(leaves.slice(0, split)), rootByDefinition(leaves.slice(split)));
}

test('roots of the RFC 6962 vectors', () => {
  const tree = Frontier.empty();
  expect(tree.root().toString('hex')).toBe(vectors.roots[0]);
  vectors.leaves.forEach((leaf, index) => {
    tree.append(leafOf(Buffer.from(leaf, 'hex')));
    expect(tree.root().toString('hex')).toBe(vectors.roots[index + 1]);
  });
});

test('every size up to 300 has the root of the definition, also when the frontier was stored in between', () => {
  const leaves: Buffer[] = [];
  let tree = Frontier.empty();
  for (let size = 0; size < 300; size += 1) {
    expect(tree.size).toBe(size);
    expect(tree.root().equals(rootByDefinition(leaves))).toBe(true);
    const leaf = leafOf(Buffer.from(`entry ${size}`));
    leaves.push(leaf);
    tree.append(leaf);
    if (size % 7 === 0) tree = Frontier.of(tree.size, tree.nodes);
  }
});

test('the roots of complete subtrees are told as the leaves that end them come', () => {
  const leaves = Array.from({ length: 77 }, (_, n) => leafOf(Buffer.from(`entry ${n}`)));
  const tree = Frontier.empty();
  for (const [n, leaf] of leaves.entries()) {
    const told: [number, Digest][] = [];
    tree.appendDigest(toDigest(leaf), (height, root) => told.push([height, root]));
    const heights = [1, 2, 3, 4, 5, 6].filter((height) => (n + 1) % 2 ** height === 0);
    const roots = heights.map((height) => rootByDefinition(leaves.slice(n + 1 - 2 ** height, n + 1)));
    expect(told).toEqual(heights.map((height, place) => [height, toDigest(roots[place]!)]));
  }
});

test('a frontier that does not fit its size is refused', () => {
  const node = leafOf(Buffer.from('x'));
  expect(() => Frontier.of(3, [node])).toThrow(RangeError);
  expect(() => Frontier.of(0, [node])).toThrow(RangeError);
  expect(() => Frontier.of(2 ** 40, [node])).not.toThrow();
});

test('leaf and chain are the hashes the format names', () => {
  const entry = Buffer.from('{"v":1}');
  expect(leafOf(entry)).toEqual(sha256(Buffer.of(0), entry));
  expect(chainStart('chartseal/a')).toEqual(sha256(Buffer.of(2), 'chartseal/a'));
  expect(chainNext(chainStart('chartseal/a'), leafOf(entry))).toEqual(
    sha256(Buffer.of(2), chainStart('chartseal/a'), leafOf(entry)),
  );
});
