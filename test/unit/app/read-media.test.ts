import { describe, expect, test, vi } from 'vitest';
import type { ModelRequest } from '#app/ports/reply-model.ts';
import { moveOn } from '#domain/conversation/hand-over.ts';
import { newHead } from '#domain/conversation/head.ts';
import { inboundKey, type StoredInbound } from '#domain/conversation/message.ts';
import type { Chat } from '#domain/ids.ts';
import { MOST_BYTES_AT_ONCE } from '#domain/media/limits.ts';
import type { MediaReading } from '#domain/media/reading.ts';
import { microUsd } from '#domain/money/micro-usd.ts';
import { DEFAULT_MEDIA } from '#domain/tenant/media-settings.ts';
import { DEFAULT_TERMS } from '#domain/tenant/terms.ts';
import type { InboundMessage } from '#domain/whatsapp/inbound-message.ts';
import {
  aChat,
  aMessage,
  aTenant,
  aTextMessage,
  present,
  TENANT_ID,
} from '#test/support/builders.ts';
import { ChatWorld } from '#test/support/chat-world.ts';
import { aPdf, aPng, aVoiceNote } from '#test/support/files.ts';
import { answerTo, modelSays } from '#test/support/peers.ts';

const VOICE = { type: 'audio', audio: { id: 'voice', voice: true } };
const PICTURE = { type: 'image', image: { id: 'picture', caption: 'this one?' } };
const PDF = { type: 'document', document: { id: 'pdf', filename: 'order.pdf' } };
const RETRY = { class: 'retry', code: 'graph:media-timeout' } as const;

class MediaWorld extends ChatWorld {
  constructor() {
    super();
    this.source.files.set('voice', aVoiceNote(2, 'two loaves'));
    this.source.files.set('picture', aPng('a cake'));
    this.source.files.set('pdf', aPdf('Order 17'));
  }

  async sent(over: Record<string, unknown>): Promise<InboundMessage> {
    const message = aMessage(over);
    await this.accept(message);
    return message;
  }

  reading(message: InboundMessage, chat = aChat()): MediaReading | undefined {
    return this.store
      .transcript(chat)
      .filter((each): each is StoredInbound => each.direction === 'in')
      .find(({ key }) => key === inboundKey(message))?.reading;
  }

  get asked(): readonly string[] {
    return (this.model.requests.at(-1)?.conversation ?? []).map(({ text }) => text);
  }
}

