import { readFileSync } from 'node:fs';
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  DescribeTableCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { PolicyStatement } from '#local/aws/iam.ts';
import {
  allow,
  JOBS_ARN,
  KEY_ARN,
  NOTES_ARN,
  startFrontDoor,
} from '#test/support/aws-front-door.ts';

let aws: Awaited<ReturnType<typeof startFrontDoor>>;
let caller: ReturnType<typeof aws.asFunction>;
beforeAll(async () => {
  aws = await startFrontDoor();
  caller = aws.asFunction();
});
beforeEach(() => aws.grant());
afterAll(() => aws.close());

const PLATFORM_ARN = 'arn:aws:secretsmanager:eu-central-1:000000000000:secret:app/platform-a1B2c3';

const note = { pk: { S: 'a' }, kind: { S: 'memo' } };

function putNote() {
  return caller.dynamodb.send(new PutItemCommand({ TableName: 'notes', Item: note }));
}

function queryNotes(IndexName?: string) {
  const attribute = IndexName === undefined ? 'pk' : 'kind';
  return caller.dynamodb.send(
    new QueryCommand({
      TableName: 'notes',
      ...(IndexName !== undefined && { IndexName }),
      KeyConditionExpression: '#key = :key',
      ExpressionAttributeNames: { '#key': attribute },
      ExpressionAttributeValues: { ':key': { S: attribute === 'pk' ? 'a' : 'memo' } },
    }),
  );
}

const denied = { name: 'AccessDeniedException', $metadata: { httpStatusCode: 400 } };

