import { expect, it } from 'vitest';
import { UsageError } from '#operator/operator-error.ts';
import { readLoadOptions } from '../../../load/options.ts';
import { SCENARIOS } from '../../../load/scenarios/scenarios.ts';

it('reads what to send and where to', () => {
  const { scenarios, target } = read('burst', 'staging');
  expect(scenarios.map(({ name }) => name)).toEqual(['burst']);
  expect(target).toEqual({ stage: 'staging' });
  expect(read('all', 'local')).toEqual({
    scenarios: SCENARIOS,
    target: { url: 'http://127.0.0.1:3000', isLocal: true },
  });
  expect(read('quick', 'http://127.0.0.1:3456').target).toEqual({
    url: 'http://127.0.0.1:3456',
    isLocal: false,
  });
  expect(readLoadOptions(['--help'])).toBe('help');
});

it('takes the target in either way and place', () => {
  const wanted = readLoadOptions(['burst', '--target', 'local']);
  expect(readLoadOptions(['burst', '--target=local'])).toEqual(wanted);
  expect(readLoadOptions(['--target', 'local', 'burst'])).toEqual(wanted);
});

function read(scenario: string, target: string) {
  const options = readLoadOptions([scenario, '--target', target]);
  if (options === 'help') throw new Error('That was no call for help');
  return options;
}

it.each([
  ['no scenario', [], 'Name one scenario'],
  ['two', ['burst', 'quick', '--target', 'local'], 'Name one scenario'],
  ['an unknown scenario', ['flood', '--target', 'local'], 'There is no scenario "flood"'],
  ['no target', ['burst'], 'Say where to'],
  ['an unknown target', ['burst', '--target', 'moon'], 'There is no target "moon"'],
  ['an unknown option', ['burst', '--users', '9'], "Unknown option '--users'"],
  ['prod', ['burst', '--target', 'prod'], 'load is for staging'],
])('refuses %s', (_, argv, text) => {
  expect(() => readLoadOptions(argv)).toThrow(UsageError);
  expect(() => readLoadOptions(argv)).toThrow(text);
  expect(() => readLoadOptions(argv)).not.toThrow('npm run smoke');
});
