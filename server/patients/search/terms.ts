import {
  nameWords,
  normaliseEmail,
  normaliseIdentifier,
  normaliseMrn,
  normalisePhone,
  wordPrefixes,
} from '../../crypto/normalise';
import type { PostalFacts } from './likeness';
import { soundsOf } from './phonetic';

/** What a term is; each class has keys of its own, so equal values in two classes do not show. */
export const termClasses = [
  'name', 'prefix', 'sound', 'birth-date', 'birth-year', 'mrn', 'identifier', 'phone', 'email',
] as const; // prettier-ignore
export type TermClass = (typeof termClasses)[number];

/** Something a patient is found by: a normalised value of a class. */
export interface Term {
  cls: TermClass;
  value: string;
  /** What this term follows from (a prefix from its word), where it does: patients are partitioned by that alike. */
  root?: Term;
}

/** What of a patient is indexed; opening is the caller's matter. */
export interface SearchFacts {
  mrn: string;
  name: { family: string; given: readonly string[] };
  birthDate: string | null;
  phone: string | null;
  email: string | null;
  identifiers: readonly { system: string; value: string }[] | null;
  /** Not searched by, but compared with those of staff. */
  address?: PostalFacts | null;
}

/** Letters of the prefixes that have tokens, longest first; those between are told apart by tags. Empty: no prefixes at all. */
export type PrefixLengths = readonly number[];

/** The lengths of new generations. */
export function prefixLengths(prefixes: boolean): PrefixLengths {
  return prefixes ? [8, 6, 5, 4, 3, 2, 1] : [];
}

/** Classes whose values many patients share, so that their tokens are split into partitions. */
export const shared: ReadonlySet<TermClass> = new Set(['name', 'prefix', 'sound', 'birth-date', 'birth-year']);

/** Every term of a patient, each once. Without lengths of prefixes, names are found by whole words and sounds only. */
export function termsOf(facts: SearchFacts, lengths: PrefixLengths): Term[] {
  const terms = new Map<string, Term>();
  const add = (cls: TermClass, values: readonly string[], root?: Term) => {
    for (const value of values) {
      const name = `${cls} ${value}`;
      if (value !== '' && !terms.has(name)) terms.set(name, { cls, value, root });
    }
  };
  for (const word of wordsOf(facts).sort()) {
    const root: Term = { cls: 'name', value: word };
    add('name', [word]);
    if (lengths.length > 0) add('prefix', wordPrefixes(word), root);
    add('sound', soundsOf(word), root);
  }
  if (facts.birthDate) {
    add('birth-date', [facts.birthDate]);
    add('birth-year', [facts.birthDate.slice(0, 4)], { cls: 'birth-date', value: facts.birthDate });
  }
  add('mrn', [normaliseMrn(facts.mrn)]);
  for (const { system, value } of facts.identifiers ?? []) {
    add('identifier', [normaliseIdentifier(system, value), normaliseIdentifier('', value)]);
  }
  if (facts.phone) add('phone', [normalisePhone(facts.phone)]);
  if (facts.email) add('email', [normaliseEmail(facts.email)]);
  return [...terms.values()];
}

/** All words a patient's name is found by. */
export function wordsOf({ name }: Pick<SearchFacts, 'name'>): string[] {
  return [...new Set([name.family, ...name.given].flatMap(nameWords))];
}

/** True for terms that have a token; the others narrow down by tag what a shorter prefix has found. */
export function hasToken({ cls, value }: Term, lengths: PrefixLengths): boolean {
  return cls !== 'prefix' || lengths.includes([...value].length);
}

/** The prefix with a token that a longer one is looked up by. */
export function lookUpPrefix(prefix: string, lengths: PrefixLengths): string {
  const letters = [...prefix];
  const length = lengths.find((known) => known <= letters.length) ?? 1;
  return letters.slice(0, length).join('');
}
