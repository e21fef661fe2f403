import { aws, variable } from './requests.ts';

export interface Item {
  readonly [name: string]: { readonly S?: string; readonly N?: string } | undefined;
}

/** A ring and what it names. */
export interface Rung {
  readonly chat: string;
  readonly messageKey: string;
  readonly phoneNumberId: string;
  readonly contact: string;
  readonly receiptHandle: string;
}

export interface Tenant {
  readonly id: string;
  readonly instructions: string;
}

/** A tenant is known for as long as the environment lives. */
const tenants = new Map<string, Promise<Tenant>>();

export function tenantOf(phoneNumberId: string): Promise<Tenant> {
  const known = tenants.get(phoneNumberId);
  if (known !== undefined) return known;
  const found = readTenant(phoneNumberId);
  tenants.set(phoneNumberId, found);
  return found;
}

async function readTenant(phoneNumberId: string): Promise<Tenant> {
  const route = await read(`PHONE#${phoneNumberId}`, 'ROUTE');
  const id = route['tenantId']?.S ?? '';
  const { instructions } = await read(`TENANT#${id}`, 'CONFIG');
  return { id, instructions: instructions?.S ?? '' };
}

async function read(pk: string, sk: string): Promise<Item> {
  const Key = { pk: { S: pk }, sk: { S: sk } };
  const { Item } = await aws('dynamodb', 'GetItem', { TableName: variable('TENANTS_TABLE'), Key });
  return itemOf(Item);
}

function itemOf(value: unknown): Item {
  return { ...(typeof value === 'object' ? value : {}) };
}

async function query(input: object): Promise<readonly Item[]> {
  const TableName = variable('CONVERSATIONS_TABLE');
  const { Items } = await aws('dynamodb', 'Query', { TableName, ConsistentRead: true, ...input });
  return Array.isArray(Items) ? Items.map(itemOf) : [];
}

export function readHead({ chat }: Rung): Promise<readonly Item[]> {
  return query({
    KeyConditionExpression: 'pk = :chat AND sk BETWEEN :from AND :to',
    ExpressionAttributeValues: {
      ':chat': { S: `CHAT#${chat}` },
      ':from': { S: 'HEAD' },
      ':to': { S: 'MEM$' },
    },
  });
}

export function readRecent({ chat }: Rung): Promise<readonly Item[]> {
  return query({
    KeyConditionExpression: 'pk = :chat AND begins_with(sk, :message)',
    ExpressionAttributeValues: { ':chat': { S: `CHAT#${chat}` }, ':message': { S: 'MSG#' } },
    ScanIndexForward: false,
    Limit: 31,
  });
}

export async function reserve(tenant: Tenant): Promise<void> {
  const month = new Date().toISOString().slice(0, 7);
  await aws('dynamodb', 'UpdateItem', {
    TableName: variable('TENANTS_TABLE'),
    Key: { pk: { S: `USAGE#${tenant.id}#floor` }, sk: { S: `MONTH#${month}` } },
    UpdateExpression: 'ADD spent :spent, turns :one',
    ExpressionAttributeValues: { ':spent': { N: '100' }, ':one': { N: '1' } },
    ReturnValues: 'ALL_NEW',
  });
}

export async function writeHead({ chat }: Rung, version: number, said: string): Promise<void> {
  await aws('dynamodb', 'UpdateItem', {
    TableName: variable('CONVERSATIONS_TABLE'),
    Key: { pk: { S: `CHAT#${chat}` }, sk: { S: 'HEAD' } },
    UpdateExpression: 'SET floorVersion = :next, floorDraft = :said',
    ConditionExpression: 'attribute_not_exists(floorVersion) OR floorVersion = :version',
    ExpressionAttributeValues: {
      ':next': { N: String(version + 1) },
      ':version': { N: String(version) },
      ':said': { S: said },
    },
  });
}

export async function finish({ chat, messageKey }: Rung, turnId: string): Promise<void> {
  await aws('dynamodb', 'UpdateItem', {
    TableName: variable('CONVERSATIONS_TABLE'),
    Key: { pk: { S: `CHAT#${chat}` }, sk: { S: `MSG#${messageKey}` } },
    UpdateExpression: 'SET outcome = :outcome, turnId = :turn REMOVE unfinishedShard',
    ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(outcome)',
    ExpressionAttributeValues: { ':outcome': { S: 'answered' }, ':turn': { S: turnId } },
  });
}

export async function recordOutbound(
  { chat }: Rung,
  turnId: string,
  said: string,
  wamid: string,
): Promise<void> {
  await aws('dynamodb', 'PutItem', {
    TableName: variable('CONVERSATIONS_TABLE'),
    Item: {
      pk: { S: `CHAT#${chat}` },
      sk: { S: `MSG#${turnId}#0` },
      direction: { S: 'out' },
      turnId: { S: turnId },
      text: { S: said },
      wamid: { S: wamid },
      expiresAt: { N: String(Math.floor(Date.now() / 1000) + 30 * 86_400) },
    },
  });
}
