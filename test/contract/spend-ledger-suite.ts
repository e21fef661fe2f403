import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  BudgetTerms,
  Reservation,
  Reserved,
  Spender,
  SpendLedger,
  SpendOwner,
} from '#app/ports/spend-ledger.ts';
import { parseTenantId } from '#domain/ids.ts';
import { type MicroUsd, microUsd, NO_MONEY } from '#domain/money/micro-usd.ts';
import { present } from '#test/support/builders.ts';

/** Where ledgers are. */
export interface LedgerStage {
  /** The ledger of a process that counts the same money as those made before it, and remembers nothing. */
  another(platform?: Partial<BudgetTerms>): SpendLedger;
  /** With nobody's money in it yet. */
  ledger(platform?: Partial<BudgetTerms>): Promise<SpendLedger>;
  close(): Promise<void>;
}

/** Noon of a day in the middle of a month, and what lies around it. */
const NOON_MS = Date.UTC(2026, 10, 14, 12);
const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const MONTH = '2026-11';

const CENT = microUsd(10_000);
const usd = (dollars: number): MicroUsd => microUsd(dollars * 1_000_000);

let tenants = 0;

/** A tenant that no other test uses. */
function aSpender(over: Partial<Spender['terms']> = {}, name?: string): Spender {
  tenants += 1;
  return {
    tenantId: present(parseTenantId(name ?? `spender-${tenants}`)),
    terms: {
      perDay: undefined,
      perMonth: undefined,
      turnsPerMinute: undefined,
      warnAt: [],
      ...over,
    },
    spread: 'a chat',
  };
}

const ownerOf = ({ tenantId }: Spender): SpendOwner => ({ kind: 'tenant', id: tenantId });

function reserved(answer: Reserved): Reservation {
  if (answer.kind === 'reserved') return answer.reservation;
  throw new Error(`Refused by ${answer.by}`);
}

