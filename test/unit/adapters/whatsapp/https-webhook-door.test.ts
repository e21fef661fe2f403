import { afterAll, beforeAll, expect, test } from 'vitest';
import { HttpsWebhookDoor } from '#adapters/whatsapp/https-webhook-door.ts';
import { isSignedBy } from '#adapters/whatsapp/webhook-signature.ts';
import { json, reset, silence, startLoopbackPeer } from '#test/support/loopback-peer.ts';

let peer: Awaited<ReturnType<typeof startLoopbackPeer>>;
beforeAll(async () => {
  peer = await startLoopbackPeer();
});
afterAll(() => peer.close());

const BODY = '{"object":"whatsapp_business_account","text":"¿qué?"}';

function post(url = peer.url, timeoutMs = 5_000) {
  return new HttpsWebhookDoor({ url: `${url}/webhook` }).post(BODY, { appSecret: 's', timeoutMs });
}

test('posts the body with the signature that Meta would put', async () => {
  peer.answerWith(json(200, {}));
  expect(await post()).toEqual({ kind: 'answered', status: 200 });
  const [seen] = peer.requests;
  expect(seen).toMatchObject({ method: 'POST', path: '/webhook', body: JSON.parse(BODY) });
  const header = String(seen?.headers['x-hub-signature-256']);
  expect(isSignedBy(Buffer.from(BODY), header, ['s'])).toBe(true);
});

test.each([401, 403, 429, 500, 503])('tells a refusal: %i', async (status) => {
  peer.answerWith(json(status, {}));
  expect(await post()).toEqual({ kind: 'answered', status });
});

test('follows nobody elsewhere', async () => {
  peer.answerWith(json(302, {}, { location: `${peer.url}/elsewhere` }), json(200, {}));
  expect(await post()).toEqual({ kind: 'answered', status: 302 });
  expect(peer.requests).toHaveLength(1);
});

test('says why nobody answers', async () => {
  peer.answerWith(reset);
  expect(await post()).toEqual({ kind: 'unreachable', code: 'UND_ERR_SOCKET' });
  peer.answerWith(silence);
  expect(await post(peer.url, 50)).toEqual({ kind: 'unreachable', code: 'TimeoutError' });
  expect(await post('http://127.0.0.1:1')).toMatchObject({ kind: 'unreachable' });
});
