import { EMPTY_ROOT, nodeOf } from './hashing';

/** Leaves `start` to `end - 1` of a tree. */
export interface Range {
  start: number;
  end: number;
}

/**
 * The parts of a tree whose roots prove that a leaf is in it, from the leaf upwards (RFC 9162 section 2.1.3.1).
 *
 * @throws RangeError when the tree has no such leaf
 */
export function inclusionRanges(index: number, size: number): Range[] {
  demandWhole(index, size);
  if (index >= size) throw new RangeError('There is no such leaf in a tree of this size.');
  const ranges: Range[] = [];
  for (let start = 0, end = size; end - start > 1;) {
    const middle = start + splitOf(end - start);
    if (index < middle) {
      ranges.push({ start: middle, end });
      end = middle;
    } else {
      ranges.push({ start, end: middle });
      start = middle;
    }
  }
  return ranges.reverse();
}

/**
 * The parts of a tree whose roots prove that it goes on from what it was at a smaller size (RFC 9162 section 2.1.4.1). Of the
 * same size, and of the empty tree, nothing needs to be proven.
 *
 * @throws RangeError when the first size is the larger one
 */
export function consistencyRanges(from: number, to: number): Range[] {
  demandWhole(from, to);
  if (from > to) throw new RangeError('A tree does not go on to a smaller size.');
  if (from === 0 || from === to) return [];
  const ranges: Range[] = [];
  let start = 0;
  for (let end = to; end !== from;) {
    const middle = start + splitOf(end - start);
    if (from <= middle) {
      ranges.push({ start: middle, end });
      end = middle;
    } else {
      ranges.push({ start, end: middle });
      start = middle;
    }
  }
  if (start > 0) ranges.push({ start, end: from }); // else the reader has the root of the smaller tree already
  return ranges.reverse();
}

/** Root of the tree that has this leaf hash at this place, by its inclusion proof; null when the proof has another length. */
export function rootByInclusion(leaf: Buffer, index: number, size: number, proof: readonly Buffer[]): Buffer | null {
  if (!isWhole(index) || !isWhole(size) || index >= size) return null;
  let place = index;
  let last = size - 1;
  let root = leaf;
  for (const sibling of proof) {
    if (last === 0) return null;
    if (isOdd(place) || place === last) {
      root = nodeOf(sibling, root);
      while (!isOdd(place) && place !== 0) [place, last] = [half(place), half(last)];
    } else {
      root = nodeOf(root, sibling);
    }
    [place, last] = [half(place), half(last)];
  }
  return last === 0 ? root : null;
}

/** Whether the proof shows that the tree of the second size and root goes on from the first (RFC 9162 section 2.1.4.2). */
export function isConsistent(
  from: { size: number; root: Buffer },
  to: { size: number; root: Buffer },
  proof: readonly Buffer[],
): boolean {
  if (!isWhole(from.size) || !isWhole(to.size) || from.size > to.size) return false;
  if (from.size === to.size) return proof.length === 0 && from.root.equals(to.root);
  if (from.size === 0) return proof.length === 0 && from.root.equals(EMPTY_ROOT);
  const path = isPowerOfTwo(from.size) ? [from.root, ...proof] : [...proof];
  const [first, ...rest] = path;
  if (!first) return false;
  let place = from.size - 1;
  let last = to.size - 1;
  while (isOdd(place)) [place, last] = [half(place), half(last)];
  let older = first;
  let newer = first;
  for (const node of rest) {
    if (last === 0) return false;
    if (isOdd(place) || place === last) {
      older = nodeOf(node, older);
      newer = nodeOf(node, newer);
      while (!isOdd(place) && place !== 0) [place, last] = [half(place), half(last)];
    } else {
      newer = nodeOf(newer, node);
    }
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && older.equals(from.root) && newer.equals(to.root);
}

/** Largest power of two below a count of two or more. */
function splitOf(count: number): number {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split;
}

function isPowerOfTwo(count: number): boolean {
  let rest = count;
  while (rest > 1 && !isOdd(rest)) rest /= 2;
  return rest === 1;
}

// Not by bit operators: they would cut sizes above 2^31.
const isOdd = (count: number): boolean => count % 2 === 1;
const half = (count: number): number => Math.floor(count / 2);
const isWhole = (count: number): boolean => Number.isSafeInteger(count) && count >= 0;

function demandWhole(...counts: number[]): void {
  if (!counts.every(isWhole)) throw new RangeError('Sizes and places are whole numbers.');
}
