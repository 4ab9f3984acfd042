import { open, readFile } from 'node:fs/promises';
import { noteInFile, notesInFile } from '../ledger';

/**
 * The checkpoints outside the database: whoever rewrites or cuts the log there cannot take them back here. Notes are only
 * ever added; the newest lie at the end.
 */
export class CheckpointFile {
  constructor(readonly path: string) {}

  /** Adds a note and waits until the disk has it. */
  async append(note: string): Promise<void> {
    const file = await open(this.path, 'a', 0o600);
    try {
      await file.write(noteInFile(note));
      await file.sync();
    } finally {
      await file.close();
    }
  }

  /** All whole notes; a note cut by a crash is passed over. */
  async notes(): Promise<string[]> {
    const text = await readFile(this.path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    });
    return notesInFile(text);
  }
}
