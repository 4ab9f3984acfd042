import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isId } from '../../platform/ids';
import { writeWholeFile } from '../../platform/whole-file';

const SUFFIX = '.json';

/**
 * Certificates of erasures as files outside the database: a database restored from before an erasure does not know of it,
 * the folder does.
 */
export class CertificateFiles {
  constructor(private readonly folder: string) {}

  /** Writes a certificate, and waits until the disk has it. */
  async write(patientId: string, certificate: string): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    await writeWholeFile(this.pathOf(patientId), [certificate]);
  }

  /** Patients there is a certificate of. */
  async patientIds(): Promise<string[]> {
    const names = await readdir(this.folder).catch(whenMissing<string[]>([]));
    return names
      .filter((name) => name.endsWith(SUFFIX))
      .map((name) => name.slice(0, -SUFFIX.length))
      .filter(isId);
  }

  /** The text of a certificate, not checked; null when there is none. */
  read(patientId: string): Promise<string | null> {
    return readFile(this.pathOf(patientId), 'utf8').catch(whenMissing(null));
  }

  private pathOf(patientId: string): string {
    return join(this.folder, patientId + SUFFIX);
  }
}

function whenMissing<T>(value: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT') return value;
    throw error;
  };
}
