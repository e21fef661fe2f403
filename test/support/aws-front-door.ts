import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import { AccountIdentities } from '#local/aws/account-identities.ts';
import { startAwsFrontDoor } from '#local/aws/front-door.ts';
import type { FrontDoorWatch } from '#local/aws/front-door-watch.ts';
import type { PolicyStatement } from '#local/aws/iam.ts';
import { LOCAL_OPERATOR } from '#local/aws/local-operator.ts';
import { Callers } from '#local/callers.ts';
import { realClock } from '#local/clock.ts';
import { startDynamoEngine } from '#local/dynamodb/start-dynamo-engine.ts';
import { Faults } from '#local/faults.ts';
import { KmsModel } from '#local/kms/kms-model.ts';
import { ObjectStore } from '#local/s3/object-store.ts';
import { SecretsModel } from '#local/secrets/secrets-model.ts';
import { SnsModel } from '#local/sns/sns-model.ts';
import { SqsModel } from '#local/sqs/sqs-model.ts';

const REGION = 'eu-central-1';
const ACCOUNT = '000000000000';
export const KEY_ARN = `arn:aws:kms:${REGION}:${ACCOUNT}:key/customer`;
/** Keys that functions use themselves. */
export const SEAL_KEY_ARN = `arn:aws:kms:${REGION}:${ACCOUNT}:key/seal`;
export const OTHER_KEY_ARN = `arn:aws:kms:${REGION}:${ACCOUNT}:key/other`;
export const NOTES_ARN = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/notes`;
export const JOBS_ARN = `arn:aws:sqs:${REGION}:${ACCOUNT}:jobs`;
export const NEWS_ARN = `arn:aws:sns:${REGION}:${ACCOUNT}:news`;

/**
 * The local AWS with a table `notes` (index `byKind`), a queue `jobs`, a topic `news`, a bucket `photos`, the secret `app/platform` and
 * two keys, and real SDK clients for it. What is in `encrypted` is encrypted with the key `KEY_ARN`.
 */
export async function startFrontDoor(encrypted: readonly string[] = [], watch?: FrontDoorWatch) {
  const place = { clock: realClock(), region: REGION, accountId: ACCOUNT };
  const faults = new Faults();
  const callers = new Callers(faults);
  const sqs = new SqsModel(place);
  sqs.createQueue('jobs');
  const secrets = new SecretsModel({
    ...place,
    ids: { versionId: randomUUID, suffix: () => 'a1B2c3' },
  });
  secrets.createSecret({ name: 'app/platform', secretString: 'first' });
  const kms = new KmsModel(place);
  for (const arn of [SEAL_KEY_ARN, OTHER_KEY_ARN]) kms.createKey(arn);
  const dynamodb = await startDynamoEngine(place);
  await dynamodb.createTable({
    TableName: 'notes',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'kind', AttributeType: 'S' },
    ],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'byKind',
        KeySchema: [{ AttributeName: 'kind', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  });
  const sns = new SnsModel(Date.now);
  sns.createTopic(NEWS_ARN);
  const s3 = new ObjectStore(place);
  s3.createBucket('photos');
  let statements: readonly PolicyStatement[] = [];
  const roles = { statementsOf: (role: string) => (role === 'ReaderRole' ? statements : []) };
  const server = await startAwsFrontDoor({
    sqs,
    dynamodb,
    secrets,
    kms,
    sns,
    s3,
    faults,
    callers,
    roles,
    identities: new AccountIdentities({ accountId: ACCOUNT, callers, roles, users: [] }),
    keys: { keyOf: (arn) => (encrypted.includes(arn) ? KEY_ARN : undefined) },
    region: REGION,
    accountId: ACCOUNT,
    watch,
  });
  callers.add({
    environmentId: 'ENVIRONMENT1',
    functionName: 'reader',
    roleLogicalId: 'ReaderRole',
    state: () => 'working',
    kill: () => {},
  });
  const closers: (() => unknown)[] = [
    () => dynamodb.close(),
    () => sqs.close(),
    () => server.close(),
  ];

  function clientsOf(accessKeyId: string, maxAttempts: number) {
    const config = {
      endpoint: server.url,
      region: REGION,
      credentials: { accessKeyId, secretAccessKey: 'any' },
      maxAttempts,
    };
    const clients = {
      dynamodb: new DynamoDBClient(config),
      sqs: new SQSClient(config),
      secrets: new SecretsManagerClient(config),
      kms: new KMSClient(config),
      sns: new SNSClient(config),
      s3: new S3Client(config),
      sts: new STSClient(config),
    };
    for (const client of Object.values(clients)) closers.push(() => client.destroy());
    return clients;
  }

  return {
    url: server.url,
    queueUrl: `${server.url}/${ACCOUNT}/jobs`,
    faults,
    sqs,
    sns,
    secrets,
    dynamodb,
    objects: s3,
    /** What the function `reader` may do from now on. */
    grant: (...granted: readonly PolicyStatement[]) => {
      statements = granted;
    },
    /** In the execution environment of `reader`. */
    asFunction: (maxAttempts = 1) => clientsOf('ENVIRONMENT1', maxAttempts),
    asOperator: () => clientsOf(LOCAL_OPERATOR, 1),
    as: (accessKeyId: string) => clientsOf(accessKeyId, 1),
    close: async () => {
      for (const close of closers.splice(0).reverse()) await close();
    },
  };
}

export function allow(Action: string | readonly string[], Resource: string): PolicyStatement {
  return { Effect: 'Allow', Action, Resource };
}
