import { createHmac } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { describe, expect, test } from 'vitest';
import { InMemoryAppDirectory } from '#adapters/in-memory/in-memory-app-directory.ts';
import { InMemoryConversations } from '#adapters/in-memory/in-memory-conversations.ts';
import { pseudonyms } from '#adapters/system/pseudonyms.ts';
import type { AppSecretSource } from '#app/ports/app-secret-source.ts';
import { type SecretSource, SecretUnavailableError } from '#app/ports/secret-source.ts';
import { parseAppId } from '#domain/ids.ts';
import { type ReceiveWebhookDeps, receiveWebhook } from '#lambdas/ingest/receive-webhook.ts';
import {
  aChat,
  anElement,
  aWebhook,
  PHONE_NUMBER_ID,
  present,
  TENANT_ID,
} from '#test/support/builders.ts';
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

const OWN_APP = present(parseAppId('bakery-app'));

/** The bakery has brought an app, whose secret is `own`. */
function appsOfBakery() {
  const apps = new InMemoryAppDirectory();
  apps.apps.set(OWN_APP, { tenantId: TENANT_ID, accountIds: [] });
  apps.owners.set(PHONE_NUMBER_ID, TENANT_ID);
  return apps;
}

/** Counts what it is asked for. */
function ownSecretsOf(over: Partial<AppSecretSource> = {}) {
  const asked: string[] = [];
  const source: AppSecretSource = {
    app: async (id) => {
      asked.push(id);
      return { appSecrets: ['own', 'own-old'], verifyTokens: ['own-token'] };
    },
    refreshApp: async () => false,
    ...over,
  };
  return { ...source, asked };
}

function aDoor(over: Partial<ReceiveWebhookDeps> = {}) {
  const inbox = new InMemoryConversations(new ManualClock());
  const log = new RecordingLog();
  const deps: ReceiveWebhookDeps = {
    inbox,
    log,
    pseudonyms,
    bell: new RecordingBell(),
    events: { send: async () => 0 },
    clock: new ManualClock(),
    metrics: new RecordingMetrics(),
    secrets: secretsOf(),
    apps: appsOfBakery(),
    ownSecrets: ownSecretsOf(),
    ...over,
  };
  return { inbox, log, receive: (event: APIGatewayProxyEventV2) => receiveWebhook(event, deps) };
}

interface Call {
  readonly method?: string;
  readonly body?: string | Buffer;
  readonly signature?: string | undefined;
  readonly query?: Record<string, string>;
  /** What stands in place of `{app}` in the path. */
  readonly app?: string;
}

