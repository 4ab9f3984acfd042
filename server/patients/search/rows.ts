import type { Generation } from './generation';
import type { Plan } from './plan';
import type { Alternative, Match, TypedWord } from './typed-words';

/**
 * Rows of the index that a look goes through. `tokens`: those with one of these, in the order of the tokens. `swept`: all at once
 * of those with one of these tokens and also one of others, or one of these tags. `team`: those of the care team's patients.
 */
export type Rows = Effort &
  (
    | { kind: 'tokens'; tokens: () => Buffer[] }
    | { kind: 'swept'; tokens: () => Buffer[]; also: { tokens: () => Buffer[] } | { tagKeys: Buffer[] } }
    | { kind: 'team' }
  );

interface Effort {
  /** How many tokens are looked up. */
  size: number;
  /** What that takes PostgreSQL, about, in µs. */
  work: number;
}

/**
 * What PostgreSQL takes at a million patients, in µs, measured: to make ready for intersecting, to look up one token of many, to
 * find a row by it, and to go through the row and test its tags. Several tokens of a word lead to the same row.
 */
const WORK = { ready: 1_000, lookUp: 8, find: 0.2, goThrough: 1.2 };
/** Of one look that cannot stop before its end. Words that take more are so common that a page is full long before. */
export const MOST_WORK = 40_000;

/** A word with what is looked up for it, and how many tokens. */
export interface Sized {
  word: TypedWord;
  all: Alternative[];
  size: number;
}

/** The words by how many tokens are looked up for those who fit so well, the fewest first. */
export function bySize(generation: Generation, words: readonly TypedWord[], match: Match): Sized[] {
  return words
    .map((word) => ({ word, all: word.alternatives[match], size: sizeOf(generation, word.alternatives[match]) }))
    .sort((one, other) => one.size - other.size);
}

/** The rows of a word, or of some of its tokens, that have a tag of another. */
export function tested(generation: Generation, word: Sized, other: Sized, [from, to] = [0, word.size]): Rows {
  const size = to - from;
  const tokens = () => tokensOf(generation, word.all).slice(from, to);
  const also = { tagKeys: tagKeys(generation, other.all) };
  return { kind: 'swept', tokens, also, size, work: goingThrough(generation.plan, size) };
}

/** The rows that two words have, which the index knows. */
export function intersected(generation: Generation, word: Sized, other: Sized): Rows {
  const size = word.size + other.size;
  const work = WORK.ready + size * (WORK.lookUp + generation.plan.meanPerToken * WORK.find);
  const [tokens, also] = [() => tokensOf(generation, word.all), { tokens: () => tokensOf(generation, other.all) }];
  return { kind: 'swept', tokens, also, size, work };
}

/** Work of going through the rows of so many tokens. */
export function goingThrough(plan: Plan, tokens: number): number {
  return tokens * (WORK.lookUp + plan.meanPerToken * (WORK.find + WORK.goThrough));
}

/** How many tokens are looked up for these. */
export function sizeOf(generation: Generation, group: readonly Alternative[]): number {
  return group.reduce((sum, { lookUp }) => sum + generation.partitionsOf(lookUp), 0);
}

/** In the order of the index: what is near each other there is read together. */
function tokensOf(generation: Generation, group: readonly Alternative[]): Buffer[] {
  return group.flatMap(({ lookUp }) => generation.tokensOf(lookUp)).sort(Buffer.compare);
}

/** What PostgreSQL tests rows by. */
export function tagKeys(generation: Generation, group: readonly Alternative[]): Buffer[] {
  return group.map(({ tag }) => generation.tagKeyOf(tag));
}
