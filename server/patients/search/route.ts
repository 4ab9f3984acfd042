import type { Generation } from './generation';
import { bySize, sizeOf, goingThrough, intersected, MOST_WORK, tagKeys, tested, type Rows } from './rows';
import { matches, type Alternative, type Match, type TypedWord } from './typed-words';

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
/** Legs of one statement: bounds the number of prepared statements. */
const MOST_LEGS = 5;
/** Tokens that legs of one statement look up together, unless they go through the same rows. */
const MOST_TOGETHER = 16;
/** A leg with so many tokens fills a page, about. */
const FILLING_TOKENS = 3;

/** Rows of the first look for a word, about; each further look goes through four times as many, up to these. */
const FIRST_ROWS = 72;
const MOST_ROWS = 384;
/** As many when other words are tested too and most rows are passed over. */
const MOST_ROWS_TESTED = 6_144;

/** Where so many may be expected to fit exactly, a page is full of them, and of those among them who may be seen. */
const FILLS_PAGE = 60;

/**
 * All looks of a search in order: who fits exactly, then by the beginnings of words, then by sound. The same search over the
 * same generation has the same route, so that a cursor is a place on it. Everybody stands on one leg at most.
 *
 * @param withinTeam go through the care team's patients rather than the index: cheaper while they are few
 */
export function routeOf(generation: Generation, words: readonly TypedWord[], withinTeam: boolean): Leg[] {
  const indexed = bySize(generation, words, 'EXACT').slice(0, INDEXED_WORDS).map(({ word }) => word); // prettier-ignore
  const rows: Rows | null = withinTeam ? { kind: 'team', size: 0, work: 0 } : sweptFor(generation, indexed);
  const exact = withinTeam ? null : exactAlone(generation, indexed, rows);
  const legs: Leg[] = [];
  let before: Alternative[][] | null = null;
  for (const match of matches) {
    const all: Alternative[][] = indexed.map(({ alternatives }) => alternatives[match]);
    if (before && same(all, before)) continue;
    const wanted = onlyWhatIsNew(all, before);
    const notAll = (before ?? []).map((group) => tagKeys(generation, group));
    if (exact && match === 'EXACT') legs.push(...exact);
    else if (rows)
      legs.push({ match, rows, having: wanted.map((group) => tagKeys(generation, group)), without: [], notAll });
    else legs.push(...legsThroughIndex(generation, wanted, { match, notAll }));
    before = all;
  }
  return legs;
}

/**
 * Of several words that many have together: who fits exactly, by themselves, so that nobody who fits less well is gone through
 * before a page is full. Null where that costs more than it can be expected to spare, or while nobody knows how many patients
 * there are.
 *
 * @param everybody the rows of all who fit, however well; null where they are too many to be gone through at once
 */
function exactAlone(generation: Generation, words: readonly TypedWord[], everybody: Rows | null): Leg[] | null {
  const bearers = bySize(generation, words, 'EXACT');
  const [rarest, next] = bearers;
  if (!rarest || !next) return null;
  const { plan } = generation;
  const expected = bearers.reduce((hits, { size }) => hits * plan.shareOf(size), plan.patients);
  const first = Math.min(rarest.size, Math.ceil((rarest.size * FILLS_PAGE) / expected));
  const steps = inSteps(rarest.size, first, Math.ceil(MOST_WORK / goingThrough(plan, 1)));
  const stepwise = steps.map((step) => tested(generation, rarest, next, step));
  const atOnce = intersected(generation, rarest, next);
  const rows = atOnce.work < Math.min(2, steps.length) * stepwise[0]!.work ? [atOnce] : stepwise;
  const spared = Math.min(1, expected / FILLS_PAGE) * (everybody?.work ?? MOST_WORK);
  if (rows[0]!.work > spared) return null;
  const having = bearers.map(({ all }) => tagKeys(generation, all));
  return rows.map((some) => ({ match: 'EXACT', rows: some, having, without: [], notAll: [] }));
}

/**
 * Of several words: all who have the rarer ones, however well, where these are few enough to be gone through at once rather than
 * step by step for each way of fitting. Null where they are so many that a page is full long before.
 */
function sweptFor(generation: Generation, words: readonly TypedWord[]): Rows | null {
  const [rarest, next] = bySize(generation, words, 'SOUND');
  if (!rarest || !next) return null;
  const [one, other] = [tested(generation, rarest, next), intersected(generation, rarest, next)];
  const lighter = one.work <= other.work ? one : other;
  return lighter.work <= MOST_WORK ? lighter : null;
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
    if (!next || (next !== last && (last.size >= FILLING_TOKENS || tokens > MOST_TOGETHER))) break;
    legs.push(at);
  }
  return legs;
}

/** What these legs take PostgreSQL, about, in µs. */
export function workOf(legs: readonly Leg[]): number {
  return [...new Set(legs.map(({ rows }) => rows))].reduce((sum, { work }) => sum + work, 0);
}

/** Through the tokens of the word with the fewest; the other words by tags. */
function legsThroughIndex(
  generation: Generation,
  groups: Alternative[][],
  { match, notAll }: Pick<Leg, 'match' | 'notAll'>,
): Leg[] {
  const costs = groups.map((group) => sizeOf(generation, group));
  const driver = costs.indexOf(Math.min(...costs));
  const others = groups.filter((_, place) => place !== driver).map((group) => tagKeys(generation, group));
  const legs: Leg[] = [];
  for (const [place, { lookUp, tag }] of groups[driver]!.entries()) {
    const narrowed = lookUp.value === tag.value ? others : [[generation.tagKeyOf(tag)], ...others];
    const without = tagKeys(generation, groups[driver]!.slice(0, place));
    const [first, most] = [FIRST_ROWS, narrowed.length > 0 ? MOST_ROWS_TESTED : MOST_ROWS].map((rows) => Math.ceil(rows / generation.plan.meanPerToken)); // prettier-ignore
    for (const [from, to] of inSteps(generation.partitionsOf(lookUp), first!, most!)) {
      const [size, tokens] = [to - from, () => generation.tokensOf(lookUp, from, to)];
      const rows: Rows = { kind: 'tokens', tokens, size, work: goingThrough(generation.plan, size) };
      legs.push({ match, rows, having: narrowed, without, notAll });
    }
  }
  return legs;
}

/** From 0 to an end, each step four times the one before, up to most. */
function inSteps(end: number, first: number, most: number): [from: number, to: number][] {
  const steps: [number, number][] = [];
  for (let from = 0, size = first; from < end; from += size, size = Math.min(size * 4, most))
    steps.push([from, Math.min(from + size, end)]);
  return steps;
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

function same(groups: Alternative[][], others: Alternative[][]): boolean {
  return groups.every((group, place) => sameGroup(group, others[place]!));
}

function sameGroup(group: Alternative[], other: Alternative[]): boolean {
  return group.length === other.length && group.every((one, place) => sameTag(one, other[place]!));
}

function sameTag({ tag: one }: Alternative, { tag: other }: Alternative): boolean {
  return one.cls === other.cls && one.value === other.value;
}