describe('DynamoDB', () => {
  test('a call that the role may make passes', async () => {
    aws.grant(allow('dynamodb:PutItem', NOTES_ARN));
    await expect(putNote()).resolves.toMatchObject({ $metadata: { httpStatusCode: 200 } });
  });

  test('a call that it may not make is refused in the words of AWS', async () => {
    aws.grant(allow('dynamodb:GetItem', NOTES_ARN));
    await expect(putNote()).rejects.toMatchObject({
      ...denied,
      message: `User: arn:aws:sts::000000000000:assumed-role/ReaderRole/reader is not authorized to perform: dynamodb:PutItem on resource: ${NOTES_ARN} because no identity-based policy allows the dynamodb:PutItem action`,
    });
  });

  test('a grant on the table is none on its index', async () => {
    aws.grant(allow('dynamodb:Query', NOTES_ARN));
    await queryNotes();
    await expect(queryNotes('byKind')).rejects.toMatchObject(denied);
  });

  test('a grant on the index is none on its table', async () => {
    aws.grant(allow('dynamodb:Query', `${NOTES_ARN}/index/byKind`));
    await queryNotes('byKind');
    await expect(queryNotes()).rejects.toMatchObject(denied);
  });

  test('a batch needs the grant on every table in it', async () => {
    const read = (...tables: readonly string[]) =>
      caller.dynamodb.send(
        new BatchGetItemCommand({
          RequestItems: Object.fromEntries(
            tables.map((table) => [table, { Keys: [{ pk: { S: 'a' } }] }]),
          ),
        }),
      );
    aws.grant(allow('dynamodb:BatchGetItem', NOTES_ARN));
    await read('notes');
    await expect(read('notes', 'others')).rejects.toMatchObject(denied);
  });

  test('a role can be held to some partition keys', async () => {
    aws.grant({
      ...allow('dynamodb:*', `${NOTES_ARN}*`),
      Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['a'] } },
    });
    await putNote();
    await queryNotes();
    const others = [
      new GetItemCommand({ TableName: 'notes', Key: { pk: { S: 'b' } } }),
      new BatchWriteItemCommand({
        RequestItems: { notes: [{ PutRequest: { Item: { pk: { S: 'b' } } } }] },
      }),
    ];
    for (const other of others) {
      await expect(caller.dynamodb.send(other as GetItemCommand)).rejects.toMatchObject(denied);
    }
    await expect(queryNotes('byKind')).rejects.toMatchObject(denied);
  });

  test('a role can be held to partition keys of an index, which are other ones', async () => {
    aws.grant({
      ...allow('dynamodb:Query', `${NOTES_ARN}*`),
      Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': 'mem*' } },
    });
    await queryNotes('byKind');
    await expect(queryNotes()).rejects.toMatchObject(denied);
  });

  test('one denied key of a batch denies all of it', async () => {
    aws.grant({
      ...allow('dynamodb:BatchGetItem', NOTES_ARN),
      Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': 'a*' } },
    });
    const read = (...keys: readonly string[]) => {
      const Keys = keys.map((key) => ({ pk: { S: key } }));
      return caller.dynamodb.send(new BatchGetItemCommand({ RequestItems: { notes: { Keys } } }));
    };
    await read('a', 'ab');
    await expect(read('a', 'b')).rejects.toMatchObject(denied);
  });

  test('every part of a transaction is held to its keys', async () => {
    aws.grant({
      ...allow(['dynamodb:PutItem', 'dynamodb:UpdateItem'], NOTES_ARN),
      Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['a'] } },
    });
    const write = (other: string) =>
      caller.dynamodb.send(
        new TransactWriteItemsCommand({
          TransactItems: [
            { Put: { TableName: 'notes', Item: note } },
            {
              Update: {
                TableName: 'notes',
                Key: { pk: { S: other } },
                UpdateExpression: 'SET seen = :yes',
                ExpressionAttributeValues: { ':yes': { BOOL: true } },
              },
            },
          ],
        }),
      );
    await expect(write('b')).rejects.toMatchObject(denied);
    // Allowed, and then told that the engine has no transactions.
    await expect(write('a')).rejects.not.toMatchObject(denied);
  });

  test('a call without a key is refused where one must be given', async () => {
    aws.grant({
      ...allow('dynamodb:*', NOTES_ARN),
      Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': 'a*' } },
    });
    const scan = new ScanCommand({ TableName: 'notes' });
    await expect(caller.dynamodb.send(scan)).rejects.toMatchObject(denied);
  });

  test('a role can be held to some attributes, and to get none back', async () => {
    aws.grant({
      ...allow('dynamodb:UpdateItem', NOTES_ARN),
      Condition: {
        'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['pk', 'seen'] },
        StringEqualsIfExists: { 'dynamodb:ReturnValues': 'NONE' },
      },
    });
    const update = (attribute: string, more: Partial<UpdateItemCommandInput> = {}) =>
      caller.dynamodb.send(
        new UpdateItemCommand({
          TableName: 'notes',
          Key: { pk: { S: 'a' } },
          UpdateExpression: 'SET #attribute = :yes',
          ExpressionAttributeNames: { '#attribute': attribute },
          ExpressionAttributeValues: { ':yes': { S: 'yes' } },
          ...more,
        }),
      );
    await update('seen');
    await expect(update('kind')).rejects.toMatchObject(denied);
    await expect(update('seen', { ReturnValues: 'ALL_OLD' })).rejects.toMatchObject(denied);
    const looks = { ConditionExpression: 'attribute_exists(kind)' };
    await expect(update('seen', looks)).rejects.toMatchObject(denied);
  });

  test('a condition that cannot be judged refuses the call and says which it is', async () => {
    aws.grant({
      ...allow('dynamodb:*', '*'),
      Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
    });
    await expect(putNote()).rejects.toMatchObject({
      ...denied,
      message: expect.stringContaining('the condition operator IpAddress'),
    });
  });
});

