import { describe, expect, it } from 'vitest';
import {
  isBeyondDuplicateWindow,
  isTooOldForModel,
  windowClosesAtMs,
} from '#domain/conversation/age.ts';
import { aMessage, aStoredInbound } from '#test/support/builders.ts';

const HOUR_MS = 3_600_000;
const NOW_MS = 1_790_400_000_000;

function said(agoMs: number, acceptedAgoMs = 0) {
  const timestamp = String(Math.floor((NOW_MS - agoMs) / 1_000));
  return aStoredInbound(aMessage({ timestamp }), NOW_MS - acceptedAgoMs);
}

describe('a message', () => {
  it('goes to a person from twelve hours on', () => {
    expect(isTooOldForModel(said(12 * HOUR_MS), NOW_MS)).toBe(false);
    expect(isTooOldForModel(said(12 * HOUR_MS + 1_000), NOW_MS)).toBe(true);
  });

  it('is as old as it says, however late it came', () => {
    expect(isTooOldForModel(said(13 * HOUR_MS, 0), NOW_MS)).toBe(true);
  });

  it('of an unreadable time, or one of the future, counts from when it came', () => {
    const timeless = aStoredInbound(aMessage({ timestamp: '0' }), NOW_MS - HOUR_MS);
    expect(isTooOldForModel(timeless, NOW_MS)).toBe(false);
    expect(isTooOldForModel(said(-48 * HOUR_MS, 13 * HOUR_MS), NOW_MS)).toBe(true);
    expect(isBeyondDuplicateWindow(0, NOW_MS)).toBe(false);
    expect(isBeyondDuplicateWindow(NOW_MS + HOUR_MS, NOW_MS)).toBe(false);
  });

  it('from before the time that ids are remembered for is known as such', () => {
    expect(isBeyondDuplicateWindow(NOW_MS - 30 * 24 * HOUR_MS, NOW_MS)).toBe(false);
    expect(isBeyondDuplicateWindow(NOW_MS - 30 * 24 * HOUR_MS - 1, NOW_MS)).toBe(true);
  });
});

describe('the window', () => {
  it('closes some minutes before WhatsApp closes it, counted from the newest message', () => {
    const closesAtMs = windowClosesAtMs([said(10 * HOUR_MS), said(HOUR_MS)]);
    expect(closesAtMs).toBeLessThan(NOW_MS + 23 * HOUR_MS);
    expect(closesAtMs).toBeGreaterThan(NOW_MS + 22.9 * HOUR_MS);
  });

  it('is WhatsApp’s to judge where nothing of the customer is at hand', () => {
    expect(windowClosesAtMs([])).toBe(Number.POSITIVE_INFINITY);
  });
});
