export { canonicalJson, type Json } from './canonical-json';
export {
  checkpointText,
  checkpointTime,
  openCheckpoint,
  readCheckpoint,
  signCheckpoint,
  type Checkpoint,
} from './checkpoint';
export { decodeEntry, encodeEntry, MAX_ENTRY_BYTES, type LedgerEntry } from './entry';
export { openErasure, signErasure, type ErasureCertificate } from './erasure-certificate';
export { chainNext, chainStart, EMPTY_ROOT, HASH_BYTES, leafOf, nodeOf } from './hashing';
export { Frontier } from './merkle';
export { cellBytes, rowHash, type StoredCell } from './row-hash';
export { consistencyRanges, inclusionRanges, isConsistent, rootByInclusion, type Range } from './proofs';
export {
  bundlePath,
  consistencyProof,
  inclusionProof,
  levelsOf,
  rootByTiles,
  rootOfHashes,
  TILE_WIDTH,
  tilePath,
  tilesOfLevel,
  type ReadTile,
  type TileName,
} from './tiles';
export {
  cosignatureLine,
  cosignedAt,
  keyHint,
  publicKeyOf,
  rawKey,
  readNote,
  readVerifierKey,
  signatureTypes,
  signedBy,
  writeVerifierKey,
  type SignedNote,
  type VerifierKey,
} from './note';
