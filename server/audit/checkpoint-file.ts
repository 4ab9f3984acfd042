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

  /** The notes added last, however many there are before them. */
  async newest(): Promise<string[]> {
    const file = await open(this.path, 'r').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (!file) return [];
    try {
      const { size } = await file.stat();
      const { buffer, bytesRead } = await file.read(
        Buffer.alloc(END_BYTES),
        0,
        END_BYTES,
        Math.max(0, size - END_BYTES),
      );
      return notesInFile(buffer.toString('utf8', 0, bytesRead));
    } finally {
      await file.close();
    }
  }
}

/** Room for several notes, each with many signatures; a note is some 300 bytes. */
const END_BYTES = 64 * 1024;
