import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { StoredInbound } from '#domain/conversation/message.ts';
import {
  answerWaitMs,
  type ContactUsage,
  countAnswer,
  countCost,
  hasRoomFor,
  isTold,
  NO_USAGE,
  sortByLimits,
} from '#domain/limits/contact-usage.ts';
import { microUsd } from '#domain/money/micro-usd.ts';
import { DEFAULT_TERMS } from '#domain/tenant/terms.ts';
import { aStoredInbound, aTextMessage } from '#test/support/builders.ts';

const LIMITS = DEFAULT_TERMS.limits.contact;
const NOW = Date.parse('2026-11-26T23:59:50Z');
const HOUR = 3_600_000;

function acceptedAt(...times: readonly number[]): readonly StoredInbound[] {
  return times.map((acceptedAtMs, position) => ({
    ...aStoredInbound(aTextMessage('hello'), acceptedAtMs),
    position,
  }));
}

describe('messages', () => {
  it('are beyond the limit from the 61st of a minute on', () => {
    const times = Array.from({ length: 70 }, (_, index) => NOW + index);
    const { within, beyond } = sortByLimits(acceptedAt(...times), NO_USAGE, LIMITS);
    expect([within.length, beyond.length]).toEqual([60, 10]);
    expect(beyond[0]?.acceptedAtMs).toBe(NOW + 60);
  });

  it('are beyond the limit of an hour, however evenly they come', () => {
    const times = Array.from({ length: 1_700 }, (_, index) => NOW + index * 1_500);
    const { within } = sortByLimits(acceptedAt(...times), NO_USAGE, LIMITS);
    // 1,000 at once, and what the three quarters of an hour pay back.
    expect(within.length).toBeGreaterThanOrEqual(1_000);
    expect(within.length).toBeLessThan(1_000 + 720);
  });

  it('that were parked for hours are let through after a redrive', () => {
    const { usage } = sortByLimits(acceptedAt(NOW), NO_USAGE, LIMITS);
    const { beyond } = sortByLimits(acceptedAt(NOW - 5 * HOUR), usage, LIMITS);
    expect(beyond).toEqual([]);
  });

  test('never more than a limit in any minute, whatever the times and the turns', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 30_000 }), { minLength: 1, maxLength: 200 });
    const limits = { ...LIMITS, messagesPerMinute: 5, messagesPerHour: 50 };
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 20 }), (all, turnLength) => {
        let at = NOW;
        const times = all.map((gap) => (at += gap));
        let usage: ContactUsage = NO_USAGE;
        const within: number[] = [];
        for (let from = 0; from < times.length; from += turnLength) {
          const sorted = sortByLimits(
            acceptedAt(...times.slice(from, from + turnLength)),
            usage,
            limits,
          );
          usage = sorted.usage;
          within.push(...sorted.within.map(({ acceptedAtMs }) => acceptedAtMs));
        }
        // As many as a full bucket has, and as many as run in meanwhile.
        for (const start of within) {
          const inMinute = within.filter((time) => time >= start && time < start + 60_000);
          expect(inMinute.length).toBeLessThanOrEqual(2 * limits.messagesPerMinute);
          const inHour = within.filter((time) => time >= start && time < start + HOUR);
          expect(inHour.length).toBeLessThanOrEqual(2 * limits.messagesPerHour);
        }
      }),
    );
  });
});

test('the eleventh answer of a minute waits until a tenth of the minute is over', () => {
  let usage = NO_USAGE;
  for (let answer = 0; answer < 10; answer += 1) {
    expect(answerWaitMs(usage, LIMITS, NOW)).toBe(0);
    usage = countAnswer(usage, LIMITS, NOW);
  }
  expect(answerWaitMs(usage, LIMITS, NOW)).toBe(6_000);
  expect(answerWaitMs(usage, LIMITS, NOW + 6_000)).toBe(0);
});

describe('money', () => {
  const budget = { perDay: microUsd(100), perMonth: microUsd(150) };

  it('is counted by the day and by the month', () => {
    const spent = countCost(NO_USAGE, microUsd(80), NOW);
    expect(hasRoomFor(spent, microUsd(20), budget, NOW)).toBe(true);
    expect(hasRoomFor(spent, microUsd(21), budget, NOW)).toBe(false);
    const tomorrow = NOW + HOUR;
    expect(hasRoomFor(spent, microUsd(70), budget, tomorrow)).toBe(true);
    expect(hasRoomFor(spent, microUsd(71), budget, tomorrow)).toBe(false);
    expect(hasRoomFor(spent, microUsd(100), budget, NOW + 5 * 24 * HOUR)).toBe(true);
  });

  it('of a day is not forgotten by a clock that lags behind', () => {
    const after = countCost(NO_USAGE, microUsd(90), NOW + 20_000);
    expect(hasRoomFor(after, microUsd(11), budget, NOW)).toBe(false);
  });

  it('without a budget has no end', () => {
    const none = { perDay: undefined, perMonth: undefined };
    const spent = countCost(NO_USAGE, microUsd(1_000_000_000), NOW);
    expect(hasRoomFor(spent, microUsd(1_000_000_000), none, NOW)).toBe(true);
  });
});

test('a customer is told once a day', () => {
  const told = { ...NO_USAGE, toldAtMs: NOW };
  expect(isTold(NO_USAGE, NOW)).toBe(false);
  expect(isTold(told, NOW + 23 * HOUR)).toBe(true);
  expect(isTold(told, NOW + 24 * HOUR)).toBe(false);
});
