import { describe, expect, test } from 'vitest';
import { deliverTurn } from '#app/deliver-turn.ts';
import { isolateBug } from '#app/isolate-bug.ts';
import type { ChatHead } from '#domain/conversation/head.ts';
import { inboundKey } from '#domain/conversation/message.ts';
import { parseTenantId } from '#domain/ids.ts';
import {
  aChat,
  aMemoryItem,
  aTenant,
  aTextMessage,
  present,
  TENANT_ID,
} from '#test/support/builders.ts';
import { aRing, ChatWorld } from '#test/support/chat-world.ts';
import { modelSays } from '#test/support/peers.ts';

const DAY_MS = 86_400_000;

class Chatting extends ChatWorld {
  #said = 0;

  /** Each a moment after the one before. */
  async hears(text: string, over: Record<string, unknown> = {}) {
    this.#said += 1;
    this.clock.advance(10_000);
    const timestamp = String(Math.floor(this.clock.now() / 1_000));
    const message = aTextMessage(text, { id: `wamid.H${this.#said}`, timestamp, ...over });
    await this.accept(message);
    return message;
  }

  async says(text: string): Promise<void> {
    await this.hears(text);
    await this.answer();
  }

  head(chat = aChat()): Promise<ChatHead> {
    return this.store.readHead(chat);
  }
}

describe('a reply that is at its end', () => {
  test('is left in the head, and is answered as if it were not there', async () => {
    const world = new Chatting();
    await world.says('one');
    expect(await world.head()).toMatchObject({ version: 1, openTurn: { kind: 'reply' } });
    await world.says('two');
    expect(world.texts).toEqual(['You said: one', 'You said: two']);
    expect(world.model.requests).toHaveLength(2);
    expect(await world.head()).toMatchObject({ version: 2 });
    expect(world.metrics.of('MessagesFinished')).toBe(2);
  });

  test('is taken out where nothing waits', async () => {
    const world = new Chatting();
    await world.says('one');
    expect(await world.answer()).toEqual({ kind: 'settled' });
    expect(await world.head()).toMatchObject({ version: 2, openTurn: undefined });
    expect(await world.answer()).toEqual({ kind: 'settled' });
    expect(await world.head()).toMatchObject({ version: 2 });
  });

  test('is not at its end before its bubble is recorded and its message finished', async () => {
    for (const method of ['recordOutbound', 'finish'] as const) {
      const world = new Chatting();
      const works = world.store[method];
      world.store[method] = async () => Promise.reject(new Error('the table is away'));
      await world.hears('one');
      await expect(world.answer()).rejects.toThrow('away');
      expect(world.outcomes()).toEqual(['unfinished']);
      Object.assign(world.store, { [method]: works });
      await world.answer();
      expect(world.texts).toEqual(['You said: one']);
      expect(world.outcomes()).toEqual(['answered']);
      // What was found open is closed.
      expect(await world.head()).toMatchObject({ openTurn: undefined });
    }
  });

  test('is known by its messages where the process died right after them', async () => {
    const world = new Chatting();
    const finish = world.store.finish.bind(world.store);
    world.store.finish = async (...finished) => {
      await finish(...finished);
      throw new Error('crash');
    };
    // Nor is the head written on the way out.
    const saveHead = world.store.saveHead.bind(world.store);
    world.store.saveHead = async (chat, head) =>
      head.version === 0 ? saveHead(chat, head) : Promise.reject(new Error('crash'));
    await world.hears('one');
    await expect(world.answer()).rejects.toThrow('crash');
    Object.assign(world.store, { finish, saveHead });
    world.clock.advance(10 * 60_000);
    await world.says('two');
    expect(world.texts).toEqual(['You said: one', 'You said: two']);
    expect(world.metrics.of('AmbiguousResends')).toBe(0);
  });

  test('is not said again once its messages and bubbles are past their time', async () => {
    const world = new Chatting();
    await world.says('one');
    await world.store.erase(
      aChat(),
      world.store.transcript(aChat()).map(({ key }) => key),
    );
    world.clock.advance(91 * DAY_MS);
    await world.says('two');
    expect(world.texts).toEqual(['You said: one', 'You said: two']);
  });

  test('is closed by a release that knows no other end of it, and nothing is said twice', async () => {
    const world = new Chatting();
    await world.says('one');
    const turn = {
      chat: aChat(),
      tenantId: TENANT_ID,
      correlationId: 'request-1',
      attempt: 1,
      time: { remainingMs: () => 40_000 },
      windowClosesAtMs: Number.POSITIVE_INFINITY,
    };
    world.clock.advance(10 * 60_000);
    expect(await deliverTurn(turn, await world.head(), 'found', world.deps)).toEqual({
      kind: 'settled',
    });
    expect(world.texts).toEqual(['You said: one']);
  });

  test('is gone on with, once, where something else has finished its messages', async () => {
    const world = new Chatting();
    const finish = world.store.finish.bind(world.store);
    world.store.finish = (chat, keys) =>
      finish(chat, keys, { outcome: 'handed-over', turnId: undefined });
    await world.says('one');
    expect(await world.head()).toMatchObject({ openTurn: { kind: 'reply' } });
    Object.assign(world.store, { finish });
    await world.says('two');
    expect(world.texts).toEqual(['You said: one', 'You said: two']);
    expect(await world.head()).toMatchObject({ openTurn: { answers: [expect.any(String)] } });
    expect(world.metrics.of('AmbiguousResends')).toBe(0);
  });

  test('is told from one that is at work, however much lies between it and the newest', async () => {
    const world = new Chatting();
    world.sender.next.push(() => ({ kind: 'ambiguous', code: 'timeout' }));
    await world.says('one');
    // Finished without a write of the head.
    const later: string[] = [];
    for (let nth = 0; nth < 60; nth += 1) later.push(inboundKey(await world.hears(`nod ${nth}`)));
    await world.store.finish(aChat(), later, { outcome: 'recorded', turnId: undefined });
    await world.says('two');
    expect(world.texts).toEqual(['You said: one', 'You said: one', 'You said: two']);
    expect(world.metrics.of('AmbiguousResends')).toBe(1);
    expect(world.outcomes().filter((each) => each === 'answered')).toHaveLength(2);
  });

  test('goes with its tenant, and is counted once', async () => {
    const world = new Chatting();
    await world.says('one');
    world.tenant = { ...aTenant(), id: present(parseTenantId('clinic')) };
    await world.says('two');
    expect(world.texts).toEqual(['You said: one', 'You said: two']);
    expect(world.metrics.of('MessagesFinished')).toBe(2);
    expect(JSON.stringify(await world.head())).not.toContain('You said: one');
  });

  test('does not hold up a contact that comes to it from another number', async () => {
    const world = new Chatting();
    await world.says('one');
    const system = { type: 'user_changed_number', wa_id: '34600111222' };
    await world.hears('', { from: '34600999999', type: 'system', system });
    expect(await world.answer(aChat('34600999999'))).toEqual({ kind: 'settled' });
    expect(await world.head(aChat('34600999999'))).toMatchObject({ movedTo: '34600111222' });
  });

  test('does not hold up the contact’s chat under another id', async () => {
    const world = new Chatting();
    await world.says('one');
    await world.hears('two', { from_user_id: 'ES.9021' });
    expect(await world.answer(aChat('ES.9021'))).toEqual({ kind: 'settled' });
    expect(world.texts).toEqual(['You said: one', 'You said: two']);
  });

  test('is not set aside for a message that our code fails on', async () => {
    const world = new Chatting();
    await world.says('one');
    const poison = await world.hears('two');
    const { memories } = world.store;
    memories.readWithHead = async () => Promise.reject(new TypeError('unexpected'));
    const work = {
      chat: aChat(),
      rung: new Set([aRing(poison).ring.messageKey]),
      attempt: 3,
      earlierTry: 'unknown' as const,
      receivedAtMs: world.clock.now(),
      correlationId: 'request-1',
      time: { remainingMs: () => 40_000 },
    };
    await isolateBug(work, world.deps);
    expect(world.metrics.of('TurnsUndeliverable')).toBe(0);
    expect((await world.head()).flag).not.toBe('undeliverable');
  });
});

