import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inDollars, microUsd, parseDollars, sumOf } from '#domain/money/micro-usd.ts';

describe('an amount of money', () => {
  it.each([
    ['12.50', 12_500_000],
    ['0.000001', 1],
    [' 3 ', 3_000_000],
    [12.5, 12_500_000],
    [0, 0],
    [0.1, 100_000],
    [1234567.891, 1_234_567_891_000],
    ['10000000', 10_000_000_000_000],
  ])('is read from %j', (written, micros) => {
    expect(parseDollars(written)).toBe(micros);
  });

  it.each([
    '',
    '$5',
    '5 USD',
    '1,000',
    '1e3',
    '-1',
    '.5',
    '5.',
    '0.0000001',
    0.0000001,
    -1,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1e21,
    '10000000.01',
    null,
    undefined,
    true,
    {},
  ])('is not read from %j', (written) => {
    expect(parseDollars(written)).toBeUndefined();
  });

  it('is written so that it is read back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000_000_000 }), (micros) => {
        expect(parseDollars(inDollars(microUsd(micros)))).toBe(micros);
      }),
    );
    expect(
      [0, 5_000_000, 12_500_000, 1, 1_230_000].map((each) => inDollars(microUsd(each))),
    ).toEqual(['0.00', '5.00', '12.50', '0.000001', '1.23']);
  });

  it('counts a part of a micro-dollar as a whole one, and is never negative', () => {
    expect(microUsd(0.1)).toBe(1);
    expect(sumOf([microUsd(1), microUsd(2.5)])).toBe(4);
    for (const wrong of [-1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
      expect(() => microUsd(wrong)).toThrow(RangeError);
    }
  });
});
