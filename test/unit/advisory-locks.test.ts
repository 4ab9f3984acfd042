import { advisoryLocks } from '../../server/database/advisory-locks';

test('no two tasks have the same lock: a server could not start while another counted its keys', () => {
  const numbers = Object.values(advisoryLocks);
  expect(new Set<number>(numbers).size).toBe(numbers.length);
});
