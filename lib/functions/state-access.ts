import { ArnFormat, Stack, Token, Validations } from 'aws-cdk-lib';
import type { Conditions, PolicyStatementProps } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';
import type { SecretsConfig } from '../config/stages.ts';
import type { Granted, NodeLambda } from '../constructs/node-lambda.ts';
import type { ServingTable } from '../constructs/serving-table.ts';
import {
  bucketWriterKeyActions,
  secretReaderKeyActions,
  tableWriterKeyActions,
} from './actions.ts';

/**
 * What lies in the tables, by its partition keys (src/adapters/dynamodb/keys.ts); of an index, by the
 * index's own. A function is granted the kinds that it works on, and no key of any other.
 */
export const partitions = {
  chats: 'CHAT#*',
  /** Of the chats those of the canary's number (src/domain/tenant/canary-tenant.ts). */
  canary: 'CHAT#000000000000000#*',
  keptEvents: 'EVENT#*',
  tenants: 'TENANT#*',
  routes: 'PHONE#*',
  apps: 'APP#*',
  /** What tenants and the platform have spent. */
  usage: 'USAGE#*',
  /** Of the index `unfinished`; what is parked lies in `P#…`, which is the operator's. */
  unfinished: 'U#*',
} as const;

/**
 * What `writeInbound` writes (src/adapters/dynamodb/inbound-record.ts), and its condition names. A head has
 * others, without which it is none: whoever may name these only cannot write one.
 */
export const ofAnInboxEntry = [
  'pk',
  'sk',
  'v',
  'direction',
  'wamid',
  'type',
  'sentAt',
  'userId',
  'waId',
  'raw',
  'command',
  'acceptedAt',
  'position',
  'correlationId',
  'unfinishedShard',
  'expiresAt',
];

type Partition = (typeof partitions)[keyof typeof partitions];

/** Every item that a call touches must be of one of these kinds; a call that names no key is refused. */
export function onlyIn(...kinds: readonly [Partition, ...Partition[]]): Conditions {
  return {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': kinds },
    // Without it ForAllValues would hold for a call that has no such value.
    Null: { 'dynamodb:LeadingKeys': 'false' },
  };
}

/** As `onlyIn`, and the call may name or change no other attributes, nor have any returned. */
export function onlyTheAttributes(
  attributes: readonly string[],
  ...kinds: Parameters<typeof onlyIn>
): Conditions {
  const { Null, 'ForAllValues:StringLike': leadingKeys } = onlyIn(...kinds);
  return {
    'ForAllValues:StringLike': leadingKeys,
    'ForAllValues:StringEquals': { 'dynamodb:Attributes': attributes },
    StringEqualsIfExists: { 'dynamodb:ReturnValues': 'NONE' },
    Null,
  };
}

/** The key of encrypted tables: used by DynamoDB in the function's name, and for these tables. */
export function allowTableKey(
  lambda: Granted,
  key: IKey,
  ...tables: readonly ServingTable[]
): void {
  const viaDynamoDb = { 'kms:ViaService': serviceOf(lambda, 'dynamodb') };
  const ofTheTables = {
    'kms:EncryptionContext:aws:dynamodb:tableName': tables.map(({ tableName }) => tableName),
  };
  lambda.allowIf(
    { StringEquals: { ...viaDynamoDb, ...ofTheTables } },
    tableWriterKeyActions,
    key.keyArn,
  );
  // Describes the key and encrypts nothing, so there is no context.
  lambda.allowIf({ StringEquals: viaDynamoDb }, ['kms:DescribeKey'], key.keyArn);
}

/** Objects of a bucket under a prefix, and the key for that bucket and no other; no list of what is there. */
export function allowObjects(
  lambda: Granted,
  key: IKey,
  {
    bucket,
    prefix,
    reason,
  }: { readonly bucket: Bucket; readonly prefix: string; readonly reason: string },
): void {
  lambda.allow(
    ['s3:DeleteObject', 's3:GetObject', 's3:PutObject', 's3:PutObjectTagging'],
    bucket.arnForObjects(`${prefix}*`),
  );
  lambda.allowIf(
    {
      StringEquals: {
        'kms:EncryptionContext:aws:s3:arn': bucket.bucketArn,
        'kms:ViaService': serviceOf(lambda, 's3'),
      },
    },
    bucketWriterKeyActions,
    key.keyArn,
  );
  Validations.of(lambda).acknowledge({
    id: `AwsSolutions-IAM5[Resource::${exportOf(bucket)}/${prefix}*]`,
    reason,
  });
}

