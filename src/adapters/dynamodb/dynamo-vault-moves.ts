import { randomUUID } from 'node:crypto';
import { DeleteItemCommand, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { VaultMove, VaultMoves, VaultWay } from '#app/ports/vault-moves.ts';
import { isTenantVault } from '#domain/secret/tenant-vault.ts';
import { putWhen } from './conditional-write.ts';
import { vaultMoveKey } from './keys.ts';
import { type Item, RECORD_VERSION, StoredRecord } from './stored-record.ts';
import type { Table } from './table.ts';

/** One item of the tenants table, which is there as long as a move goes on. */
export class DynamoVaultMoves implements VaultMoves {
  readonly #table: Table;

  constructor({ client, tableName }: Table) {
    this.#table = { client, tableName };
  }

  async current(): Promise<VaultMove | undefined> {
    const { client, tableName } = this.#table;
    const Key = vaultMoveKey();
    const command = new GetItemCommand({ TableName: tableName, Key, ConsistentRead: true });
    const { Item: item } = await client.send(command);
    return item && readMove(item);
  }

  async begin(way: VaultWay): Promise<VaultMove> {
    const move = { ...way, id: randomUUID() };
    const written = await putWhen(this.#table, {
      Item: { ...vaultMoveKey(), ...marshall({ v: RECORD_VERSION, ...move }) },
      ConditionExpression: 'attribute_not_exists(pk)',
    });
    if (written === 'written') return move;
    return (await this.current()) ?? this.begin(way);
  }

  async end(): Promise<void> {
    const { client, tableName } = this.#table;
    await client.send(new DeleteItemCommand({ TableName: tableName, Key: vaultMoveKey() }));
  }
}

/** @throws StoredRecordError: where it cannot be read nobody knows what to keep right */
function readMove(item: Item): VaultMove {
  const record = new StoredRecord(item);
  const vault = (name: 'from' | 'to') => {
    const value = record.fields[name];
    return record.required(name, isTenantVault(value) ? value : undefined);
  };
  return { from: vault('from'), to: vault('to'), id: record.optionalText('id') };
}
