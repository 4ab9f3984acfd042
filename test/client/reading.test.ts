import { roundMarks } from '../../client/src/features/visits/axis';
import { patientName } from '../../client/src/ui/format';

test.each([
  [36, 38.9, [36, 37, 38, 39]],
  [60, 112, [60, 80, 100, 120]],
  [91, 100, [90, 95, 100]],
  [0, 9, [0, 5, 10]],
  [49, 180, [0, 50, 100, 150, 200]],
  [70.3, 70.7, [70.3, 70.4, 70.5, 70.6, 70.7]],
  [70, 70, [69, 70, 71]],
  [0, 0, [0, 0.5, 1]],
  [-5, -5, [-6, -5, -4]],
  [-3, 4, [-4, -2, 0, 2, 4]],
])('an axis from %d to %d has round marks, evenly apart, and holds both', (low, high, marks) => {
  expect(roundMarks(low, high)).toEqual(marks);
});

test('a name from right to left is isolated from the numbers after it; another is left as it is', () => {
  expect(patientName({ family: 'Lindqvist', given: ['Maja'] })).toBe('LINDQVIST Maja');
  expect(patientName({ family: '欧阳', given: ['晓明'] })).toBe('欧阳 晓明');
  expect(patientName({ family: 'כהן', given: ['יעל'] })).toBe('\u2068כהן יעל\u2069');
  expect(patientName({ family: 'حداد', given: [] })).toBe('\u2068حداد\u2069');
});
