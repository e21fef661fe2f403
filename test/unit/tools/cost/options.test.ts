import { expect, it } from 'vitest';
import { readOptions } from '../../../../tools/cost/options.ts';
import { USUAL_TRAFFIC } from '../../../../tools/cost/traffic.ts';

it('takes the usual traffic of stage prod where nothing else is said', () => {
  expect(readOptions([])).toEqual({
    stage: 'prod',
    model: undefined,
    traffic: USUAL_TRAFFIC,
    output: 'words',
  });
});

it('takes another number for each that is assumed', () => {
  const argv = [
    '--turns',
    '8',
    '--cached-share',
    '0',
    '--country',
    'ES',
    '--stage',
    'dev',
    '--json',
  ];
  expect(readOptions(argv)).toMatchObject({
    stage: 'dev',
    traffic: { ...USUAL_TRAFFIC, turns: 8, cachedShare: 0, country: 'ES' },
    output: 'json',
  });
});

it.each([
  [['--stage', 'live'], 'There is no stage "live": use dev, staging, prod'],
  [['--turns', '0'], '--turns takes a number of 1 or more'],
  [['--cached-share', '94'], '--cached-share takes a number of 0 or more, up to 1'],
  [['--tenants', 'many'], '--tenants takes a number of 0 or more'],
  [['--model', 'gpt-99'], 'The price of "gpt-99" is not known'],
  [['--country', 'Spain'], '--country takes a code of two letters, such as ES'],
  [['--write', '--turns', '8'], '--write takes no other option'],
  [['--cheaper'], "Unknown option '--cheaper'"],
])('refuses %j and says why', (argv, message) => {
  expect(() => readOptions(argv)).toThrow(message);
});
