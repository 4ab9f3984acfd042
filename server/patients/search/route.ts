import type { Generation } from './generation';
import { matches, type Alternative, type Match, type TypedWord } from './typed-words';

/**
 * Rows of the index that a look goes through. `tokens`: those with one of these, in the order of the tokens. `swept`: all at once
 * of those with one of these tokens and also one of others, or one of these tags. `team`: those of the care team's patients.
 */
export type Rows =
  | { kind: 'tokens'; tokens: () => Buffer[]; size: number }
  | { kind: 'swept'; tokens: () => Buffer[]; also: { tokens: () => Buffer[] } | { tagKeys: Buffer[] }; size: number }
  | { kind: 'team'; size: 0 };

/** One look into the index: which rows, and what their tags must and must not say. */
export interface Leg {
  match: Match;
  /** Legs one after the other with the very same rows go through them together. */
  rows: Rows;
  /** Tag keys: a row must have one of each group. */
  having: Buffer[][];
  /** Tag keys a row must have none of: other legs find those rows. */
  without: Buffer[];
  /** Groups of which a row must lack at least one: rows that have them all fit better, and came before. */
  notAll: Buffer[][];
}

/** Words tested in the index; further ones only confirm the hits. Bounds the number of prepared statements. */
const INDEXED_WORDS = 4;
/** Tokens of the first look for a word; each further look takes four times as many, up to these. */
const FIRST_TOKENS = 3;
const MOST_TOKENS = 16;
/** Legs of one statement: bounds the number of prepared statements. */
const MOST_LEGS = 5;
/** As many when other words are tested too and most rows are passed over. */
const MOST_TOKENS_TESTED = 256;
/** All rows of a word with so few tokens are gone through at once when other words are tested too. */
const MOST_SWEPT = 512;
/**
 * The index intersects two words where that costs less than going through the rows of one: a token costs some 15 µs to look up,
 * its rows some 120 to go through. So from so many tokens of the rarer word on, while the other has at most so many times as many.
 */
const LEAST_SHARED = 32;
const MOST_TIMES = 8;
/** Of two words with more tokens a page is full before. */
const MOST_SHARED = 2_048;

/**
 * All looks of a search in order: who fits exactly, then by the beginnings of words, then by sound. The same search over the
 * same generation has the same route, so that a cursor is a place on it. Everybody stands on one leg at most.
 *
 * @param withinTeam go through the care team's patients rather than the index: cheaper while they are few
 */
export function routeOf(generation: Generation, words: readonly TypedWord[], withinTeam: boolean): Leg[] {
  const indexed = byPartitions(generation, words).slice(0, INDEXED_WORDS);
  const rows: Rows | null = withinTeam ? { kind: 'team', size: 0 } : sweptFor(generation, indexed);
  const legs: Leg[] = [];
  let before: Alternative[][] | null = null;
  for (const match of matches) {
    const all: Alternative[][] = indexed.map(({ alternatives }) => alternatives[match]);
    if (before && same(all, before)) continue;
    const wanted = onlyWhatIsNew(all, before);
    const notAll = (before ?? []).map((group) => tagKeys(generation, group));
    if (rows)
      legs.push({ match, rows, having: wanted.map((group) => tagKeys(generation, group)), without: [], notAll });
    else legs.push(...legsThroughIndex(generation, wanted, { match, notAll }));
    before = all;
  }
  return legs;
}

/**
 * Of several words: all who have the rarer ones, however well, where these are few enough to be gone through at once rather than
 * step by step for each way of fitting. Null where they are so many that a page is full long before.
 */
function sweptFor(generation: Generation, words: readonly TypedWord[]): Rows | null {
  const [rarest, next] = words
    .map(({ alternatives: { SOUND: all } }) => ({ all, size: costOf(generation, all) }))
    .sort((one, other) => one.size - other.size);
  if (!rarest || !next) return null;
  const tokensOf = (all: Alternative[]) => () => all.flatMap(({ lookUp }) => generation.tokensOf(lookUp));
  const swept = { kind: 'swept', tokens: tokensOf(rarest.all) } as const;
  const size = rarest.size + next.size;
  if (rarest.size >= LEAST_SHARED && next.size <= MOST_TIMES * rarest.size && size <= MOST_SHARED)
    return { ...swept, also: { tokens: tokensOf(next.all) }, size };
  if (rarest.size > MOST_SWEPT) return null;
  return { ...swept, also: { tagKeys: tagKeys(generation, next.all) }, size: rarest.size };
}