describe('a voice note', () => {
  test('is heard, and its transcript is what the model and the record see', async () => {
    const world = new MediaWorld();
    const message = await world.sent(VOICE);
    expect(await world.answer()).toEqual({ kind: 'settled' });
    expect(world.asked).toEqual([expect.stringContaining('Transcribed, it says⟧ heard: ')]);
    expect(world.asked[0]).toContain('two loaves');
    expect(world.reading(message)).toMatchObject({ kind: 'text', object: { type: 'audio/ogg' } });
    expect(world.transcriber.heard).toMatchObject([
      { model: 'gpt-transcribe', fileName: 'voice.ogg' },
    ]);
    expect(world.ledger.settled).toContainEqual({ transcription: 150 });
  });

  test('is neither fetched nor paid for again where the turn is tried again', async () => {
    const world = new MediaWorld();
    await world.sent(VOICE);
    world.model.next.push(async () => {
      throw new Error('a crash in the call');
    });
    await expect(world.answer()).rejects.toThrow('a crash');
    await world.answer(aChat(), { attempt: 2 });
    expect([world.source.wanted.length, world.transcriber.heard.length]).toEqual([1, 1]);
    expect(world.texts).toEqual([expect.stringContaining('two loaves')]);
  });

  test('is fetched no more, and heard three times at most, where a process dies in it', async () => {
    const world = new MediaWorld();
    const message = await world.sent(VOICE);
    world.transcriber.next.push('crash', 'crash', 'crash');
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      await expect(world.answer(aChat(), { attempt })).rejects.toThrow('crash after');
    }
    await world.answer(aChat(), { attempt: 4 });
    expect([world.source.wanted.length, world.transcriber.heard.length]).toEqual([1, 3]);
    expect(world.reading(message)).toMatchObject({ kind: 'unread', why: 'unavailable' });
    expect(world.asked[0]).toContain('You cannot see or hear it');
  });

  test('is waited for while the ears are busy, and gone without after a while', async () => {
    const world = new MediaWorld();
    await world.sent(VOICE);
    const busy = { kind: 'failed', failure: { class: 'retry', code: 'openai:429' } } as const;
    world.transcriber.next.push(busy, busy);
    expect(await world.answer()).toMatchObject({ kind: 'deferred', cause: 'openai:429' });
    expect(world.model.requests).toEqual([]);
    world.clock.advance(80_000);
    expect(await world.answer(aChat(), { attempt: 2 })).toEqual({ kind: 'settled' });
    expect(world.asked[0]).toContain('it could not be read at the moment');
  });

  test('needs the operator where the key is refused, and the customer is answered all the same', async () => {
    const world = new MediaWorld();
    await world.sent(VOICE);
    const failure = { class: 'fix-needed', code: 'openai:invalid_api_key' } as const;
    world.transcriber.next.push({ kind: 'failed', failure });
    expect(await world.answer()).toEqual({ kind: 'settled' });
    expect(world.metrics.of('TranscriptionUnusable')).toBe(1);
  });

  test('is not heard where no budget has room, nor beyond a quarter of an hour', async () => {
    const world = new MediaWorld();
    const budget = { ...DEFAULT_TERMS.budget, contactPerDay: microUsd(20) };
    world.tenant = aTenant({ budget });
    const message = await world.sent(VOICE);
    await world.answer();
    expect(world.reading(message)).toMatchObject({ kind: 'unread', why: 'too-dear' });
    const long = new MediaWorld();
    long.source.files.set(
      'voice',
      Buffer.concat([aVoiceNote(1), Buffer.alloc(700_000, 1), aVoiceNote(1_200)]),
    );
    const lecture = await long.sent(VOICE);
    await long.answer();
    expect(long.reading(lecture)).toMatchObject({ kind: 'unread', why: 'too-long' });
    expect([world.transcriber.heard, long.transcriber.heard]).toEqual([[], []]);
  });

  test('counts towards what its contact may cost', async () => {
    const world = new MediaWorld();
    world.tenant = aTenant({
      budget: { ...DEFAULT_TERMS.budget, contactPerDay: microUsd(900_000) },
    });
    await world.sent(VOICE);
    await world.answer();
    const { usage } = await world.store.readHead(aChat());
    expect(usage.spentInDay).toBeGreaterThanOrEqual(150);
  });

  test('is heard for a person, too, and no oftener than its contact may write', async () => {
    const world = new MediaWorld();
    const contact = { ...DEFAULT_TERMS.limits.contact, messagesPerHour: 2 };
    world.tenant = aTenant({ limits: { ...DEFAULT_TERMS.limits, contact } });
    await world.store.saveHead(aChat(), { ...newHead(), state: 'human', tenantId: TENANT_ID });
    for (const id of ['wamid.1', 'wamid.2', 'wamid.3', 'wamid.4']) {
      await world.sent({ ...VOICE, id });
      expect(await world.answer()).toEqual({ kind: 'settled' });
      world.clock.advance(1_000);
    }
    expect([world.transcriber.heard.length, world.source.wanted.length]).toEqual([2, 4]);
  });

  test('leaves the time that the model and the send need', async () => {
    const world = new MediaWorld();
    await world.sent(VOICE);
    world.remainingMs = 38_000;
    expect(await world.answer()).toMatchObject({ kind: 'deferred', cause: 'out-of-time' });
    expect(world.source.wanted).toEqual([]);
    world.remainingMs = 42_000;
    await world.answer();
    expect(world.source.wanted[0]?.timeoutMs).toBeLessThanOrEqual(5_000);
  });
});

