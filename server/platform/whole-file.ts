import { open, rename } from 'node:fs/promises';
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

async function opened(
  path: string,
  flag: 'r' | 'w',
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
