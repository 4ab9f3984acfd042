/** Longest indexed prefix of a name word, in letters: longer ones narrow no search further. */
export const LONGEST_PREFIX = 12;
const SHORTEST_PREFIX = 2;

const APOSTROPHES = /['‘’ʼʻʹ`´′＇]/gu;
const DASHES = /[\p{Dash}]/gu;
const ASCII = /^[\x20-\x7e]*$/;

/**
 * Marks that people leave out when they type: accents, Hebrew and Arabic points, invisible joiners. Vowel signs of Indic
 * scripts and Thai are marks too, but there they are the word, so they stay.
 */
const LEFT_OUT = /[\p{Script=Inherited}\p{Cf}\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u06d6-\u06ed]/gu;

/** Letters that Unicode does not take apart, but a keyboard without them does. */
const PLAIN: Record<string, string> = {
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  ħ: 'h',
  ŧ: 't',
  æ: 'ae',
  œ: 'oe',
  þ: 'th',
  ŋ: 'n',
  ς: 'σ',
  ə: 'e',
};
const SPECIAL = new RegExp(`[${Object.keys(PLAIN).join('')}]`, 'gu');

/**
 * The words of a name as they are compared: accents and case ignored, split at spaces, hyphens and dots; apostrophes join
 * (O'Brien = obrien). Letters of every script are kept. Compatibility forms are unified (NFKD, Unicode UAX 15).
 */
export function normaliseName(name: string): string[] {
  return fold(name).match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
}

/**
 * Every word a name is found by: as written, hyphenated names written together too (annemarie), and what follows an
 * apostrophe (brien for O'Brien). Without repetition.
 */
export function nameWords(name: string): string[] {
  const spellings = new Set([name, name.replace(APOSTROPHES, ' '), name.replace(DASHES, '')]);
  return [...new Set([...spellings].flatMap(normaliseName))];
}

/**
 * The beginnings a word may be searched by: of 2 to 12 letters, from 1 where one ideograph is a name.
 *
 * @param word one word of `normaliseName`
 */
export function wordPrefixes(word: string): string[] {
  const letters = [...word];
  const prefixes: string[] = [];
  for (let length = shortestPrefix(word); length <= Math.min(letters.length, LONGEST_PREFIX); length++) {
    prefixes.push(letters.slice(0, length).join(''));
  }
  return prefixes;
}

/** Letters a word must have at least to be searched as a beginning. */
export function shortestPrefix(word: string): number {
  return /^\p{Script=Han}/u.test(word) ? 1 : SHORTEST_PREFIX;
}

/** Country calling codes (ITU-T E.164): one digit, these two-digit ones, else three digits. */
const CALLING_CODE = /^(?:[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3})/;

/**
 * A phone number without what depends on where one calls from: calling code (+46, 0046), trunk zero, extension and
 * punctuation. The number as dialled at home and from abroad is the same. Empty when there is no digit.
 */
export function normalisePhone(phone: string): string {
  const dialled = phone
    .normalize('NFKC')
    .replace(/(?:x|ext|#).*$/iu, '')
    .replace(/[^\d+]/gu, '')
    .replace(/^00/, '+');
  const digits = dialled.replace(/\+/g, '');
  const american = /^1\d{10}$/.test(digits);
  const national = dialled.startsWith('+') || american ? digits.replace(CALLING_CODE, '') : digits;
  return national.replace(/^0+/, '') || digits;
}

/** An e-mail address without regard to case and surrounding spaces. */
export function normaliseEmail(email: string): string {
  return email.normalize('NFKC').trim().toLowerCase();
}

/** A medical record number: capitals, no spaces, one kind of hyphen. */
export function normaliseMrn(mrn: string): string {
  return mrn.normalize('NFKC').replace(/\s/gu, '').replace(DASHES, '-').toUpperCase();
}

/**
 * An identifier within its system; FHIR R4 treats values as case-insensitive unless the system says otherwise. With an
 * empty system: the identifier as somebody types it who does not know the system.
 */
export function normaliseIdentifier(system: string, value: string): string {
  return `${system.trim()}\0${value.normalize('NFKC').replace(/\s/gu, '').toLowerCase()}`;
}

/** Twice, since folding one character may bring forth another that folds. Of ASCII only capitals and apostrophes fold. */
function fold(text: string): string {
  if (ASCII.test(text)) return text.replace(APOSTROPHES, '').toLowerCase();
  return foldOnce(foldOnce(text.replace(APOSTROPHES, '')));
}

/** Capitals first: it is they that take ß apart, and the marks they bring forth go with the others. */
function foldOnce(text: string): string {
  return text
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKD')
    .replace(LEFT_OUT, '')
    .replace(APOSTROPHES, '')
    .replace(SPECIAL, (letter) => PLAIN[letter] ?? letter);
}
