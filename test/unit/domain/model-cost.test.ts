import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costOfUsage, mostInputTokens, upperBoundOf } from '#domain/money/model-cost.ts';
import { priceOfModel } from '#domain/money/model-prices.ts';

const MODELS = ['gpt-6-luna', 'gpt-6.1-terra', 'gpt-6-astra', 'gpt-5.6-luna', 'model-of-tomorrow'];

const anyUsage = fc
  .record({
    inputTokens: fc.integer({ min: 0, max: 400_000 }),
    cached: fc.double({ min: 0, max: 1, noNaN: true }),
    written: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
    outputTokens: fc.integer({ min: 0, max: 3_000 }),
  })
  .map(({ inputTokens, cached, written, outputTokens }) => {
    const cachedInputTokens = Math.floor(inputTokens * cached);
    const rest = inputTokens - cachedInputTokens;
    const cacheWriteTokens = written === undefined ? undefined : Math.floor(rest * written);
    return { inputTokens, cachedInputTokens, cacheWriteTokens, outputTokens };
  });

/** Of any UTF-16, so that some of it is half a character. */
const anyText = fc
  .array(fc.integer({ min: 0, max: 0xffff }))
  .map((units) => String.fromCharCode(...units));

describe('what a call of the model costs', () => {
  it('is the list price of each kind of token', () => {
    const usage = { inputTokens: 2_000, cachedInputTokens: 1_500, outputTokens: 150 };
    // 500 at $0.10, 1,500 at $0.01 and 150 at $0.50 a million.
    expect(costOfUsage('gpt-6-luna', { ...usage, cacheWriteTokens: 0 })).toBe(50 + 15 + 75);
    expect(costOfUsage('gpt-6-luna', { ...usage, cacheWriteTokens: 200 })).toBe(30 + 25 + 15 + 75);
  });

  it('is that of a cache write where nobody says that there was none', () => {
    const usage = { inputTokens: 1_000, cachedInputTokens: 0, outputTokens: 0 };
    expect(costOfUsage('gpt-6-luna', usage)).toBe(125);
  });

  it('is more for a prompt beyond 272,000 tokens, as a whole', () => {
    const at = (inputTokens: number) =>
      costOfUsage('gpt-6-luna', {
        inputTokens,
        cachedInputTokens: 0,
        cacheWriteTokens: 0,
        outputTokens: 1_000,
      });
    expect(at(272_000)).toBe(27_200 + 500);
    expect(at(272_001)).toBe(Math.ceil(54_400.2 + 750));
  });

  it('is that of the dearest model where the price is not known', () => {
    const usage = { inputTokens: 1_000, cachedInputTokens: 0, outputTokens: 1_000 };
    expect(costOfUsage('model-of-tomorrow', usage)).toBe(costOfUsage('gpt-6-astra', usage));
    expect(priceOfModel('model-of-tomorrow').isKnown).toBe(false);
    expect(priceOfModel('constructor').isKnown).toBe(false);
  });

  it('knows a model by its dated name too', () => {
    expect(priceOfModel('gpt-6-luna-2026-09-22')).toEqual(priceOfModel('gpt-6-luna'));
    expect(priceOfModel('gpt-6-luna-turbo').isKnown).toBe(false);
  });

  it('survives a provider that reports more cached tokens than there are', () => {
    const usage = { inputTokens: 10, cachedInputTokens: 100, outputTokens: 0 };
    expect(costOfUsage('gpt-6-luna', usage)).toBe(1);
  });
});

describe('the most that a call can cost', () => {
  it('is never less than what any usage within it costs', () => {
    fc.assert(
      fc.property(fc.constantFrom(...MODELS), anyUsage, (model, usage) => {
        const instructions = 'x'.repeat(usage.inputTokens);
        const bound = upperBoundOf(model, {
          instructions,
          conversation: [],
          maxOutputTokens: 3_000,
        });
        expect(costOfUsage(model, usage)).toBeLessThanOrEqual(bound);
      }),
      { numRuns: 40 },
    );
  });

  it('counts a token for every byte of UTF-8, and something for each message', () => {
    fc.assert(
      fc.property(anyText, fc.array(anyText, { maxLength: 5 }), (instructions, texts) => {
        const conversation = texts.map((text) => ({ text }));
        const bytes = [instructions, ...texts].reduce(
          (sum, text) => sum + Buffer.byteLength(text),
          0,
        );
        const most = mostInputTokens({ instructions, conversation });
        expect(most).toBe(bytes + 64 + 16 * texts.length);
      }),
    );
    const half = mostInputTokens({ instructions: '\ud83d', conversation: [] });
    expect(half).toBe(64 + Buffer.byteLength('\ud83d'));
  });
});
