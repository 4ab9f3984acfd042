import { EMPTY_ROOT, HASH_BYTES, nodeDigest, toBuffer, toDigest, type Digest } from './hashing';

/**
 * The right edge of an RFC 6962 tree: one root for each complete subtree, largest first. It is all that is needed to append
 * and to name the root; its length is the number of 1 bits in the size.
 */
export class Frontier {
  private constructor(
    private count: number,
    private readonly subtrees: Digest[],
  ) {}

  static empty(): Frontier {
    return new Frontier(0, []);
  }

  /** Throws RangeError when the number of subtrees does not fit the size, or one is no hash. */
  static of(size: number, subtrees: readonly Buffer[]): Frontier {
    const sound = ones(size) === subtrees.length && subtrees.every(({ length }) => length === HASH_BYTES);
    if (!sound) throw new RangeError('This frontier does not fit its size.');
    return new Frontier(size, subtrees.map(toDigest));
  }

  get size(): number {
    return this.count;
  }

  get nodes(): readonly Buffer[] {
    return this.subtrees.map(toBuffer);
  }

  copy(): Frontier {
    return new Frontier(this.count, [...this.subtrees]);
  }

  /** Appends a leaf hash. */
  append(leaf: Buffer): void {
    this.appendDigest(toDigest(leaf));
  }

  /**
   * Appends a leaf hash: complete subtrees of one size merge, as carries do in a binary counter.
   *
   * @param completed told the root of each complete subtree of 2^height leaves that ends with this one, height 1 first
   */
  appendDigest(leaf: Digest, completed?: (height: number, root: Digest) => void): void {
    let node = leaf;
    let height = 0;
    for (let carry = this.count; carry % 2 === 1; carry = (carry - 1) / 2) {
      node = nodeDigest(this.subtrees.pop()!, node);
      height += 1;
      if (completed) completed(height, node);
    }
    this.subtrees.push(node);
    this.count += 1;
  }

  /** Root of the tree so far, RFC 6962 section 2.1. */
  root(): Buffer {
    if (this.subtrees.length === 0) return EMPTY_ROOT;
    return toBuffer(this.subtrees.reduceRight((right, left) => nodeDigest(left, right)));
  }
}

function ones(size: number): number {
  let count = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2;
  return count;
}
