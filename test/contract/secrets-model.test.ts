import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '#local/clock.ts';
import { listen, type RunningServer, readBody } from '#local/peer-server.ts';
import { secretsApi } from '#local/secrets/secrets-api.ts';
import { SecretsModel } from '#local/secrets/secrets-model.ts';

const NAME = 'concierge/dev/tenant/bakery';
const ARN = `arn:aws:secretsmanager:eu-central-1:123456789012:secret:${NAME}-AbC123`;

function newModel(file?: string): SecretsModel {
  let versions = 0;
  return new SecretsModel({
    clock: new VirtualClock(1_790_000_000_000),
    region: 'eu-central-1',
    accountId: '123456789012',
    ids: {
      versionId: () => {
        versions += 1;
        return `version-${versions}`;
      },
      suffix: () => 'AbC123',
    },
    ...(file !== undefined && { file }),
  });
}

describe('Secrets Manager, by the SDK', () => {
  let server: RunningServer;
  let client: SecretsManagerClient;

  beforeEach(async () => {
    const api = secretsApi(newModel());
    server = await listen(
      createServer(async (request, response) => {
        const operation = String(request.headers['x-amz-target']).replace('secretsmanager.', '');
        const body = (await readBody(request)).toString();
        const answer = await api.handle(operation, body, { endpoint: '', principalId: '' });
        response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' });
        response.end(answer.body);
      }),
      0,
    );
    client = new SecretsManagerClient({
      endpoint: server.url,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
      maxAttempts: 1,
    });
  });

  afterEach(async () => {
    client.destroy();
    await server.close();
  });

  const put = (SecretString: string, ClientRequestToken?: string) =>
    client.send(new PutSecretValueCommand({ SecretId: NAME, SecretString, ClientRequestToken }));
  const get = (VersionStage?: string, SecretId = NAME) =>
    client.send(new GetSecretValueCommand({ SecretId, VersionStage }));

  it('adds six characters to the name in the ARN', async () => {
    const created = await client.send(new CreateSecretCommand({ Name: NAME, SecretString: 'one' }));
    expect(created.ARN).toBe(ARN);
  });

  it('gives the value by name, by ARN and by ARN without its end', async () => {
    await client.send(new CreateSecretCommand({ Name: NAME, SecretString: 'one' }));
    for (const id of [NAME, ARN, ARN.slice(0, -7)]) {
      expect((await get(undefined, id)).SecretString).toBe('one');
    }
  });

  it('has no value until one is put', async () => {
    await client.send(new CreateSecretCommand({ Name: NAME }));
    await expect(get()).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: expect.stringContaining('AWSCURRENT'),
    });
    await put('one');
    expect((await get()).SecretString).toBe('one');
  });

  it('keeps the value before the current one as the previous one', async () => {
    await client.send(new CreateSecretCommand({ Name: NAME, SecretString: 'one' }));
    await put('two');
    await put('three');
    expect((await get()).SecretString).toBe('three');
    expect((await get('AWSPREVIOUS')).SecretString).toBe('two');
  });

  it('takes the same version again with the same value only', async () => {
    const token = 'a'.repeat(32);
    await client.send(new CreateSecretCommand({ Name: NAME }));
    await put('one', token);
    await put('one', token);
    expect((await get()).VersionStages).toEqual(['AWSCURRENT']);
    await expect(put('other', token)).rejects.toMatchObject({ name: 'ResourceExistsException' });
  });

  it('describes and lists without giving a value away', async () => {
    await client.send(
      new CreateSecretCommand({ Name: NAME, Description: 'Bakery', SecretString: 'hidden' }),
    );
    const described = await client.send(new DescribeSecretCommand({ SecretId: NAME }));
    expect(described).toMatchObject({ ARN, Name: NAME, Description: 'Bakery' });
    expect(Object.values(described.VersionIdsToStages ?? {})).toEqual([['AWSCURRENT']]);
    const listed = await client.send(new ListSecretsCommand());
    expect(listed.SecretList?.map(({ Name }) => Name)).toEqual([NAME]);
    expect(JSON.stringify([described, listed])).not.toContain('hidden');
  });

  it('says that a secret is there already, or is not', async () => {
    await client.send(new CreateSecretCommand({ Name: NAME }));
    await expect(client.send(new CreateSecretCommand({ Name: NAME }))).rejects.toMatchObject({
      name: 'ResourceExistsException',
    });
    await expect(get(undefined, 'another')).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});

describe('a file of secrets', () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'secrets-'));
  });

  afterEach(() => rmSync(directory, { recursive: true }));

  it('keeps everything for the next start, readable by its owner only', () => {
    const file = join(directory, 'secrets.json');
    const before = newModel(file);
    before.createSecret({ name: NAME, secretString: 'one' });
    before.putSecretValue({ secretId: NAME, secretString: 'two' });
    expect(newModel(file).listSecrets()).toEqual(before.listSecrets());
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});

it('names a secret for policies also where it is not there', () => {
  const secrets = newModel();
  expect(secrets.arnOf(NAME)).toBe(ARN.replace('AbC123', '??????'));
  secrets.createSecret({ name: NAME });
  expect(secrets.arnOf(NAME)).toBe(ARN);
});
