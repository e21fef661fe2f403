import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { UnfinishedIndex, UnfinishedMessage } from '#app/ports/conversation-store.ts';
import { numberAt, textAt } from '#domain/json.ts';
import { updateWhen } from './conditional-write.ts';
import {
  allUnfinishedShards,
  chatOfPartition,
  messageKey,
  messageKeyOf,
  UNFINISHED_INDEX,
} from './keys.ts';
import { pagesOf } from './pages.ts';
import { type Item, StoredRecordError } from './stored-record.ts';
import type { Table } from './table.ts';

interface Wanted {
  readonly acceptedBeforeMs: number;
  readonly limit: number;
}

/** Small, so that the shards together read little more than is wanted. */
const MOST_IN_A_PAGE = 1_000;

/** The sparse index, in which a message is for exactly as long as it is unfinished. */
export class DynamoUnfinishedIndex implements UnfinishedIndex {
  readonly #table: Table;

  constructor({ client, tableName }: Table) {
    this.#table = { client, tableName };
  }

  async listUnfinished(wanted: Wanted): Promise<readonly UnfinishedMessage[]> {
    const found: UnfinishedMessage[] = [];
    // Side by side, until there are enough of all: a shard that has many takes what others leave.
    const readShard = async (shard: string) => {
      for await (const items of this.#pagesOf(shard, wanted)) {
        found.push(...items.map(readUnfinished));
        if (found.length >= wanted.limit) break;
      }
    };
    await Promise.all(allUnfinishedShards().map(readShard));
    return found.sort((one, other) => one.acceptedAtMs - other.acceptedAtMs).slice(0, wanted.limit);
  }

  async countRing(message: UnfinishedMessage, nowMs: number): Promise<void> {
    await updateWhen(this.#table, {
      Key: messageKey(message.chat, message.key),
      UpdateExpression: 'SET rungAt = :now ADD rings :one',
      ConditionExpression: 'attribute_exists(unfinishedShard) AND attribute_not_exists(parkReason)',
      ExpressionAttributeValues: { ':now': { N: String(nowMs) }, ':one': { N: '1' } },
    });
  }

  #pagesOf(shard: string, { acceptedBeforeMs, limit }: Wanted): AsyncGenerator<readonly Item[]> {
    return pagesOf(this.#table, {
      IndexName: UNFINISHED_INDEX,
      KeyConditionExpression: 'unfinishedShard = :shard AND acceptedAt < :before',
      ExpressionAttributeValues: {
        ':shard': { S: shard },
        ':before': { N: String(acceptedBeforeMs) },
      },
      Limit: Math.min(limit, MOST_IN_A_PAGE),
    });
  }
}

/** Reads what the index projects: keys, `correlationId`, `rings` and `rungAt`, but no version. */
function readUnfinished(item: Item): UnfinishedMessage {
  const fields = unmarshall(item);
  const chat = chatOfPartition(textAt(fields, 'pk') ?? '');
  const key = messageKeyOf(textAt(fields, 'sk') ?? '');
  const acceptedAtMs = numberAt(fields, 'acceptedAt');
  if (!chat || key === undefined || acceptedAtMs === undefined) {
    throw new StoredRecordError('The index of unfinished messages has an item that is no message');
  }
  return {
    chat,
    key,
    acceptedAtMs,
    correlationId: textAt(fields, 'correlationId') ?? '',
    rings: numberAt(fields, 'rings') ?? 0,
    rungAtMs: numberAt(fields, 'rungAt'),
  };
}
