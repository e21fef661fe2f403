import { expect, test } from 'vitest';
import { readOptions, WrongOptionError } from './options.ts';

const noSeed = () => 7;

test('a seed that nobody gives is drawn', () => {
  expect(readOptions([], noSeed)).toMatchObject({ mode: 'random', schedules: 1_000, seed: 7 });
  expect(readOptions(['--seed', '3'], noSeed).seed).toBe(3);
});

test.each([
  [['--self-test', '--exhaustive'], 'not both'],
  [['--exhaustive', '--schedules', '5'], '--exhaustive does not take --schedules'],
  [['--self-test', '--trace'], '--self-test does not take --trace'],
  [['--schedules', '0'], 'a whole number from 1'],
  [['--seed', 'x'], '"x"'],
  [['--sed', '1'], '--help'],
])('%j is refused in words', (args, words) => {
  expect(() => readOptions(args, noSeed)).toThrow(WrongOptionError);
  expect(() => readOptions(args, noSeed)).toThrow(words);
});
