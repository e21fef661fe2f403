import { afterAll, beforeAll, expect, it } from 'vitest';
import { AwsConnection } from '#runtime/aws/aws-connection.ts';
import { classifyAwsError } from '#runtime/aws-failure.ts';
import { halfAnAnswer, json, silence, startLoopbackPeer } from '#test/support/loopback-peer.ts';

let peer: Awaited<ReturnType<typeof startLoopbackPeer>>;
beforeAll(async () => {
  peer = await startLoopbackPeer();
});
afterAll(() => peer.close());

const connection = new AwsConnection({ connectionTimeout: 1_000, requestTimeout: 80 });
const post = (abort?: AbortSignal) => connection.post(new URL(peer.url), {}, '{}', abort);

it.each([
  ['that says nothing', silence],
  ['that stops in the middle', halfAnAnswer],
])('gives up an answer %s, as something to try again', async (_, answer) => {
  peer.answerWith(answer);
  const error: unknown = await post().catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'TimeoutError', code: 'ETIMEDOUT' });
  expect(classifyAwsError(error)).toMatchObject({ class: 'retry' });
});

it('asks nobody for whom nobody waits', async () => {
  peer.answerWith(json(200, {}));
  await expect(post(AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
  expect(peer.requests).toHaveLength(0);
});

it('keeps its connection', async () => {
  peer.answerWith((response, { headers }) =>
    json(200, { connection: headers.connection, port: response.socket?.remotePort })(response, {
      method: '',
      path: '',
      headers,
      body: undefined,
    }),
  );
  const bodies = [await post(), await post()].map(({ body }) => body.toString());
  expect(JSON.parse(bodies[0] ?? '')).toMatchObject({ connection: 'keep-alive' });
  expect(bodies[1]).toBe(bodies[0]);
});
