import { EMPTY_ROOT, nodeOf } from './hashing';

/**
 * The right edge of an RFC 6962 tree: one root for each complete subtree, largest first. It is all that is needed to append
 * and to name the root; its length is the number of 1 bits in the size.
 */
export class Frontier {
  private constructor(
    private count: number,
    private readonly subtrees: Buffer[],
  ) {}

  static empty(): Frontier {
    return new Frontier(0, []);
  }

  /** Throws RangeError when the number of subtrees does not fit the size. */
  static of(size: number, subtrees: readonly Buffer[]): Frontier {
    if (ones(size) !== subtrees.length) throw new RangeError('This frontier does not fit its size.');
    return new Frontier(size, [...subtrees]);
  }

  get size(): number {
    return this.count;
  }

  get nodes(): readonly Buffer[] {
    return this.subtrees;
  }

  /** Appends a leaf hash: complete subtrees of one size merge, as carries do in a binary counter. */
  append(leaf: Buffer): void {
    let node = leaf;
    for (let carry = this.count; carry % 2 === 1; carry = (carry - 1) / 2) node = nodeOf(this.subtrees.pop()!, node);
    this.subtrees.push(node);
    this.count += 1;
  }

  /** Root of the tree so far, RFC 6962 section 2.1. */
  root(): Buffer {
    if (this.subtrees.length === 0) return EMPTY_ROOT;
    return this.subtrees.reduceRight((right, left) => nodeOf(left, right));
  }
}

function ones(size: number): number {
  let count = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2;
  return count;
}
