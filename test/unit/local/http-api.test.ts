import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HttpApi } from '#local/http-api/http-api.ts';
import { type Route, RouteTable } from '#local/http-api/routes.ts';
import { TokenBucket } from '#local/http-api/token-bucket.ts';
import type { InvokeOutcome } from '#local/lambda/invocation.ts';
import type { LambdaFunction } from '#local/lambda/lambda-function.ts';
import { listen, type RunningServer } from '#local/peer-server.ts';

let server: RunningServer;
/** The last event that the function got, and what it answers. */
// biome-ignore lint/suspicious/noExplicitAny: events are read field by field
let event: any;
let outcome: InvokeOutcome;

function aRoute(routeKey: string, permitted = true): Route {
  const authorization = { type: 'NONE' } as const;
  return { routeKey, logicalId: 'Route', functionArn: 'arn:ingest', permitted, authorization };
}

beforeEach(async () => {
  outcome = returned({ statusCode: 200 });
  event = undefined;
  const buckets = new Map([['GET /scarce', new TokenBucket(0, 2)]]);
  const api = new HttpApi({
    identity: { account: '000000000000', apiId: 'api', stage: '$default' },
    routes: new RouteTable([
      aRoute('POST /webhook'),
      aRoute('GET /webhook'),
      aRoute('GET /scarce'),
      aRoute('GET /forbidden', false),
      aRoute('ANY /items/{id}'),
      aRoute('GET /items/new'),
      aRoute('GET /files/{path+}'),
    ]),
    throttleOf: (routeKey) => buckets.get(routeKey),
    functionOf: () =>
      ({
        invoke: async (payload: string) => {
          event = JSON.parse(payload);
          return outcome;
        },
      }) as unknown as LambdaFunction,
    authorise: () => undefined,
  });
  server = await listen(
    createServer((request, response) => void api.handle(request, response)),
    0,
  );
});

afterEach(() => server.close());

function returned(value: unknown): InvokeOutcome {
  return { kind: 'returned', payload: JSON.stringify(value) };
}

function call(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(server.url + path, init);
}

function post(body: string | Uint8Array<ArrayBuffer>, type: string): Promise<Response> {
  return call('/webhook', { method: 'POST', body, headers: { 'content-type': type } });
}

describe('the event', () => {
  test('tells method, path, query and headers in the format 2.0', async () => {
    await call('/webhook?hub.mode=subscribe&tag=a&tag=b%20c', { headers: { 'X-Custom': 'Value' } });
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: 'GET /webhook',
      rawPath: '/webhook',
      rawQueryString: 'hub.mode=subscribe&tag=a&tag=b%20c',
      queryStringParameters: { 'hub.mode': 'subscribe', tag: 'a,b c' },
      headers: { 'x-custom': 'Value' },
      requestContext: {
        http: { method: 'GET', path: '/webhook', sourceIp: '127.0.0.1' },
        stage: '$default',
        requestId: expect.any(String),
        time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
      },
      isBase64Encoded: false,
    });
    expect(event).not.toHaveProperty('body');
  });

  test.each([
    'application/json',
    'application/json; charset=utf-8',
    'text/plain',
    'application/xml',
  ])('carries a body of type %s as text', async (type) => {
    await post('{"text":"hello 😀"}', type);
    expect(event).toMatchObject({ body: '{"text":"hello 😀"}', isBase64Encoded: false });
  });

  test.each(['application/octet-stream', 'application/x-www-form-urlencoded', 'image/png'])(
    'carries a body of type %s as base64',
    async (type) => {
      await post('a=1', type);
      expect(event).toMatchObject({ body: 'YT0x', isBase64Encoded: true });
    },
  );

  test('carries JSON that is not UTF-8 as base64, so that no byte is lost', async () => {
    await post(new Uint8Array([0xff, 0xfe, 0x00]), 'application/json');
    expect(event).toMatchObject({ body: '//4A', isBase64Encoded: true });
  });
});

describe('a request', () => {
  test.each([
    ['/items/7', 'ANY /items/{id}', { id: '7' }],
    ['/items/new', 'GET /items/new', undefined],
    ['/files/a/b', 'GET /files/{path+}', { path: 'a/b' }],
  ])('to %s takes the most specific route', async (path, routeKey, parameters) => {
    await call(path);
    expect(event.routeKey).toBe(routeKey);
    expect(event.pathParameters).toEqual(parameters);
  });

  test.each(['/', '/webhook/', '/webhooks', '/items/1/2'])('to %s finds no route', async (path) => {
    const response = await call(path);
    expect([response.status, await response.json()]).toEqual([404, { message: 'Not Found' }]);
  });

  test('with a method that has no route is not found', async () => {
    expect((await call('/webhook', { method: 'PUT' })).status).toBe(404);
  });

  test('beyond the throttle of its route is refused', async () => {
    const statuses = [];
    for (let index = 0; index < 3; index += 1) statuses.push((await call('/scarce')).status);
    expect(statuses).toEqual([200, 200, 429]);
  });

  test('of more than 10 MB is refused before the function sees it', async () => {
    const response = await post(new Uint8Array(10 * 1024 * 1024 + 1), 'application/json');
    expect(response.status).toBe(413);
    expect(event).toBeUndefined();
  });

  test('to a function that the API may not call fails', async () => {
    const response = await call('/forbidden');
    expect([response.status, await response.json()]).toEqual([
      500,
      { message: 'Internal Server Error' },
    ]);
    expect(event).toBeUndefined();
  });
});

describe('the answer', () => {
  test('is what the function says', async () => {
    outcome = returned({
      statusCode: 401,
      headers: { 'X-Reason': 'signature' },
      cookies: ['a=1', 'b=2'],
      body: 'no',
    });
    const response = await call('/webhook');
    expect(response.status).toBe(401);
    expect(response.headers.get('x-reason')).toBe('signature');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(await response.text()).toBe('no');
  });

  test('decodes a base64 body', async () => {
    outcome = returned({ statusCode: 200, body: 'aGk=', isBase64Encoded: true });
    expect(await (await call('/webhook')).text()).toBe('hi');
  });

  test.each([
    ['a string', 'challenge', 'challenge'],
    ['an object without statusCode', { ok: true }, '{"ok":true}'],
  ])('to %s is a 200 with it', async (_, value, body) => {
    outcome = returned(value);
    const response = await call('/webhook');
    expect([response.status, await response.text()]).toEqual([200, body]);
  });

  test.each<[number, InvokeOutcome]>([
    [500, { kind: 'failed', error: { errorType: 'Error', errorMessage: 'secret' } }],
    [500, returned({ statusCode: 'many' })],
    [503, { kind: 'throttled' }],
    [413, { kind: 'refused', status: 413 }],
    [502, { kind: 'refused', status: 502 }],
    [500, { kind: 'refused', status: 404 }],
  ])('is %i where the function gives %j', async (status, given) => {
    outcome = given;
    const response = await call('/webhook');
    expect(response.status).toBe(status);
    expect(await response.text()).not.toContain('secret');
  });
});
