import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { businessRoutes } from '#lambdas/business/config.ts';
import { isAllowed, type PolicyStatement } from '#local/aws/iam.ts';
import { HttpApi } from '#local/http-api/http-api.ts';
import { iamAuthorizer } from '#local/http-api/iam-authorizer.ts';
import { RouteTable } from '#local/http-api/routes.ts';
import type { LambdaFunction } from '#local/lambda/lambda-function.ts';
import { listen, type RunningServer } from '#local/peer-server.ts';
import {
  type PlainRequest,
  type Signer,
  signedFetch,
  signedHeaders,
} from '#test/support/sign-request.ts';

const REGION = 'eu-central-1';
const ARN = `arn:aws:execute-api:${REGION}:000000000000:api/$default/`;
const USER = 'arn:aws:iam::000000000000:user/bakery-backend';
const bakery: Signer = { accessKeyId: 'LOCALBAKERY', secretAccessKey: 'secret', region: REGION };

let server: RunningServer;
// biome-ignore lint/suspicious/noExplicitAny: events are read field by field
let event: any;
let statements: readonly PolicyStatement[];

function allow(...resources: readonly string[]): PolicyStatement {
  return { Effect: 'Allow', Action: 'execute-api:Invoke', Resource: resources };
}

beforeAll(async () => {
  const identity = () => ({
    arn: USER,
    userId: 'AIDABAKERY',
    secretAccessKey: 'secret',
    statements,
  });
  const api = new HttpApi({
    identity: { account: '000000000000', apiId: 'api', stage: '$default' },
    routes: new RouteTable(
      ['POST /chats/{contact}/messages', 'GET /chats'].map((routeKey) => ({
        routeKey,
        logicalId: 'Route',
        functionArn: 'arn:business',
        permitted: true,
        authorization: { type: 'AWS_IAM', arnPrefix: ARN },
      })),
    ),
    throttleOf: () => undefined,
    functionOf: () =>
      ({
        invoke: async (payload: string) => {
          event = JSON.parse(payload);
          return { kind: 'returned', payload: '{"statusCode":200}' };
        },
      }) as unknown as LambdaFunction,
    authorise: iamAuthorizer({
      identities: { find: (key) => (key === 'LOCALBAKERY' ? identity() : undefined) },
      accountId: '000000000000',
      region: REGION,
      now: Date.now,
    }),
  });
  server = await listen(
    createServer((request, response) => void api.handle(request, response)),
    0,
  );
});
beforeEach(() => {
  event = undefined;
  statements = [allow(`${ARN}*/chats`, `${ARN}*/chats/*`)];
});
afterAll(() => server.close());

function say(over: Partial<PlainRequest> = {}): PlainRequest {
  return {
    method: 'POST',
    url: `${server.url}/chats/34600111222/messages?number=1000000`,
    headers: { 'content-type': 'application/json', 'idempotency-key': 'a  b' },
    body: '{"text":"¡Hola!"}',
    ...over,
  };
}

describe('a request signed by the SDK of AWS', () => {
  test('reaches the function, which is told who calls as API Gateway tells it', async () => {
    const { status } = await signedFetch(say(), bakery);
    expect(status).toBe(200);
    expect(event.pathParameters).toEqual({ contact: '34600111222' });
    expect(event.requestContext.authorizer).toEqual({
      iam: {
        accessKey: 'LOCALBAKERY',
        accountId: '000000000000',
        callerId: 'AIDABAKERY',
        cognitoIdentity: null,
        principalOrgId: '',
        userArn: USER,
        userId: 'AIDABAKERY',
      },
    });
  });

  test.each([
    ['/chats', ''],
    ['/chats', '?b=2&a=1&a=0&empty='],
    ['/chats', '?text=a%20b%2Fc%3D%2B%26&umlaut=%C3%A4%C3%B6'],
    ['/chats', "?quote=it's%20(so)*!"],
  ])('is known by %s%s', async (path, query) => {
    const { status } = await signedFetch(
      { method: 'GET', url: `${server.url}${path}${query}` },
      bakery,
    );
    expect(status).toBe(200);
  });

  test('is known by a path with percent signs, which the function finds decoded', async () => {
    const url = `${server.url}/chats/%2B34%20600%20111%20222/messages`;
    expect(await signedFetch(say({ url }), bakery)).toMatchObject({ status: 200 });
    expect(event.pathParameters).toEqual({ contact: '+34 600 111 222' });
  });
});