describe('a picture', () => {
  test('is shown to the model, with its caption, and once more when it is asked about', async () => {
    const world = new MediaWorld();
    await world.sent(PICTURE);
    await world.answer();
    const [request] = world.model.requests;
    expect(request?.conversation).toMatchObject([
      { text: '⟦The customer sent an image⟧\n⟦With this caption⟧ this one?' },
    ]);
    const [key] = request?.conversation[0]?.images?.map((each) => each.key) ?? [];
    expect(Buffer.from(request?.images?.get(key ?? '') ?? [])).toEqual(aPng('a cake'));
    await world.accept(aTextMessage('how much is it?', { timestamp: '1790400009' }));
    await world.answer();
    expect([...(world.model.requests[1]?.images?.keys() ?? [])]).toEqual([key]);
  });

  test('that is gone from the bucket is said to be shown no longer', async () => {
    const world = new MediaWorld();
    const message = await world.sent(PICTURE);
    await world.answer();
    await world.media.erase({ tenantId: TENANT_ID, chat: aChat(), message: inboundKey(message) });
    await world.accept(aTextMessage('how much is it?', { timestamp: '1790400009' }));
    await world.answer();
    expect(world.asked[0]).toContain('[It is no longer shown to you]');
    expect(world.model.requests[1]?.images?.size).toBe(0);
  });

  test('teaches nothing of how many tokens the words of a chat take', async () => {
    const world = new MediaWorld();
    world.tenant = aTenant({ instructions: 'a'.repeat(12_000) });
    const counted = async (request: ModelRequest) => ({
      ...answerTo(request),
      usage: { inputTokens: 6_000, cachedInputTokens: 0, outputTokens: 10 },
    });
    world.model.next.push(counted, counted);
    await world.sent(PICTURE);
    await world.answer();
    const other = aChat('4917099999999');
    await world.accept(aTextMessage('hi', { id: 'wamid.T', from: '4917099999999' }));
    await world.answer(other);
    const ratio = async (chat: Chat) => (await world.store.readHead(chat)).tokenRatio;
    expect(await ratio(aChat())).toBeUndefined();
    expect(await ratio(other)).toBeGreaterThan(1);
  });

  test('costs by itself in the ledger', async () => {
    const world = new MediaWorld();
    await world.sent(PICTURE);
    world.model.next.push(async (request) => {
      const reply = answerTo(request);
      return { ...reply, usage: { inputTokens: 2_000, cachedInputTokens: 0, outputTokens: 10 } };
    });
    await world.answer();
    expect(world.ledger.settled).toEqual([{ model: 135, vision: 120 }]);
  });
});

test('a document is read, and given as a quotation', async () => {
  const world = new MediaWorld();
  await world.sent(PDF);
  await world.answer();
  expect(world.documents.documents).toMatchObject([{ type: 'application/pdf', mostPages: 30 }]);
  expect(world.asked[0]).toMatch(/named "order.pdf"\. The text in it is quoted.*\n│ %PDF/s);
});

test.each([
  ['a film', { type: 'video', video: { id: 'pdf' } }, 'unsupported', true],
  ['a picture that is none', { type: 'image', image: { id: 'pdf' } }, 'unsupported', true],
  [
    'a moving sticker',
    { type: 'sticker', sticker: { id: 'picture', animated: true } },
    'unsupported',
    true,
  ],
  ['what Meta has no more', { type: 'image', image: { id: 'unknown' } }, 'gone', false],
  ['an id that is no id', { type: 'image', image: { id: '../x' } }, 'gone', false],
  [
    'what was too large for Meta',
    { type: 'video', video: {}, errors: [{ code: 131_052 }] },
    'too-large',
    false,
  ],
] as const)(
  '%s is kept where there is something, and said to be unseen',
  async (_, over, why, isKept) => {
    const world = new MediaWorld();
    const message = await world.sent(over);
    await world.answer();
    const reading = world.reading(message);
    expect(reading).toMatchObject({ kind: 'unread', why });
    expect(reading?.object !== undefined).toBe(isKept);
    expect(world.asked[0]).toContain('You cannot see or hear it');
  },
);

test('a file beyond the size of its kind is not fetched', async () => {
  const world = new MediaWorld();
  world.source.files.set('picture', Buffer.concat([aPng(), Buffer.alloc(6_000_000)]));
  const message = await world.sent(PICTURE);
  await world.answer();
  expect(world.reading(message)).toEqual({ kind: 'unread', object: undefined, why: 'too-large' });
});

