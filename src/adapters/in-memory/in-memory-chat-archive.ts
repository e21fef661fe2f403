import type {
  ArchivedEvent,
  ArchivedItem,
  ArchivedMessage,
  ChatArchive,
} from '#app/ports/chat-archive.ts';
import type { ChatIndex, ListedChat } from '#app/ports/chat-index.ts';
import type { Choice } from '#domain/conversation/choice.ts';
import type { Delivery } from '#domain/conversation/delivery.ts';
import type { ChatHead } from '#domain/conversation/head.ts';
import type { MessageKey, StoredMessage } from '#domain/conversation/message.ts';
import type { Chat, TenantId } from '#domain/ids.ts';
import type { DeliveryStatus } from '#domain/whatsapp/delivery-status.ts';
import type { InMemoryConversations } from './in-memory-conversations.ts';

/** What is in a process's conversations, for whoever lists, shows or exports it. */
export class InMemoryChatArchive implements ChatArchive, ChatIndex {
  readonly #conversations: InMemoryConversations;

  constructor(conversations: InMemoryConversations) {
    this.#conversations = conversations;
  }

  async *listChats(
    tenant: TenantId,
    beforeMs = Number.POSITIVE_INFINITY,
  ): AsyncGenerator<ListedChat> {
    yield* this.#conversations
      .chats()
      .filter(({ head }) => head.tenantId === tenant && head.movedTo === undefined)
      .filter(({ head }) => head.lastMessageAtMs < beforeMs)
      .map(({ chat, head: { state, flag, lastMessageAtMs } }) => ({
        chat,
        state,
        flag,
        lastMessageAtMs,
      }))
      .sort((one, other) => other.lastMessageAtMs - one.lastMessageAtMs);
  }

  async findHead(chat: Chat): Promise<ChatHead | undefined> {
    const head = await this.#conversations.readHead(chat);
    return head.version === 0 ? undefined : head;
  }

  async findPreference(chat: Chat): Promise<Choice | undefined> {
    return this.#conversations.preferenceOf(chat);
  }

  async *items(chat: Chat): AsyncGenerator<ArchivedItem> {
    const head = await this.findHead(chat);
    if (head) yield { kind: 'head', key: 'HEAD', head };
    yield* this.#remembered(chat);
    yield* this.#messages(chat);
    const choice = await this.findPreference(chat);
    if (choice) yield { kind: 'preference', key: 'PREF', choice };
  }

  async newest(chat: Chat, limit: number): Promise<readonly ArchivedMessage[]> {
    return this.#messages(chat).toReversed().slice(0, limit);
  }

  async messagesOf(chat: Chat, keys: readonly MessageKey[]): Promise<readonly ArchivedMessage[]> {
    const messages = this.#messages(chat);
    return keys.flatMap((key) => messages.find((each) => each.key === `MSG#${key}`) ?? []);
  }

  async *keptEvents(accountId: string | undefined): AsyncGenerator<ArchivedEvent> {
    yield* this.#conversations.events
      .filter((event) => event.accountId === accountId)
      .map((event, index) => ({ key: String(index), event }));
  }

  #remembered(chat: Chat): readonly ArchivedItem[] {
    const { items, ...stored } = this.#conversations.memories.of(chat);
    if (stored.revision === '') return [];
    return [
      { kind: 'memory-book', key: 'MEM#BOOK', stored },
      ...items.map((memory) => ({ kind: 'memory' as const, key: `MEM#ITEM#${memory.id}`, memory })),
    ];
  }

  #messages(chat: Chat): readonly ArchivedMessage[] {
    return this.#conversations.transcript(chat).map((each) => this.#archived(chat, each));
  }

  #archived(chat: Chat, stored: StoredMessage): ArchivedMessage {
    const key = `MSG#${stored.key}`;
    if (stored.direction === 'in') return { kind: 'message', key, message: stored };
    const delivery = deliveryOf(this.#conversations.statusesOf(chat, stored.key));
    return { kind: 'bubble', key, bubble: stored, delivery };
  }
}

const KNOWN = ['sent', 'delivered', 'read', 'played', 'failed'];

function deliveryOf(statuses: readonly DeliveryStatus[]): Delivery {
  const told = (word: string) => statuses.find(({ status }) => status === word);
  return {
    sentAtMs: told('sent')?.atMs,
    deliveredAtMs: told('delivered')?.atMs,
    readAtMs: told('read')?.atMs,
    playedAtMs: told('played')?.atMs,
    failedAtMs: told('failed')?.atMs,
    failedCode: told('failed')?.errorCode,
    otherStatuses: statuses
      .filter(({ status }) => !KNOWN.includes(status))
      .map(({ status, atMs }) => `${status} ${atMs}`),
    pricing: statuses.find(({ pricing }) => pricing !== undefined)?.pricing,
  };
}
