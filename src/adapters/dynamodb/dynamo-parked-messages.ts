import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Fate, ParkedMessage, ParkedMessages } from '#app/ports/parked-messages.ts';
import type { MessageKey, StoredInbound } from '#domain/conversation/message.ts';
import type { Chat } from '#domain/ids.ts';
import { numberAt, textAt } from '#domain/json.ts';
import { OUTCOMES } from './inbound-record.ts';
import {
  allParkedShards,
  chatOfPartition,
  messageKey,
  messageKeyOf,
  UNFINISHED_INDEX,
} from './keys.ts';
import { pagesOf } from './pages.ts';
import { readParking } from './parking-record.ts';
import { isReadable, readByKey } from './recent-messages.ts';
import { type Item, StoredRecordError } from './stored-record.ts';
import type { Table } from './table.ts';

/** The shards of the sparse index in which a message is for as long as it is parked. */
export class DynamoParkedMessages implements ParkedMessages {
  readonly #table: Table;

  constructor({ client, tableName }: Table) {
    this.#table = { client, tableName };
  }

  async listParked(): Promise<readonly ParkedMessage[]> {
    const found = await Promise.all(allParkedShards().map((shard) => this.#listShard(shard)));
    return found.flat().sort((one, other) => one.acceptedAtMs - other.acceptedAtMs);
  }

  async readFate(chat: Chat, key: MessageKey): Promise<Fate> {
    const { Item: item } = await this.#table.client.send(
      new GetItemCommand({
        TableName: this.#table.tableName,
        Key: messageKey(chat, key),
        ProjectionExpression: 'outcome, unfinishedShard',
        ConsistentRead: true,
      }),
    );
    return item ? fateOf(item) : 'gone';
  }

  /** @throws StoredRecordError */
  async readMessage(chat: Chat, key: MessageKey): Promise<StoredInbound | undefined> {
    const message = await readByKey(this.#table, chat, key);
    if (message && !isReadable(message)) throw message.problem;
    return message?.direction === 'in' ? message : undefined;
  }

  async #listShard(shard: string): Promise<readonly ParkedMessage[]> {
    const found: ParkedMessage[] = [];
    const query = {
      IndexName: UNFINISHED_INDEX,
      KeyConditionExpression: 'unfinishedShard = :shard',
      ExpressionAttributeValues: { ':shard': { S: shard } },
    };
    for await (const items of pagesOf(this.#table, query)) found.push(...items.map(readParked));
    return found;
  }
}

function fateOf(item: Item): Fate {
  const outcome = OUTCOMES.find((each) => each === item['outcome']?.S);
  if (outcome) return outcome;
  const shard = item['unfinishedShard']?.S;
  if (shard === undefined) return 'gone';
  return allParkedShards().includes(shard) ? 'parked' : 'unfinished';
}

/** Reads what the index projects: keys, `correlationId` and what parking wrote, but no version. */
function readParked(item: Item): ParkedMessage {
  const fields = unmarshall(item);
  const chat = chatOfPartition(textAt(fields, 'pk') ?? '');
  const key = messageKeyOf(textAt(fields, 'sk') ?? '');
  const acceptedAtMs = numberAt(fields, 'acceptedAt');
  const parking = readParking(fields);
  if (!chat || key === undefined || acceptedAtMs === undefined || !parking) {
    throw new StoredRecordError('The index of parked messages has an item that is not parked');
  }
  return {
    chat,
    key,
    acceptedAtMs,
    correlationId: textAt(fields, 'correlationId') ?? '',
    parking,
  };
}
