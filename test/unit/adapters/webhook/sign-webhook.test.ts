import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { webhookHeaders } from '#adapters/webhook/sign-webhook.ts';
import { isWebhookSecret, webhookSecretOf } from '#domain/notice/webhook-secret.ts';

const secret = (fill: number, bytes = 32) =>
  webhookSecretOf(Buffer.alloc(bytes, fill).toString('base64'));
const [current, former, other] = [secret(1), secret(2), secret(3)];
const body = '{"type":"chat.taken","data":{"text":"¿Sí? 😀"}}';

function signed(secrets: readonly string[], over: { timestampSeconds?: number } = {}) {
  const timestampSeconds = Math.floor(Date.now() / 1000);
  return webhookHeaders({ id: 'notice-1', timestampSeconds, body, ...over }, secrets);
}

test('the library of Standard Webhooks takes what is signed here', () => {
  const event = new Webhook(current).verify(body, signed([current]));
  expect(event).toMatchObject({ type: 'chat.taken' });
});

test('while a secret is rotated either is enough', () => {
  const headers = signed([current, former]);
  for (const each of [current, former]) {
    expect(() => new Webhook(each).verify(body, headers)).not.toThrow();
  }
  expect(() => new Webhook(other).verify(body, headers)).toThrow();
});

test('a body, an id or a time that is not the signed one is refused', () => {
  const headers = signed([current]);
  const verifier = new Webhook(current);
  expect(() => verifier.verify(`${body} `, headers)).toThrow();
  expect(() => verifier.verify(body, { ...headers, 'webhook-id': 'notice-2' })).toThrow();
  const later = String(Number(headers['webhook-timestamp']) + 1);
  expect(() => verifier.verify(body, { ...headers, 'webhook-timestamp': later })).toThrow();
  const old = signed([current], { timestampSeconds: Math.floor(Date.now() / 1000) - 600 });
  expect(() => verifier.verify(body, old)).toThrow();
});

test('the specification’s own example comes out the same', () => {
  // https://docs.svix.com/receiving/verifying-payloads/how-manual
  const headers = webhookHeaders(
    {
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      timestampSeconds: 1614265330,
      body: '{"test": 2432232314}',
    },
    ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
  );
  expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
});

test.each([
  ['of 24 bytes', secret(1, 24), true],
  ['of 64 bytes', secret(1, 64), true],
  ['of 23 bytes', secret(1, 23), false],
  ['of 65 bytes', secret(1, 65), false],
  ['without its prefix', secret(1).slice(6), false],
  ['that is no base64', `${secret(1).slice(0, -3)}?!=`, false],
  ['that is empty', 'whsec_', false],
])('a secret %s is one: %s', (_, text, isOne) => {
  expect(isWebhookSecret(text)).toBe(isOne);
});
