// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Fn::Sub has its own placeholders
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Callers } from '#local/callers.ts';
import type { LocalCloud } from '#local/cloud/local-cloud.ts';
import { startLocalCloud } from '#local/cloud/start-local-cloud.ts';
import { Faults } from '#local/faults.ts';
import type { InvocationEvent } from '#local/lambda/invocation.ts';
import { listen } from '#local/peer-server.ts';
import { aFunction, allow, aRole, writeAssembly } from '#test/support/assembly.ts';

// Real processes are started here, which takes a busy machine longer than five seconds.
vi.setConfig({ testTimeout: 30_000 });

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const arn = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });
const QUEUE_NAMES = { Chats: 'chats', Table: 'tenants' };

const API = {
  Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'api', ProtocolType: 'HTTP' } },
  Stage: {
    Type: 'AWS::ApiGatewayV2::Stage',
    Properties: { ApiId: { Ref: 'Api' }, StageName: '$default', AutoDeploy: true },
  },
  Integration: {
    Type: 'AWS::ApiGatewayV2::Integration',
    Properties: {
      ApiId: { Ref: 'Api' },
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: arn('Echo'),
      PayloadFormatVersion: '2.0',
    },
  },
  Route: {
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: {
      ApiId: { Ref: 'Api' },
      RouteKey: 'POST /webhook',
      Target: { 'Fn::Join': ['', ['integrations/', { Ref: 'Integration' }]] },
    },
  },
  Permission: {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      Action: 'lambda:InvokeFunction',
      FunctionName: arn('Echo'),
      Principal: 'apigateway.amazonaws.com',
      SourceArn: {
        'Fn::Sub': ['arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/*/webhook', {}],
      },
    },
  },
};

const STORES = {
  Chats: { Type: 'AWS::SQS::Queue', Properties: { QueueName: QUEUE_NAMES.Chats } },
  Table: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      TableName: QUEUE_NAMES.Table,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: arn('Key') },
    },
  },
  Key: { Type: 'AWS::KMS::Key', Properties: {} },
  Secret: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'concierge/platform' } },
};

const GRANTS = {
  put: allow('dynamodb:PutItem', arn('Table')),
  key: allow(['kms:Decrypt', 'kms:GenerateDataKey'], arn('Key')),
  send: allow('sqs:SendMessage', arn('Chats')),
  secret: allow('secretsmanager:GetSecretValue', { Ref: 'Secret' }),
  consume: allow(
    ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
    arn('Chats'),
  ),
};

const MAPPING = {
  Type: 'AWS::Lambda::EventSourceMapping',
  Properties: { EventSourceArn: arn('Chats'), FunctionName: { Ref: 'Echo' }, BatchSize: 10 },
};

async function aCloud(
  grants: readonly object[],
  over: Record<string, object | undefined> = {},
  dataDirectory?: string,
): Promise<{ cloud: LocalCloud; events: InvocationEvent[] }> {
  const events: InvocationEvent[] = [];
  const faults = new Faults();
  const all = {
    ...API,
    ...STORES,
    Role: aRole(...grants),
    Echo: aFunction('echo'),
    Aws: aFunction('aws'),
    ...over,
  };
  const resources = Object.entries(all).filter(([, each]) => each !== undefined);
  const assemblyDirectory = writeAssembly(Object.fromEntries(resources) as Record<string, object>);
  closers.push(() => rmSync(assemblyDirectory, { recursive: true }));
  const cloud = await startLocalCloud({
    assemblyDirectory,
    dataDirectory,
    faults,
    callers: new Callers(faults),
    users: [],
    extraEnvironment: () => ({}),
    onLog: () => {},
    onInvocation: (event) => events.push(event),
  });
  closers.push(() => cloud.close());
  return { cloud, events };
}

async function call(cloud: LocalCloud, request: { call: string; input: object }): Promise<unknown> {
  const outcome = await cloud.invoke('aws', JSON.stringify(request));
  return outcome.kind === 'returned' ? JSON.parse(outcome.payload) : outcome;
}

async function post(cloud: LocalCloud): Promise<Response> {
  const server = await listen(
    createServer((request, response) => void cloud.handleRequest(request, response)),
    0,
  );
  closers.push(() => server.close());
  return fetch(`${server.url}/webhook`, { method: 'POST', body: '{}' });
}

const PUT = { call: 'put', input: { TableName: 'tenants', Item: { pk: { S: 'a' } } } };

describe('a function', () => {
  test('may do what its role allows', async () => {
    const { cloud } = await aCloud([GRANTS.put, GRANTS.key]);
    expect(await call(cloud, PUT)).toEqual({ answer: {} });
  });

  test.each([
    ['the grant', [GRANTS.key]],
    ['the key', [GRANTS.put]],
  ])('without %s is denied', async (_, grants) => {
    const { cloud } = await aCloud(grants);
    expect(await call(cloud, PUT)).toEqual({ error: 'AccessDeniedException' });
  });

  test('reaches queues and secrets under the names that the template gives them', async () => {
    const { cloud } = await aCloud([GRANTS.send, GRANTS.secret]);
    cloud.secrets.putSecretValue({ secretId: 'concierge/platform', secretString: '{}' });
    const url = `${cloud.awsUrl}/000000000000/chats`;
    const sent = await call(cloud, { call: 'send', input: { QueueUrl: url, MessageBody: 'ring' } });
    expect(sent).toMatchObject({ answer: { MessageId: expect.any(String) } });
    const secret = await call(cloud, { call: 'secret', input: { SecretId: 'concierge/platform' } });
    expect(secret).toMatchObject({ answer: { SecretString: '{}' } });
  });

  test('gets what a queue holds, through the mapping of the template', async () => {
    const { cloud, events } = await aCloud([GRANTS.consume], { Mapping: MAPPING });
    const finished = new Promise<void>((resolve) => {
      const push = events.push.bind(events);
      events.push = (...added) => {
        if (added.some((event) => event.kind === 'finished')) resolve();
        return push(...added);
      };
    });
    cloud.sqs.sendMessage('chats', { body: 'ring' });
    await finished;
    expect(events.map(({ kind, source }) => [kind, source])).toEqual([
      ['started', 'sqs'],
      ['finished', 'sqs'],
    ]);
  });
});

