import {
  ConditionalCheckFailedException,
  PutItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { DeliveryLog, KeptEvent, MergedDelivery } from '#app/ports/conversation-store.ts';
import { isErasedTurn } from '#domain/conversation/erasure.ts';
import type { FollowUp } from '#domain/conversation/message.ts';
import {
  type DeliveryStatus,
  isArrival,
  isDeliveryRank,
} from '#domain/whatsapp/delivery-status.ts';
import { getHeadItem } from './chat-heads.ts';
import { requestFollowUp } from './follow-up-updates.ts';
import { readErasure } from './head-record.ts';
import { writeKeptEvent } from './kept-event-record.ts';
import { writeDelivery } from './outbound-record.ts';
import type { Table } from './table.ts';

const NOTHING_NEW: MergedDelivery = {
  kind: 'merged',
  isFirstPrice: false,
  isFirst: false,
  isFirstArrival: false,
};

/** What Meta tells of our bubbles, and whatever else it tells. */
export class DynamoDeliveryLog implements DeliveryLog {
  readonly #table: Table;

  constructor({ client, tableName }: Table) {
    this.#table = { client, tableName };
  }

  /** Only where the bubble is not there is its chat looked at, and where that is not erased, created. */
  async mergeDelivery(status: DeliveryStatus, nowMs: number): Promise<MergedDelivery> {
    const update = writeDelivery(status, nowMs);
    const known = { ...update, ConditionExpression: 'attribute_exists(pk)' };
    const merged = await this.#merge(status, known);
    if (merged) return merged;
    const { chat, turnId } = status.reference;
    const head = await getHeadItem(this.#table, chat);
    // Whoever sends to a chat has written its head before: without one it is forgotten.
    if (!head || isErasedTurn(turnId, readErasure(unmarshall(head)))) return { kind: 'gone' };
    return (await this.#merge(status, update)) ?? NOTHING_NEW;
  }

  /** @returns undefined where the condition does not hold */
  async #merge(
    { pricing, status }: DeliveryStatus,
    update: Omit<UpdateItemCommandInput, 'TableName'>,
  ): Promise<MergedDelivery | undefined> {
    const { client, tableName } = this.#table;
    try {
      const command = new UpdateItemCommand({
        TableName: tableName,
        ...update,
        ReturnValues: 'UPDATED_OLD',
      });
      const { Attributes: before } = await client.send(command);
      // After a lost answer the client meets its own first try, and nothing is counted.
      const isNew = (attribute: string) => before?.[attribute] === undefined;
      return {
        kind: 'merged',
        isFirstPrice: pricing !== undefined && isNew('pricing'),
        isFirst: isDeliveryRank(status) && isNew(`${status}At`),
        isFirstArrival: isArrival(status) && isNew('arrived'),
      };
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return undefined;
      throw error;
    }
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
