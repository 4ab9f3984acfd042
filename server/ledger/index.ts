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
export { factsOf, parsedFacts, type EntryFacts } from './entry-facts';
export { EntryValues, hexDigits, NOTHING, values, type Value } from './entry-values';
export { openErasure, signErasure, type ErasureCertificate } from './erasure-certificate';
export { chainNext, chainStart, EMPTY_ROOT, HASH_BYTES, leafOf, toBuffer, toDigest, type Digest } from './hashing';
export { KnownCheckpoints, type FoundNote } from './known-checkpoints';
export { LogWalk, type WalkState } from './log-walk';
export { Frontier } from './merkle';
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
  type VerifierKey,
} from './note';
export { isConsistent, rootByInclusion } from './proofs';
export { cellBytes, rowHash } from './row-hash';
export {
  bundlePath,
  consistencyProof,
  frontierByTiles,
  inclusionProof,
  levelsOf,
  rootByTiles,
  rootOfHashes,
  shardFolder,
  TILE_WIDTH,
  tilePath,
  tilesOfLevel,
  type KnownRoots,
  type ReadTile,
  type TileName,
  TILE_HEIGHT,
} from './tiles';
export { ClockFault, Fault, verdictCodes, type Verdict, type VerdictWord } from './verdict';
export { bundled, entriesOf } from './bundle';
export { noteInFile, notesInFile } from './note-file';
export { quorumAt, readPolicy, writePolicy, type Policy, type Witness } from './policy';
export { demandGoesOn } from './goes-on';
export {
  droppedFields,
  noteHashOf,
  openingFields,
  readDropped,
  readOpening,
  type LostEntries,
  type ShardOpening,
  type ShardsDropped,
} from './shard-statement';
export {
  demandFollows,
  demandKnownLogs,
  droppedTold,
  lossTold,
  notesByLog,
  openEnd,
  withoutLost,
  type ShardEnd,
} from './shard-chain';
export { readCertificates } from './certificate-chain';
export { openTimeStamp, TimeStampError, timeStampRequest, tokenIn } from './time-stamp';
