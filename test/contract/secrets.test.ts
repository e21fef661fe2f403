import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  type SecretsManagerClient,
  UpdateSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { VirtualClock } from '#local/clock.ts';
import { SecretsModel } from '#local/secrets/secrets-model.ts';
import { startFrontDoor } from '#test/support/aws-front-door.ts';

const toClose: (() => unknown)[] = [];
let secrets: SecretsManagerClient;
beforeEach(async () => {
  const aws = await startFrontDoor();
  secrets = aws.asOperator().secrets;
  toClose.push(() => aws.close());
});
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close();
});

function read(wish: { SecretId: string; VersionStage?: string; VersionId?: string }) {
  return secrets.send(new GetSecretValueCommand(wish));
}

function put(SecretString: string, SecretId = 'app/platform') {
  return secrets.send(new PutSecretValueCommand({ SecretId, SecretString }));
}

test('the ARN ends with six characters, and names the secret with and without them', async () => {
  const { ARN = '' } = await secrets.send(
    new CreateSecretCommand({ Name: 'app/new', SecretString: 'value' }),
  );
  expect(ARN).toMatch(
    /^arn:aws:secretsmanager:eu-central-1:000000000000:secret:app\/new-[A-Za-z0-9]{6}$/,
  );
  for (const SecretId of ['app/new', ARN, ARN.slice(0, -7)]) {
    expect(await read({ SecretId })).toMatchObject({ ARN, Name: 'app/new', SecretString: 'value' });
  }
});

test('a secret without a value is described but cannot be read', async () => {
  await secrets.send(new CreateSecretCommand({ Name: 'app/empty', Description: 'to be put' }));
  await expect(read({ SecretId: 'app/empty' })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
  });
  expect(await secrets.send(new DescribeSecretCommand({ SecretId: 'app/empty' }))).toMatchObject({
    Name: 'app/empty',
    Description: 'to be put',
  });
  await put('value', 'app/empty');
  expect(await read({ SecretId: 'app/empty' })).toMatchObject({
    SecretString: 'value',
    VersionStages: ['AWSCURRENT'],
  });
});

test('a value that is put makes the one before it the previous one', async () => {
  const second = await put('second');
  const third = await put('third');
  const SecretId = 'app/platform';
  expect(await read({ SecretId })).toMatchObject({ SecretString: 'third' });
  expect(await read({ SecretId, VersionStage: 'AWSPREVIOUS' })).toMatchObject({
    SecretString: 'second',
    VersionId: second.VersionId,
  });
  expect(await read({ SecretId, VersionId: third.VersionId ?? '' })).toMatchObject({
    SecretString: 'third',
  });
  const described = await secrets.send(new DescribeSecretCommand({ SecretId }));
  expect(described.VersionIdsToStages).toEqual({
    [third.VersionId ?? '']: ['AWSCURRENT'],
    [second.VersionId ?? '']: ['AWSPREVIOUS'],
  });
});

test('the same put again changes nothing, with another value it is refused', async () => {
  const token = { SecretId: 'app/platform', ClientRequestToken: 'x'.repeat(32) };
  await secrets.send(new PutSecretValueCommand({ ...token, SecretString: 'second' }));
  await secrets.send(new PutSecretValueCommand({ ...token, SecretString: 'second' }));
  expect(await read({ SecretId: 'app/platform', VersionStage: 'AWSPREVIOUS' })).toMatchObject({
    SecretString: 'first',
  });
  await expect(
    secrets.send(new PutSecretValueCommand({ ...token, SecretString: 'third' })),
  ).rejects.toMatchObject({ name: 'ResourceExistsException' });
});

test('an update changes the description and the value', async () => {
  await secrets.send(
    new UpdateSecretCommand({
      SecretId: 'app/platform',
      Description: 'all of it',
      SecretString: 'second',
    }),
  );
  expect(await read({ SecretId: 'app/platform' })).toMatchObject({ SecretString: 'second' });
  expect(await secrets.send(new DescribeSecretCommand({ SecretId: 'app/platform' }))).toMatchObject(
    { Description: 'all of it' },
  );
});

test('a deleted secret cannot be read until it is restored', async () => {
  const SecretId = 'app/platform';
  await secrets.send(new DeleteSecretCommand({ SecretId }));
  await expect(read({ SecretId })).rejects.toMatchObject({ name: 'InvalidRequestException' });
  expect((await secrets.send(new ListSecretsCommand({}))).SecretList).toEqual([]);
  await secrets.send(new RestoreSecretCommand({ SecretId }));
  expect(await read({ SecretId })).toMatchObject({ SecretString: 'first' });
});

test('a secret that is deleted at once is gone', async () => {
  const SecretId = 'app/platform';
  await secrets.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }));
  await expect(read({ SecretId })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: "Secrets Manager can't find the specified secret.",
  });
});

test('a name can be used once', async () => {
  await expect(
    secrets.send(new CreateSecretCommand({ Name: 'app/platform' })),
  ).rejects.toMatchObject({ name: 'ResourceExistsException' });
});

test('a put without a text is refused', async () => {
  await expect(
    secrets.send(new PutSecretValueCommand({ SecretId: 'app/platform' })),
  ).rejects.toMatchObject({ name: 'InvalidParameterException' });
});

test('kept secrets outlive a restart, in a file that only its owner can read', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'secrets-'));
  toClose.push(() => rm(directory, { recursive: true }));
  const options = {
    clock: new VirtualClock(),
    region: 'eu-central-1',
    accountId: '000000000000',
    file: join(directory, 'secrets.json'),
  };
  const first = new SecretsModel(options);
  const { arn } = first.createSecret({ name: 'app/kept', secretString: 'old' });
  first.putSecretValue({ secretId: arn, secretString: 'new' });
  const second = new SecretsModel(options);
  expect(second.getSecretValue(arn).version.secretString).toBe('new');
  expect(
    second.getSecretValue('app/kept', { versionStage: 'AWSPREVIOUS' }).version.secretString,
  ).toBe('old');
  expect((await stat(options.file)).mode & 0o777).toBe(0o600);
});
