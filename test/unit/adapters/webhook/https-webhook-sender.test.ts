import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  HttpsWebhookSender,
  type HttpsWebhookSenderOptions,
} from '#adapters/webhook/https-webhook-sender.ts';
import type { OutgoingWebhook } from '#app/ports/notices.ts';
import { webhookSecretOf } from '#domain/notice/webhook-secret.ts';
import { listen, type RunningServer, readBody } from '#local/peer-server.ts';

const SECRET = webhookSecretOf(Buffer.alloc(32, 7).toString('base64'));
const BODY = '{"type":"chat.taken","data":{"text":"¿Sí?"}}';

let server: RunningServer;
let received: { readonly headers: IncomingHttpHeaders; readonly body: string }[];
let respond: (response: ServerResponse) => void;

beforeAll(async () => {
  server = await listen(
    createServer(async (request, response) => {
      received.push({ headers: request.headers, body: (await readBody(request)).toString('utf8') });
      respond(response);
    }),
    0,
  );
});
afterAll(() => server.close());
beforeEach(() => {
  received = [];
  respond = (response) => response.writeHead(204).end();
});

function send(
  over: Partial<OutgoingWebhook> = {},
  options: Partial<HttpsWebhookSenderOptions> = {},
) {
  const sender = new HttpsWebhookSender({
    clock: { now: Date.now },
    allowsLoopback: true,
    ...options,
  });
  const webhook = { url: `${server.url}/hook`, id: 'notice-1', body: BODY, secrets: [SECRET] };
  return sender.send({ ...webhook, timeoutMs: 2_000, ...over });
}

/** A name that leads where it is told to. */
function leadingTo(...addresses: readonly string[]) {
  const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  const resolve = (_: unknown, __: unknown, answer: (...found: unknown[]) => void) =>
    answer(null, found);
  return { resolve: resolve as unknown as NonNullable<HttpsWebhookSenderOptions['resolve']> };
}

describe('a webhook', () => {
  test('arrives as JSON that the receiver can verify', async () => {
    expect(await send()).toEqual({ kind: 'delivered' });
    const [{ headers, body } = { headers: {}, body: '' }] = received;
    expect(headers['content-type']).toBe('application/json');
    const signed = headers as Record<string, string>;
    expect(new Webhook(SECRET).verify(body, signed)).toMatchObject({ type: 'chat.taken' });
  });

  test.each([
    [500, 'retry', undefined],
    [429, 'retry', 120_000],
    [404, 'retry', undefined],
    [410, 'give-up-here', undefined],
  ])('that is answered %d is of the class %s', async (status, failureClass, retryAfterMs) => {
    respond = (response) =>
      response.writeHead(status, retryAfterMs ? { 'retry-after': '120' } : {}).end();
    expect(await send()).toEqual({
      kind: 'refused',
      failure: { class: failureClass, code: `webhook:http-${status}`, retryAfterMs },
    });
  });

  test('follows no redirect: the address is the one that the business gave', async () => {
    respond = (response) => response.writeHead(307, { location: `${server.url}/elsewhere` }).end();
    expect(await send()).toMatchObject({ failure: { class: 'retry', code: 'webhook:http-307' } });
    expect(received).toHaveLength(1);
  });

  test('waits no longer than it may', async () => {
    respond = () => {};
    expect(await send({ timeoutMs: 50 })).toMatchObject({
      failure: { class: 'retry', code: 'webhook:timeout' },
    });
  });

  test('of which nobody takes the call is tried again', async () => {
    expect(await send({ url: 'http://127.0.0.1:1/' })).toMatchObject({
      failure: { class: 'retry', code: 'webhook:econnrefused' },
    });
  });

  test('does not wait for an answer that never ends', async () => {
    respond = (response) => {
      response.writeHead(200);
      response.write('…');
    };
    expect(await send()).toEqual({ kind: 'delivered' });
  });
});

describe('nothing is sent', () => {
  const refused = { failure: { class: 'fix-needed', code: 'webhook:address-refused' } };

  test.each([
    'http://hooks.example.com/',
    'https://user:password@hooks.example.com/',
    'https://10.0.0.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://[::1]/',
    'https://[fd00:ec2::254]/',
    'https://0x7f000001/',
    'https://2130706433/',
    'ftp://hooks.example.com/',
    'no address',
  ])('to %s', async (url) => {
    const options = { allowsLoopback: false, ...leadingTo('93.184.216.34') };
    expect(await send({ url }, options)).toMatchObject(refused);
  });

  test('to this machine, where that is not the local stack', async () => {
    expect(await send({}, { allowsLoopback: false })).toMatchObject(refused);
    expect(received).toEqual([]);
  });

  test.each([
    [['10.0.0.1']],
    [['127.0.0.1']],
    [['93.184.216.34', '169.254.169.254']],
    [['::ffff:192.168.0.1']],
  ])('to a name that leads to %j', async (addresses) => {
    const { port } = server;
    const options = { allowsLoopback: false, ...leadingTo(...addresses) };
    const url = `https://hooks.example.com:${port}/`;
    expect(await send({ url }, options)).toMatchObject(refused);
    expect(received).toEqual([]);
  });
});
