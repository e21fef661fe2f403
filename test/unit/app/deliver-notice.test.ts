import { beforeEach, describe, expect, test } from 'vitest';
import { InMemoryChatArchive } from '#adapters/in-memory/in-memory-chat-archive.ts';
import { Circuits } from '#app/circuits.ts';
import { deliverNotice } from '#app/deliver-notice.ts';
import type { BusinessNotice } from '#app/ports/jobs.ts';
import type {
  Announcement,
  NoticeParking,
  OutgoingWebhook,
  WebhookResult,
} from '#app/ports/notices.ts';
import { SecretUnavailableError, type TenantSecrets } from '#app/ports/secret-source.ts';
import { DONE } from '#app/run-job.ts';
import { tombstone } from '#domain/conversation/erasure.ts';
import { newHead } from '#domain/conversation/head.ts';
import { inboundKey } from '#domain/conversation/message.ts';
import { requestPerson } from '#domain/conversation/person-request.ts';
import type { Failure } from '#domain/failure.ts';
import { parseTenantId } from '#domain/ids.ts';
import { MOST_TRIES, waitAfterTryMs } from '#domain/notice/retry-schedule.ts';
import { NOTICE_KINDS } from '#domain/tenant/notices-settings.ts';
import { check } from '#lambdas/business/read-request.ts';
import { noticeEvent } from '#lambdas/business/schemas.ts';
import { aChat, aTenant, aTextMessage, present, TENANT_ID } from '#test/support/builders.ts';
import { ChatWorld } from '#test/support/chat-world.ts';

const URL = 'https://hooks.bakery.example/concierge';
const DOWN: Failure = { class: 'retry', code: 'webhook:http-503' };

let world: ChatWorld;
let sent: OutgoingWebhook[];
let announced: Announcement[];
let parked: [BusinessNotice, NoticeParking][];
let result: WebhookResult;
let secrets: () => Promise<TenantSecrets>;
let publishes: () => Promise<void>;
let circuits: Circuits;

beforeEach(() => {
  world = new ChatWorld();
  world.tenant = toldOf();
  sent = [];
  announced = [];
  parked = [];
  result = { kind: 'delivered' };
  secrets = async () => ({ accessToken: 'token', noticesSecrets: ['whsec_one', 'whsec_two'] });
  publishes = async () => {};
  circuits = new Circuits('WebhookCircuit', world);
});

function toldOf(events: readonly (typeof NOTICE_KINDS)[number][] = NOTICE_KINDS) {
  return aTenant({ notices: { webhook: { url: URL, events } } });
}

function aNotice(over: Partial<BusinessNotice> = {}): BusinessNotice {
  return {
    id: 'notice-1',
    tenantId: TENANT_ID,
    chat: aChat(),
    kind: 'hand-over.requested',
    atMs: world.clock.now(),
    messageKeys: [],
    reason: 'customer',
    correlationId: 'request-1',
    ...over,
  };
}

function tell(notice = aNotice(), attempt = 1) {
  const { store, log, metrics, deps } = world;
  return deliverNotice(
    notice,
    { attempt, time: { remainingMs: () => 40_000 }, log },
    {
      tenants: deps.tenants,
      archive: new InMemoryChatArchive(store),
      secrets: { tenant: () => secrets() },
      webhooks: {
        send: async (webhook) => {
          sent.push(webhook);
          return result;
        },
      },
      circuits,
      topic: {
        publish: async (announcement) => {
          await publishes();
          announced.push(announcement);
        },
      },
      parked: {
        park: async (...what) => {
          parked.push(what);
        },
      },
      pseudonyms: deps.pseudonyms,
      random: { next: () => 1 },
      metrics,
    },
  );
}

