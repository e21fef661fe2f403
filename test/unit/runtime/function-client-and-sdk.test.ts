import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { DecryptCommand, InvalidCiphertextException, KMSClient } from '@aws-sdk/client-kms';
import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { QueueDoesNotExist, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { dynamoDbClient } from '#runtime/aws/dynamodb-client.ts';
import { endpointOf } from '#runtime/aws/function-clients.ts';
import { kmsClient } from '#runtime/aws/kms-client.ts';
import { secretsManagerClient } from '#runtime/aws/secrets-manager-client.ts';
import { sqsClient } from '#runtime/aws/sqs-client.ts';
import { classifyAwsError } from '#runtime/aws-failure.ts';
import { type Answer, json, startLoopbackPeer } from '#test/support/loopback-peer.ts';

const CREDENTIALS = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret', sessionToken: 'token' };
const ONCE = { maxAttempts: 1 };

let peer: Awaited<ReturnType<typeof startLoopbackPeer>>;

beforeAll(async () => {
  peer = await startLoopbackPeer();
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('AWS_ENDPOINT_URL', peer.url);
  vi.stubEnv('AWS_ACCESS_KEY_ID', CREDENTIALS.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', CREDENTIALS.secretAccessKey);
  vi.stubEnv('AWS_SESSION_TOKEN', CREDENTIALS.sessionToken);
  vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'ingest');
  vi.stubEnv('_X_AMZN_TRACE_ID', 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1');
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await peer.close();
});

const QUEUE = 'https://sqs.eu-central-1.amazonaws.com/000000000000/chats.fifo';
const Item = {
  pk: { S: 'CHAT#ñandú 🦤\u2028"\\' },
  n: { N: '12345678901234567890.5' },
  b: { B: new Uint8Array([0, 1, 255]) },
  l: { L: [{ NULL: true as const }, { BOOL: false }, { M: { s: { SS: ['á', 'b'] } } }] },
};
const put = new PutItemCommand({ TableName: 't', Item, ReturnConsumedCapacity: 'TOTAL' });
const MessageBody = JSON.stringify({ text: 'ñ🦤'.repeat(20_000) });
const Entries = [{ Id: '0', MessageBody, MessageGroupId: 'g', MessageDeduplicationId: 'd' }];
const ring = new SendMessageBatchCommand({ QueueUrl: QUEUE, Entries });
const decrypt = new DecryptCommand({
  CiphertextBlob: new Uint8Array([9, 8, 7]),
  EncryptionContext: { tenant: 'ñ' },
});
const read = new GetSecretValueCommand({ SecretId: 'concierge/ñ' });

/** Each service, by the SDK's client and by a function's. */
const SERVICES = {
  dynamodb: () => {
    const sdk = new DynamoDBClient(sdkOptions());
    return { bySdk: () => sdk.send(put), byFunction: () => dynamoDbClient(ONCE).send(put) };
  },
  sqs: () => {
    const sdk = new SQSClient({ ...sdkOptions(), useQueueUrlAsEndpoint: false, md5: false });
    return { bySdk: () => sdk.send(ring), byFunction: () => sqsClient(ONCE).send(ring) };
  },
  kms: () => {
    const sdk = new KMSClient(sdkOptions());
    return { bySdk: () => sdk.send(decrypt), byFunction: () => kmsClient(ONCE).send(decrypt) };
  },
  secretsmanager: () => {
    const sdk = new SecretsManagerClient(sdkOptions());
    return {
      bySdk: () => sdk.send(read),
      byFunction: () => secretsManagerClient(ONCE).send(read),
    };
  },
};
const NAMES = ['dynamodb', 'sqs', 'kms', 'secretsmanager'] as const;

function sdkOptions() {
  return { ...ONCE, region: 'eu-central-1', endpoint: peer.url, credentials: CREDENTIALS };
}

/** What docs/adr/038 leaves out, what changes with each call, and a sum that S3 alone asks for. */
const LEFT_OUT =
  /^(?:amz-sdk-.*|(?:x-amz-)?user-agent|authorization|x-amz-date|x-amz-content-sha256|connection)$/;

async function requestOf(send: () => Promise<unknown>) {
  peer.answerWith(json(200, {}));
  await send();
  const [{ method, path, headers, body } = { method: '', path: '', headers: {}, body: '' }] =
    peer.requests;
  const told = Object.entries(headers).filter(([name]) => !LEFT_OUT.test(name));
  return { method, path, body, headers: Object.fromEntries(told) };
}

it.each(NAMES)('asks %s for what the SDK asks, to the byte', async (name) => {
  const { bySdk, byFunction } = SERVICES[name]();
  const asked = await requestOf(byFunction);
  expect(asked).toEqual(await requestOf(bySdk));
  expect(asked.headers).toMatchObject({
    'content-length': expect.any(String),
    'x-amzn-trace-id': expect.stringContaining('Root='),
  });
});

/** An error of AWS; its namespace does not count. */
function refusal(type: string, more: object = {}, headers: Record<string, string> = {}): Answer {
  return json(400, { __type: `com.amazon#${type}`, message: 'Refused', ...more }, headers);
}

const page: Answer = (response) => response.writeHead(503).end('<html>Slow');
const nothing: Answer = (response) => response.writeHead(500).end();
const skewed = refusal('InvalidSignatureException', { message: 'Signature not yet current' });
const noQueue = { 'x-amzn-query-error': 'AWS.SimpleQueueService.NonExistentQueue;Sender' };
const denied = { 'x-amzn-query-error': 'AccessDenied;Sender' };
const condition = refusal('ConditionalCheckFailedException', { Item: { pk: { S: 'ñ' } } });

it.each([
  ['dynamodb', 'a failed condition', condition, ConditionalCheckFailedException],
  ['dynamodb', 'an error that it does not list', refusal('ValidationException'), Error],
  ['dynamodb', 'a signature by a wrong clock', skewed, Error],
  ['dynamodb', 'a page', page, SyntaxError],
  ['dynamodb', 'nothing', nothing, Error],
  ['sqs', 'a missing queue', refusal('QueueDoesNotExist', {}, noQueue), QueueDoesNotExist],
  ['sqs', 'an error that it does not list', refusal('AccessDeniedException', {}, denied), Error],
  ['sqs', 'a page', page, SyntaxError],
  ['kms', 'a wrong key', refusal('InvalidCiphertextException'), InvalidCiphertextException],
  ['secretsmanager', 'no secret', refusal('ResourceNotFoundException'), ResourceNotFoundException],
] as const)('takes from %s %s as the SDK does', async (name, _what, answer, expected) => {
  const { bySdk, byFunction } = SERVICES[name]();
  peer.answerWith(answer);
  const [ours, theirs] = [await errorOf(byFunction), await errorOf(bySdk)];
  expect(ours).toBeInstanceOf(expected);
  expect(ours.constructor).toBe(theirs.constructor);
  expect(told(ours)).toEqual(told(theirs));
  expect(classifyAwsError(ours)).toEqual(classifyAwsError(theirs));
});

async function errorOf(send: () => Promise<unknown>): Promise<Error> {
  const thrown: unknown = await send().catch((error: unknown) => error);
  if (!(thrown instanceof Error)) throw new TypeError('It was no failure');
  return thrown;
}

/** All that an error shows to whoever prints it; the SDK adds a hint to what is no JSON. */
function told(error: Error) {
  const { $metadata, ...fields } = { $metadata: {}, ...error };
  const status: unknown = Reflect.get($metadata, 'httpStatusCode');
  return { ...fields, status, name: error.name, message: error.message.split('\n')[0] };
}

it.each(['eu-central-1', 'us-gov-west-1', 'cn-north-1', 'eusc-de-east-1'])(
  'finds the services of %s where the SDK finds them',
  (Region) => {
    const clients = [
      ['dynamodb', new DynamoDBClient({})],
      ['sqs', new SQSClient({})],
      ['kms', new KMSClient({})],
      ['secretsmanager', new SecretsManagerClient({})],
    ] as const;
    for (const [name, client] of clients) {
      expect(`${endpointOf(name, Region)}/`).toBe(
        client.config.endpointProvider({ Region }).url.href,
      );
    }
  },
);
