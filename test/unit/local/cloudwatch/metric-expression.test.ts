import { expect, test } from 'vitest';
import { parseExpression } from '#local/cloudwatch/metric-expression.ts';
import { type MathValue, MetricMathError } from '#local/cloudwatch/metric-functions.ts';

const SERIES: Readonly<Record<string, MathValue>> = {
  m1: [1, 2, undefined, 4],
  m2: [10, undefined, 30, 0],
  m3: [undefined, undefined, undefined, undefined],
};

function evaluate(text: string): MathValue {
  return parseExpression(text)((id) => {
    const value = SERIES[id];
    if (value === undefined) throw new MetricMathError(`there is no metric ${id}`);
    return value;
  });
}

const NONE = undefined;

test.each<[string, MathValue]>([
  ['m1 + m2', [11, NONE, NONE, 4]],
  ['2 + 3 * 4', 14],
  ['(2 + 3) * 4 - -1', 21],
  ['10 - 3 - 2', 5],
  ['m1 / m2', [0.1, NONE, NONE, NONE]],
  ['100 * m1', [100, 200, NONE, 400]],
  ['m1 > 1', [0, 1, NONE, 1]],
  ['m1 >= 2 AND m1 < 4', [0, 1, NONE, 0]],
  ['m1 == 1 || m1 == 4', [1, 0, NONE, 1]],
  ['FILL(m2, 0)', [10, 0, 30, 0]],
  ['FILL(m2, REPEAT)', [10, 10, 30, 0]],
  ['SUM([m1, m2])', [11, 2, 30, 4]],
  ['MAX([m1,m2,m3])', [10, 2, 30, 4]],
  ['MIN([m1, m2]) ', [1, 2, 30, 0]],
  ['SUM(m1)', 7],
  ['SUM(m3)', [NONE, NONE, NONE, NONE]],
  ['AVG([m1, m2])', [5.5, 2, 30, 2]],
  ['SUM(FILL([m1, m2], 0))', [11, 2, 30, 4]],
  ['IF(m1 > 1, m1)', [NONE, 2, NONE, 4]],
  ['IF(FILL(m2, 0) > 5, m1 / FILL(m2, 0), 0)', [0.1, 0, NONE, 0]],
  ['CEIL(m1 / 3)', [1, 1, NONE, 2]],
])('%s', (text, value) => {
  expect(evaluate(text)).toEqual(value);
});

test.each([
  ['ANOMALY_DETECTION_BAND(m1)', 'the function ANOMALY_DETECTION_BAND is unknown here'],
  ["SEARCH('x', 'Sum')", 'cannot be read at'],
  ['m1 +', 'it ends too early'],
  ['m1 m2', '"m2" was not expected'],
  ['(m1', ') is missing'],
  ['FILL(m1, LINEAR)', 'there is no metric LINEAR'],
  ['m9', 'there is no metric m9'],
])('refuses %s', (text, problem) => {
  expect(() => evaluate(text)).toThrow(problem);
  expect(() => evaluate(text)).toThrow(MetricMathError);
});
