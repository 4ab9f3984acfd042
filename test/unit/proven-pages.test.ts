import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Pages that say, requirement by requirement, by what each is shown. */
const root = join(__dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

interface Row {
  number: string;
  level: string;
  how: string;
  shown: string;
}

/** Rows of the tables whose last column is "shown by". */
function rowsOf(page: string): Row[] {
  const rows = read(page).split('\n').filter((line) => /^\| (?:\d+\.\d+\.\d+|\([a-e]\)\S*) +\|/.test(line));
  return rows.map((line) => {
    const cells = line.split('|').slice(1, -1).map((cell) => cell.trim());
    const [number = '', how = '', shown = ''] = [cells[0], cells.at(-2), cells.at(-1)];
    return { number, level: cells[1] ?? '', how, shown };
  });
} // prettier-ignore

/** Names of a test file’s tests and groups, as they are written, apostrophes and all. */
const titles = new Map<string, string[]>();
function titlesOf(file: string): string[] {
  const known = titles.get(file);
  if (known) return known;
  // of test.each the title stands behind the cases, often on a line of its own
  const found = [...read(file).matchAll(/(?:^|[(\s])(['"`])((?:(?!\1)[^\\\n]|\\.)+)\1, (?:async )?\(/gm)];
  const told = found.map(([, , title]) => title!.replaceAll("\\'", "'"));
  titles.set(file, told);
  return told;
}

const REFERENCE = /`([\w.][\w./-]*)`(?: “([^”]+)”)?/g;
const LINK = /\[[^\]]+\]\([^)]+\)/g;

/** What is wrong with the references of a row; links are looked after with those of all pages. */
function faultsOf({ number, how, shown }: Row): string[] {
  const faults = [...shown.matchAll(REFERENCE)].flatMap(([, name, title]) => {
    const test = `test/${name}.test.ts`;
    if (!existsSync(join(root, test))) return existsSync(join(root, name!)) && !title ? [] : [`${number}: no ${name}`];
    if (!title) return [];
    return titlesOf(test).some((told) => told.includes(title)) ? [] : [`${number}: no “${title}” in ${test}`];
  });
  const rest = shown.replace(REFERENCE, '').replace(LINK, '');
  if (!/^[;, ]*$/.test(rest)) faults.push(`${number}: ${rest.trim()} is no reference`);
  const told = shown !== '' || /\*\*gap\*\*|^_not applicable_: /.test(how);
  return told ? faults : [...faults, `${number}: by what is it shown?`];
}

const pages = ['docs/asvs.md', 'docs/compliance.md'];

test.each(pages)('%s: every row is shown by something there is, or says that it is a gap or does not apply', (page) => {
  expect(rowsOf(page).length).toBeGreaterThan(30);
  expect(rowsOf(page).flatMap(faultsOf)).toEqual([]);
});

test('asvs.md has every requirement of levels 1 and 2 once, in order', () => {
  const rows = rowsOf('docs/asvs.md');
  const place = ({ number }: Row) => number.split('.').reduce((sum, part) => sum * 100 + Number(part), 0);
  const places = rows.map(place);
  expect(places.every((here, index) => index === 0 || here > places[index - 1]!)).toBe(true);
  const of = (level: string) => rows.filter((row) => row.level === level).length;
  expect([of('1'), of('2')]).toEqual([70, 183]); // as many as ASVS 5.0.0 has
});

test('asvs.md tells its gaps at the top', () => {
  const gaps = rowsOf('docs/asvs.md').filter(({ how }) => how.includes('**gap**'));
  for (const [level, told] of [
    ['1', 'Gaps of level 1'],
    ['2', 'Of level 2'],
  ] as const) {
    const listed = new RegExp(`${told}: ([\\d. ]+)\\.`).exec(read('docs/asvs.md'))![1]!.split(' ');
    expect(listed).toEqual(gaps.filter((row) => row.level === level).map(({ number }) => number));
  }
});

test('compliance.md has every paragraph, in order', () => {
  const groups = [
    ...new Set(rowsOf('docs/compliance.md').map(({ number }) => /^\([a-e]\)(?:\(\d+\))?/.exec(number)![0])),
  ];
  const criteria = Array.from({ length: 13 }, (_, index) => `(d)(${index + 1})`);
  expect(groups).toEqual([...criteria, '(a)(1)', '(a)(2)', '(b)', '(c)(1)', '(c)(2)', '(d)', '(e)(1)', '(e)(2)']);
});

test('a reference to nothing is found', () => {
  const row = { number: '0', level: '1', how: 'somehow' };
  expect(faultsOf({ ...row, shown: '`api/http` “no such test”' })).toHaveLength(1);
  expect(faultsOf({ ...row, shown: '`server/no-such-file.ts`' })).toHaveLength(1);
  expect(faultsOf({ ...row, shown: '`api/http” “pages”' })).toHaveLength(1);
  expect(faultsOf({ ...row, shown: '' })).toHaveLength(1);
});
