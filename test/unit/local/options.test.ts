import { expect, test } from 'vitest';
import { readOptions, UsageError } from '#local/options.ts';

test.each([
  [[], {}, 3000],
  [[], { PORT: '' }, 3000],
  [[], { PORT: '4000' }, 4000],
  [['--port', '0'], { PORT: '4000' }, 0],
])('takes the port from %j and %j', (argv, env, port) => {
  expect(readOptions(argv, env)).toMatchObject({ port });
});

test.each([
  [['--port', 'http']],
  [['--port', '65536']],
  [['--dynamodb', 'somewhere']],
  [['--vault', 'pocket']],
  [['--environments', '0']],
  [['--environments', 'many']],
  [['--nonsense']],
  [['stray']],
])('refuses %j in words', (argv) => {
  expect(() => readOptions(argv, {})).toThrow(UsageError);
});

test.each([
  [[], undefined],
  [['--vault', 'tenants-table'], 'tenants-table'],
])('takes the vault from %j', (argv, tenantVault) => {
  expect(readOptions(argv, {})).toMatchObject({ tenantVault });
});

test.each([
  [[], undefined],
  [['--environments', '12'], 12],
])('takes the number of processes from %j', (argv, environments) => {
  expect(readOptions(argv, {})).toMatchObject({ environments });
});

test('asks for help', () => {
  expect(readOptions(['--help'], {})).toBe('help');
});
