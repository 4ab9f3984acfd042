import { count, Progress } from '../../../server/cli/progress';
import { table } from '../../../server/cli/table';

function drawn(isTTY: boolean, work: (progress: Progress) => void): string {
  let text = '';
  work(new Progress('Loading', { isTTY, columns: 80, write: (more) => (text += more) }));
  return text;
}

test('a terminal sees a bar that ends with its line', () => {
  const text = drawn(true, (progress) => {
    progress.update(30, 60);
    progress.update(60, 60);
    progress.finish();
  });
  expect(text).toContain('[###############...............] 30 of 60 (50 %)');
  expect(text).toMatch(/60 of 60 \(100 %\)\x1b\[K\n$/);
});

test('elsewhere there are plain lines, and short work has only its last', () => {
  const text = drawn(false, (progress) => {
    for (let done = 0; done <= 60; done++) progress.update(done, 60);
    progress.finish();
  });
  expect(text).toBe('Loading 60 of 60 (100 %)\n');
});

test('figures are grouped, tables aligned', () => {
  expect(count(1048211)).toBe('1 048 211');
  expect(
    table(
      ['Name', 'Values'],
      [
        ['patient', '60'],
        ['visit', '1 215'],
      ],
    ),
  ).toEqual(['Name     Values', '-------  ------', 'patient      60', 'visit     1 215']);
});
