import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { shutdownInWords, shutdownOf } from '#domain/money/model-shutdowns.ts';

/** What says which models are asked, or could be; not the lists that say when they end, nor the tests. */
const PLACES = ['bin', 'lambdas', 'lib', 'local', 'src', 'docs', 'README.md', 'load', 'tools'];
const LISTS = ['src/domain/money/model-shutdowns.ts', 'docs/adr/'];

const MODEL =
  /\b(?:gpt|chatgpt|omni|text|tts|whisper|o[134])-[a-z0-9][a-z0-9.-]*[a-z0-9]\b|\bo[134]\b/g;

/** Time to choose another one, try it and deploy it before customers get the fallback text. */
const LEAST_DAYS_LEFT = 30;

function namedModels(): ReadonlyMap<string, string> {
  const files = execFileSync('git', ['ls-files', ...PLACES], { encoding: 'utf8' })
    .trim()
    .split('\n');
  const found = new Map<string, string>();
  for (const file of files) {
    if (LISTS.some((list) => file.startsWith(list)) || !/\.(?:ts|js|md|ya?ml|json)$/.test(file))
      continue;
    for (const [model] of readFileSync(file, 'utf8').matchAll(MODEL)) found.set(model, file);
  }
  return found;
}

test('no model that is configured, priced or documented is about to be switched off', () => {
  const models = namedModels();
  // That there is something to judge at all.
  expect([...models.keys()]).toContain('gpt-6-luna');
  const ending = [...models]
    .map(([model, file]) => ({ model, file, ends: shutdownOf(model, Date.now()) }))
    .filter(({ ends }) => ends !== undefined && ends.daysLeft < LEAST_DAYS_LEFT)
    .map(({ model, file, ends }) => `${file}: ${model} ends on ${ends?.day}`);
  expect(ending, 'Choose another model: docs/tenant.md#the-model').toEqual([]);
});

test('an end is known by the id and by a dated one, and told in time', () => {
  const nowMs = Date.parse('2026-11-26T12:00:00Z');
  expect(shutdownOf('gpt-4o-2024-11-20', nowMs)).toEqual({ day: '2027-01-14', daysLeft: 48 });
  expect(shutdownOf('gpt-4o-2024-05-13', nowMs)?.day).toBe('2026-10-23');
  expect(shutdownOf('gpt-6-luna', nowMs)).toBeUndefined();
  expect(shutdownInWords('gpt-4.1', nowMs)).toBe(
    'OpenAI switches model gpt-4.1 off on 2027-01-14, in 48 days',
  );
  expect(shutdownInWords('o1', nowMs)).toBe('OpenAI has switched model o1 off on 2026-10-23');
  expect(shutdownInWords('gpt-5.1', nowMs)).toBeUndefined();
  expect(shutdownInWords('gpt-6.1-terra', nowMs)).toBeUndefined();
});
