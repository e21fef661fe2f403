import { expect, test } from 'vitest';
import { answerCanary, knowCanary } from '#app/answer-canary.ts';
import { SecretUnavailableError } from '#app/ports/secret-source.ts';
import type { Knock } from '#app/ports/webhook-door.ts';
import { processRings } from '#app/process-rings.ts';
import { type RunCanaryDeps, runCanary } from '#app/run-canary.ts';
import type { StoredMessage, StoredOutbound } from '#domain/conversation/message.ts';
import { parseTurnId } from '#domain/ids.ts';
import { isObject } from '#domain/json.ts';
import { CANARY_NUMBER, CANARY_TENANT_ID } from '#domain/tenant/canary-tenant.ts';
import type { InboundMessage } from '#domain/whatsapp/inbound-message.ts';
import { readWebhook } from '#domain/whatsapp/webhook.ts';
import { aChat, aTenant, aTextMessage, present } from '#test/support/builders.ts';
import { aRing, ChatWorld } from '#test/support/chat-world.ts';
import { modelFails } from '#test/support/peers.ts';

const OTHER_TURN = present(parseTurnId('1790400000000.9'));
const OK: Knock = { kind: 'answered', status: 200 };

/** The canary in front of the real processor, which works off the ring in the canary's first pause. */
class CanaryWorld extends ChatWorld {
  readonly posted: { readonly body: string; readonly appSecret: string }[] = [];
  readonly messages: InboundMessage[] = [];
  answers: Knock = OK;
  stores = true;
  worksOff = true;
  /** Thrown instead of the platform's secret. */
  lack: Error | undefined;
  /** How many of the next looks at the table fail. */
  blind = 0;

  override tenant = undefined;

  override get deps() {
    const deps = super.deps;
    return answerCanary({ ...deps, tenants: knowCanary(deps.tenants) });
  }

  async run(over: Partial<RunCanaryDeps> = {}): Promise<void> {
    await runCanary({
      secrets: {
        platform: async () => {
          if (this.lack) throw this.lack;
          return { appSecrets: ['current', 'former'], verifyTokens: ['v'], openAiApiKey: 'k' };
        },
      },
      door: { post: (body, { appSecret }) => this.#post(body, appSecret) },
      store: {
        readRecent: (chat, wanted) => {
          this.blind -= 1;
          if (this.blind >= 0) throw new Error('throttled');
          return this.store.readRecent(chat, wanted);
        },
      },
      clock: this.clock,
      pauses: {
        pause: async (ms) => {
          this.clock.advance(ms);
          if (this.worksOff) await this.workOff();
        },
      },
      log: this.log,
      metrics: this.metrics,
      ...over,
    });
  }

  async workOff(): Promise<void> {
    const rings = this.messages.splice(0).map((message) => aRing(message));
    await processRings(rings, { remainingMs: () => 40_000 }, () => this.deps);
  }

  async #post(body: string, appSecret: string): Promise<Knock> {
    this.posted.push({ body, appSecret });
    const json: unknown = JSON.parse(body);
    if (this.stores && isObject(json)) {
      const { messages, events } = readWebhook(json);
      expect(events).toEqual([]);
      await this.accept(...messages);
      this.messages.push(...messages);
    }
    return this.answers;
  }

  /** What the canary logged of itself. */
  get said() {
    return this.log.lines
      .filter(({ event }) => event.startsWith('canary_'))
      .map(({ event, fields }) => ({ event, ...fields }));
  }

  get counted() {
    const { counts } = this.metrics;
    return { runs: counts.get('CanaryRuns'), failures: counts.get('CanaryFailures') };
  }
}

test('a message of the canary is answered by the model, and nothing goes out', async () => {
  const world = new CanaryWorld();
  await world.run();
  expect(world.said).toEqual([{ event: 'canary_answered', ms: 1_000, correlationId: 'request-1' }]);
  // A zero is published as well: silence would be taken for a failure.
  expect(world.counted).toEqual({ runs: 1, failures: 0 });
  expect(world.posted[0]?.appSecret).toBe('current');
  expect(world.model.requests).toHaveLength(1);
  expect(world.sender.delivered).toEqual([]);
  expect(world.sender.read).toEqual([]);
  expect(world.jobs.sent).toEqual([]);
  // It is among the turns, and not among what WhatsApp was given.
  expect(world.metrics.of('TurnsAnswered')).toBe(1);
  expect(world.metrics.of('BubblesSent')).toBe(0);
  expect(world.ledger.held.map(({ spender }) => spender.tenantId)).toEqual([CANARY_TENANT_ID]);
});

test('each run is a customer of its own, so that no chat gets stuck or grows', async () => {
  const world = new CanaryWorld();
  await world.run();
  await world.run();
  expect(world.counted).toEqual({ runs: 2, failures: 0 });
  expect(world.model.requests.map(({ conversation }) => conversation.length)).toEqual([1, 1]);
});

test('a budget that is spent does not stop it', async () => {
  const world = new CanaryWorld();
  world.ledger.next.push({ kind: 'refused', by: 'platform-day', retryAfterMs: 1_000 });
  await world.run();
  expect(world.said).toMatchObject([{ event: 'canary_answered' }]);
});

