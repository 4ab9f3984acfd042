import { doubleMetaphone } from 'double-metaphone';

/** Words of fewer letters, and codes of fewer sounds, are too common to say anything: Lee and Lou are both `L`. */
const FEWEST_LETTERS = 3;
const FEWEST_SOUNDS = 2;

/**
 * How a word sounds, for finding misheard names: the codes of Double Metaphone (Philips 2000), one or two. Empty for short
 * words and for words in other than Latin letters.
 *
 * @param word one word of `normaliseName`: folded, without accents
 */
export function soundsOf(word: string): string[] {
  if (word.length < FEWEST_LETTERS || !/^[a-z]+$/.test(word)) return [];
  return [...new Set(doubleMetaphone(word))].filter((code) => code.length >= FEWEST_SOUNDS);
}
