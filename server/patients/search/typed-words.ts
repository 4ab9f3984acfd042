import {
  LONGEST_PREFIX,
  normaliseEmail,
  normaliseIdentifier,
  normaliseMrn,
  normaliseName,
  normalisePhone,
  shortestPrefix,
} from '../../crypto/normalise';
import { soundsOf } from './phonetic';
import { lookUpPrefix, wordsOf, type PrefixLengths, type SearchFacts, type Term } from './terms';
import { findDate } from './typed-date';

/** How well a patient fits a search, best first. */
export const matches = ['EXACT', 'PREFIX', 'SOUND'] as const;
export type Match = (typeof matches)[number];

/** One way to find what a word stands for: by the tokens of one term, narrowed down by the tag of another. */
export interface Alternative {
  lookUp: Term;
  tag: Term;
}

/** One part of what was typed. Patients must fit all of them. */
export interface TypedWord {
  /** Any of which finds everybody who fits at least so well. */
  alternatives: Record<Match, Alternative[]>;
  /** How well an opened record fits; null when it does not. */
  fits: (patient: SearchFacts) => Match | null;
}

const YEAR = /^(18|19|20)\d{2}$/;
const SPACED_DATE = /\b\d{1,2} \p{L}{3,9} \d{4}\b/gu;
const NUMBER_LIKE = /^[+(\d][\d ()./-]*$/;
/** Digits of the shortest phone number that is looked for. */
const SHORTEST_PHONE = 5;

/**
 * Reads what somebody typed into the search box; empty means: nothing to search for.
 *
 * @param lengths of the beginnings by which names can be looked up
 */
export function readTyped(search: string, lengths: PrefixLengths): TypedWord[] {
  const typed = search
    .normalize('NFKC')
    .trim()
    .replace(SPACED_DATE, (text) => findDate(text) ?? text);
  if (typed === '') return [];
  if (NUMBER_LIKE.test(typed)) return [numberWord(typed)];
  const words = joinNumbers(typed.split(/[\s,;]+/).filter(Boolean)).flatMap((word) => wordsFor(word, lengths));
  return words.length > 0 ? words : [nobody];
}

/** How well a record fits all words: as well as it fits the worst. */
export function fitOf(words: readonly TypedWord[], patient: SearchFacts): Match | null {
  let worst: Match = 'EXACT';
  for (const { fits } of words) {
    const fit = fits(patient);
    if (fit === null) return null;
    if (matches.indexOf(fit) > matches.indexOf(worst)) worst = fit;
  }
  return worst;
}

/** `anders 070 123 45 67`: parts of a number in a row are one number, unless a year or a date stands among them at an end. */
function joinNumbers(words: string[]): string[] {
  const joined: string[] = [];
  let run: string[] = [];
  const end = () => {
    const apart = [run[0], run.at(-1)].some((word) => word && (YEAR.test(word) || findDate(word)));
    joined.push(...(apart ? run : run.length > 0 ? [run.join(' ')] : []));
    run = [];
  };
  for (const word of words) {
    if (NUMBER_LIKE.test(word)) run.push(word);
    else {
      end();
      joined.push(word);
    }
  }
  end();
  return joined;
}

function wordsFor(word: string, lengths: PrefixLengths): TypedWord[] {
  if (word.includes('@')) return [emailWord(word)];
  if (/\d/.test(word)) return [numberOrName(word, lengths)];
  return normaliseName(word).map((part) => nameWord(part, lengths));
}

/** Letters with digits are mostly a number, but in made-up records also a name: Marine542. */
function numberOrName(word: string, lengths: PrefixLengths): TypedWord {
  const number = numberWord(word);
  const [part, ...more] = normaliseName(word);
  if (!part || more.length > 0 || !/\p{L}/u.test(part)) return number;
  const name = nameWord(part, lengths);
  const both = (match: Match) => [...number.alternatives[match], ...name.alternatives[match]];
  return {
    alternatives: { EXACT: both('EXACT'), PREFIX: both('PREFIX'), SOUND: both('SOUND') },
    fits: (patient) => number.fits(patient) ?? name.fits(patient),
  };
}

/** A part of the name: whole, from its beginning (`and` finds Anders), or misheard. */
function nameWord(part: string, lengths: PrefixLengths): TypedWord {
  const whole = same({ cls: 'name', value: part });
  const letters = [...part];
  const tag = letters.slice(0, LONGEST_PREFIX).join('');
  const long = lengths.length > 0 && letters.length >= shortestPrefix(part);
  const begun: Alternative = {
    lookUp: { cls: 'prefix', value: lookUpPrefix(tag, lengths) },
    tag: { cls: 'prefix', value: tag },
  };
  const sounds = soundsOf(part);
  const begins = long ? begun : whole;
  return {
    alternatives: {
      EXACT: [whole],
      PREFIX: [begins],
      SOUND: [begins, ...sounds.map((value) => same({ cls: 'sound', value }))],
    },
    fits: (patient) => {
      const words = wordsOf(patient);
      if (words.includes(part)) return 'EXACT';
      if (long && words.some((word) => word.startsWith(part))) return 'PREFIX';
      return words.some((word) => soundsOf(word).some((code) => sounds.includes(code))) ? 'SOUND' : null;
    },
  };
}

function emailWord(word: string): TypedWord {
  const email = normaliseEmail(word);
  return exactly(
    [{ cls: 'email', value: email }],
    (patient) => patient.email !== null && normaliseEmail(patient.email) === email,
  );
}

/** Digits may be a record number, an identifier, a phone number, a birth date or year. */
function numberWord(typed: string): TypedWord {
  const mrn = normaliseMrn(typed);
  const phone = normalisePhone(typed);
  const identifier = normaliseIdentifier('', typed);
  const date = findDate(typed);
  const terms: Term[] = [
    { cls: 'mrn', value: mrn },
    { cls: 'identifier', value: identifier },
  ];
  if (phone.length >= SHORTEST_PHONE) terms.push({ cls: 'phone', value: phone });
  if (date) terms.push({ cls: 'birth-date', value: date });
  if (YEAR.test(typed)) terms.push({ cls: 'birth-year', value: typed });
  return exactly(
    terms,
    (patient) =>
      normaliseMrn(patient.mrn) === mrn ||
      (patient.identifiers ?? []).some(({ value }) => normaliseIdentifier('', value) === identifier) ||
      (patient.phone !== null && phone.length >= SHORTEST_PHONE && normalisePhone(patient.phone) === phone) ||
      (patient.birthDate !== null && (patient.birthDate === date || patient.birthDate.slice(0, 4) === typed)),
  );
}

function exactly(terms: Term[], fits: (patient: SearchFacts) => boolean): TypedWord {
  const alternatives = terms.map(same);
  return {
    alternatives: { EXACT: alternatives, PREFIX: alternatives, SOUND: alternatives },
    fits: (patient) => (fits(patient) ? 'EXACT' : null),
  };
}

function same(term: Term): Alternative {
  return { lookUp: term, tag: term };
}

/** What was typed holds nothing that anybody could be found by, such as `%`: not the same as asking for everybody. */
const nobody: TypedWord = exactly([], () => false);
