import { afterAll, beforeAll, describe } from 'vitest';
import type { ChatArchive } from '#app/ports/chat-archive.ts';
import type { ChatIndex } from '#app/ports/chat-index.ts';
import type { ChatMemories } from '#app/ports/chat-memories.ts';
import type { CommandBook } from '#app/ports/command-book.ts';
import type {
  ConversationStore,
  DeliveryLog,
  Inbox,
  UnfinishedIndex,
} from '#app/ports/conversation-store.ts';
import type { ErasableChats } from '#app/ports/erasable-chats.ts';
import type { ParkedMessages } from '#app/ports/parked-messages.ts';
import type { PreferenceLog } from '#app/ports/preference-log.ts';
import type { Chat } from '#domain/ids.ts';
import { describeArchive } from './store-suite/archive.ts';
import { describeChatIndex } from './store-suite/chat-index.ts';
import { describeCommandBook } from './store-suite/command-book.ts';
import { describeDeliveries } from './store-suite/deliveries.ts';
import { describeErasure } from './store-suite/erasure.ts';
import { describeFollowUps } from './store-suite/follow-ups.ts';
import { describeHead } from './store-suite/head.ts';
import { describeInbox } from './store-suite/inbox.ts';
import { describeMemories } from './store-suite/memories.ts';
import { describeParked } from './store-suite/parked.ts';
import { describePreferences } from './store-suite/preferences.ts';
import { describeProgress } from './store-suite/progress.ts';
import { describeReadings } from './store-suite/readings.ts';
import { describeRecentMessages } from './store-suite/recent-messages.ts';
import { describeUnfinished } from './store-suite/unfinished.ts';

export interface Stores {
  readonly inbox: Inbox;
  readonly conversations: ConversationStore;
  readonly deliveries: DeliveryLog;
  readonly unfinished: UnfinishedIndex;
  readonly parked: ParkedMessages;
  readonly chats: ChatIndex;
  readonly archive: ChatArchive;
  /** Puts an item that no release has written into a chat; undefined where there can be none. */
  readonly spoil: ((chat: Chat, sortKey: string) => Promise<void>) | undefined;
  readonly erasable: ErasableChats;
  readonly preferences: PreferenceLog;
  readonly book: CommandBook;
  readonly memories: ChatMemories;
  readonly close?: () => Promise<void>;
}

/** What the ports of the conversations promise, whoever implements them. Each test has its own chat. */
export function describeConversationStore(name: string, makeStores: () => Promise<Stores>): void {
  describe(name, () => {
    let stores: Stores;
    beforeAll(async () => {
      stores = await makeStores();
    });
    afterAll(() => stores?.close?.());

    describeInbox(() => stores);
    describeRecentMessages(() => stores);
    describeHead(() => stores);
    describeProgress(() => stores);
    describeReadings(() => stores);
    describeUnfinished(() => stores);
    describeParked(() => stores);
    describeDeliveries(() => stores);
    describeFollowUps(() => stores);
    describePreferences(() => stores);
    describeMemories(() => stores);
    describeChatIndex(() => stores);
    describeCommandBook(() => stores);
    describeArchive(() => stores);
    describeErasure(() => stores);
  });
}
