import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Clock } from '#app/ports/clock.ts';
import type {
  ErasableChats,
  EventRemains,
  RemainingItem,
  Remains,
} from '#app/ports/erasable-chats.ts';
import { tombstone } from '#domain/conversation/erasure.ts';
import type { Erasure } from '#domain/conversation/head.ts';
import type { Chat, ContactId } from '#domain/ids.ts';
import { textAt } from '#domain/json.ts';
import { putNextHead } from './chat-heads.ts';
import { updateWhen } from './conditional-write.ts';
import { deleteItems } from './delete-messages.ts';
import { parseJsonText } from './json-text.ts';
import { chatPartition, headKey, itemKey, type Key, keptEventPartition } from './keys.ts';
import { pagesOf } from './pages.ts';
import { NO_HEAD, readRemain } from './remains-record.ts';
import { TOMBSTONE_KEPT_DAYS } from './retention.ts';
import { ServiceClock } from './service-clock.ts';
import type { Item } from './stored-record.ts';
import type { SdkTable, Table } from './table.ts';

export interface DynamoErasableChatsOptions extends SdkTable {
  readonly clock: Clock;
}

/** Whole partitions of the conversations table, to be emptied. */
export class DynamoErasableChats implements ErasableChats {
  readonly #table: Table;
  readonly #clock: Clock;

  constructor({ client, tableName, clock }: DynamoErasableChatsOptions) {
    this.#table = { client, tableName };
    this.#clock = new ServiceClock(client, clock);
  }

  async look(chat: Chat): Promise<Remains> {
    let head = NO_HEAD;
    const found: RemainingItem[] = [];
    const named = new Set<ContactId>();
    const query = { ...partition(chatPartition(chat)), ConsistentRead: true };
    for await (const items of pagesOf(this.#table, query)) {
      for (const remain of items.map((item) => readRemain(chat, item))) {
        if ('head' in remain) head = remain.head;
        else {
          found.push(remain.item);
          for (const contact of remain.named) named.add(contact);
        }
      }
    }
    return { lookedAtMs: this.#clock.now(), ...head, named: [...named], items: found };
  }

  async bury(
    chat: Chat,
    { version, atMs, ...erasing }: Parameters<ErasableChats['bury']>[1],
  ): Promise<Erasure | 'stale'> {
    const grave = tombstone(version, atMs);
    const write = { nowMs: this.#clock.now(), keptDays: TOMBSTONE_KEPT_DAYS, erasing };
    const saved = await putNextHead(this.#table, chat, grave, write);
    return saved === 'stale' ? 'stale' : grave.erasure;
  }

  async complete(chat: Chat): Promise<void> {
    await updateWhen(this.#table, {
      Key: headKey(chat),
      UpdateExpression: 'REMOVE erasing, erasingTenant',
      ConditionExpression: 'attribute_exists(erasing)',
    });
  }

  remove(chat: Chat, items: readonly RemainingItem[]): Promise<void> {
    const pk = chatPartition(chat);
    return deleteItems(
      this.#table,
      items.map(({ name }) => itemKey(pk, name)),
    );
  }

  async removeEvents(
    accountId: string | undefined,
    isConcerned: (event: EventRemains) => boolean,
  ): Promise<number> {
    let removed = 0;
    for await (const items of pagesOf(this.#table, partition(keptEventPartition(accountId)))) {
      const keys = items.filter((item) => isConcerned(readEvent(item))).map(keyOf);
      await deleteItems(this.#table, keys);
      removed += keys.length;
    }
    return removed;
  }
}

function partition(pk: string) {
  return {
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': { S: pk } },
  };
}

function readEvent(item: Item): EventRemains {
  const fields = unmarshall(item);
  const payload = parseJsonText(textAt(fields, 'payload') ?? 'null');
  return { phoneNumberId: textAt(fields, 'phoneNumberId'), payload };
}

function keyOf({ pk, sk }: Item): Key {
  return itemKey(pk?.S ?? '', sk?.S ?? '');
}
