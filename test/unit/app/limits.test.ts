import { beforeEach, describe, expect, it, test } from 'vitest';
import type { Reserved } from '#app/ports/spend-ledger.ts';
import { plainAnswer } from '#domain/conversation/answer.ts';
import { priceOfBubble } from '#domain/money/bubble-cost.ts';
import { microUsd, sumOf } from '#domain/money/micro-usd.ts';
import { costOfUsage } from '#domain/money/model-cost.ts';
import { DEFAULT_HAND_OVER } from '#domain/tenant/handover-settings.ts';
import { DEFAULT_TERMS } from '#domain/tenant/terms.ts';
import { aChat, aTenant, aTextMessage } from '#test/support/builders.ts';
import { ChatWorld } from '#test/support/chat-world.ts';
import { answerTo, modelFails } from '#test/support/peers.ts';

const { limitText, budget } = DEFAULT_TERMS;
const DAY_MS = 24 * 3_600_000;

/** Before the clock's time: what is said comes before its answer. */
let second: number;
beforeEach(() => {
  second = 1_790_390_000;
});
function said(text: string) {
  second += 1;
  return aTextMessage(text, { timestamp: String(second) });
}

function refused(by: Extract<Reserved, { kind: 'refused' }>['by']): Reserved {
  return { kind: 'refused', by, retryAfterMs: 30_000 };
}

describe('a contact that writes too much', () => {
  async function aFlood(): Promise<ChatWorld> {
    const world = new ChatWorld();
    await world.accept(...Array.from({ length: 70 }, (_, index) => said(`${index}`)));
    await world.answer();
    return world;
  }

  it('is told once, and answered what is within its limits', async () => {
    const world = await aFlood();
    expect(world.texts).toEqual([
      `You said: ${Array.from({ length: 60 }, (_, index) => index).join(' / ')}`,
      limitText,
    ]);
    expect(world.outcomes().filter((each) => each === 'answered')).toHaveLength(60);
    expect(world.outcomes().filter((each) => each === 'limited')).toHaveLength(10);
    expect((await world.store.readHead(aChat())).flag).toBe('limited');
    expect(Object.fromEntries(world.metrics.counts)).toMatchObject({
      MessagesLimited: 10,
      MessagesFinished: 70,
      MessagesAnswered: 60,
    });
  });

  it('is answered in its time, however many lie there, and no turn outgrows its record', async () => {
    const world = new ChatWorld();
    const longest: number[] = [];
    const { saveHead } = world.store;
    world.store.saveHead = (chat, head) => {
      longest.push(head.openTurn?.answers.length ?? 0);
      return saveHead.call(world.store, chat, head);
    };
    for (let minute = 0; minute < 10; minute += 1) {
      await world.accept(...Array.from({ length: 300 }, (_, index) => said(`${minute}.${index}`)));
      world.clock.advance(60_000);
    }
    world.clock.advance(-600_000 + 1_000);
    await world.answer();
    expect(Math.max(...longest)).toBe(200);
    expect(world.outcomes().filter((each) => each === 'answered')).toHaveLength(600);
    expect(world.outcomes().filter((each) => each === 'limited')).toHaveLength(2_400);
    expect(world.texts.filter((text) => text === limitText)).toHaveLength(1);
    expect(world.model.requests).toHaveLength(3);
  });

  it('keeps everything for later where the model does not answer yet', async () => {
    const world = new ChatWorld();
    await world.accept(...Array.from({ length: 130 }, (_, index) => said(`${index}`)));
    world.model.next.push(modelFails({ class: 'retry', code: 'openai:503' }));
    expect(await world.answer()).toMatchObject({ kind: 'deferred' });
    expect(new Set(world.outcomes())).toEqual(new Set(['unfinished']));
    await world.answer(aChat(), { attempt: 2 });
    expect(world.texts.at(-1)).toBe(limitText);
    expect(world.outcomes().filter((each) => each === 'answered')).toHaveLength(60);
    expect(world.outcomes().filter((each) => each === 'limited')).toHaveLength(70);
  });

  it('is told again on another day only', async () => {
    const world = await aFlood();
    await world.accept(said('more'));
    await world.answer();
    expect(world.texts).toHaveLength(2);
    expect(world.outcomes().at(-1)).toBe('limited');
    world.clock.advance(DAY_MS);
    second += DAY_MS / 1_000;
    await world.accept(...Array.from({ length: 61 }, (_, index) => said(`next day ${index}`)));
    await world.answer();
    expect(world.texts.filter((text) => text === limitText)).toHaveLength(2);
  });

  it('is answered again as soon as there is room', async () => {
    const world = await aFlood();
    world.clock.advance(60_000);
    await world.accept(said('calm again'));
    await world.answer();
    expect(world.texts.at(-1)).toBe('You said: calm again');
  });

  it('is not told by a bubble that never arrived', async () => {
    const world = new ChatWorld();
    world.ledger.next.push(refused('tenant-day'));
    const failure = { class: 'give-up-here', code: 'graph:131026' } as const;
    world.sender.next.push(() => ({ kind: 'refused', failure }));
    await world.accept(said('hello'));
    await world.answer();
    expect(world.outcomes()).toEqual(['undeliverable']);
    expect((await world.store.readHead(aChat())).usage.toldAtMs).toBeUndefined();
  });
});

