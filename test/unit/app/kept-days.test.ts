import { expect, test } from 'vitest';
import { keptDays } from '#app/kept-days.ts';
import { aChat, aTenant } from '#test/support/builders.ts';

test.each([
  ['a tenant that says so', aTenant({ retentionDays: 365 }), 365],
  ['one that does not', aTenant(), undefined],
  ['one that cannot be read', 'misconfigured' as const, undefined],
  ['nobody', undefined, undefined],
])('the days of %s', async (_who, tenant, expected) => {
  const tenants = { findByPhoneNumber: async () => tenant };
  expect(await keptDays(aChat(), tenants)).toBe(expected);
});
