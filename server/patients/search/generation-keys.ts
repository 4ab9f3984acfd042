import { createHmac, createSecretKey, hash, hkdfSync, type KeyObject } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { writeUuid } from '../../crypto/uuid';
import { termClasses, type Term, type TermClass } from './terms';

export const TOKEN_BYTES = 16;
export const TAG_BYTES = 6;
const HALF = 32;

/** Names repeat, and so do the keys derived for them: some 300 bytes each, 6 MB in all. */
const CACHED_TERMS = 20_000;

/** The two secrets of a term: one makes its tokens, the other its tags. Whoever is shown one learns nothing of the other. */
export interface TermKeys {
  token: Buffer;
  tag: Buffer;
}

/** What a patient's row says of one term. */
export interface Mark {
  /** First bytes of a hash salted with the patient's id. */
  tag: Buffer;
  /** Evenly spread over 0 to 2^32-1, the same each time: which of the term's partitions the patient is in. */
  spread: number;
}

/** The keys of one search generation (server/crypto/README.md, "Search generations"). */
export class GenerationKeys {
  private readonly classes = new Map<TermClass, KeyObject>();
  private readonly padding: Buffer;
  private readonly terms = new LRUCache<string, TermKeys>({ max: CACHED_TERMS });

  /** @param key the generation's own random key, 32 bytes */
  constructor(key: KeyObject) {
    const derive = (info: string) => Buffer.from(hkdfSync('sha256', key, '', `chartseal/search/v1/${info}`, HALF));
    for (const cls of termClasses) this.classes.set(cls, createSecretKey(derive(`term/${cls}`)));
    this.padding = derive('padding');
  }

  /** HMAC-SHA-512 of the value under its class's key, in two halves. */
  of({ cls, value }: Term): TermKeys {
    const name = `${cls} ${value}`;
    const known = this.terms.get(name);
    if (known) return known;
    const mac = createHmac('sha512', this.classes.get(cls)!).update(value, 'utf8').digest();
    const keys = { token: mac.subarray(0, HALF), tag: mac.subarray(HALF) };
    this.terms.set(name, keys);
    return keys;
  }

  /** Token of one partition: SHA-256(token key ‖ u32 partition), first 16 bytes. */
  token(keys: TermKeys, partition: number): Buffer {
    return partitionDigest(keys, partition).subarray(0, TOKEN_BYTES);
  }

  /** Between 0 and 1, evenly spread: from the four bytes after the token's. */
  offset(keys: TermKeys, partition: number): number {
    return partitionDigest(keys, partition).readUInt32BE(TOKEN_BYTES) / 2 ** 32;
  }

  /** SHA-256(tag key ‖ patient uuid16): the tag, and which partition. */
  mark({ tag }: TermKeys, patientId: string): Mark {
    const digest = saltedBy(tag, patientId);
    return { tag: digest.subarray(0, TAG_BYTES), spread: digest.readUInt32BE(8) };
  }

  /** A tag that stands for nothing, so that their number says less. */
  padTag(patientId: string, place: number): Buffer {
    return hash('sha256', Buffer.concat([saltedBy(this.padding, patientId), Buffer.of(place)]), 'buffer').subarray(
      0,
      TAG_BYTES,
    );
  }
}

function partitionDigest({ token }: TermKeys, partition: number): Buffer {
  const input = Buffer.allocUnsafe(HALF + 4);
  token.copy(input);
  input.writeUInt32BE(partition, HALF);
  return hash('sha256', input, 'buffer');
}

function saltedBy(key: Buffer, patientId: string): Buffer {
  const input = Buffer.allocUnsafe(HALF + 16);
  key.copy(input);
  writeUuid(patientId, input, HALF);
  return hash('sha256', input, 'buffer');
}