/** Secrets by their ARNs, or patterns of ARNs, and their key for these and no others. */
export function allowSecrets(lambda: Granted, key: IKey, ...arns: readonly string[]): void {
  lambda.allow(['secretsmanager:GetSecretValue'], ...arns);
  lambda.allowIf(forSecrets(lambda, arns), secretReaderKeyActions, key.keyArn);
}

/** What `allowSecrets` allows, for a policy of its own. */
function secretReads(construct: IConstruct, key: IKey, ...arns: string[]): PolicyStatementProps[] {
  return [
    { actions: ['secretsmanager:GetSecretValue'], resources: arns },
    {
      actions: secretReaderKeyActions,
      resources: [key.keyArn],
      conditions: forSecrets(construct, arns),
    },
  ];
}

/** Every secret whose name starts like this: a pattern of ARNs for the above, with cdk-nag's consent. */
export function secretsUnder(
  reader: IConstruct,
  prefix: string,
  { reason }: { readonly reason: string },
): string {
  const stack = Stack.of(reader);
  // cdk-nag puts the names of the pseudo parameters where no account or region is configured.
  const region = Token.isUnresolved(stack.region) ? '<AWS::Region>' : stack.region;
  const account = Token.isUnresolved(stack.account) ? '<AWS::AccountId>' : stack.account;
  Validations.of(reader).acknowledge({
    id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:secretsmanager:${region}:${account}:secret:${prefix}*]`,
    reason,
  });
  return stack.formatArn({
    service: 'secretsmanager',
    resource: 'secret',
    resourceName: `${prefix}*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

/** The key of a topic that is encrypted with it, for this topic. */
export function allowTopicKey(publisher: Granted, key: IKey, topicArn: string): void {
  publisher.allowIf(
    {
      StringEquals: {
        'kms:ViaService': serviceOf(publisher, 'sns'),
        'kms:EncryptionContext:aws:sns:topicArn': topicArn,
      },
    },
    ['kms:Decrypt', 'kms:GenerateDataKey'],
    key.keyArn,
  );
}

/**
 * Tenants' secrets, in the vault of the stage; in a policy of its own, since at a deployment one vault may
 * take the other's place.
 */
export function allowTenantSecrets(
  reader: Granted & Pick<NodeLambda<Readonly<Record<string, string>>>, 'allowApart'>,
  { key, tenantSecretPrefix: prefix, tenantSecretsKey }: TenantSecrets,
  vault: SecretsConfig['tenantVault'],
): void {
  switch (vault) {
    case 'secrets-manager': {
      const anyTenant = secretsUnder(reader, prefix, {
        reason: 'One secret per tenant, put by the operator: the stack knows their prefix only.',
      });
      reader.allowApart('ManagedTenantSecrets', ...secretReads(reader, key, anyTenant));
      break;
    }
    case 'tenants-table':
      // Reading the item is allowed with the tenants; only whoever says what it is for may open it.
      reader.allowApart('SealedTenantSecrets', {
        actions: secretReaderKeyActions,
        resources: [tenantSecretsKey.keyArn],
        conditions: { StringEquals: { 'kms:EncryptionContext:purpose': 'tenant-secret' } },
      });
  }
}

interface TenantSecrets {
  readonly key: IKey;
  readonly tenantSecretPrefix: string;
  readonly tenantSecretsKey: IKey;
}

function forSecrets(construct: IConstruct, arns: readonly string[]): Conditions {
  return {
    StringEquals: { 'kms:ViaService': serviceOf(construct, 'secretsmanager') },
    StringLike: { 'kms:EncryptionContext:SecretARN': arns },
  };
}

/** The bucket is of the other stack: cdk-nag knows it by the name under which that one exports its ARN. */
function exportOf(bucket: Bucket): string {
  const stack = Stack.of(bucket);
  const imported: unknown = stack.resolve(stack.exportValue(bucket.bucketArn));
  return Object(imported)['Fn::ImportValue'];
}

function serviceOf(construct: IConstruct, service: string): string {
  return `${service}.${Stack.of(construct).region}.amazonaws.com`;
}
