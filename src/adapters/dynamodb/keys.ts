import { hash } from 'node:crypto';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { SpendOwner } from '#app/ports/spend-ledger.ts';
import type { MessageKey } from '#domain/conversation/message.ts';
import { type Chat, chatKey, parseChatKey, parseTenantId, type TenantId } from '#domain/ids.ts';

/** Sparse index of what is accepted and not finished: `unfinishedShard`, then `acceptedAt`. */
export const UNFINISHED_INDEX = 'unfinished';

/** Index of heads by their tenant: `tenantId`, then `lastMessageAt`. */
export const TENANT_INDEX = 'byTenant';

/** Each shard is one partition of the index, which takes 1,000 writes a second. */
const UNFINISHED_SHARDS = 8;

export type Key = Record<'pk' | 'sk', AttributeValue>;

const CHAT = 'CHAT#';
/** Sort key of a chat's head. */
export const HEAD = 'HEAD';
const MESSAGE = 'MSG#';
const MEMORY = 'MEM#';
/** Sort key of what holds a chat's memory together. */
export const MEMORY_BOOK = `${MEMORY}BOOK`;
const MEMORY_ITEM = `${MEMORY}ITEM#`;
/** Above every sort key of a chat's memory, and below its messages'. */
export const AFTER_MEMORY = 'MEM$';
/** Sort key of what the contact told Meta of marketing. */
export const PREFERENCE = 'PREF';

export function chatPartition(chat: Chat): string {
  return `${CHAT}${chatKey(chat)}`;
}

export function headKey(chat: Chat): Key {
  return itemKey(chatPartition(chat), HEAD);
}

export function memoryBookKey(chat: Chat): Key {
  return itemKey(chatPartition(chat), MEMORY_BOOK);
}

export function memoryItemKey(chat: Chat, id: string): Key {
  return itemKey(chatPartition(chat), `${MEMORY_ITEM}${id}`);
}

/** Whether an item of a chat is part of what is remembered. */
export function isMemory(sk: string): boolean {
  return sk.startsWith(MEMORY);
}

/** @returns undefined for an item that is not remembered */
export function memoryIdOf(sk: string): string | undefined {
  return sk.startsWith(MEMORY_ITEM) ? sk.slice(MEMORY_ITEM.length) : undefined;
}

export function preferenceKey(chat: Chat): Key {
  return itemKey(chatPartition(chat), PREFERENCE);
}

export function messageKey(chat: Chat, messageKey: MessageKey): Key {
  return itemKey(chatPartition(chat), `${MESSAGE}${messageKey}`);
}

/** Of the id that a command came with. */
export function commandKey(chat: Chat, id: string): Key {
  return itemKey(chatPartition(chat), `CMD#${id}`);
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
  const [byte = 0] = hash('sha256', chatKey(chat), 'buffer');
  return byte % UNFINISHED_SHARDS;
}

export function keptEventPartition(accountId: string | undefined): string {
  const account = accountId && /^[\w.-]{1,64}$/.test(accountId) ? accountId : 'none';
  return `EVENT#${account}`;
}

/** Events that nobody handles lie by account and time; the digest keeps two of one millisecond apart. */
export function keptEventKey(
  accountId: string | undefined,
  receivedAtMs: number,
  content: string,
): Key {
  const digest = hash('sha256', content).slice(0, 16);
  return itemKey(keptEventPartition(accountId), `AT#${padMs(receivedAtMs)}#${digest}`);
}

export function routeKey(phoneNumberId: string): Key {
  return itemKey(`PHONE#${phoneNumberId}`, 'ROUTE');
}

export function appKey(app: string): Key {
  return itemKey(`APP#${app}`, 'OWNER');
}

export function tenantKey(tenantId: string): Key {
  return itemKey(`TENANT#${tenantId}`, 'CONFIG');
}

/**
 * What a tenant, or the platform, spends in a month. Each shard is a partition of its own, which takes
 * 1,000 writes a second.
 */
export function usageKey(owner: SpendOwner, shard: number, month: string): Key {
  // No tenant's id is empty, so no tenant's usage can be taken for the platform's.
  const whose = owner.kind === 'tenant' ? owner.id : '';
  return itemKey(`USAGE#${whose}#${shard}`, `MONTH#${month}`);
}

/** Of a tenant's sealed secret, where the tenants table keeps it. */
export function sealedSecretKey(tenantId: string): Key {
  return itemKey(`TENANT#${tenantId}`, 'SECRET');
}

/** Of the one item that says that secrets are on their way to another vault. */
export function vaultMoveKey(): Key {
  return itemKey('VAULT', 'MOVE');
}

/**
 * What every partition of the audit trail begins with. They are apart from a tenant's own, so that a
 * policy can tell them by `dynamodb:LeadingKeys`: changing and deleting can be denied there.
 */
export const AUDIT_PREFIX = 'AUDIT#';

/** No tenant's id has capitals. */
export function auditPartition(tenant: TenantId | undefined): string {
  return `${AUDIT_PREFIX}${tenant ?? 'PLATFORM'}`;
}

/** What sort keys of that time and later are not below. */
export function auditTime(ms: number): string {
  return `AT#${padMs(ms)}`;
}

/** Both entries of an action lie side by side, at the time when it was begun. */
export function auditKey(
  action: {
    readonly tenant: TenantId | undefined;
    readonly beganAtMs: number;
    readonly id: string;
  },
  phase: 'begun' | 'ended',
): Key {
  const { tenant, beganAtMs, id } = action;
  return itemKey(auditPartition(tenant), `${auditTime(beganAtMs)}#${id}#${phase}`);
}

/** @returns undefined for an item that is not a tenant's */
export function tenantIdOfKey({ pk }: Partial<Key>): TenantId | undefined {
  const [kind, id] = (pk?.S ?? '').split('#');
  return kind === 'TENANT' ? parseTenantId(id) : undefined;
}

function padMs(ms: number): string {
  return String(ms).padStart(13, '0');
}

export function itemKey(pk: string, sk: string): Key {
  return { pk: { S: pk }, sk: { S: sk } };
}
