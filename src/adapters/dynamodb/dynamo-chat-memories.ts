import pLimit from 'p-limit';
import type { ChatMemories, RememberedChat, StoredMemory } from '#app/ports/chat-memories.ts';
import type { Clock } from '#app/ports/clock.ts';
import { type ChatHead, newHead } from '#domain/conversation/head.ts';
import type { Chat } from '#domain/ids.ts';
import {
  type ChatMemory,
  isForgottenWith,
  type MemoryId,
  type MemoryItem,
  NO_MEMORY,
} from '#domain/memory/memory.ts';
import { deleteWhen, putWhen, updateWhen } from './conditional-write.ts';
import { deleteItems } from './delete-messages.ts';
import { readHead } from './head-record.ts';
import {
  AFTER_MEMORY,
  chatPartition,
  HEAD,
  MEMORY_BOOK,
  memoryBookKey,
  memoryIdOf,
  memoryItemKey,
} from './keys.ts';
import {
  type MemoryBook,
  readBook,
  readMemoryItem,
  writeBook,
  writeMemoryItem,
} from './memory-record.ts';
import { pagesOf } from './pages.ts';
import { type Item, NewerVersionError, StoredRecordError } from './stored-record.ts';
import { PARALLEL_REQUESTS, type Table } from './table.ts';

export interface DynamoChatMemoriesOptions extends Table {
  readonly clock: Clock;
}

/**
 * A chat's memory lies between its head and its messages: items that are never changed, and a book that
 * lists those that count. New items are written first, then the book, on the condition that it is as it was
 * read: that one write makes all of them count.
 */
export class DynamoChatMemories implements ChatMemories {
  readonly #table: Table;
  readonly #clock: Clock;

  constructor({ client, tableName, clock }: DynamoChatMemoriesOptions) {
    this.#table = { client, tableName };
    this.#clock = clock;
  }

  async readWithHead(chat: Chat): Promise<RememberedChat> {
    let head: ChatHead = newHead();
    let book: MemoryBook | Unread;
    const items = new Map<MemoryId, MemoryItem | Unread>();
    for await (const item of this.#read(chat, HEAD)) {
      const key = item['sk']?.S ?? '';
      const id = memoryIdOf(key);
      if (key === HEAD) head = readHead(item);
      else if (key === MEMORY_BOOK) book = readable(() => readBook(item));
      else if (id !== undefined)
        items.set(
          id,
          readable(() => readMemoryItem(item)),
        );
    }
    return { head, stored: assembled(book, items) };
  }

  async keep(chat: Chat, read: StoredMemory, next: ChatMemory): Promise<'kept' | 'stale'> {
    const { revision, items } = read.memory;
    const before = new Set(items.map(({ id }) => id));
    const limit = pLimit(PARALLEL_REQUESTS);
    const added = next.items.filter(({ id }) => !before.has(id));
    await Promise.all(
      added.map((item) =>
        limit(() => putWhen(this.#table, { Item: writeMemoryItem(chat, item, next.headVersion) })),
      ),
    );
    const written = await putWhen(this.#table, {
      Item: writeBook(chat, next, this.#clock.now()),
      ...unchanged(revision),
    });
    if (written !== 'written' && !(await this.#isOurs(chat, next.revision))) {
      await this.#delete(
        chat,
        added.map(({ id }) => id),
      );
      return 'stale';
    }
    const kept = new Set(next.items.map(({ id }) => id));
    await this.#delete(
      chat,
      [...before, ...read.strays].filter((id) => !kept.has(id)),
    );
    return 'kept';
  }

  async forget(chat: Chat, { ids, upTo }: Parameters<ChatMemories['forget']>[1]): Promise<void> {
    await updateWhen(this.#table, {
      Key: memoryBookKey(chat),
      UpdateExpression: 'SET revision = :revision, forgottenUpTo = :upTo',
      ConditionExpression: 'forgottenUpTo < :upTo',
      ExpressionAttributeValues: {
        ':revision': { S: `forgot.${upTo}` },
        ':upTo': { N: String(upTo) },
      },
    });
    const { stored } = await this.readWithHead(chat);
    const { items } = stored.memory;
    const gone = items.filter((item) => isForgottenWith(item, ids));
    await this.#delete(
      chat,
      gone.map(({ id }) => id),
    );
  }

  async drop(chat: Chat, { memory, strays }: StoredMemory): Promise<void> {
    const deleted = await deleteWhen(this.#table, {
      Key: memoryBookKey(chat),
      ...unchanged(memory.revision),
    });
    if (deleted === 'written') {
      await this.#delete(chat, [...memory.items.map(({ id }) => id), ...strays]);
    }
  }

  async *#read(chat: Chat, from: string): AsyncGenerator<Item> {
    const query = {
      KeyConditionExpression: 'pk = :chat AND sk BETWEEN :from AND :to',
      ExpressionAttributeValues: {
        ':chat': { S: chatPartition(chat) },
        ':from': { S: from },
        ':to': { S: AFTER_MEMORY },
      },
      ConsistentRead: true,
    };
    for await (const items of pagesOf(this.#table, query)) yield* items;
  }

  /** The client repeats a write whose answer got lost, and then meets its own first try. */
  async #isOurs(chat: Chat, revision: string): Promise<boolean> {
    const { stored } = await this.readWithHead(chat);
    return stored.memory.revision === revision;
  }

  #delete(chat: Chat, ids: readonly MemoryId[]): Promise<void> {
    return deleteItems(
      this.#table,
      [...new Set(ids)].map((id) => memoryItemKey(chat, id)),
    );
  }
}

function unchanged(revision: string) {
  return revision === ''
    ? { ConditionExpression: 'attribute_not_exists(pk)' }
    : {
        ConditionExpression: 'revision = :read',
        ExpressionAttributeValues: { ':read': { S: revision } },
      };
}

/** No revision is called so. */
const NEWER = 'newer-version';

type Unread = 'newer' | undefined;

/** A memory that cannot be read is none: nobody waits for an answer because of it. */
function readable<Value>(read: () => Value): Value | Unread {
  try {
    return read();
  } catch (error) {
    if (error instanceof NewerVersionError) return 'newer';
    if (error instanceof StoredRecordError) return undefined;
    throw error;
  }
}

function assembled(
  book: MemoryBook | Unread,
  items: ReadonlyMap<MemoryId, MemoryItem | Unread>,
): StoredMemory {
  const known = book === 'newer' ? undefined : book;
  const { ids, ...positions } = known ?? { ...NO_MEMORY, ids: [] };
  const listed = ids
    .map((id) => items.get(id))
    .filter((item) => item !== undefined && item !== 'newer');
  // Read as far as it goes, and as a revision that no write meets: written by us it would lose the rest.
  if (book === 'newer' || [...items.values()].includes('newer')) {
    return { memory: { ...positions, revision: NEWER, items: listed }, strays: [] };
  }
  const strays = [...items.keys()].filter((id) => !ids.includes(id));
  return { memory: { ...positions, items: listed }, strays };
}
