import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BurstWait, burstWaitMs } from '#domain/conversation/burst.ts';
import { aMessage, aStoredInbound, aTextMessage } from '#test/support/builders.ts';

const ADAPTIVE: BurstWait = { kind: 'adaptive' };
const NOW_MS = 1_790_400_000_000;

/** Messages that came so many milliseconds ago. */
function waiting(...texts: readonly (readonly [string, number])[]) {
  return texts.map(([text, agoMs]) => aStoredInbound(aTextMessage(text), NOW_MS - agoMs));
}

function media(type: string, over: Record<string, unknown> = {}) {
  return [aStoredInbound(aMessage({ type, [type]: { id: '1', ...over } }), NOW_MS)];
}

describe('adaptively', () => {
  it('answers a complete question and a lone finished sentence at once', () => {
    expect(burstWaitMs(waiting(['Do you open on Sunday?', 0]), ADAPTIVE, NOW_MS)).toBe(0);
    expect(burstWaitMs(waiting(['I want a cake for Friday.', 0]), ADAPTIVE, NOW_MS)).toBe(0);
  });

  it('waits at most two seconds after a bare greeting', () => {
    expect(burstWaitMs(waiting(['hello', 0]), ADAPTIVE, NOW_MS)).toBe(2_000);
    expect(burstWaitMs(waiting(['hello', 1_001]), ADAPTIVE, NOW_MS)).toBe(0);
  });

  it('waits some seconds where the text goes on, and no longer than that', () => {
    expect(burstWaitMs(waiting(['I would like,', 0]), ADAPTIVE, NOW_MS)).toBe(3_000);
    expect(burstWaitMs(waiting(['I would like,', 3_000]), ADAPTIVE, NOW_MS)).toBe(0);
  });

  it('waits some seconds after the last of several messages, however it reads', () => {
    const several = waiting(['hello', 2_000], ['Do you open on Sunday?', 500]);
    expect(burstWaitMs(several, ADAPTIVE, NOW_MS)).toBe(2_000);
  });

  it('answers a tap at once', () => {
    for (const type of ['button', 'interactive', 'order', 'location', 'audio']) {
      expect(burstWaitMs(media(type), ADAPTIVE, NOW_MS)).toBe(0);
    }
  });

  it('waits for the words to a picture, unless they are under it', () => {
    expect(burstWaitMs(media('image'), ADAPTIVE, NOW_MS)).toBe(3_000);
    expect(burstWaitMs(media('image', { caption: 'Is this fresh?' }), ADAPTIVE, NOW_MS)).toBe(0);
  });

  it('stops waiting at twenty messages', () => {
    const many = waiting(...Array.from({ length: 20 }, () => ['and', 0] as const));
    expect(burstWaitMs(many.slice(1), ADAPTIVE, NOW_MS)).toBe(3_000);
    expect(burstWaitMs(many, ADAPTIVE, NOW_MS)).toBe(0);
  });
});

it('waits as a tenant has fixed it', () => {
  const settled = waiting(['Do you open on Sunday?', 0]);
  expect(burstWaitMs(settled, { kind: 'fixed', seconds: 7 }, NOW_MS)).toBe(7_000);
  expect(burstWaitMs(waiting(['hello', 0]), { kind: 'none' }, NOW_MS)).toBe(0);
});

it('never waits beyond ten seconds from the first message, and only whole seconds', () => {
  const setting = fc.oneof(
    fc.constant(ADAPTIVE),
    fc.record({ kind: fc.constant('fixed' as const), seconds: fc.integer({ min: 0, max: 10 }) }),
  );
  const message = fc.tuple(
    fc.constantFrom('hello', 'and', 'Really?', ''),
    fc.integer({ min: -5_000, max: 60_000 }),
  );
  fc.assert(
    fc.property(fc.array(message, { minLength: 1, maxLength: 25 }), setting, (texts, wait) => {
      const waitMs = burstWaitMs(waiting(...texts), wait, NOW_MS);
      const firstMs = NOW_MS - Math.max(...texts.map(([, agoMs]) => agoMs));
      expect(waitMs % 1_000).toBe(0);
      expect(waitMs).toBeGreaterThanOrEqual(0);
      expect(waitMs).toBeLessThanOrEqual(10_000);
      if (waitMs > 0) expect(NOW_MS + waitMs).toBeLessThanOrEqual(firstMs + 10_000);
    }),
  );
});
