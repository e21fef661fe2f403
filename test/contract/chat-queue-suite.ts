import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChatBell, ReceivedRing, Ring, RingBox } from '#app/ports/queues.ts';
import type { MessageKey } from '#domain/conversation/message.ts';
import type { Chat } from '#domain/ids.ts';
import { aParking } from '#test/support/builders.ts';
import type { Loss } from '#test/support/lost-answers.ts';
import { aNewChat } from './store-suite/arrivals.ts';

/** The chat queue as its two sides see it, and what lies between them. */
export interface ChatQueueStage {
  readonly bell: ChatBell;
  readonly ringBox: RingBox;
  readonly peer: ChatQueuePeer;
  close(): Promise<void>;
}

interface ChatQueuePeer {
  /** Up to ten rings that are to be had now, as the processor gets them: held for `HOLD_MS`. */
  receive(): Promise<readonly ReceivedRing[]>;
  /** Takes what lies on the dead-letter queue. */
  takeDeadLetters(): Promise<
    readonly { readonly ring: Ring; readonly parking: Readonly<Record<string, unknown>> }[]
  >;
  /** From now on no queue takes a ring for this message. */
  refuse(messageKey: MessageKey): void;
  /** Of the next call that sends. */
  loseNextAnswer(when: Loss): void;
  pass(ms: number): void;
}

/** For how long a received ring is hidden, unless it is deferred. */
export const HOLD_MS = 30_000;

let messages = 0;

function aRing(chat: Chat, over: Partial<Ring> = {}): Ring {
  messages += 1;
  const messageKey = `1790400000000#wamid.RING${messages}`;
  return { chat, messageKey, number: 0, correlationId: `request-${messages}`, ...over };
}

function someRings(chat: Chat, count: number): readonly Ring[] {
  return Array.from({ length: count }, () => aRing(chat));
}

function ringsOf(received: readonly ReceivedRing[]): readonly Ring[] {
  return received.map(({ ring }) => ring);
}

