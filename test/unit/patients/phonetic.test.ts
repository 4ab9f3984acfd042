import { normaliseName } from '../../../server/crypto/normalise';
import { soundsOf } from '../../../server/patients/search/phonetic';

const soundAlike = (one: string, other: string) => {
  const codes = new Set(normaliseName(one).flatMap(soundsOf));
  return normaliseName(other)
    .flatMap(soundsOf)
    .some((code) => codes.has(code));
};

test.each([
  ['Lindkvist', 'Lindqvist'],
  ['Meyer', 'Maier'],
  ['Meyer', 'Mayer'],
  ['Smith', 'Smyth'],
  ['Smith', 'Schmidt'],
  ['Jon', 'John'],
  ['Catherine', 'Kathryn'],
  ['Müller', 'Mueller'],
  ['Stephen', 'Steven'],
  ['Philip', 'Filip'],
  ['Håkansson', 'Hokanson'],
])('%s and %s sound alike', (one, other) => {
  expect(soundAlike(one, other)).toBe(true);
});

test.each([
  ['Lindqvist', 'Lindgren'],
  ['Meyer', 'Berger'],
  ['Anders', 'Astrid'],
])('%s and %s do not', (one, other) => {
  expect(soundAlike(one, other)).toBe(false);
});

test('short words, and words in other scripts, have no sound', () => {
  for (const word of ['li', 'lee', 'y', '王', 'иванов', 'محمد', 'marine542']) expect([word, soundsOf(word)]).toEqual([word, []]);
}); // prettier-ignore