test('the policy of docs/hand-over.md opens every route of the API, and nothing else', async () => {
  const [text = '{}'] =
    readFileSync('docs/hand-over.md', 'utf8').match(/\{\n {2}"Version"[^`]+/) ?? [];
  const filled = text
    .replaceAll('<region>', REGION)
    .replaceAll('<account>', '000000000000')
    .replaceAll('<api id>', 'api');
  statements = JSON.parse(filled).Statement;
  expect(await signedFetch(say(), bakery)).toMatchObject({ status: 200 });
  const list = { method: 'GET', url: `${server.url}/chats` };
  expect(await signedFetch(list, bakery)).toMatchObject({ status: 200 });
  const allowed = (resource: string) =>
    isAllowed({ statements, action: 'execute-api:Invoke', resource });
  for (const { method, path } of businessRoutes) {
    expect(allowed(`${ARN}${method}${path.replace('{contact}', '34600111222')}`)).toBe(true);
  }
  const elsewhere = ARN.replace('api/', 'other/');
  for (const other of [`${ARN}POST/webhook`, `${elsewhere}GET/chats`]) {
    expect(allowed(other)).toBe(false);
  }
});

describe('Forbidden is who', () => {
  async function isRefused(response: Promise<Response>): Promise<void> {
    const { status, headers, text } = await response.then(async (each) => ({
      status: each.status,
      headers: each.headers,
      text: await each.text(),
    }));
    expect({ status, text, type: headers.get('content-type') }).toEqual({
      status: 403,
      text: '{"message":"Forbidden"}',
      type: 'application/json',
    });
    expect(event).toBeUndefined();
  }

  test('does not sign', () => isRefused(fetch(`${server.url}/chats`)));

  test.each([
    ['has no such key', { accessKeyId: 'LOCALCLINIC' }],
    ['signs with another secret', { secretAccessKey: 'guessed' }],
    ['signs for another service', { service: 'sqs' }],
    ['signs for another region', { region: 'us-east-1' }],
  ])('%s', (_, over) => isRefused(signedFetch(say(), { ...bakery, ...over })));

  test.each([-6, 6])('signed %d minutes from now', (minutes) =>
    isRefused(signedFetch(say({ signingDate: new Date(Date.now() + minutes * 60_000) }), bakery)),
  );

  test('changes the body after it was signed', async () => {
    const { url, body: _, ...rest } = say();
    const headers = await signedHeaders(say(), bakery);
    await isRefused(fetch(url, { ...rest, headers, body: '{"text":"Adiós"}' }));
  });

  test('changes the query or the contact after it was signed', async () => {
    const headers = await signedHeaders(say(), bakery);
    const { body = '' } = say();
    for (const path of ['34600111222/messages?number=2', '34600111999/messages?number=1000000']) {
      await isRefused(fetch(`${server.url}/chats/${path}`, { method: 'POST', headers, body }));
    }
  });

  test('changes a signed header', async () => {
    const headers = await signedHeaders(say(), bakery);
    const { url, body = '' } = say();
    const changed = { ...headers, 'idempotency-key': 'another' };
    await isRefused(fetch(url, { method: 'POST', headers: changed, body }));
  });

  test('adds an unsigned header of AWS', async () => {
    const headers = await signedHeaders(say(), bakery);
    const { url, body = '' } = say();
    const added = { ...headers, 'x-amz-target': 'Something' };
    await isRefused(fetch(url, { method: 'POST', headers: added, body }));
  });

  test('may invoke something else only', () => {
    statements = [allow(`${ARN}GET/chats`, `${ARN}POST/chats/34600111999/*`)];
    return isRefused(signedFetch(say(), bakery));
  });

  test('is denied it', () => {
    statements = [...statements, { ...allow(`${ARN}POST/*`), Effect: 'Deny' }];
    return isRefused(signedFetch(say(), bakery));
  });

  test('has a policy that cannot be judged here', () => {
    const Condition = { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } };
    statements = [{ ...allow(`${ARN}*`), Condition }];
    return isRefused(signedFetch(say(), bakery));
  });
});
