import type { InMemoryConversations } from '#adapters/in-memory/in-memory-conversations.ts';
import type { Inbox } from '#app/ports/conversation-store.ts';
import type { ChatHead, OpenTurn } from '#domain/conversation/head.ts';
import type { StoredMessage } from '#domain/conversation/message.ts';
import type { VirtualClock } from '#local/clock.ts';
import { override, overrideOf } from './override.ts';
import { overwritingInbox } from './overwriting-inbox.ts';
import { NO_SABOTAGE, type Sabotage } from './sabotage.ts';

const HOUR_MS = 3_600_000;
const LATE_MS = 3_000;

export const SABOTAGES: readonly Sabotage[] = [
  {
    ...NO_SABOTAGE,
    name: 'conditional inbox write',
    breaks: ['duplicated'],
    store: overwritingInbox,
  },
  {
    ...NO_SABOTAGE,
    name: 'fenced draft write',
    breaks: ['duplicated'],
    store: (store) =>
      override(store, {
        saveHead: async (chat, head) => {
          const { version } = await store.readHead(chat);
          return store.saveHead(chat, { ...head, version });
        },
      }),
  },
  {
    ...NO_SABOTAGE,
    name: 'finish the open turn first',
    breaks: ['lost', 'duplicated'],
    store: (store) =>
      override(store, {
        readHead: async (chat) => ({ ...(await store.readHead(chat)), openTurn: undefined }),
      }),
  },
  {
    ...NO_SABOTAGE,
    name: 'look whether the open turn is at its end',
    breaks: ['lost', 'duplicated'],
    store: (store) =>
      override(store, {
        readRecent: async (chat, wanted) => {
          const recent = await store.readRecent(chat, wanted);
          const { openTurn } = await store.readHead(chat);
          return openTurn
            ? { ...recent, messages: asFinishedBy(openTurn, recent.messages) }
            : recent;
        },
      }),
  },
  {
    ...NO_SABOTAGE,
    name: 'evidence wait',
    breaks: ['other', 'duplicated'],
    store: (store) =>
      override(store, { readHead: async (chat) => longAgo(await store.readHead(chat)) }),
  },
  {
    ...NO_SABOTAGE,
    name: 'table before bell',
    breaks: ['lost', 'out of order'],
    inbox: lateInbox,
  },
  { ...NO_SABOTAGE, name: 'sweeper', breaks: ['lost'], sweeps: false },
  {
    ...NO_SABOTAGE,
    name: 'knowing of a restore',
    breaks: ['other', 'duplicated'],
    tellsOfRestore: false,
  },
  {
    ...NO_SABOTAGE,
    name: 'timestamp order',
    breaks: ['out of order'],
    store: (store) =>
      override(store, {
        readRecent: async (chat, wanted) => {
          const recent = await store.readRecent(chat, wanted);
          return { ...recent, messages: recent.messages.map(byArrival) };
        },
      }),
  },
  {
    ...NO_SABOTAGE,
    name: 'tombstone of an erasure',
    breaks: ['leaked'],
    store: (store) =>
      override(store, {
        readHead: async (chat) => ({ ...(await store.readHead(chat)), erasure: undefined }),
      }),
  },
  {
    ...NO_SABOTAGE,
    name: 'look for a person before a reply',
    breaks: ['other'],
    store: (store) =>
      override(store, {
        readRecent: async (chat, wanted) => {
          const recent = await store.readRecent(chat, wanted);
          // The look again reads no more than this.
          return wanted.limit > 10
            ? recent
            : { ...recent, messages: recent.messages.filter(isNoCommand) };
        },
      }),
  },
  {
    ...NO_SABOTAGE,
    name: 'end of a command',
    breaks: ['lost', 'other'],
    store: (store) =>
      override(store, {
        finish: (chat, keys, result) =>
          store.finish(
            chat,
            keys.filter((key) => !key.includes('#command.c')),
            result,
          ),
      }),
  },
  {
    ...NO_SABOTAGE,
    name: 'answer to what a person left',
    breaks: ['lost'],
    store: (store) => override(store, { takeUp: async () => undefined }),
  },
  {
    ...NO_SABOTAGE,
    name: 'second look after an erasure',
    breaks: ['leaked'],
    store: blindAfterErasure,
  },
  {
    ...NO_SABOTAGE,
    name: 'forgetting what is remembered',
    breaks: ['leaked'],
    store: (store) =>
      override(store, { memories: overrideOf(store.memories, { forget: async () => {} }) }),
  },
  {
    ...NO_SABOTAGE,
    name: 'note of what was heard',
    breaks: ['lost'],
    store: (store) =>
      override(store, {
        recordReading: async (chat, key, change) =>
          change.reading.kind === 'text' ? 'recorded' : store.recordReading(chat, key, change),
      }),
  },
];

/** Sees nothing in a chat that has a tombstone. */
function blindAfterErasure(store: InMemoryConversations): InMemoryConversations {
  return override(store, {
    look: async (chat) => {
      const remains = await store.look(chat);
      return remains.erasure ? { ...remains, items: [] } : remains;
    },
  });
}

const ACCEPTED = new WeakMap<InMemoryConversations, Set<string>>();

/** Says `accepted` at once, and writes when the bell has long been answered. */
function lateInbox(store: InMemoryConversations, clock: VirtualClock): Inbox {
  const known = ACCEPTED.get(store) ?? new Set<string>();
  ACCEPTED.set(store, known);
  return {
    accept: async (arrivals) => {
      clock.schedule(clock.now() + LATE_MS, () => void store.accept(arrivals));
      return arrivals.map(({ message }) => {
        const isKnown = known.has(message.wamid);
        known.add(message.wamid);
        return isKnown ? 'duplicate' : 'accepted';
      });
    },
  };
}

function asFinishedBy(
  { id, answers }: OpenTurn,
  messages: readonly StoredMessage[],
): readonly StoredMessage[] {
  return messages.map((each) =>
    each.direction === 'in' && answers.includes(each.key)
      ? { ...each, progress: { kind: 'finished', outcome: 'answered', turnId: id } }
      : each,
  );
}

function longAgo(head: ChatHead): ChatHead {
  const { openTurn } = head;
  if (!openTurn) return head;
  const parts = openTurn.parts.map((part) =>
    part.delivery.kind === 'sending'
      ? { ...part, delivery: { ...part.delivery, sinceMs: part.delivery.sinceMs - HOUR_MS } }
      : part,
  );
  return { ...head, openTurn: { ...openTurn, parts } };
}

function isNoCommand(stored: StoredMessage): boolean {
  return stored.direction === 'out' || stored.message.command === undefined;
}

function byArrival(stored: StoredMessage): StoredMessage {
  if (stored.direction === 'out') return stored;
  return { ...stored, message: { ...stored.message, sentAtMs: stored.acceptedAtMs } };
}
