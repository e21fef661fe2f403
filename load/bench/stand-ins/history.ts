import { DEMO_BUSINESSES } from '../../../local/demo.ts';
import { call, type Item } from '../../../local/dynamodb/dynamo-engine.ts';
import { chatPartition, MESSAGE_PREFIX } from '../../../src/adapters/dynamodb/keys.ts';
import { writeBook, writeMemoryItem } from '../../../src/adapters/dynamodb/memory-record.ts';
import { RECENT_MESSAGES } from '../../../src/app/read-earlier.ts';
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
 * that turn's question and answer, so that they look as the processor has left them. In a longer chat all
 * of these are in the summary, as the memory jobs would have put them there.
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
    const memory = messages > RECENT_MESSAGES ? summaryOf(chat) : [];
    await putAll(cloud, TableName, [...copies, ...memory]);
  }
}

const APART_MS = 60_000;

/** The same, so many minutes before. */
function earlier(item: Item, nth: number): Item {
  const [time = '', ...rest] = (item['sk']?.S ?? '').slice(MESSAGE_PREFIX.length).split('#');
  const before = String(Number(time) - (nth + 1) * APART_MS).padStart(13, '0');
  return { ...item, sk: { S: `${MESSAGE_PREFIX}${before}#${rest.join('#')}` } };
}

/** A summary of the first turn and whatever lies before it. */
function summaryOf(chat: Chat): readonly Item[] {
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
    headVersion: FIRST_VERSION,
    extractedUpTo: FIRST_VERSION,
    summarisedUpTo: FIRST_VERSION,
    items: [summary],
  };
  return [writeBook(chat, memory, nowMs), writeMemoryItem(chat, summary, FIRST_VERSION)];
}

/** Of the head, when a chat's first turn was drafted. */
const FIRST_VERSION = 0;

function chatOf(number: number): Chat {
  const phoneNumberId = parsePhoneNumberId(BAKERY.phoneNumberId);
  const contact = parseContactId(customer(number).userId);
  if (!phoneNumberId || !contact) throw new Error(`Customer ${number} can have no chat`);
  return { phoneNumberId, contact };
}
