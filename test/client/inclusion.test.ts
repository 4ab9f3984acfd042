import { isIncluded, type Inclusion } from '../../client/src/features/audit/inclusion';
import { inclusionProof, leafOf } from '../../server/ledger';
import { rootByDefinition, tilesOf } from '../unit/ledger/trees';

/** The page checks proofs by itself: of every tree up to 40 entries it believes the true one, and no other. */
const entries = Array.from({ length: 40 }, (_, place) => `{"a":"read","t":"entry ${place} · Ólafur"}`);

async function proofOf(leafIndex: number, size: number): Promise<Inclusion> {
  const leaves = entries.slice(0, size).map((entry) => leafOf(Buffer.from(entry)));
  const root = rootByDefinition(leaves);
  const path = await inclusionProof(leafIndex, size, tilesOf(leaves));
  return {
    canonical: entries[leafIndex]!,
    leafIndex,
    size,
    path: path.map((hash) => hash.toString('hex')),
    root: root.toString('hex'),
    checkpoint: `ward.example\n${size}\n${root.toString('base64')}\n\n— ward.example sig\n`,
  };
}

test('believes every true proof', async () => {
  for (let size = 1; size <= entries.length; size += 1) {
    for (let leaf = 0; leaf < size; leaf += 1) expect(await isIncluded(await proofOf(leaf, size))).toBe(true);
  }
});

test.each<[string, (proof: Inclusion) => Partial<Inclusion>]>([
  ['other bytes', () => ({ canonical: entries[3] })],
  ['another place', ({ leafIndex }) => ({ leafIndex: leafIndex + 1 })],
  ['a place outside the tree', ({ size }) => ({ leafIndex: size })],
  ['a hash changed', ({ path }) => ({ path: ['00'.repeat(32), ...path.slice(1)] })],
  ['a hash too few', ({ path }) => ({ path: path.slice(1) })],
  ['a hash too many', ({ path }) => ({ path: [...path, '11'.repeat(32)] })],
  ['a checkpoint of another size', ({ checkpoint }) => ({ checkpoint: checkpoint.replace('\n29\n', '\n30\n') })],
  ['a checkpoint of another root', ({ root }) => ({ root: root.replace(/^../, root.startsWith('00') ? '01' : '00') })],
  ['no checkpoint', () => ({ checkpoint: 'nothing' })],
])('does not believe %s', async (_what, change) => {
  const proof = await proofOf(12, 29);
  expect(await isIncluded({ ...proof, ...change(proof) })).toBe(false);
});
