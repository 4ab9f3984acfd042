import type { SearchFacts } from '../../server/patients/search/terms';

/** A person as far as searching goes, and the id the row would have. */
export interface Inhabitant extends SearchFacts {
  id: string;
  name: { family: string; given: string[] };
  birthDate: string;
  phone: string;
  email: string;
}

const ONSETS = [
  'b',
  'br',
  'd',
  'f',
  'fr',
  'g',
  'gr',
  'h',
  'k',
  'kl',
  'l',
  'm',
  'n',
  'p',
  'r',
  's',
  'st',
  'sv',
  't',
  'v',
];
const VOWELS = ['a', 'e', 'i', 'o', 'u', 'å', 'ei', 'au'];
const CODAS = ['', 'n', 'r', 'l', 's', 'nd', 'rg', 'ck', 'm', 'lt'];
const ENDINGS = ['son', 'berg', 'mann', 'er', 'ström', 'ova', 'i', 'sen', 'ley', 'ton'];

/** Repeatable chance (mulberry32). */
export function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * People whose family and given names are as common as names are: the n-th most common belongs to a share of 1/n (Zipf).
 * The same seed gives the same people.
 */
export function population(size: number, seed = 1, families = 5_000): { people: Inhabitant[]; families: string[] } {
  const draw = chance(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(draw() * from.length)]!;
  const syllable = () => pick(ONSETS) + pick(VOWELS) + pick(CODAS);
  const family = names(families, () => capital(syllable() + syllable() + (draw() < 0.7 ? pick(ENDINGS) : '')));
  const given = names(800, () => capital(syllable() + (draw() < 0.8 ? syllable() : '') + pick(['a', 'e', 'o', ''])));
  const [familyOf, givenOf] = [zipf(family, draw), zipf(given, draw)];
  const people = Array.from({ length: size }, (_, n) => ({
    id: `01890000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`,
    mrn: `P${100_000 + n}`,
    name: { family: familyOf() + (draw() < 0.03 ? `-${familyOf()}` : ''), given: draw() < 0.4 ? [givenOf(), givenOf()] : [givenOf()] },
    birthDate: new Date(Date.UTC(1930, 0, 1) + Math.floor(draw() * 33_000) * 86_400_000).toISOString().slice(0, 10),
    phone: `07${Math.floor(draw() * 90_000_000) + 10_000_000}`,
    email: `p${n}@post.example`,
    identifiers: [{ system: 'urn:pn', value: `ID-${n}` }],
  })); // prettier-ignore
  return { people, families: family };
}

/** Draws the n-th of these with a chance of 1/n. */
function zipf(values: readonly string[], draw: () => number): () => string {
  const sums: number[] = [];
  values.reduce((sum, _, n) => (sums[n] = sum + 1 / (n + 1)), 0);
  return () => {
    const wanted = draw() * sums.at(-1)!;
    let [low, high] = [0, sums.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle]! < wanted) low = middle + 1;
      else high = middle;
    }
    return values[low]!;
  };
}

function names(count: number, make: () => string): string[] {
  const made = new Set<string>();
  while (made.size < count) made.add(make());
  return [...made];
}

function capital(word: string): string {
  return word[0]!.toUpperCase() + word.slice(1);
}
