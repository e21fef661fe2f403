import type { UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { PartReference } from '#domain/conversation/callback-data.ts';
import {
  FOLLOW_UPS,
  type MessageKey,
  outboundKey,
  type StoredOutbound,
} from '#domain/conversation/message.ts';
import { type Chat, parseTurnId } from '#domain/ids.ts';
import {
  type DeliveryStatus,
  isArrival,
  isDeliveryRank,
} from '#domain/whatsapp/delivery-status.ts';
import { boundedText } from './bounded-text.ts';
import { toJsonText } from './json-text.ts';
import { messageKey } from './keys.ts';
import { DEFAULT_KEPT_DAYS, expiresAtSeconds, type Keeping } from './retention.ts';
import { RECORD_VERSION, type StoredRecord } from './stored-record.ts';

/** An upsert of one bubble's item. All of them commute: the first writer of each attribute wins. */
export type OutboundUpdate = Required<
  Pick<
    UpdateItemCommandInput,
    'Key' | 'UpdateExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
  >
>;

/** What we said. */
export function writeOutbound(
  chat: Chat,
  { turnId, part, text, wamid, refusedCode, sends, copies, author, template }: StoredOutbound,
  kept: Keeping,
): OutboundUpdate {
  const facts = { text, wamid, refusedCode, sends, copies, author, template };
  // A status that was faster did not know the tenant.
  return upsert({ chat, turnId, part }, kept, facts, ['expiresAt']);
}

/** What a status proved. Words that nobody knows yet are kept in the set `otherStatuses`. */
export function writeDelivery(status: DeliveryStatus, nowMs: number): OutboundUpdate {
  const { reference, wamid, atMs, errorCode, pricing } = status;
  const price = pricing && toJsonText(pricing);
  const kept = { nowMs, keptDays: DEFAULT_KEPT_DAYS };
  if (isDeliveryRank(status.status)) {
    // Written by each state that proves it, so that the first of them can be told from the others.
    const arrived = isArrival(status.status) ? 1 : undefined;
    const facts = { [`${status.status}At`]: atMs, arrived, wamid, pricing: price };
    return upsert(reference, kept, facts);
  }
  if (status.status === 'failed') {
    const facts = { failedAt: atMs, failedCode: errorCode, wamid, pricing: price };
    return upsert(reference, kept, facts);
  }
  const update = upsert(reference, kept, { wamid, pricing: price });
  return {
    ...update,
    UpdateExpression: `${update.UpdateExpression} ADD otherStatuses :other`,
    ExpressionAttributeValues: {
      ...update.ExpressionAttributeValues,
      ':other': { SS: [`${boundedText(status.status, 64)} ${atMs}`] },
    },
  };
}

/** @throws StoredRecordError */
export function readOutbound(key: MessageKey, record: StoredRecord): StoredOutbound {
  const { followUp, unfinishedShard } = record.fields;
  return {
    direction: 'out',
    key,
    turnId: record.required('turnId', parseTurnId(record.fields['turnId'])),
    part: record.number('part'),
    text: record.optionalText('text') ?? '',
    wamid: record.optionalText('wamid'),
    refusedCode: record.optionalText('refusedCode'),
    // Out of the index means dealt with; the attribute stays, so that no later status asks again.
    followUp:
      unfinishedShard === undefined ? undefined : FOLLOW_UPS.find((each) => each === followUp),
    sends: record.optionalNumber('sends') ?? 1,
    copies: record.optionalNumber('copies') ?? 1,
    ...(record.fields['author'] === 'person' && { author: 'person' }),
    ...templateOf(record),
  };
}

function templateOf(record: StoredRecord): Pick<StoredOutbound, 'template'> {
  const template = record.optionalText('template');
  return template === undefined ? {} : { template };
}

type Facts = Readonly<Record<string, string | number | undefined>>;

function upsert(
  { chat, turnId, part }: PartReference,
  kept: Keeping,
  facts: Facts,
  /** Attributes of which the last writer wins. */
  overwritten: readonly string[] = [],
): OutboundUpdate {
  const attributes = Object.entries({
    v: RECORD_VERSION,
    direction: 'out',
    turnId,
    part,
    expiresAt: expiresAtSeconds(kept),
    ...facts,
  }).filter(([, value]) => value !== undefined);
  const sets = attributes.map(([name]) =>
    overwritten.includes(name)
      ? `#${name} = :${name}`
      : `#${name} = if_not_exists(#${name}, :${name})`,
  );
  return {
    Key: messageKey(chat, outboundKey(turnId, part)),
    UpdateExpression: `SET ${sets.join(', ')}`,
    ExpressionAttributeNames: Object.fromEntries(attributes.map(([name]) => [`#${name}`, name])),
    ExpressionAttributeValues: marshall(
      Object.fromEntries(attributes.map(([name, value]) => [`:${name}`, value])),
    ),
  };
}
