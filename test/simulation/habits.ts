import type { Arrival, ConversationStore, Inbox } from '#app/ports/conversation-store.ts';
import type { ErasableChats, RemainingItem } from '#app/ports/erasable-chats.ts';
import type { ChatBell, EventEnvelope, EventsQueue, Ring, RingBox } from '#app/ports/queues.ts';
import type { Chat } from '#domain/ids.ts';
import { type MethodHabits, peerError } from './cloud/instrument.ts';
import { SimulatedRingBox } from './ports/simulated-queues.ts';

/** Ports that report failure in their result, and what half a success looks like at each. */

export function inboxHabits(inbox: Inbox): MethodHabits {
  return {
    failed: { accept: ([arrivals]) => (arrivals as readonly Arrival[]).map(() => 'refused') },
    partly: {
      accept: async ([arrivals]) => {
        const [some, others] = halves(arrivals as readonly Arrival[]);
        return [...(await inbox.accept(some)), ...others.map(() => 'refused')];
      },
    },
  };
}

/**
 * Writes of several items are several calls: some may be done when one of them fails.
 * @param seen is told of what was done
 */
export function storeHabits(
  store: ConversationStore,
  seen: (method: string, args: readonly unknown[]) => void,
): MethodHabits {
  const inbox = inboxHabits(store);
  const halfThenThrow = (
    method: 'finish' | 'park' | 'resume' | 'moveAway' | 'takeBack' | 'leave' | 'takeUp' | 'erase',
  ) => {
    return async ([chat, keys, ...rest]: readonly unknown[]) => {
      const [some] = halves(keys as readonly string[]);
      await Reflect.apply(store[method], store, [chat, some, ...rest]);
      seen(method, [chat, some, ...rest]);
      throw peerError('error-before');
    };
  };
  return {
    failed: inbox.failed ?? {},
    partly: {
      ...inbox.partly,
      finish: halfThenThrow('finish'),
      park: halfThenThrow('park'),
      resume: halfThenThrow('resume'),
      moveAway: halfThenThrow('moveAway'),
      takeBack: halfThenThrow('takeBack'),
      leave: halfThenThrow('leave'),
      takeUp: halfThenThrow('takeUp'),
      erase: halfThenThrow('erase'),
    },
  };
}

/** @param seen is told of what was done */
export function eraserHabits(
  chats: ErasableChats,
  seen: (chat: Chat, items: readonly RemainingItem[]) => void,
): MethodHabits {
  return {
    partly: {
      remove: async ([chat, items]) => {
        const [some] = halves(items as readonly RemainingItem[]);
        await chats.remove(chat as Chat, some);
        seen(chat as Chat, some);
        throw peerError('error-before');
      },
    },
  };
}

export function bellHabits(bell: ChatBell): MethodHabits {
  return {
    failed: { ring: ([rings]) => rings },
    partly: {
      ring: async ([rings]) => {
        const [some, others] = halves(rings as readonly Ring[]);
        await bell.ring(some);
        return others;
      },
    },
  };
}

export function eventsQueueHabits(events: EventsQueue): MethodHabits {
  return {
    failed: { send: ([envelopes]) => (envelopes as readonly unknown[]).length },
    partly: {
      send: async ([envelopes]) => {
        const [some, others] = halves(envelopes as readonly EventEnvelope[]);
        await events.send(some);
        return others.length;
      },
    },
  };
}

/** A job that is lost is made up for by the next. */
export const jobsQueueHabits: MethodHabits = {
  failed: { send: ([jobs]) => (jobs as readonly unknown[]).length },
};

/** What cannot be counted afterwards is logged, and nothing else. */
export const ledgerHabits: MethodHabits = {
  failed: { settle: () => undefined, add: () => undefined },
};

export function ringBoxHabits(box: RingBox): MethodHabits {
  return {
    failed: { deadLetter: () => SimulatedRingBox.refused() },
    partly: {
      done: ([rings]) => box.done(halves(rings as Parameters<RingBox['done']>[0])[0]),
      defer: ([rings, delayMs]) =>
        box.defer(halves(rings as Parameters<RingBox['defer']>[0])[0], Number(delayMs)),
      deadLetter: async ([rings, reason, occasion]) => {
        const [some] = halves(rings as readonly Ring[]);
        await Reflect.apply(box.deadLetter, box, [some, reason, occasion]);
        return SimulatedRingBox.refused();
      },
    },
  };
}

function halves<Value>(all: readonly Value[]): [readonly Value[], readonly Value[]] {
  const middle = Math.floor(all.length / 2);
  return [all.slice(0, middle), all.slice(middle)];
}
