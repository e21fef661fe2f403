import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import pLimit from 'p-limit';
import type { MessageKey, StoredMessage } from '#domain/conversation/message.ts';
import type { Chat } from '#domain/ids.ts';
import { chatPartition, MESSAGE_PREFIX, messageKey, messageKeyOf } from './keys.ts';
import { readMessage } from './message-record.ts';
import { pagesOf } from './pages.ts';
import { type Item, StoredRecordError } from './stored-record.ts';
import { PARALLEL_REQUESTS, type Table } from './table.ts';

/** Of about a kilobyte each: a page has a megabyte. */
const MOST_IN_A_PAGE = 500;

/**
 * The newest messages of a chat, newest first: `limit` of them and the next older one, and from there
 * on until one is not unfinished.
 */
export async function readNewest(
  table: Table,
  chat: Chat,
  limit: number,
): Promise<readonly Found[]> {
  const newest: Found[] = [];
  const query = {
    KeyConditionExpression: 'pk = :chat AND begins_with(sk, :message)',
    ExpressionAttributeValues: {
      ':chat': { S: chatPartition(chat) },
      ':message': { S: MESSAGE_PREFIX },
    },
    ConsistentRead: true,
    ScanIndexForward: false,
    Limit: limit + 1,
  };
  // Beyond the history only a flood or a long outage is read.
  for await (const items of pagesOf(table, query, MOST_IN_A_PAGE)) {
    newest.push(...items.map((item) => readOrName(chat, item)));
    if (newest.length > limit && !isUnfinished(newest.at(-1))) break;
  }
  return newest;
}

/** A message, or the key of one that this version cannot read; `isOpen` = it is in the sparse index. */
export type Found =
  | StoredMessage
  | { readonly key: MessageKey; readonly problem: StoredRecordError; readonly isOpen: boolean };

export function isReadable(found: Found): found is StoredMessage {
  return !('problem' in found);
}

function readOrName(chat: Chat, item: Item): Found {
  try {
    return readMessage(chat, item);
  } catch (problem) {
    const key = messageKeyOf(item['sk']?.S ?? '');
    if (!(problem instanceof StoredRecordError) || key === undefined) throw problem;
    return { key, problem, isOpen: item['unfinishedShard']?.S?.startsWith('U#') ?? false };
  }
}

function isUnfinished(message: Found | undefined): boolean {
  if (!message) return false;
  if (!isReadable(message)) return message.isOpen;
  return message.direction === 'in' && message.progress.kind === 'unfinished';
}

/** Messages by their keys; those that are not there are left out. */
export async function readByKeys(
  table: Table,
  chat: Chat,
  keys: readonly MessageKey[],
): Promise<readonly Found[]> {
  const limit = pLimit(PARALLEL_REQUESTS);
  const found = await Promise.all(keys.map((key) => limit(() => readByKey(table, chat, key))));
  return found.filter((message) => message !== undefined);
}

/** Strongly consistent. */
export async function readByKey(
  table: Table,
  chat: Chat,
  key: MessageKey,
): Promise<Found | undefined> {
  const { Item: item } = await table.client.send(
    new GetItemCommand({
      TableName: table.tableName,
      Key: messageKey(chat, key),
      ConsistentRead: true,
    }),
  );
  return item && readOrName(chat, item);
}
