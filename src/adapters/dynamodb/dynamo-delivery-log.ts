import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { DeliveryLog, KeptEvent } from '#app/ports/conversation-store.ts';
import { isErasedTurn } from '#domain/conversation/erasure.ts';
import type { FollowUp } from '#domain/conversation/message.ts';
import type { DeliveryStatus } from '#domain/whatsapp/delivery-status.ts';
import { getHeadItem } from './chat-heads.ts';
import { updateWhen } from './conditional-write.ts';
import { requestFollowUp } from './follow-up-updates.ts';
import { readErasure } from './head-record.ts';
import { writeKeptEvent } from './kept-event-record.ts';
import { writeDelivery } from './outbound-record.ts';
import type { Table } from './table.ts';

/** What Meta tells of our bubbles, and whatever else it tells. */
export class DynamoDeliveryLog implements DeliveryLog {
  readonly #table: Table;

  constructor({ client, tableName }: Table) {
    this.#table = { client, tableName };
  }

  /** Only where the bubble is not there is its chat looked at, and where that is not erased, created. */
  async mergeDelivery(status: DeliveryStatus, nowMs: number): Promise<'merged' | 'gone'> {
    const update = writeDelivery(status, nowMs);
    const known = { ...update, ConditionExpression: 'attribute_exists(pk)' };
    if ((await updateWhen(this.#table, known)) === 'written') return 'merged';
    const { chat, turnId } = status.reference;
    const head = await getHeadItem(this.#table, chat);
    // Whoever sends to a chat has written its head before: without one it is forgotten.
    if (!head || isErasedTurn(turnId, readErasure(unmarshall(head)))) return 'gone';
    await updateWhen(this.#table, update);
    return 'merged';
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
