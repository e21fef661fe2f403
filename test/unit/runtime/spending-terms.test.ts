import { describe, expect, it } from 'vitest';
import { readSpendingTerms } from '#runtime/spending-terms.ts';

const NONE = {
  TENANT_TURNS_PER_MINUTE: 'none',
  PLATFORM_BUDGET_PER_DAY: 'none',
  PLATFORM_BUDGET_PER_MONTH: 'none',
  PLATFORM_BUDGET_WARN_AT: 'none',
};

describe('what the stage says of spending', () => {
  it('may be nothing', () => {
    expect(readSpendingTerms(NONE)).toEqual({
      platform: { perDay: undefined, perMonth: undefined, warnAt: [] },
      turnsPerMinute: undefined,
    });
  });

  it('is a rate, two amounts and shares', () => {
    const env = {
      TENANT_TURNS_PER_MINUTE: '600',
      PLATFORM_BUDGET_PER_DAY: '12500000',
      PLATFORM_BUDGET_PER_MONTH: '1',
      PLATFORM_BUDGET_WARN_AT: '0.8,0.5',
    };
    expect(readSpendingTerms(env)).toEqual({
      platform: { perDay: 12_500_000, perMonth: 1, warnAt: [0.5, 0.8] },
      turnsPerMinute: 600,
    });
  });

  it.each([
    ['TENANT_TURNS_PER_MINUTE', '0'],
    ['PLATFORM_BUDGET_PER_DAY', '12.50'],
    ['PLATFORM_BUDGET_PER_MONTH', '-1'],
    ['PLATFORM_BUDGET_WARN_AT', '80'],
    ['PLATFORM_BUDGET_WARN_AT', '0.5;0.8'],
  ])('names %s where it cannot be %s', (name, value) => {
    expect(() => readSpendingTerms({ ...NONE, [name]: value })).toThrow(name);
  });
});
