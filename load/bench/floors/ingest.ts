import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { aws, count, log, secret, variable } from './requests.ts';

/** The part of API Gateway's event that is read. */
interface WebhookEvent {
  readonly body: string;
  readonly isBase64Encoded: boolean;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

interface Message {
  readonly id: string;
  readonly timestamp: string;
  readonly type: string;
  readonly from_user_id: string;
  readonly from: string;
}

interface Webhook {
  readonly entry: readonly {
    readonly changes: readonly {
      readonly value: {
        readonly metadata: { readonly phone_number_id: string };
        readonly messages?: readonly Message[];
        readonly statuses?: readonly object[];
      };
    }[];
  }[];
}

/** The work of ingest with nothing between it and Node: verify, parse, store each message, ring. */
export async function handler(event: WebhookEvent): Promise<object> {
  const raw = Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8');
  const { appSecrets = [] } = await secret(variable('PLATFORM_SECRET_ARN'));
  const claimed = Buffer.from((event.headers['x-hub-signature-256'] ?? '').slice(7), 'hex');
  const isGenuine = appSecrets.some((each) => {
    const given = createHmac('sha256', each).update(raw).digest();
    return given.length === claimed.length && timingSafeEqual(given, claimed);
  });
  if (!isGenuine) return { statusCode: 401 };
  const { messages, statuses } = contentOf(JSON.parse(raw.toString('utf8')));
  await Promise.all([takeMessages(messages), sendBatches('EVENTS_QUEUE_URL', statuses)]);
  count('MessagesAccepted', messages.length);
  log('webhook_accepted', { messages: messages.length, events: statuses.length });
  return { statusCode: 200, body: '' };
}

interface Arrival {
  readonly chat: string;
  readonly key: string;
  readonly message: Message;
}

function contentOf({ entry }: Webhook) {
  const messages: Arrival[] = [];
  const statuses: { readonly MessageBody: string }[] = [];
  for (const { changes } of entry) {
    for (const { value } of changes) {
      const { phone_number_id } = value.metadata;
      for (const message of value.messages ?? []) {
        const chat = `${phone_number_id}#${message.from_user_id ?? message.from}`;
        const time = message.timestamp.padStart(10, '0');
        messages.push({ chat, key: `${time}000#${message.id}`, message });
      }
      for (const status of value.statuses ?? []) {
        const body = { v: 1, kind: 'status', phone_number_id, status, receivedAtMs: Date.now() };
        statuses.push({ MessageBody: JSON.stringify(body) });
      }
    }
  }
  return { messages, statuses };
}

async function takeMessages(messages: readonly Arrival[]): Promise<void> {
  const now = String(Date.now());
  await Promise.all(
    messages.map(({ chat, key, message }) =>
      aws('dynamodb', 'PutItem', {
        TableName: variable('CONVERSATIONS_TABLE'),
        ConditionExpression: 'attribute_not_exists(pk)',
        Item: {
          pk: { S: `CHAT#${chat}` },
          sk: { S: `MSG#${key}` },
          v: { N: '1' },
          direction: { S: 'in' },
          wamid: { S: message.id },
          type: { S: message.type },
          sentAt: { N: `${message.timestamp}000` },
          raw: { S: JSON.stringify(message) },
          acceptedAt: { N: now },
          unfinishedShard: { S: `U#${(createHash('sha256').update(chat).digest()[0] ?? 0) % 8}` },
          expiresAt: { N: String(Math.floor(Date.now() / 1000) + 30 * 86_400) },
        },
      }),
    ),
  );
  const rings = messages.map(({ chat, key }) => ({
    MessageBody: JSON.stringify({ v: 1, chat, messageKey: key, number: 0 }),
    MessageGroupId: chat,
    MessageDeduplicationId: key.slice(-128),
  }));
  await sendBatches('CHAT_QUEUE_URL', rings);
}

async function sendBatches(queue: string, entries: readonly object[]): Promise<void> {
  const batches = [];
  for (let from = 0; from < entries.length; from += 10) {
    const batch = entries.slice(from, from + 10);
    const Entries = batch.map((each, index) => ({ Id: String(index), ...each }));
    batches.push(aws('sqs', 'SendMessageBatch', { QueueUrl: variable(queue), Entries }));
  }
  await Promise.all(batches);
}
