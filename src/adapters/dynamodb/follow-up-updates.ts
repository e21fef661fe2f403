import { type FollowUp, type MessageKey, outboundKey } from '#domain/conversation/message.ts';
import type { Chat } from '#domain/ids.ts';
import type { DeliveryStatus } from '#domain/whatsapp/delivery-status.ts';
import { boundedText } from './bounded-text.ts';
import { updateWhen } from './conditional-write.ts';
import { messageKey, unfinishedShardOf } from './keys.ts';
import type { Table } from './table.ts';

/** Puts a failed bubble into the sparse index, once, and not where the customer has it after all. */
export async function requestFollowUp(
  table: Table,
  { reference: { chat, turnId, part } }: DeliveryStatus,
  followUp: FollowUp,
  { nowMs, correlationId }: { readonly nowMs: number; readonly correlationId: string },
): Promise<boolean> {
  const written = await updateWhen(table, {
    Key: messageKey(chat, outboundKey(turnId, part)),
    UpdateExpression:
      'SET followUp = :followUp, unfinishedShard = :shard, acceptedAt = :now, correlationId = :correlation',
    ConditionExpression:
      'attribute_exists(pk) AND attribute_not_exists(followUp) AND attribute_not_exists(deliveredAt) AND attribute_not_exists(readAt) AND attribute_not_exists(playedAt)',
    ExpressionAttributeValues: {
      ':followUp': { S: followUp },
      ':shard': { S: unfinishedShardOf(chat) },
      ':now': { N: String(nowMs) },
      ':correlation': { S: boundedText(correlationId, 128) },
    },
  });
  return written === 'written';
}

/** Takes a failed bubble out of the sparse index for good: `followUp` stays and keeps it out. */
export async function settleFollowUp(table: Table, chat: Chat, key: MessageKey): Promise<void> {
  await updateWhen(table, {
    Key: messageKey(chat, key),
    UpdateExpression: 'REMOVE unfinishedShard, rings, rungAt',
    ConditionExpression: 'attribute_exists(followUp)',
  });
}
