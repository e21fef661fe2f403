import { call, type Item } from '../../../local/dynamodb/dynamo-engine.ts';
import { chatPartition, MESSAGE_PREFIX } from '../../../src/adapters/dynamodb/keys.ts';
import { type Chat, parseContactId, parsePhoneNumberId } from '../../../src/domain/ids.ts';
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
    const pk = chatPartition(chatOf(number));
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

function chatOf(number: number): Chat {
  const phoneNumberId = parsePhoneNumberId(BAKERY.phoneNumberId);
  const contact = parseContactId(customer(number).userId);
  if (!phoneNumberId || !contact) throw new Error(`Customer ${number} can have no chat`);
  return { phoneNumberId, contact };
}