/** What the bell and the ring box promise together, whatever queue is between them. */
export function describeChatQueue(name: string, makeStage: () => Promise<ChatQueueStage>): void {
  describe(name, () => {
    let stage: ChatQueueStage;
    beforeAll(async () => {
      stage = await makeStage();
    });
    afterAll(() => stage?.close());

    /** Everything that is to be had, so that the next test finds an empty queue. */
    async function drain(): Promise<readonly Ring[]> {
      const rings: Ring[] = [];
      for (let batch = await stage.peer.receive(); batch.length > 0; ) {
        rings.push(...ringsOf(batch));
        await stage.ringBox.done(batch);
        batch = await stage.peer.receive();
      }
      return rings;
    }

    describe('the bell', () => {
      it('brings each ring as it was rung, in the order of its chat', async () => {
        const rings = someRings(aNewChat(), 5);
        expect(await stage.bell.ring(rings)).toEqual([]);
        expect(await drain()).toEqual(rings);
      });

      it('has nothing to say where nothing rings', async () => {
        expect(await stage.bell.ring([])).toEqual([]);
        expect(await drain()).toEqual([]);
      });

      it('swallows a ring of the same message and number, and no other', async () => {
        const ring = aRing(aNewChat());
        const later = { ...ring, number: 1, correlationId: 'sweep-1' };
        const elsewhere = { ...ring, chat: aNewChat() };
        for (const each of [ring, ring, later, { ...ring, correlationId: 'again' }, elsewhere]) {
          expect(await stage.bell.ring([each])).toEqual([]);
        }
        const rung = await drain();
        expect(rung).toHaveLength(3);
        expect(rung).toEqual(expect.arrayContaining([ring, later, elsewhere]));
      });

      it('gives back exactly the rings that were not taken', async () => {
        const rings = Array.from({ length: 25 }, () => aRing(aNewChat()));
        const refused = rings.filter((_, index) => index % 10 === 3);
        for (const { messageKey } of refused) stage.peer.refuse(messageKey);
        expect(await stage.bell.ring(rings)).toEqual(refused);
        const keys = (await drain()).map(({ messageKey }) => messageKey);
        const taken = rings.filter((ring) => !refused.includes(ring));
        expect(keys.toSorted()).toEqual(taken.map(({ messageKey }) => messageKey).toSorted());
      });

      it.each(['before', 'after'] as const)(
        'loses no ring, and rings once, where the connection broke %s the effect',
        async (when) => {
          const ring = aRing(aNewChat());
          stage.peer.loseNextAnswer(when);
          const notTaken = await stage.bell.ring([ring]);
          expect(await stage.bell.ring(notTaken)).toEqual([]);
          expect(await drain()).toEqual([ring]);
        },
      );
    });

    describe('the ring box', () => {
      it('is done with a ring for good', async () => {
        await stage.bell.ring([aRing(aNewChat())]);
        await stage.ringBox.done(await stage.peer.receive());
        stage.peer.pass(HOLD_MS);
        expect(await drain()).toEqual([]);
      });

      it('gets a ring again that nobody settled, and is told how often', async () => {
        const ring = aRing(aNewChat());
        await stage.bell.ring([ring]);
        expect(await stage.peer.receive()).toMatchObject([{ ring, receiveCount: 1 }]);
        expect(await stage.peer.receive()).toEqual([]);
        stage.peer.pass(HOLD_MS);
        expect(await stage.peer.receive()).toMatchObject([{ ring, receiveCount: 2 }]);
        stage.peer.pass(HOLD_MS);
        await drain();
      });

      it('defers a chat whole: its later rings wait, other chats do not, the order stays', async () => {
        const [chat, other] = [aNewChat(), aNewChat()];
        const rings = someRings(chat, 3);
        await stage.bell.ring(rings.slice(0, 2));
        await stage.ringBox.defer(await stage.peer.receive(), 2 * HOLD_MS);
        await stage.bell.ring(rings.slice(2));
        const neighbour = aRing(other);
        await stage.bell.ring([neighbour]);
        expect(await drain()).toEqual([neighbour]);
        stage.peer.pass(2 * HOLD_MS - 1_000);
        expect(await drain()).toEqual([]);
        stage.peer.pass(1_000);
        expect(await drain()).toEqual(rings);
      });

      it('defers many rings at once, and for less than their hold too', async () => {
        const rings = someRings(aNewChat(), 10);
        await stage.bell.ring(rings);
        await stage.ringBox.defer(await stage.peer.receive(), 1_000);
        expect(await drain()).toEqual([]);
        stage.peer.pass(1_000);
        expect(await drain()).toEqual(rings);
      });

      it('puts dead letters away with what the operator has to know, once per occasion', async () => {
        const rings = someRings(aNewChat(), 5);
        await stage.ringBox.deadLetter(rings, aParking('token'), 'occasion-1');
        await stage.ringBox.deadLetter(rings.slice(0, 3), aParking('token'), 'occasion-1');
        const first = rings.map((ring) => ({ ring, parking: told('token') }));
        expect(await stage.peer.takeDeadLetters()).toEqual(first);
        await stage.ringBox.deadLetter(rings.slice(0, 1), aParking('bug'), 'occasion-2');
        expect(await stage.peer.takeDeadLetters()).toEqual([
          { ring: rings[0], parking: told('bug') },
        ]);
      });

      it('does not pretend that a dead letter was taken', async () => {
        const [good, bad] = [aRing(aNewChat()), aRing(aNewChat())];
        stage.peer.refuse(bad.messageKey);
        const parking = stage.ringBox.deadLetter(
          [good, bad],
          aParking('configuration'),
          'occasion-1',
        );
        await expect(parking).rejects.toThrow();
        await stage.peer.takeDeadLetters();
      });
    });
  });
}

/** As attributes of a message, which are texts. */
function told(reason: 'token' | 'bug'): Readonly<Record<string, unknown>> {
  const parking = Object.entries(aParking(reason));
  return Object.fromEntries(parking.map(([name, value]) => [name, String(value)]));
}
