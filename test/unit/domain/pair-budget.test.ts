import { expect, test } from 'vitest';
import { pairRefusalWaitMs, pairWaitMs, payForMessages } from '#domain/conversation/pair-budget.ts';
import { META_SEND_LIMITS, PairLimit } from '#local/whatsapp/send-limits.ts';

const NOW_MS = 1_790_400_000_000;

test('what is paid for in advance is what WhatsApp takes', () => {
  const limit = new PairLimit(META_SEND_LIMITS);
  let paidUpToMs = 0;
  let nowMs = NOW_MS;
  for (let sent = 0; sent < 200; sent += 1) {
    paidUpToMs = payForMessages(paidUpToMs, 1, nowMs);
    nowMs += pairWaitMs(paidUpToMs, nowMs);
    expect(limit.take(nowMs)).toBe(true);
    nowMs += (sent * 37) % 1_000;
  }
  // And no slower than it would be taken: 45 at once, then one in six seconds.
  expect(nowMs - NOW_MS).toBeLessThanOrEqual((200 - 45) * 6_000 + 1_000);
});

test('a whole reply is paid for before its first part goes', () => {
  const paidUpToMs = payForMessages(0, 44, NOW_MS);
  expect(pairWaitMs(payForMessages(paidUpToMs, 1, NOW_MS), NOW_MS)).toBe(0);
  expect(pairWaitMs(payForMessages(paidUpToMs, 3, NOW_MS), NOW_MS)).toBe(12_000);
});

test('a refusal waits four to the power of the refusals before it, in seconds', () => {
  expect([0, 1, 2, 3].map(pairRefusalWaitMs)).toEqual([1_000, 4_000, 16_000, 64_000]);
  expect(pairRefusalWaitMs(50)).toBe(1_024_000);
});
