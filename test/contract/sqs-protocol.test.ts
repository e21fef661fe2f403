import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { sqsApi } from '#local/sqs/json-protocol.ts';
import { md5OfAttributes } from '#local/sqs/md5.ts';
import { newModel } from '#test/support/sqs-door.ts';

/** What the SDK does not look at, or hides: raw calls. */
function open() {
  const { sqs } = newModel();
  const api = sqsApi(sqs);
  const context = { endpoint: 'http://127.0.0.1:1', principalId: 'AROA' };
  return async (operation: string, input: unknown) => {
    const body = typeof input === 'string' ? input : JSON.stringify(input);
    const answer = await api.handle(operation, body, context);
    return { ...answer, body: JSON.parse(answer.body) };
  };
}

async function openWithQueue() {
  const call = open();
  const { body } = await call('CreateQueue', { QueueName: 'q' });
  const QueueUrl: string = body.QueueUrl;
  return { call, QueueUrl };
}

it('names a queue by the address at which it was called', async () => {
  const { call, QueueUrl } = await openWithQueue();
  expect(QueueUrl).toBe('http://127.0.0.1:1/123456789012/q');
  expect((await call('GetQueueUrl', { QueueName: 'q' })).body).toEqual({ QueueUrl });
  expect((await call('ListQueues', { QueueNamePrefix: 'q' })).body).toEqual({
    QueueUrls: [QueueUrl],
  });
  expect((await call('ListQueues', { QueueNamePrefix: 'r' })).body).toEqual({ QueueUrls: [] });
});

it('gives only the attributes that were asked for', async () => {
  const { call, QueueUrl } = await openWithQueue();
  const attribute = { DataType: 'String', StringValue: 'x' };
  await call('SendMessage', {
    QueueUrl,
    MessageBody: 'x',
    MessageAttributes: { 'trace.id': attribute, 'trace.parent': attribute, other: attribute },
  });
  const receive = { QueueUrl, VisibilityTimeout: 0 };
  const bare = (await call('ReceiveMessage', receive)).body.Messages[0];
  expect(bare).not.toHaveProperty('Attributes');
  expect(bare).not.toHaveProperty('MessageAttributes');
  const some = (
    await call('ReceiveMessage', {
      ...receive,
      MessageAttributeNames: ['trace.*'],
      MessageSystemAttributeNames: ['SenderId'],
    })
  ).body.Messages[0];
  expect(some.Attributes).toEqual({ SenderId: 'AROA' });
  expect(Object.keys(some.MessageAttributes)).toEqual(['trace.id', 'trace.parent']);
});

it('answers an empty receive with an empty object', async () => {
  const { call, QueueUrl } = await openWithQueue();
  expect((await call('ReceiveMessage', { QueueUrl })).body).toEqual({});
});

it('gives an error by both of its names', async () => {
  const call = open();
  const QueueUrl = 'http://127.0.0.1:1/123456789012/nowhere';
  expect(await call('PurgeQueue', { QueueUrl })).toMatchObject({
    status: 400,
    headers: { 'x-amzn-query-error': 'AWS.SimpleQueueService.NonExistentQueue;Sender' },
    body: { __type: 'com.amazonaws.sqs#QueueDoesNotExist' },
  });
});

it.each([
  ['no JSON', 'SendMessage', '{', 'MissingRequiredParameterException'],
  ['an array', 'SendMessage', [], 'MissingRequiredParameterException'],
  ['a number as a body', 'SendMessage', { MessageBody: 1 }, 'MissingRequiredParameterException'],
  ['an unknown operation', 'TagQueue', {}, 'UnsupportedOperation'],
])('refuses %s', async (_case, operation, input, code) => {
  expect(await open()(operation, input)).toMatchObject({
    status: 400,
    body: { __type: `com.amazonaws.sqs#${code}` },
  });
});

it('does not act as if it knew ReceiveRequestAttemptId', async () => {
  const { call, QueueUrl } = await openWithQueue();
  const receive = { QueueUrl, ReceiveRequestAttemptId: 'x' };
  expect((await call('ReceiveMessage', receive)).body.__type).toContain('UnsupportedOperation');
});

it('makes the checksum of message attributes that AWS makes', () => {
  // Values that others recorded from the service: getmoto/moto, tests/test_sqs/test_sqs.py.
  const stringValue = '1493147359900';
  expect(md5OfAttributes({ timestamp: { dataType: 'Number', stringValue } })).toBe(
    '235c5c510d26fb653d073faed50ae77c',
  );
  expect(md5OfAttributes({ timestamp: { dataType: 'Number.java.lang.Long', stringValue } })).toBe(
    '2e2e4876d8e0bd6b8c2c8f556831c349',
  );
});

it('makes the same checksum whatever the order of the attributes', () => {
  const a = { dataType: 'String', stringValue: 'x' };
  const b = { dataType: 'Binary', binaryValue: 'AA==' };
  expect(md5OfAttributes({ a, b })).toBe(md5OfAttributes({ b, a }));
});

it('takes the bytes of a binary attribute into the checksum, marked as such', () => {
  const documented = Buffer.from('\0\0\0\u0001b\0\0\0\u0006Binary\u0002\0\0\0\u0001\0', 'latin1');
  expect(md5OfAttributes({ b: { dataType: 'Binary', binaryValue: 'AA==' } })).toBe(
    createHash('md5').update(documented).digest('hex'),
  );
});