/**
 * The next legs to walk in one statement: at least one, all that go through the same rows, and others as long as together they
 * have few tokens and none of them fills a page. So a number that may be of five kinds, or a rare name, waits for PostgreSQL once.
 */
export function legsAtOnce(route: readonly Leg[], from: number, step: number): number[] {
  const legs = [from];
  let tokens = route[from]!.rows.size;
  for (let at = from + step; legs.length < MOST_LEGS; at += step) {
    const [last, next] = [route[at - step]!.rows, route[at]?.rows];
    if (next !== last) tokens += next?.size ?? 0;
    if (!next || (next !== last && (last.size >= FIRST_TOKENS || tokens > MOST_TOKENS))) break;
    legs.push(at);
  }
  return legs;
}

/** How many tokens these legs look up. */
export function tokensIn(legs: readonly Leg[]): number {
  return [...new Set(legs.map(({ rows }) => rows))].reduce((sum, { size }) => sum + size, 0);
}

/** Through the tokens of the word with the fewest; the other words by tags. */
function legsThroughIndex(
  generation: Generation,
  groups: Alternative[][],
  { match, notAll }: Pick<Leg, 'match' | 'notAll'>,
): Leg[] {
  const costs = groups.map((group) => costOf(generation, group));
  const driver = costs.indexOf(Math.min(...costs));
  const others = groups.filter((_, place) => place !== driver).map((group) => tagKeys(generation, group));
  const legs: Leg[] = [];
  for (const [place, { lookUp, tag }] of groups[driver]!.entries()) {
    const narrowed = lookUp.value === tag.value ? others : [[generation.tagKeyOf(tag)], ...others];
    const without = tagKeys(generation, groups[driver]!.slice(0, place));
    const end = generation.partitionsOf(lookUp);
    const most = narrowed.length > 0 ? MOST_TOKENS_TESTED : MOST_TOKENS;
    for (let from = 0, size = FIRST_TOKENS; from < end; from += size, size = Math.min(size * 4, most)) {
      const [first, last] = [from, Math.min(from + size, end)];
      const tokens = () => generation.tokensOf(lookUp, first, last);
      legs.push({ match, rows: { kind: 'tokens', tokens, size: last - first }, having: narrowed, without, notAll });
    }
  }
  return legs;
}

/** Where one word alone may fit less well than before, only its new ways lead to anybody new. */
function onlyWhatIsNew(all: Alternative[][], before: Alternative[][] | null): Alternative[][] {
  if (!before) return all;
  const changed = all.filter((group, place) => group !== before[place] && !sameGroup(group, before[place]!));
  if (changed.length !== 1) return all;
  return all.map((group, place) =>
    group === changed[0] ? group.filter((one) => !before[place]!.some((known) => sameTag(one, known))) : group,
  );
}

function byPartitions(generation: Generation, words: readonly TypedWord[]): TypedWord[] {
  const costs = new Map(words.map((word) => [word, costOf(generation, word.alternatives.EXACT)]));
  return [...words].sort((one, other) => costs.get(one)! - costs.get(other)!);
}

function costOf(generation: Generation, group: readonly Alternative[]): number {
  return group.reduce((sum, { lookUp }) => sum + generation.partitionsOf(lookUp), 0);
}

function tagKeys(generation: Generation, group: readonly Alternative[]): Buffer[] {
  return group.map(({ tag }) => generation.tagKeyOf(tag));
}

function same(groups: Alternative[][], others: Alternative[][]): boolean {
  return groups.every((group, place) => sameGroup(group, others[place]!));
}

function sameGroup(group: Alternative[], other: Alternative[]): boolean {
  return group.length === other.length && group.every((one, place) => sameTag(one, other[place]!));
}

function sameTag({ tag: one }: Alternative, { tag: other }: Alternative): boolean {
  return one.cls === other.cls && one.value === other.value;
}
