import type { UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Choice } from '#domain/conversation/choice.ts';
import type { Chat } from '#domain/ids.ts';
import { readChoice } from './choice-record.ts';
import { preferenceKey } from './keys.ts';
import { expiresAtSeconds, type Keeping } from './retention.ts';
import { type Item, RECORD_VERSION, StoredRecord } from './stored-record.ts';

/** Of several the newest stays, in whatever order they come. */
export function writePreference(
  chat: Chat,
  { kind, atMs }: Choice,
  kept: Keeping,
): Omit<UpdateItemCommandInput, 'TableName'> {
  return {
    Key: preferenceKey(chat),
    UpdateExpression: 'SET #v = :v, #kind = :kind, #atMs = :atMs, #expiresAt = :expiresAt',
    ConditionExpression: 'attribute_not_exists(#atMs) OR #atMs < :atMs',
    ExpressionAttributeNames: {
      '#v': 'v',
      '#kind': 'kind',
      '#atMs': 'atMs',
      '#expiresAt': 'expiresAt',
    },
    ExpressionAttributeValues: marshall({
      ':v': RECORD_VERSION,
      ':kind': kind,
      ':atMs': atMs,
      ':expiresAt': expiresAtSeconds(kept),
    }),
  };
}

/** @throws StoredRecordError */
export function readPreference(item: Item): Choice {
  const record = new StoredRecord(item);
  return record.required('kind', readChoice(record.fields));
}
