import { randomUUID } from 'node:crypto';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { type ChatHead, newHead } from '#domain/conversation/head.ts';
import type { Chat } from '#domain/ids.ts';
import { putWhen } from './conditional-write.ts';
import { type HeadWrite, readHead, writeHead } from './head-record.ts';
import { headKey } from './keys.ts';
import type { Item } from './stored-record.ts';
import type { Table } from './table.ts';

/** Strongly consistent; `newHead()` where none is stored. */
export async function getHead(table: Table, chat: Chat): Promise<ChatHead> {
  const item = await getHeadItem(table, chat);
  return item ? readHead(item) : newHead();
}

/** Writes the head as the next version, if the stored one is still the version that was read. */
export async function putNextHead(
  table: Table,
  chat: Chat,
  head: ChatHead,
  write: Omit<HeadWrite, 'id'>,
): Promise<ChatHead | 'stale'> {
  const next = { ...head, version: head.version + 1 };
  const writeId = randomUUID();
  const written = await putWhen(table, {
    Item: writeHead(chat, next, { id: writeId, ...write }),
    ...(head.version === 0
      ? { ConditionExpression: 'attribute_not_exists(pk)' }
      : {
          ConditionExpression: 'version = :read',
          ExpressionAttributeValues: { ':read': { N: String(head.version) } },
        }),
  });
  if (written === 'written') return next;
  // The client repeats a write whose answer got lost, and then meets its own first try.
  const stored = await getHeadItem(table, chat);
  return stored?.['writeId']?.S === writeId ? next : 'stale';
}

/** Strongly consistent. */
export async function getHeadItem(table: Table, chat: Chat): Promise<Item | undefined> {
  const { Item: item } = await table.client.send(
    new GetItemCommand({ TableName: table.tableName, Key: headKey(chat), ConsistentRead: true }),
  );
  return item;
}
