import fc from 'fast-check';
import {
  nameWords,
  normaliseEmail,
  normaliseIdentifier,
  normaliseMrn,
  normaliseName,
  normalisePhone,
  shortestPrefix,
  wordPrefixes,
} from '../../../server/crypto/normalise';

/** True when a search of `typed` finds somebody called `name`: every word of it is a word of the name, or begins one. */
const finds = (typed: string, name: string) => {
  const words = nameWords(name);
  const begins = (part: string, word: string) => [...part].length >= shortestPrefix(part) && word.startsWith(part);
  return normaliseName(typed).every((part) => words.some((word) => word === part || begins(part, word)));
};

describe('Nurse Lindqvist looks for a patient', () => {
  test.each([
    ['and', 'Anders Svensson'],
    ['svensson anders', 'Anders Svensson'],
    ['ANDERS', 'anders'],
    ['muller', 'Müller'],
    ['Müller', 'Muller'],
    ['strasse', 'Straße'],
    ['soren', 'Søren'],
    ['lodz', 'Łódź'],
    ['bjork', 'Björk'],
    ['Bjo\u0308rk', 'Björk'],
    ['anne-marie', 'Anne Marie'],
    ['marie', 'Anne-Marie'],
    ['annemarie', 'Anne-Marie'],
    ['anne‐marie', 'Anne-Marie'],
    ["o'brien", 'O’Brien'],
    ['obrien', "O'Brien"],
    ['brien', "O'Brien"],
    ['ó briain', 'Ó Briain'],
    ['ΠΑΠΑΔΟΠΟΥΛΟΣ', 'Παπαδόπουλος'],
    ['иванов', 'ИВАНОВ'],
    ['王', '王小明'],
    ['王小', '王小明'],
    ['김', '김철수'],
    ['محمد', 'مُحَمَّد'],
    ['שלום', 'שָׁלוֹם'],
    ['सी', 'सीता'],
    ['ａｂｅ', 'Abe604 Frami345'],
    ['İpek', 'ipek'],
    ['ILGIN', 'ılgın'],
    ['wolfeschlegelstein', 'Wolfeschlegelsteinhausenbergerdorff'],
    ['y', 'Ramón y Cajal'],
  ])('%s finds %s', (typed, name) => {
    expect(finds(typed, name)).toBe(true);
  });

  test.each([
    ['nders', 'Anders'],
    ['a', 'Anders'],
    ['anderss', 'Andersen And'],
    ['svensson berg', 'Anders Svensson'],
    ['सू', 'सीता'],
  ])('%s does not find %s', (typed, name) => {
    expect(finds(typed, name)).toBe(false);
  });

  test('every word of a name, and every beginning of two letters or more, finds it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (name) => {
        for (const word of normaliseName(name)) {
          const letters = [...word];
          expect(finds(word, name)).toBe(true);
          if (letters.length > 2) expect(finds(letters.slice(0, 2).join(''), name)).toBe(true);
        }
      }),
    );
  });

  test('ASCII takes a shorter way to the very words of the long one', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii', maxLength: 40 }), (name) => {
        expect([...normaliseName(name), 'o']).toEqual(normaliseName(`${name} ø`));
      }),
      { numRuns: 1_000 },
    );
  });

  test('normalised words stay as they are when normalised again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        const words = normaliseName(name);
        expect(normaliseName(words.join(' '))).toEqual(words);
      }),
    );
  });

  test('case never matters, and folding is complete, for every character there is', () => {
    const words = (text: string) => normaliseName(text).join(' ');
    const odd: string[] = [];
    for (let point = 0; point <= 0x2ffff; point++) {
      if (point === 0xd800) point = 0xe000; // surrogates are no characters
      const letter = String.fromCodePoint(point);
      const folded = words(letter);
      const same = [letter.toUpperCase(), letter.toLowerCase(), folded].every((form) => words(form) === folded);
      if (!same) odd.push(`U+${point.toString(16)}`);
    }
    expect(odd).toEqual([]);
  });

  test('nothing but punctuation is no word', () => {
    expect(normaliseName(" -.,' \u200d")).toEqual([]);
  });
});

test('prefixes go from two letters to twelve', () => {
  expect(wordPrefixes('adeyemi')).toEqual(['ad', 'ade', 'adey', 'adeye', 'adeyem', 'adeyemi']);
  expect(wordPrefixes('x')).toEqual([]);
  expect(wordPrefixes('王小明')).toEqual(['王', '王小', '王小明']);
  expect(wordPrefixes('abcdefghijklmno').at(-1)).toBe('abcdefghijkl');
  expect(wordPrefixes('𠮷野')).toEqual(['𠮷', '𠮷野']);
});

test.each([
  ['+46 70 123 45 67', '070-123 45 67'],
  ['0046701234567', '070-1234567'],
  ['+1 (555) 123-4567', '555.123.4567'],
  ['1-555-123-4567', '(555) 123 4567'],
  ['+44 (0)20 7946 0958', '020 7946 0958'],
  ['+358 9 1234567', '09 1234567'],
  ['+39 06 698 1234', '06 6981234'],
  ['555-123-4567 x89', '555-123-4567'],
])('phone %s is %s', (abroad, home) => {
  expect(normalisePhone(abroad)).toBe(normalisePhone(home));
});

test('phones that differ stay apart, and an emergency number survives', () => {
  expect(normalisePhone('070-123 45 67')).not.toBe(normalisePhone('070-123 45 68'));
  expect(normalisePhone('112')).toBe('112');
  expect(normalisePhone('000')).not.toBe('');
  expect(normalisePhone('none')).toBe('');
});

test('e-mail: case and spaces do not matter', () => {
  expect(normaliseEmail(' A.Adeyemi@Example.ORG ')).toBe('a.adeyemi@example.org');
});

test('MRN: case and spaces do not matter, hyphens do', () => {
  expect(normaliseMrn(' mrn‑00 12 ')).toBe('MRN-0012');
  expect(normaliseMrn('1-11')).not.toBe(normaliseMrn('11-1'));
});

test('identifier: value without case, apart by system, and a system cannot run into its value', () => {
  expect(normaliseIdentifier('urn:a', 'X 1')).toBe(normaliseIdentifier('urn:a ', 'x1'));
  expect(normaliseIdentifier('urn:a', 'x')).not.toBe(normaliseIdentifier('urn:b', 'x'));
  expect(normaliseIdentifier('ab', 'c')).not.toBe(normaliseIdentifier('a', 'bc'));
});
