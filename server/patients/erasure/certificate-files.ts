import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { isId } from '../../platform/ids';

const SUFFIX = '.json';

/**
 * Certificates of erasures as files outside the database: a database restored from before an erasure does not know of it,
 * the folder does.
 */
export class CertificateFiles {
  constructor(private readonly folder: string) {}

  /** Writes a certificate whole or not at all, and waits until the disk has it. */
  async write(patientId: string, certificate: string): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const path = this.pathOf(patientId);
    const part = `${path}.part`;
    await synced(part, 'w', (file) => file.writeFile(certificate));
    await rename(part, path);
    await synced(this.folder, 'r');
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

async function synced(
  path: string,
  flag: 'r' | 'w',
  work: (file: Awaited<ReturnType<typeof open>>) => Promise<void> = async () => undefined,
): Promise<void> {
  const file = await open(path, flag, 0o600);
  try {
    await work(file);
    await file.sync();
  } finally {
    await file.close();
  }
}

function whenMissing<T>(value: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT') return value;
    throw error;
  };
}
