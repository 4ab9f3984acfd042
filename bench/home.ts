import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** Does the work in a folder of its own: a kept one, or a new one that is removed afterwards. */
export async function inHome<T>(keep: string | null, work: (home: string) => Promise<T>): Promise<T> {
  const home = keep === null ? await mkdtemp(join(tmpdir(), 'chartseal-bench-')) : resolve(keep);
  await mkdir(home, { recursive: true });
  await chmod(home, 0o711); // PostgreSQL runs as another user when we are root
  try {
    return await work(home);
  } finally {
    if (keep === null) await rm(home, { recursive: true, force: true });
  }
}
