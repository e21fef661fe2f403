import { DescribeTableCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GenerateDataKeyCommand } from '@aws-sdk/client-kms';
import { DescribeSecretCommand } from '@aws-sdk/client-secrets-manager';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { FaultPeer } from '#local/faults.ts';
import { allow, SEAL_KEY_ARN, startFrontDoor } from '#test/support/aws-front-door.ts';

type Clients = ReturnType<typeof aws.asFunction>;

let aws: Awaited<ReturnType<typeof startFrontDoor>>;
beforeAll(async () => {
  aws = await startFrontDoor();
  aws.grant(allow('*', '*'));
});
afterEach(() => aws.faults.clear());
afterAll(() => aws.close());

const CALLS: readonly [FaultPeer, (clients: Clients) => Promise<unknown>][] = [
  ['dynamodb', ({ dynamodb }) => dynamodb.send(new DescribeTableCommand({ TableName: 'notes' }))],
  ['sqs', ({ sqs }) => sqs.send(new GetQueueAttributesCommand({ QueueUrl: aws.queueUrl }))],
  [
    'secretsmanager',
    ({ secrets }) => secrets.send(new DescribeSecretCommand({ SecretId: 'app/platform' })),
  ],
  [
    'kms',
    ({ kms }) => kms.send(new GenerateDataKeyCommand({ KeyId: SEAL_KEY_ARN, KeySpec: 'AES_256' })),
  ],
];

test.each(CALLS)('a throttled %s is asked again by the SDK', async (peer, call) => {
  aws.faults.arm(peer, { kind: 'throttle' }, 1);
  await expect(call(aws.asFunction(2))).resolves.toMatchObject({ $metadata: { attempts: 2 } });
});

test.each([
  ['dynamodb', 'ProvisionedThroughputExceededException'],
  ['sqs', 'RequestThrottled'],
  ['secretsmanager', 'ThrottlingException'],
  ['kms', 'ThrottlingException'],
] as const)('a %s that stays throttled fails with its own error', async (peer, name) => {
  aws.faults.arm(peer, { kind: 'throttle' }, 1);
  const call = CALLS.find(([each]) => each === peer)?.[1];
  await expect(call?.(aws.asFunction(1))).rejects.toMatchObject({ name });
});

test.each(CALLS)('a failing %s answers with the status and is asked again', async (peer, call) => {
  aws.faults.arm(peer, { kind: 'status', status: 503 }, 1);
  await expect(call(aws.asFunction(1))).rejects.toMatchObject({
    $metadata: { httpStatusCode: 503 },
  });
  aws.faults.arm(peer, { kind: 'status', status: 500 }, 1);
  await expect(call(aws.asFunction(2))).resolves.toMatchObject({ $metadata: { attempts: 2 } });
});

test.each(CALLS)('faults of other peers than %s do not meet its callers', async (peer, call) => {
  for (const [other] of CALLS) {
    if (other !== peer) aws.faults.arm(other, { kind: 'throttle' }, 1);
  }
  await expect(call(aws.asFunction(1))).resolves.toMatchObject({ $metadata: { attempts: 1 } });
});

test.each(CALLS)('an operator of %s meets no faults', async (peer, call) => {
  aws.faults.arm(peer, { kind: 'throttle' }, 1);
  await call(aws.asOperator());
  expect(aws.faults.list()).toHaveLength(1);
});

test('a lost answer has its effect', async () => {
  aws.faults.arm('dynamodb', { kind: 'reset-after-effect' }, 1);
  const put = new PutItemCommand({ TableName: 'notes', Item: { pk: { S: 'lost' } } });
  await expect(aws.asFunction(1).dynamodb.send(put)).rejects.toThrow();
  expect(await aws.dynamodb.scan('notes')).toEqual([{ pk: { S: 'lost' } }]);
});
