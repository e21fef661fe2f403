import { expect, it } from 'vitest';
import { UsageError } from '../../../bin/smoke/options.ts';
import { readLoadOptions } from '../../../load/options.ts';

it('reads where to', () => {
  expect(readLoadOptions(['burst', '--target', 'staging'])).toEqual({
    scenario: 'burst',
    target: { stage: 'staging' },
    isLocal: false,
  });
  expect(readLoadOptions(['burst', '--target', 'local'])).toMatchObject({ isLocal: true });
  expect(readLoadOptions(['--help'])).toBe('help');
});

it.each([
  ['no scenario', [], 'Usage'],
  ['an unknown scenario', ['flood', '--target', 'local'], 'Usage'],
  ['no target', ['burst'], 'Usage'],
  ['an unknown target', ['burst', '--target', 'moon'], 'There is no "moon"'],
  ['prod', ['burst', '--target', 'prod'], 'bursts are for staging'],
])('refuses %s', (_, argv, text) => {
  expect(() => readLoadOptions(argv)).toThrow(UsageError);
  expect(() => readLoadOptions(argv)).toThrow(text);
});
