import { createHash } from 'node:crypto';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { MessageKey } from '#domain/conversation/message.ts';
import { type Chat, chatKey, parseChatKey, parseTenantId, type TenantId } from '#domain/ids.ts';

/** Sparse index of what is accepted and not finished: `unfinishedShard`, then `acceptedAt`. */
export const UNFINISHED_INDEX = 'unfinished';

/** Each shard is one partition of the index, which takes 1,000 writes a second. */
const UNFINISHED_SHARDS = 8;

export type Key = Record<'pk' | 'sk', AttributeValue>;

const CHAT = 'CHAT#';
const MESSAGE = 'MSG#';
/** Sort key of a chat's head. */
export const HEAD = 'HEAD';

export function chatPartition(chat: Chat): string {
  return `${CHAT}${chatKey(chat)}`;
}

export function headKey(chat: Chat): Key {
  return itemKey(chatPartition(chat), HEAD);
}

export function messageKey(chat: Chat, messageKey: MessageKey): Key {
  return itemKey(chatPartition(chat), `${MESSAGE}${messageKey}`);
}

/** What every message's sort key starts with. */
export const MESSAGE_PREFIX = MESSAGE;

/** @returns undefined for a partition that is not a chat's */
export function chatOfPartition(pk: string): Chat | undefined {
  return pk.startsWith(CHAT) ? parseChatKey(pk.slice(CHAT.length)) : undefined;
}

/** @returns undefined for an item that is not a message */
export function messageKeyOf(sk: string): MessageKey | undefined {
  return sk.startsWith(MESSAGE) ? sk.slice(MESSAGE.length) : undefined;
}

/** The shard of the sparse index that a chat's messages are in: the same for all of them, always. */
export function unfinishedShardOf(chat: Chat): string {
  return unfinishedShard(shardOf(chat));
}

/** Parked messages lie in the same index, apart from what the sweeper looks at. */
export function parkedShardOf(chat: Chat): string {
  return parkedShard(shardOf(chat));
}

export function allUnfinishedShards(): readonly string[] {
  return Array.from({ length: UNFINISHED_SHARDS }, (_, shard) => unfinishedShard(shard));
}

export function allParkedShards(): readonly string[] {
  return Array.from({ length: UNFINISHED_SHARDS }, (_, shard) => parkedShard(shard));
}

function unfinishedShard(shard: number): string {
  return `U#${shard}`;
}

function parkedShard(shard: number): string {
  return `P#${shard}`;
}

function shardOf(chat: Chat): number {
  const [byte = 0] = createHash('sha256').update(chatKey(chat)).digest();
  return byte % UNFINISHED_SHARDS;
}

/** Events that nobody handles lie by account and time; the digest keeps two of one millisecond apart. */
export function keptEventKey(
  accountId: string | undefined,
  receivedAtMs: number,
  content: string,
): Key {
  const digest = createHash('sha256').update(content).digest('hex').slice(0, 16);
  const at = String(receivedAtMs).padStart(13, '0');
  return itemKey(eventPartition(accountId), `AT#${at}#${digest}`);
}

export function eventPartition(accountId: string | undefined): string {
  const isUsable = accountId !== undefined && /^[\w.-]{1,64}$/.test(accountId);
  return `EVENT#${isUsable ? accountId : 'none'}`;
}

export function routeKey(phoneNumberId: string): Key {
  return itemKey(`PHONE#${phoneNumberId}`, 'ROUTE');
}

export function tenantKey(tenantId: string): Key {
  return itemKey(`TENANT#${tenantId}`, 'CONFIG');
}

/** @returns undefined for an item that is not a tenant's */
export function tenantIdOfKey({ pk }: Partial<Key>): TenantId | undefined {
  const [kind, id] = (pk?.S ?? '').split('#');
  return kind === 'TENANT' ? parseTenantId(id) : undefined;
}

export function itemKey(pk: string, sk: string): Key {
  return { pk: { S: pk }, sk: { S: sk } };
}
