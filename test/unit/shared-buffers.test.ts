import { sharedBuffers } from '../../server/database/embedded-cluster';

const GB = 2 ** 30;

test('the embedded PostgreSQL keeps a quarter of the memory, of a container’s limit where that is less, between 128 MB and 4 GB', () => {
  expect(sharedBuffers(8 * GB, 0)).toBe('2048MB');
  expect(sharedBuffers(8 * GB, 2 ** 64)).toBe('2048MB'); // no limit, as some kernels say it
  expect(sharedBuffers(8 * GB, 2 * GB)).toBe('512MB');
  expect(sharedBuffers(64 * GB, 0)).toBe('4096MB');
  expect(sharedBuffers(GB / 4, 0)).toBe('128MB');
});
