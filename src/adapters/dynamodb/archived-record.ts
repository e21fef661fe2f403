import type { ArchivedEvent, ArchivedItem } from '#app/ports/chat-archive.ts';
import type { Delivery } from '#domain/conversation/delivery.ts';
import type { Chat } from '#domain/ids.ts';
import { readHead } from './head-record.ts';
import { parseJsonText } from './json-text.ts';
import { HEAD, MEMORY_BOOK, memoryIdOf, messageKeyOf, PREFERENCE } from './keys.ts';
import { readMemoryItem } from './memory-record.ts';
import { readMessage } from './message-record.ts';
import { plainItem } from './plain-item.ts';
import { readPreference } from './preference-record.ts';
import { type Item, StoredRecord, StoredRecordError } from './stored-record.ts';

/** Whatever lies in a chat's partition; what cannot be read is given as it is. */
export function readArchived(chat: Chat, item: Item): ArchivedItem {
  const key = item['sk']?.S ?? '';
  try {
    if (key === HEAD) return { kind: 'head', key, head: readHead(item) };
    if (key === PREFERENCE) return { kind: 'preference', key, choice: readPreference(item) };
    if (key === MEMORY_BOOK) return { kind: 'memory-book', key, stored: plainItem(item) };
    if (memoryIdOf(key) !== undefined) return { kind: 'memory', key, memory: readMemoryItem(item) };
    if (messageKeyOf(key) === undefined) return other(key, item);
    const message = readMessage(chat, item);
    return message.direction === 'in'
      ? { kind: 'message', key, message }
      : { kind: 'bubble', key, bubble: message, delivery: readDelivery(item) };
  } catch (error) {
    if (error instanceof StoredRecordError) return other(key, item);
    throw error;
  }
}

function other(key: string, item: Item): ArchivedItem {
  return { kind: 'other', key, stored: plainItem(item) };
}

function readDelivery(item: Item): Delivery {
  const record = new StoredRecord(item);
  const pricing = record.optionalText('pricing');
  return {
    sentAtMs: record.optionalNumber('sentAt'),
    deliveredAtMs: record.optionalNumber('deliveredAt'),
    readAtMs: record.optionalNumber('readAt'),
    playedAtMs: record.optionalNumber('playedAt'),
    failedAtMs: record.optionalNumber('failedAt'),
    failedCode: record.optionalNumber('failedCode'),
    otherStatuses: item['otherStatuses']?.SS ?? [],
    pricing: pricing === undefined ? undefined : parseJsonText(pricing),
  };
}

/** @throws StoredRecordError */
export function readKeptEvent(item: Item): ArchivedEvent {
  const record = new StoredRecord(item);
  const event = {
    kind: record.text('kind'),
    field: record.text('field'),
    accountId: record.optionalText('accountId'),
    phoneNumberId: record.optionalText('phoneNumberId'),
    payload: parseJsonText(record.text('payload')),
    receivedAtMs: record.number('receivedAt'),
    correlationId: record.text('correlationId'),
  };
  return { key: record.text('sk'), event };
}
