import type { Clock } from '#app/ports/clock.ts';
import type {
  Arrival,
  ArrivalResult,
  ConversationStore,
  RecentMessages,
  RecordedReading,
} from '#app/ports/conversation-store.ts';
import type { Log } from '#app/ports/log.ts';
import type { PartReference } from '#domain/conversation/callback-data.ts';
import type { ChatHead } from '#domain/conversation/head.ts';
import {
  type MessageKey,
  type Outcome,
  outboundKey,
  type StoredOutbound,
} from '#domain/conversation/message.ts';
import type { Parking } from '#domain/conversation/parking.ts';
import type { Chat, TurnId } from '#domain/ids.ts';
import { getHead, putNextHead } from './chat-heads.ts';
import { ChatKeeping, type ChatKeepingOptions } from './chat-keeping.ts';
import { updateWhen } from './conditional-write.ts';
import { deleteMessages } from './delete-messages.ts';
import { DynamoInbox } from './dynamo-inbox.ts';
import { settleFollowUp } from './follow-up-updates.ts';
import { writeOutbound } from './outbound-record.ts';
import {
  bringBack,
  finishMessages,
  parkMessages,
  resumeMessages,
  sendAway,
} from './progress-updates.ts';
import { recordReading } from './reading-updates.ts';
import { isReadable, readByKey, readByKeys, readNewest } from './recent-messages.ts';
import { NewerVersionError } from './stored-record.ts';
import type { Table } from './table.ts';

/** Conversations in their table: partition per chat, one item for the head and one per message. */
export class DynamoConversationStore implements ConversationStore {
  readonly #table: Table;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #keeping: ChatKeeping;
  readonly #inbox: DynamoInbox;

  constructor({ client, tableName, clock, log, keptDays }: Table & ChatKeepingOptions) {
    this.#table = { client, tableName };
    this.#clock = clock;
    this.#log = log;
    this.#keeping = new ChatKeeping({ clock, log, keptDays });
    this.#inbox = new DynamoInbox({ ...this.#table, log });
  }

  accept(arrivals: readonly Arrival[]): Promise<readonly ArrivalResult[]> {
    return this.#inbox.accept(arrivals);
  }

  readHead(chat: Chat): Promise<ChatHead> {
    return getHead(this.#table, chat);
  }

  async readRecent(
    chat: Chat,
    wanted: { readonly limit: number; readonly keys: readonly MessageKey[] },
  ): Promise<RecentMessages> {
    const newest = await readNewest(this.#table, chat, wanted.limit);
    const read = new Set(newest.map(({ key }) => key));
    const missing = [...new Set(wanted.keys)].filter((key) => !read.has(key));
    const older = await readByKeys(this.#table, chat, missing);
    const sorted = [...newest, ...older].sort((one, other) => (one.key < other.key ? -1 : 1));
    const unreadable = sorted.flatMap((each) => (isReadable(each) ? [] : [each]));
    const { phoneNumberId } = chat;
    for (const { problem } of unreadable) {
      this.#log.error('record_unreadable', { phoneNumberId }, problem);
    }
    const open = unreadable.filter(({ isOpen }) => isOpen);
    const isNewer = ({ problem }: (typeof open)[number]) => problem instanceof NewerVersionError;
    return {
      messages: sorted.filter(isReadable),
      unreadable: open.filter((each) => !isNewer(each)).map(({ key }) => key),
      newer: open.filter(isNewer).map(({ key }) => key),
    };
  }

  async saveHead(chat: Chat, head: ChatHead): Promise<ChatHead | 'stale'> {
    return putNextHead(this.#table, chat, head, await this.#keeping.of(chat));
  }

  recordReading(
    chat: Chat,
    key: MessageKey,
    change: Parameters<ConversationStore['recordReading']>[2],
  ): Promise<RecordedReading> {
    return recordReading(this.#table, chat, key, change);
  }

  async finish(
    chat: Chat,
    keys: readonly MessageKey[],
    result: { readonly outcome: Outcome; readonly turnId: TurnId | undefined },
  ): Promise<void> {
    const kept = await this.#keeping.of(chat);
    return finishMessages(this.#table, chat, keys, { ...result, ...kept });
  }

  park(chat: Chat, keys: readonly MessageKey[], parking: Parking): Promise<void> {
    return parkMessages(this.#table, chat, keys, parking);
  }

  resume(chat: Chat, keys: readonly MessageKey[]): Promise<void> {
    return resumeMessages(this.#table, chat, keys, this.#clock.now());
  }

  async moveAway(chat: Chat, keys: readonly MessageKey[], version: number): Promise<void> {
    const kept = await this.#keeping.of(chat);
    return sendAway(this.#table, chat, keys, { outcome: 'moved', version, ...kept });
  }

  takeBack(chat: Chat, keys: readonly MessageKey[], version: number): Promise<void> {
    return bringBack(this.#table, chat, keys, { outcome: 'moved', version });
  }

  async leave(chat: Chat, keys: readonly MessageKey[], version: number): Promise<void> {
    const kept = await this.#keeping.of(chat);
    return sendAway(this.#table, chat, keys, { outcome: 'handed-over', version, ...kept });
  }

  takeUp(chat: Chat, keys: readonly MessageKey[], version: number): Promise<void> {
    return bringBack(this.#table, chat, keys, {
      outcome: 'handed-over',
      version,
      nowMs: this.#clock.now(),
    });
  }

  erase(chat: Chat, keys: readonly MessageKey[]): Promise<void> {
    return deleteMessages(this.#table, chat, keys);
  }

  async recordOutbound(chat: Chat, outbound: StoredOutbound): Promise<void> {
    await updateWhen(this.#table, writeOutbound(chat, outbound, await this.#keeping.of(chat)));
  }

  settleFollowUp(chat: Chat, key: MessageKey): Promise<void> {
    return settleFollowUp(this.#table, chat, key);
  }

  async readOutbound({ chat, turnId, part }: PartReference): Promise<StoredOutbound | undefined> {
    const message = await readByKey(this.#table, chat, outboundKey(turnId, part));
    if (message && !isReadable(message)) throw message.problem;
    return message?.direction === 'out' ? message : undefined;
  }
}