test('a contact that is answered ten times in a minute waits, and has the rest answered together', async () => {
  const world = new ChatWorld();
  for (let turn = 0; turn < 10; turn += 1) {
    await world.accept(said(`${turn}`));
    await world.answer();
  }
  await world.accept(said('eleventh'), said('twelfth'));
  expect(await world.answer()).toEqual({
    kind: 'deferred',
    delayMs: 6_000,
    cause: 'contact-pace',
  });
  world.clock.advance(6_000);
  await world.answer();
  expect(world.texts).toHaveLength(11);
  expect(world.texts.at(-1)).toBe('You said: eleventh / twelfth');
});

test('a contact whose every question is refused is paced as well', async () => {
  const world = new ChatWorld();
  world.tenant = aTenant({ handOver: { ...DEFAULT_HAND_OVER, afterFailures: 0 } });
  for (let turn = 0; turn < 15; turn += 1) {
    await world.accept(said(`${turn}`));
    world.model.next.push(modelFails({ class: 'reply-anyway', code: 'openai:refusal' }));
    await world.answer();
  }
  expect(world.model.requests).toHaveLength(10);
});

test('what is reserved is given back where the call cannot be recorded', async () => {
  const world = new ChatWorld();
  await world.accept(said('hello'));
  const { saveHead } = world.store;
  world.store.saveHead = () => Promise.reject(new Error('throttled'));
  await expect(world.answer(aChat(), { attempt: 2 })).rejects.toThrow('throttled');
  expect(world.ledger.settled).toEqual([{}]);
  world.store.saveHead = saveHead;
});

test('a ledger that fails in a redraft does not cost the answer that is there', async () => {
  const world = new ChatWorld();
  await world.accept(said('I want'));
  world.model.next.push(async (request) => {
    await world.accept(said('two loaves'));
    world.ledger.reserve = () => Promise.reject(new Error('throttled'));
    return answerTo(request);
  });
  await world.answer();
  expect(world.texts).toEqual(['You said: I want']);
});

test('an answer that does not say what it cost counts as all that it could', async () => {
  const world = new ChatWorld();
  world.model.next.push({
    kind: 'answer',
    answer: plainAnswer('hi'),
    usage: undefined,
  });
  await world.accept(said('hello'));
  await world.answer();
  expect(world.ledger.settled).toEqual([{ model: world.ledger.held[0]?.amount }]);
});

