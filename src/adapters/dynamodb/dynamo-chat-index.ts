import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { ChatIndex, ListedChat } from '#app/ports/chat-index.ts';
import { CHAT_STATES } from '#domain/conversation/hand-over.ts';
import { FLAGS } from '#domain/conversation/head.ts';
import type { TenantId } from '#domain/ids.ts';
import { numberAt, textAt } from '#domain/json.ts';
import { chatOfPartition, TENANT_INDEX } from './keys.ts';
import { pagesOf } from './pages.ts';
import { type Item, StoredRecordError } from './stored-record.ts';
import type { Table } from './table.ts';

/** The index of heads that have a tenant and have not moved on. */
export class DynamoChatIndex implements ChatIndex {
  readonly #table: Table;

  constructor({ client, tableName }: Table) {
    this.#table = { client, tableName };
  }

  async *listChats(tenant: TenantId, beforeMs?: number): AsyncGenerator<ListedChat> {
    const older = beforeMs !== undefined;
    const query = {
      IndexName: TENANT_INDEX,
      KeyConditionExpression: `tenantId = :tenant${older ? ' AND lastMessageAt < :before' : ''}`,
      ExpressionAttributeValues: {
        ':tenant': { S: tenant },
        ...(older && { ':before': { N: String(beforeMs) } }),
      },
      ScanIndexForward: false,
    };
    for await (const items of pagesOf(this.#table, query)) yield* items.map(readListed);
  }
}

/** Reads what the index projects: keys, `state` and `flag`, but no version. */
function readListed(item: Item): ListedChat {
  const fields = unmarshall(item);
  const chat = chatOfPartition(textAt(fields, 'pk') ?? '');
  const lastMessageAtMs = numberAt(fields, 'lastMessageAt');
  if (!chat || lastMessageAtMs === undefined) {
    throw new StoredRecordError("The index of a tenant's chats has an item that is no chat");
  }
  return {
    chat,
    lastMessageAtMs,
    state: CHAT_STATES.find((each) => each === fields['state']) ?? 'assistant',
    flag: FLAGS.find((each) => each === fields['flag']),
  };
}