test('what the business wants left alone is kept and not read', async () => {
  const world = new MediaWorld();
  world.tenant = aTenant({ media: { ...DEFAULT_MEDIA, audio: false } });
  const message = await world.sent(VOICE);
  await world.answer();
  expect(world.reading(message)).toMatchObject({ kind: 'unread', why: 'switched-off' });
  expect(await world.media.list({ tenantId: TENANT_ID, chat: aChat() })).toHaveLength(1);
  expect(world.transcriber.heard).toEqual([]);
});

test('a tenant’s own transcription model is asked', async () => {
  const world = new MediaWorld();
  world.tenant = aTenant({ media: { ...DEFAULT_MEDIA, transcriptionModel: 'gpt-hears' } });
  await world.sent(VOICE);
  await world.answer();
  expect(world.transcriber.heard).toMatchObject([{ model: 'gpt-hears' }]);
});

test('whoever has the chat, a file is fetched and heard before its message is finished', async () => {
  const world = new MediaWorld();
  await world.store.saveHead(aChat(), { ...newHead(), tenantId: TENANT_ID, state: 'human' });
  const message = await world.sent(VOICE);
  await world.answer();
  expect(world.outcomes()).toEqual(['handed-over']);
  expect(world.reading(message)).toMatchObject({ kind: 'text' });
});

test('a group’s file is kept, and costs nothing', async () => {
  const world = new MediaWorld();
  const message = await world.sent({ ...VOICE, group_id: 'Y2FwaV9ncm91cDox' });
  await world.answer(message.chat);
  expect(world.outcomes(message.chat)).toEqual(['recorded']);
  expect(world.reading(message, message.chat)).toMatchObject({ kind: 'begun', tries: 0 });
  expect(world.transcriber.heard).toEqual([]);
});

test('who wants no answers costs nothing, and loses nothing', async () => {
  const world = new MediaWorld();
  const message = await world.sent(VOICE);
  await world.accept(aTextMessage('stop', { timestamp: '1790400009' }));
  await world.answer();
  expect(world.reading(message)).toMatchObject({ kind: 'begun', tries: 0 });
  expect(world.transcriber.heard).toEqual([]);
});

test('what was deleted is not fetched', async () => {
  const world = new MediaWorld();
  const message = await world.sent(PICTURE);
  await world.sent({ type: 'revoke', revoke: { original_message_id: message.wamid } });
  await world.answer();
  expect([world.source.wanted, world.texts]).toEqual([[], []]);
});

test('a file that cannot be had now defers the chat, and is gone without after a while', async () => {
  const world = new MediaWorld();
  const message = await world.sent(PICTURE);
  const failed = { kind: 'failed', failure: RETRY } as const;
  world.source.next.push(failed, failed);
  expect(await world.answer()).toMatchObject({ kind: 'deferred', cause: RETRY.code });
  expect(world.reading(message)).toBeUndefined();
  world.clock.advance(80_000);
  await world.answer(aChat(), { attempt: 2 });
  expect(world.reading(message)).toMatchObject({ kind: 'unread', why: 'unavailable' });
});

test('a dead token parks the chat, as for sends', async () => {
  const world = new MediaWorld();
  await world.sent(PICTURE);
  const failure = { class: 'fix-needed', code: 'graph:190', remedy: 'token' } as const;
  world.source.next.push({ kind: 'failed', failure });
  expect(await world.answer()).toMatchObject({ kind: 'parked', parking: { reason: 'token' } });
});

test('what is kept of a message that is erased meanwhile is erased with it', async () => {
  const world = new MediaWorld();
  const message = await world.sent(PICTURE);
  const put = world.media.put.bind(world.media);
  world.media.put = async (medium) => {
    await world.store.erase(aChat(), [inboundKey(message)]);
    return put(medium);
  };
  expect(await world.answer()).toMatchObject({ kind: 'deferred', cause: 'fenced' });
  expect(await world.media.list({ tenantId: TENANT_ID, chat: aChat() })).toEqual([]);
});

test('a voice note that comes while the model thinks waits for the next turn', async () => {
  const world = new MediaWorld();
  await world.accept(aTextMessage('Any rye?'));
  world.model.next.push(async () => {
    await world.sent({ ...VOICE, timestamp: '1790400009' });
    return modelSays('Yes.');
  });
  await world.answer();
  expect(world.texts).toEqual(['Yes.']);
  expect(world.outcomes()).toEqual(['answered', 'unfinished']);
  await world.answer();
  expect(world.asked.at(-1)).toContain('two loaves');
});

