import { describe, expect, it } from 'vitest';
import { billOf } from '../../../../tools/cost/bill.ts';
import { inDollars } from '../../../../tools/cost/dollars.ts';
import { dollarsFor, PRICES } from '../../../../tools/cost/prices.ts';

describe('a price', () => {
  it('falls beyond its tiers, and only there', () => {
    expect(dollarsFor('lambdaGbSecond', 7.5e9)).toBeCloseTo(100_000.5, 1);
    expect(dollarsFor('lambdaGbSecond', 7.5e9 + 1e9)).toBeCloseTo(100_000.5 + 12_000.1, 1);
    // As AWS's own example of sixty terabytes.
    expect(dollarsFor('functionLogGb', 60 * 1_024) / 1_024).toBeCloseTo(12.5, 5);
    expect(dollarsFor('httpApiRequest', 301e6)).toBeCloseTo(300.9, 5);
  });

  it('has tiers in order, of which the last has no end, and a source', () => {
    for (const { tiers, source } of Object.values(PRICES)) {
      const ends = tiers.map(({ upTo }) => upTo);
      expect(ends).toEqual([...ends].sort((one, other) => one - other));
      expect(ends.at(-1)).toBe(Number.POSITIVE_INFINITY);
      expect(source).toMatch(/20\d\d|general knowledge/);
    }
  });
});

it('adds up what is for the same part, and shares a tier among all that use the unit', () => {
  const bill = billOf([
    { part: 'API', unit: 'httpApiRequest', quantity: 300e6 },
    { part: 'canary', unit: 'httpApiRequest', quantity: 300e6 },
    { part: 'API', unit: 'sqsRequest', quantity: 1e6 },
  ]);
  expect(bill.parts).toEqual([
    { part: 'API', dollars: 285.4 },
    { part: 'canary', dollars: 285 },
  ]);
  expect(bill.dollars).toBeCloseTo(570.4);
});

it('costs nothing where nothing is used', () => {
  expect(billOf([{ part: 'backups', unit: 'backupGbMonth', quantity: 0 }]).dollars).toBe(0);
});

it.each([
  [0.4, '$0.40'],
  [99.994, '$99.99'],
  [99.996, '$100'],
  [1_234.5, '$1,235'],
])('writes %d as %s', (dollars, text) => {
  expect(inDollars(dollars)).toBe(text);
});
