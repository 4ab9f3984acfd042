import { normaliseName } from '../crypto/normalise';
import { atHome, byMail, fullName, type Likeness } from '../patients';

/** Titles that stand before a name, and letters that stand after it; neither is part of it. */
const TITLES = words('dr doctor dra prof professor nurse sister matron mr mrs ms miss mx sir dame sr sra herr frau');
const SUFFIXES = words('jr sr ii iii iv md do phd msc bsc mbbs rn np pa frcp');

/** What of an account is compared with patients. */
export interface StaffFacts {
  /** As shown to colleagues, in one line. */
  name: string;
  email: string;
  address: Parameters<typeof atHome>[0];
}

/**
 * What a member of staff may have in common with a patient: the surname, which is the last word of the name (each part, where
 * it is hyphenated), or the first before a comma; first and last name together; the e-mail address; the home address.
 */
export function staffLikenessOf({ name, email, address }: StaffFacts): Likeness[] {
  const { first, families } = namesOf(name);
  const surnames = families.map((value): Likeness => ({ kind: 'surname', value }));
  const full = first ? families.map((family) => fullName(first, family)) : [];
  return [...surnames, ...full, ...byMail(email), ...atHome(address)];
}

function namesOf(name: string): { first: string | null; families: string[] } {
  const [before = '', after = ''] = name.split(',', 2);
  const given = plain(after);
  const all = [...given, ...plain(before)]; // Lindqvist, Anna
  const last = all.at(-1) ?? '';
  return { first: all.length > 1 ? (normaliseName(all[0]!)[0] ?? null) : null, families: normaliseName(last) };
}

/** The words of a name without titles before and letters after it. */
function plain(name: string): string[] {
  const all = name.split(/\s+/).filter((word) => normaliseName(word).length > 0);
  const isOne = (known: ReadonlySet<string>) => (word: string) => known.has(normaliseName(word).join(''));
  const from = all.findIndex((word) => !isOne(TITLES)(word));
  const to = all.findLastIndex((word) => !isOne(SUFFIXES)(word));
  return from < 0 || to < from ? [] : all.slice(from, to + 1);
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}
