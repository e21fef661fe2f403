import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventEnvelope, EventsQueue } from '#app/ports/queues.ts';
import { PHONE_NUMBER_ID } from '#test/support/builders.ts';
import type { Loss } from '#test/support/lost-answers.ts';

export interface EventsQueueStage {
  readonly queue: EventsQueue;
  readonly peer: EventsQueuePeer;
  close(): Promise<void>;
}

interface EventsQueuePeer {
  /** Takes what lies in the queue, in whatever order. */
  takeReceived(): Promise<readonly EventEnvelope[]>;
  /** From now on the queue does not take the events of this request. */
  refuse(correlationId: string): void;
  loseNextAnswer(when: Loss): void;
}

let requests = 0;

function anEnvelope(over: Partial<EventEnvelope> = {}): EventEnvelope {
  requests += 1;
  return {
    kind: 'event',
    field: 'account_update',
    accountId: '700100200300401',
    phoneNumberId: PHONE_NUMBER_ID,
    payload: { event: 'DISABLED_UPDATE' },
    receivedAtMs: 1_790_400_001_000,
    correlationId: `request-${requests}`,
    ...over,
  };
}

function byRequest(envelopes: readonly EventEnvelope[]): readonly EventEnvelope[] {
  return envelopes.toSorted((a, b) => (a.correlationId < b.correlationId ? -1 : 1));
}

/** What the queue of events promises, whatever it is made of. */
export function describeEventsQueue(name: string, makeStage: () => Promise<EventsQueueStage>) {
  describe(name, () => {
    let stage: EventsQueueStage;
    beforeAll(async () => {
      stage = await makeStage();
    });
    afterAll(() => stage?.close());

    it('brings each event as it was sent', async () => {
      const odd = [null, 'text 👋🏽', 7, [], { deep: [{ '': null }], number: 1e300 }];
      const envelopes = [
        anEnvelope({ accountId: undefined, phoneNumberId: undefined }),
        anEnvelope({ kind: 'status', field: 'messages' }),
        ...odd.map((payload) => anEnvelope({ kind: 'malformed', payload })),
      ];
      expect(await stage.queue.send(envelopes)).toBe(0);
      expect(byRequest(await stage.peer.takeReceived())).toEqual(byRequest(envelopes));
    });

    it('has nothing to say where nothing is sent', async () => {
      expect(await stage.queue.send([])).toBe(0);
      expect(await stage.peer.takeReceived()).toEqual([]);
    });

    it('counts exactly what was not taken, and takes the rest', async () => {
      const envelopes = Array.from({ length: 25 }, () => anEnvelope());
      const refused = envelopes.filter((_, index) => index % 10 === 3);
      for (const { correlationId } of refused) stage.peer.refuse(correlationId);
      expect(await stage.queue.send(envelopes)).toBe(refused.length);
      const taken = envelopes.filter((each) => !refused.includes(each));
      expect(byRequest(await stage.peer.takeReceived())).toEqual(byRequest(taken));
    });

    it.each(['before', 'after'] as const)(
      'loses no event unsaid where the connection broke %s the effect',
      async (when) => {
        const envelope = anEnvelope();
        stage.peer.loseNextAnswer(when);
        const notTaken = await stage.queue.send([envelope]);
        const received = await stage.peer.takeReceived();
        if (notTaken === 0) expect(received).toContainEqual(envelope);
        for (const each of received) expect(each).toEqual(envelope);
      },
    );
  });
}
