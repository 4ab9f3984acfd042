import type { KeyObject } from 'node:crypto';
import { openCheckpoint, type Frontier } from '../ledger';
import { Fault } from './verdict';

/** Notes by where they were found: in the database, or kept outside it. */
export interface FoundNotes {
  stored: readonly string[];
  kept: readonly string[];
}

interface Note {
  where: keyof FoundNotes;
  text: string;
}

/**
 * The log's checkpoints in order of size; each is opened and compared when the tree has just that size, so that checking many
 * signatures never holds up other work for long.
 */
export class KnownCheckpoints {
  private readonly bySize = new Map<number, Note[]>();
  private good: number;

  /** Notes of sizes below `from` are left out: an earlier verification has met them. */
  constructor(
    notes: FoundNotes,
    private readonly key: KeyObject,
    private readonly origin: string | null,
    from: number,
  ) {
    this.good = from;
    for (const where of ['stored', 'kept'] as const) {
      for (const text of notes[where]) {
        const size = Number(text.split('\n', 2)[1]);
        if (!Number.isSafeInteger(size)) throw new Fault('TAMPERED', from, `a ${where} checkpoint cannot be read`);
        if (size < from) continue;
        const others = this.bySize.get(size);
        if (others) others.push({ where, text });
        else this.bySize.set(size, [{ where, text }]);
      }
    }
  }

  get any(): boolean {
    return this.bySize.size > 0;
  }

  /** Throws Fault unless every checkpoint of this size has this root. */
  check(tree: Frontier): void {
    const here = this.bySize.get(tree.size);
    if (!here) return;
    const root = tree.root();
    for (const note of here) {
      const signed = this.open(note);
      if (!signed.equals(root)) {
        const range = `${this.good} to ${tree.size - 1}`;
        throw new Fault(
          'TAMPERED',
          this.good,
          `entries ${range} are not those signed: expected root ${signed.toString('base64')}`,
        );
      }
    }
    this.good = tree.size;
  }

  /** Throws Fault when a checkpoint names more entries than there are. */
  demandNoneBeyond(size: number): void {
    for (const [named, notes] of this.bySize) {
      if (named <= size) continue;
      for (const note of notes) this.open(note);
      throw new Fault('TRUNCATED', size, `a signed checkpoint names ${named} entries, the log has ${size}`);
    }
  }

  private open({ where, text }: Note): Buffer {
    const checkpoint = openCheckpoint(text, this.key);
    if (!checkpoint)
      throw new Fault('TAMPERED', this.good, `a ${where} checkpoint does not carry this log's signature`);
    if (checkpoint.origin !== this.origin)
      throw new Fault('FORKED', this.good, `a ${where} checkpoint is of another log`);
    return checkpoint.root;
  }
}
