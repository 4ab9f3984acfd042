import { bundlePath, levelsOf, rootOfHashes, TILE_WIDTH, tilePath, tilesOfLevel } from '../../../server/ledger';
import { leavesOf, rootByDefinition } from './trees';

test('paths as C2SP tlog-tiles writes them', () => {
  expect(tilePath({ level: 0, index: 0, width: 256 })).toBe('tile/0/000');
  expect(tilePath({ level: 0, index: 1_234_067, width: 256 })).toBe('tile/0/x001/x234/067');
  expect(tilePath({ level: 2, index: 1_000, width: 256 })).toBe('tile/2/x001/000');
  expect(tilePath({ level: 1, index: 999, width: 7 })).toBe('tile/1/999.p/7');
  expect(bundlePath({ index: 1_234, width: 256 })).toBe('tile/entries/x001/234');
  expect(bundlePath({ index: 273, width: 112 })).toBe('tile/entries/273.p/112');
});

test('the example of the specification: a tree of 70 000 leaves', () => {
  const [first, second, third] = [0, 1, 2].map((level) => [...tilesOfLevel(level, 70_000)].map(tilePath));
  expect(levelsOf(70_000)).toBe(3);
  expect(first).toHaveLength(274);
  expect(first!.at(-1)).toBe('tile/0/273.p/112');
  expect(second).toEqual(['tile/1/000', 'tile/1/001.p/17']);
  expect(third).toEqual(['tile/2/000.p/1']);
});

test('sizes at the edges of tiles have no empty tile', () => {
  expect(levelsOf(0)).toBe(0);
  expect([...tilesOfLevel(0, 0)]).toEqual([]);
  expect([...tilesOfLevel(0, 256)]).toEqual([{ level: 0, index: 0, width: TILE_WIDTH }]);
  expect([...tilesOfLevel(1, 256)]).toEqual([{ level: 1, index: 0, width: 1 }]);
  expect([...tilesOfLevel(1, 255)]).toEqual([]);
});

test('the root over the hashes of a tile', () => {
  const leaves = leavesOf(256);
  for (const width of [1, 2, 3, 100, 255, 256]) {
    expect(rootOfHashes(Buffer.concat(leaves.slice(0, width)))).toEqual(rootByDefinition(leaves.slice(0, width)));
  }
  expect(() => rootOfHashes(Buffer.alloc(0))).toThrow(RangeError);
});
