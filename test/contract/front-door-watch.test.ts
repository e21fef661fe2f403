import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allow, JOBS_ARN, NOTES_ARN, startFrontDoor } from '#test/support/aws-front-door.ts';
import { Meter } from '../../tools/cost/meter.ts';

const meter = new Meter();
let aws: Awaited<ReturnType<typeof startFrontDoor>>;
beforeAll(async () => {
  aws = await startFrontDoor([], meter);
  const started = { kind: 'started', atMs: 0, requestId: 'r', source: 'http' } as const;
  meter.see({
    ...started,
    functionName: 'reader',
    environmentId: 'ENVIRONMENT1',
    coldStart: true,
  });
});
afterAll(() => aws.close());

test('every call of a function is counted on its way, and done', async () => {
  aws.grant(
    allow('dynamodb:PutItem', NOTES_ARN),
    allow('sqs:SendMessage', JOBS_ARN),
    allow('s3:PutObject', 'arn:aws:s3:::photos/*'),
  );
  const { dynamodb, sqs, s3 } = aws.asFunction();
  // In the table and in its index.
  const Item = { pk: { S: 'a' }, kind: { S: 'memo' } };
  await dynamodb.send(new PutItemCommand({ TableName: 'notes', Item }));
  await sqs.send(new SendMessageCommand({ QueueUrl: aws.queueUrl, MessageBody: 'hello' }));
  await s3.send(new PutObjectCommand({ Bucket: 'photos', Key: 'a', Body: 'x' }));
  expect(meter.counts.get('reader')).toMatchObject({
    writeUnits: 2,
    sqsRequests: 1,
    calls: { 'dynamodb:PutItem': 1, 'sqs:SendMessage': 1, 's3:PUT': 1 },
  });
  expect(await meter.tables?.storedBytes('notes')).toBeGreaterThan(200);
});

test('what is refused at the door costs nothing', async () => {
  aws.grant();
  const before = meter.counts.get('reader')?.writeUnits;
  const refused = new PutItemCommand({ TableName: 'notes', Item: { pk: { S: 'b' } } });
  await expect(aws.asFunction().dynamodb.send(refused)).rejects.toThrow('is not authorized');
  expect(meter.counts.get('reader')?.writeUnits).toBe(before);
});