describe('a business with a server', () => {
  test('is told of what was perhaps answered without the words of an earlier hand-over', async () => {
    const message = aTextMessage('Is the cake ready?');
    await world.accept(message);
    const head = await world.store.readHead(aChat());
    const asked = requestPerson(head, 'assistant', 0, { reason: 'of last week', summary: 'old' });
    await world.store.saveHead(aChat(), { ...asked, state: 'assistant' });
    await tell(aNotice({ messageKeys: [inboundKey(message)], reason: 'maybe-answered' }));
    expect(JSON.parse(sent[0]?.body ?? '')).toMatchObject({
      type: 'hand-over.requested',
      data: {
        reason: 'maybe-answered',
        explanation: null,
        summary: null,
        messages: [{ text: 'Is the cake ready?' }],
      },
    });
  });

  test('is told by a signed event with the words that are read now', async () => {
    const message = aTextMessage('I want to talk to a person');
    await world.accept(message);
    expect(await tell(aNotice({ messageKeys: [inboundKey(message), 'gone'] }))).toEqual(DONE);
    const [{ body, ...webhook } = { body: '' }] = sent;
    expect(webhook).toEqual({
      url: URL,
      id: 'notice-1',
      secrets: ['whsec_one', 'whsec_two'],
      timeoutMs: 10_000,
    });
    expect(check(noticeEvent, JSON.parse(body))).toEqual({
      kind: 'fine',
      value: {
        type: 'hand-over.requested',
        timestamp: new Date(world.clock.now()).toISOString(),
        data: {
          tenant: 'bakery',
          chat: { number: '100000000000001', contact: '34600111222', state: 'assistant' },
          reason: 'customer',
          explanation: null,
          summary: null,
          messages: [
            {
              id: message.wamid,
              at: '2026-09-26T05:20:00.000Z',
              from: 'customer',
              type: 'text',
              text: 'I want to talk to a person',
              outcome: 'unfinished',
            },
          ],
        },
      },
    });
    expect(world.metrics.of('NoticesDelivered')).toBe(1);
  });

  test('is told of the events that it wants only', async () => {
    world.tenant = toldOf(['chat.taken']);
    await tell();
    await tell(aNotice({ kind: 'chat.taken' }));
    expect(sent.map(({ body }) => JSON.parse(body).type)).toEqual(['chat.taken']);
    expect(announced).toHaveLength(2);
  });

  test('that is down is tried again, each time later', async () => {
    result = { kind: 'refused', failure: DOWN };
    const delays: number[] = [];
    for (let attempt = 1; attempt < MOST_TRIES; attempt += 1) {
      world.clock.advance(3_600_000);
      const outcome = await tell(aNotice(), attempt);
      if (outcome.kind === 'later') delays.push(outcome.delayMs);
    }
    expect(delays).toEqual([...delays].sort((one, other) => one - other));
    expect(delays[0]).toBe(10_000);
    const hours = delays.reduce((sum, each) => sum + each, 0) / 3_600_000;
    expect(hours).toBeGreaterThan(39);
    expect(Math.max(...delays)).toBeLessThan(12 * 3_600_000);
    expect(parked).toEqual([]);
    world.clock.advance(3_600_000);
    expect(await tell(aNotice(), MOST_TRIES)).toEqual(DONE);
    expect(parked).toMatchObject([
      [{ id: 'notice-1' }, { reason: 'tries-used-up', code: 'webhook:http-503', attempts: 10 }],
    ]);
  });

  test('is given the time that it asks for, up to what a queue can wait', async () => {
    result = { kind: 'refused', failure: { ...DOWN, retryAfterMs: 90_000 } };
    expect(await tell()).toMatchObject({ kind: 'later', delayMs: 90_000 });
    result = { kind: 'refused', failure: { ...DOWN, retryAfterMs: 999_000_000 } };
    expect(await tell()).toMatchObject({ delayMs: 11 * 3_600_000 });
  });

  test.each([
    ['gone', { class: 'give-up-here', code: 'webhook:http-410' }],
    ['configuration', { class: 'fix-needed', code: 'webhook:address-refused' }],
  ] as const)('of which nothing will come is parked at once: %s', async (reason, failure) => {
    result = { kind: 'refused', failure };
    expect(await tell()).toEqual(DONE);
    expect(parked).toMatchObject([[{}, { reason, code: failure.code, attempts: 1 }]]);
    expect(world.metrics.of('NoticesParked')).toBe(1);
  });

  test('without a signing secret is told nothing unsigned', async () => {
    secrets = async () => ({ accessToken: 'token' });
    await tell();
    expect(sent).toEqual([]);
    expect(parked).toMatchObject([[{}, { reason: 'configuration', code: 'webhook:no-secret' }]]);
  });

  test('whose secret cannot be read now is told later', async () => {
    secrets = async () => {
      throw new SecretUnavailableError('The vault does not answer', { needs: 'time' });
    };
    expect(await tell()).toMatchObject({ kind: 'later', cause: 'webhook:secret-unavailable' });
  });

  test('that fails again and again is spared for a while', async () => {
    result = { kind: 'refused', failure: DOWN };
    for (let nth = 0; nth < 8; nth += 1) await tell(aNotice({ id: `notice-${nth}` }));
    expect(sent).toHaveLength(5);
    world.clock.advance(60_000);
    result = { kind: 'delivered' };
    expect(await tell()).toEqual(DONE);
  });

  test('whose record cannot be read is told later', async () => {
    world.tenant = 'misconfigured';
    expect(await tell()).toMatchObject({ kind: 'later', cause: 'webhook:tenant-misconfigured' });
  });
});

