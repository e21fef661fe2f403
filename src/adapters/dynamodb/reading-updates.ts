import { marshall } from '@aws-sdk/util-dynamodb';
import type { RecordedReading } from '#app/ports/conversation-store.ts';
import type { MessageKey } from '#domain/conversation/message.ts';
import type { Chat } from '#domain/ids.ts';
import type { MediaReading } from '#domain/media/reading.ts';
import { updateWhen } from './conditional-write.ts';
import { messageKey } from './keys.ts';
import { writeReading } from './reading-record.ts';
import { readByKey } from './recent-messages.ts';
import type { Table } from './table.ts';

/** Stores what became of a message's file, on top of what was known of it and nothing else. */
export async function recordReading(
  table: Table,
  chat: Chat,
  key: MessageKey,
  {
    reading,
    before,
  }: { readonly reading: MediaReading; readonly before: MediaReading | undefined },
): Promise<RecordedReading> {
  const tries = before?.kind === 'begun' ? before.tries : undefined;
  const isAsBefore =
    tries === undefined
      ? 'attribute_not_exists(reading)'
      : 'reading.#kind = :begun AND reading.tries = :tries';
  const written = await updateWhen(table, {
    Key: messageKey(chat, key),
    UpdateExpression: 'SET reading = :reading',
    ConditionExpression: `attribute_exists(pk) AND ${isAsBefore}`,
    ...(tries !== undefined && { ExpressionAttributeNames: { '#kind': 'kind' } }),
    ExpressionAttributeValues: marshall(
      {
        ':reading': writeReading(reading),
        ...(tries !== undefined && { ':begun': 'begun', ':tries': tries }),
      },
      { removeUndefinedValues: true },
    ),
  });
  if (written === 'written') return 'recorded';
  return (await readByKey(table, chat, key)) ? 'stale' : 'gone';
}