test('before the platform has a secret it says so, and fails nothing', async () => {
  const world = new CanaryWorld();
  world.lack = new SecretUnavailableError('no value', { needs: 'operator', isEmpty: true });
  await world.run();
  expect(world.said).toEqual([{ event: 'canary_not_set_up' }]);
  expect(world.counted).toEqual({ runs: undefined, failures: 0 });
  expect(world.posted).toEqual([]);
});

const REACHED: readonly (readonly [string, (world: CanaryWorld) => unknown, object])[] = [
  [
    'a secret of the wrong shape',
    (world) => {
      world.lack = new SecretUnavailableError('another shape', { needs: 'operator' });
    },
    { station: 'not-signed' },
  ],
  [
    'nobody at the webhook’s address',
    (world) => {
      world.answers = { kind: 'unreachable', code: 'ECONNREFUSED' };
    },
    { station: 'unreachable', code: 'ECONNREFUSED' },
  ],
  [
    'a webhook that refuses it',
    (world) => {
      world.answers = { kind: 'answered', status: 401 };
    },
    { station: 'refused', status: 401 },
  ],
  [
    'a webhook that says 200 and stores nothing',
    (world) => {
      world.stores = false;
    },
    { station: 'not-stored' },
  ],
  [
    'a table that does not answer',
    (world) => {
      world.blind = 1_000;
    },
    { station: 'not-seen' },
  ],
  [
    'a processor that is dead',
    (world) => {
      world.worksOff = false;
    },
    { station: 'not-answered', correlationId: 'request-1' },
  ],
  [
    'a model that is down',
    (world) => world.model.next.push(modelFails({ class: 'retry', code: 'openai:503' })),
    { station: 'not-answered' },
  ],
  [
    'a key that is revoked',
    (world) => world.model.next.push(modelFails({ class: 'fix-needed', code: 'openai:401' })),
    { station: 'not-by-the-model', outcome: 'apologised' },
  ],
];

test.each(REACHED)('%s is a failure, at its station', async (_, breakIt, reached) => {
  const world = new CanaryWorld();
  breakIt(world);
  await world.run();
  expect(world.said).toMatchObject([{ event: 'canary_failed', ...reached }]);
  expect(world.counted).toEqual({ runs: 1, failures: 1 });
  expect(world.sender.delivered).toEqual([]);
});

test('a release that knows no canary parks it, which is seen', async () => {
  const world = new CanaryWorld();
  const unknowing = world.deps;
  world.workOff = async () => {
    const rings = world.messages.splice(0).map((message) => aRing(message));
    const tenants = { findByPhoneNumber: async () => undefined };
    await processRings(rings, { remainingMs: () => 40_000 }, () => ({ ...unknowing, tenants }));
  };
  await world.run();
  expect(world.said).toMatchObject([{ station: 'parked', reason: 'unknown-phone-number' }]);
});

test('it looks until its time is up, and again after a look that failed', async () => {
  const world = new CanaryWorld();
  world.blind = 3;
  await world.run();
  expect(world.said).toMatchObject([{ event: 'canary_answered', ms: 3_000 }]);

  const waiting = new CanaryWorld();
  waiting.worksOff = false;
  await waiting.run();
  expect(waiting.said).toMatchObject([{ ms: 50_000 }]);
});

test.each<[string, (bubble: StoredOutbound) => readonly StoredOutbound[]]>([
  ['is never recorded', () => []],
  ['has no id', (bubble) => [{ ...bubble, wamid: undefined }]],
  ['is of another turn', (bubble) => [{ ...bubble, turnId: OTHER_TURN }]],
])('a bubble that %s is no answer', async (_, change) => {
  const world = new CanaryWorld();
  const store = {
    readRecent: async (...wanted: Parameters<typeof world.store.readRecent>) => {
      const { messages } = await world.store.readRecent(...wanted);
      const changed = messages.flatMap((each): readonly StoredMessage[] =>
        each.direction === 'in' ? [each] : change(each),
      );
      return { messages: changed, unreadable: [], newer: [] };
    },
  };
  await world.run({ store });
  expect(world.said).toMatchObject([{ station: 'not-recorded' }]);
});

test('other tenants’ messages are sent, worked on afterwards and kept within their budgets', async () => {
  const world = new ChatWorld();
  world.tenant = aTenant();
  const deps = answerCanary(world.deps);
  const [first, second] = [aTextMessage('hello'), aTextMessage('again', { from: '34600000002' })];
  await world.accept(first, second);
  const time = { remainingMs: () => 40_000 };
  await processRings([aRing(first)], time, () => deps);
  expect(world.texts).toEqual(['You said: hello']);
  expect(world.metrics.of('BubblesSent')).toBe(1);
  expect(world.sender.read).toHaveLength(1);
  expect(world.jobs.sent).toHaveLength(1);
  world.ledger.next.push({ kind: 'refused', by: 'platform-day', retryAfterMs: 1_000 });
  await processRings([aRing(second)], time, () => deps);
  expect(world.model.requests).toHaveLength(1);
});

test('its number is nobody else’s, whatever a table says', async () => {
  const thief = aTenant();
  const tenants = knowCanary({ findByPhoneNumber: async () => thief });
  expect(await tenants.findByPhoneNumber(CANARY_NUMBER)).toMatchObject({ id: CANARY_TENANT_ID });
  expect(await tenants.findByPhoneNumber(aChat().phoneNumberId)).toBe(thief);
});
