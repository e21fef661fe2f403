import { marshall } from '@aws-sdk/util-dynamodb';
import type { Arrival } from '#app/ports/conversation-store.ts';
import { type Command, parseCommand } from '#domain/conversation/command.ts';
import {
  inboundKey,
  type MessageKey,
  type Outcome,
  type Progress,
  type StoredInbound,
} from '#domain/conversation/message.ts';
import { type Chat, parseContactId, parseTurnId } from '#domain/ids.ts';
import { isObject } from '#domain/json.ts';
import { boundedText } from './bounded-text.ts';
import { parseJsonText, toJsonText } from './json-text.ts';
import { messageKey, unfinishedShardOf } from './keys.ts';
import { readParking } from './parking-record.ts';
import { readReading, writeReading } from './reading-record.ts';
import { DEFAULT_KEPT_DAYS, expiresAtSeconds } from './retention.ts';
import {
  type Item,
  RECORD_VERSION,
  type StoredRecord,
  VERSION_OF_COMMANDS,
} from './stored-record.ts';

/** A new message: unfinished, and so in the sparse index. It fits an item whatever it holds. */
export function writeInbound(arrival: Arrival): Item {
  const { message, acceptedAtMs, position, correlationId, reading } = arrival;
  return {
    ...messageKey(message.chat, inboundKey(message)),
    ...marshall(
      {
        v: message.command ? VERSION_OF_COMMANDS : RECORD_VERSION,
        direction: 'in',
        wamid: message.wamid,
        type: boundedText(message.type, 64),
        sentAt: message.sentAtMs,
        userId: message.userId,
        waId: message.waId,
        raw: toJsonText(message.raw),
        command: message.command,
        acceptedAt: acceptedAtMs,
        position,
        correlationId: boundedText(correlationId, 128),
        reading: reading && writeReading(reading),
        unfinishedShard: unfinishedShardOf(message.chat),
        expiresAt: expiresAtSeconds({ nowMs: acceptedAtMs, keptDays: DEFAULT_KEPT_DAYS }),
      },
      { removeUndefinedValues: true },
    ),
  };
}

/** @throws StoredRecordError */
export function readInbound(chat: Chat, key: MessageKey, record: StoredRecord): StoredInbound {
  const raw = parseJsonText(record.text('raw'));
  return {
    direction: 'in',
    key,
    message: {
      wamid: record.text('wamid'),
      chat,
      type: record.text('type'),
      sentAtMs: record.number('sentAt'),
      userId: parseContactId(record.fields['userId']),
      waId: parseContactId(record.fields['waId']),
      raw: record.required('raw', isObject(raw) ? raw : undefined),
      command: readCommand(record),
    },
    acceptedAtMs: record.number('acceptedAt'),
    waitingSinceMs: record.optionalNumber('resumedAt') ?? record.number('acceptedAt'),
    position: record.number('position'),
    correlationId: record.text('correlationId'),
    progress: readProgress(record),
    reading: readReading(record.fields['reading']),
  };
}

function readCommand(record: StoredRecord): Command | undefined {
  const { command } = record.fields;
  return command === undefined ? undefined : record.required('command', parseCommand(command));
}

function readProgress(record: StoredRecord): Progress {
  const { outcome, turnId } = record.fields;
  if (outcome !== undefined) {
    return {
      kind: 'finished',
      outcome: record.required(
        'outcome',
        OUTCOMES.find((each) => each === outcome),
      ),
      turnId: parseTurnId(turnId),
    };
  }
  if (record.fields['parkReason'] === undefined) return { kind: 'unfinished' };
  return { kind: 'parked', parking: record.required('parkReason', readParking(record.fields)) };
}

export const OUTCOMES: readonly Outcome[] = [
  'answered',
  'apologised',
  'undeliverable',
  'handed-over',
  'limited',
  'opted-out',
  'recorded',
  'moved',
  'maybe-answered',
];
