import { createHash } from 'node:crypto';
import { getEventListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { Sha256Node } from '@smithy/core/checksum';
import { HttpRequest } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { dynamoDbClient } from '#runtime/aws/dynamodb-client.ts';
import { sqsClient } from '#runtime/aws/sqs-client.ts';
import { classifyAwsError } from '#runtime/aws-failure.ts';
import { MissingEnvironmentError } from '#runtime/env.ts';
import { errorFields } from '#runtime/error-fields.ts';
import { json, reset, silence, startLoopbackPeer } from '#test/support/loopback-peer.ts';

let peer: Awaited<ReturnType<typeof startLoopbackPeer>>;

const CREDENTIALS = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret', sessionToken: 'token' };
const THROTTLED = { __type: 'x#ThrottlingException', message: 'Slow down' };
const NOTHING = new GetItemCommand({ TableName: 't', Key: { pk: { S: 'a' } } });

beforeAll(async () => {
  peer = await startLoopbackPeer();
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('AWS_ENDPOINT_URL', peer.url);
  vi.stubEnv('AWS_ACCESS_KEY_ID', CREDENTIALS.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', CREDENTIALS.secretAccessKey);
  vi.stubEnv('AWS_SESSION_TOKEN', CREDENTIALS.sessionToken);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await peer.close();
});

it('signs as the SDK does, with the session token of the role', async () => {
  peer.answerWith(json(200, {}));
  const Item = { pk: { S: 'ñandú 🦤' }, n: { N: '1' }, b: { B: new Uint8Array([1, 2, 255]) } };
  await dynamoDbClient().send(new PutItemCommand({ TableName: 't', Item }));

  const [seen] = peer.requests;
  const headers = { ...seen?.headers };
  expect(headers['x-amz-security-token']).toBe('token');
  const { authorization } = headers;
  const date = String(headers['x-amz-date']);
  for (const name of ['authorization', 'connection', 'x-amz-date', 'x-amz-security-token']) {
    delete headers[name];
  }
  const signer = new SignatureV4({
    service: 'dynamodb',
    region: 'eu-central-1',
    credentials: CREDENTIALS,
    sha256: Sha256Node,
    applyChecksum: false,
  });
  const request = new HttpRequest({
    method: 'POST',
    path: '/',
    headers: headers as Record<string, string>,
    body: JSON.stringify(seen?.body),
  });
  const signingDate = date.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z');
  const signed = await signer.sign(request, { signingDate: new Date(signingDate) });
  expect(authorization).toBe(signed.headers['authorization']);
});

it('throws the classes of the SDK, which tell a condition from a fault', async () => {
  const type = 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException';
  peer.answerWith(json(400, { __type: type, message: 'The conditional request failed' }));
  await expect(dynamoDbClient().send(NOTHING)).rejects.toThrow(ConditionalCheckFailedException);
  expect(peer.requests).toHaveLength(1);
});

it('tries again what may pass, three times in all, and tells the last error', async () => {
  peer.answerWith(json(500, { __type: 'x#InternalServerError' }), reset, json(200, { Item: {} }));
  expect(await dynamoDbClient().send(NOTHING)).toMatchObject({ Item: {} });
  expect(peer.requests).toHaveLength(3);

  peer.answerWith(json(400, THROTTLED));
  const client = dynamoDbClient({ maxAttempts: 2 });
  await expect(client.send(NOTHING)).rejects.toThrow('Slow down');
  expect(peer.requests).toHaveLength(2);
});

it('knows by its status what is no JSON', async () => {
  peer.answerWith((response) => response.writeHead(503).end('<html>'));
  const error: unknown = await dynamoDbClient({ maxAttempts: 1 })
    .send(NOTHING)
    .catch((thrown: unknown) => thrown);
  expect(classifyAwsError(error)).toMatchObject({ class: 'retry' });
});

it.each([
  ['while it waits for an answer', silence],
  // It wishes a pause of more than five seconds.
  ['in the pause before the next try', json(400, THROTTLED, { 'x-amz-retry-after': '60000' })],
])('ends when it is told to, %s', async (_, answer) => {
  peer.answerWith(answer);
  const sent = dynamoDbClient().send(NOTHING, { abortSignal: AbortSignal.timeout(50) });
  const late = sleep(4_000, 'late', { ref: false });
  await expect(Promise.race([sent, late])).rejects.toThrow();
});

it('signs each attempt with the time that it is', async () => {
  const expired = { __type: 'x#InvalidSignatureException', message: 'Signature expired' };
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 0, 1) });
  peer.answerWith(
    (...call) => {
      vi.setSystemTime(Date.UTC(2026, 0, 2));
      json(400, expired)(...call);
    },
    json(200, {}),
  );
  await dynamoDbClient()
    .send(NOTHING)
    .finally(() => vi.useRealTimers());
  const times = peer.requests.map(({ headers }) => headers['x-amz-date']);
  expect(times).toEqual(['20260101T000000Z', '20260102T000000Z']);
});

it('leaves nothing behind at a signal that outlives the call', async () => {
  peer.answerWith(json(500, {}), json(200, {}));
  const { signal } = new AbortController();
  await dynamoDbClient().send(NOTHING, { abortSignal: signal });
  expect(peer.requests).toHaveLength(2);
  await vi.waitFor(() => expect(getEventListeners(signal, 'abort')).toEqual([]));
});

it('takes the answer of a queue', async () => {
  const MD5OfMessageBody = createHash('md5').update('{}').digest('hex');
  peer.answerWith(json(200, { Successful: [{ Id: '0', MessageId: 'm', MD5OfMessageBody }] }));
  const Entries = [{ Id: '0', MessageBody: '{}', MessageGroupId: 'chat' }];
  const QueueUrl = 'https://sqs.eu-central-1.amazonaws.com/000000000000/chats.fifo';
  const { Successful } = await sqsClient().send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  expect(Successful).toEqual([{ Id: '0', MessageId: 'm', MD5OfMessageBody }]);
  const [seen] = peer.requests;
  expect(seen?.headers).toMatchObject({
    'x-amz-target': 'AmazonSQS.SendMessageBatch',
    'x-amzn-query-mode': 'true',
  });
  expect(seen?.body).toEqual({ QueueUrl, Entries });
});

it('says what is missing where there are no credentials, as a class that wants a person', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', '');
  const error: unknown = await dynamoDbClient()
    .send(NOTHING)
    .catch((thrown: unknown) => thrown);
  vi.stubEnv('AWS_ACCESS_KEY_ID', CREDENTIALS.accessKeyId);
  expect(classifyAwsError(error)).toMatchObject({ class: 'fix-needed' });
  // It says what to set, and a log may tell.
  expect(errorFields(error).message).toContain('AWS_ACCESS_KEY_ID');
});

it('asks nobody where there is no region', () => {
  vi.stubEnv('AWS_REGION', '');
  expect(() => dynamoDbClient()).toThrow(MissingEnvironmentError);
  vi.stubEnv('AWS_REGION', 'eu-central-1');
});
