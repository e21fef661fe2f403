import { expect, it } from 'vitest';
import { readOptions, UsageError } from '../../../../tools/capacity/options.ts';

it('asks for the usual where nothing is said', () => {
  expect(readOptions([])).toEqual({
    wish: {
      stage: 'prod',
      conversationsADay: undefined,
      reserved: undefined,
      batchSize: undefined,
      modelSeconds: undefined,
    },
    output: 'words',
  });
});

it('takes another configuration and a size', () => {
  const argv = '--stage dev --conversations-a-day 1e6 --reserved 300 --batch 5 --model-seconds 2.5';
  expect(readOptions([...argv.split(' '), '--json'])).toEqual({
    wish: {
      stage: 'dev',
      conversationsADay: 1_000_000,
      reserved: 300,
      batchSize: 5,
      modelSeconds: 2.5,
    },
    output: 'json',
  });
  expect(readOptions(['--validate'])).toMatchObject({ output: 'validation' });
  expect(readOptions(['--help'])).toBe('help');
});

it.each([
  [['--write', '--json'], '--write takes no other option'],
  [['--validate', '--batch', '1'], '--validate takes no other option'],
  [['--stage', 'moon'], 'no stage "moon"'],
  [['--batch', '11'], '--batch takes a number from 1 to 10'],
  [['--reserved', '2.5'], '--reserved takes a whole number'],
  [['--model-seconds', ''], '--model-seconds takes a number'],
  [['--conversations-a-day', 'many'], '--conversations-a-day takes a number'],
  [['--else'], 'else'],
])('refuses %j', (argv, says) => {
  expect(() => readOptions(argv)).toThrow(UsageError);
  expect(() => readOptions(argv)).toThrow(says);
});
