import { S3Client } from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';
import { S3MediaArchive } from '#adapters/s3/s3-media-archive.ts';
import { S3MediaStore } from '#adapters/s3/s3-media-store.ts';
import { inboundKey } from '#domain/conversation/message.ts';
import { LOCAL_OPERATOR } from '#local/aws/local-operator.ts';
import { classifyAwsError } from '#runtime/aws-failure.ts';
import { allow, startFrontDoor } from '#test/support/aws-front-door.ts';
import { aMessage, TENANT_ID } from '#test/support/builders.ts';
import { describeMediaStore } from './media-store-suite.ts';
import { aNewChat } from './store-suite/arrivals.ts';

async function aStage(accessKeyId = LOCAL_OPERATOR) {
  const door = await startFrontDoor();
  const credentials = { accessKeyId, secretAccessKey: 'any' };
  const place = { endpoint: door.url, region: 'eu-central-1', credentials, maxAttempts: 1 };
  const client = new S3Client(place);
  const options = { bucket: 'photos', keepDays: [30, 60, 90], client: () => client };
  const store = new S3MediaStore(options);
  const archive = new S3MediaArchive({ client, bucket: 'photos' });
  const close = async () => {
    client.destroy();
    await door.close();
  };
  return { store, archive, door, close };
}

describeMediaStore('S3', () => aStage());

function aFile(keptDays: number) {
  const [chat, message] = [aNewChat(), inboundKey(aMessage())];
  const place = { tenantId: TENANT_ID, chat, message };
  return { ...place, bytes: Buffer.from('hello'), type: 'text/plain' as const, keptDays };
}

it.each([
  [30, '30'],
  [89, '60'],
  [90, '90'],
  [4_000, '90'],
])('rounds a retention of %i days down to a rule of the bucket', async (days, tag) => {
  const { store, door, close } = await aStage();
  const { key } = await store.put(aFile(days));
  expect(door.objects.get('photos', key)?.tags).toEqual({ 'keep-days': tag });
  await close();
});

it('reaches what the role of its function reaches, and no more', async () => {
  const { store, door, close } = await aStage('ENVIRONMENT1');
  const objects = 'arn:aws:s3:::photos/tenant/*';
  const refused = await store.put(aFile(30)).catch((error: unknown) => error);
  expect(classifyAwsError(refused)).toEqual({ class: 'fix-needed', code: 'aws:AccessDenied' });
  // A tag needs a permission of its own.
  door.grant(allow('s3:PutObject', objects));
  await expect(store.put(aFile(30))).rejects.toMatchObject({ name: 'AccessDenied' });
  door.grant(allow(['s3:PutObject', 's3:PutObjectTagging', 's3:GetObject'], objects));
  const { key } = await store.put(aFile(30));
  expect(await store.get(key)).toBeDefined();
  await expect(store.erase({ ...aFile(30), tenantId: TENANT_ID })).rejects.toMatchObject({
    name: 'AccessDenied',
  });
  await close();
});

it('knows what is gone, though its function may list nothing and is told 403', async () => {
  const { store, door, close } = await aStage('ENVIRONMENT1');
  const objects = 'arn:aws:s3:::photos/tenant/*';
  door.grant(
    allow(['s3:PutObject', 's3:PutObjectTagging', 's3:GetObject', 's3:DeleteObject'], objects),
  );
  const file = aFile(30);
  const { key } = await store.put(file);
  await store.erase(file);
  expect(await store.get(key)).toBeUndefined();
  await close();
});

it('passes on a bucket that is unwell as an error that is waited for', async () => {
  const { store, door, close } = await aStage('ENVIRONMENT1');
  door.grant(allow('s3:*', '*'));
  door.faults.arm('s3', { kind: 'throttle' }, 1);
  const error = await store.put(aFile(30)).catch((thrown: unknown) => thrown);
  expect(classifyAwsError(error)).toMatchObject({ class: 'retry' });
  await close();
});