test('an answer that is paid for is not put off for a voice note that comes late, and before it', async () => {
  const world = new MediaWorld();
  await world.accept(aTextMessage('last', { timestamp: '1790400009' }));
  world.model.next.push(async () => {
    await world.accept(
      aTextMessage('first', { timestamp: '1790400001' }),
      aTextMessage('second', { timestamp: '1790400002' }),
    );
    await world.sent({ ...VOICE, timestamp: '1790400003' });
    return modelSays('To the last.');
  });
  await world.answer();
  await world.answer();
  expect(world.texts[0]).toBe('To the last.');
  expect(world.model.requests).toHaveLength(2);
});

test('what a person left is heard before it is answered, however old it is', async () => {
  const world = new MediaWorld();
  world.clock.advance(13 * 3_600_000);
  const key = inboundKey(await world.sent(VOICE));
  const head = { ...newHead(), tenantId: TENANT_ID };
  const occasion = { event: 'taken', atMs: world.clock.now(), cause: 'operator' } as const;
  const taken = moveOn(head, occasion).head;
  const { head: back } = moveOn(taken, { ...occasion, event: 'released' });
  await world.store.saveHead(aChat(), {
    ...back,
    handOver: back.handOver && { ...back.handOver, kept: [key] },
  });
  await world.answer();
  expect(world.texts).toEqual([expect.stringContaining('two loaves')]);
});

test('a reaction is recorded, or answered where the business wants that', async () => {
  const reaction = { type: 'reaction', reaction: { message_id: 'wamid.X', emoji: '👍' } };
  const world = new MediaWorld();
  await world.sent(reaction);
  await world.answer();
  expect(world.outcomes()).toEqual(['recorded']);
  const eager = new MediaWorld();
  eager.tenant = aTenant({ media: { ...DEFAULT_MEDIA, reactions: 'answered' } });
  await eager.sent(reaction);
  await eager.answer();
  expect(eager.asked).toEqual([expect.stringContaining('⟦The customer reacted with 👍⟧')]);
});

describe('the files of many chats', () => {
  test('are never in memory together beyond what a process has', async () => {
    const world = new MediaWorld();
    const held = { now: 0, most: 0 };
    const fetch = world.source.fetch.bind(world.source);
    world.source.fetch = async (wanted) => {
      held.now += wanted.mostBytes;
      held.most = Math.max(held.most, held.now);
      await Promise.resolve();
      held.now -= wanted.mostBytes;
      return fetch(wanted);
    };
    const senders = Array.from({ length: 10 }, (_, index) => `491701000000${index}`);
    for (const from of senders) await world.sent({ ...VOICE, from, id: `wamid.${from}` });
    await Promise.all(senders.map((from) => world.answer(aChat(from))));
    expect(held.most).toBe(MOST_BYTES_AT_ONCE);
    expect(world.transcriber.heard).toHaveLength(10);
  });

  test('wait for each other no longer than their customers can', async () => {
    const world = new MediaWorld();
    await world.room.enter(MOST_BYTES_AT_ONCE, 0);
    await world.sent(VOICE);
    const answered = world.answer();
    await vi.waitFor(() => expect(world.pauses.begun).toHaveLength(1));
    world.pauses.end();
    expect(await answered).toMatchObject({ kind: 'deferred', cause: 'media:no-room' });
    expect(world.source.wanted).toEqual([]);
  });

  test('keep a picture from the model until there is room for it', async () => {
    const world = new MediaWorld();
    await world.sent(PICTURE);
    world.model.next.push(async () => {
      throw new Error('a crash in the call');
    });
    await expect(world.answer()).rejects.toThrow('a crash');
    const place = present(await world.room.enter(MOST_BYTES_AT_ONCE, 0));
    const answered = world.answer(aChat(), { attempt: 2 });
    await vi.waitFor(() => expect(world.pauses.begun).toContain(5_000));
    expect(world.model.requests).toHaveLength(1);
    place.leave();
    expect(await answered).toEqual({ kind: 'settled' });
    expect(world.model.requests).toHaveLength(2);
  });
});