describe('closed at once is', () => {
  const isClosed = async (world: Chatting) => (await world.head()).openTurn === undefined;

  test('a turn whose last part was refused', async () => {
    const world = new Chatting();
    const failure = { class: 'give-up-here', code: 'graph:131026' } as const;
    world.sender.next.push(() => ({ kind: 'refused', failure }));
    await world.says('one');
    expect(await isClosed(world)).toBe(true);
  });

  test('a fallback', async () => {
    const world = new Chatting();
    const failure = { class: 'reply-anyway', code: 'openai:refusal' } as const;
    world.model.next.push({ kind: 'failed', failure });
    await world.says('one');
    expect(world.texts).toEqual([aTenant().fallbackText]);
    expect(await isClosed(world)).toBe(true);
  });

  test('one that forgets something, or asks for a person', async () => {
    for (const extra of [{ forgets: ['m1'] }, { handOver: { reason: 'refund', summary: 'x' } }]) {
      const world = new Chatting();
      await world.says('one');
      const { stored } = await world.store.memories.readWithHead(aChat());
      const memory = { ...stored.memory, tenantId: TENANT_ID, items: [aMemoryItem()] };
      await world.store.memories.keep(aChat(), stored, { ...memory, revision: 'r1' });
      world.model.next.push(modelSays('done', extra));
      await world.says('two');
      expect(await isClosed(world)).toBe(true);
    }
  });

  test('one of more messages than the next turn should look at', async () => {
    const world = new Chatting();
    for (let nth = 0; nth < 11; nth += 1) await world.hears(`word ${nth}`);
    await world.answer();
    expect(world.texts).toHaveLength(1);
    expect(await isClosed(world)).toBe(true);
  });

  test('one of a contact whose head is kept for years', async () => {
    const world = new Chatting();
    world.tenant = aTenant({ optOut: { optOutWords: [], optInWords: [] } });
    await world.says('one');
    await world.answer();
    const head = await world.head();
    const replies = { kind: 'stopped' as const, atMs: 0 };
    await world.store.saveHead(aChat(), { ...head, replies });
    world.model.next.push(modelSays('still here'));
    await world.says('two');
    expect(world.texts).toContain('still here');
    expect(await isClosed(world)).toBe(true);
  });
});
