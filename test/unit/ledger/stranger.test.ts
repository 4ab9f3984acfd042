import { createHash, generateKeyPairSync } from 'node:crypto';
import type { TransparencyLogEntry } from '@sigstore/bundle';
import type { TLogAuthority } from '@sigstore/verify/dist/trust';
import { verifyCheckpoint } from '@sigstore/verify/dist/tlog/checkpoint';
import { verifyMerkleInclusion } from '@sigstore/verify/dist/tlog/merkle';
import fc from 'fast-check';
import { Frontier, inclusionProof, keyHint, leafOf, signCheckpoint } from '../../../server/ledger';
import { entryAt, leavesOf, rootByDefinition, tilesOf } from './trees';

// Somebody else's code, of another project in another log's service, must read our trees, proofs and checkpoints.

const origin = 'chartseal/ward';
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const all = leavesOf(2_000);

function theirEntry(index: number, size: number, proof: Buffer[], note: string, body: Buffer): TransparencyLogEntry {
  return {
    logIndex: String(index),
    logId: { keyId: keyHint(origin, publicKey) },
    kindVersion: { kind: 'x', version: '1' },
    integratedTime: '0',
    inclusionPromise: undefined,
    inclusionProof: {
      logIndex: String(index),
      treeSize: String(size),
      rootHash: Buffer.alloc(0),
      hashes: proof,
      checkpoint: { envelope: note },
    },
    canonicalizedBody: body,
  };
}

const authority: TLogAuthority = {
  baseURL: origin,
  logID: keyHint(origin, publicKey),
  publicKey,
  validFor: { start: new Date(0), end: new Date(2 ** 42) },
};

type Entry = Parameters<typeof verifyMerkleInclusion>[0];

function theyAccept(entry: TransparencyLogEntry): boolean {
  try {
    verifyMerkleInclusion(entry as Entry, verifyCheckpoint(entry as Entry, [authority]));
    return true;
  } catch (error) {
    if (error instanceof Error && error.constructor.name === 'VerificationError') return false;
    throw error;
  }
}

test('on random trees of up to 2 000 leaves they accept what is true and refuse what is not', async () => {
  const places = fc
    .tuple(fc.integer({ min: 1, max: all.length }), fc.nat(), fc.nat(), fc.nat({ max: 255 }))
    .map(([size, index, node, bit]) => ({ size, index: index % size, node, bit }));
  await fc.assert(
    fc.asyncProperty(places, async ({ size, index, node, bit }) => {
      const leaves = all.slice(0, size);
      const tree = Frontier.empty();
      for (const leaf of leaves) tree.append(leaf);
      expect(tree.root()).toEqual(rootByDefinition(leaves));
      const note = signCheckpoint({ origin, size, root: tree.root() }, privateKey);
      const proof = await inclusionProof(index, size, tilesOf(leaves));
      const accept = (changed: Partial<{ index: number; proof: Buffer[]; note: string; body: Buffer }>) =>
        theyAccept(
          theirEntry(
            changed.index ?? index,
            size,
            changed.proof ?? proof,
            changed.note ?? note,
            changed.body ?? entryAt(index),
          ),
        );
      expect(accept({})).toBe(true);
      expect(accept({ body: entryAt(index + 1) })).toBe(false);
      expect(accept({ index: index + 1 })).toBe(false);
      expect(accept({ proof: [...proof, leafOf(Buffer.from('more'))] })).toBe(false);
      expect(accept({ note: note.replace(`\n${size}\n`, `\n${size + 1}\n`) })).toBe(false);
      if (proof.length === 0) return;
      expect(accept({ proof: proof.slice(1) })).toBe(false);
      const wrong = proof.map((hash) => Buffer.from(hash));
      wrong[node % proof.length]![bit >> 3]! ^= 1 << (bit & 7);
      expect(accept({ proof: wrong })).toBe(false);
    }),
    { numRuns: 150, seed: 9162 },
  );
});

test('a checkpoint of another key, or of another log, is none to them', async () => {
  const root = createHash('sha256').digest();
  const other = generateKeyPairSync('ed25519').privateKey;
  const proof = await inclusionProof(0, 1, tilesOf(all.slice(0, 1)));
  const checkpoint = { origin, size: 1, root: all[0]! };
  const accept = (note: string) => theyAccept(theirEntry(0, 1, proof, note, entryAt(0)));
  expect(accept(signCheckpoint(checkpoint, privateKey))).toBe(true);
  expect(accept(signCheckpoint(checkpoint, other))).toBe(false);
  expect(accept(signCheckpoint({ ...checkpoint, root }, privateKey))).toBe(false);
  expect(accept(signCheckpoint({ ...checkpoint, origin: 'chartseal/other' }, privateKey))).toBe(false);
});