test('what tables, queues and secrets hold is there after a restart with the same directory', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'data-'));
  closers.push(() => rmSync(directory, { recursive: true }));
  const grants = [GRANTS.put, GRANTS.key];
  const { cloud: first } = await aCloud(grants, {}, directory);
  first.sqs.sendMessage('chats', { body: 'ring' });
  first.secrets.putSecretValue({ secretId: 'concierge/platform', secretString: '{"a":1}' });
  expect(await call(first, PUT)).toEqual({ answer: {} });
  await first.close();
  const { cloud: second } = await aCloud(grants, {}, directory);
  expect(second.sqs.peek('chats').map((each) => each.body)).toEqual(['ring']);
  const secret = second.secrets.getSecretValue('concierge/platform');
  expect(secret.version.secretString).toBe('{"a":1}');
  expect(await second.dynamodb.scan('tenants')).toEqual([{ pk: { S: 'a' } }]);
});

describe('a route', () => {
  test('of the template is answered by its function', async () => {
    const { cloud } = await aCloud([]);
    expect((await post(cloud)).status).toBe(200);
  });

  test('that the template does not have is not found', async () => {
    const { cloud } = await aCloud([], { Route: undefined });
    expect((await post(cloud)).status).toBe(404);
  });

  test('without permission to call its function fails', async () => {
    const { cloud } = await aCloud([], { Permission: undefined });
    expect((await post(cloud)).status).toBe(500);
  });
});

/** As an alias the function is called by another name, and permitted by another. */
function aliased(permitted: unknown): Record<string, object> {
  return {
    Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Echo' } } },
    Live: {
      Type: 'AWS::Lambda::Alias',
      Properties: {
        FunctionName: { Ref: 'Echo' },
        FunctionVersion: { 'Fn::GetAtt': ['Version', 'Version'] },
        Name: 'live',
      },
    },
    Integration: {
      ...API.Integration,
      Properties: { ...API.Integration.Properties, IntegrationUri: { Ref: 'Live' } },
    },
    Permission: {
      ...API.Permission,
      Properties: { ...API.Permission.Properties, FunctionName: permitted },
    },
  };
}

describe('an alias', () => {
  test.each([
    ['on the alias', { Ref: 'Live' }, 200],
    ['on the function alone', arn('Echo'), 500],
    ['on the version behind it', { Ref: 'Version' }, 500],
  ])('is called with a permission %s: %j', async (_, permitted, status) => {
    const { cloud } = await aCloud([], aliased(permitted));
    expect((await post(cloud)).status).toBe(status);
  });

  test('takes what a queue holds for its function', async () => {
    const { cloud, events } = await aCloud([GRANTS.consume], {
      ...aliased({ Ref: 'Live' }),
      Mapping: {
        ...MAPPING,
        Properties: {
          ...MAPPING.Properties,
          // As the CDK writes it: the function's name out of the alias's ARN.
          FunctionName: {
            'Fn::Join': [
              '',
              [{ 'Fn::Select': [6, { 'Fn::Split': [':', { Ref: 'Live' }] }] }, ':live'],
            ],
          },
        },
      },
    });
    cloud.sqs.sendMessage('chats', { body: 'ring' });
    await expect
      .poll(() => events.map(({ kind, functionName }) => [kind, functionName]))
      .toContainEqual(['finished', 'echo']);
  });
});

describe('bringing up is refused, naming the resource, for', () => {
  test.each([
    [
      'a mapping whose role may not receive',
      { Mapping: MAPPING },
      /^Mapping: the role Role may not sqs:ReceiveMessage/,
    ],
    [
      'a schedule that nothing permits',
      {
        Rule: {
          Type: 'AWS::Events::Rule',
          Properties: {
            ScheduleExpression: 'rate(1 minute)',
            Targets: [{ Id: 'T', Arn: arn('Echo') }],
          },
        },
      },
      /^Rule: no AWS::Lambda::Permission/,
    ],
    [
      'a function whose bundle is not there',
      { Echo: aFunction('echo', { Code: { S3Bucket: 'assets', S3Key: 'other.zip' } }) },
      /^Echo: its code is not a bundle/,
    ],
    [
      'an alias of a version that is not made',
      {
        Live: {
          Type: 'AWS::Lambda::Alias',
          Properties: { FunctionName: { Ref: 'Echo' }, FunctionVersion: '7', Name: 'live' },
        },
      },
      /^Live: the function .*:7 is not in the template/,
    ],
    [
      'a property that would be ignored',
      { Echo: aFunction('echo', { VpcConfig: {} }) },
      /^Echo: the property VpcConfig is unknown/,
    ],
    [
      'a resource of unknown type',
      { Bucket: { Type: 'AWS::ECS::Cluster' } },
      /^Bucket: the local cloud does not know AWS::ECS::Cluster/,
    ],
  ])('%s', async (_, over, message) => {
    await expect(aCloud([], over)).rejects.toThrow(message);
  });
});
