import type { KeyObject } from 'node:crypto';
import { GenerationKeys, TAG_BYTES } from './generation-keys';
import { LikenessKeys } from './likeness';
import type { Plan } from './plan';
import { hasToken, shared, termsOf, type PrefixLengths, type SearchFacts, type Term } from './terms';

export type GenerationState = 'building' | 'active' | 'retired';

/** A patient's row in a generation: what is stored. */
export interface SearchRow {
  /** 16-byte tokens, sorted, one after the other. */
  tokens: Buffer;
  /** 6-byte tags, sorted, one after the other. */
  tags: Buffer;
  /** What the patient has in common with staff, see LikenessKeys. */
  likeness: Buffer;
}

/** Tags of a row are padded to a multiple of this. */
const TAGS_MULTIPLE = 8;

/** One search index over all patients: a key of its own, and how many partitions each term has. */
export class Generation {
  readonly keys: GenerationKeys;
  readonly likeness: LikenessKeys;

  constructor(
    readonly version: number,
    key: KeyObject,
    readonly plan: Plan,
  ) {
    this.keys = new GenerationKeys(key);
    this.likeness = new LikenessKeys(key);
  }

  /**
   * What is stored of a patient. The same facts always give the same row: partitions are drawn by a keyed hash of term and
   * patient, so that a row written again neither moves in a search under way nor links two partitions of one term.
   */
  rowOf(facts: SearchFacts, patientId: string): SearchRow {
    const tokens: Buffer[] = [];
    const tags: Buffer[] = [];
    const { prefixLengths } = this.plan;
    for (const term of termsOf(facts, prefixLengths)) {
      const { tag, token } = this.markOf(term, patientId);
      tags.push(tag);
      if (hasToken(term, prefixLengths)) tokens.push(token());
    }
    while (tags.length % TAGS_MULTIPLE !== 0) tags.push(this.keys.padTag(patientId, tags.length % TAGS_MULTIPLE));
    const likeness = this.likeness.tagsOf(facts, patientId);
    return { tokens: sorted(tokens), tags: sorted(tags), likeness };
  }

  /** What a patient's row says of one term: its tag, and the token of the partition the patient is in. */
  markOf(term: Term, patientId: string): { tag: Buffer; token: () => Buffer } {
    const keys = this.keys.of(term);
    const { tag, spread } = this.keys.mark(keys, patientId);
    const share = () => (term.root ? this.placeOf(term.root, patientId) : spread / 2 ** 32);
    return { tag, token: () => this.keys.token(keys, Math.floor(share() * this.plan.partitionsOf(term, keys))) };
  }

  /**
   * Where between 0 and 1 the patients of one partition of a word stand among those of its prefixes and sounds: all in one
   * place. So a token of the word always stands beside the same token of each, and none of them ties two partitions of the
   * word together.
   */
  private placeOf(root: Term, patientId: string): number {
    const keys = this.keys.of(root);
    const partitions = this.plan.partitionsOf(root, keys);
    const partition = Math.floor((this.keys.mark(keys, patientId).spread / 2 ** 32) * partitions);
    return (partition + this.keys.offset(keys, partition)) / partitions;
  }

  /** How many tokens a term has in this generation. */
  partitionsOf(term: Term): number {
    return this.plan.partitionsOf(term, this.keys.of(term));
  }

  /** The tokens of these partitions of a term, from the first up to, not including, the last. */
  tokensOf(term: Term, from = 0, to = this.partitionsOf(term)): Buffer[] {
    const keys = this.keys.of(term);
    return Array.from({ length: to - from }, (_, step) => this.keys.token(keys, from + step));
  }

  /** What PostgreSQL needs to test a row for a term: its first 6 bytes of SHA-256(this ‖ patient id) are among the tags. */
  tagKeyOf(term: Term): Buffer {
    return this.keys.of(term).tag;
  }
}

/** Secrets of the terms whose frequency decides about partitions. */
export function countedTerms(keys: GenerationKeys, facts: SearchFacts, lengths: PrefixLengths) {
  return termsOf(facts, lengths)
    .filter((term) => shared.has(term.cls) && hasToken(term, lengths))
    .map((term) => keys.of(term));
}

/** SQL that is true when a row `s` has the tag of this key, a parameter. */
export function hasTag(key: string): string {
  return `position(substring(sha256(${key} || uuid_send(s.patient_id)) FROM 1 FOR ${TAG_BYTES}) IN s.tags) > 0`;
}

function sorted(parts: Buffer[]): Buffer {
  return Buffer.concat(parts.sort(Buffer.compare));
}
