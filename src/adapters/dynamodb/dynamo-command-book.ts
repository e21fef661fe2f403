import { createHash } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { CommandBook, KnownCommand, NamedCommand } from '#app/ports/command-book.ts';
import type { Command } from '#domain/conversation/command.ts';
import type { Chat } from '#domain/ids.ts';
import { commandKey } from './keys.ts';
import { COMMAND_KEPT_DAYS, expiresAtSeconds } from './retention.ts';
import { type Item, RECORD_VERSION, StoredRecord } from './stored-record.ts';
import type { Table } from './table.ts';

/** An item per id, in the chat's partition, so that it goes with the chat. It has no word of anybody. */
export class DynamoCommandBook implements CommandBook {
  readonly #table: Table;

  constructor({ client, tableName }: Table) {
    this.#table = { client, tableName };
  }

  async find(chat: Chat, { id, command }: NamedCommand): Promise<KnownCommand | undefined> {
    const { client, tableName: TableName } = this.#table;
    const Key = commandKey(chat, id);
    const get = new GetItemCommand({ TableName, Key, ConsistentRead: true });
    const { Item: item } = await client.send(get);
    return item && readClaim(item, command);
  }

  async claim(chat: Chat, { id, command }: NamedCommand, atMs: number): Promise<KnownCommand> {
    const { client, tableName: TableName } = this.#table;
    const put = new PutItemCommand({
      TableName,
      Item: {
        ...commandKey(chat, id),
        ...marshall({
          v: RECORD_VERSION,
          commandAt: atMs,
          digest: digestOf(command),
          expiresAt: expiresAtSeconds({ nowMs: atMs, keptDays: COMMAND_KEPT_DAYS }),
        }),
      },
      ConditionExpression: 'attribute_not_exists(pk)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    try {
      await client.send(put);
      return { kind: 'known', atMs };
    } catch (error) {
      const item = error instanceof ConditionalCheckFailedException ? error.Item : undefined;
      if (!item) throw error;
      return readClaim(item, command);
    }
  }
}

/** @throws StoredRecordError */
function readClaim(item: Item, command: Command): KnownCommand {
  const record = new StoredRecord(item);
  if (record.text('digest') !== digestOf(command)) return { kind: 'another' };
  return { kind: 'known', atMs: record.number('commandAt') };
}

function digestOf({ by: _, ...wanted }: Command): string {
  return createHash('sha256').update(JSON.stringify(wanted)).digest('base64url');
}