function aCall({
  method = 'POST',
  body = '',
  signature,
  query = {},
  app,
}: Call): APIGatewayProxyEventV2 {
  const isBase64Encoded = Buffer.isBuffer(body);
  const event = {
    body: Buffer.isBuffer(body) ? body.toString('base64') : body,
    isBase64Encoded,
    headers: signature === undefined ? {} : { 'x-hub-signature-256': signature },
    queryStringParameters: query,
    ...(app !== undefined && { pathParameters: { app } }),
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
  ['by another secret', sign(BODY, 'wrong'), 1],
  ['not at all, as what scanners send', undefined, 0],
])('counts for the alarm what is signed %s', async (_, signature, times) => {
  const metrics = new RecordingMetrics();
  await aDoor({ metrics }).receive(aCall({ body: BODY, signature }));
  expect(metrics.of('SignaturesRejected')).toBe(times);
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
  ['lists nested beyond reason', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
  ['objects nested beyond reason', `${'{"a":'.repeat(65)}1${'}'.repeat(65)}`],
  ['both by turns, beside healthy values', `${'{"b":1,"a":[0,'.repeat(33)}1${']}'.repeat(33)}`],
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

test('refuses the former secret from the end of the overlap on, whoever has not finished the rotation', async () => {
  const clock = new ManualClock();
  const overlapEndsMs = { appSecrets: clock.now() + 60_000, verifyTokens: undefined };
  const secrets = secretsOf({
    platform: async () => ({ ...PLATFORM, appSecrets: ['current', 'former'], overlapEndsMs }),
  });
  const door = aDoor({ secrets, clock });
  const answers = async () => {
    const signed = ['current', 'former'].map((each) => sign(BODY, each));
    const calls = signed.map((signature) => door.receive(aCall({ body: BODY, signature })));
    return (await Promise.all(calls)).map(({ statusCode }) => statusCode);
  };
  expect(await answers()).toEqual([200, 200]);
  clock.advance(60_000);
  expect(await answers()).toEqual([200, 401]);
});

test('looks for no fresh values on behalf of whoever does not sign', async () => {
  let refreshes = 0;
  const secrets = secretsOf({
    refreshPlatform: async () => {
      refreshes += 1;
      return true;
    },
  });
  expect(await aDoor({ secrets }).receive(aCall({ body: BODY }))).toMatchObject({
    statusCode: 401,
  });
  expect(refreshes).toBe(0);
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

describe('an app that a tenant brought', () => {
  const signed = (secret: string, app: string = OWN_APP) =>
    aCall({ body: BODY, signature: sign(BODY, secret), app });

  test('is genuine by its own secrets only, and the shared app by its own', async () => {
    const door = aDoor();
    for (const secret of ['own', 'own-old']) {
      expect(await door.receive(signed(secret))).toMatchObject({ statusCode: 200 });
    }
    for (const call of [signed('new'), aCall({ body: BODY, signature: sign(BODY, 'own') })]) {
      expect(await door.receive(call)).toMatchObject({ statusCode: 401 });
    }
    expect(door.inbox.transcript(aChat())).toHaveLength(1);
  });

  test('verifies its callback URL by its own token', async () => {
    const verify = (token: string, app?: string) => {
      const query = {
        'hub.mode': 'subscribe',
        'hub.verify_token': token,
        'hub.challenge': '44',
      };
      return aDoor().receive(aCall({ method: 'GET', query, ...(app !== undefined && { app }) }));
    };
    expect(await verify('own-token', OWN_APP)).toMatchObject({ statusCode: 200, body: '44' });
    expect(await verify('token')).toMatchObject({ statusCode: 200, body: '44' });
    for (const app of [OWN_APP, 'nobodys-app']) {
      expect(await verify('token', app)).toMatchObject({ statusCode: 403, body: '' });
    }
    expect(await verify('own-token')).toMatchObject({ statusCode: 403, body: '' });
  });

  test('that nobody has is refused like a wrong signature, and costs no look at its secret', async () => {
    const ownSecrets = ownSecretsOf();
    const door = aDoor({ ownSecrets });
    const stranger = await door.receive(signed('own', 'nobodys-app'));
    expect(ownSecrets.asked).toEqual([]);
    expect(stranger).toEqual(await door.receive(signed('wrong')));
    expect(stranger).toMatchObject({ statusCode: 401, body: '' });
  });

  test.each(['', 'Bakery', 'bakery app', '..', 'a/b', '%2e', 'x'.repeat(65), '-a', 'prôut'])(
    'cannot be called %j',
    async (app) => {
      const ownSecrets = ownSecretsOf();
      const door = aDoor({ ownSecrets });
      const query = { 'hub.mode': 'subscribe', 'hub.verify_token': 'own-token' };
      for (const call of [signed('own', app), aCall({ method: 'GET', query, app })]) {
        expect(await door.receive(call)).toMatchObject({ statusCode: 404, body: '' });
      }
      expect(ownSecrets.asked).toEqual([]);
    },
  );

  test('is looked at once more when its secret has just been rotated', async () => {
    let appSecrets = ['stale'];
    const ownSecrets = ownSecretsOf({
      app: async () => ({ appSecrets, verifyTokens: ['t'] }),
      refreshApp: async () => {
        appSecrets = ['fresh'];
        return true;
      },
    });
    const answer = await aDoor({ ownSecrets }).receive(signed('fresh'));
    expect(answer).toMatchObject({ statusCode: 200 });
  });

  test('brings messages of another’s number in vain', async () => {
    const apps = appsOfBakery();
    apps.owners.clear();
    const door = aDoor({ apps });
    expect(await door.receive(signed('own'))).toMatchObject({ statusCode: 403, body: '' });
    expect(door.inbox.transcript(aChat())).toEqual([]);
  });

  test.each<[string, Partial<ReceiveWebhookDeps>, number]>([
    [
      'the table',
      { apps: Object.assign(appsOfBakery(), { findApp: () => Promise.reject(new Error()) }) },
      500,
    ],
    [
      'the number',
      { apps: Object.assign(appsOfBakery(), { ownerOf: () => Promise.reject(new Error()) }) },
      500,
    ],
    [
      'the secret',
      {
        ownSecrets: ownSecretsOf({
          app: async () => {
            throw new SecretUnavailableError('down', { needs: 'time' });
          },
        }),
      },
      503,
    ],
  ])(
    'is answered 5xx where %s cannot be read, so that Meta sends it again',
    async (_, over, statusCode) => {
      const door = aDoor(over);
      expect(await door.receive(signed('own'))).toMatchObject({ statusCode, body: '' });
      expect(door.inbox.transcript(aChat())).toEqual([]);
    },
  );
});
