import { inGroups } from '../../../server/interop/demo/free-numbers';

async function grouped(items: number[], size: number, count?: number): Promise<number[][]> {
  const groups: number[][] = [];
  for await (const group of inGroups(items, size, count)) groups.push(group);
  return groups;
}

test.each([
  ['all of them, the last group smaller', [1, 2, 3, 4, 5], 2, undefined, [[1, 2], [3, 4], [5]]],
  ['the first three', [1, 2, 3, 4, 5], 2, 3, [[1, 2], [3]]],
  ['as many as make whole groups', [1, 2, 3, 4, 5], 2, 4, [[1, 2], [3, 4]]],
  ['none, which is not all', [1, 2, 3], 2, 0, []],
  ['more than there are', [1, 2, 3], 5, 9, [[1, 2, 3]]],
])('%s', async (_, items, size, count, expected) => {
  expect(await grouped(items, size, count)).toEqual(expected);
}); // prettier-ignore
