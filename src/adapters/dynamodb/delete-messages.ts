import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import pLimit from 'p-limit';
import type { MessageKey } from '#domain/conversation/message.ts';
import type { Chat } from '#domain/ids.ts';
import { type Key, messageKey } from './keys.ts';
import { PARALLEL_REQUESTS, type Table } from './table.ts';

/** Deletes messages and bubbles of a chat for good; absent ones are skipped. */
export function deleteMessages(
  table: Table,
  chat: Chat,
  keys: readonly MessageKey[],
): Promise<void> {
  return deleteItems(
    table,
    keys.map((key) => messageKey(chat, key)),
  );
}

export async function deleteItems(
  { client, tableName }: Table,
  keys: readonly Key[],
): Promise<void> {
  const limit = pLimit(PARALLEL_REQUESTS);
  await Promise.all(
    keys.map((Key) =>
      limit(() => client.send(new DeleteItemCommand({ TableName: tableName, Key }))),
    ),
  );
}
