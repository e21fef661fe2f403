import { aws, count, log, post, secret, variable } from './requests.ts';

interface RingsEvent {
  readonly Records: readonly { readonly body: string; readonly receiptHandle: string }[];
}

interface Item {
  readonly [name: string]: { readonly S?: string; readonly N?: string } | undefined;
}

/** A ring and what it names. */
interface Rung {
  readonly chat: string;
  readonly messageKey: string;
  readonly phoneNumberId: string;
  readonly contact: string;
  readonly receiptHandle: string;
}

/**
 * The work of an ordinary turn with nothing between it and Node, in the calls of the processor's budget:
 * 3 reads, 5 writes of one item each, the model, a read receipt and a message to WhatsApp, 1 delete.
 */
export async function handler({ Records }: RingsEvent): Promise<object> {
  await Promise.all(Records.map(({ body, receiptHandle }) => turn(rungBy(body, receiptHandle))));
  count('TurnsAnswered', Records.length);
  return { batchItemFailures: [] };
}

function rungBy(body: string, receiptHandle: string): Rung {
  const { chat, messageKey } = JSON.parse(body);
  const [phoneNumberId = '', contact = ''] = String(chat).split('#');
  return { chat, messageKey, phoneNumberId, contact, receiptHandle };
}

async function turn(rung: Rung): Promise<void> {
  const [[head], tenant] = await Promise.all([readHead(rung), tenantOf(rung.phoneNumberId)]);
  const typing = toGraph(rung, tenant, {
    status: 'read',
    message_id: rung.messageKey.slice(rung.messageKey.indexOf('#') + 1),
    typing_indicator: { type: 'text' },
  });
  const recent = await readRecent(rung);
  await reserve(tenant);
  const said = await askModel(tenant, recent);
  await readRecent(rung);
  const version = Number(head?.['floorVersion']?.N ?? 0);
  const turnId = `${Date.now()}.${version}`;
  await writeHead(rung, version, said);
  const wamid = await toGraph(rung, tenant, {
    recipient_type: 'individual',
    to: rung.contact,
    type: 'text',
    text: { preview_url: false, body: said },
    biz_opaque_callback_data: `${rung.chat}/${turnId}/0`,
  });
  await Promise.all([finish(rung, turnId), recordOutbound(rung, turnId, said, wamid)]);
  await writeHead(rung, version + 1, '');
  await typing;
  const Entries = [{ Id: '0', ReceiptHandle: rung.receiptHandle }];
  const QueueUrl = variable('CHAT_QUEUE_URL');
  await aws('sqs', 'DeleteMessageBatch', { QueueUrl, Entries });
  log('turn_closed', { chat: rung.chat, turnId });
}

interface Tenant {
  readonly id: string;
  readonly instructions: string;
}

/** A tenant is known for as long as the environment lives. */
const tenants = new Map<string, Promise<Tenant>>();

function tenantOf(phoneNumberId: string): Promise<Tenant> {
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

function readHead({ chat }: Rung): Promise<readonly Item[]> {
  return query({
    KeyConditionExpression: 'pk = :chat AND sk BETWEEN :from AND :to',
    ExpressionAttributeValues: {
      ':chat': { S: `CHAT#${chat}` },
      ':from': { S: 'HEAD' },
      ':to': { S: 'MEM$' },
    },
  });
}

function readRecent({ chat }: Rung): Promise<readonly Item[]> {
  return query({
    KeyConditionExpression: 'pk = :chat AND begins_with(sk, :message)',
    ExpressionAttributeValues: { ':chat': { S: `CHAT#${chat}` }, ':message': { S: 'MSG#' } },
    ScanIndexForward: false,
    Limit: 31,
  });
}

async function reserve(tenant: Tenant): Promise<void> {
  const month = new Date().toISOString().slice(0, 7);
  await aws('dynamodb', 'UpdateItem', {
    TableName: variable('TENANTS_TABLE'),
    Key: { pk: { S: `USAGE#${tenant.id}#floor` }, sk: { S: `MONTH#${month}` } },
    UpdateExpression: 'ADD spent :spent, turns :one',
    ExpressionAttributeValues: { ':spent': { N: '100' }, ':one': { N: '1' } },
    ReturnValues: 'ALL_NEW',
  });
}

async function askModel(tenant: Tenant, recent: readonly Item[]): Promise<string> {
  const { openAiApiKey } = await secret(variable('PLATFORM_SECRET_ARN'));
  const input = recent
    .map((item) => {
      const isTheirs = item['direction']?.S === 'in';
      const content = isTheirs ? JSON.parse(item['raw']?.S ?? '{}').text?.body : item['text']?.S;
      return { role: isTheirs ? 'user' : 'assistant', content: content ?? '' };
    })
    .filter(({ content }) => content !== '')
    .reverse();
  const body = JSON.stringify({
    model: variable('DEFAULT_MODEL'),
    instructions: tenant.instructions,
    input,
    store: false,
    max_output_tokens: 1_000,
  });
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${openAiApiKey}` };
  const { output } = JSON.parse(
    await post(`${variable('OPENAI_BASE_URL')}/responses`, headers, body),
  );
  return String(output[0].content[0].text);
}

async function writeHead({ chat }: Rung, version: number, said: string): Promise<void> {
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

async function finish({ chat, messageKey }: Rung, turnId: string): Promise<void> {
  await aws('dynamodb', 'UpdateItem', {
    TableName: variable('CONVERSATIONS_TABLE'),
    Key: { pk: { S: `CHAT#${chat}` }, sk: { S: `MSG#${messageKey}` } },
    UpdateExpression: 'SET outcome = :outcome, turnId = :turn REMOVE unfinishedShard',
    ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(outcome)',
    ExpressionAttributeValues: { ':outcome': { S: 'answered' }, ':turn': { S: turnId } },
  });
}

async function recordOutbound(
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

async function toGraph({ phoneNumberId }: Rung, tenant: Tenant, body: object): Promise<string> {
  const { accessToken } = await secret(`${variable('TENANT_SECRET_PREFIX')}${tenant.id}`);
  const url = `${variable('GRAPH_BASE_URL')}/${variable('GRAPH_API_VERSION')}/${phoneNumberId}/messages`;
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` };
  const answer = await post(
    url,
    headers,
    JSON.stringify({ messaging_product: 'whatsapp', ...body }),
  );
  return String(JSON.parse(answer).messages?.[0].id);
}
