import { chmod, mkdir } from 'node:fs/promises';
import { ExitError, exitCodes } from '../platform/exit';

/**
 * Makes DATA_DIR for its owner only. With the embedded PostgreSQL under root, others may pass through it but not look,
 * because PostgreSQL runs as a user of its own; what is secret in it is 0600 by itself. A folder that is there already
 * keeps its mode.
 */
export async function prepareDataDir(dataDir: string, { embedded }: { embedded: boolean }): Promise<void> {
  const passThrough = embedded && process.getuid?.() === 0;
  try {
    const made = await mkdir(dataDir, { recursive: true });
    if (made !== undefined) await chmod(dataDir, passThrough ? 0o711 : 0o700);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new ExitError(`DATA_DIR ${dataDir} cannot be created: ${code}.`, exitCodes.settings);
  }
}
