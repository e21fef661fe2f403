import { createHmac } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { expect, test } from 'vitest';
import { InMemoryConversations } from '#adapters/in-memory/in-memory-conversations.ts';
import { type SecretSource, SecretUnavailableError } from '#app/ports/secret-source.ts';
import { type ReceiveWebhookDeps, receiveWebhook } from '#lambdas/ingest/receive-webhook.ts';
import { aChat, anElement, aWebhook } from '#test/support/builders.ts';
import { RecordingBell } from '#test/support/peers.ts';
import { ManualClock, RecordingLog, RecordingMetrics } from '#test/support/recorders.ts';

const PLATFORM = { appSecrets: ['new', 'old'], verifyTokens: ['token'], openAiApiKey: undefined };

function secretsOf(over: Partial<SecretSource> = {}): SecretSource {
  return {
    platform: async () => PLATFORM,
    refreshPlatform: async () => false,
    tenant: async () => ({ accessToken: 'unused' }),
    refreshTenant: async () => false,
    ...over,
  };
}

function aDoor(over: Partial<ReceiveWebhookDeps> = {}) {
  const inbox = new InMemoryConversations(new ManualClock());
  const log = new RecordingLog();
  const deps: ReceiveWebhookDeps = {
    inbox,
    log,
    bell: new RecordingBell(),
    events: { send: async () => 0 },
    clock: new ManualClock(),
    metrics: new RecordingMetrics(),
    secrets: secretsOf(),
    ...over,
  };
  return { inbox, log, receive: (event: APIGatewayProxyEventV2) => receiveWebhook(event, deps) };
}

interface Call {
  readonly method?: string;
  readonly body?: string | Buffer;
  readonly signature?: string | undefined;
  readonly query?: Record<string, string>;
}

function aCall({
  method = 'POST',
  body = '',
  signature,
  query = {},
}: Call): APIGatewayProxyEventV2 {
  const isBase64Encoded = Buffer.isBuffer(body);
  const event = {
    body: Buffer.isBuffer(body) ? body.toString('base64') : body,
    isBase64Encoded,
    headers: signature === undefined ? {} : { 'x-hub-signature-256': signature },
    queryStringParameters: query,
    requestContext: { requestId: 'request-1', http: { method } },
  };
  return event as unknown as APIGatewayProxyEventV2;
}

function sign(body: string | Buffer, secret = 'new'): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

const BODY = JSON.stringify(aWebhook({ messages: [anElement()] }));

test('takes a webhook signed with the current or the previous app secret', async () => {
  const door = aDoor();
  for (const secret of ['new', 'old']) {
    const call = aCall({ body: BODY, signature: sign(BODY, secret) });
    expect(await door.receive(call)).toMatchObject({ statusCode: 200 });
  }
});

test('checks the bytes as they came: base64 from the gateway, escapes from Meta', async () => {
  const escaped = BODY.replace('message', '\\u00a1hola\\ud83d\\ude00');
  const bytes = Buffer.from(escaped);
  const call = aCall({ body: bytes, signature: sign(bytes) });
  expect(await aDoor().receive(call)).toMatchObject({ statusCode: 200 });
});

test.each([
  ['a missing header', undefined],
  ['another secret', sign(BODY, 'wrong')],
  ['upper-case hex', sign(BODY).toUpperCase().replace('SHA256', 'sha256')],
  ['a short signature', sign(BODY).slice(0, -2)],
  ['sha1', 'sha1=0123456789abcdef0123456789abcdef01234567'],
  ['an empty header', ''],
])('refuses %s in one uniform way and stores nothing', async (_, signature) => {
  const door = aDoor();
  expect(await door.receive(aCall({ body: BODY, signature }))).toEqual({
    statusCode: 401,
    headers: { 'content-type': 'text/plain' },
    body: '',
  });
  expect(door.inbox.transcript(aChat())).toEqual([]);
  expect(JSON.stringify(door.log.lines)).not.toContain(BODY.slice(10, 40));
});

test('refuses a body that was changed by one byte', async () => {
  const call = aCall({ body: `${BODY} `, signature: sign(BODY) });
  expect(await aDoor().receive(call)).toMatchObject({ statusCode: 401 });
});

test.each([
  ['not JSON', 'nonsense'],
  ['a list', '[]'],
  ['a number', '7'],
  ['null', 'null'],
  ['nothing', ''],
  ['nesting beyond reason', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
])('answers 400 to %s, even if it is signed', async (_, body) => {
  const call = aCall({ body, signature: sign(body) });
  expect(await aDoor().receive(call)).toMatchObject({ statusCode: 400 });
});

test('answers 413 to more than Meta ever sends, before it hashes anything', async () => {
  const body = 'x'.repeat(4 * 1024 * 1024);
  expect(await aDoor().receive(aCall({ body, signature: sign(body) }))).toMatchObject({
    statusCode: 413,
  });
  const huge = 'x'.repeat(8 * 1024 * 1024);
  expect(await aDoor().receive(aCall({ body: huge }))).toMatchObject({ statusCode: 413 });
});

test('tries once more with fresh values when a secret has just been rotated', async () => {
  let appSecrets = ['stale'];
  const secrets = secretsOf({
    platform: async () => ({ ...PLATFORM, appSecrets }),
    refreshPlatform: async () => {
      appSecrets = ['fresh'];
      return true;
    },
  });
  const call = aCall({ body: BODY, signature: sign(BODY, 'fresh') });
  expect(await aDoor({ secrets }).receive(call)).toMatchObject({ statusCode: 200 });
});

test('answers 5xx when the secret cannot be read, so that Meta sends it again', async () => {
  const secrets = secretsOf({
    platform: async () => {
      throw new SecretUnavailableError('down', { needs: 'time' });
    },
  });
  const call = aCall({ body: BODY, signature: sign(BODY) });
  expect(await aDoor({ secrets }).receive(call)).toMatchObject({ statusCode: 503, body: '' });
});

test('answers 503 when something was not taken', async () => {
  const call = aCall({ body: BODY, signature: sign(BODY) });
  const bell = { ring: async (rings: readonly never[]) => rings };
  expect(await aDoor({ bell }).receive(call)).toMatchObject({ statusCode: 503 });
});

test('hands the bare challenge back to who knows the verify token', async () => {
  const query = {
    'hub.mode': 'subscribe',
    'hub.verify_token': 'token',
    'hub.challenge': '4402918375',
  };
  expect(await aDoor().receive(aCall({ method: 'GET', query }))).toMatchObject({
    statusCode: 200,
    body: '4402918375',
  });
});

test.each([
  ['a wrong token', { 'hub.mode': 'subscribe', 'hub.verify_token': 'nope', 'hub.challenge': '1' }],
  [
    'another mode',
    { 'hub.mode': 'unsubscribe', 'hub.verify_token': 'token', 'hub.challenge': '1' },
  ],
  ['no challenge', { 'hub.mode': 'subscribe', 'hub.verify_token': 'token' }],
  ['no question at all', {}],
])('answers 403 to %s', async (_, query) => {
  expect(await aDoor().receive(aCall({ method: 'GET', query }))).toMatchObject({
    statusCode: 403,
    body: '',
  });
});
