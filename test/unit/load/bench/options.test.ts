import { expect, it } from 'vitest';
import { UsageError } from '#operator/operator-error.ts';
import { readBenchOptions } from '../../../../load/bench/options.ts';

const NAMES = ['cold', 'turn'];

it('measures everything and says so in words, unless told otherwise', () => {
  expect(readBenchOptions([], NAMES)).toEqual({
    only: undefined,
    runs: undefined,
    output: 'words',
  });
  expect(readBenchOptions(['--only', 'turn,cold', '--runs', '3', '--json'], NAMES)).toEqual({
    only: ['turn', 'cold'],
    runs: 3,
    output: 'json',
  });
  expect(readBenchOptions(['--write'], NAMES)).toMatchObject({ output: 'file' });
  expect(readBenchOptions(['--help', '--only', 'x'], NAMES)).toBe('help');
});

it.each([
  ['an unknown benchmark', ['--only', 'cold,warm'], 'There is no benchmark "warm": use cold, turn'],
  ['no runs at all', ['--runs', '0'], '--runs takes a whole number'],
  ['half a run', ['--runs', '1.5'], '--runs takes a whole number'],
  ['a part as the whole', ['--write', '--only', 'cold'], '--write takes no other option'],
  ['what it does not know', ['--fast'], 'Usage: npm run bench'],
])('refuses %s', (_, argv, text) => {
  expect(() => readBenchOptions(argv, NAMES)).toThrow(UsageError);
  expect(() => readBenchOptions(argv, NAMES)).toThrow(text);
});
