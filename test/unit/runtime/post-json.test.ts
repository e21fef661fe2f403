import { type AddressInfo, createServer } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { JsonPoster, UNUSABLE_TOKEN } from '#runtime/post-json.ts';
import { json, startLoopbackPeer } from '#test/support/loopback-peer.ts';

let peer: Awaited<ReturnType<typeof startLoopbackPeer>>;
beforeAll(async () => {
  peer = await startLoopbackPeer();
});
afterAll(() => peer.close());

function post(url: string, over: { token?: string; poster?: JsonPoster } = {}) {
  const { token = 'token', poster = new JsonPoster({ connectTimeoutMs: 50 }) } = over;
  return poster.post({ url, token, body: { text: 'ñ🦤' }, deadline: AbortSignal.timeout(4_000) });
}

it('says who asks, and how long it is in bytes', async () => {
  peer.answerWith(json(200, {}));
  expect(await post(peer.url)).toMatchObject({ kind: 'answered', status: 200 });
  expect(peer.requests).toMatchObject([
    {
      headers: { 'user-agent': 'whatsapp-concierge', 'content-length': '17' },
      body: { text: 'ñ🦤' },
    },
  ]);
});

it('gives up who takes the connection and never says who it is: nothing was sent', async () => {
  const mute = createServer();
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
  const { port } = mute.address() as AddressInfo;
  expect(await post(`https://127.0.0.1:${port}`)).toEqual({ kind: 'not-sent', code: 'etimedout' });
  mute.close();
});

it.each(['', 'token\n', 'tökén'])('sends nothing with the token %j', async (token) => {
  peer.answerWith(json(200, {}));
  expect(await post(peer.url, { token })).toEqual({ kind: 'not-sent', code: UNUSABLE_TOKEN });
  expect(peer.requests).toEqual([]);
});

it('loses an answer that is longer than anybody expects', async () => {
  peer.answerWith(json(200, { text: 'x'.repeat(100) }));
  const poster = new JsonPoster({ mostAnswerBytes: 100 });
  expect(await post(peer.url, { poster })).toMatchObject({ kind: 'lost' });
});
