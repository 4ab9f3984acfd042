import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createWholeFile } from '../../../server/platform/whole-file';

/** Large enough to be written in many pieces. */
const text = Buffer.alloc(32 << 20, 'a');
let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chartseal-whole-file-'));
  path = join(folder, 'key');
});
afterEach(() => rm(folder, { recursive: true }));

test('whoever looks while a file is made sees none or all of it', async () => {
  let done = false;
  const making = createWholeFile(path, text).finally(() => (done = true));
  const seen = new Set<number | null>();
  while (!done)
    seen.add(
      await stat(path).then(
        ({ size }) => size,
        () => null,
      ),
    );
  expect(await making).toBe(true);
  expect([...seen].filter((size) => size !== null && size !== text.length)).toEqual([]);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test('of several who make it at once one does; what is there stays, and nothing is left beside it', async () => {
  const made = await Promise.all(['one', 'two', 'three', 'four'].map((name) => createWholeFile(path, name)));
  expect(made.filter((first) => first)).toHaveLength(1);
  expect(await readFile(path, 'utf8')).toBe(['one', 'two', 'three', 'four'][made.indexOf(true)]);
  expect(await createWholeFile(path, 'later')).toBe(false);
  expect(await readdir(folder)).toEqual(['key']);
});
