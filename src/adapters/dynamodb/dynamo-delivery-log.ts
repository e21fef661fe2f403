import { PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { DeliveryLog, KeptEvent } from '#app/ports/conversation-store.ts';
import type { FollowUp } from '#domain/conversation/message.ts';
import type { DeliveryStatus } from '#domain/whatsapp/delivery-status.ts';
import { requestFollowUp } from './follow-up-updates.ts';
import { writeKeptEvent } from './kept-event-record.ts';
import { writeDelivery } from './outbound-record.ts';
import type { Table } from './table.ts';

/** What Meta tells of our bubbles, and whatever else it tells. */
export class DynamoDeliveryLog implements DeliveryLog {
  readonly #table: Table;

  constructor({ client, tableName }: Table) {
    this.#table = { client, tableName };
  }

  async mergeDelivery(status: DeliveryStatus, nowMs: number): Promise<'first-price' | 'merged'> {
    const { client, tableName } = this.#table;
    const update = { TableName: tableName, ...writeDelivery(status, nowMs) };
    const command = new UpdateItemCommand({ ...update, ReturnValues: 'UPDATED_OLD' });
    const { Attributes: before } = await client.send(command);
    // After a lost answer the client meets its own first try, and the price is not counted.
    const isFirst = status.pricing !== undefined && before?.['pricing'] === undefined;
    return isFirst ? 'first-price' : 'merged';
  }

  requestFollowUp(
    status: DeliveryStatus,
    followUp: FollowUp,
    arrival: { readonly nowMs: number; readonly correlationId: string },
  ): Promise<boolean> {
    return requestFollowUp(this.#table, status, followUp, arrival);
  }

  async keepEvent(event: KeptEvent): Promise<void> {
    const { client, tableName } = this.#table;
    const put = { TableName: tableName, Item: writeKeptEvent(event) };
    await client.send(new PutItemCommand(put));
  }
}
