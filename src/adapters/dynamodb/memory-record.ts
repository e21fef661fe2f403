import { marshall } from '@aws-sdk/util-dynamodb';
import { type Chat, parseTenantId } from '#domain/ids.ts';
import { listAt } from '#domain/json.ts';
import {
  type ChatMemory,
  FACT_CATEGORIES,
  type MemoryId,
  type MemoryItem,
  PROFILE_FIELDS,
  RETENTION_LEVELS,
} from '#domain/memory/memory.ts';
import { memoryBookKey, memoryIdOf, memoryItemKey } from './keys.ts';
import { DEFAULT_KEPT_DAYS, expiresAtSeconds } from './retention.ts';
import { type Item, RECORD_VERSION, StoredRecord } from './stored-record.ts';

/** What holds a memory together: positions, and which items it has. It holds no word of the customer's. */
export type MemoryBook = Omit<ChatMemory, 'items'> & { readonly ids: readonly MemoryId[] };

/** It stays as long as anything that it lists. */
export function writeBook(chat: Chat, { items, ...book }: ChatMemory, nowMs: number): Item {
  const least = expiresAtSeconds({ nowMs, keptDays: DEFAULT_KEPT_DAYS });
  const last = Math.max(0, ...items.map(({ expiresAtMs }) => Math.ceil(expiresAtMs / 1_000)));
  return {
    ...memoryBookKey(chat),
    ...marshall(
      {
        v: RECORD_VERSION,
        revision: book.revision,
        // Under another name than in a head, which is in an index by it.
        ofTenant: book.tenantId,
        beganAt: book.beganAtMs,
        headVersion: book.headVersion,
        extractedUpTo: book.extractedUpTo,
        summarisedUpTo: book.summarisedUpTo,
        forgottenUpTo: book.forgottenUpTo,
        ids: items.map(({ id }) => id),
        expiresAt: Math.max(least, last),
      },
      { removeUndefinedValues: true },
    ),
  };
}

/** @throws StoredRecordError */
export function readBook(item: Item): MemoryBook {
  const record = new StoredRecord(item);
  return {
    revision: record.text('revision'),
    tenantId: parseTenantId(record.fields['ofTenant']),
    beganAtMs: record.number('beganAt'),
    headVersion: record.number('headVersion'),
    extractedUpTo: record.number('extractedUpTo'),
    summarisedUpTo: record.number('summarisedUpTo'),
    forgottenUpTo: record.number('forgottenUpTo'),
    ids: textsAt(record, 'ids'),
  };
}

function textsAt({ fields }: StoredRecord, name: string): readonly string[] {
  return listAt(fields, name).filter((each) => typeof each === 'string');
}

/** With the version of the head, by which an erasure tells what it came after. */
export function writeMemoryItem(chat: Chat, item: MemoryItem, headVersion: number): Item {
  return {
    ...memoryItemKey(chat, item.id),
    ...marshall(
      {
        v: RECORD_VERSION,
        kind: item.kind,
        formerIds: item.formerIds,
        text: item.text,
        category: item.category,
        confidence: item.confidence,
        times: item.times,
        level: item.level,
        source: item.source,
        seenAt: item.seenAtMs,
        headVersion,
        expiresAt: Math.ceil(item.expiresAtMs / 1_000),
      },
      { removeUndefinedValues: true },
    ),
  };
}

const KINDS: readonly MemoryItem['kind'][] = [...PROFILE_FIELDS, 'fact', 'summary'];

/** @throws StoredRecordError */
export function readMemoryItem(item: Item): MemoryItem {
  const record = new StoredRecord(item);
  const { kind, category, level } = record.fields;
  return {
    id: record.required('sk', memoryIdOf(record.text('sk'))),
    formerIds: textsAt(record, 'formerIds'),
    kind: record.required(
      'kind',
      KINDS.find((each) => each === kind),
    ),
    text: record.text('text'),
    category: FACT_CATEGORIES.find((each) => each === category),
    confidence: record.number('confidence'),
    times: record.number('times'),
    level: record.required(
      'level',
      RETENTION_LEVELS.find((each) => each === level),
    ),
    source: record.optionalText('source'),
    seenAtMs: record.number('seenAt'),
    expiresAtMs: record.number('expiresAt') * 1_000,
  };
}
