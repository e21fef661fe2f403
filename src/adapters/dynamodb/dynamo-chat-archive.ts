import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import pLimit from 'p-limit';
import type {
  ArchivedEvent,
  ArchivedItem,
  ArchivedMessage,
  ChatArchive,
} from '#app/ports/chat-archive.ts';
import type { Choice } from '#domain/conversation/choice.ts';
import type { ChatHead } from '#domain/conversation/head.ts';
import type { MessageKey } from '#domain/conversation/message.ts';
import type { Chat } from '#domain/ids.ts';
import { readArchived, readKeptEvent } from './archived-record.ts';
import {
  chatPartition,
  headKey,
  type Key,
  keptEventPartition,
  MESSAGE_PREFIX,
  messageKey,
  preferenceKey,
} from './keys.ts';
import { type PagedQuery, pagesOf } from './pages.ts';
import type { Item } from './stored-record.ts';
import { PARALLEL_REQUESTS, type Table } from './table.ts';

/** A chat's partition, item by item; a page of at most a megabyte is in memory. */
export class DynamoChatArchive implements ChatArchive {
  readonly #table: Table;

  constructor({ client, tableName }: Table) {
    this.#table = { client, tableName };
  }

  async findHead(chat: Chat): Promise<ChatHead | 'unreadable' | undefined> {
    const archived = await this.#find(chat, headKey(chat));
    if (!archived) return undefined;
    return archived.kind === 'head' ? archived.head : 'unreadable';
  }

  async findPreference(chat: Chat): Promise<Choice | undefined> {
    const archived = await this.#find(chat, preferenceKey(chat));
    return archived?.kind === 'preference' ? archived.choice : undefined;
  }

  async *items(chat: Chat): AsyncGenerator<ArchivedItem> {
    for await (const item of this.#query(allOf(chatPartition(chat)))) {
      yield readArchived(chat, item);
    }
  }

  async newest(chat: Chat, limit: number): Promise<readonly ArchivedMessage[]> {
    const messages = this.#query({
      KeyConditionExpression: 'pk = :partition AND begins_with(sk, :message)',
      ExpressionAttributeValues: {
        ':partition': { S: chatPartition(chat) },
        ':message': { S: MESSAGE_PREFIX },
      },
      ScanIndexForward: false,
      Limit: limit,
    });
    const found: ArchivedMessage[] = [];
    for await (const item of messages) {
      const archived = readArchived(chat, item);
      if (archived.kind === 'message' || archived.kind === 'bubble') found.push(archived);
      if (found.length >= limit) break;
    }
    return found;
  }

  async messagesOf(chat: Chat, keys: readonly MessageKey[]): Promise<readonly ArchivedMessage[]> {
    const limit = pLimit(PARALLEL_REQUESTS);
    const found = await Promise.all(
      keys.map((key) => limit(() => this.#find(chat, messageKey(chat, key)))),
    );
    return found.filter((each) => each?.kind === 'message' || each?.kind === 'bubble');
  }

  async *keptEvents(accountId: string | undefined): AsyncGenerator<ArchivedEvent> {
    for await (const item of this.#query(allOf(keptEventPartition(accountId)))) {
      yield readKeptEvent(item);
    }
  }

  async #find(chat: Chat, Key: Key): Promise<ArchivedItem | undefined> {
    const { client, tableName: TableName } = this.#table;
    const get = new GetItemCommand({ TableName, Key, ConsistentRead: true });
    const { Item: item } = await client.send(get);
    return item && readArchived(chat, item);
  }

  async *#query(query: PagedQuery): AsyncGenerator<Item> {
    for await (const items of pagesOf(this.#table, { ConsistentRead: true, ...query }))
      yield* items;
  }
}

function allOf(partition: string): PagedQuery {
  return {
    KeyConditionExpression: 'pk = :partition',
    ExpressionAttributeValues: { ':partition': { S: partition } },
  };
}
