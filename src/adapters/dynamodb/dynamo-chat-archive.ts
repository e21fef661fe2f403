import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import type {
  ArchivedEvent,
  ArchivedItem,
  ArchivedMessage,
  ChatArchive,
} from '#app/ports/chat-archive.ts';
import type { ChatHead } from '#domain/conversation/head.ts';
import type { Chat } from '#domain/ids.ts';
import { readArchived, readKeptEvent } from './archived-record.ts';
import { chatPartition, headKey, keptEventPartition, MESSAGE_PREFIX } from './keys.ts';
import { type PagedQuery, pagesOf } from './pages.ts';
import type { Item } from './stored-record.ts';
import type { Table } from './table.ts';

/** A chat's partition, item by item; a page of at most a megabyte is in memory. */
export class DynamoChatArchive implements ChatArchive {
  readonly #table: Table;

  constructor({ client, tableName }: Table) {
    this.#table = { client, tableName };
  }

  async findHead(chat: Chat): Promise<ChatHead | 'unreadable' | undefined> {
    const { client, tableName } = this.#table;
    const get = { TableName: tableName, Key: headKey(chat), ConsistentRead: true };
    const { Item: item } = await client.send(new GetItemCommand(get));
    if (!item) return undefined;
    const archived = readArchived(chat, item);
    return archived.kind === 'head' ? archived.head : 'unreadable';
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

  async *keptEvents(accountId: string | undefined): AsyncGenerator<ArchivedEvent> {
    for await (const item of this.#query(allOf(keptEventPartition(accountId)))) {
      yield readKeptEvent(item);
    }
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
