import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { SealedSecret, SealedSecrets } from '#app/ports/sealed-secrets.ts';
import type { TenantId } from '#domain/ids.ts';
import { updateWhen } from './conditional-write.ts';
import { sealedSecretKey } from './keys.ts';
import { readSealedSecretRecord, writeSealedSecretRecord } from './sealed-secret-record.ts';
import { NewerVersionError, StoredRecordError } from './stored-record.ts';
import type { Table } from './table.ts';

/** As long as Secrets Manager keeps what was deleted. */
const KEPT_AFTER_REMOVAL_SECONDS = 30 * 86_400;

/** Sealed secrets beside their tenants, in the tenants table. */
export class DynamoSealedSecrets implements SealedSecrets {
  readonly #table: Table;

  constructor({ client, tableName }: Table) {
    this.#table = { client, tableName };
  }

  nameOf(id: TenantId): string {
    return `${this.#table.tableName}/TENANT#${id}/SECRET`;
  }

  /** Strongly consistent: whoever looks again because the token is bad must see the new one. */
  async read(id: TenantId): Promise<SealedSecret | 'unreadable' | undefined> {
    const { client, tableName } = this.#table;
    const Key = sealedSecretKey(id);
    const command = new GetItemCommand({ TableName: tableName, Key, ConsistentRead: true });
    const { Item: item } = await client.send(command);
    if (!item || item['removedAt']) return undefined;
    try {
      return readSealedSecretRecord(item);
    } catch (error) {
      if (error instanceof NewerVersionError) throw error;
      if (error instanceof StoredRecordError) return 'unreadable';
      throw error;
    }
  }

  async write(id: TenantId, secret: SealedSecret): Promise<void> {
    const { client, tableName } = this.#table;
    const Item = writeSealedSecretRecord(id, secret);
    await client.send(new PutItemCommand({ TableName: tableName, Item }));
  }

  async remove(id: TenantId, nowMs: number): Promise<boolean> {
    const written = await updateWhen(this.#table, {
      Key: sealedSecretKey(id),
      UpdateExpression: 'SET removedAt = :now, expiresAt = :end',
      ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(removedAt)',
      ExpressionAttributeValues: marshall({
        ':now': nowMs,
        ':end': Math.floor(nowMs / 1000) + KEPT_AFTER_REMOVAL_SECONDS,
      }),
    });
    return written === 'written';
  }
}