describe('nobody is told', () => {
  test('of a chat whose number is another tenant’s by now', async () => {
    world.tenant = aTenant({ ...toldOf(), id: present(parseTenantId('clinic')) });
    expect(await tell()).toEqual(DONE);
    world.tenant = undefined;
    expect(await tell()).toEqual(DONE);
    expect([sent, announced]).toEqual([[], []]);
  });

  test('of what was erased since', async () => {
    const notice = aNotice();
    world.clock.advance(1_000);
    await world.store.saveHead(aChat(), tombstone(0, world.clock.now()));
    expect(await tell(notice)).toEqual(DONE);
    expect([sent, announced]).toEqual([[], []]);
  });
});

describe('the topic', () => {
  test('hears which chat it is by a pseudonym, without a word or number of the customer', async () => {
    const message = aTextMessage('my words');
    await world.accept(message);
    await tell(aNotice({ messageKeys: [inboundKey(message)] }));
    expect(announced).toEqual([
      {
        id: 'notice-1',
        tenantId: 'bakery',
        chat: 'a chat',
        kind: 'hand-over.requested',
        atMs: world.clock.now(),
        reason: 'customer',
      },
    ]);
    expect(JSON.stringify(announced)).not.toMatch(/my words|34600111222/);
  });

  test('hears of a tenant without a server as well, but not of each message', async () => {
    world.tenant = aTenant();
    await tell();
    await tell(aNotice({ kind: 'message.kept' }));
    expect(announced).toHaveLength(1);
    expect(sent).toEqual([]);
  });

  test('hears with the first try of what the server does not take, and not with each', async () => {
    result = { kind: 'refused', failure: DOWN };
    await tell(aNotice(), 1);
    await tell(aNotice(), 2);
    await tell(aNotice(), 3);
    expect(announced).toHaveLength(1);
    result = { kind: 'delivered' };
    await tell(aNotice(), 4);
    expect(announced).toHaveLength(2);
  });

  test('that fails is tried again by the queue, unless the server is to be tried anyway', async () => {
    publishes = async () => {
      throw new Error('no topic');
    };
    await expect(tell()).rejects.toThrow('no topic');
    result = { kind: 'refused', failure: DOWN };
    expect(await tell()).toMatchObject({ kind: 'later' });
  });
});

test('chats of which there is a head are told with their state', async () => {
  await world.store.saveHead(aChat(), { ...newHead(), tenantId: TENANT_ID, state: 'human' });
  await tell();
  expect(JSON.parse(sent[0]?.body ?? '').data.chat.state).toBe('human');
});

test('a fifth of each wait is chance', () => {
  expect(waitAfterTryMs(1, 0)).toBe(8_000);
  expect(waitAfterTryMs(1, 1)).toBe(10_000);
  expect(waitAfterTryMs(MOST_TRIES, 0)).toBeUndefined();
});
