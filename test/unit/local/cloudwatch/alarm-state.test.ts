import { describe, expect, test } from 'vitest';
import {
  type AlarmState,
  evaluationRange,
  type MissingData,
  nextState,
} from '#local/cloudwatch/alarm-state.ts';

const BEFORE = 'before' as AlarmState;

/** `0` is good, `X` is bad, `-` is missing; oldest first, as in the tables of the documentation. */
function stateAfter(points: string, bad: number, missing: MissingData, of = 3): string {
  const values = points.split(' ').map((each) => (each === '-' ? undefined : Number(each === 'X')));
  const isBreaching = (value: number) => value > 0;
  return nextState(values, { isBreaching, of, bad, missing }, BEFORE);
}

const KINDS = ['missing', 'ignore', 'breaching', 'notBreaching'] as const;

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
describe('by the tables of the documentation', () => {
  test.each([
    ['0 - X - X', 'OK', 'OK', 'OK', 'OK'],
    ['0 - - - -', 'OK', 'OK', 'OK', 'OK'],
    ['- - - - -', 'INSUFFICIENT_DATA', BEFORE, 'ALARM', 'OK'],
    ['0 X X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['- - X - -', 'ALARM', BEFORE, 'ALARM', 'OK'],
  ])('three of three: %s', (points, ...states) => {
    expect(KINDS.map((kind) => stateAfter(points, 3, kind))).toEqual(states);
  });

  test.each([
    ['0 - X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['0 0 X 0 X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['0 - X - -', 'OK', 'OK', 'ALARM', 'OK'],
    ['- - - - 0', 'OK', 'OK', 'ALARM', 'OK'],
    ['- - - X -', 'ALARM', BEFORE, 'ALARM', 'OK'],
  ])('two of three: %s', (points, ...states) => {
    expect(KINDS.map((kind) => stateAfter(points, 2, kind))).toEqual(states);
  });
});

test('an alarm of one period is bad for as long as its point is in the range', () => {
  expect(evaluationRange({ of: 1 })).toBe(3);
  expect(stateAfter('X - -', 1, 'notBreaching', 1)).toBe('ALARM');
  expect(stateAfter('- - -', 1, 'notBreaching', 1)).toBe('OK');
  expect(stateAfter('X 0 -', 1, 'notBreaching', 1)).toBe('OK');
});