/** What the ledger of spending promises, whoever keeps it. */
export function describeSpendLedger(name: string, makeStage: () => Promise<LedgerStage>): void {
  describe(name, () => {
    let stage: LedgerStage;
    let ledger: SpendLedger;
    beforeAll(async () => {
      stage = await makeStage();
      ledger = await stage.ledger();
    });
    afterAll(() => stage?.close());

    it('holds what a turn may cost, and counts what it did cost', async () => {
      const spender = aSpender({ perDay: usd(1) });
      const held = reserved(await ledger.reserve(spender, usd(0.4), NOON_MS));
      expect(await ledger.spentIn(MONTH, ownerOf(spender))).toMatchObject({
        spent: 0,
        reserved: usd(0.4),
      });
      await ledger.settle(held, { model: CENT, vision: microUsd(7) });
      expect(await ledger.spentIn(MONTH, ownerOf(spender))).toEqual({
        spent: 10_007,
        reserved: 0,
        byKind: { model: CENT, vision: 7 },
        days: new Map([['2026-11-14', { spent: 10_007, reserved: 0 }]]),
      });
    });

    it('gives back all that was held for a turn that cost nothing', async () => {
      const spender = aSpender({ perDay: CENT });
      const held = reserved(await ledger.reserve(spender, CENT, NOON_MS));
      expect((await ledger.reserve(spender, microUsd(1), NOON_MS)).kind).toBe('refused');
      await ledger.settle(held, {});
      expect((await ledger.reserve(spender, CENT, NOON_MS)).kind).toBe('reserved');
    });

    it('counts what costs more than was held', async () => {
      const spender = aSpender({ perDay: CENT });
      const held = reserved(await ledger.reserve(spender, microUsd(1), NOON_MS));
      await ledger.settle(held, { model: CENT });
      const refused = await ledger.reserve(spender, microUsd(1), NOON_MS);
      expect(refused).toMatchObject({ kind: 'refused', by: 'tenant-day' });
    });

    it('is spendable to the last micro-dollar, and no further', async () => {
      const spender = aSpender({ perDay: microUsd(3) });
      const answers: string[] = [];
      for (let turn = 0; turn < 4; turn += 1) {
        answers.push((await ledger.reserve(spender, microUsd(1), NOON_MS)).kind);
      }
      expect(answers).toEqual(['reserved', 'reserved', 'reserved', 'refused']);
    });

    it('refuses what is more than the whole budget, of a tenant that has spent nothing', async () => {
      for (const budget of [{ perDay: CENT }, { perMonth: CENT }]) {
        const refused = await ledger.reserve(aSpender(budget), microUsd(CENT + 1), NOON_MS);
        expect(refused.kind).toBe('refused');
      }
    });

    it('has a new budget with the next day of UTC, until the month’s is spent', async () => {
      const spender = aSpender({ perDay: usd(2), perMonth: usd(3) });
      const lastSecond = Date.UTC(2026, 10, 14, 23, 59, 59);
      reserved(await ledger.reserve(spender, usd(2), lastSecond));
      expect(await ledger.reserve(spender, CENT, lastSecond)).toEqual({
        kind: 'refused',
        by: 'tenant-day',
        retryAfterMs: SECOND_MS,
      });
      const nextDay = lastSecond + SECOND_MS;
      reserved(await ledger.reserve(spender, usd(1), nextDay));
      expect(await ledger.reserve(spender, CENT, nextDay)).toEqual({
        kind: 'refused',
        by: 'tenant-month',
        retryAfterMs: Date.UTC(2026, 11, 1) - nextDay,
      });
      reserved(await ledger.reserve(spender, usd(2), Date.UTC(2026, 11, 1)));
      expect(await ledger.spentIn('2026-12', ownerOf(spender))).toMatchObject({ reserved: usd(2) });
    });

    it('settles for the day on which it was held', async () => {
      const spender = aSpender({ perDay: usd(1) });
      const atMs = Date.UTC(2026, 10, 30, 23, 59, 59);
      await ledger.settle(reserved(await ledger.reserve(spender, usd(1), atMs)), { model: CENT });
      const { days } = await ledger.spentIn(MONTH, ownerOf(spender));
      expect(days).toEqual(new Map([['2026-11-30', { spent: CENT, reserved: 0 }]]));
    });

    it('lets so many turns a minute through, and then says when the next begins', async () => {
      const spender = aSpender({ turnsPerMinute: 2 });
      const atMs = NOON_MS + 20 * SECOND_MS;
      for (const _ of [1, 2]) reserved(await ledger.reserve(spender, CENT, atMs));
      expect(await ledger.reserve(spender, CENT, atMs)).toEqual({
        kind: 'refused',
        by: 'tenant-rate',
        retryAfterMs: 40 * SECOND_MS,
      });
      for (const _ of [1, 2]) reserved(await ledger.reserve(spender, CENT, NOON_MS + MINUTE_MS));
      const late = await ledger.reserve(spender, CENT, NOON_MS + MINUTE_MS);
      expect(late).toMatchObject({ by: 'tenant-rate' });
      reserved(await ledger.reserve(spender, CENT, NOON_MS + 5 * MINUTE_MS));
    });

    it('counts a turn for the running minute when its clock is behind another’s', async () => {
      const spender = aSpender({ turnsPerMinute: 2 });
      reserved(await ledger.reserve(spender, CENT, NOON_MS + MINUTE_MS));
      reserved(await ledger.reserve(spender, CENT, NOON_MS));
      const refused = await ledger.reserve(spender, CENT, NOON_MS + MINUTE_MS);
      expect(refused).toMatchObject({ by: 'tenant-rate' });
    });

    it('counts for a tenant without any limit what it spent', async () => {
      const spender = aSpender();
      const answer = await ledger.reserve(spender, usd(1_000_000), NOON_MS);
      expect(await ledger.spentIn(MONTH, ownerOf(spender))).toMatchObject({ reserved: 0 });
      await ledger.settle(reserved(answer), { model: CENT });
      const { spent, reserved: left } = await ledger.spentIn(MONTH, ownerOf(spender));
      expect({ spent, left }).toEqual({ spent: CENT, left: 0 });
    });

    it('adds what is only known afterwards, also beyond the budget', async () => {
      const spender = aSpender({ perDay: CENT });
      for (const _ of [1, 2]) await ledger.add(spender, { meta: CENT }, NOON_MS);
      await ledger.add(spender, { meta: NO_MONEY }, NOON_MS + DAY_MS);
      expect(await ledger.spentIn(MONTH, ownerOf(spender))).toEqual({
        spent: 2 * CENT,
        reserved: 0,
        byKind: { meta: 2 * CENT },
        days: new Map([['2026-11-14', { spent: 2 * CENT, reserved: 0 }]]),
      });
      const refused = await ledger.reserve(spender, microUsd(1), NOON_MS);
      expect(refused).toMatchObject({ by: 'tenant-day' });
    });

    it('knows nothing of a month in which nothing was spent', async () => {
      const nothing = { spent: 0, reserved: 0, byKind: {}, days: new Map() };
      expect(await ledger.spentIn('2025-01', ownerOf(aSpender()))).toEqual(nothing);
    });

    it('keeps tenants apart, and those from the platform, whatever they are called', async () => {
      const whole = await stage.ledger({ perDay: usd(1_000) });
      const names = ['platform', 'tenant', 'month', '0', 'a', 'a-0'];
      const spenders = names.map((each) => aSpender({ perMonth: usd(1) }, each));
      for (const [index, spender] of spenders.entries()) {
        const held = await whole.reserve(spender, microUsd(index + 1), NOON_MS);
        await whole.settle(reserved(held), { model: microUsd(index + 1) });
      }
      const each = await Promise.all(
        spenders.map(async (spender) => (await whole.spentIn(MONTH, ownerOf(spender))).spent),
      );
      expect(each).toEqual([1, 2, 3, 4, 5, 6]);
      expect(await whole.spentIn(MONTH, { kind: 'platform' })).toMatchObject({ spent: 21 });
    });

    it('stops all tenants at the platform’s budget, and holds nothing for who was stopped', async () => {
      for (const [by, budget] of [
        ['platform-day', { perDay: usd(1) }],
        ['platform-month', { perMonth: usd(1) }],
      ] as const) {
        const whole = await stage.ledger(budget);
        const [one, other] = [aSpender({ perDay: usd(5) }), aSpender({ perDay: usd(5) })];
        const held = reserved(await whole.reserve(one, usd(1), NOON_MS));
        expect(await whole.reserve(other, CENT, NOON_MS)).toMatchObject({ kind: 'refused', by });
        expect(await whole.spentIn(MONTH, ownerOf(other))).toMatchObject({ reserved: 0 });
        await whole.settle(held, { model: CENT });
        await whole.add(other, { meta: usd(0.5) }, NOON_MS);
        expect(await whole.reserve(other, usd(0.5), NOON_MS)).toMatchObject({ by });
        expect((await whole.reserve(other, usd(0.4), NOON_MS)).kind).toBe('reserved');
      }
    });

    it('tells of a level once a period, and of each by itself', async () => {
      const spender = aSpender({ perDay: usd(1), perMonth: usd(2), warnAt: [0.5, 0.8] });
      const told: unknown[] = [];
      const spend = async (atMs: number, dollars: number) => {
        const answer = await ledger.reserve(spender, usd(dollars), atMs);
        if (answer.kind === 'reserved') told.push(answer.warnings);
      };
      await spend(NOON_MS, 0.4);
      await spend(NOON_MS, 0.1);
      await spend(NOON_MS, 0.1);
      await spend(NOON_MS, 0.4);
      await spend(NOON_MS + DAY_MS, 0.9);
      expect(told).toEqual([
        [],
        [{ scope: 'tenant-day', share: 0.5 }],
        [],
        [
          { scope: 'tenant-month', share: 0.5 },
          { scope: 'tenant-day', share: 0.8 },
        ],
        [
          { scope: 'tenant-day', share: 0.5 },
          { scope: 'tenant-day', share: 0.8 },
          { scope: 'tenant-month', share: 0.8 },
        ],
      ]);
    });

    it('tells of the platform’s levels too, and of each once to all that ask at once', async () => {
      const whole = await stage.ledger({ perDay: usd(1), warnAt: [0.1] });
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => whole.reserve(aSpender(), usd(0.1), NOON_MS)),
      );
      const told = answers.flatMap((each) => (each.kind === 'reserved' ? each.warnings : []));
      expect(told).toEqual([{ scope: 'platform-day', share: 0.1 }]);
    });

    it('tells of a tenant’s level when it is reached, not where the platform has refused', async () => {
      const whole = await stage.ledger({ perDay: usd(1) });
      const spender = aSpender({ perDay: usd(2), warnAt: [0.5] });
      const other = reserved(await whole.reserve(aSpender(), CENT, NOON_MS));
      expect((await whole.reserve(spender, usd(1), NOON_MS)).kind).toBe('refused');
      await whole.settle(other, {});
      expect(await whole.reserve(spender, usd(1), NOON_MS)).toMatchObject({
        warnings: [{ scope: 'tenant-day', share: 0.5 }],
      });
    });

    it('lets exactly so many turns through that come at the same time', async () => {
      const spender = aSpender({ turnsPerMinute: 7, perDay: usd(1) });
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => ledger.reserve(spender, CENT, NOON_MS)),
      );
      expect(answers.filter(({ kind }) => kind === 'reserved')).toHaveLength(7);
    });

    it('never has more spent and held than the budget, however turns overlap', async () => {
      const turn = fc.record({
        bound: fc.integer({ min: 1, max: 40 }),
        share: fc.double({ min: 0, max: 1, noNaN: true }),
      });
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(turn, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 4 }),
          fc.integer({ min: 1, max: 200 }),
          async (waves, budget) => {
            const spender = aSpender({ perDay: microUsd(budget), perMonth: microUsd(budget) });
            for (const wave of waves) {
              const answers = await Promise.all(
                wave.map(({ bound }) => ledger.reserve(spender, microUsd(bound), NOON_MS)),
              );
              const { spent, reserved: held } = await ledger.spentIn(MONTH, ownerOf(spender));
              expect(spent + held).toBeLessThanOrEqual(budget);
              await Promise.all(
                answers.map(async (answer, index) => {
                  const { bound, share } = present(wave[index]);
                  if (answer.kind === 'refused') return;
                  const cost = microUsd(Math.floor(bound * share));
                  await ledger.settle(answer.reservation, { model: cost });
                }),
              );
            }
            const { reserved: left } = await ledger.spentIn(MONTH, ownerOf(spender));
            expect(left).toBe(0);
          },
        ),
        { numRuns: 15 },
      );
    });

    /** Spends all that is to be had, chat by chat, ten dollars a turn. @returns what that was */
    async function spendAll(from: SpendLedger, spender: Spender): Promise<number> {
      let taken = 0;
      for (let chat = 0, refusals = 0; refusals < 8; chat += 1) {
        const asked = { ...spender, spread: `chat ${chat}` };
        const { kind } = await from.reserve(asked, usd(10), NOON_MS);
        if (kind === 'reserved') taken += 10;
        else refusals += 1;
      }
      return taken;
    }

    describe.each([
      [99, 120],
      [99, 250],
      [120, 1_700],
      [350, 355],
      [790, 810],
    ])('where $%d become $%d', (less, more) => {
      const great = { turnsPerMinute: 1_000_000 };
      const later = (spender: Spender, terms: Partial<Spender['terms']>): Spender => ({
        ...spender,
        terms: { ...spender.terms, ...terms },
      });

      it.each(['perDay', 'perMonth'] as const)('is exact with what is more %s', async (period) => {
        const whole = await stage.ledger();
        const spender = aSpender({ ...great, [period]: usd(less) });
        const before = await spendAll(whole, spender);
        const raised = later(spender, { [period]: usd(more) });
        const both = before + (await spendAll(stage.another(), raised));
        expect(before).toBeLessThanOrEqual(less);
        expect(both).toBeLessThanOrEqual(more);
        expect(both).toBeGreaterThan(more - 16 * 10);
      });

      it('is exact for the platform, and what was added counts too', async () => {
        const before = await stage.ledger({ perDay: usd(less) });
        const spender = aSpender();
        const spent = await spendAll(before, spender);
        await stage.another({ perDay: usd(more) }).add(spender, { meta: usd(1) }, NOON_MS);
        const both = spent + 1 + (await spendAll(stage.another({ perDay: usd(more) }), spender));
        expect(both).toBeLessThanOrEqual(more);
        expect(both).toBeGreaterThan(more - 16 * 10);
      });

      it('gives nothing more where it is lowered to what is spent', async () => {
        const whole = await stage.ledger();
        const spender = aSpender({ ...great, perDay: usd(more) });
        await spendAll(whole, spender);
        const lowered = later(spender, { perDay: usd(less) });
        if (more - 16 * 10 > less) expect(await spendAll(stage.another(), lowered)).toBe(0);
        expect(await spendAll(stage.another(), later(spender, { perDay: usd(5) }))).toBe(0);
      });
    });

    it('keeps to the month’s parts, whatever its first process had for limits', async () => {
      await stage.ledger();
      const spender = aSpender({ turnsPerMinute: 10_000, perDay: usd(1_000) });
      const before = await spendAll(stage.another(), spender);
      expect(before).toBe(1_000);
      const terms = { ...spender.terms, turnsPerMinute: 1_000_000 };
      expect(await spendAll(stage.another(), { ...spender, terms })).toBe(0);
    });

    it('stays within a great budget that is kept in parts, and uses nearly all of it', async () => {
      const spender = aSpender({ perDay: usd(400), turnsPerMinute: 1_000_000 });
      const amount = usd(7);
      const answers = await Promise.all(
        Array.from({ length: 80 }, (_, chat) =>
          ledger.reserve({ ...spender, spread: `chat ${chat}` }, amount, NOON_MS),
        ),
      );
      const taken = answers.filter(({ kind }) => kind === 'reserved').length * amount;
      expect(taken).toBeLessThanOrEqual(usd(400));
      expect(taken).toBeGreaterThan(usd(400) - 8 * amount);
      const { reserved: held } = await ledger.spentIn(MONTH, ownerOf(spender));
      expect(held).toBe(taken);
    });
  });
}
