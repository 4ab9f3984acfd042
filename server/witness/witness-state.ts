import { open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EMPTY_ROOT, HASH_BYTES, type Checkpoint } from '../ledger';

type Known = Record<string, { size: number; root: string }>;

/** What a witness has signed last of each log. The file is whole at any moment, and kept before a signature leaves. */
export class WitnessState {
  private constructor(
    private readonly path: string,
    private known: Known,
  ) {}

  /**
   * @throws Error when the file is there and cannot be understood: a witness that began anew would sign a second history
   */
  static async open(path: string): Promise<WitnessState> {
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '{}';
      throw error;
    });
    try {
      const known = JSON.parse(text) as Known;
      const sound = Object.values(known).every(
        ({ size, root }) => Number.isSafeInteger(size) && Buffer.from(root, 'base64').length === HASH_BYTES,
      );
      if (!sound) throw new Error('unsound');
      return new WitnessState(path, known);
    } catch {
      throw new Error(`${path} does not say what this witness has signed.`);
    }
  }

  /** Size and root last signed; of a log never seen, those of the empty one. */
  of(origin: string): { size: number; root: Buffer } {
    const known = Object.hasOwn(this.known, origin) ? this.known[origin] : undefined;
    return known ? { size: known.size, root: Buffer.from(known.root, 'base64') } : { size: 0, root: EMPTY_ROOT };
  }

  /** Remembers what is about to be signed, and waits until the disk has it. */
  async keep({ origin, size, root }: Checkpoint): Promise<void> {
    const known = { ...this.known, [origin]: { size, root: root.toString('base64') } };
    const draft = await open(`${this.path}.draft`, 'w', 0o600);
    await draft.writeFile(`${JSON.stringify(known, null, 1)}\n`);
    await draft.sync();
    await draft.close();
    await rename(`${this.path}.draft`, this.path);
    const folder = await open(dirname(this.path), 'r');
    await folder.sync();
    await folder.close();
    this.known = known;
  }
}
