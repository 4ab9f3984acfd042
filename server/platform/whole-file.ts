import { randomBytes } from 'node:crypto';
import { link, open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Writes a file whole or not at all, for its owner only, and waits until the disk has it and its name. What was there
 * before stays until then.
 */
export async function writeWholeFile(path: string, chunks: AsyncIterable<string> | Iterable<string>): Promise<void> {
  const part = `${path}.part`;
  await opened(part, 'w', async (file) => {
    for await (const chunk of chunks) await file.write(chunk);
  });
  await rename(part, path);
  await opened(dirname(path), 'r', async () => undefined);
}

/**
 * Makes a file whole or not at all, for its owner only, and leaves one that is there alone. Of several who try at once one
 * makes it, and the others never see it half-written.
 *
 * @returns false when there was one already
 */
export async function createWholeFile(path: string, text: string | Buffer): Promise<boolean> {
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  await opened(aside, 'wx', (file) => file.writeFile(text));
  try {
    await link(aside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    await unlink(aside);
  }
  await opened(dirname(path), 'r', async () => undefined);
  return true;
}

async function opened(
  path: string,
  flag: 'r' | 'w' | 'wx',
  work: (file: Awaited<ReturnType<typeof open>>) => Promise<void>,
): Promise<void> {
  const file = await open(path, flag, 0o600);
  try {
    await work(file);
    await file.sync();
  } finally {
    await file.close();
  }
}