describe('SQS', () => {
  const send = () =>
    caller.sqs.send(new SendMessageCommand({ QueueUrl: aws.queueUrl, MessageBody: 'hello' }));

  test('a call that the role may make passes', async () => {
    aws.grant(allow('sqs:SendMessage', JOBS_ARN));
    await expect(send()).resolves.toHaveProperty('MessageId');
  });

  test('a call that it may not make is refused in the words of AWS', async () => {
    aws.grant(allow('sqs:SendMessage', `${JOBS_ARN}-others`));
    await expect(send()).rejects.toMatchObject({
      name: expect.stringMatching(/^AccessDenied/),
      $metadata: { httpStatusCode: 403 },
      message: expect.stringContaining(
        `is not authorized to perform: sqs:SendMessage on resource: ${JOBS_ARN}`,
      ),
    });
  });

  test.each([
    [
      'sqs:SendMessage',
      () =>
        new SendMessageBatchCommand({
          QueueUrl: aws.queueUrl,
          Entries: [{ Id: '1', MessageBody: 'hello' }],
        }),
    ],
    [
      'sqs:DeleteMessage',
      () =>
        new DeleteMessageBatchCommand({
          QueueUrl: aws.queueUrl,
          Entries: [{ Id: '1', ReceiptHandle: 'none' }],
        }),
    ],
    [
      'sqs:ChangeMessageVisibility',
      () =>
        new ChangeMessageVisibilityBatchCommand({
          QueueUrl: aws.queueUrl,
          Entries: [{ Id: '1', ReceiptHandle: 'none', VisibilityTimeout: 1 }],
        }),
    ],
  ])('a batch is authorised as %s', async (action, command) => {
    const run = () => caller.sqs.send(command() as SendMessageBatchCommand);
    await expect(run()).rejects.toMatchObject({ name: expect.stringMatching(/^AccessDenied/) });
    aws.grant(allow(action, JOBS_ARN));
    await expect(run()).resolves.toMatchObject({ $metadata: { httpStatusCode: 200 } });
  });

  test('the policy on a queue can refuse what the role may', async () => {
    aws.grant(allow('sqs:*', JOBS_ARN));
    const policy = (statement: object) => JSON.stringify({ Statement: [statement] });
    const deny = { Effect: 'Deny', Principal: { AWS: '*' }, Action: 'sqs:*', Resource: JOBS_ARN };
    aws.sqs.setQueuePolicy(
      'jobs',
      policy({ ...deny, Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    );
    await send();
    aws.sqs.setQueuePolicy('jobs', policy(deny));
    await expect(send()).rejects.toMatchObject({
      message: expect.stringContaining('with an explicit deny in a resource-based policy'),
    });
    aws.sqs.setQueuePolicy('jobs', undefined);
  });
});

describe('Secrets Manager', () => {
  const read = (SecretId: string) => caller.secrets.send(new GetSecretValueCommand({ SecretId }));
  const secretArn = (name: string) =>
    `arn:aws:secretsmanager:eu-central-1:000000000000:secret:${name}`;

  test('a grant by ARN holds whichever way the secret is named', async () => {
    const { arn } = aws.secrets.describeSecret('app/platform');
    aws.grant(allow('secretsmanager:GetSecretValue', arn));
    for (const name of ['app/platform', arn, arn.slice(0, -7)]) {
      await expect(read(name)).resolves.toMatchObject({ SecretString: 'first' });
    }
  });

  test('a grant on a prefix is none outside of it', async () => {
    aws.grant(allow('secretsmanager:GetSecretValue', secretArn('app/tenant/*')));
    await expect(read('app/platform')).rejects.toMatchObject(denied);
    aws.secrets.createSecret({ name: 'app/tenant/bakery', secretString: 'token' });
    await expect(read('app/tenant/bakery')).resolves.toMatchObject({ SecretString: 'token' });
  });

  test('a secret that is not there is not found by whoever may read it, and denied to others', async () => {
    aws.grant(allow('secretsmanager:GetSecretValue', secretArn('app/tenant/*')));
    await expect(read('app/tenant/none')).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await expect(read('app/none')).rejects.toMatchObject(denied);
  });
});

describe('what is encrypted with a customer-managed key', () => {
  let locked: Awaited<ReturnType<typeof startFrontDoor>>;
  let reader: ReturnType<typeof aws.asFunction>;
  beforeAll(async () => {
    const { arn } = aws.secrets.describeSecret('app/platform');
    const encrypted = [NOTES_ARN, JOBS_ARN];
    locked = await startFrontDoor([...encrypted, arn]);
    reader = locked.asFunction();
  });
  afterAll(() => locked.close());

  const everything = allow(['dynamodb:*', 'sqs:*', 'secretsmanager:*'], '*');
  const decrypt = allow('kms:Decrypt', KEY_ARN);
  const encrypt = allow(['kms:Decrypt', 'kms:GenerateDataKey*'], KEY_ARN);
  const reads: readonly [string, () => Promise<unknown>][] = [
    [
      'GetItem',
      () =>
        reader.dynamodb.send(new GetItemCommand({ TableName: 'notes', Key: { pk: { S: 'a' } } })),
    ],
    [
      'ReceiveMessage',
      () => reader.sqs.send(new ReceiveMessageCommand({ QueueUrl: locked.queueUrl })),
    ],
    [
      'GetSecretValue',
      () => reader.secrets.send(new GetSecretValueCommand({ SecretId: 'app/platform' })),
    ],
  ];
  const writes: readonly [string, () => Promise<unknown>][] = [
    ['PutItem', () => reader.dynamodb.send(new PutItemCommand({ TableName: 'notes', Item: note }))],
    [
      'SendMessage',
      () =>
        reader.sqs.send(
          new SendMessageCommand({ QueueUrl: locked.queueUrl, MessageBody: 'hello' }),
        ),
    ],
    [
      'PutSecretValue',
      () =>
        reader.secrets.send(
          new PutSecretValueCommand({ SecretId: 'app/platform', SecretString: 'next' }),
        ),
    ],
  ];
  const neither: readonly [string, () => Promise<unknown>][] = [
    ['DescribeTable', () => reader.dynamodb.send(new DescribeTableCommand({ TableName: 'notes' }))],
    [
      'GetQueueAttributes',
      () => reader.sqs.send(new GetQueueAttributesCommand({ QueueUrl: locked.queueUrl })),
    ],
  ];

  async function refusedFor(run: () => Promise<unknown>, ...granted: readonly PolicyStatement[]) {
    locked.grant(everything, ...granted);
    return run().then(
      () => undefined,
      (error: Error) => /kms:\w+/.exec(error.message)?.[0],
    );
  }

  test.each(reads)('is read by %s only with the key', async (_, run) => {
    expect(await refusedFor(run)).toBe('kms:Decrypt');
    expect(await refusedFor(run, allow('kms:Decrypt', `${KEY_ARN}-other`))).toBe('kms:Decrypt');
    expect(await refusedFor(run, decrypt)).toBeUndefined();
  });

  test.each(writes)('is written by %s only with the key', async (_, run) => {
    expect(await refusedFor(run)).toBe('kms:Decrypt');
    expect(await refusedFor(run, decrypt)).toBe('kms:GenerateDataKey');
    expect(await refusedFor(run, encrypt)).toBeUndefined();
  });

  test.each<[string, string, string, string]>([
    ['dynamodb', 'GetItem', 'aws:dynamodb:tableName', 'notes'],
    ['sqs', 'ReceiveMessage', 'aws:sqs:arn', JOBS_ARN],
    ['secretsmanager', 'GetSecretValue', 'SecretARN', PLATFORM_ARN],
  ])('its key can be held to %s, and to one thing there', async (service, read, name, value) => {
    const run = reads.find(([each]) => each === read)?.[1] ?? Promise.reject;
    const refusedIf = (host: string, bound: string) => {
      const StringEquals = { 'kms:ViaService': host, [`kms:EncryptionContext:${name}`]: bound };
      return refusedFor(run, { ...decrypt, Condition: { StringEquals } });
    };
    const here = `${service}.eu-central-1.amazonaws.com`;
    expect(await refusedIf(here, value)).toBeUndefined();
    expect(await refusedIf(here, `${value}-other`)).toBe('kms:Decrypt');
    expect(await refusedIf(`${service}.eu-west-1.amazonaws.com`, value)).toBe('kms:Decrypt');
  });

  test.each(neither)('is described by %s without it', async (_, run) => {
    expect(await refusedFor(run)).toBeUndefined();
  });
});

test('an operator may do everything', async () => {
  const operator = aws.asOperator();
  await operator.dynamodb.send(new PutItemCommand({ TableName: 'notes', Item: note }));
  await operator.sqs.send(new SendMessageCommand({ QueueUrl: aws.queueUrl, MessageBody: 'hello' }));
  await operator.secrets.send(
    new PutSecretValueCommand({ SecretId: 'app/platform', SecretString: 'first' }),
  );
});

test('whoever has credentials is told who they are, without a right to it', async () => {
  const arnOf = async ({ sts }: typeof caller) =>
    (await sts.send(new GetCallerIdentityCommand({}))).Arn;
  expect(await arnOf(caller)).toBe('arn:aws:sts::000000000000:assumed-role/ReaderRole/reader');
  expect(await arnOf(aws.asOperator())).toBe('arn:aws:iam::000000000000:user/LOCALOPERATOR');
  await expect(arnOf(aws.as('STRANGER'))).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
});

test('the policy of docs/operator.md lets audit entries be added, and not changed or deleted', async () => {
  const [, json = ''] =
    /```json\n(\{\s+"Version".*?)```/s.exec(readFileSync('docs/operator.md', 'utf8')) ?? [];
  const statements: PolicyStatement[] = JSON.parse(json).Statement;
  aws.grant(
    allow('dynamodb:*', NOTES_ARN),
    ...statements.map((each) => ({ ...each, Resource: NOTES_ARN })),
  );
  const { dynamodb } = caller;
  const at = (pk: string) => ({ TableName: 'notes', Key: { pk: { S: pk } } });
  const append = { TableName: 'notes', Item: { pk: { S: 'AUDIT#bakery' }, kind: { S: 'x' } } };
  await dynamodb.send(new PutItemCommand(append));
  await dynamodb.send(new GetItemCommand(at('AUDIT#bakery')));
  await dynamodb.send(new DeleteItemCommand(at('TENANT#bakery')));
  const attempts = [
    () => dynamodb.send(new DeleteItemCommand(at('AUDIT#bakery'))),
    () => dynamodb.send(new DeleteItemCommand(at('AUDIT#PLATFORM'))),
    () => dynamodb.send(new UpdateItemCommand(at('AUDIT#bakery'))),
    () => {
      const requests = ['TENANT#a', 'AUDIT#bakery'].map((pk) => ({
        DeleteRequest: { Key: { pk: { S: pk } } },
      }));
      return dynamodb.send(new BatchWriteItemCommand({ RequestItems: { notes: requests } }));
    },
  ];
  for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject(denied);
});

test('an access key that is of nobody is refused', async () => {
  const stranger = aws.as('STRANGER');
  await expect(
    stranger.dynamodb.send(new DescribeTableCommand({ TableName: 'notes' })),
  ).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
  await expect(
    stranger.sqs.send(new ReceiveMessageCommand({ QueueUrl: aws.queueUrl })),
  ).rejects.toMatchObject({
    name: expect.stringMatching(/InvalidClientTokenId|UnrecognizedClientException/),
    $metadata: { httpStatusCode: 403 },
  });
  await expect(
    stranger.secrets.send(new GetSecretValueCommand({ SecretId: 'app/platform' })),
  ).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
});

test.each([
  ['no access key', { 'x-amz-target': 'AmazonSQS.ListQueues' }, 403, 'MissingAuthenticationToken'],
  ['an unknown service', { 'x-amz-target': 'Lambda.Invoke' }, 400, 'UnknownOperation'],
  ['no target', {}, 400, 'UnknownOperation'],
])('a request with %s is refused', async (_, headers, status, type) => {
  const response = await fetch(aws.url, { method: 'POST', headers: { ...headers }, body: '{}' });
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ __type: expect.stringContaining(type) });
});
