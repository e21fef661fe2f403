import { expect, it } from 'vitest';
import { median, medianRatio } from '../../../../load/bench/statistics.ts';

it.each([
  [[3], 3],
  [[9, 1, 5], 5],
  [[4, 1, 3, 2], 2.5],
  [[100, 1, 10], 10],
])('takes the middle of %j', (values, middle) => {
  expect(median(values)).toBe(middle);
});

it('has no middle of nothing', () => {
  expect(median([])).toBeNaN();
});

it('divides within each round, so that a slow round changes no ratio', () => {
  // The third round met a busy machine, which both felt.
  expect(medianRatio([200, 210, 900], [100, 100, 450])).toBe(2);
  expect(medianRatio([200, 220, 1_000], [100, 100, 400])).toBeCloseTo(2.2);
});

it('has no ratio to what was not measured', () => {
  expect(medianRatio([1, 2], [])).toBeNaN();
  expect(medianRatio([], [1])).toBeNaN();
});
