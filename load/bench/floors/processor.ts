import {
  finish,
  type Item,
  type Rung,
  readHead,
  readRecent,
  recordOutbound,
  reserve,
  type Tenant,
  tenantOf,
  writeHead,
} from './processor-store.ts';
import { aws, count, log, post, secret, variable } from './requests.ts';

interface RingsEvent {
  readonly Records: readonly { readonly body: string; readonly receiptHandle: string }[];
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
