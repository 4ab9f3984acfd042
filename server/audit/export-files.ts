import { open, readFile, rename, writeFile } from 'node:fs/promises';

/** Puts a file in place in one step, and waits until the disk has it. */
export async function replaceFile(path: string, text: string): Promise<void> {
  await writeFile(`${path}.draft`, text, { flush: true });
  await rename(`${path}.draft`, path);
  const file = await open(path, 'r');
  await file.sync();
  await file.close();
}

/** A file's text; null when it is not there. */
export async function textOf(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
}
