import { beforeEach, describe, expect, test } from 'vitest';
import { parseTenantId } from '#domain/ids.ts';
import { NO_BUDGET, type TenantBudget } from '#domain/money/budget.ts';
import { type MicroUsd, microUsd } from '#domain/money/micro-usd.ts';
import { aTenant, present } from '#test/support/builders.ts';
import { Desk } from '#test/support/operator-desk.ts';

/** The desk's clock stands in this month. */
const MONTH = '2026-09';

let desk: Desk;
beforeEach(() => {
  desk = new Desk();
});

const usd = (dollars: number) => microUsd(dollars * 1_000_000);

async function aBusiness(name: string, budget: Partial<TenantBudget> = {}) {
  const id = present(parseTenantId(name));
  const tenant = aTenant({ id, budget: { ...NO_BUDGET, ...budget } });
  await desk.register.create({ tenant, numbers: [] });
  const terms = { ...tenant.budget, turnsPerMinute: undefined };
  return { tenantId: id, terms, spread: '' };
}

type Business = Awaited<ReturnType<typeof aBusiness>>;

async function spend(business: Business, model: MicroUsd, meta = microUsd(0), daysAgo = 0) {
  const atMs = desk.clock.now() - daysAgo * 86_400_000;
  await desk.ledger.add(business, { model, meta }, atMs);
}

describe('spend show', () => {
  test('tells of each tenant what it spent of its budget, and of all together', async () => {
    const bakery = await aBusiness('bakery', { perDay: usd(2), perMonth: usd(50) });
    const clinic = await aBusiness('clinic');
    await spend(bakery, usd(0.5), usd(0.0201));
    await spend(bakery, usd(4), microUsd(0), 3);
    await spend(clinic, usd(1));
    const held = await desk.ledger.reserve(bakery, usd(0.5), desk.clock.now());
    expect(held.kind).toBe('reserved');
    expect(await desk.run('spend', 'show', '--local')).toBe(0);
    const words = desk.out.split('\n').map((line) => line.replace(/ {2,}/g, ' '));
    expect(words).toEqual([
      'WHO WHEN SPENT RESERVED BUDGET USED',
      'bakery 2026-09-26 0.5201 0.50 2.00 51 %',
      `bakery ${MONTH} 4.5201 0.50 50.00 10 %`,
      'clinic 2026-09-26 1.00 0.00 - -',
      `clinic ${MONTH} 1.00 0.00 - -`,
      'all tenants 2026-09-26 1.5201 0.50 - -',
      `all tenants ${MONTH} 5.5201 0.50 - -`,
      'All tenants: without those that were removed, which --tenant shows.',
      '',
    ]);
  });

  test('tells of one tenant each day, and what the money went for', async () => {
    const bakery = await aBusiness('bakery', { perDay: usd(2) });
    await aBusiness('clinic');
    await spend(bakery, usd(1), microUsd(0), 1);
    await spend(bakery, microUsd(0), usd(0.5));
    expect(await desk.run('spend', 'show', '--tenant', 'bakery', '--local')).toBe(0);
    expect(desk.out).not.toContain('clinic');
    for (const part of ['2026-09-25  1.00', '2026-09-26  0.50', 'model 1.00', 'meta 0.50']) {
      expect(desk.out).toContain(part);
    }
    expect(await desk.run('spend', 'show', '--tenant', 'bakery', '--local', '--json')).toBe(0);
    expect(JSON.parse(desk.out)).toEqual({
      month: MONTH,
      currency: 'USD',
      spend: [
        {
          name: 'bakery',
          month: { spent: 1.5, reserved: 0, budget: null, percent: null },
          today: { spent: 0.5, reserved: 0, budget: 2, percent: 25 },
          byKind: { model: 1, meta: 0.5 },
          days: {
            '2026-09-25': { spent: 1, reserved: 0, budget: 2, percent: 50 },
            '2026-09-26': { spent: 0.5, reserved: 0, budget: 2, percent: 25 },
          },
        },
      ],
    });
  });

  test('tells of today’s budget also before anything is spent of it', async () => {
    const bakery = await aBusiness('bakery', { perDay: usd(2) });
    await spend(bakery, usd(1), microUsd(0), 1);
    expect(await desk.run('spend', 'show', '--tenant', 'bakery', '--local')).toBe(0);
    expect(desk.out).toMatch(
      /2026-09-25 +1\.00 +0\.00 +2\.00 +50 %\n.*2026-09-26 +0\.00 +0\.00 +2\.00 +0 %\n/,
    );
  });

  test('tells of another month without a today', async () => {
    await spend(await aBusiness('bakery'), usd(3), microUsd(0), 40);
    expect(await desk.run('spend', 'show', '--month', '2026-08', '--local', '--json')).toBe(0);
    const { month, spend: views } = JSON.parse(desk.out);
    expect(month).toBe('2026-08');
    expect(views[0]).toMatchObject({ name: 'bakery', month: { spent: 3 } });
    expect(views[0]).not.toHaveProperty('today');
  });

  test('tells of a tenant that was removed, and of none that never was', async () => {
    const bakery = await aBusiness('bakery');
    await spend(bakery, usd(1));
    await desk.register.delete(bakery.tenantId, 1);
    expect(await desk.run('spend', 'show', '--tenant', 'bakery', '--local')).toBe(0);
    expect(desk.out).toContain('bakery');
    expect(await desk.run('spend', 'show', '--tenant', 'bakerie', '--local')).toBe(1);
    expect(desk.err).toContain('There is no tenant bakerie');
  });

  test.each([
    [['--month', '2026-13'], 'It must be a month such as 2026-11.'],
    [['--month', 'november'], 'It must be a month such as 2026-11.'],
    [['--tenant', 'Bad Id'], 'is no tenant id'],
    [['--tennant', 'x'], '(Did you mean --tenant?)'],
  ])('refuses %j', async (args, hint) => {
    expect(await desk.run('spend', 'show', '--local', ...args)).toBe(2);
    expect(desk.err).toContain(hint);
  });
});
