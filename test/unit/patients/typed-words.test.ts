import { prefixLengths } from '../../../server/patients/search/terms';
import { fitOf, readTyped } from '../../../server/patients/search/typed-words';
import { findDate } from '../../../server/patients/search/typed-date';
import type { SearchFacts } from '../../../server/patients/search/terms';

const anders: SearchFacts = {
  mrn: 'H100200',
  name: { family: 'van der Berg-Lindqvist', given: ['Anders', "D'Arcy"] },
  birthDate: '1985-09-09',
  phone: '+46 70 123 45 67',
  email: 'Anders@Post.example',
  identifiers: [{ system: 'urn:oid:1.2', value: '850909-1234' }],
};

const lengths = prefixLengths(true);
const fit = (typed: string, prefixes = true) => fitOf(readTyped(typed, prefixLengths(prefixes)), anders);

test.each([
  'anders', 'ANDERS', 'van der berg', 'berg anders', 'lindqvist, anders', 'berglindqvist', 'darcy', "d'arcy", 'arcy',
  'H100200', 'h100200', '850909-1234', '070-123 45 67', '+46701234567', 'anders 070-123 45 67', 'anders@post.example',
  '1985', '1985-09-09', '19850909', '9.9.1985', '09/09/1985', '09-Sep-1985', '9 September 1985', 'anders 1985',
  'anders 1985-09-09', 'anders 9 sep 1985', '1985 anders', 'anders 1985 H100200',
])('%s fits exactly', (typed) => {
  expect(fit(typed)).toBe('EXACT');
}); // prettier-ignore

test.each(['an', 'ander', 'lindq anders', 'and 1985', 'va de be'])('%s fits by its beginning', (typed) => {
  expect(fit(typed)).toBe('PREFIX');
});

test.each(['lindkvist', 'Anderz', 'Andres lindkvist 1985'])('%s fits by its sound', (typed) => {
  expect(fit(typed)).toBe('SOUND');
});

test.each(['nders', 'a', 'bergman', 'anders 1986', '1985-09-10', 'x@post.example', '070-123 45 68', '%', '31.9.1985', 'q'])(
  '%s does not fit',
  (typed) => {
    expect(fit(typed)).toBeNull();
  },
); // prettier-ignore

test('nothing typed is nothing to search for; nothing to be found by is somebody nobody is', () => {
  expect([readTyped('', lengths), readTyped('   ', lengths)]).toEqual([[], []]);
  expect(readTyped('%', lengths)).toHaveLength(1);
});

test('without prefixes, beginnings are not found; whole words and sounds are', () => {
  expect([fit('ander', false), fit('anders', false), fit('lindkvist', false)]).toEqual([null, 'EXACT', 'SOUND']);
  const terms = readTyped('ander', []).flatMap(({ alternatives }) => Object.values(alternatives).flat());
  expect(terms.filter(({ lookUp, tag }) => lookUp.cls === 'prefix' || tag.cls === 'prefix')).toEqual([]);
});

test.each([
  ['1985-9-9', null],
  ['2024-02-29', '2024-02-29'],
  ['2023-02-29', null],
  ['29/02/2024', '2024-02-29'],
  ['13.13.1985', null],
  ['9-Foo-1985', null],
  ['1-jan-1990', '1990-01-01'],
])('the date %s is %s', (typed, date) => {
  expect(findDate(typed)).toBe(date);
});
