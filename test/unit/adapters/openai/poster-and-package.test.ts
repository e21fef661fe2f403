import { type AddressInfo, createServer } from 'node:net';
import * as sdk from 'openai';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { OpenAiResponses } from '#adapters/openai/open-ai-responses.ts';
import { packageFailure } from '#adapters/openai/package-failure.ts';
import type { Failure } from '#domain/failure.ts';
import { json, reset, silence, startLoopbackPeer } from '#test/support/loopback-peer.ts';

let peer: Awaited<ReturnType<typeof startLoopbackPeer>>;
let gone: string;
beforeAll(async () => {
  const closed = await startLoopbackPeer();
  gone = closed.url;
  await closed.close();
  peer = await startLoopbackPeer();
});
afterAll(() => peer.close());

const BODY = { model: 'gpt-6-luna', input: 'Any bread left?' };

async function byPoster(baseUrl: string, key: string, timeoutMs: number) {
  const platform = async () => ({ appSecrets: [], verifyTokens: [], openAiApiKey: key });
  const secrets = { platform, refreshPlatform: async () => false };
  const responses = new OpenAiResponses({ baseUrl, secrets });
  const reply = await responses.create(BODY, timeoutMs, () => ({ kind: 'said' as const }));
  return reply.kind === 'failed' ? reply.failure : undefined;
}

async function byPackage(baseURL: string, apiKey: string, timeoutMs: number) {
  const signal = AbortSignal.timeout(timeoutMs);
  const client = new sdk.OpenAI({ apiKey, baseURL, maxRetries: 0, logLevel: 'off' });
  return client.responses
    .create(BODY, { signal })
    .then((): Failure | undefined => undefined)
    .catch((error: unknown) => packageFailure(error, sdk, signal));
}

function anError(code: string | null, type = 'invalid_request_error') {
  return { error: { message: 'Outside words', type, code, param: null } };
}

it.each([
  ['an answer', json(200, { status: 'completed' })],
  ['a limit, with milliseconds', json(429, anError('slow_down'), { 'retry-after-ms': '1500' })],
  ['a limit, with seconds', json(429, anError(null, 'requests'), { 'retry-after': '20' })],
  ['a limit, with a day', json(429, {}, { 'retry-after': 'Thu, 26 Nov 2026 20:00:00 GMT' })],
  ['no money left', json(429, anError('insufficient_quota'))],
  ['a key that is unknown', json(401, anError('invalid_api_key'))],
  ['a country that is refused', json(403, anError('unsupported_country_region_territory'))],
  ['a model that is unknown', json(404, anError('model_not_found'))],
  ['a conversation that is too long', json(400, anError('context_length_exceeded'))],
  ['a request that is wrong', json(400, anError(null))],
  ['a conflict', json(409, anError(null))],
  ['a wish not to be asked again', json(500, {}, { 'x-should-retry': 'false' })],
  ['an error in words', json(502, { error: 'upstream' })],
  ['a page', (response) => response.writeHead(503).end('<html>Slow')],
  ['nothing', (response) => response.writeHead(500).end()],
  ['a broken connection', reset],
] as const satisfies [string, Parameters<typeof peer.answerWith>[0]][])(
  'takes %s for what the package takes it',
  async (_what, answer) => {
    peer.answerWith(answer);
    const ours = await byPoster(`${peer.url}/v1/`, 'key', 1_000);
    expect(peer.requests[0]).toMatchObject({ path: '/v1/responses', body: BODY });
    expect(ours).toEqual(await byPackage(`${peer.url}/v1`, 'key', 1_000));
  },
);

it('takes silence, and nobody at home, for what the package takes it', async () => {
  peer.answerWith(silence);
  const ours = await byPoster(peer.url, 'key', 100);
  expect(ours).toEqual(await byPackage(peer.url, 'key', 100));
  expect(await byPoster(gone, 'key', 1_000)).toEqual(await byPackage(gone, 'key', 1_000));
});

it('counts no cost where the time was up before there was a connection', async () => {
  const mute = createServer();
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
  const { port } = mute.address() as AddressInfo;
  expect(await byPoster(`https://127.0.0.1:${port}`, 'key', 100)).toEqual({
    class: 'retry',
    code: 'openai:no-connection',
  });
  mute.close();
});

it('knows a key that cannot be one, and says nothing of it', async () => {
  const failure = await byPoster(peer.url, 'key-1\n', 1_000);
  expect(failure).toMatchObject({ class: 'fix-needed', code: 'openai:invalid_api_key' });
});
