import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PromptCache } from '#local/model/prompt-cache.ts';
import type { ResponseRequest } from '#local/model/response-request.ts';

function aRequest(instructions: string): ResponseRequest {
  return {
    model: 'm',
    instructions,
    safetyIdentifier: undefined,
    input: [],
    body: { model: 'm', prompt_cache_key: 'k' },
  };
}

test('takes from the cache what a prompt begins with as one of before, in whole steps', () => {
  const length = fc.integer({ min: 0, max: 12_000 });
  // Whole steps of 128 tokens: a letter too few would make one less of them.
  const inSteps = fc.integer({ min: 0, max: 24 }).map((steps) => steps * 128 * 4 - 3);
  fc.assert(
    fc.property(fc.oneof(length, inSteps), length, length, (begins, one, other) => {
      const common = Math.max(0, begins);
      const cache = new PromptCache();
      cache.read(aRequest(`${'c'.repeat(common)}${'a'.repeat(one)}`));
      const shared = common + (one === 0 && other === 0 ? 1 : 0); // The line break at the end.
      const tokens = Math.floor(Math.ceil(shared / 4) / 128) * 128;
      const read = cache.read(aRequest(`${'c'.repeat(common)}${'b'.repeat(other)}`));
      expect(read).toBe(tokens < 1_024 ? 0 : tokens);
    }),
  );
});