describe('a budget', () => {
  it.each(['tenant-day', 'tenant-month', 'platform-day', 'platform-month'] as const)(
    'of %s that has no room: told once, kept for a person, and the model is not asked',
    async (by) => {
      const world = new ChatWorld();
      world.ledger.next.push(refused(by), refused(by));
      await world.accept(said('hello'));
      await world.answer();
      await world.accept(said('hello?'));
      await world.answer();
      expect(world.texts).toEqual([limitText]);
      expect(world.outcomes()).toEqual(['limited', 'limited']);
      expect(world.model.requests).toEqual([]);
      const whose = by.startsWith('tenant') ? 'TenantBudgetStops' : 'PlatformBudgetStops';
      expect(world.metrics.of(whose)).toBe(2);
      expect(world.log.lines.map(({ event }) => event)).toContain('budget_reached');
      await world.accept(said('and now?'));
      await world.answer();
      expect(world.texts.at(-1)).toBe('You said: and now?');
    },
  );

  it('that has room for a cheaper model only has that one answer, if the tenant says so', async () => {
    const world = new ChatWorld();
    world.tenant = aTenant({ model: 'gpt-6-sol', fallbackModel: 'gpt-6-luna' });
    world.ledger.next.push(refused('tenant-day'));
    await world.accept(said('hello'));
    await world.answer();
    expect(world.model.requests.map(({ model }) => model)).toEqual(['gpt-6-luna']);
    const [first, second] = world.ledger.held;
    expect(second?.amount).toBeLessThan(first?.amount ?? 0);
    expect(world.texts).toEqual(['You said: hello']);
    expect(world.metrics.of('FallbackModelCalls')).toBe(1);
  });

  it('of a contact is held before the call and settled after it, in the head', async () => {
    const world = new ChatWorld();
    const usage = { inputTokens: 10, cachedInputTokens: 0, outputTokens: 5 };
    const cost = sumOf([costOfUsage('gpt-6-luna', usage), priceOfBubble(aChat().contact)]);
    world.tenant = aTenant({ budget: { ...budget, contactPerDay: microUsd(500_000) } });
    await world.accept(said('hello'));
    await world.answer();
    expect((await world.store.readHead(aChat())).usage.spentInDay).toBe(cost);
    world.tenant = aTenant({ budget: { ...budget, contactPerDay: cost } });
    await world.accept(said('hello?'));
    await world.answer();
    expect(world.outcomes()).toEqual(['answered', 'limited']);
    expect(world.ledger.held).toHaveLength(1);
  });

  it('is held for the most that the call can cost, in the name of the tenant and its terms', async () => {
    const world = new ChatWorld();
    world.tenant = aTenant({
      budget: { ...budget, perDay: microUsd(1_000_000), perMonth: microUsd(9_000_000) },
    });
    await world.accept(said('hello'));
    await world.answer();
    expect(world.ledger.held).toMatchObject([
      {
        spender: {
          tenantId: 'bakery',
          terms: { perDay: 1_000_000, perMonth: 9_000_000, turnsPerMinute: undefined },
        },
      },
    ]);
    expect(world.ledger.settled).toEqual([{ model: expect.any(Number) }]);
    expect(world.ledger.settled[0]?.model).toBeLessThan(world.ledger.held[0]?.amount ?? 0);
  });

  it('gets back what a call certainly did not cost, and not what it may have', async () => {
    const world = new ChatWorld();
    world.model.next.push(
      modelFails({ class: 'retry', code: 'openai:503' }),
      modelFails({ class: 'retry', code: 'openai:timeout', mayHaveCost: true }),
    );
    await world.accept(said('hello'));
    await world.answer();
    await world.answer(aChat(), { attempt: 2 });
    expect(world.ledger.settled).toEqual([{}, { model: world.ledger.held[1]?.amount }]);
  });

  it('that is used up by a redraft: what is paid for is sent', async () => {
    const world = new ChatWorld();
    await world.accept(said('I want'));
    world.model.next.push(async (request) => {
      await world.accept(said('two loaves'));
      world.ledger.next.push(refused('tenant-day'));
      return answerTo(request);
    });
    await world.answer();
    expect(world.texts).toEqual(['You said: I want']);
    await world.answer();
    expect(world.texts).toEqual(['You said: I want', 'You said: two loaves']);
  });

  it('that comes to an end is told to the operator', async () => {
    const world = new ChatWorld();
    const { ledger } = world;
    const { reserve } = ledger;
    ledger.reserve = async (...call) => {
      const reserved = await reserve.apply(ledger, call);
      return { ...reserved, warnings: [{ scope: 'tenant-day', share: 0.8 }] } as Reserved;
    };
    await world.accept(said('hello'));
    await world.answer();
    expect(world.metrics.of('BudgetWarnings')).toBe(1);
    expect(world.log.lines).toContainEqual(
      expect.objectContaining({
        event: 'budget_warning',
        fields: expect.objectContaining({ tenantId: 'bakery', scope: 'tenant-day', share: 0.8 }),
      }),
    );
  });
});

describe('a tenant that has had its turns of this minute', () => {
  it('has its chats wait, without the model being asked or a call counted', async () => {
    const world = new ChatWorld();
    world.ledger.next.push(refused('tenant-rate'));
    await world.accept(said('hello'));
    const outcome = await world.answer();
    expect(outcome).toMatchObject({ kind: 'deferred', cause: 'tenant-limit', delayMs: 30_000 });
    expect(world.model.requests).toEqual([]);
    expect((await world.store.readHead(aChat())).version).toBe(0);
    world.clock.advance(30_000);
    await world.answer(aChat(), { attempt: 2 });
    expect(world.texts).toEqual(['You said: hello']);
  });
});
