import { DEMO_BUSINESSES } from '../../../local/demo.ts';
import { call, type Item } from '../../../local/dynamodb/dynamo-engine.ts';
import { chatPartition, headKey, MESSAGE_PREFIX } from '../../../src/adapters/dynamodb/keys.ts';
import { writeBook, writeMemoryItem } from '../../../src/adapters/dynamodb/memory-record.ts';
import { type Chat, parseContactId, parsePhoneNumberId } from '../../../src/domain/ids.ts';
import {
  type ChatMemory,
  expiresAtMs,
  type MemoryItem,
  NO_MEMORY,
} from '../../../src/domain/memory/memory.ts';
import { type StandInCloud, variableOf } from './cloud.ts';
import { putAll } from './put-all.ts';
import { BAKERY, customer } from './webhooks.ts';

/**
 * Puts earlier messages before the first turn of each chat, as many as make so many with its own: copies of
 * that turn's question and answer, so that they look as the processor has left them.
 */
export async function giveHistory(
  cloud: StandInCloud,
  customers: readonly number[],
  { messages }: { readonly messages: number },
): Promise<void> {
  const TableName = variableOf(cloud, 'processor', 'CONVERSATIONS_TABLE');
  for (const number of customers) {
    const chat = chatOf(number);
    const pk = chatPartition(chat);
    const { Items = [] } = await call<{ Items?: Item[] }>(cloud.dynamodb.handle, 'Query', {
      TableName,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :message)',
      ExpressionAttributeValues: { ':pk': { S: pk }, ':message': { S: MESSAGE_PREFIX } },
    });
    const copies = Array.from({ length: messages - Items.length }, (_, nth) =>
      earlier(Items[nth % Items.length] ?? {}, nth),
    );
    await putAll(cloud, TableName, copies);
  }
}

const APART_MS = 60_000;

/** The same, so many minutes before. */
function earlier(item: Item, nth: number): Item {
  const [time = '', ...rest] = (item['sk']?.S ?? '').slice(MESSAGE_PREFIX.length).split('#');
  const before = String(Number(time) - (nth + 1) * APART_MS).padStart(13, '0');
  return { ...item, sk: { S: `${MESSAGE_PREFIX}${before}#${rest.join('#')}` } };
}

/** Has everything that was said in these chats in their summary, as memory jobs would put it there. */
export async function summarise(cloud: StandInCloud, customers: readonly number[]): Promise<void> {
  const TableName = variableOf(cloud, 'processor', 'CONVERSATIONS_TABLE');
  for (const number of customers) {
    const chat = chatOf(number);
    const asked = { TableName, Key: headKey(chat) };
    const { Item: head } = await call<{ Item?: Item }>(cloud.dynamodb.handle, 'GetItem', asked);
    await putAll(cloud, TableName, summaryOf(chat, Number(head?.['version']?.N ?? 0)));
  }
}

/** @param version of the head: all turns up to it are summed up */
function summaryOf(chat: Chat, version: number): readonly Item[] {
  const nowMs = Date.now();
  const [business] = DEMO_BUSINESSES;
  const summary: MemoryItem = {
    id: 's1',
    formerIds: [],
    kind: 'summary',
    text: 'They asked for loaves of the dark one, and were told that there are some. '.repeat(12),
    category: undefined,
    confidence: 1,
    times: 1,
    level: 'long',
    source: undefined,
    seenAtMs: nowMs,
    expiresAtMs: expiresAtMs('long', undefined, nowMs),
  };
  const memory: ChatMemory = {
    ...NO_MEMORY,
    revision: 'r1',
    tenantId: business?.tenant.id,
    beganAtMs: nowMs,
    headVersion: version,
    extractedUpTo: version,
    summarisedUpTo: version,
    items: [summary],
  };
  return [writeBook(chat, memory, nowMs), writeMemoryItem(chat, summary, version)];
}

function chatOf(number: number): Chat {
  const phoneNumberId = parsePhoneNumberId(BAKERY.phoneNumberId);
  const contact = parseContactId(customer(number).userId);
  if (!phoneNumberId || !contact) throw new Error(`Customer ${number} can have no chat`);
  return { phoneNumberId, contact };
}
