import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { RemainingItem, Remains } from '#app/ports/erasable-chats.ts';
import { idsOf } from '#domain/conversation/erasure.ts';
import { type Chat, type ContactId, parseContactId, parseTenantId } from '#domain/ids.ts';
import { isObject, type JsonObject, listAt, numberAt, textAt } from '#domain/json.ts';
import { readErasure } from './head-record.ts';
import { parseJsonText } from './json-text.ts';
import { allParkedShards, HEAD, isMemory, messageKeyOf } from './keys.ts';
import { type Item, StoredRecordError } from './stored-record.ts';

/** What one item of a chat tells. */
export type Remain =
  | { readonly head: HeadRemains }
  | { readonly item: RemainingItem; readonly named: readonly ContactId[] };

export type HeadRemains = Omit<Remains, 'lookedAtMs' | 'named' | 'items'>;

export const NO_HEAD: HeadRemains = {
  version: 0,
  tenantId: undefined,
  erasure: undefined,
  savedAtMs: undefined,
  hasOpenTurn: false,
  movedTo: undefined,
  former: [],
  erasing: [],
};

/**
 * Attribute by attribute, since what a later version wrote has to go as well.
 * @throws StoredRecordError for a head without a version
 */
export function readRemain(chat: Chat, item: Item): Remain {
  const fields = unmarshall(item);
  const name = textAt(fields, 'sk') ?? '';
  return name === HEAD
    ? { head: headOf(fields) }
    : { item: itemOf(name, fields), named: sendersOf(chat, fields) };
}

function headOf(fields: JsonObject): HeadRemains {
  const version = numberAt(fields, 'version');
  if (version === undefined)
    throw new StoredRecordError('A head has no version: no release wrote it like that');
  return {
    version,
    tenantId: parseTenantId(
      fields['tenantId'] ?? fields['unlistedTenantId'] ?? fields['erasingTenant'],
    ),
    erasure: readErasure(fields),
    savedAtMs: numberAt(fields, 'savedAt'),
    hasOpenTurn: isOpenForItself(fields['openTurn']),
    movedTo: parseContactId(fields['movedTo']),
    former: idsIn([fields['phone'], fields['formerly']]),
    erasing: idsIn(listAt(fields, 'erasing')),
  };
}

/** What a reply answers is told by the messages. */
function isOpenForItself(openTurn: unknown): boolean {
  if (!isObject(openTurn)) return openTurn !== undefined;
  return openTurn['kind'] !== 'reply' || listAt(openTurn, 'answers').length === 0;
}

function idsIn(values: readonly unknown[]): readonly ContactId[] {
  return [...new Set(values.map(parseContactId).filter((id) => id !== undefined))];
}

function sendersOf(chat: Chat, fields: JsonObject): readonly ContactId[] {
  const raw = parseJsonText(textAt(fields, 'raw') ?? 'null');
  if (!isObject(raw)) return [];
  const userId = parseContactId(fields['userId']);
  const waId = parseContactId(fields['waId']);
  return idsOf({ chat, raw, userId, waId });
}

function itemOf(name: string, fields: JsonObject): RemainingItem {
  const key = messageKeyOf(name);
  const shard = textAt(fields, 'unfinishedShard');
  return {
    name,
    key,
    kind: key === undefined ? 'other' : fields['direction'] === 'out' ? 'bubble' : 'message',
    isUnfinished: shard !== undefined && !allParkedShards().includes(shard),
    ...(isMemory(name) && { madeOn: numberAt(fields, 'headVersion') ?? 0 }),
  };
}
